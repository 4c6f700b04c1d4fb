import { type BacktestPeriod, periodProblem } from '#shared/economics/curtailment/backtest-period.ts'
import { isCoupled } from '#shared/economics/curtailment/plan-problem.ts'
import { type YearBacktest, yearBacktest } from '#shared/economics/curtailment/year-backtest.ts'
import { ok } from '#shared/result.ts'
import { loadSolveMilp } from './highs.ts'
import type { WholeJob } from './job.ts'

/** A year played again; the solver is loaded where the groups of the site depend on each other. */
export const backtestJob: WholeJob<BacktestPeriod, YearBacktest> = async (period, { progress }) => {
  const solve = isCoupled(periodProblem(period)) ? await loadSolveMilp() : null
  return ok(yearBacktest(period, solve, progress))
}
