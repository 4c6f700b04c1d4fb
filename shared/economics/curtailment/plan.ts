import { type Model, model } from '../model.ts'
import { sum } from '../sum.ts'
import type { SolveMilp } from './milp.ts'
import { type Conflict, conflictsBySlack, conflictText, plainConflicts } from './plan-conflicts.ts'
import { planGreedily } from './plan-greedy.ts'
import { milpSize, planMilp, scheduleFrom } from './plan-milp.ts'
import { installedMW, isCoupled, PlanInputs, type PlanProblem, planProblem } from './plan-problem.ts'
import { type PlanReason, planReasons } from './plan-reasons.ts'
import { planSeparably, separableWork } from './plan-separable.ts'
import { settleTies } from './plan-ties.ts'
import { isLegal } from './schedule-rules.ts'
import { alwaysOnUsd, type Schedule, scheduleValue, siteLoadMW } from './schedule-value.ts'

/** FEASIBLE: legal, its distance from the best is within `gap`. UNKNOWN: none was found, and none proven impossible. */
export type PlanStatus = 'OPTIMAL' | 'FEASIBLE' | 'INFEASIBLE' | 'UNKNOWN'
/** dp: exact, groups do not depend on each other; highs: the solver; greedy: no solver, or none of its answers could be used. */
export type PlanEngine = 'dp' | 'highs' | 'greedy'

export type SolvedPlan = {
  readonly status: PlanStatus
  readonly engine: PlanEngine
  /** `[g * intervals + t]`; null without a plan. */
  readonly on: Schedule | null
  readonly objectiveUsd: number | null
  /** No legal plan is worth more; null where nothing is proven. */
  readonly boundUsd: number | null
  /** (bound − objective) / |objective|; null without either, or where the objective is 0 and the bound is not. */
  readonly gap: number | null
  /** Of the solver; null where none was asked. */
  readonly seconds: number | null
  readonly timeLimitHit: boolean
  /** Of an infeasible plan: what stands against what. */
  readonly conflicts: readonly Conflict[]
}

export type PlanLimits = {
  readonly gap: number
  readonly seconds: number
  /** Of many plans one after the other: the search without a solver takes a tenth of its time. */
  readonly quick?: boolean
}
export const PLAN_LIMITS: PlanLimits = { gap: 0.001, seconds: 5 }

/** Group-intervals up to which a plan is solved to the optimum itself: a day of hours with ten groups. */
const EXACT_UP_TO = 256
/** Entries of a problem past which the solver would not come to an answer in any time limit. */
const LARGEST_MILP = 600_000
/** Group-intervals likewise: HiGHS looks at its clock between linear problems only, 3,000 x 64 held it for 48 s in place of 5. */
const MOST_SWITCHED = 20_000
/** Shares of the objective that are rounding, and dollars where the objective is next to nothing: the solver stops at 1e-7. */
const NOTHING = 1e-9
const NOTHING_USD = 1e-6

/**
 * Upper bound from the groups planned alone: less what the site pays at its base load whatever they do, and at its full load
 * for the floor.
 */
const looseBoundUsd = (p: PlanProblem, aloneUsd: number): number => {
  const { site, hours, intervals } = p
  const dr = site.drEvents.map((e) => e.penaltyPerMWh * hours * (e.toIndex - e.fromIndex) * Math.max(0, site.baseMW - e.maxMW))
  const short = Math.max(0, site.minSiteMW - installedMW(p))
  const floor = short === 0 ? 0 : site.floorPenaltyPerMWh * hours * intervals * short
  return aloneUsd - sum(dr) - floor - site.demandChargePerMW * Math.max(0, site.baseMW - site.peakSoFarMW)
}

const gapBetween = (objectiveUsd: number, boundUsd: number | null): number | null => {
  if (boundUsd === null) return null
  const above = boundUsd - objectiveUsd
  if (above <= Math.max(NOTHING_USD, NOTHING * Math.abs(objectiveUsd))) return 0
  return objectiveUsd === 0 ? null : above / Math.abs(objectiveUsd)
}

/** Whole groups only: what the search without a solver, and the settling of ties, can handle. */
const inWholes = (on: Schedule): Uint8Array | null => {
  for (let k = 0; k < on.length; k++) if (on[k] !== 0 && on[k] !== 1) return null
  return Uint8Array.from(on)
}

const withoutPlan = (
  status: 'INFEASIBLE' | 'UNKNOWN',
  engine: PlanEngine,
  seconds: number | null,
  timeLimitHit: boolean,
  conflicts: readonly Conflict[] = [],
): SolvedPlan => ({ status, engine, on: null, objectiveUsd: null, boundUsd: null, gap: null, seconds, timeLimitHit, conflicts })

/**
 * The plan without its reasons. Groups that do not depend on each other are planned one by one, exactly; else the solver is
 * given the problem with a greedy plan to begin from, and where it is absent or of no use that plan is the answer.
 */
