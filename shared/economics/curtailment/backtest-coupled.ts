import { forecastFrom, horizonEnd, intervalsPerDay } from './backtest-forecast.ts'
import {
  allOff,
  type BacktestPeriod,
  beginFrom,
  fillMargins,
  type GroupsNow,
  groupsBefore,
  moveOn,
  type PeriodSchedule,
} from './backtest-period.ts'
import type { SolveMilp } from './milp.ts'
import { type PlanLimits, solvePlan } from './plan.ts'
import { planGreedily, repairPlan } from './plan-greedy.ts'
import { type PlanProblem, planProblem } from './plan-problem.ts'
import { marginsAt, type RuleWork, ruleStep, ruleWork } from './rule-step.ts'

/**
 * Schedules of a period whose groups depend on each other through a rule of the site. A month's demand charge is borne by its
 * days in equal parts: one day's margin never pays for a whole month's peak, and a plan that sees a day only would never set one.
 */

/** One part of the period as a problem of its own that begins where the last one ended. */
const partOf = (period: BacktestPeriod, from: number, to: number, peakSoFarMW: number, demandChargePerMW: number): PlanProblem => {
  const { plan } = period
  return planProblem({
    ...plan,
    // All or nothing, as in every strategy here: a part of a group is nothing that the settlement knows.
    groups: plan.groups.map((g) => ({ ...g, divisible: false })),
    pricePerMWh: new Array<number>(to - from).fill(0),
    ...(plan.adderPerMWh === undefined ? {} : { adderPerMWh: plan.adderPerMWh.slice(from, to) }),
    peakSoFarMW,
    demandChargePerMW,
    drEvents: (plan.drEvents ?? [])
      .map((e) => ({ ...e, fromIndex: Math.max(0, e.fromIndex - from), toIndex: Math.min(to, e.toIndex) - from }))
      .filter((e) => e.fromIndex < e.toIndex),
  })
}

/** The month's peak as far as it has come, and the part of its charge that a plan of some intervals bears. */
const monthlyCharge = (period: BacktestPeriod, p: PlanProblem) => {
  let month = -1
  let monthEnd = 0
  let peakMW = 0
  return {
    begin: (t: number): void => {
      if (period.monthOf[t] === month) return
      month = period.monthOf[t] ?? 0
      peakMW = month === 0 ? p.site.peakSoFarMW : 0
      monthEnd = t
      while (monthEnd < p.intervals && period.monthOf[monthEnd] === month) monthEnd++
    },
    plan: (t: number, end: number): PlanProblem => {
      const part = Math.min(1, (end - t) / Math.max(1, monthEnd - t))
      return partOf(period, t, end, peakMW, part * p.site.demandChargePerMW)
    },
    reach: (loadMW: number): void => {
      peakMW = Math.max(peakMW, loadMW)
    },
  }
}

/** What the groups do in interval t is done; answers the site's load. */
const commit = (p: PlanProblem, now: GroupsNow, t: number, stateOf: (g: number) => number, on: PeriodSchedule): number => {
  let load = p.site.baseMW
  for (let g = 0; g < p.groups; g++) {
    const state = stateOf(g)
    moveOn(now, g, state)
    on[g * p.intervals + t] = state
    load += (p.mw[g] ?? 0) * state
  }
  return load
}

/** The rule on a forecast, for an interval that no plan covers. */
const byRule = (period: BacktestPeriod, p: PlanProblem, now: GroupsNow, t: number, pricePerMWh: number, work: RuleWork): Uint8Array => {
  const margins = new Float64Array(p.groups)
  marginsAt(p, pricePerMWh, period.plan.adderPerMWh?.[t] ?? 0, margins)
  return ruleStep(p, now, margins, t, true, work)
}

export type Found = { readonly on: PeriodSchedule; readonly engines: ReadonlySet<string> }

