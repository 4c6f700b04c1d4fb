import type { CustomSeriesOption } from 'echarts/charts'
import { endsText, shareText } from '#shared/decision/conversion-stance.ts'
import type { DrawsProgress, DrawsRun, DrawsState } from '#shared/decision/draws.ts'
import { shownBins } from '#shared/decision/shown-bins.ts'
import { age, count, decimal, money, percent } from '#shared/format.ts'
import type { ChartTable } from '../../components/ChartFrame.tsx'
import { type ChartBuilder, tooltipOption } from '../../components/use-chart.ts'
import { shortValue } from './assumptions.ts'
import { axisMoney, roundStep } from './charts.ts'
import type { Result } from './view-model.ts'

const seconds = (ms: number): string => `${decimal(ms / 1000, ms < 10_000 ? 1 : 0)} s`

/** How a run was made, so that anybody can make it again. */
export const madeOf = (run: DrawsRun): string =>
  `${decimal(run.draws, 0)} draws, seed ${run.seed}, ${seconds(run.durationMs)}, generator ${run.generator}`

/** "45 %, 2.3 s; about 3 s left" once there is something to estimate from. */
const ESTIMATE_AFTER_MS = 5_000
export const progressWords = (p: DrawsProgress): string => {
  const left = p.share > 0 && p.elapsedMs > ESTIMATE_AFTER_MS ? `, about ${seconds((p.elapsedMs / p.share) * (1 - p.share))} left` : ''
  return `${percent(p.share, 0)}, ${seconds(p.elapsedMs)}${left}`
}
export const soFarWords = (p: DrawsProgress): string =>
  p.running === null
    ? ''
    : `So far: mean ${money(p.running.meanUsd)} ± ${money(p.running.halfWidthUsd)}, worse than mining in ${shareText(p.running.regretProbability)}`

/** May this run stand in the headline? Not when it answers other assumptions. */
export const currentRun = (state: DrawsState | null): DrawsRun | null =>
  state === null || state.refused !== null || state.standing === 'other' ? null : state.run

/** What differs from the run on screen, in words; null: nothing that a person changed. */
export const staleWords = (state: DrawsState): string | null => {
  if (state.run === null || state.standing !== 'other') return null
  const named = state.changes.slice(0, 3).map((c) => `${c.label} ${valueText(c.was, c.unit)} → ${valueText(c.now, c.unit)}`)
  const more = state.changes.length > 3 ? ` and ${state.changes.length - 3} more` : ''
  return `These draws belong to other assumptions${named.length === 0 ? '' : `: ${named.join('; ')}${more}`}.`
}
const valueText = (v: number | boolean | string, unit: string): string =>
  typeof v === 'number' ? shortValue(v, unit) : typeof v === 'boolean' ? (v ? 'yes' : 'no') : v

/** Nobody changed anything; the market went on. */
export const movedWords = (state: DrawsState, entered: number, nowMs: number): string | null =>
  state.run === null || state.standing !== 'moved'
    ? null
    : `Drawn ${age(nowMs - state.run.asOfMs)} ago. Prices and machines have moved since: the entered case was ${money(state.run.enteredNpvUsd)}, it is ${money(entered)} now.`

export const drawResults = (run: DrawsRun): Result[] => [
  { label: 'Against keep-mining, P50', value: money(run.npv.p50Usd), note: endsText(run), strong: true, loss: run.npv.p50Usd < 0 },
  {
    label: 'Regret: worse than mining',
    value: shareText(run.regretProbability),
    note: run.meanRegretUsd === null ? 'never' : `then ${money(run.meanRegretUsd)} lost on average`,
  },
  { label: 'Loss: project below zero', value: shareText(run.probabilityNpvNegative), note: 'mining left aside' },
  {
    label: 'Worst twentieth, mean',
    value: money(run.npv.expectedShortfallUsd),
    note: `P5 ${money(run.npv.p05Usd)}`,
    loss: run.npv.expectedShortfallUsd < 0,
  },
  {
    label: 'Mean',
    value: money(run.npv.meanUsd),
    note: run.meanHalfWidthUsd === null ? '' : `± ${money(run.meanHalfWidthUsd)} at 95 %`,
    loss: run.npv.meanUsd < 0,
  },
  { label: 'Entered case', value: money(run.enteredNpvUsd), note: 'no overrun, delay or default', loss: run.enteredNpvUsd < 0 },
]

