import { installedMW, type PlanProblem } from './plan-problem.ts'
import { initialLoadMW, TOLERANCE_MW } from './schedule-rules.ts'

/**
 * One group planned exactly against the load of the others: the step of which a search without a solver is made. The site's
 * rules become costs, a broken one costs more than all the money in the problem.
 */

export type Search = {
  readonly p: PlanProblem
  /** Load above this counts as a broken rule: the site's limit, or a lower peak that is tried. */
  readonly capMW: number
  /** What a MW of a broken rule costs here: more than everything else together. */
  readonly brokenUsdPerMW: number
  /** Closer values than this are equal. */
  readonly equalUsd: number
  readonly on: Uint8Array
  readonly load: Float64Array
  readonly before: number
  readonly b: Buffers
  readonly kept: Uint8Array
  readonly keptLoad: Float64Array
  /** Intervals looked at so far: a search ends by its work, not by a clock. */
  visited: number
}

type Buffers = {
  readonly onUsd: Float64Array
  readonly offUsd: Float64Array
  readonly ramp: readonly [Float64Array, Float64Array, Float64Array, Float64Array]
  readonly runSum: Float64Array
  readonly restSum: Float64Array
  readonly whenOn: Float64Array
  readonly whenOff: Float64Array
  readonly startsWhenOn: Int32Array
  readonly startsWhenOff: Int32Array
  readonly stops: Uint8Array
  readonly waits: Uint8Array
}
const buffers = (n: number): Buffers => {
  const list = () => new Float64Array(n + 1)
  return {
    onUsd: list(),
    offUsd: list(),
    ramp: [list(), list(), list(), list()],
    runSum: list(),
    restSum: list(),
    whenOn: list(),
    whenOff: list(),
    startsWhenOn: new Int32Array(n + 1),
    startsWhenOff: new Int32Array(n + 1),
    stops: new Uint8Array(n),
    waits: new Uint8Array(n),
  }
}

/** Penalties of the interval at this load, broken rules included. */
export const siteUsd = (s: Search, t: number, loadMW: number): number => {
  const { site, hours } = s.p
  let usd = 0
  if (loadMW > s.capMW + TOLERANCE_MW) usd += (loadMW - s.capMW) * s.brokenUsdPerMW
  if (loadMW < site.minSiteMW) usd += (site.minSiteMW - loadMW) * site.floorPenaltyPerMWh * hours
  for (const e of site.drEvents)
    if (t >= e.fromIndex && t < e.toIndex && loadMW > e.maxMW) usd += (loadMW - e.maxMW) * e.penaltyPerMWh * hours
  return usd
}

