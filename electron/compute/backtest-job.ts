import type { BacktestPeriod } from '#shared/economics/curtailment/backtest-period.ts'
import { type YearBacktest, yearBacktest } from '#shared/economics/curtailment/year-backtest.ts'
import { ok } from '#shared/result.ts'
import type { WholeJob } from './job.ts'

/** A year played again; days of a site whose groups depend on each other are planned without a solver, and say so. */
export const backtestJob: WholeJob<BacktestPeriod, YearBacktest> = (period, { progress }) =>
  ok(yearBacktest(period, null, (share) => progress(share)))
