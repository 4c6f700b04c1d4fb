import type { CustomSeriesOption } from 'echarts/charts'
import { decimal, type PriceUnit, priceUnit } from '#shared/format.ts'
import type { ChartTable } from '../../components/ChartFrame.tsx'
import type { ChartBuilder } from '../../components/use-chart.ts'
import { axisPrice, priceLabel } from '../../price-text.ts'
import { hatchPattern } from '../../theme/chart-theme.ts'
import type { MeritSite } from './view-model.ts'

const LEFT = 40
const RIGHT = 12
const GAP = 28
/** Room for a site's name and note; its blocks keep the common scale within it. */
const LEAST_PANEL = 148

export type Panel = { readonly site: MeritSite; readonly x: number; readonly width: number }

/** One panel a site, MW to one scale over all of them: pixels per MW such that everything fits. */
export const meritPanels = (sites: readonly MeritSite[], width: number): { panels: readonly Panel[]; perMw: number } => {
  const room = Math.max(0, width - GAP * Math.max(0, sites.length - 1))
  const least = Math.min(LEAST_PANEL, sites.length === 0 ? 0 : room / sites.length)
  const needed = (perMw: number) => sites.reduce((sum, s) => sum + Math.max(least, s.mw * perMw), 0)
  const most = Math.max(0, ...sites.map((s) => s.mw))
  let low = 0
  let high = most > 0 ? room / most : 0
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2
    if (needed(middle) > room) high = middle
    else low = middle
  }
  let x = 0
  const panels = sites.map((site) => {
    const w = Math.max(least, site.mw * low)
    const panel = { site, x, width: w }
    x += w + GAP
    return panel
  })
  return { panels, perMw: low }
}

const roundTop = (top: number): { max: number; step: number } => {
  const step = [5, 10, 20, 25, 50, 100, 200].find((s) => top / s <= 5) ?? 500
  return { max: Math.ceil(top / step) * step, step }
}

export const meritTable = (sites: readonly MeritSite[], unit: PriceUnit): ChartTable => ({
  head: ['Site', 'Block', 'MW', `Break-even, ${priceUnit(unit)}`, `Price, ${priceUnit(unit)}`, 'At this price'],
  rows: sites.flatMap((s) =>
    s.blocks.map((b) => [
      { text: s.name, raw: s.name },
      { text: b.label, raw: b.label },
      { text: decimal(b.mw, 2), raw: b.mw, number: true },
      { text: priceLabel(b.breakEven, unit), raw: unit === 'usd_per_mwh' ? b.breakEven : b.breakEven / 10, number: true },
      { text: priceLabel(s.price, unit), raw: s.price === null ? null : unit === 'usd_per_mwh' ? s.price : s.price / 10, number: true },
      {
        text: s.judged ? (b.below ? 'below price' : 'runs') : 'not judged',
        raw: s.judged ? (b.below ? 'below price' : 'runs') : 'not judged',
      },
    ]),
  ),
})

