import { HOURS_PER_DAY } from '../../units.ts'
import { captureRatio } from './backtest.ts'
import { type BacktestPeriod, type PeriodSchedule, periodProblem, type Settled, settle } from './backtest-period.ts'
import { alwaysOnSchedule, foresightSchedule, type Progress, rollingSchedule, thresholdSchedule } from './backtest-strategies.ts'
import type { SolveMilp } from './milp.ts'
import { PLAN_LIMITS, type PlanLimits } from './plan.ts'
import { isCoupled } from './plan-problem.ts'

/** A strategy's figures; saving and capture are against always on. */
export type StrategyFigures = Settled & { readonly savingUsd: number; readonly captureRatio: number | null }
export type StrategyId = 'alwaysOn' | 'thresholdRule' | 'rollingPlan' | 'perfectForesight'
export type Comparison = Readonly<Record<StrategyId, StrategyFigures>>

export type YearBacktest = Comparison & {
  readonly months: readonly ({ readonly month: string } & Comparison)[]
  /** What made the plans, and how often: dp, or under a rule of the whole site greedy, every interval. */
  readonly engine: string
  readonly replannedEvery: string
  /** False: under a rule of the whole site perfect foresight is the best schedule that was found, not a proven optimum. */
  readonly perfectIsExact: boolean
  readonly intervals: number
  readonly missingIntervals: number
}

const compared = (always: Settled, rule: Settled, plan: Settled, perfect: Settled): Comparison => {
  const figures = (s: Settled): StrategyFigures => ({
    ...s,
    savingUsd: s.valueUsd - always.valueUsd,
    captureRatio: captureRatio(s.valueUsd, always.valueUsd, perfect.valueUsd),
  })
  return { alwaysOn: figures(always), thresholdRule: figures(rule), rollingPlan: figures(plan), perfectForesight: figures(perfect) }
}

/** Seconds of the solver for all days and for one: a year has to end, and with less than a quarter of a second it finds nothing. */
const MOST_SECONDS = 20
const MOST_SECONDS_A_DAY = 0.5
const LEAST_SECONDS_A_DAY = 0.25

/**
 * A period played again by four strategies that see the same prices and are settled by the same function (`economics.md` 4.5):
 * everything on; the rule on the last price; a plan made anew as time passes, which knows no price of the future; and the best
 * that could have been done.
 */
export const yearBacktest = (period: BacktestPeriod, solve: SolveMilp | null, progress: Progress = () => {}): YearBacktest => {
  const p = periodProblem(period)
  const isExact = !isCoupled(p)
  const always = settle(period, p, alwaysOnSchedule(period, p))
  const rule = settle(period, p, thresholdSchedule(period, p))
  const rolling = rollingSchedule(period, p, (share) => progress(isExact ? share : share / 2))
  const plan = settle(period, p, rolling.on)
  const seconds = MOST_SECONDS / Math.max(1, (p.hours * p.intervals) / HOURS_PER_DAY)
  const limits: PlanLimits = { ...PLAN_LIMITS, seconds: Math.min(MOST_SECONDS_A_DAY, seconds), quick: true }
  const inTime = seconds < LEAST_SECONDS_A_DAY ? null : solve
  const foresight = foresightSchedule(period, p, inTime, limits, (share) => progress(0.5 + share / 2))
  const found = settle(period, p, foresight.on)
  // Day by day is not the optimum of the period: what another strategy found is at least as good a foresight.
  const perfect = isExact ? found : [found, plan, rule, always].reduce((best, s) => (s.total.valueUsd > best.total.valueUsd ? s : best))
  return {
    ...compared(always.total, rule.total, plan.total, perfect.total),
    months: period.months.flatMap((month, m) => {
      const [a, r, l, f] = [always.months[m], rule.months[m], plan.months[m], perfect.months[m]]
      return a && r && l && f ? [{ month, ...compared(a, r, l, f) }] : []
    }),
    engine: rolling.engine,
    replannedEvery: rolling.replannedEvery,
    perfectIsExact: isExact,
    intervals: p.intervals,
    missingIntervals: period.plan.pricePerMWh.reduce((count, price) => count + (Number.isNaN(price) ? 1 : 0), 0),
  }
}

/** The rule alone, for who wants no plan. */
export const ruleBacktest = (period: BacktestPeriod): { alwaysOn: Settled; thresholdRule: Settled } => {
  const p = periodProblem(period)
  const figures = (on: PeriodSchedule) => settle(period, p, on).total
  return { alwaysOn: figures(alwaysOnSchedule(period, p)), thresholdRule: figures(thresholdSchedule(period, p)) }
}
