import type { PlanProblem } from './plan-problem.ts'
import { initialLoadMW, TOLERANCE_MW } from './schedule-rules.ts'

/** Up to so many groups every set of them is looked at. */
export const MOST_IN_SETS = 10

/** What a site pays at a load in an interval; infinite: not allowed. */
export type SiteCost = (t: number, loadMW: number) => number

/** Sets of groups as bits: group g is on if bit g is set. */
type Sets = {
  readonly count: number
  readonly loadMW: Float64Array
  /** Of switching all groups of the set on. */
  readonly startUsd: Float64Array
  /** `[t * count + set]`: what the set earns in the interval, minus infinity where the site does not allow it. */
  readonly earnsUsd: Float64Array
  /** `[t * count + set]`: coming into interval t from the set, the most that can still be earned, minimum runs and ramp aside. */
  readonly aheadUsd: Float64Array
}

const has = (set: number, g: number): boolean => ((set >> g) & 1) === 1

/** A number for each set, from one for each group. */
const summed = (count: number, base: number, each: ArrayLike<number>): Float64Array => {
  const sums = new Float64Array(count).fill(base)
  for (let set = 1; set < count; set++) {
    const highest = 31 - Math.clz32(set)
    sums[set] = (sums[set & ~(1 << highest)] ?? 0) + (each[highest] ?? 0)
  }
  return sums
}

const setsOf = (p: PlanProblem, siteCost: SiteCost): Sets => {
  const { intervals: n, groups } = p
  const count = 1 << groups
  const loadMW = summed(count, p.site.baseMW, p.mw)
  const earnsUsd = new Float64Array(n * count)
  const aheadUsd = new Float64Array((n + 1) * count)
  for (let t = n - 1; t >= 0; t--) {
    const margins = Float64Array.from({ length: groups }, (_, g) => p.marginUsd[g * n + t] ?? 0)
    const earns = summed(count, 0, margins)
    const ahead = aheadUsd.subarray(t * count, (t + 1) * count)
    for (let set = 0; set < count; set++) {
      earns[set] = (earns[set] ?? 0) - siteCost(t, loadMW[set] ?? 0)
      ahead[set] = (earns[set] ?? 0) + (aheadUsd[(t + 1) * count + set] ?? 0)
    }
    earnsUsd.set(earns, t * count)
    // One group after the other may change; stopping is free, starting is not.
    for (let g = 0; g < groups; g++) {
      const bit = 1 << g
      const startUsd = p.startCostUsd[g] ?? 0
      for (let off = 0; off < count; off++) {
        if ((off & bit) !== 0) continue
        const whenOff = ahead[off] ?? 0
        const whenOn = ahead[off | bit] ?? 0
        ahead[off] = Math.max(whenOff, whenOn - startUsd)
        ahead[off | bit] = Math.max(whenOn, whenOff)
      }
    }
  }
  return { count, loadMW, startUsd: summed(count, 0, p.startCostUsd), earnsUsd, aheadUsd }
}

/** Successors looked at in all, and in an interval: as many unfinished plans are kept, times the sets each may go to. */
const MOST_LOOKED_AT = 1.7e7
const MOST_IN_AN_INTERVAL = 60_000
/** Unfinished plans kept that end in the same set, no two of them with the same time left to wait for every group. */
const KEPT_OF_A_SET = 12

/**
 * A legal plan, interval by interval: of all unfinished plans those are kept that earned most together with what their set of
 * running groups can still earn at best. Minimum runs, ramp and what the site allows are kept exactly; nothing proves that
 * the best plan was among those kept. Null: all of them came to an end.
 */
