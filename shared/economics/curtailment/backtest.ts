import * as z from 'zod'
import { failed } from '../../result.ts'
import { finite, type Model, model, positive } from '../model.ts'
import type { SolveMilp } from './milp.ts'
import { solvePlan } from './plan.ts'
import { MOST_INTERVALS, PlanGroups, type PlanInputs, planProblem } from './plan-problem.ts'
import { alwaysOnUsd, scheduleValue } from './schedule-value.ts'

const BacktestInputs = z
  .object({
    intervalHours: positive,
    forecastPricePerMWh: z.array(finite).min(1).max(MOST_INTERVALS),
    actualPricePerMWh: z.array(finite).min(1).max(MOST_INTERVALS),
    groups: PlanGroups,
  })
  .superRefine((i, refuse) => {
    if (i.actualPricePerMWh.length !== i.forecastPricePerMWh.length)
      refuse.addIssue({
        code: 'custom',
        path: ['actualPricePerMWh'],
        message: `has ${i.actualPricePerMWh.length} intervals, the forecast ${i.forecastPricePerMWh.length}`,
      })
  })

/** Rounding of sums of this size; a difference below it is none. */
const ROUNDING = 1e-12

/**
 * Saving as a share of what perfect foresight would have saved; null where there was nothing to save.
 * Worked: plan 2,797.50, always on 1,635, perfect 3,858.50: 1,162.50 / 2,223.50 = 52.3 %.
 */
export const captureRatio = (valueUsd: number, alwaysOn: number, perfectUsd: number): number | null => {
  const possible = perfectUsd - alwaysOn
  return Math.abs(possible) <= ROUNDING * (Math.abs(perfectUsd) + Math.abs(alwaysOn)) ? null : (valueUsd - alwaysOn) / possible
}

/**
 * One plan made on a forecast and settled on what the prices turned out to be, against everything on and against the plan that
 * would have known them. Figures are margins in USD, settled by one function.
 */
export const backtestWith = (solve: SolveMilp | null): Model<z.input<typeof BacktestInputs>, unknown> =>
  model({ id: 'curtailment.backtest', section: '4.5' }, BacktestInputs, (i, { step }) => {
    const problemAt = (pricePerMWh: PlanInputs['pricePerMWh']) =>
      planProblem({ intervalHours: i.intervalHours, pricePerMWh, groups: i.groups })
    const actual = problemAt(i.actualPricePerMWh)
    const planned = solvePlan(problemAt(i.forecastPricePerMWh), solve).on
    const perfect = solvePlan(actual, solve).on
    if (planned === null || perfect === null)
      return failed('invalid-input', 'groups: no plan keeps their minimum runs', { field: 'groups' })
    const always = step('alwaysOnUsd', alwaysOnUsd(actual))
    const plannedUsd = step('plannedUsd', scheduleValue(actual, planned).totalUsd)
    const perfectUsd = step('perfectUsd', scheduleValue(actual, perfect).totalUsd)
    const capture = captureRatio(plannedUsd, always, perfectUsd)
    return {
      alwaysOnUsd: always,
      plannedUsd,
      perfectUsd,
      savingVsAlwaysOnUsd: step('savingVsAlwaysOnUsd', plannedUsd - always, 'plannedUsd - alwaysOnUsd'),
      captureRatio: capture === null ? null : step('captureRatio', capture, 'savingVsAlwaysOnUsd / (perfectUsd - alwaysOnUsd)'),
    }
  })
