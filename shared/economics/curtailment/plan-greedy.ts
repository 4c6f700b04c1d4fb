import { installedMW, type PlanProblem } from './plan-problem.ts'
import { planSeparably, separableWork } from './plan-separable.ts'
import { initialLoadMW, isLegal, TOLERANCE_MW } from './schedule-rules.ts'
import { scheduleValue } from './schedule-value.ts'

/**
 * A legal plan where the site's rules join the groups, without a solver: group after group is planned exactly against the
 * load of the others until nothing improves, then two together. No proof of being the best comes with it.
 */

/** Interval visits of one search; some tens of milliseconds. */
const MOST_WORK = 1e6

type Search = {
  readonly p: PlanProblem
  /** Load above this counts as a broken rule: the site's limit, or a lower peak that is tried. */
  readonly capMW: number
  /** What a MW of a broken rule costs here: more than everything else together. */
  readonly brokenUsdPerMW: number
  readonly on: Uint8Array
  readonly load: Float64Array
  readonly before: number
  readonly b: Buffers
  readonly kept: Uint8Array
  readonly keptLoad: Float64Array
  readonly work: { left: number }
}

type Buffers = {
  readonly onUsd: Float64Array
  readonly offUsd: Float64Array
  readonly ramp: readonly [Float64Array, Float64Array, Float64Array, Float64Array]
  readonly runSum: Float64Array
  readonly restSum: Float64Array
  readonly whenOn: Float64Array
  readonly whenOff: Float64Array
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
    stops: new Uint8Array(n),
    waits: new Uint8Array(n),
  }
}

/** Penalties of the interval at this load, broken rules included. */
const siteUsd = (s: Search, t: number, loadMW: number): number => {
  const { site, hours } = s.p
  let usd = 0
  if (loadMW > s.capMW + TOLERANCE_MW) usd += (loadMW - s.capMW) * s.brokenUsdPerMW
  if (loadMW < site.minSiteMW) usd += (site.minSiteMW - loadMW) * site.floorPenaltyPerMWh * hours
  for (const e of site.drEvents)
    if (t >= e.fromIndex && t < e.toIndex && loadMW > e.maxMW) usd += (loadMW - e.maxMW) * e.penaltyPerMWh * hours
  return usd
}

/** The best schedule of one group against the load of the others, which `load` holds (its own taken out before). */
const planAgainst = (s: Search, g: number): void => {
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
  for (let t = n - 1; t >= 0; t--) {
    const upTo = Math.min(n, t + minUp)
    const downTo = Math.min(n, t + minDown)
    const run = (b.onUsd[t] ?? 0) - (onOn[t] ?? 0) + (b.whenOn[t + 1] ?? 0)
    const stop = (b.offUsd[t] ?? 0) - (onOff[t] ?? 0) + (b.restSum[downTo] ?? 0) - (b.restSum[t + 1] ?? 0) + (b.whenOff[downTo] ?? 0)
    b.stops[t] = stop > run ? 1 : 0
    b.whenOn[t] = Math.max(stop, run)
    const wait = (b.offUsd[t] ?? 0) - (offOff[t] ?? 0) + (b.whenOff[t + 1] ?? 0)
    const start = (b.onUsd[t] ?? 0) - (offOn[t] ?? 0) - startCost + (b.runSum[upTo] ?? 0) - (b.runSum[t + 1] ?? 0) + (b.whenOn[upTo] ?? 0)
    b.waits[t] = start > wait ? 0 : 1
    b.whenOff[t] = Math.max(wait, start)
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

const addLoad = (s: Search, g: number, sign: 1 | -1): void => {
  const n = s.p.intervals
  const mw = (s.p.mw[g] ?? 0) * sign
  for (let t = 0; t < n; t++) s.load[t] = (s.load[t] ?? 0) + mw * (s.on[g * n + t] ?? 0)
}

/** Value of the whole schedule under the search's own penalties, demand charge included. */
const worth = (s: Search): number => {
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

/** Takes the groups out and plans them again one by one in this order; keeps the result if it is worth more than `so`. */
const tryAgain = (s: Search, order: readonly number[], so: number): number => {
  s.kept.set(s.on)
  s.keptLoad.set(s.load)
  for (const g of order) addLoad(s, g, -1)
  for (const g of order) {
    planAgainst(s, g)
    addLoad(s, g, 1)
  }
  s.work.left -= (2 * order.length + s.p.groups) * s.p.intervals
  const now = worth(s)
  if (now > so + 1e-9 * Math.abs(so)) return now
  s.on.set(s.kept)
  s.load.set(s.keptLoad)
  return so
}

/** Group after group, then two together where nothing else helps any more. */
const improve = (s: Search): void => {
  const { p } = s
  const n = p.intervals
  // What a MW of the group earns: the least valuable give way first.
  const perMW = p.ids.map((_, g) => p.marginUsd.subarray(g * n, (g + 1) * n).reduce((a, b) => a + b, 0) / (p.mw[g] || 1))
  const order = p.ids.map((_, g) => g).sort((a, b) => (perMW[a] ?? 0) - (perMW[b] ?? 0))
  let now = worth(s)
  for (let before = Number.NEGATIVE_INFINITY; now > before && s.work.left > 0; ) {
    before = now
    for (const g of order) now = tryAgain(s, [g], now)
    if (now === before) for (const g of order) for (const h of order) if (g !== h && s.work.left > 0) now = tryAgain(s, [g, h], now)
  }
}

/** The best legal plan found, null if none was. A divisible group is switched as a whole. */
export const planGreedily = (p: PlanProblem): Uint8Array | null => {
  const { site } = p
  const alone = separableWork(p.intervals, p.groups)
  planSeparably(p, alone)
  const asBefore = new Uint8Array(p.groups * p.intervals)
  for (let g = 0; g < p.groups; g++) asBefore.fill(p.initialOn[g] ?? 0, g * p.intervals, (g + 1) * p.intervals)
  const most = installedMW(p)
  const penalties = site.drEvents.reduce(
    (usd, e) => usd + e.penaltyPerMWh * (e.toIndex - e.fromIndex),
    site.floorPenaltyPerMWh * p.intervals,
  )
  const money =
    p.marginUsd.reduce((a, b) => a + Math.abs(b), 0) +
    p.startCostUsd.reduce((a, b) => a + b, 0) * p.intervals +
    (penalties * p.hours + site.demandChargePerMW) * most
  const b = buffers(p.intervals)
  let best: { on: Uint8Array; usd: number } | null = null
  const search = (capMW: number): number => {
    let found = Number.NEGATIVE_INFINITY
    for (const from of [alone.on, asBefore]) {
      const s: Search = {
        p,
        capMW,
        brokenUsdPerMW: (10 * (money + 1)) / Math.max(most, 1e-3),
        on: from.slice(),
        load: new Float64Array(p.intervals).fill(site.baseMW),
        before: initialLoadMW(p),
        b,
        kept: new Uint8Array(from.length),
        keptLoad: new Float64Array(p.intervals),
        work: { left: MOST_WORK },
      }
      for (let g = 0; g < p.groups; g++) addLoad(s, g, 1)
      improve(s)
      if (!isLegal(p, s.on)) continue
      const usd = scheduleValue(p, s.on).totalUsd
      found = Math.max(found, usd)
      if (best === null || usd > best.usd) best = { on: s.on, usd }
    }
    return found
  }
  const limit = Math.min(site.maxSiteMW, most)
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
  return best === null ? null : (best as { on: Uint8Array }).on
}