/** The best that is found with every price known, day by day: planned at the day's first interval, committed for the day. */
export const foresightByDay = (
  period: BacktestPeriod,
  p: PlanProblem,
  solve: SolveMilp | null,
  limits: PlanLimits,
  progress: (share: number) => void,
): Found => {
  const { plan } = period
  const on = allOff(p)
  const now = groupsBefore(period)
  const perDay = intervalsPerDay(p.hours)
  const engines = new Set<string>()
  const work = ruleWork(p.groups)
  const charge = monthlyCharge(period, p)
  for (let t = 0; t < p.intervals; t += perDay) {
    const end = horizonEnd(period, t, perDay)
    charge.begin(t)
    const day = charge.plan(t, end)
    fillMargins(day, plan.pricePerMWh, plan.adderPerMWh ?? null, t, end - t)
    beginFrom(day, now)
    const { on: found, engine } = solvePlan(day, solve, limits)
    engines.add(found === null ? 'rule' : engine)
    for (let k = t; k < Math.min(p.intervals, t + perDay); k++) {
      const next = found === null ? byRule(period, p, now, k, plan.pricePerMWh[k] ?? Number.NaN, work) : null
      charge.reach(
        commit(p, now, k, (g) => (next === null ? ((found?.[g * day.intervals + k - t] ?? 0) >= 0.5 ? 1 : 0) : (next[g] ?? 0)), on),
      )
    }
    progress(t / p.intervals)
  }
  return { on, engines }
}

const EVERY = 64

/**
 * Re-planned at every interval with what is known then, and only that interval committed: from the ground up each day and when
 * day-ahead prices are published, between them the plan is repaired to the forecast as it moves. No solver: what its last
 * per mille is worth is far below what a forecast is off, and a search that counts its work gives the same plan on any machine.
 */
export const rollingByRepair = (period: BacktestPeriod, p: PlanProblem, progress: (share: number) => void): Found => {
  const { plan } = period
  const n = p.intervals
  const on = allOff(p)
  const now = groupsBefore(period)
  const perDay = intervalsPerDay(p.hours)
  const engines = new Set<string>()
  const work = ruleWork(p.groups)
  const charge = monthlyCharge(period, p)
  const forecast = new Float64Array(n)
  // What is intended from now on, up to `plannedTo`; none: no legal plan was found.
  const intended = allOff(p)
  let plannedTo = 0
  let plannedAt = Number.NEGATIVE_INFINITY
  for (let t = 0; t < n; t++) {
    const end = horizonEnd(period, t, perDay)
    charge.begin(t)
    forecastFrom(period, t, end, perDay, forecast)
    const ahead = charge.plan(t, end)
    fillMargins(ahead, forecast, plan.adderPerMWh ?? null, t, end - t)
    beginFrom(ahead, now)
    const isPublished = t > 0 && (period.dayAheadKnownTo[t] ?? 0) > (period.dayAheadKnownTo[t - 1] ?? 0)
    let found: Uint8Array | null
    if (plannedTo <= t || isPublished || t - plannedAt >= perDay) {
      found = planGreedily(ahead, true)
      plannedAt = t
    } else {
      const kept = new Uint8Array(p.groups * ahead.intervals)
      for (let g = 0; g < p.groups; g++)
        for (let k = t; k < end; k++) kept[g * ahead.intervals + k - t] = intended[g * n + Math.min(k, plannedTo - 1)] ?? 0
      found = repairPlan(ahead, kept)
    }
    engines.add(found === null ? 'rule' : 'greedy')
    plannedTo = found === null ? t : end
    if (found !== null)
      for (let g = 0; g < p.groups; g++) intended.set(found.subarray(g * ahead.intervals, (g + 1) * ahead.intervals), g * n + t)
    const next = found === null ? byRule(period, p, now, t, forecast[t] ?? Number.NaN, work) : null
    charge.reach(commit(p, now, t, (g) => (next === null ? (intended[g * n + t] ?? 0) : (next[g] ?? 0)), on))
    if (t % EVERY === 0) progress(t / n)
  }
  return { on, engines }
}
