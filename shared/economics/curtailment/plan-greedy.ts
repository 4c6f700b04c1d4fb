import { addLoad, planAgainst, type Search, searchFrom, siteUsd, worth } from './plan-against.ts'
import { installedMW, type PlanProblem } from './plan-problem.ts'
import { planSeparably, separableWork } from './plan-separable.ts'
import { bestSets, MOST_IN_SETS } from './plan-sets.ts'
import { isLegal } from './schedule-rules.ts'
import { scheduleValue } from './schedule-value.ts'

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

/** Every group once more, whatever it is worth: what comes out keeps the minimum runs. */
const planEach = (s: Search): void => {
  for (const g of byWorth(s)) {
    addLoad(s, g, -1)
    planAgainst(s, g)
    addLoad(s, g, 1)
  }
}

/** Group after group, then two together where nothing else helps any more. */
const improve = (s: Search): void => {
  const order = byWorth(s)
  let now = worth(s)
  for (let before = Number.NEGATIVE_INFINITY; now > before && s.visited < MOST_WORK; ) {
    before = now
    for (const g of order) now = tryAgain(s, [g], now)
    if (now === before) for (const g of order) for (const h of order) if (g !== h && s.visited < MOST_WORK) now = tryAgain(s, [g, h], now)
  }
}

/** The best legal plan found, null if none was. A divisible group is switched as a whole. */
export const planGreedily = (p: PlanProblem): Uint8Array | null => {
  const { site } = p
  const alone = separableWork(p.intervals, p.groups)
  planSeparably(p, alone)
  const asBefore = new Uint8Array(p.groups * p.intervals)
  for (let g = 0; g < p.groups; g++) asBefore.fill(p.initialOn[g] ?? 0, g * p.intervals, (g + 1) * p.intervals)
  const found: { on: Uint8Array | null; usd: number } = { on: null, usd: Number.NEGATIVE_INFINITY }
  const search = (capMW: number): number => {
    const [plain, still] = [searchFrom(p, alone.on.slice(), capMW), searchFrom(p, asBefore.slice(), capMW)]
    const from = [plain, still]
    if (p.groups > 1 && p.groups <= MOST_IN_SETS) {
      const filled = searchFrom(
        p,
        bestSets(p, (t, loadMW) => siteUsd(plain, t, loadMW)),
        capMW,
      )
      planEach(filled)
      from.push(filled)
    }
    for (const s of from) improve(s)
    let best = Number.NEGATIVE_INFINITY
    for (const { on } of from) {
      if (!isLegal(p, on)) continue
      const usd = scheduleValue(p, on).totalUsd
      best = Math.max(best, usd)
      if (usd > found.usd) Object.assign(found, { on, usd })
    }
    return best
  }
  const limit = Math.min(site.maxSiteMW, installedMW(p))
  search(limit)
  if (site.demandChargePerMW > 0 && site.peakSoFarMW < limit) {
    // The worth of a plan rises with the peak it may reach ever more slowly, the charge evenly: halve towards the best.
    let low = Math.max(site.peakSoFarMW, site.baseMW)
    let high = limit
    let atLow = search(low)
    for (let k = 0; k < 6; k++) {
      const middle = (low + high) / 2
      const atMiddle = search(middle)
      if (atMiddle > atLow) {
        low = middle
        atLow = atMiddle
      } else high = middle
    }
  }
  return found.on
}
