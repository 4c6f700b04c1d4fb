import { BarChart, CustomChart, LineChart } from 'echarts/charts'
import { GraphicComponent, GridComponent, MarkLineComponent, MarkPointComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { decimal } from '#shared/format.ts'
import type { MemoChart } from '#shared/memo/blocks.ts'

/**
 * The memo's charts as SVG text, drawn without a window. Canvas charts can come out blank in a PDF and are pictures; these are lines and
 * words. Every mark is told apart by fill, dash or label, so that a greyscale print reads; hue only repeats what is said.
 */
echarts.use([BarChart, CustomChart, LineChart, GraphicComponent, GridComponent, MarkLineComponent, MarkPointComponent, SVGRenderer])

type Option = echarts.EChartsCoreOption

/** Width of the text column on paper in CSS pixels: 6.7 in on Letter; on A4 the drawing shrinks by three per cent. */
const WIDTH = 640
/** Without quotes: the drawing library writes it into an attribute as it is. */
const FONT = 'IBM Plex Sans, Segoe UI, Helvetica Neue, Noto Sans, sans-serif'
/** The light theme of the design tokens: print is always light. */
const INK = '#12161C'
const INK_2 = '#414A56'
const INK_3 = '#5A636F'
const LINE = '#DFE3E8'
const PRICE = '#0072B2'
const BREAK_EVEN = '#C04F00'
const PLAN = '#A8538A'

const words = (more: Record<string, unknown> = {}) => ({ fontFamily: FONT, fontSize: 12, color: INK_2, ...more })
const base = { animation: false, textStyle: words(), backgroundColor: 'transparent' }

/** Rough width of a label: 12 px Plex runs at about 6.4 px a character. Node has no font to measure with. */
const labelWidth = (labels: readonly string[]) => Math.min(230, Math.max(60, ...labels.map((l) => l.length * 6.5)))

type BreakEvenChart = Extract<MemoChart, { type: 'break-even' }>
type TornadoChart = Extract<MemoChart, { type: 'tornado' }>
type DistributionChart = Extract<MemoChart, { type: 'distribution' }>
type CumulativeChart = Extract<MemoChart, { type: 'cumulative' }>

const valueAxis = (more: Record<string, unknown> = {}) => ({
  type: 'value',
  splitNumber: 6,
  axisLine: { show: false },
  axisTick: { show: false },
  splitLine: { lineStyle: { color: LINE } },
  axisLabel: words({ color: INK_3 }),
  ...more,
})

const nameAxis = (labels: readonly string[], width: number) => ({
  type: 'category',
  data: labels,
  inverse: true,
  axisLine: { show: false },
  axisTick: { show: false },
  axisLabel: words({ align: 'left', margin: width, interval: 0, width, overflow: 'truncate' }),
})

const BAR_ROW = 23
/** Where a chart of many bars shares its page: the words keep their size. */
const CLOSE_BAR_ROW = 18

/** Round steps that hold the whole range, so that no label stands at an odd number. */
const roundScale = (lowest: number, highest: number, steps: number) => {
  const raw = (highest - lowest) / steps || 1
  const power = 10 ** Math.floor(Math.log10(raw))
  const interval = ([1, 2, 5].find((m) => m * power >= raw) ?? 10) * power
  return { min: Math.floor(lowest / interval) * interval, max: Math.ceil(highest / interval) * interval, interval }
}

const breakEven = (c: BreakEvenChart): { option: Option; height: number } => {
  const width = labelWidth(c.bars.map((b) => b.label)) + 12
  return {
    height: c.bars.length * (c.bars.length > 4 ? CLOSE_BAR_ROW : BAR_ROW) + 52,
    option: {
      ...base,
      grid: { left: width, right: 64, top: c.price === null ? 4 : 22, bottom: 26, containLabel: false },
      xAxis: valueAxis({
        ...roundScale(
          Math.min(0, c.price ?? 0, ...c.bars.map((b) => b.value)),
          Math.max(0, c.price ?? 0, ...c.bars.map((b) => b.value)),
          6,
        ),
        axisLabel: words({ color: INK_3, formatter: (v: number) => decimal(v, 0) }),
      }),
      yAxis: nameAxis(
        c.bars.map((b) => b.label),
        width,
      ),
      series: [
        {
          type: 'bar',
          barWidth: 12,
          data: c.bars.map((b) => ({
            value: b.value,
            itemStyle: b.below ? { color: '#FFFFFF', borderColor: BREAK_EVEN, borderWidth: 1.5 } : { color: BREAK_EVEN },
            label: {
              show: true,
              position: b.value < 0 ? 'left' : 'right',
              formatter: () => b.text,
              ...words({ color: INK, fontWeight: b.below ? 600 : 400 }),
            },
          })),
          ...(c.price === null
            ? {}
            : {
                markLine: {
                  silent: true,
                  symbol: 'none',
                  lineStyle: { color: PRICE, width: 2, type: [5, 4] },
                  // The axis of names runs downwards, so the line starts at the top.
                  label: { formatter: () => c.priceText, position: 'start', ...words({ color: PRICE, fontWeight: 600 }) },
                  data: [{ xAxis: c.price }],
                },
              }),
        },
      ],
    },
  }
}

const million = (v: number) => decimal(v / 1e6, Math.abs(v) < 1e6 && v !== 0 ? 1 : 0)

/** Bars from the entered case to the result at each end of an input's range: low end outlined, high end filled. */
const tornado = (c: TornadoChart): { option: Option; height: number } => {
  const width = labelWidth(c.bars.map((b) => b.label)) + 12
  const bar = (from: number, to: number, low: boolean, text: string) => (params: unknown, api: CustomApi) => {
    void params
    const row = api.value(0)
    const [x1, y] = api.coord([from, row])
    const [x2] = api.coord([to, row])
    const left = Math.min(x1 ?? 0, x2 ?? 0)
    const onLeft = to < from
    return {
      type: 'group',
      children: [
        {
          type: 'rect',
          shape: { x: left, y: (y ?? 0) - 6.5, width: Math.abs((x2 ?? 0) - (x1 ?? 0)), height: 13 },
          style: low ? { fill: '#FFFFFF', stroke: PLAN, lineWidth: 1.5 } : { fill: PLAN, stroke: PLAN, lineWidth: 1.5 },
        },
        {
          type: 'text',
          style: {
            text,
            x: (x2 ?? 0) + (onLeft ? -5 : 5),
            y: y ?? 0,
            align: onLeft ? 'right' : 'left',
            verticalAlign: 'middle',
            font: `12px ${FONT}`,
            fill: INK,
          },
        },
      ],
    }
  }
  const ends = c.bars.flatMap((b) => [b.atLow, b.atHigh])
  const [lowest, highest] = [Math.min(c.base, 0, ...ends), Math.max(c.base, 0, ...ends)]
  // Room for the texts at the ends of the longest bars.
  const room = (highest - lowest || 1) * 0.18
  return {
    height: c.bars.length * BAR_ROW + 52,
    option: {
      ...base,
      grid: { left: width, right: 8, top: 22, bottom: 26, containLabel: false },
      xAxis: valueAxis({
        min: lowest - room,
        max: highest + room,
        axisLabel: words({ color: INK_3, formatter: million, showMinLabel: false, showMaxLabel: false }),
      }),
      yAxis: nameAxis(
        c.bars.map((b) => b.label),
        width,
      ),
      series: [
        ...c.bars.flatMap((b, row) => [
          { type: 'custom', silent: true, data: [[row]], encode: { y: 0 }, renderItem: bar(c.base, b.atLow, true, b.lowText) },
          { type: 'custom', silent: true, data: [[row]], encode: { y: 0 }, renderItem: bar(c.base, b.atHigh, false, b.highText) },
        ]),
        {
          type: 'line',
          data: [],
          markLine: {
            silent: true,
            symbol: 'none',
            label: words({ color: INK, position: 'start', fontWeight: 600 }),
            lineStyle: { color: INK, width: 1.5, type: 'solid' },
            data: [
              { xAxis: c.base, label: { formatter: () => c.baseText } },
              { xAxis: 0, lineStyle: { color: INK_3, type: [2, 3], width: 1 }, label: { show: false } },
            ],
          },
        },
      ],
    },
  }
}
type CustomApi = { value(dimension: number): number; coord(point: readonly [number, number]): number[] }

const cumulative = (c: CumulativeChart): { option: Option; height: number } => {
  const low = c.monthly[c.lowestMonth]
  const years = (c.monthly.length - 1) / 12
  const lowest = Math.min(0, ...c.monthly)
  const highest = Math.max(0, ...c.monthly)
  // Room below the lowest point for its label.
  const scale = roundScale(lowest - (highest - lowest) * 0.16, highest, 5)
  const late = c.lowestMonth / 12 > years * 0.7
  return {
    height: 158,
    option: {
      ...base,
      grid: { left: 44, right: 24, top: 8, bottom: 26, containLabel: false },
      xAxis: {
        type: 'value',
        min: 0,
        max: years,
        interval: years > 12 ? 3 : years > 6 ? 2 : 1,
        axisLine: { show: false },
        axisTick: { show: false },
        splitLine: { show: false },
        axisLabel: words({ color: INK_3, formatter: (v: number) => (v === 0 ? 'today' : `year ${decimal(v, 0)}`) }),
      },
      yAxis: valueAxis({ ...scale, axisLabel: words({ color: INK_3, formatter: million }) }),
      series: [
        {
          type: 'line',
          symbol: 'none',
          lineStyle: { color: PLAN, width: 2 },
          data: c.monthly.map((usd, month) => [month / 12, usd]),
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            lineStyle: { color: INK, width: 1, type: 'solid' },
            data: [{ yAxis: 0 }],
          },
          ...(low === undefined
            ? {}
            : {
                markPoint: {
                  silent: true,
                  symbol: 'circle',
                  symbolSize: 7,
                  itemStyle: { color: INK },
                  label: words({
                    color: INK,
                    align: late ? 'right' : 'left',
                    verticalAlign: 'top',
                    position: 'bottom',
                    distance: 5,
                    formatter: () => c.lowestText,
                  }),
                  data: [{ coord: [c.lowestMonth / 12, low] }],
                },
              }),
        },
      ],
    },
  }
}

