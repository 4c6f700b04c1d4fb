import { type Milp, type MilpDraft, milpDraft } from './milp.ts'
import { installedMW, type PlanProblem } from './plan-problem.ts'
import { initialLoadMW } from './schedule-rules.ts'
import { type Schedule, siteLoadMW } from './schedule-value.ts'

const NONE = Number.POSITIVE_INFINITY

/**
 * Which hard rule may be broken, and is then all that counts: the cost is no longer money but by how much it is broken.
 * `site` and `ramp`: MW above the limit, the same in every interval; `locks`: intervals by which minimum runs end too early.
 */
export type Relaxed = 'site' | 'ramp' | 'locks'

export type MilpShape = {
  /** A legal schedule to begin from. */
  readonly first?: Schedule | null
  /** A lower limit of site load than the site's own: what is found stays legal. */
  readonly capMW?: number
  readonly relaxed?: readonly Relaxed[]
}

/** Entries of the minimum runs' rows; long runs over many intervals make a problem that no solver should be given. */
export const milpSize = (p: PlanProblem): number => {
  let entries = p.groups * p.intervals * 4
  for (let g = 0; g < p.groups; g++)
    entries += p.intervals * (Math.min(p.intervals, p.minUp[g] ?? 1) + Math.min(p.intervals, p.minDown[g] ?? 1))
  return entries
}

/**
 * The plan of `economics.md` 4.3 as a mixed-integer problem. Columns: first u[g * intervals + t] (on), then starts, site load,
 * peak above the peak so far, shortfalls. Stops are written through starts and u, and the minimum runs in the form of Rajan
 * and Takriti (2005): sum of the starts of the last minUp <= u, and of the last minDown <= 1 − u before them. Alone they
 * describe each group's schedules without any fraction, so only what joins the groups has to be searched.
 */
export const planMilp = (p: PlanProblem, { first = null, capMW = NONE, relaxed = [] }: MilpShape = {}): Milp => {
  const m = milpDraft()
  const money = relaxed.length === 0 ? 1 : 0
  const freed = new Set(relaxed)
  onColumns(p, m, money, first, freed.has('locks'))
  for (let g = 0; g < p.groups; g++) runRows(p, g, m, money, first, freed.has('locks'))
  siteRows(p, m, money, first, capMW, freed)
  return m.milp(first !== null)
}

const onColumns = (p: PlanProblem, m: MilpDraft, money: number, first: Schedule | null, freeLocks: boolean): void => {
  for (let g = 0; g < p.groups; g++) {
    const initial = p.initialOn[g] ?? 0
    for (let t = 0; t < p.intervals; t++) {
      const k = g * p.intervals + t
      const locked = t < (p.locked[g] ?? 0)
      const [lower, upper] = locked && !freeLocks ? [initial, initial] : [0, 1]
      // A lock that may be broken costs 1 for each interval: u for a group that should rest, 1 − u for one that should run.
      const broken = locked && freeLocks ? (initial === 1 ? -1 : 1) : 0
      m.column(-money * (p.marginUsd[k] ?? 0) + broken, lower, upper, first?.[k] ?? 0, p.divisible[g] !== 1)
    }
  }
}

const runRows = (p: PlanProblem, g: number, m: MilpDraft, money: number, first: Schedule | null, freeLocks: boolean): void => {
  const n = p.intervals
  const row = g * n
  const initial = p.initialOn[g] ?? 0
  const minUp = p.minUp[g] ?? 1
  const minDown = p.minDown[g] ?? 1
  const cost = p.startCostUsd[g] ?? 0
  if (cost === 0 && minUp === 1 && minDown === 1) return
  const locked = freeLocks ? 0 : (p.locked[g] ?? 0)
  const starts = Array.from({ length: n }, (_, t) => {
    const impossible = t < locked || (initial === 1 && t < minDown)
    const before = t === 0 ? initial : (first?.[row + t - 1] ?? 0)
    return m.column(money * cost, 0, impossible ? 0 : 1, Math.max(0, (first?.[row + t] ?? 0) - before))
  })
  const startsIn = (from: number, to: number): void => {
    for (let t = Math.max(0, from); t <= to; t++) m.entry(starts[t] ?? 0, 1)
  }
  for (let t = 0; t < n; t++) {
    // It is on only if it was on or starts.
    m.entry(row + t, 1)
    m.entry(starts[t] ?? 0, -1)
    if (t > 0) m.entry(row + t - 1, -1)
    m.row(-NONE, t === 0 ? initial : 0)
    startsIn(t - minUp + 1, t)
    m.entry(row + t, -1)
    m.row(-NONE, 0)
    const since = t - minDown
    if (since < 0 && initial === 1) continue
    startsIn(since + 1, t)
    if (since >= 0) m.entry(row + since, 1)
    m.row(-NONE, 1)
  }
}

