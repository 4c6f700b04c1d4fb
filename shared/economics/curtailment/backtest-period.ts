import { sum } from '../sum.ts'
import { lockedIntervals, type PlanInputs, type PlanProblem, planProblem } from './plan-problem.ts'

/**
 * A period that is played again: prices as they turned out, what was known of them in advance, and the site. Lists run over the
 * intervals of the period without a hole; an interval whose price nobody knows is there with NaN and is settled by nobody.
 */
export type BacktestPeriod = {
  /** Groups, rules of the site and adders; its prices are what not consuming turned out to be worth, USD/MWh. */
  readonly plan: PlanInputs
  /** The same of the day-ahead market; NaN where there is none. */
  readonly dayAheadPerMWh: Float64Array
  /** At the start of interval t the day-ahead prices of all intervals before this one are published. */
  readonly dayAheadKnownTo: Int32Array
  /** What a MWh of each group earns, contract left aside. */
  readonly revenuePerMWh: readonly number[]
  /** Owed by contract in each interval whatever runs, USD. */
  readonly owedUsd: Float64Array
  /** Which of `months` an interval belongs to; ascending. */
  readonly monthOf: Int32Array
  readonly months: readonly string[]
  /** The running interval's price is known at its start. */
  readonly informed: boolean
  /** Day-ahead prices as they are, or moved by how far the last real-time price was off its own. */
  readonly forecast: ForecastRule
}
export type ForecastRule = 'day-ahead' | 'corrected'

/** Lists over groups and intervals, `[g * intervals + t]`. */
export type PeriodSchedule = Uint8Array
export const allOff = (p: PlanProblem): PeriodSchedule => new Uint8Array(p.groups * p.intervals)

/** What each group earns in each interval, 0 where the price is not known: such an interval pulls neither way. */
export const fillMargins = (
  p: PlanProblem,
  pricePerMWh: ArrayLike<number>,
  adderPerMWh: ArrayLike<number> | null,
  from: number,
  count: number,
): void => {
  for (let g = 0; g < p.groups; g++) {
    const mwh = (p.mw[g] ?? 0) * p.hours
    const revenue = p.revenuePerMWh[g] ?? 0
    const marketShare = p.marketShare[g] ?? 1
    const row = g * p.intervals
    for (let t = 0; t < count; t++) {
      const price = pricePerMWh[from + t] ?? Number.NaN
      const adder = adderPerMWh === null ? 0 : (adderPerMWh[from + t] ?? 0)
      p.marginUsd[row + t] = !Number.isNaN(price) ? (revenue - marketShare * price - adder) * mwh : 0
    }
  }
}

/** The period as one problem, its margins those of the prices as they turned out. */
export const periodProblem = ({ plan }: BacktestPeriod): PlanProblem => {
  const p = planProblem(plan)
  fillMargins(p, plan.pricePerMWh, plan.adderPerMWh ?? null, 0, p.intervals)
  return p
}

/** How long each group has been in its state, and what it may not do yet. */
export type GroupsNow = { readonly on: Uint8Array; readonly held: Float64Array }
export const groupsBefore = ({ plan }: BacktestPeriod): GroupsNow => ({
  on: Uint8Array.from(plan.groups, (g) => g.initialOn),
  held: Float64Array.from(plan.groups, (g) => g.initialIntervals ?? Number.MAX_SAFE_INTEGER),
})
export const moveOn = (now: GroupsNow, g: number, to: number): void => {
  now.held[g] = now.on[g] === to ? (now.held[g] ?? 0) + 1 : 1
  now.on[g] = to
}
/** The groups' state as the beginning of a plan. */
export const beginFrom = (p: PlanProblem, now: GroupsNow): void => {
  for (let g = 0; g < p.groups; g++) {
    const on = now.on[g] ?? 0
    p.initialOn[g] = on
    p.locked[g] = lockedIntervals((on === 1 ? p.minUp[g] : p.minDown[g]) ?? 1, now.held[g])
  }
}

export type Settled = {
  /** Margin less starts, demand charge and penalties: what all strategies are compared by. */
  readonly valueUsd: number
  /** Power as billed, starts, charges and penalties, and what the hashing that was not done would have earned. */
  readonly costUsd: number
  readonly powerCostUsd: number
  readonly startCostUsd: number
  readonly demandChargeUsd: number
  readonly penaltyUsd: number
  readonly lostRevenueUsd: number
  readonly starts: number
  /** Energy of the machines; a base load is the same in every strategy and left out. */
  readonly mwh: number
  readonly lostMwh: number
  /** Of each group. */
  readonly lostMwhOf: readonly number[]
}

