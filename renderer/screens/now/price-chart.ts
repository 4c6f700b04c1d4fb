import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts'
import type { OutputOf } from '#shared/contract.ts'
import { clockTime, clockTimeZone, type PriceUnit, priceUnit, zoneName } from '#shared/format.ts'
import { HOUR_MS } from '#shared/time.ts'
import type { ChartTable } from '../../components/ChartFrame.tsx'
import type { RulerTick } from '../../components/ruler-layout.ts'
import { type ChartBuilder, type EChartsOption, tooltipLines, tooltipOption } from '../../components/use-chart.ts'
import { axisPrice, priceLabel } from '../../price-text.ts'

export type Series = OutputOf<'prices.series'>
type Step = Series['settled'][number]

export type PriceChart = {
  readonly series: Series
  readonly blocks: readonly RulerTick[]
  readonly fromMs: number
  readonly toMs: number
  readonly nowMs: number
  readonly unit: PriceUnit
}

const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
const word = (n: number) => words[n] ?? String(n)
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
const ofBlocks = (passed: number, all: number) =>
  all === 1 ? 'the only block' : passed === all ? `all ${word(all)} blocks` : `${word(passed)} of ${word(all)} blocks`

/** What lies ahead of now: the running interval's price until it ends, then the day-ahead price. */
const aheadOf = ({ series, nowMs, toMs }: PriceChart): Step[] => {
  const lastEnd = series.settled.at(-1)?.endMs ?? 0
  return series.forward.filter((f) => f.endMs > Math.max(nowMs, lastEnd) && f.startMs < toMs)
}
const passedAt = (chart: PriceChart, price: number) => chart.blocks.filter((b) => b.breakEven <= price).length

/** The finding, in words: when the price passes which blocks. It is the title of the chart. */
export const priceFinding = (chart: PriceChart): string => {
  const { series, blocks, nowMs } = chart
  const zone = series.timeZone
  const all = blocks.length
  if (all === 0) return 'No block is running, so no break-even is drawn'
  if (series.flatPerMwh !== null) {
    const passed = passedAt(chart, series.flatPerMwh)
    return passed === 0
      ? `${priceLabel(series.flatPerMwh, chart.unit)} at any hour, below every block`
      : `${priceLabel(series.flatPerMwh, chart.unit)} at any hour, above ${ofBlocks(passed, all)}`
  }
  const last = series.settled.at(-1)
  if (!last) return 'No price has arrived yet'
  const ahead = aheadOf(chart)
  const nowPassed = passedAt(chart, last.price)
  if (nowPassed > 0) {
    const back = ahead.find((f) => passedAt(chart, f.price) < nowPassed)
    const until = back ? ` until ${clockTime(Math.max(back.startMs, nowMs), zone)}` : ''
    return `Price is above ${ofBlocks(nowPassed, all)} now${until}`
  }
  const first = ahead.find((f) => passedAt(chart, f.price) > 0)
  if (first) {
    const passed = passedAt(chart, first.price)
    const peak = ahead.reduce((top, f) => (f.price > top.price ? f : top), first)
    const more = passedAt(chart, peak.price)
    const then = more > passed ? `, ${ofBlocks(more, all).replace(' blocks', '')} at ${clockTime(peak.startMs, zone)}` : ''
    return `Price passes ${ofBlocks(passed, all)} at ${clockTime(first.startMs, zone)}${then}`
  }
  const end = ahead.at(-1)
  return end
    ? `Price stays below every block until ${clockTime(Math.min(end.endMs, chart.toMs), zone)}`
    : 'Price is below every block; no forward price is known'
}

export const priceSubtitle = ({ series, unit, nowMs }: PriceChart): string => {
  const head = `${series.label}, ${priceUnit(unit)}`
  if (series.flatPerMwh !== null) return `${head}. ${capital(series.source)}.`
  const last = series.settled.at(-1)
  const settled = last ? `Settled to ${clockTime(last.endMs, series.timeZone)}` : 'Nothing settled yet'
  return `${head} by interval start, ${zoneName(nowMs, series.timeZone)}. ${settled}${series.forward.length > 0 ? '; then day-ahead, dashed' : ''}.`
}

