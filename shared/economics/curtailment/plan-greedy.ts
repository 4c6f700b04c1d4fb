import { addLoad, planAgainst, type Search, searchFrom, siteUsd, worth } from './plan-against.ts'
import { installedMW, type PlanProblem } from './plan-problem.ts'
import { planSeparably, separableWork } from './plan-separable.ts'
import { MOST_IN_SETS, planBySets } from './plan-sets.ts'
import { isLegal, TOLERANCE_MW } from './schedule-rules.ts'
import { scheduleValue, siteLoadMW } from './schedule-value.ts'

/**
 * A legal plan where the site's rules join the groups, without a solver: group after group is planned exactly against the
 * load of the others until nothing improves, then two together. No proof of being the best comes with it.
 */

/** Interval visits of one search; some tens of milliseconds. */
const MOST_WORK = 1e6

/** Takes the groups out and plans them again one by one in this order; keeps the result if it is worth more than `so`. */
const tryAgain = (s: Search, order: readonly number[], so: number): number => {
  s.kept.set(s.on)
  s.keptLoad.set(s.load)
  for (const g of order) addLoad(s, g, -1)
  for (const g of order) {
    planAgainst(s, g)
    addLoad(s, g, 1)
  }
  s.visited += (2 * order.length + s.p.groups) * s.p.intervals
  const now = worth(s)
  if (now > so + 1e-9 * Math.abs(so)) return now
  s.on.set(s.kept)
  s.load.set(s.keptLoad)
  return so
}

/** What a MW of each group earns, the least first: the least valuable give way first. */
const byWorth = ({ p }: Search): readonly number[] => {
  const n = p.intervals
  const perMW = p.ids.map((_, g) => p.marginUsd.subarray(g * n, (g + 1) * n).reduce((a, b) => a + b, 0) / (p.mw[g] || 1))
  return p.ids.map((_, g) => g).sort((a, b) => (perMW[a] ?? 0) - (perMW[b] ?? 0))
}

/** Group after group, then two together where nothing else helps any more. */
const improve = (s: Search, mostWork: number): void => {
  const order = byWorth(s)
  let now = worth(s)
  for (let before = Number.NEGATIVE_INFINITY; now > before && s.visited < mostWork; ) {
    before = now
    for (const g of order) now = tryAgain(s, [g], now)
    if (now === before) for (const g of order) for (const h of order) if (g !== h && s.visited < mostWork) now = tryAgain(s, [g, h], now)
  }
}

/** Interval visits of a repair: a year of 15 minutes is repaired 35,040 times. */
const MOST_REPAIR_WORK = 25_000

/**
 * A legal plan under prices that have moved since it was made: a better one where few groups have to change, else itself. A peak
 * that the plan does not set is not set here either.
 */
export const repairPlan = (p: PlanProblem, schedule: Uint8Array): Uint8Array => {
  const { site } = p
  const peakMW = site.demandChargePerMW > 0 ? siteLoadMW(p, schedule).reduce((a, b) => Math.max(a, b), site.peakSoFarMW) : installedMW(p)
  const s = searchFrom(p, schedule.slice(), Math.min(site.maxSiteMW, peakMW))
  improve(s, MOST_REPAIR_WORK)
  return isLegal(p, s.on) ? s.on : schedule
}

/**
 * The best legal plan found, null if none was. A divisible group is switched as a whole. `quick`: sets of groups, most of the
 * work, are looked at only where nothing legal was found without.
 */
export const planGreedily = (p: PlanProblem, quick = false): Uint8Array | null => {
  const { site } = p
  const alone = separableWork(p.intervals, p.groups)
  planSeparably(p, alone)
  const asBefore = new Uint8Array(p.groups * p.intervals)
  for (let g = 0; g < p.groups; g++) asBefore.fill(p.initialOn[g] ?? 0, g * p.intervals, (g + 1) * p.intervals)
  const found: { on: Uint8Array | null; usd: number; capMW: number } = { on: null, usd: Number.NEGATIVE_INFINITY, capMW: 0 }
  /** Under this limit of site load, from here; answers what the plan is worth, minus infinity if it is not legal. */
  const search = (capMW: number, from: Uint8Array): number => {
    const s = searchFrom(p, from, capMW)
    improve(s, MOST_WORK)
    if (!isLegal(p, s.on)) return Number.NEGATIVE_INFINITY
    const { totalUsd: usd } = scheduleValue(p, s.on)
    if (usd > found.usd) Object.assign(found, { on: s.on, usd, capMW })
    return usd
  }
  const searchBoth = (capMW: number): number => Math.max(search(capMW, alone.on.slice()), search(capMW, asBefore.slice()))

  const limit = Math.min(site.maxSiteMW, installedMW(p))
  let low = limit
  searchBoth(limit)
  if (site.demandChargePerMW > 0 && site.peakSoFarMW < limit) {
    // The worth of a plan rises with the peak it may reach ever more slowly, the charge evenly: halve towards the best.
    low = Math.max(site.peakSoFarMW, site.baseMW)
    let high = limit
    let atLow = searchBoth(low)
    for (let k = 0, from = low; k < 6; k++) {
      const middle = (from + high) / 2
      const atMiddle = searchBoth(middle)
      if (atMiddle > atLow) {
        from = middle
        atLow = atMiddle
      } else high = middle
    }
  }
  if (p.groups > 1 && p.groups <= MOST_IN_SETS && !(quick && found.on !== null))
    for (const capMW of new Set([low, found.on === null ? limit : found.capMW])) {
      const within = searchFrom(p, asBefore, capMW)
      const filled = planBySets(p, (t, loadMW) => (loadMW > capMW + TOLERANCE_MW ? Number.POSITIVE_INFINITY : siteUsd(within, t, loadMW)))
      if (filled !== null) search(capMW, filled)
    }
  return found.on
}
