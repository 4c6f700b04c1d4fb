import { foresightByDay, rollingByRepair } from './backtest-coupled.ts'
import { forecastFrom, horizonEnd, intervalsPerDay, longestHorizon } from './backtest-forecast.ts'
import { allOff, type BacktestPeriod, beginFrom, fillMargins, groupsBefore, moveOn, type PeriodSchedule } from './backtest-period.ts'
import type { SolveMilp } from './milp.ts'
import type { PlanLimits } from './plan.ts'
import { isCoupled, type PlanProblem, planProblem } from './plan-problem.ts'
import { planSeparably, separableWork } from './plan-separable.ts'
import { marginsAt, ruleStep, ruleWork } from './rule-step.ts'

/**
 * Everything that may run, always: as much as the site's limit takes, the groups that earn most first, each from the moment its
 * minimum run lets it.
 */
export const alwaysOnSchedule = (period: BacktestPeriod, p: PlanProblem): PeriodSchedule => {
  const on = allOff(p)
  const now = groupsBefore(period)
  const work = ruleWork(p.groups)
  // Above zero whatever they earn, and in the order of what they earn.
  const least = p.revenuePerMWh.reduce((a, b) => Math.min(a, b), 0)
  const wanted = p.revenuePerMWh.map((revenue) => revenue - least + 1)
  for (let t = 0; t < p.intervals; t++) {
    const next = ruleStep(p, now, wanted, t, false, work)
    for (let g = 0; g < p.groups; g++) {
      moveOn(now, g, next[g] ?? 0)
      on[g * p.intervals + t] = next[g] ?? 0
    }
  }
  return on
}

/**
 * The rule on the last real-time price that is known: that of the interval before, with `informed` that of the interval itself. In
 * the first interval the day-ahead price stands in. Where no price is known the machines stay as they are.
 */
export const thresholdSchedule = (period: BacktestPeriod, p: PlanProblem): PeriodSchedule => {
  const { plan, informed } = period
  const on = allOff(p)
  const now = groupsBefore(period)
  const work = ruleWork(p.groups)
  const margins = new Float64Array(p.groups)
  for (let t = 0; t < p.intervals; t++) {
    const published = (period.dayAheadKnownTo[0] ?? 0) > 0 ? (period.dayAheadPerMWh[0] ?? Number.NaN) : Number.NaN
    const price = informed ? (plan.pricePerMWh[t] ?? Number.NaN) : t === 0 ? published : (plan.pricePerMWh[t - 1] ?? Number.NaN)
    marginsAt(p, price, plan.adderPerMWh?.[t] ?? 0, margins)
    const next = ruleStep(p, now, margins, t, true, work)
    for (let g = 0; g < p.groups; g++) {
      moveOn(now, g, next[g] ?? 0)
      on[g * p.intervals + t] = next[g] ?? 0
    }
  }
  return on
}

export type Progress = (share: number) => void
const EVERY = 512

/** Re-planned at every interval with the exact dynamic programme of separable groups; only the next interval is committed. */
const rollingSeparable = (period: BacktestPeriod, p: PlanProblem, progress: Progress): PeriodSchedule => {
  const { plan } = period
  const on = allOff(p)
  const now = groupsBefore(period)
  const perDay = intervalsPerDay(p.hours)
  const capacity = longestHorizon(period, p.intervals, perDay)
  const ahead = planProblem({ intervalHours: p.hours, pricePerMWh: new Array<number>(capacity).fill(0), groups: plan.groups })
  const work = separableWork(capacity, p.groups)
  const forecast = new Float64Array(p.intervals)
  for (let t = 0; t < p.intervals; t++) {
    const end = horizonEnd(period, t, perDay)
    forecastFrom(period, t, end, perDay, forecast)
    fillMargins(ahead, forecast, plan.adderPerMWh ?? null, t, end - t)
    beginFrom(ahead, now)
    planSeparably(ahead, work, end - t)
    for (let g = 0; g < p.groups; g++) {
      const state = work.on[g * capacity] ?? 0
      moveOn(now, g, state)
      on[g * p.intervals + t] = state
    }
    if (t % EVERY === 0) progress(t / p.intervals)
  }
  return on
}

export type Planned = {
  readonly on: PeriodSchedule
  /** What made the plans: dp, or where the site couples its groups highs, greedy, rule. */
  readonly engine: string
  readonly replannedEvery: string
}

const inWords = (engines: ReadonlySet<string>): string => [...engines].sort().join('+')

/** Re-planned at every interval with what was known then; nothing of a later price is looked at. */
export const rollingSchedule = (period: BacktestPeriod, p: PlanProblem, progress: Progress = () => {}): Planned => {
  if (!isCoupled(p)) return { on: rollingSeparable(period, p, progress), engine: 'dp', replannedEvery: 'interval' }
  const { on, engines } = rollingByRepair(period, p, progress)
  return { on, engine: inWords(engines), replannedEvery: 'interval' }
}

/** The best with every price known: exact over the whole period where groups are separable, else day by day. */
export const foresightSchedule = (
  period: BacktestPeriod,
  p: PlanProblem,
  solve: SolveMilp | null,
  limits: PlanLimits,
  progress: Progress = () => {},
): Planned => {
  if (!isCoupled(p)) {
    const work = separableWork(p.intervals, p.groups)
    planSeparably(p, work)
    return { on: work.on, engine: 'dp', replannedEvery: 'never' }
  }
  const { on, engines } = foresightByDay(period, p, solve, limits, progress)
  return { on, engine: inWords(engines), replannedEvery: 'day' }
}
