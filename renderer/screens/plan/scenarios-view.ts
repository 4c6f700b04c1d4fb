import type { ScenarioReport } from '#shared/decision/scenario-report.ts'
import { count, decimal, dollars, money, UNKNOWN } from '#shared/format.ts'
import type { ChartTable } from '../../components/ChartFrame.tsx'
import { type ChartBuilder, tooltipLines, tooltipOption } from '../../components/use-chart.ts'
import { roundStep } from './charts.ts'

type Row = ScenarioReport['rows'][number]
export type ScenarioLine = {
  readonly id: string
  readonly title: string
  readonly baseline: boolean
  readonly hashprice: string
  readonly mining: string
  readonly conversion: string
  readonly against: string
  readonly below: string
  readonly problem: string | null
  readonly loss: boolean
}

/** Rows in the order of the engine, the baseline first; `against`: mining NPV less the baseline's. */
export const scenarioLines = (report: ScenarioReport): ScenarioLine[] => {
  const base = report.rows[0]?.figures ?? null
  return report.rows.map((r, k) => {
    const f = r.figures
    return {
      id: r.id,
      title: r.title,
      baseline: k === 0,
      hashprice: f === null ? UNKNOWN : `${decimal(f.hashpriceFirstUsd, 2)} → ${decimal(f.hashpriceLastUsd, 2)}`,
      mining: money(f?.npvMiningUsd ?? null),
      against: k === 0 ? 'baseline' : f === null || base === null ? UNKNOWN : money(f.npvMiningUsd - base.npvMiningUsd),
      conversion: money(f?.npvIncrementalUsd ?? null),
      below: f === null ? UNKNOWN : decimal(f.monthsBelowBreakEven, 0),
      problem: r.problem,
      loss: (f?.npvIncrementalUsd ?? 0) < 0,
    }
  })
}

/** In how many of them converting beats mining on: the finding of the table. */
export const scenariosFinding = (report: ScenarioReport): string => {
  const valued = report.rows.flatMap((r) => r.figures?.npvIncrementalUsd ?? [])
  if (valued.length === 0) return `${count(report.rows.length - 1, 'scenario')} against today`
  const better = valued.filter((npv) => npv > 0).length
  return better === valued.length
    ? `Converting beats mining on in all ${decimal(valued.length, 0)} courses`
    : better === 0
      ? `Mining on beats converting in all ${decimal(valued.length, 0)} courses`
      : `Converting beats mining on in ${decimal(better, 0)} of ${decimal(valued.length, 0)} courses`
}

export const pathFinding = (r: Row, months: number): string =>
  r.figures === null
    ? r.title
    : `${r.title}: below break-even in ${decimal(r.figures.monthsBelowBreakEven, 0)} of ${count(months, 'month')}`

export const pathTable = (r: Row): ChartTable => ({
  head: ['Month', 'Hashprice, $/PH/day', 'Fleet break-even, $/PH/day'],
  rows: r.hashpriceUsd.map((usd, m) => [
    { text: String(m), raw: m, number: true },
    { text: dollars(usd), raw: usd, number: true },
    { text: dollars(r.breakEvenHashpriceUsd[m] ?? null), raw: r.breakEvenHashpriceUsd[m] ?? null, number: true },
  ]),
})

export const pathOption =
  (r: Row): ChartBuilder =>
  (theme, size) => {
    const months = r.hashpriceUsd.length
    const high = [...r.hashpriceUsd, ...r.breakEvenHashpriceUsd].reduce((a, b) => Math.max(a, b), 1)
    const step = roundStep(high * 1.05, size.height < 140 ? 2 : 4)
    const line = (name: string, values: readonly number[], color: string, type: 'solid' | 'dashed') => ({
      type: 'line' as const,
      name,
      data: values.map((v, m) => [m, v]),
      showSymbol: false,
      lineStyle: { color, width: theme.strokeStrong, type },
      itemStyle: { color },
      endLabel: { show: true, formatter: name, color, fontSize: 11, distance: 4 },
    })
    return {
      grid: { left: 44, right: 78, top: 10, bottom: 22 },
      xAxis: {
        type: 'value',
        min: 0,
        max: Math.max(1, months - 1),
        interval: months > 144 ? 36 : 24,
        axisLine: { show: false },
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
        min: 0,
        max: Math.ceil((high * 1.02) / step) * step,
        interval: step,
        axisLabel: { color: theme.ink3, fontSize: 11, formatter: (v: number) => dollars(v, 0) },
        splitLine: { lineStyle: { color: theme.line } },
      },
      tooltip: {
        ...tooltipOption(theme),
        formatter: (raw: unknown) => {
          const first: unknown = Array.isArray(raw) ? raw[0] : raw
          const m = typeof first === 'object' && first !== null && 'axisValue' in first ? Math.round(Number(first.axisValue)) : 0
          return tooltipLines([
            `Month ${m}`,
            `Hashprice ${dollars(r.hashpriceUsd[m] ?? null)}/PH/day`,
            `Break-even ${dollars(r.breakEvenHashpriceUsd[m] ?? null)}/PH/day`,
          ])
        },
      },
      series: [
        line('hashprice', r.hashpriceUsd, theme.price, 'dashed'),
        line('break-even', r.breakEvenHashpriceUsd, theme.breakEven, 'solid'),
      ],
    }
  }
