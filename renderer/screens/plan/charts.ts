import type { CustomSeriesOption } from 'echarts/charts'
import { decimal, money } from '#shared/format.ts'
import type { ChartTable } from '../../components/ChartFrame.tsx'
import { type ChartBuilder, tooltipLines, tooltipOption } from '../../components/use-chart.ts'
import { shortValue } from './assumptions.ts'
import type { Figures } from './view-model.ts'

export const roundStep = (span: number, steps: number): number => {
  const raw = span / steps
  const power = 10 ** Math.floor(Math.log10(raw || 1))
  return ([1, 2, 2.5, 5, 10].find((s) => s * power >= raw) ?? 10) * power
}
/** "−$20M" on an axis. */
export const axisMoney = (v: number): string =>
  money(v)
    .replace(/\.0+(?=[KMB]$)/, '')
    .replace(/(\.\d*?)0+(?=[KMB]$)/, '$1')

export const cashTable = (f: Figures): ChartTable => ({
  head: ['Year', 'Project, $', 'Mining given up, $', 'Cumulative difference, $'],
  rows: f.cashByYear.map((y, i) => {
    // Years count from 1; the last one holds what is left of the horizon.
    const end = f.cumulativeUsd[i === f.cashByYear.length - 1 ? f.cumulativeUsd.length - 1 : y.year * 12 - 1] ?? null
    return [
      { text: String(y.year), raw: y.year },
      { text: money(y.projectUsd), raw: y.projectUsd, number: true },
      { text: money(y.miningUsd), raw: y.miningUsd, number: true },
      { text: money(end), raw: end, number: true },
    ]
  }),
})

/** Cumulative cash against mining on, month by month; below zero it is drawn on the loss tint. */
export const cashOption =
  (f: Figures): ChartBuilder =>
  (theme, size) => {
    const low = Math.min(0, ...f.cumulativeUsd)
    const high = Math.max(0, ...f.cumulativeUsd)
    const step = roundStep((high - low) * 1.15, size.height < 140 ? 2 : 4)
    const months = f.cumulativeUsd.length - 1
    return {
      grid: { left: 52, right: 16, top: 10, bottom: 22 },
      xAxis: {
        type: 'value',
        min: 0,
        max: months,
        interval: months > 144 ? 36 : 24,
        axisLine: { show: false, onZero: false },
        axisTick: { show: true, length: 4, lineStyle: { color: theme.lineStrong } },
        axisLabel: {
          color: theme.ink3,
          fontSize: 11,
          formatter: (v: number) => (v === 0 ? 'today' : `year ${decimal(v / 12, v % 12 === 0 ? 0 : 1)}`),
        },
        splitLine: { show: false },
      },
      yAxis: {
        type: 'value',
        min: Math.floor(low / step) * step,
        max: Math.ceil(high / step) * step,
        interval: step,
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { color: theme.ink3, fontSize: 11, formatter: axisMoney },
        splitLine: { lineStyle: { color: theme.line } },
      },
      tooltip: {
        ...tooltipOption(theme),
        formatter: (raw: unknown) => {
          const first: unknown = Array.isArray(raw) ? raw[0] : raw
          const month = typeof first === 'object' && first !== null && 'axisValue' in first ? Math.round(Number(first.axisValue)) : 0
          return tooltipLines([`Month ${month}`, `${money(f.cumulativeUsd[month] ?? null)} against mining on`])
        },
      },
      series: [
        {
          type: 'line',
          data: f.cumulativeUsd.map((v, m) => [m, v]),
          showSymbol: false,
          lineStyle: { color: theme.plan, width: theme.strokeStrong },
          itemStyle: { color: theme.plan },
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            lineStyle: { color: theme.ink, width: 1, type: 'solid' },
            data: [{ yAxis: 0 }],
          },
          markPoint: {
            silent: true,
            symbol: 'circle',
            symbolSize: 6,
            itemStyle: { color: theme.plan },
            data: [{ name: 'lowest', coord: [f.lowestCashMonth, f.lowestCashUsd] }],
            label: {
              show: true,
              position: 'bottom',
              distance: 4,
              color: theme.plan,
              fontSize: 11,
              fontWeight: 500,
              formatter: money(f.lowestCashUsd),
            },
          },
        },
      ],
    }
  }

