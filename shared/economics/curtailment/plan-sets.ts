import type { PlanProblem } from './plan-problem.ts'

/** Up to so many groups every set of them is looked at. */
export const MOST_IN_SETS = 10

/**
 * The best sets of groups to have on, interval by interval, by dynamic programming over all sets: `siteUsd` (what the site
 * pays at a load) and start costs exact, minimum runs and ramp left aside. It fills a tight limit as no group alone would.
 * Worked: 10 MW at 50 and two of 6 MW at 40 USD/MWh under a limit of 12 MW: both small ones (480), not the best one (500 > 480: the best one).
 */
export const bestSets = (p: PlanProblem, siteUsd: (t: number, loadMW: number) => number): Uint8Array => {
  const { intervals: n, groups } = p
  const sets = 1 << groups
  const has = (set: number, g: number) => ((set >> g) & 1) === 1
  const loadMW = Float64Array.from({ length: sets }, (_, set) => p.mw.reduce((mw, of, g) => (has(set, g) ? mw + of : mw), p.site.baseMW))
  // Coming into interval t from a set: what is earned from there on, and the set to go to.
  const worth = new Float64Array(sets)
  const goTo = new Uint16Array(n * sets)
  for (let t = n - 1; t >= 0; t--) {
    const to = goTo.subarray(t * sets, (t + 1) * sets)
    for (let set = 0; set < sets; set++) {
      let usd = (worth[set] ?? 0) - siteUsd(t, loadMW[set] ?? 0)
      for (let g = 0; g < groups; g++) if (has(set, g)) usd += p.marginUsd[g * n + t] ?? 0
      worth[set] = usd
      to[set] = set
    }
    // One group after the other may change; stopping is free, starting is not.
    for (let g = 0; g < groups; g++) {
      const startCost = p.startCostUsd[g] ?? 0
      for (let off = 0; off < sets; off++) {
        if (has(off, g)) continue
        const on = off | (1 << g)
        const whenOff = worth[off] ?? 0
        const whenOn = worth[on] ?? 0
        const offTo = to[off] ?? 0
        if (whenOn - startCost > whenOff) {
          worth[off] = whenOn - startCost
          to[off] = to[on] ?? 0
        }
        if (whenOff > whenOn) {
          worth[on] = whenOff
          to[on] = offTo
        }
      }
    }
  }
  const on = new Uint8Array(groups * n)
  let set = p.initialOn.reduce((all, is, g) => all | (is << g), 0)
  for (let t = 0; t < n; t++) {
    set = goTo[t * sets + set] ?? 0
    for (let g = 0; g < groups; g++) on[g * n + t] = has(set, g) ? 1 : 0
  }
  return on
}
