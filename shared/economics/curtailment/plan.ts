import { failed } from '../../result.ts'
import { type Model, model } from '../model.ts'
import type { SolveMilp } from './milp.ts'
import { isCoupled, PlanInputs, type PlanProblem, planProblem } from './plan-problem.ts'
import { planSeparably, separableWork } from './plan-separable.ts'
import { alwaysOnUsd, type Schedule, scheduleValue } from './schedule-value.ts'

export type PlanStatus = 'OPTIMAL' | 'FEASIBLE' | 'INFEASIBLE' | 'UNKNOWN'
export type PlanEngine = 'dp' | 'highs' | 'greedy'

export type SolvedPlan = {
  /** FEASIBLE: legal, and its distance from the optimum is `gap`. UNKNOWN: none found, none proven impossible. */
  readonly status: PlanStatus
  readonly engine: PlanEngine
  /** `[g * intervals + t]`; null without a plan. */
  readonly on: Schedule | null
  readonly objectiveUsd: number | null
  /** No legal plan is worth more. */
  readonly boundUsd: number | null
  readonly gap: number | null
  readonly seconds: number | null
  readonly timeLimitHit: boolean
}

export type PlanLimits = { readonly gap: number; readonly seconds: number }
export const PLAN_LIMITS: PlanLimits = { gap: 0.001, seconds: 5 }

/** The plan without its reasons: separable problems by the dynamic programme, coupled ones by the solver, without one by repair. */
export const solvePlan = (p: PlanProblem, _solve: SolveMilp | null, _limits: PlanLimits = PLAN_LIMITS): SolvedPlan | null => {
  if (isCoupled(p)) return null
  const work = separableWork(p.intervals, p.groups)
  planSeparably(p, work)
  const objectiveUsd = scheduleValue(p, work.on).totalUsd
  return { status: 'OPTIMAL', engine: 'dp', on: work.on, objectiveUsd, boundUsd: objectiveUsd, gap: 0, seconds: null, timeLimitHit: false }
}

const textOf = (p: PlanProblem, on: Schedule): Record<string, string> =>
  Object.fromEntries(
    p.ids.map((id, g) => [id, Array.from({ length: p.intervals }, (_, t) => ((on[g * p.intervals + t] ?? 0) > 0 ? '1' : '0')).join('')]),
  )

export const planWith = (solve: SolveMilp | null): Model<PlanInputs, unknown> =>
  model({ id: 'curtailment.plan', section: '4.3' }, PlanInputs, (i) => {
    const p = planProblem(i)
    const solved = solvePlan(p, solve)
    if (solved === null || solved.on === null) return failed('not-supported', 'plans under a rule of the whole site are not built yet')
    const { on, ...figures } = solved
    return {
      ...figures,
      alwaysOnUsd: alwaysOnUsd(p),
      schedule: textOf(p, on),
      starts: Object.fromEntries(p.ids.map((id, g) => [id, scheduleValue(p, on).starts[g] ?? 0])),
    }
  })