export const planBySets = (p: PlanProblem, siteCost: SiteCost): Uint8Array | null => {
  const { intervals: n, groups } = p
  const { count, loadMW, startUsd, earnsUsd, aheadUsd } = setsOf(p, siteCost)
  const most = Math.max(8, Math.floor(Math.min(MOST_IN_AN_INTERVAL, MOST_LOOKED_AT / n) / count))
  const ramp = p.site.maxRampMW + TOLERANCE_MW

  // The unfinished plans: their set, what they earned, and for how long each group must still stay as it is.
  let size = 1
  let set = new Int32Array(most)
  let usd = new Float64Array(most)
  let held = new Int32Array(most * groups)
  let [nextSet, nextUsd, nextHeld] = [new Int32Array(most), new Float64Array(most), new Int32Array(most * groups)]
  set[0] = p.initialOn.reduce((all, on, g) => all | (on << g), 0)
  held.set(p.locked.map((left) => Math.min(n, left)))
  const from = new Int32Array(n * most)
  const to = new Int32Array(n * most)

  // The times left to wait as one number: each group's in its own place.
  const placeOf = new Float64Array(groups)
  for (let g = 0, place = 1; g < groups; g++) {
    placeOf[g] = place
    place *= Math.max(1, Math.min(n, Math.max(p.minUp[g] ?? 1, p.minDown[g] ?? 1, p.locked[g] ?? 0)))
  }
  const waits = (runs: Int32Array) => placeOf.map((place, g) => place * (Math.min(n, runs[g] ?? 1) - 1))
  const waitUp = summed(count, 0, waits(p.minUp))
  const waitDown = summed(count, 0, waits(p.minDown))

  // Of each set the best that ends in it.
  const places = count * KEPT_OF_A_SET
  const bestUsd = new Float64Array(places)
  const bestFrom = new Int32Array(places)
  const bestWait = new Float64Array(places)
  const filled = new Int32Array(count)
  const order = new Int32Array(places)
  const score = new Float64Array(places)
  for (let t = 0; t < n; t++) {
    filled.fill(0)
    const earns = earnsUsd.subarray(t * count, (t + 1) * count)
    for (let k = 0; k < size; k++) {
      const now = set[k] ?? 0
      const before = t === 0 ? initialLoadMW(p) : (loadMW[now] ?? 0)
      let fixed = 0
      let stillWaiting = 0
      for (let g = 0; g < groups; g++) {
        const left = held[k * groups + g] ?? 0
        if (left === 0) continue
        fixed |= 1 << g
        stillWaiting += (left - 1) * (placeOf[g] ?? 0)
      }
      for (let then = 0; then < count; then++) {
        if (((now ^ then) & fixed) !== 0 || Math.abs((loadMW[then] ?? 0) - before) > ramp) continue
        const worth = (usd[k] ?? 0) + (earns[then] ?? 0) - (startUsd[then & ~now] ?? 0)
        if (worth === Number.NEGATIVE_INFINITY) continue
        const wait = stillWaiting + (waitUp[then & ~now] ?? 0) + (waitDown[now & ~then] ?? 0)
        const first = then * KEPT_OF_A_SET
        const end = first + (filled[then] ?? 0)
        // The place of a plan that waits as long, else a free one, else that of the worst.
        let place = first
        let worst = first
        for (; place < end && bestWait[place] !== wait; place++) if ((bestUsd[place] ?? 0) < (bestUsd[worst] ?? 0)) worst = place
        if (place === first + KEPT_OF_A_SET) place = worst
        if (place < end && (bestUsd[place] ?? 0) >= worth) continue
        if (place === end) filled[then] = place + 1 - first
        bestUsd[place] = worth
        bestFrom[place] = k
        bestWait[place] = wait
      }
    }
    let found = 0
    for (let then = 0; then < count; then++)
      for (let place = then * KEPT_OF_A_SET; place < then * KEPT_OF_A_SET + (filled[then] ?? 0); place++) {
        score[place] = (bestUsd[place] ?? 0) + (aheadUsd[(t + 1) * count + then] ?? 0)
        order[found++] = place
      }
    if (found === 0) return null
    order.subarray(0, found).sort((a, b) => (score[b] ?? 0) - (score[a] ?? 0))
    size = Math.min(most, found)
    for (let k = 0; k < size; k++) {
      const place = order[k] ?? 0
      const then = Math.floor(place / KEPT_OF_A_SET)
      const parent = bestFrom[place] ?? 0
      const changed = then ^ (set[parent] ?? 0)
      nextSet[k] = then
      nextUsd[k] = bestUsd[place] ?? 0
      from[t * most + k] = parent
      to[t * most + k] = then
      for (let g = 0; g < groups; g++) {
        const run = Math.min(n, (has(then, g) ? p.minUp[g] : p.minDown[g]) ?? 1)
        nextHeld[k * groups + g] = has(changed, g) ? run - 1 : Math.max(0, (held[parent * groups + g] ?? 0) - 1)
      }
    }
    ;[set, nextSet, usd, nextUsd, held, nextHeld] = [nextSet, set, nextUsd, usd, nextHeld, held]
  }
  const on = new Uint8Array(groups * n)
  for (let t = n - 1, k = 0; t >= 0; t--) {
    for (let g = 0; g < groups; g++) on[g * n + t] = has(to[t * most + k] ?? 0, g) ? 1 : 0
    k = from[t * most + k] ?? 0
  }
  return on
}