export const meritOption =
  (sites: readonly MeritSite[], unit: PriceUnit): ChartBuilder =>
  (theme, size) => {
    const width = size.width - LEFT - RIGHT
    const { panels, perMw } = meritPanels(sites, width)
    const highest = Math.max(20, ...sites.flatMap((s) => s.blocks.map((b) => b.breakEven)))
    const prices = sites.flatMap((s) => (s.price === null ? [] : [s.price]))
    const { max, step } = roundTop(Math.min(Math.max(highest * 1.08, ...prices), highest * 1.8))
    const least = Math.min(0, ...prices)
    const min = least < 0 ? -Math.ceil(Math.min(-least, step) / (step / 2)) * (step / 2) : 0
    const hatch = { image: hatchPattern(theme.hatch), repeat: 'repeat' as const }
    const text = (content: string, x: number, y: number, more: Record<string, unknown> = {}) => ({
      type: 'text' as const,
      silent: true,
      style: { text: content, x, y, font: `400 11px ${theme.font}`, fill: theme.ink3, ...more },
    })
    const blocks = panels.flatMap(({ site, x }) => {
      let at = x
      return site.blocks.map((b) => {
        const from = at
        at += b.mw * perMw
        return { block: b, site, from, to: at }
      })
    })
    const draw: CustomSeriesOption[] = [
      {
        type: 'custom',
        silent: true,
        data: blocks.map((b) => [b.from, b.block.breakEven]),
        renderItem: (params, api) => {
          const b = blocks[params.dataIndex]
          if (!b) return null
          const [x0 = 0, top = 0] = api.coord([b.from, b.block.breakEven])
          const [x1 = 0, base = 0] = api.coord([b.to, 0])
          const shape = { x: x0, y: Math.min(top, base), width: x1 - x0 - 0.5, height: Math.abs(base - top) }
          return {
            type: 'group',
            children: [
              { type: 'rect', shape, style: { fill: b.block.below ? theme.negative : theme.shade } },
              ...(b.site.judged ? [] : [{ type: 'rect' as const, shape, style: { fill: hatch } }]),
              { type: 'rect', shape: { x: x0, y: top - 1, width: x1 - x0 - 0.5, height: 2 }, style: { fill: theme.breakEven } },
              ...(x1 - x0 > b.block.label.length * 6.2
                ? [
                    text(b.block.label, (x0 + x1) / 2, top - 6, {
                      fill: theme.ink2,
                      textAlign: 'center',
                      textVerticalAlign: 'bottom',
                      stroke: theme.page,
                      lineWidth: 3,
                    }),
                  ]
                : []),
            ],
          }
        },
      },
      {
        type: 'custom',
        silent: true,
        data: panels.map((p) => [p.x, p.site.price ?? 0]),
        renderItem: (params, api) => {
          const p = panels[params.dataIndex]
          if (!p) return null
          const [x0 = 0, head = 0] = api.coord([p.x, max])
          const [x1 = 0, base = 0] = api.coord([p.x + Math.max(p.site.mw * perMw, 8), Math.max(0, min)])
          const level = p.site.price === null ? null : Math.min(max, Math.max(min, p.site.price))
          const y = level === null ? 0 : (api.coord([p.x, level])[1] ?? 0)
          const right = x0 + p.site.mw * perMw
          const loadText = `${decimal(p.site.mw, p.site.mw < 10 ? 2 : 1)} MW`
          return {
            type: 'group',
            children: [
              {
                type: 'line',
                shape: { x1: x0 - 0.5, y1: head, x2: x0 - 0.5, y2: base },
                style: { stroke: theme.lineStrong, lineWidth: 1 },
              },
              text(p.site.name, x0, head - 34, { fill: theme.ink, font: `600 11px ${theme.font}`, textVerticalAlign: 'top' }),
              text(p.site.note, x0, head - 19, {
                fill: p.site.alarm ? theme.loss : theme.ink3,
                font: `${p.site.alarm ? 500 : 400} 11px ${theme.font}`,
                textVerticalAlign: 'top',
              }),
              text('0', x0, base + 6, { textVerticalAlign: 'top' }),
              text(loadText, Math.max(right, x0 + 14 + loadText.length * 6), base + 6, { textVerticalAlign: 'top', textAlign: 'right' }),
              ...(level === null
                ? []
                : [
                    {
                      type: 'line' as const,
                      shape: { x1: x0, y1: y, x2: x1, y2: y },
                      style: {
                        stroke: p.site.judged ? theme.price : theme.ink3,
                        lineWidth: theme.strokeStrong,
                        ...(p.site.judged ? {} : { lineDash: [4, 3] }),
                      },
                    },
                    {
                      type: 'rect' as const,
                      shape: { x: x0 - 3, y: y - 3, width: 6, height: 6 },
                      style: { fill: p.site.judged ? theme.price : theme.ink3 },
                    },
                  ]),
            ],
          }
        },
      },
    ]
    return {
      grid: { left: LEFT, right: RIGHT, top: 40, bottom: 22 },
      xAxis: { type: 'value', min: 0, max: width, show: false },
      yAxis: {
        type: 'value',
        min,
        max,
        interval: step,
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { color: theme.ink3, fontSize: 11, margin: 10, formatter: (v: number) => axisPrice(v, unit) },
        splitLine: { lineStyle: { color: theme.line } },
      },
      series: draw,
    }
  }
