import * as z from 'zod'
import type { PowerContract } from '../../fleet/site.ts'
import { failed, ok, type Result } from '../../result.ts'
import { HOURS_PER_MINING_MONTH } from '../../units.ts'
import { ContractTerms, contractOf } from '../curtailment/contract-terms.ts'
import { opportunityTiers, spreadOverTiers } from '../curtailment/opportunity-price.ts'
import { atLeastZero, finite, model } from '../model.ts'
import { sum } from '../sum.ts'

/**
 * What mining on is worth in cash, with its own option to curtail: for each hour of known prices a MW earns
 * `max(0, revenue - opportunity price - adder)` on top of what its energy would bring unused, less what the bill takes for it:
 * `max(0, revenue - opportunity - adder) + opportunity - bill`. At an index price or a tariff, opportunity and bill are the
 * same and only the first term is left; under a take-or-pay contract the strike is owed in every hour.
 */
export type MiningLoad = { readonly mw: number; readonly revenuePerMwh: number }
export type PricePeriod = { readonly startMs: number; readonly endMs: number; readonly price: number }

export type MiningBaseline = {
  /** Cash margin of a MW that mines today, USD per month of 730.5 h. */
  readonly marginPerMwMonthUsd: number
  /** Mean of what a MWh costs on the bill with delivery, weighted by load and time. */
  readonly meanBillPerMwh: number
}

type LaidOut = {
  readonly known: number
  readonly hours: Float64Array
  readonly price: Float64Array
  readonly weight: number
  readonly weightedPrice: number
}
/** A report asks about the same year of prices at a dozen hashprices: the year is laid out once, for as long as it lives. */
const kept = new WeakMap<readonly PricePeriod[], LaidOut>()
const laidOut = (periods: readonly PricePeriod[]): LaidOut => {
  const found = kept.get(periods)
  if (found !== undefined) return found
  const hours = new Float64Array(periods.length)
  const price = new Float64Array(periods.length)
  let known = 0
  let weight = 0
  let weightedPrice = 0
  for (const period of periods) {
    const duration = period.endMs - period.startMs
    if (duration <= 0 || !Number.isFinite(period.price)) continue
    hours[known] = duration
    price[known] = period.price
    known++
    weight += duration
    weightedPrice += duration * period.price
  }
  const made = { known, hours, price, weight, weightedPrice }
  kept.set(periods, made)
  return made
}

/**
 * Time-weighted over the given prices (one period is enough); null without load, or where a price is needed and none given.
 * Worked: one MW earning 50 at index prices 20 and 80 for an hour each, adder 5: (25 + 0) / 2 x 730.5 = $9,131.25.
 */
export const miningBaseline = (
  contract: PowerContract,
  loads: readonly MiningLoad[],
  prices: readonly PricePeriod[],
): MiningBaseline | null => {
  const ranked = [...loads].filter((l) => l.mw > 0).sort((a, b) => b.revenuePerMwh - a.revenuePerMwh)
  const totalMw = sum(ranked.map((l) => l.mw))
  if (totalMw <= 0) return null
  const adder = contract.avoidableAdderPerMwh
  // A year of prices passes through here: what does not depend on the price is worked out before.
  const parts = spreadOverTiers(
    ranked.map((l) => l.mw),
    opportunityTiers(contract, null),
  ).flatMap((tierMw, k) =>
    tierMw.flatMap((mw, tier) => (mw > 0 ? [{ mw, revenuePerMwh: ranked[k]?.revenuePerMwh ?? 0, ...worthAndBill(contract, tier) }] : [])),
  )
  const periods = contract.type === 'fixed' ? [{ startMs: 0, endMs: 1, price: 0 }] : prices
  const { known, hours, price, weight, weightedPrice } = laidOut(periods)
  let margin = 0
  let bill = 0
  for (const part of parts) {
    // Everything but the option to stand still is linear in the price, and so known from the sums.
    const gain = part.revenuePerMwh - adder - part.worthFixed
    const perMarket = part.worthPerMarket
    let option = 0
    for (let k = 0; k < known; k++) {
      const over = gain - perMarket * (price[k] as number)
      if (over > 0) option += (hours[k] as number) * over
    }
    const worthLessBill = (part.worthFixed - part.billFixed) * weight + (perMarket - part.billPerMarket) * weightedPrice
    margin += part.mw * (option + worthLessBill)
    bill += part.mw * ((part.billFixed + adder) * weight + part.billPerMarket * weightedPrice)
  }
  if (weight <= 0) return null
  return { marginPerMwMonthUsd: (margin / weight / totalMw) * HOURS_PER_MINING_MONTH, meanBillPerMwh: bill / weight / totalMw }
}

