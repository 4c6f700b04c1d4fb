import type { ConversionReport, Verdict } from '#shared/decision/conversion.ts'
import { conversionClause, drawnSentence } from '#shared/decision/conversion-stance.ts'
import type { DrawsRun } from '#shared/decision/draws.ts'
import type { FigureId } from '#shared/decision/figure.ts'
import type { SiteReport } from '#shared/decision/site-report.ts'
import { count, decimal, dollars, money, percent, UNKNOWN } from '#shared/format.ts'

export type Figures = NonNullable<ConversionReport['figures']>

export const verdictWords: Record<Verdict, string> = {
  CANDIDATE: 'Candidate',
  CONDITIONAL: 'Conditional',
  KEEP_MINING: 'Keep mining',
  DO_NOT_CONVERT: 'Do not convert',
}

/** The first sentence is the decision, the rest its ground. */
export const splitSentence = (text: string): { headline: string; rest: string } => {
  const end = text.search(/[.;:](?= )/)
  return end === -1 ? { headline: text, rest: '' } : { headline: text.slice(0, end + 1), rest: text.slice(end + 2) }
}

/** With draws the decision rests on their P50, as in the memo; without them the report's own sentence stands. */
export const planSentence = (
  report: ConversionReport,
  run: DrawsRun | null,
  interconnectMw: number,
): { headline: string; rest: string } => {
  const drawn = run === null ? null : drawnSentence(report, run)
  if (run === null || drawn === null) return splitSentence(report.sentence)
  const clause = conversionClause(report, run)
  const gridMw = report.assumptions.find((a) => a.id === 'gridMw')?.value
  const beyond =
    typeof gridMw === 'number' && gridMw > interconnectMw
      ? ` The grid connection delivers ${decimal(interconnectMw, 1)} MW, not ${decimal(gridMw, 1)} MW.`
      : ''
  return { headline: `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`, rest: `${drawn}${beyond}` }
}

const years = (months: number | null): string => (months === null ? UNKNOWN : `${decimal(months / 12, 1)} years`)
const irrWords: Record<string, string> = { MULTIPLE: 'several roots', NO_REAL_ROOT: 'no root', NO_ROOT: 'no root' }

export type Result = {
  readonly label: string
  readonly value: string
  readonly note: string
  /** Name under which it unfolds. */
  readonly figure?: FigureId
  readonly strong?: boolean
  readonly loss?: boolean
}

/** Margin and yield stand side by side: the margin holds no capital, the yield does (`economics.md` 5.1). */
export const results = (f: Figures, hashpriceNow: number | null): Result[] => [
  { label: 'NPV of the project', value: money(f.npvProjectUsd), note: `${money(f.totalCapexUsd)} of capital`, loss: f.npvProjectUsd < 0 },
  { label: 'NPV of mining on', value: money(f.npvKeepMiningUsd), note: 'given up, same prices' },
  {
    label: 'IRR',
    figure: 'irr',
    value: percent(f.irr),
    note: f.irr === null ? (irrWords[f.irrStatus] ?? 'cannot be computed') : 'against mining on',
  },
  {
    label: 'Payback',
    figure: 'payback_months',
    value: f.paybackMonths === null ? UNKNOWN : years(f.paybackMonths),
    note: f.paybackMonths === null ? 'not within the horizon' : `month ${decimal(f.paybackMonths, 0)}`,
  },
  { label: 'NOI margin', figure: 'noi_margin', value: percent(f.noiMargin), note: 'of rent; holds no capital' },
  { label: 'Yield on cost', figure: 'yield_on_cost', value: percent(f.yieldOnCost), note: 'of the capital, first full year', strong: true },
  {
    label: 'Break-even lease',
    figure: 'break_even_lease',
    value: f.breakEvenLeasePerKwMonthUsd === null ? UNKNOWN : dollars(f.breakEvenLeasePerKwMonthUsd),
    note: 'per kW-month of IT',
  },
  {
    label: 'Parity hashprice',
    figure: 'parity_hashprice',
    value: f.parityHashpriceUsd === null ? UNKNOWN : dollars(f.parityHashpriceUsd),
    note: hashpriceNow === null ? 'today is not known' : `today ${dollars(hashpriceNow)}/PH/day`,
  },
  { label: 'Lowest cash', value: money(f.lowestCashUsd), note: `in month ${decimal(f.lowestCashMonth, 0)}`, loss: f.lowestCashUsd < 0 },
]

export type SiteCheck = {
  readonly id: string
  readonly name: string
  readonly score: string
  readonly verdict: string
  readonly stop: boolean
  readonly reason: string
}
/** The suitability of every site in one line each; one that must not be converted says why. */
export const siteChecks = (sites: readonly SiteReport[]): SiteCheck[] =>
  sites.map((s) => {
    const failed = s.ai.gates.filter((g) => g.failed)
    return {
      id: s.id,
      name: s.name,
      score: `${decimal(s.ai.score, 0)} of 100`,
      verdict: verdictWords[s.ai.verdict],
      stop: failed.length > 0,
      reason:
        failed.length > 0
          ? `${count(failed.length, 'gate')} ${failed.length === 1 ? 'fails' : 'fail'}: ${failed.map((g) => g.reason.charAt(0).toLowerCase() + g.reason.slice(1).replace(/\.$/, '')).join('; ')}.`
          : '',
    }
  })

/** Title of the cash chart: when it is back, or that it is not, and how deep it goes. */
export const cashFinding = (f: Figures): string => {
  const low = `lowest ${money(f.lowestCashUsd)} in month ${decimal(f.lowestCashMonth, 0)}`
  return f.paybackMonths === null
    ? `The cash is not back within ${decimal((f.cumulativeUsd.length - 1) / 12, 0)} years; ${low}`
    : `The cash is back after ${years(f.paybackMonths)}; ${low}`
}

/** Title of the tornado: the three inputs with the widest swing. */
export const tornadoFinding = (f: Figures): string => {
  const names = f.tornado.slice(0, 3).map((t, i) => (i === 0 ? t.label : t.label.charAt(0).toLowerCase() + t.label.slice(1)))
  return names.length < 2
    ? names[0]
      ? `${names[0]} decides it`
      : 'No input moves it'
    : `${names.slice(0, -1).join(', ')} and ${names.at(-1)} decide it`
}

/** The site that is shown when none is chosen: one that may be converted, the best score first. */
export const planSite = (sites: readonly SiteReport[], chosen: string | null): SiteReport | null =>
  sites.find((s) => s.id === chosen) ??
  [...sites].sort((a, b) => Number(b.ai.figures !== null) - Number(a.ai.figures !== null) || b.ai.score - a.ai.score)[0] ??
  null