export const priceTable = ({ series, unit, fromMs, toMs }: PriceChart): ChartTable => {
  const row = (s: Step, kind: string) => [
    {
      text: `${clockTime(s.startMs, series.timeZone)} to ${clockTimeZone(s.endMs, series.timeZone)}`,
      raw: new Date(s.startMs).toISOString(),
    },
    { text: priceLabel(s.price, unit), raw: s.price, number: true },
    { text: kind, raw: kind },
  ]
  const inside = (s: Step) => s.endMs > fromMs && s.startMs < toMs
  const lastEnd = series.settled.at(-1)?.endMs ?? 0
  return {
    head: ['Interval', `Price, ${unit === 'usd_per_mwh' ? '$/MWh' : '¢/kWh (CSV: $/MWh)'}`, 'Kind'],
    rows: [
      ...(series.flatPerMwh === null
        ? []
        : [
            [
              { text: 'Any hour', raw: 'any hour' },
              { text: priceLabel(series.flatPerMwh, unit), raw: series.flatPerMwh, number: true },
              { text: series.source, raw: series.source },
            ],
          ]),
      ...series.settled.filter(inside).map((s) => row(s, s.quality)),
      ...series.forward.filter((f) => inside(f) && f.endMs > lastEnd).map((f) => row(f, 'day-ahead')),
    ],
  }
}

/** Points of a step line: each interval's start and end, and a hole where intervals do not touch. */
const points = (steps: readonly Step[], top: number): (readonly [number, number | null])[] =>
  steps.flatMap((s, i) => {
    const next = steps[i + 1]
    const price = Math.min(s.price, top)
    return next && next.startMs === s.endMs
      ? [[s.startMs, price] as const]
      : [[s.startMs, price] as const, [s.endMs, price] as const, [s.endMs, null] as const]
  })

/** Whole local hours that are multiples of `every`; a day of 23 or 25 hours gets the marks it has. */
export const hourMarks = (fromMs: number, toMs: number, timeZone: string, every: number): number[] => {
  const marks: number[] = []
  for (let t = Math.ceil(fromMs / (HOUR_MS / 2)) * (HOUR_MS / 2); t <= toMs; t += HOUR_MS / 2) {
    const [h = '', m = ''] = clockTime(t, timeZone).split(':')
    if (m === '00' && Number(h) % every === 0) marks.push(t)
  }
  return marks
}

/** Whole steps inside the scale. */
export const scaleMarks = (s: { min: number; max: number; step: number }): number[] => {
  const first = Math.ceil(s.min / s.step)
  return Array.from({ length: Math.floor(s.max / s.step) - first + 1 }, (_, i) => (first + i) * s.step)
}

/** How far each label, given from top to bottom, must move down so that none covers the one before. */
export const labelShifts = (tops: readonly number[], height: number): number[] => {
  let free = Number.NEGATIVE_INFINITY
  return tops.map((y) => {
    const at = Math.max(y, free)
    free = at + height
    return at - y
  })
}

const roundStep = (span: number): number => [5, 10, 20, 25, 50, 100, 200, 250, 500, 1000].find((s) => span / s <= 5) ?? 2000

export const priceScale = (chart: PriceChart): { min: number; max: number; step: number; cut: boolean } => {
  const { series, blocks, fromMs, toMs } = chart
  const inside = (s: Step) => s.endMs > fromMs && s.startMs < toMs
  const prices =
    series.flatPerMwh === null ? [...series.settled, ...series.forward].filter(inside).map((s) => s.price) : [series.flatPerMwh]
  const decisive = Math.max(20, ...blocks.map((b) => b.breakEven))
  const highest = Math.max(decisive * 1.15, ...prices)
  // Scarcity prices are a hundred times the break-even; the line then ends at the edge and the peak is written there.
  const top = Math.min(highest, decisive * 5)
  const low = Math.max(Math.min(0, ...prices), -decisive)
  const step = roundStep(top - low)
  // A price a little below zero needs a little room, not a whole step of it.
  const min = low === 0 ? 0 : Math.max(Math.floor(low / step) * step, Math.floor((low * 1.3) / (step / 5)) * (step / 5))
  return { min, max: Math.ceil(top / step) * step, step, cut: highest > Math.ceil(top / step) * step }
}

