import type { SolveMilp } from './milp.ts'
import { planMilp, type Relaxed, scheduleFrom } from './plan-milp.ts'
import type { PlanProblem } from './plan-problem.ts'
import { initialLoadMW, TOLERANCE_MW } from './schedule-rules.ts'

/** A hard rule that stands against another: what is given, and what it would have to be for a plan to exist, all else kept. */
export type Conflict = {
  /** Field of the inputs that would have to change. */
  readonly rule: 'maxSiteMW' | 'maxRampMW' | 'baseMW' | 'initialIntervals'
  /** The group whose minimum run is meant, else null. */
  readonly group: string | null
  /** MW; of a minimum run the intervals that are left of it. */
  readonly given: number
  readonly needed: number
  /** True: only together with the other conflicts that say so. */
  readonly together: boolean
}

const shown = (x: number): string => (Number.isInteger(x) ? String(x) : x.toFixed(3).replace(/0+$/, ''))

/** Worked: "maxSiteMW is 10 MW; a plan needs 12 MW". */
export const conflictText = (c: Conflict): string => {
  const more = c.together ? ' (together with the others)' : ''
  switch (c.rule) {
    case 'maxSiteMW':
      return `maxSiteMW is ${shown(c.given)} MW; a plan needs at least ${shown(c.needed)} MW${more}`
    case 'maxRampMW':
      return `maxRampMW is ${shown(c.given)} MW an interval; a plan needs at least ${shown(c.needed)} MW${more}`
    case 'baseMW':
      return `baseMW is ${shown(c.given)} MW; the site's limit leaves room for ${shown(c.needed)} MW${more}`
    case 'initialIntervals':
      return `${c.group}: its minimum run lasts ${shown(c.given)} more intervals; a plan needs it over after ${shown(c.needed)}${more}`
  }
}

const limitAndBase = (p: PlanProblem, neededMW: number): Conflict[] => {
  const { baseMW, maxSiteMW } = p.site
  const limit: Conflict = { rule: 'maxSiteMW', group: null, given: maxSiteMW, needed: neededMW, together: false }
  return baseMW > maxSiteMW ? [limit, { rule: 'baseMW', group: null, given: baseMW, needed: maxSiteMW, together: false }] : [limit]
}

/**
 * What can be told without a search: load that the minimum runs hold on, or that the ramp cannot shed in time, is above the
 * limit. Null: not so; a plan may still not exist.
 * Worked: 30 MW before the plan, limit 20, ramp 5: 25 MW in the first interval; a ramp of 10 would do.
 */
export const plainConflicts = (p: PlanProblem): readonly Conflict[] | null => {
  const { site } = p
  const before = initialLoadMW(p)
  let neededMW = site.baseMW
  let neededRampMW = 0
  const locks = new Map<string, Conflict>()
  for (let t = 0; t < p.intervals; t++) {
    const held = p.ids.map((_, g) => (p.initialOn[g] === 1 && t < (p.locked[g] ?? 0) ? (p.mw[g] ?? 0) : 0))
    const heldMW = held.reduce((a, b) => a + b, site.baseMW)
    const shedMW = before - site.maxRampMW * (t + 1)
    neededMW = Math.max(neededMW, heldMW, shedMW)
    if (heldMW > site.maxSiteMW + TOLERANCE_MW)
      for (const [g, id] of p.ids.entries())
        if ((held[g] ?? 0) > 0 && !locks.has(id))
          locks.set(id, { rule: 'initialIntervals', group: id, given: p.locked[g] ?? 0, needed: t, together: true })
    if (shedMW > site.maxSiteMW + TOLERANCE_MW) neededRampMW = Math.max(neededRampMW, (before - site.maxSiteMW) / (t + 1))
  }
  if (neededMW <= site.maxSiteMW + TOLERANCE_MW) return null
  const list = limitAndBase(p, neededMW)
  if (neededRampMW > 0) list.push({ rule: 'maxRampMW', group: null, given: site.maxRampMW, needed: neededRampMW, together: locks.size > 0 })
  const only = locks.size === 1 && neededRampMW === 0
  return [...list, ...[...locks.values()].map((c) => ({ ...c, together: !only }))]
}

/** Conflicting rules by relaxing: each hard rule alone, by as little as makes a plan possible; where none helps alone, together. */
export const conflictsBySlack = (p: PlanProblem, solve: SolveMilp, seconds: number): readonly Conflict[] => {
  const relax = (relaxed: readonly Relaxed[]) => {
    const milp = planMilp(p, { relaxed })
    const { x } = solve(milp, { gap: 0, seconds })
    return x === null ? null : { x, milp }
  }
  const slackOf = ({ x, milp }: { x: Float64Array; milp: ReturnType<typeof planMilp> }): number =>
    milp.columns.cost.reduce((total, cost, k) => total + (k < p.groups * p.intervals ? 0 : cost * (x[k] ?? 0)), 0)
  const locksIn = (x: Float64Array, together: boolean): Conflict[] => {
    const on = scheduleFrom(p, x)
    return p.ids.flatMap((id, g): Conflict[] => {
      const locked = Math.min(p.intervals, p.locked[g] ?? 0)
      const row = on.subarray(g * p.intervals, g * p.intervals + locked)
      const kept = row.findIndex((now) => now !== p.initialOn[g])
      return kept < 0 ? [] : [{ rule: 'initialIntervals', group: id, given: p.locked[g] ?? 0, needed: kept, together }]
    })
  }
  const ramp = (slackMW: number, together: boolean): Conflict => ({
    rule: 'maxRampMW',
    group: null,
    given: p.site.maxRampMW,
    needed: p.site.maxRampMW + slackMW,
    together,
  })

  const found: Conflict[] = []
  const higher = relax(['site'])
  if (higher !== null) found.push(...limitAndBase(p, p.site.maxSiteMW + slackOf(higher)))
  const hasRamp = Number.isFinite(p.site.maxRampMW)
  const hasLocks = p.locked.some((left) => left > 0)
  const steeper = hasRamp ? relax(['ramp']) : null
  if (steeper !== null) found.push(ramp(slackOf(steeper), false))
  const freer = hasLocks ? relax(['locks']) : null
  const locks = freer === null ? [] : locksIn(freer.x, false)
  found.push(...locks.map((c) => ({ ...c, together: locks.length > 1 })))
  if (steeper === null && freer === null && hasRamp && hasLocks) {
    const both = relax(['ramp', 'locks'])
    if (both !== null) found.push(ramp(slackOf(both), true), ...locksIn(both.x, true))
  }
  return found
}