/** Draws by their NPV: filled below zero, outlined above it, so that the loss reads without colour. */
const distribution = (c: DistributionChart): { option: Option; height: number } => {
  const least = Math.min(0, c.bins[0]?.fromUsd ?? 0)
  const largest = Math.max(0, c.bins.at(-1)?.toUsd ?? 0)
  const scale = roundScale(least, largest === least ? least + 1 : largest, 6)
  const most = c.bins.reduce((n, b) => Math.max(n, b.count), 1)
  const share = (0 - scale.min) / (scale.max - scale.min)
  const plot = { left: 16, right: 16 }
  const zeroX = plot.left + share * (WIDTH - plot.left - plot.right)
  const bar = (params: { dataIndex: number }, api: CustomApi) => {
    const b = c.bins[params.dataIndex]
    if (!b) return null
    const part = (from: number, to: number, loss: boolean) => {
      const [x0 = 0, y0 = 0] = api.coord([from, 0])
      const [x1 = 0, y1 = 0] = api.coord([to, b.count])
      return {
        type: 'rect',
        shape: { x: x0 + 0.75, y: y1, width: Math.max(0.5, x1 - x0 - 1.5), height: y0 - y1 },
        style: loss ? { fill: PLAN, stroke: PLAN, lineWidth: 1 } : { fill: '#FFFFFF', stroke: PLAN, lineWidth: 1 },
      }
    }
    // The bin that holds zero is of both kinds.
    return {
      type: 'group',
      children: [
        ...(b.fromUsd < 0 ? [part(b.fromUsd, Math.min(0, b.toUsd), true)] : []),
        ...(b.toUsd > 0 ? [part(Math.max(0, b.fromUsd), b.toUsd, false)] : []),
      ],
    }
  }
  // Two lines of words over the bars: the shares at zero, then the marks, which may lie close together.
  const side = (text: string, right: boolean) => {
    const wide = text.length * 6.4
    const room = right ? WIDTH - plot.right - zeroX : zeroX - plot.left
    const x = room >= wide + 8 ? zeroX + (right ? 6 : -6) : right ? WIDTH - plot.right : plot.left
    const align = room >= wide + 8 ? (right ? 'left' : 'right') : right ? 'right' : 'left'
    return { type: 'text', silent: true, x, y: 0, style: { text, align, font: `600 12px ${FONT}`, fill: INK } }
  }
  return {
    height: 190,
    option: {
      ...base,
      grid: { ...plot, top: 56, bottom: 26, containLabel: false },
      graphic: [side(c.lossText, false), side(c.gainText, true)],
      xAxis: {
        type: 'value',
        ...scale,
        axisLine: { show: true, onZero: false, lineStyle: { color: INK_3 } },
        axisTick: { show: false },
        splitLine: { show: false },
        axisLabel: words({ color: INK_3, formatter: million }),
      },
      yAxis: { type: 'value', min: 0, max: most, show: false },
      series: [
        { type: 'custom', data: c.bins.map((b) => [(b.fromUsd + b.toUsd) / 2, b.count]), renderItem: bar },
        {
          type: 'line',
          data: [],
          markLine: {
            silent: true,
            symbol: 'none',
            lineStyle: { color: INK_2, width: 1, type: [2, 2] },
            label: words({ color: INK, position: 'end', formatter: (m: { name: string }) => m.name }),
            data: c.marks
              .filter((m) => m.usd >= scale.min && m.usd <= scale.max)
              .map((m) => ({ name: `${m.name}\n${m.text}`, xAxis: m.usd })),
          },
        },
        {
          type: 'line',
          data: [],
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            lineStyle: { color: INK, width: 1.5, type: 'solid' },
            data: [{ xAxis: 0 }],
          },
        },
      ],
    },
  }
}

const drawing = (c: MemoChart) => {
  switch (c.type) {
    case 'break-even':
      return breakEven(c)
    case 'tornado':
      return tornado(c)
    case 'distribution':
      return distribution(c)
    case 'cumulative':
      return cumulative(c)
  }
}

/**
 * What a drawing on paper does not need, and what would make equal memos differ: classes and rules for the pointer, the library's own
 * marks, and clip paths named by a counter of the process. `id` is unique on the page.
 */
const plainSvg = (svg: string, id: string) =>
  svg
    .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
    .replace(/ (?:class|pointer-events|ecmeta_[a-z_]+)="[^"]*"/g, '')
    .replace(/zr\d+-c\d+/g, (name, _at: number, whole: string) => `${id}-${clipNames(whole).indexOf(name)}`)
const clipNames = (svg: string): string[] => [...new Set(svg.match(/zr\d+-c\d+/g))]

export const chartSvg = (chart: MemoChart, id: string): string => {
  const { option, height } = drawing(chart)
  const instance = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height })
  try {
    instance.setOption(option)
    return plainSvg(instance.renderToSVGString(), id)
  } finally {
    instance.dispose() // or the process stays alive
  }
}