const GRID = { left: 36, top: 20, bottom: 22 } as const

export const priceOption =
  (chart: PriceChart): ChartBuilder =>
  (theme, size) => {
    const { series, blocks, fromMs, toMs, nowMs, unit } = chart
    const zone = series.timeZone
    const scale = priceScale(chart)
    const lastEnd = series.settled.at(-1)?.endMs ?? fromMs
    const inside = (s: Step) => s.endMs > fromMs && s.startMs < toMs
    const clip = (s: Step): Step => ({ ...s, startMs: Math.max(s.startMs, fromMs), endMs: Math.min(s.endMs, toMs) })
    const flat = series.flatPerMwh
    const settled =
      flat === null ? series.settled.filter(inside).map(clip) : [{ startMs: fromMs, endMs: nowMs, price: flat, quality: 'contract' }]
    const forward =
      flat === null
        ? series.forward.filter((f) => inside(f) && f.endMs > lastEnd).map((f) => clip({ ...f, startMs: Math.max(f.startMs, lastEnd) }))
        : [{ startMs: nowMs, endMs: toMs, price: flat, quality: 'contract' }]
    // The dashed line starts where the solid one ends, so that a step between them is drawn.
    const joint = settled.at(-1)
    const ahead =
      joint && forward[0] && forward[0].startMs === joint.endMs
        ? [{ ...joint, startMs: joint.endMs, endMs: joint.endMs }, ...forward]
        : forward
    const levels = [...blocks].sort((a, b) => b.breakEven - a.breakEven)
    const narrow = size.width < 420
    const perUnit = (size.height - GRID.top - GRID.bottom) / (scale.max - scale.min)
    const shifts = labelShifts(
      levels.map((b) => (scale.max - b.breakEven) * perUnit),
      13,
    )
    const peak = forward.reduce<Step | null>((top, f) => (top === null || f.price > top.price ? f : top), null)
    const shownPeak = peak !== null && flat === null && peak.price > (levels[0]?.breakEven ?? 0) * 1.05 ? peak : null
    const line = { type: 'line', step: 'end', showSymbol: false, symbol: 'none', silent: true } as const
    const all = [...settled, ...forward]
    const lines: LineSeriesOption[] = [
      ...levels.map(
        (b, i): LineSeriesOption => ({
          ...line,
          name: b.label,
          data: [
            [fromMs, b.breakEven],
            [toMs, b.breakEven],
          ],
          lineStyle: { color: theme.breakEven, width: theme.stroke },
          itemStyle: { color: theme.breakEven },
          endLabel: {
            show: !narrow,
            color: theme.breakEven,
            fontSize: 11,
            distance: 8,
            offset: [0, shifts[i] ?? 0],
            formatter: () => `${b.label} ${priceLabel(b.breakEven, unit)}`,
          },
          z: 2,
          ...(i === 0 && levels.length > 1
            ? {
                markArea: {
                  silent: true,
                  itemStyle: { color: theme.band },
                  data: [[{ yAxis: levels.at(-1)?.breakEven ?? 0 }, { yAxis: b.breakEven }]] as [{ yAxis: number }, { yAxis: number }][],
                },
              }
            : {}),
        }),
      ),
      {
        ...line,
        silent: false,
        name: 'Settled',
        data: points(settled, scale.max).map((p) => [...p]),
        lineStyle: { color: theme.price, width: theme.strokeStrong },
        itemStyle: { color: theme.price },
        z: 4,
        markLine: {
          silent: true,
          symbol: 'none',
          data: [{ xAxis: nowMs }],
          lineStyle: { color: theme.ink, width: 1, type: 'solid' },
          label: {
            position: 'end',
            formatter: `now ${clockTime(nowMs, zone)}`,
            color: theme.ink,
            fontSize: 11,
            fontWeight: 500,
            distance: 4,
          },
        },
      },
      {
        ...line,
        silent: false,
        name: 'Forward',
        data: points(ahead, scale.max).map((p) => [...p]),
        lineStyle: { color: theme.price, width: theme.strokeStrong, type: [4, 3] },
        itemStyle: { color: theme.price },
        z: 3,
        ...(shownPeak
          ? {
              markPoint: {
                silent: true,
                symbol: 'circle',
                symbolSize: 0.1,
                data: [{ name: 'peak', coord: [shownPeak.endMs, Math.min(shownPeak.price, scale.max)] }],
                label: {
                  show: true,
                  position: shownPeak.endMs > toMs - (toMs - fromMs) * 0.2 ? 'left' : 'right',
                  distance: 6,
                  color: theme.price,
                  fontSize: 11,
                  fontWeight: 500,
                  formatter: `${priceLabel(shownPeak.price, unit)} at ${clockTime(shownPeak.startMs, zone)}${shownPeak.price > scale.max ? ', beyond this scale' : ''}`,
                },
              },
            }
          : {}),
      },
    ]
    // ECharts counts marks from the lower edge; whole figures want zero among them.
    const marks = scaleMarks(scale)
    const gridLines: CustomSeriesOption = {
      type: 'custom',
      silent: true,
      z: 0,
      data: marks.map((v) => [fromMs, v]),
      renderItem: (params, api) => {
        const v = marks[params.dataIndex]
        if (v === undefined) return null
        const [x = 0, y = 0] = api.coord([fromMs, v])
        const level = Math.round(y) + 0.5
        return {
          type: 'group',
          children: [
            {
              type: 'line',
              shape: { x1: x, y1: level, x2: api.coord([toMs, v])[0] ?? x, y2: level },
              style: { stroke: v === 0 ? theme.lineStrong : theme.line, lineWidth: 1 },
            },
            {
              type: 'text',
              style: {
                text: axisPrice(v, unit),
                x: x - 8,
                y,
                font: `400 11px ${theme.font}`,
                fill: theme.ink3,
                textAlign: 'right',
                textVerticalAlign: 'middle',
              },
            },
          ],
        }
      },
    }
    const option: EChartsOption = {
      grid: { ...GRID, right: narrow ? 12 : 108 },
      xAxis: {
        type: 'value',
        min: fromMs,
        max: toMs,
        axisLine: { show: false, onZero: false },
        axisTick: { show: true, length: 4, lineStyle: { color: theme.lineStrong }, customValues: hourMarks(fromMs, toMs, zone, 4) },
        axisLabel: {
          color: theme.ink3,
          fontSize: 11,
          margin: 8,
          customValues: hourMarks(fromMs, toMs, zone, 4),
          formatter: (v: number) => clockTime(v, zone),
        },
        splitLine: { show: false },
        axisPointer: { snap: false },
      },
      yAxis: {
        type: 'value',
        min: scale.min,
        max: scale.max,
        show: false,
      },
      tooltip: {
        ...tooltipOption(theme),
        formatter: (raw: unknown) => {
          const at = tooltipTime(raw)
          const step = at === null ? undefined : all.find((s) => at >= s.startMs && at < s.endMs)
          if (!step) return ''
          const kind = step.startMs >= lastEnd && flat === null ? 'day-ahead' : step.quality
          return tooltipLines([
            `${clockTime(step.startMs, zone)} to ${clockTimeZone(step.endMs, zone)}`,
            `${priceLabel(step.price, unit)}, ${kind}`,
          ])
        },
      },
      series: [gridLines, ...lines],
    }
    return option
  }

/** The instant under the cursor, out of the list ECharts hands to an axis tooltip. */
const tooltipTime = (raw: unknown): number | null => {
  const first: unknown = Array.isArray(raw) ? raw[0] : raw
  if (typeof first !== 'object' || first === null || !('axisValue' in first)) return null
  const value = Number(first.axisValue)
  return Number.isFinite(value) ? value : null
}