/** Sums of a part of the period: months add up to the whole. */
const added = (parts: readonly Settled[]): Settled => {
  const of = (pick: (s: Settled) => number) => sum(parts.map(pick))
  return {
    valueUsd: of((s) => s.valueUsd),
    costUsd: of((s) => s.costUsd),
    powerCostUsd: of((s) => s.powerCostUsd),
    startCostUsd: of((s) => s.startCostUsd),
    demandChargeUsd: of((s) => s.demandChargeUsd),
    penaltyUsd: of((s) => s.penaltyUsd),
    lostRevenueUsd: of((s) => s.lostRevenueUsd),
    starts: of((s) => s.starts),
    mwh: of((s) => s.mwh),
    lostMwh: of((s) => s.lostMwh),
    lostMwhOf: (parts[0]?.lostMwhOf ?? []).map((_, g) => of((s) => s.lostMwhOf[g] ?? 0)),
  }
}

/**
 * What a schedule came to, month by month: the one settlement of all strategies. Intervals without a price count for none of
 * them. The demand charge is of each calendar month's peak, the first month's beyond the peak so far.
 * Worked: 10 MW earning 100, prices 30 and 180, an hour each, off in the second: power 300, given up 1,000, cost 1,300; always on
 * 300 + 1,800 = 2,100, so that 800 are saved.
 */
export const settle = (period: BacktestPeriod, p: PlanProblem, on: PeriodSchedule): { total: Settled; months: readonly Settled[] } => {
  const { plan, monthOf, months } = period
  const { site } = p
  const settledMonths: Settled[] = []
  const before = Uint8Array.from(p.initialOn)
  let t = 0
  for (let m = 0; m < months.length; m++) {
    const margins: number[] = []
    const earnings: number[] = []
    const owed: number[] = []
    const penalties: number[] = []
    const startCosts: number[] = []
    const mwhOf = new Float64Array(p.groups)
    const lostOf = new Float64Array(p.groups)
    let starts = 0
    let peakMW = 0
    for (; t < p.intervals && monthOf[t] === m; t++) {
      const price = plan.pricePerMWh[t] ?? Number.NaN
      const known = !Number.isNaN(price)
      let load = site.baseMW
      let margin = 0
      let earned = 0
      for (let g = 0; g < p.groups; g++) {
        const k = g * p.intervals + t
        const state = on[k] ?? 0
        const mwh = (p.mw[g] ?? 0) * p.hours
        if (state > (before[g] ?? 0)) {
          starts++
          startCosts.push(p.startCostUsd[g] ?? 0)
        }
        before[g] = state
        if (state === 1) load += p.mw[g] ?? 0
        if (!known) continue
        if (state === 1) {
          margin += p.marginUsd[k] ?? 0
          mwhOf[g] = (mwhOf[g] ?? 0) + mwh
        } else lostOf[g] = (lostOf[g] ?? 0) + mwh
        earned += (period.revenuePerMWh[g] ?? 0) * mwh
      }
      if (!known) continue
      margins.push(margin)
      earnings.push(earned)
      owed.push(period.owedUsd[t] ?? 0)
      peakMW = Math.max(peakMW, load)
      if (site.floorPenaltyPerMWh > 0) penalties.push(Math.max(0, site.minSiteMW - load) * site.floorPenaltyPerMWh * p.hours)
      for (const e of site.drEvents)
        if (t >= e.fromIndex && t < e.toIndex) penalties.push(Math.max(0, load - e.maxMW) * e.penaltyPerMWh * p.hours)
    }
    const startCostUsd = sum(startCosts)
    const penaltyUsd = sum(penalties)
    const demandChargeUsd = site.demandChargePerMW * Math.max(0, peakMW - (m === 0 ? site.peakSoFarMW : 0))
    const valueUsd = sum([...margins, -startCostUsd, -penaltyUsd, -demandChargeUsd])
    const costUsd = sum([...earnings, ...owed, -valueUsd])
    const lostRevenueUsd = sum([...lostOf].map((mwh, g) => mwh * (period.revenuePerMWh[g] ?? 0)))
    settledMonths.push({
      valueUsd,
      costUsd,
      powerCostUsd: costUsd - startCostUsd - penaltyUsd - demandChargeUsd - lostRevenueUsd,
      startCostUsd,
      demandChargeUsd,
      penaltyUsd,
      lostRevenueUsd,
      starts,
      mwh: sum(mwhOf),
      lostMwh: sum(lostOf),
      lostMwhOf: [...lostOf],
    })
  }
  return { total: added(settledMonths), months: settledMonths }
}