export const tornadoTable = (f: Figures): ChartTable => ({
  head: ['Input', 'Low', 'High', 'NPV at low, $', 'NPV at high, $'],
  rows: f.tornado.map((t) => [
    { text: t.label, raw: t.label },
    { text: shortValue(t.low, t.unit), raw: t.low, number: true },
    { text: shortValue(t.high, t.unit), raw: t.high, number: true },
    { text: money(t.npvLowUsd), raw: t.npvLowUsd, number: true },
    { text: money(t.npvHighUsd), raw: t.npvHighUsd, number: true },
  ]),
})

/** One input at a time to the ends of its range; the end is printed at each bar, the entered case is a full line. */
export const tornadoOption =
  (f: Figures): ChartBuilder =>
  (theme, size) => {
    const room = size.height - 40
    const rows = f.tornado.slice(0, Math.max(3, Math.min(10, Math.floor(room / 17))))
    const base = f.npvUsd
    const low = Math.min(base, ...rows.flatMap((t) => [t.npvLowUsd, t.npvHighUsd]))
    const high = Math.max(base, ...rows.flatMap((t) => [t.npvLowUsd, t.npvHighUsd]))
    const step = roundStep(high - low, 4)
    const min = Math.floor(low / step) * step
    const max = Math.ceil(high / step) * step
    const text = (content: string, x: number, y: number, more: Record<string, unknown> = {}) => ({
      type: 'text' as const,
      style: { text: content, x, y, font: `400 11px ${theme.font}`, fill: theme.ink3, textVerticalAlign: 'middle' as const, ...more },
    })
    const bars: CustomSeriesOption = {
      type: 'custom',
      silent: true,
      data: rows.map((t, i) => [base, i, t.npvLowUsd, t.npvHighUsd]),
      renderItem: (params, api) => {
        const t = rows[params.dataIndex]
        if (!t) return null
        const i = params.dataIndex
        const [xb = 0, y = 0] = api.coord([base, i])
        const left = t.npvLowUsd <= t.npvHighUsd ? { npv: t.npvLowUsd, at: t.low } : { npv: t.npvHighUsd, at: t.high }
        const right = t.npvLowUsd <= t.npvHighUsd ? { npv: t.npvHighUsd, at: t.high } : { npv: t.npvLowUsd, at: t.low }
        const xl = Math.min(xb, api.coord([left.npv, i])[0] ?? xb)
        const xr = Math.max(xb, api.coord([right.npv, i])[0] ?? xb)
        return {
          type: 'group',
          children: [
            text(t.label, 0, y, { fill: i < 3 ? theme.ink : theme.ink2 }),
            { type: 'rect', shape: { x: xl, y: y - 5, width: xb - xl, height: 10 }, style: { fill: theme.negative } },
            { type: 'rect', shape: { x: xb, y: y - 5, width: xr - xb, height: 10 }, style: { fill: theme.positive } },
            text(shortValue(left.at, t.unit), xl - 6, y, { textAlign: 'right', stroke: theme.page, lineWidth: 3 }),
            text(shortValue(right.at, t.unit), xr + 6, y, { stroke: theme.page, lineWidth: 3 }),
          ],
        }
      },
    }
    return {
      grid: { left: 188, right: 52, top: 18, bottom: 22 },
      xAxis: {
        type: 'value',
        min,
        max,
        interval: step,
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { color: theme.ink3, fontSize: 11, formatter: axisMoney, hideOverlap: true },
        splitLine: { lineStyle: { color: theme.line } },
      },
      yAxis: { type: 'value', min: -0.5, max: rows.length - 0.5, inverse: true, show: false },
      series: [
        bars,
        {
          type: 'line',
          data: [],
          markLine: {
            silent: true,
            symbol: 'none',
            data: [{ xAxis: base }],
            lineStyle: { color: theme.ink, width: 1, type: 'solid' },
            label: {
              position: 'start',
              formatter: `entered case ${money(base)}`,
              color: theme.ink,
              fontSize: 11,
              fontWeight: 500,
              distance: 4,
            },
          },
        },
      ],
    }
  }
