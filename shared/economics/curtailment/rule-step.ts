import type { GroupsNow } from './backtest-period.ts'
import type { PlanProblem } from './plan-problem.ts'

/** Buffers of one step, filled again at every call. */
export type RuleWork = { readonly next: Uint8Array; readonly free: Uint8Array; readonly bestFirst: Int32Array }
export const ruleWork = (groups: number): RuleWork => ({
  next: new Uint8Array(groups),
  free: new Uint8Array(groups),
  bestFirst: Int32Array.from({ length: groups }, (_, g) => g),
})

/** Margin per MWh of each group at a price; all NaN where it is not known. */
export const marginsAt = (p: PlanProblem, pricePerMWh: number, adderPerMWh: number, into: Float64Array): void => {
  for (let g = 0; g < p.groups; g++) into[g] = (p.revenuePerMWh[g] ?? 0) - (p.marketShare[g] ?? 1) * pricePerMWh - adderPerMWh
}

const NO_DR = Number.POSITIVE_INFINITY

/**
 * The rule of one interval as a site can follow it (`economics.md` 4.1): a margin above zero runs, kept within minimum runs, the
 * site's limit and ramp; a floor and a call for demand response are obeyed where that costs less than the penalty. Answers the
 * state of each group in `work.next`. `marginPerMWh` NaN: nothing is known, the group stays as it is.
 */
export const ruleStep = (
  p: PlanProblem,
  now: GroupsNow,
  marginPerMWh: Float64Array,
  t: number,
  obey: boolean,
  work: RuleWork,
): Uint8Array => {
  const { next, free, bestFirst } = work
  const { site } = p
  let load = site.baseMW
  let loadBefore = site.baseMW
  for (let g = 0; g < p.groups; g++) {
    const on = now.on[g] ?? 0
    const margin = marginPerMWh[g] ?? Number.NaN
    free[g] = (now.held[g] ?? 0) >= ((on === 1 ? p.minUp[g] : p.minDown[g]) ?? 1) ? 1 : 0
    next[g] = !Number.isNaN(margin) && free[g] === 1 ? (margin > 0 ? 1 : 0) : on
    load += (p.mw[g] ?? 0) * (next[g] ?? 0)
    loadBefore += (p.mw[g] ?? 0) * on
  }
  const isLimited = load > site.maxSiteMW || Math.abs(load - loadBefore) > site.maxRampMW
  const isCalled = obey && site.drEvents.some((e) => t >= e.fromIndex && t < e.toIndex && load > e.maxMW)
  const isBelowFloor = obey && load < site.minSiteMW && site.floorPenaltyPerMWh > 0
  if (!isLimited && !isCalled && !isBelowFloor) return next

  // NaN ranks as nothing to win: last to be kept, first to be left alone.
  const worth = (g: number) => (Number.isNaN(marginPerMWh[g]) ? 0 : (marginPerMWh[g] ?? 0))
  bestFirst.sort((a, b) => worth(b) - worth(a) || a - b)
  const change = (g: number, to: number) => {
    load += (p.mw[g] ?? 0) * (to - (next[g] ?? 0))
    next[g] = to
  }
  if (isBelowFloor)
    for (const g of bestFirst)
      if (load < site.minSiteMW && next[g] === 0 && free[g] === 1 && worth(g) > -site.floorPenaltyPerMWh) change(g, 1)
  const shed = (capMW: number, worthUpTo: number) => {
    for (let k = bestFirst.length - 1; k >= 0; k--) {
      const g = bestFirst[k] ?? 0
      if (load > capMW && next[g] === 1 && free[g] === 1 && worth(g) < worthUpTo) change(g, 0)
    }
  }
  if (obey) for (const e of site.drEvents) if (t >= e.fromIndex && t < e.toIndex) shed(e.maxMW, e.penaltyPerMWh)
  shed(site.maxSiteMW, NO_DR)
  // What was shed may leave room for a smaller group.
  if (site.maxSiteMW < NO_DR)
    for (const g of bestFirst) {
      const isOpen = next[g] === 0 && free[g] === 1 && (marginPerMWh[g] ?? 0) > 0
      const dr = obey && site.drEvents.some((e) => t >= e.fromIndex && t < e.toIndex && load + (p.mw[g] ?? 0) > e.maxMW)
      if (isOpen && !dr && load + (p.mw[g] ?? 0) <= site.maxSiteMW) change(g, 1)
    }
  // Too steep: starts of the least worth wait, then stops of the most worth.
  for (let k = bestFirst.length - 1; k >= 0 && load - loadBefore > site.maxRampMW; k--) {
    const g = bestFirst[k] ?? 0
    if (next[g] === 1 && now.on[g] === 0) change(g, 0)
  }
  for (const g of bestFirst) if (loadBefore - load > site.maxRampMW && next[g] === 0 && now.on[g] === 1) change(g, 1)
  return next
}