/** The best schedule of one group against the load of the others, which `load` holds (its own taken out before). */
export const planAgainst = (s: Search, g: number): void => {
  const { p, b, load } = s
  const n = p.intervals
  const row = g * n
  const mw = p.mw[g] ?? 0
  const minUp = p.minUp[g] ?? 1
  const minDown = p.minDown[g] ?? 1
  const startCost = p.startCostUsd[g] ?? 0
  const ramped = Number.isFinite(p.site.maxRampMW)
  const [offOff, offOn, onOff, onOn] = b.ramp
  let before = s.before - mw * (p.initialOn[g] ?? 0)
  for (let t = 0; t < n; t++) {
    const rest = load[t] ?? 0
    b.onUsd[t] = (p.marginUsd[row + t] ?? 0) - siteUsd(s, t, rest + mw)
    b.offUsd[t] = -siteUsd(s, t, rest)
    if (ramped) {
      const over = (change: number) => {
        const past = Math.abs(change) - p.site.maxRampMW
        return past > TOLERANCE_MW ? past * s.brokenUsdPerMW : 0
      }
      const change = rest - before
      offOff[t] = over(change)
      onOn[t] = offOff[t] ?? 0
      offOn[t] = over(change + mw)
      onOff[t] = over(change - mw)
      before = rest
    }
    b.runSum[t + 1] = (b.runSum[t] ?? 0) + (b.onUsd[t] ?? 0) - (onOn[t] ?? 0)
    b.restSum[t + 1] = (b.restSum[t] ?? 0) + (b.offUsd[t] ?? 0) - (offOff[t] ?? 0)
  }
  b.whenOn[n] = 0
  b.whenOff[n] = 0
  b.startsWhenOn[n] = 0
  b.startsWhenOff[n] = 0
  for (let t = n - 1; t >= 0; t--) {
    const upTo = Math.min(n, t + minUp)
    const downTo = Math.min(n, t + minDown)
    const run = (b.onUsd[t] ?? 0) - (onOn[t] ?? 0) + (b.whenOn[t + 1] ?? 0)
    const runStarts = b.startsWhenOn[t + 1] ?? 0
    const stop = (b.offUsd[t] ?? 0) - (onOff[t] ?? 0) + (b.restSum[downTo] ?? 0) - (b.restSum[t + 1] ?? 0) + (b.whenOff[downTo] ?? 0)
    const stopStarts = b.startsWhenOff[downTo] ?? 0
    const stops = stop - run > s.equalUsd || (stop - run >= -s.equalUsd && stopStarts < runStarts)
    b.stops[t] = stops ? 1 : 0
    b.whenOn[t] = stops ? stop : run
    b.startsWhenOn[t] = stops ? stopStarts : runStarts
    const wait = (b.offUsd[t] ?? 0) - (offOff[t] ?? 0) + (b.whenOff[t + 1] ?? 0)
    const waitStarts = b.startsWhenOff[t + 1] ?? 0
    const start = (b.onUsd[t] ?? 0) - (offOn[t] ?? 0) - startCost + (b.runSum[upTo] ?? 0) - (b.runSum[t + 1] ?? 0) + (b.whenOn[upTo] ?? 0)
    const startStarts = 1 + (b.startsWhenOn[upTo] ?? 0)
    const waits = wait - start > s.equalUsd || (wait - start >= -s.equalUsd && waitStarts < startStarts)
    b.waits[t] = waits ? 1 : 0
    b.whenOff[t] = waits ? wait : start
    b.startsWhenOff[t] = waits ? waitStarts : startStarts
  }
  let state = p.initialOn[g] ?? 0
  let t = Math.min(n, p.locked[g] ?? 0)
  s.on.fill(state, row, row + t)
  while (t < n) {
    const changes = (state === 1 ? b.stops[t] : 1 - (b.waits[t] ?? 1)) === 1
    if (changes) state = 1 - state
    const to = changes ? Math.min(n, t + (state === 1 ? minUp : minDown)) : t + 1
    s.on.fill(state, row + t, row + to)
    t = to
  }
}

export const addLoad = (s: Search, g: number, sign: 1 | -1): void => {
  const n = s.p.intervals
  const mw = (s.p.mw[g] ?? 0) * sign
  for (let t = 0; t < n; t++) s.load[t] = (s.load[t] ?? 0) + mw * (s.on[g * n + t] ?? 0)
}

/** Value of the whole schedule under the search's own penalties, demand charge included. */
export const worth = (s: Search): number => {
  const { p } = s
  const n = p.intervals
  let usd = 0
  let peak = 0
  let before = s.before
  for (let t = 0; t < n; t++) {
    const load = s.load[t] ?? 0
    usd -= siteUsd(s, t, load)
    const past = Math.abs(load - before) - p.site.maxRampMW
    if (past > TOLERANCE_MW) usd -= past * s.brokenUsdPerMW
    peak = Math.max(peak, load)
    before = load
  }
  usd -= p.site.demandChargePerMW * Math.max(0, peak - p.site.peakSoFarMW)
  for (let g = 0; g < p.groups; g++) {
    let was = p.initialOn[g] ?? 0
    for (let t = 0; t < n; t++) {
      const is = s.on[g * n + t] ?? 0
      if (is === 1) usd += p.marginUsd[g * n + t] ?? 0
      if (is > was) usd -= p.startCostUsd[g] ?? 0
      was = is
    }
  }
  return usd
}

/** A search from a schedule under a limit of site load. */
export const searchFrom = (p: PlanProblem, on: Uint8Array, capMW: number): Search => {
  const { site } = p
  const most = installedMW(p)
  const penalties = site.drEvents.reduce(
    (usd, e) => usd + e.penaltyPerMWh * (e.toIndex - e.fromIndex),
    site.floorPenaltyPerMWh * p.intervals,
  )
  const money =
    p.marginUsd.reduce((a, margin) => a + Math.abs(margin), 0) +
    p.startCostUsd.reduce((a, cost) => a + cost, 0) * p.intervals +
    (penalties * p.hours + site.demandChargePerMW) * most
  const s: Search = {
    p,
    capMW,
    brokenUsdPerMW: (10 * (money + 1)) / Math.max(most, 1e-3),
    equalUsd: 1e-12 * money,
    on,
    load: new Float64Array(p.intervals).fill(site.baseMW),
    before: initialLoadMW(p),
    b: buffers(p.intervals),
    kept: new Uint8Array(on.length),
    keptLoad: new Float64Array(p.intervals),
    visited: 0,
  }
  for (let g = 0; g < p.groups; g++) addLoad(s, g, 1)
  return s
}