const siteRows = (
  p: PlanProblem,
  m: MilpDraft,
  money: number,
  first: Schedule | null,
  capMW: number,
  freed: ReadonlySet<Relaxed>,
): void => {
  const { site, intervals: n, hours } = p
  const most = installedMW(p)
  const load = first === null ? null : siteLoadMW(p, first)
  const limit = Math.min(site.maxSiteMW, capMW)
  const limited = limit < most
  const ramped = site.maxRampMW < most - site.baseMW
  const charged = site.demandChargePerMW > 0 && site.peakSoFarMW < most
  const peak = load === null ? 0 : load.reduce((a, b) => Math.max(a, b), 0)
  const over = freed.has('site') ? m.column(1, 0, NONE, 0) : null
  const steeper = freed.has('ramp') ? m.column(1, 0, NONE, 0) : null
  const peakAbove = charged ? m.column(money * site.demandChargePerMW, 0, NONE, Math.max(0, peak - site.peakSoFarMW)) : null
  const before = initialLoadMW(p)
  const events = site.drEvents.filter((e) => e.penaltyPerMWh > 0 && e.maxMW < most)
  const floored = site.floorPenaltyPerMWh > 0 && site.minSiteMW > site.baseMW
  const loads: number[] = []
  for (let t = 0; t < n; t++) {
    const at = load?.[t] ?? 0
    const now = m.column(0, Math.min(site.baseMW, over === null ? limit : NONE), limited && over === null ? limit : most, at)
    loads.push(now)
    for (let g = 0; g < p.groups; g++) m.entry(g * n + t, p.mw[g] ?? 0)
    m.entry(now, -1)
    m.row(-site.baseMW, -site.baseMW)
    if (over !== null) {
      m.entry(now, 1)
      m.entry(over, -1)
      m.row(-NONE, limit)
    }
    const was = t === 0 ? null : (loads[t - 1] ?? null)
    if (ramped) {
      const from = was === null ? before : 0
      for (const sign of steeper === null ? [0] : [1, -1]) {
        m.entry(now, 1)
        if (was !== null) m.entry(was, -1)
        if (steeper !== null) m.entry(steeper, -sign)
        m.row(sign === 1 ? -NONE : from - site.maxRampMW, sign === -1 ? NONE : from + site.maxRampMW)
      }
    }
    if (peakAbove !== null) {
      // Over the groups themselves, not over the load: the solver finds its cuts for a tight peak here (0.4 s instead of 3 s).
      for (let g = 0; g < p.groups; g++) m.entry(g * n + t, p.mw[g] ?? 0)
      m.entry(peakAbove, -1)
      m.row(-NONE, site.peakSoFarMW - site.baseMW)
    }
    if (floored) {
      m.entry(now, 1)
      m.entry(m.column(money * site.floorPenaltyPerMWh * hours, 0, NONE, Math.max(0, site.minSiteMW - at)), 1)
      m.row(site.minSiteMW, NONE)
    }
    for (const e of events) {
      if (t < e.fromIndex || t >= e.toIndex) continue
      m.entry(now, 1)
      m.entry(m.column(money * e.penaltyPerMWh * hours, 0, NONE, Math.max(0, at - e.maxMW)), -1)
      m.row(-NONE, e.maxMW)
    }
  }
}

/** A share of a divisible group this close to off or on is off or on. */
const NEARLY = 1e-7

/** The schedule in a solution, whole numbers made whole. */
export const scheduleFrom = (p: PlanProblem, x: Float64Array): Float64Array =>
  Float64Array.from({ length: p.groups * p.intervals }, (_, k) => {
    const on = Math.min(1, Math.max(0, x[k] ?? 0))
    const whole = Math.round(on)
    return p.divisible[Math.floor(k / p.intervals)] !== 1 || Math.abs(on - whole) < NEARLY ? whole : on
  })