/**
 * What a MW brings that is never run, USD a month: 0 at the market or a tariff, under a contract its resale less its price.
 * Worked: 40 at resale against a strike of 38: 2 x 730.5 = $1,461.
 */
export const curtailedMargin = (contract: PowerContract, loads: readonly MiningLoad[], prices: readonly PricePeriod[]): number =>
  miningBaseline(
    contract,
    loads.map((l) => ({ mw: l.mw, revenuePerMwh: NEVER_RUN })),
    prices,
  )?.marginPerMwMonthUsd ?? 0
const NEVER_RUN = -1e12

/**
 * The same as a model: over `prices`, each for its hours, under the contract's terms. Null where nothing runs, or where a price is
 * needed and none given. A fixed tariff needs none.
 */
export const miningOn = model(
  { id: 'ai.miningOn', section: '5.2' },
  z.object({
    ...ContractTerms,
    avoidableAdderPerMWh: finite,
    loads: z.array(z.object({ id: z.string(), runningMW: atLeastZero, revenuePerMWh: finite })).max(10_000),
    /** Three years of five-minute prices at most. */
    prices: z.array(z.object({ hours: atLeastZero, pricePerMWh: finite })).max(400_000),
  }),
  (i, { step }): Result<{ marginPerMWMonthUsd: number | null; meanBillPerMWh: number | null }> => {
    const contract = contractOf(i, i.avoidableAdderPerMWh)
    if (typeof contract === 'string') return failed('invalid-input', `${contract}: this contract needs it`, { field: contract })
    const base = miningBaseline(
      contract,
      i.loads.map((l) => ({ mw: l.runningMW, revenuePerMwh: l.revenuePerMWh })),
      i.prices.map((p) => ({ startMs: 0, endMs: p.hours, price: p.pricePerMWh })),
    )
    if (base === null) return ok({ marginPerMWMonthUsd: null, meanBillPerMWh: null })
    // Mean over loads and hours of max(0, revenue - opportunity price - delivery) + opportunity price - bill, times 730.5 h.
    return ok({
      marginPerMWMonthUsd: step('marginPerMWMonthUsd', base.marginPerMwMonthUsd),
      meanBillPerMWh: step('meanBillPerMWh', base.meanBillPerMwh),
    })
  },
)

/**
 * Opportunity price and bill of a tier as `fixed + perMarket x market price`, USD/MWh. Both are linear in the market price,
 * so two prices of `opportunityTiers` say everything about the first; a contract's strike is the bill inside its volume.
 */
const worthAndBill = (contract: PowerContract, tier: number) => {
  const worthFixed = opportunityTiers(contract, 0)[tier]?.pricePerMwh ?? 0
  const worthPerMarket = (opportunityTiers(contract, 1)[tier]?.pricePerMwh ?? 0) - worthFixed
  return contract.type === 'ppa' && tier === 0
    ? { worthFixed, worthPerMarket, billFixed: contract.strikePerMwh, billPerMarket: 0 }
    : { worthFixed, worthPerMarket, billFixed: worthFixed, billPerMarket: worthPerMarket }
}