export const solvePlan = (p: PlanProblem, solve: SolveMilp | null, limits: PlanLimits = PLAN_LIMITS): SolvedPlan => {
  const work = separableWork(p.intervals, p.groups)
  const aloneUsd = planSeparably(p, work)
  if (!isCoupled(p)) {
    const objectiveUsd = scheduleValue(p, work.on).totalUsd
    const proven = { status: 'OPTIMAL', engine: 'dp', boundUsd: objectiveUsd, gap: 0, seconds: null, timeLimitHit: false } as const
    return { ...proven, on: work.on, objectiveUsd, conflicts: [] }
  }
  const usable = solve !== null && milpSize(p) <= LARGEST_MILP && p.groups * p.intervals <= MOST_SWITCHED ? solve : null
  const against = plainConflicts(p)
  if (against !== null) {
    const bySlack = usable === null ? [] : conflictsBySlack(p, usable, limits.seconds)
    return withoutPlan('INFEASIBLE', usable === null ? 'greedy' : 'highs', null, false, bySlack.length > 0 ? bySlack : against)
  }
  const first = planGreedily(p, limits.quick)
  const gap = p.groups * p.intervals <= EXACT_UP_TO ? 0 : limits.gap
  const answer = usable === null ? null : usable(planMilp(p, { first }), { gap, seconds: limits.seconds })
  const seconds = answer?.seconds ?? null
  const timeLimitHit = answer?.timeLimitHit ?? false
  if (usable !== null && answer?.status === 'infeasible' && first === null)
    return withoutPlan('INFEASIBLE', 'highs', seconds, false, conflictsBySlack(p, usable, limits.seconds))

  const solved = answer === null || answer.x === null ? null : scheduleFrom(p, answer.x)
  const legal = solved !== null && isLegal(p, solved) ? solved : null
  const engine = legal === null ? 'greedy' : 'highs'
  const found = legal ?? first
  if (found === null) return withoutPlan('UNKNOWN', engine, seconds, timeLimitHit)
  const whole = inWholes(found)
  const on = whole === null ? found : settleTies(p, whole)
  const objectiveUsd = scheduleValue(p, on).totalUsd
  const loose = looseBoundUsd(p, aloneUsd)
  const proven = answer === null || answer.status === 'infeasible' ? loose : Math.min(loose, -answer.bound)
  const boundUsd = Math.max(objectiveUsd, proven)
  const distance = gapBetween(objectiveUsd, boundUsd)
  const status = distance !== null && distance <= Math.max(gap, NOTHING) ? 'OPTIMAL' : 'FEASIBLE'
  return { status, engine, on, objectiveUsd, boundUsd, gap: distance, seconds, timeLimitHit, conflicts: [] }
}

const inDigits = (p: PlanProblem, on: Schedule, g: number): string =>
  Array.from({ length: p.intervals }, (_, t) => ((on[g * p.intervals + t] ?? 0) > 0 ? '1' : '0')).join('')

export type Plan = Omit<SolvedPlan, 'on' | 'conflicts'> & {
  readonly alwaysOnUsd: number
  /** By group, a digit an interval: 1 on (of a divisible group any part of it). Null without a plan, as all below. */
  readonly schedule: Readonly<Record<string, string>> | null
  readonly starts: Readonly<Record<string, number>> | null
  /** Of divisible groups: the part that runs, by interval. */
  readonly onShare: Readonly<Record<string, readonly number[]>> | null
  readonly siteMW: readonly number[] | null
  readonly marginUsd: number | null
  readonly startCostUsd: number | null
  readonly demandChargeUsd: number | null
  readonly floorPenaltyUsd: number | null
  readonly drPenaltyUsd: number | null
  readonly reasons: Readonly<Record<string, readonly PlanReason[]>> | null
  /** The rules that exclude each other, with what each would have to be; `text` says it in words. */
  readonly conflicts: readonly (Conflict & { readonly text: string })[]
}

/**
 * The plan of the next intervals (`economics.md` 4.3): which groups run when, so that margin less start costs, demand charge
 * and penalties is greatest, within minimum runs, site limit and ramp. A conflict of hard rules is a result (INFEASIBLE) and
 * names them. Equal plans: fewer starts, then machines on earlier, group by group.
 * Worked: 10 MW earning 100, start 120, runs of 2; prices 30 30 180 260 40 30 30 30: off in the spike,
 * 700 + 700 + 600 + 3 x 700 − 120 = 3,980 against 1,700 always on.
 */
export const planWith = (solve: SolveMilp | null, limits: PlanLimits = PLAN_LIMITS): Model<PlanInputs, Plan> =>
  model({ id: 'curtailment.plan', section: '4.3' }, PlanInputs, (i, { step }): Plan => {
    const p = planProblem(i)
    const { on, conflicts, ...figures } = solvePlan(p, solve, limits)
    const always = { alwaysOnUsd: alwaysOnUsd(p), conflicts: conflicts.map((c) => ({ ...c, text: conflictText(c) })) }
    if (on === null) {
      const amounts = { marginUsd: null, startCostUsd: null, demandChargeUsd: null, floorPenaltyUsd: null, drPenaltyUsd: null }
      return { ...figures, ...always, ...amounts, schedule: null, starts: null, onShare: null, siteMW: null, reasons: null }
    }
    const { starts, peakMW, totalUsd, ...amounts } = scheduleValue(p, on)
    for (const [name, usd] of Object.entries(amounts)) step(name, usd)
    step('peakMW', peakMW)
    step('totalUsd', totalUsd, 'marginUsd - startCostUsd - demandChargeUsd - floorPenaltyUsd - drPenaltyUsd')
    const byId = <T>(of: (g: number) => T): Record<string, T> => Object.fromEntries(p.ids.map((id, g) => [id, of(g)]))
    const parts = p.ids.flatMap((id, g): [string, number[]][] =>
      p.divisible[g] === 1 ? [[id, Array.from({ length: p.intervals }, (_, t) => on[g * p.intervals + t] ?? 0)]] : [],
    )
    return {
      ...figures,
      ...always,
      ...amounts,
      schedule: byId((g) => inDigits(p, on, g)),
      starts: byId((g) => starts[g] ?? 0),
      onShare: parts.length === 0 ? null : Object.fromEntries(parts),
      siteMW: Array.from(siteLoadMW(p, on)),
      reasons: planReasons(i, p, on),
    }
  })
