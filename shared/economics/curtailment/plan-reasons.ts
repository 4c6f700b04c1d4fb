import type { PlanInputs, PlanProblem } from './plan-problem.ts'
import { initialLoadMW, TOLERANCE_MW } from './schedule-rules.ts'
import { type Schedule, siteLoadMW } from './schedule-value.ts'

/**
 * Why a group is on or off in an interval. `price`: its own margin says so. `adder`: only with the adder (coincident peak,
 * delivery) does it. `minimumRun`: it may not change yet. `startCost`: a stop, or a start, would not pay for what it costs.
 * The others name the rule of the site that speaks against the margin.
 */
export type ReasonCode = 'price' | 'adder' | 'minimumRun' | 'siteLimit' | 'drEvent' | 'peakCharge' | 'floor' | 'ramp' | 'startCost'

export type PlanReason = {
  /** 0..1; between them only a divisible group. */
  readonly onShare: number
  readonly code: ReasonCode
  /** What running costs per MWh at the market, and what it brings. */
  readonly pricePerMWh: number
  readonly adderPerMWh: number
  readonly revenuePerMWh: number
  /** First interval in which it may change again. */
  readonly untilInterval: number | null
  /** The limit, call, peak or floor of the site that decides. */
  readonly limitMW: number | null
}

/** "off: price 180.00 > 98.00 revenue". */
export const reasonText = (r: PlanReason): string => {
  const state = r.onShare === 0 ? 'off' : r.onShare === 1 ? 'on' : `${(100 * r.onShare).toFixed(0)} % on`
  const usd = (x: number) => x.toFixed(2)
  const price = `price ${usd(r.pricePerMWh)}${r.adderPerMWh === 0 ? '' : ` + ${usd(r.adderPerMWh)}`}`
  const mw = r.limitMW === null ? '' : ` ${r.limitMW.toFixed(1)} MW`
  const sign = r.pricePerMWh + r.adderPerMWh < r.revenuePerMWh ? '<' : r.pricePerMWh + r.adderPerMWh > r.revenuePerMWh ? '>' : '='
  switch (r.code) {
    case 'price':
      return `${state}: ${price} ${sign} ${usd(r.revenuePerMWh)} revenue`
    case 'adder':
      return `${state}: ${price} adder > ${usd(r.revenuePerMWh)} revenue`
    case 'minimumRun':
      return `${state}: minimum run until interval ${r.untilInterval}`
    case 'siteLimit':
      return `${state}: site limit${mw}`
    case 'drEvent':
      return `${state}: demand-response event${mw}`
    case 'peakCharge':
      return `${state}: demand charge above a peak of${mw}`
    case 'floor':
      return `${state}: minimum load${mw}`
    case 'ramp':
      return `${state}: ramp limit${mw}`
    case 'startCost':
      return r.onShare === 0 ? 'off: not worth a start' : `${state}: start cost not worth a stop`
  }
}

/** The reasons of one group, interval by interval. */
const reasonsOf = (i: PlanInputs, p: PlanProblem, on: Schedule, load: Float64Array, g: number): PlanReason[] => {
  const { site, intervals: n } = p
  const row = g * n
  const mw = p.mw[g] ?? 0
  const initial = p.initialOn[g] ?? 0
  const peakMW = load.reduce((a, b) => Math.max(a, b), site.peakSoFarMW)
  const loadAt = (t: number) => (t < 0 ? initialLoadMW(p) : (load[t] ?? 0))
  const rampAgainst = (t: number, changeMW: number): boolean =>
    Math.abs(loadAt(t) + changeMW - loadAt(t - 1)) > site.maxRampMW + TOLERANCE_MW ||
    (t + 1 < n && Math.abs(loadAt(t + 1) - loadAt(t) - changeMW) > site.maxRampMW + TOLERANCE_MW)
  const list: PlanReason[] = []
  // First interval of the run that t is in.
  let from = 0
  for (let t = 0; t < n; t++) {
    const state = on[row + t] ?? 0
    const pricePerMWh = (i.pricePerMWh[t] ?? 0) * (p.marketShare[g] ?? 1)
    const adderPerMWh = i.adderPerMWh?.[t] ?? 0
    const revenuePerMWh = p.revenuePerMWh[g] ?? 0
    const marginPerMWh = revenuePerMWh - pricePerMWh - adderPerMWh
    const say = (code: ReasonCode, more: { untilInterval?: number; limitMW?: number } = {}): void => {
      list.push({
        onShare: state,
        code,
        pricePerMWh,
        adderPerMWh,
        revenuePerMWh,
        untilInterval: more.untilInterval ?? null,
        limitMW: more.limitMW ?? null,
      })
    }
    if (t > 0 && state !== on[row + t - 1]) from = t
    const begun = from > 0 || state !== initial
    const until = begun ? from + ((state > 0 ? p.minUp[g] : p.minDown[g]) ?? 1) : (p.locked[g] ?? 0)
    const tied = t < until && (t > from || !begun)
    const rest = mw * (1 - state)
    const above = (limitMW: number) => loadAt(t) + rest > limitMW + TOLERANCE_MW
    const event = site.drEvents.find((e) => t >= e.fromIndex && t < e.toIndex && e.penaltyPerMWh > 0 && above(e.maxMW))
    if (state === 1 ? marginPerMWh > 0 : marginPerMWh <= 0) say(state === 0 && revenuePerMWh > pricePerMWh ? 'adder' : 'price')
    else if (tied && !begun) say('minimumRun', { untilInterval: until })
    else if (state < 1 && above(site.maxSiteMW)) say('siteLimit', { limitMW: site.maxSiteMW })
    else if (state < 1 && event !== undefined) say('drEvent', { limitMW: event.maxMW })
    else if (state < 1 && site.demandChargePerMW > 0 && above(peakMW)) say('peakCharge', { limitMW: peakMW })
    else if (state === 1 && site.floorPenaltyPerMWh > 0 && loadAt(t) - mw < site.minSiteMW) say('floor', { limitMW: site.minSiteMW })
    else if (tied) say('minimumRun', { untilInterval: until })
    else if (rampAgainst(t, state === 1 ? -mw : rest)) say('ramp', { limitMW: site.maxRampMW })
    else say('startCost')
  }
  return list
}

/** By group id, one reason an interval. */
export const planReasons = (i: PlanInputs, p: PlanProblem, on: Schedule): Record<string, PlanReason[]> => {
  const load = siteLoadMW(p, on)
  return Object.fromEntries(p.ids.map((id, g) => [id, reasonsOf(i, p, on, load, g)]))
}
