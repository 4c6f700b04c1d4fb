import type { PlanInputs } from '#shared/economics/curtailment/plan-problem.ts'

/** Plans by looking at every legal schedule: slow, obvious, and apart from the product's code. */

type Group = PlanInputs['groups'][number]

/** Every way to switch a group on and off in which all runs, the one before the plan included, are long enough. */
export const legalSchedules = (group: Group, intervals: number): string[] => {
  const minimum = (state: string) => (state === '1' ? group.minUpIntervals : group.minDownIntervals)
  const first = String(group.initialOn)
  const grow = (so: string, held: number): string[] => {
    if (so.length === intervals) return [so]
    const last = so.at(-1) ?? first
    const stay = grow(so + last, held + 1)
    return held < minimum(last) ? stay : [...stay, ...grow(so + (last === '1' ? '0' : '1'), 1)]
  }
  return grow('', group.initialIntervals ?? Number.POSITIVE_INFINITY)
}

const startsIn = (group: Group, schedule: string): number => (String(group.initialOn) + schedule).split('01').length - 1

const loadsOf = (i: PlanInputs, plan: readonly string[]): number[] =>
  i.pricePerMWh.map((_, t) => i.groups.reduce((mw, g, k) => mw + (plan[k]?.[t] === '1' ? g.mw : 0), i.baseMW ?? 0))

/** USD of a plan, one digit string a group. */
export const worthOf = (i: PlanInputs, plan: readonly string[]): number => {
  let usd = 0
  for (const [k, g] of i.groups.entries()) {
    const schedule = plan[k] ?? ''
    usd -= startsIn(g, schedule) * g.startCostUsd
    for (const [t, price] of i.pricePerMWh.entries())
      if (schedule[t] === '1') usd += g.mw * i.intervalHours * (g.revenuePerMWh - price - (i.adderPerMWh?.[t] ?? 0))
  }
  const loads = loadsOf(i, plan)
  usd -= (i.demandChargePerMW ?? 0) * Math.max(0, ...loads.map((mw) => mw - (i.peakSoFarMW ?? 0)))
  for (const [t, mw] of loads.entries()) {
    if (i.minSiteMW !== undefined) usd -= (i.floorPenaltyPerMWh ?? 0) * i.intervalHours * Math.max(0, i.minSiteMW - mw)
    for (const e of i.drEvents ?? [])
      if (e.fromIndex <= t && t < e.toIndex) usd -= e.penaltyPerMWh * i.intervalHours * Math.max(0, mw - e.maxMW)
  }
  return usd
}

/** Whether site limit and ramp are kept. */
export const keepsSite = (i: PlanInputs, plan: readonly string[]): boolean => {
  const before = i.groups.reduce((mw, g) => mw + g.initialOn * g.mw, i.baseMW ?? 0)
  const loads = loadsOf(i, plan)
  return loads.every(
    (mw, t) => mw <= (i.maxSiteMW ?? Infinity) + 1e-9 && Math.abs(mw - (loads[t - 1] ?? before)) <= (i.maxRampMW ?? Infinity) + 1e-9,
  )
}

export type Best = { readonly usd: number; readonly plan: readonly string[] }

/** The best plan: most USD, then fewest starts, then on in the earlier interval, the first group before the second; null: none. */
export const bestOfAll = (i: PlanInputs): Best | null => {
  const ways = i.groups.map((g) => legalSchedules(g, i.pricePerMWh.length))
  const startsOf = (plan: readonly string[]) => i.groups.reduce((n, g, k) => n + startsIn(g, plan[k] ?? ''), 0)
  const isBetter = (a: Best, b: Best): boolean => {
    if (Math.abs(a.usd - b.usd) > 1e-9) return a.usd > b.usd
    const more = startsOf(a.plan) - startsOf(b.plan)
    return more === 0 ? a.plan.join() > b.plan.join() : more < 0
  }
  let best: Best | null = null
  const choose = (plan: readonly string[]): void => {
    const next = ways[plan.length]
    if (next !== undefined) {
      for (const way of next) choose([...plan, way])
      return
    }
    const one = { usd: worthOf(i, plan), plan }
    if (keepsSite(i, plan) && (best === null || isBetter(one, best))) best = one
  }
  choose([])
  return best
}