export const histogramFinding = (run: DrawsRun): string => `${shareText(run.regretProbability)} draws lose against mining`

export const histogramTable = (run: DrawsRun): ChartTable => ({
  head: ['From, $', 'To, $', 'Draws', 'Share'],
  rows: run.bins.map((b) => [
    { text: money(b.fromUsd), raw: b.fromUsd, number: true },
    { text: money(b.toUsd), raw: b.toUsd, number: true },
    { text: decimal(b.count, 0), raw: b.count, number: true },
    { text: percent(b.count / run.draws), raw: b.count / run.draws, number: true },
  ]),
})

export const histogramSubtitle = (run: DrawsRun): string => {
  const { bins, outside } = shownBins(run)
  const width = bins[0] === undefined ? 0 : bins[0].toUsd - bins[0].fromUsd
  return `NPV against keep-mining, ${decimal(run.draws, 0)} draws in bins of ${money(width)}${outside === 0 ? '' : `; ${count(outside, 'draw')} outside`}`
}

export const histogramOption =
  (run: DrawsRun): ChartBuilder =>
  (theme, size) => {
    const { bins } = shownBins(run)
    const least = bins[0]?.fromUsd ?? 0
    const largest = bins.at(-1)?.toUsd ?? 1
    const most = bins.reduce((n, b) => Math.max(n, b.count), 1)
    const step = roundStep(largest - least || 1, size.width < 380 ? 4 : 6)
    const from = Math.floor(least / step) * step
    const to = Math.max(from + step, Math.ceil(largest / step) * step)
    const mark = (name: string, at: number) => ({ name, xAxis: at })
    const bars: CustomSeriesOption = {
      type: 'custom',
      data: bins.map((b) => [(b.fromUsd + b.toUsd) / 2, b.count, b.fromUsd, b.toUsd]),
      renderItem: (params, api) => {
        const b = bins[params.dataIndex]
        if (!b) return null
        const part = (fromUsd: number, toUsd: number, fill: string) => {
          const [x0 = 0, y0 = 0] = api.coord([fromUsd, 0])
          const [x1 = 0, y1 = 0] = api.coord([toUsd, b.count])
          return { type: 'rect' as const, shape: { x: x0, y: y1, width: Math.max(0.5, x1 - x0 - 1), height: y0 - y1 }, style: { fill } }
        }
        // The bin that holds zero is of both colours.
        return {
          type: 'group',
          children: [
            ...(b.fromUsd < 0 ? [part(b.fromUsd, Math.min(0, b.toUsd), theme.negative)] : []),
            ...(b.toUsd > 0 ? [part(Math.max(0, b.fromUsd), b.toUsd, theme.lineStrong)] : []),
          ],
        }
      },
    }
    return {
      grid: { left: 24, right: 24, top: 34, bottom: 22 },
      xAxis: {
        type: 'value',
        min: from,
        max: to,
        interval: step,
        axisLine: { show: true, lineStyle: { color: theme.lineStrong }, onZero: false },
        axisTick: { show: false },
        axisLabel: { color: theme.ink3, fontSize: 11, formatter: axisMoney, hideOverlap: true },
        splitLine: { show: false },
      },
      yAxis: { type: 'value', min: 0, max: most, show: false },
      tooltip: { ...tooltipOption(theme), trigger: 'axis', show: false },
      series: [
        bars,
        {
          type: 'line',
          data: [],
          markLine: {
            silent: true,
            symbol: 'none',
            data: [mark('P10', run.npv.p10Usd), mark('P50', run.npv.p50Usd), mark('P90', run.npv.p90Usd)].filter(
              (m) => m.xAxis >= from && m.xAxis <= to,
            ),
            lineStyle: { color: theme.ink2, width: 1, type: [2, 2] },
            label: {
              position: 'end',
              color: theme.ink,
              fontSize: 11,
              formatter: (m: { name: string; value?: unknown }) => `${m.name}\n${money(Number(m.value))}`,
            },
          },
        },
        {
          type: 'line',
          data: [],
          markLine: {
            silent: true,
            symbol: 'none',
            data: from < 0 && to > 0 ? [{ xAxis: 0 }] : [],
            lineStyle: { color: theme.ink, width: 1, type: 'solid' },
            label: { show: false },
          },
        },
      ],
    }
  }
