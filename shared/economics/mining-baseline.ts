import type { PowerContract } from '../fleet/site.ts'
import { HOURS_PER_MINING_MONTH } from '../units.ts'
import { opportunityTiers, spreadOverTiers } from './opportunity-price.ts'
import { sum } from './sum.ts'

/**
 * What mining on is worth in cash, with its own option to curtail: for each hour of known prices a MW earns
 * `max(0, revenue - opportunity price - adder)` on top of what its energy would bring unused, less what the bill takes for it:
 * `max(0, revenue - opportunity - adder) + opportunity - bill`. At an index price or a tariff, opportunity and bill are the
 * same and only the first term is left; under a take-or-pay contract the strike is owed in every hour.
 */
export type MiningLoad = { readonly mw: number; readonly revenuePerMwh: number }
export type PricePeriod = { readonly startMs: number; readonly endMs: number; readonly price: number }

const billTiers = (contract: PowerContract, market: number | null) =>
  contract.type === 'ppa' ? [contract.strikePerMwh, market] : contract.type === 'fixed' ? [contract.tariffPerMwh] : [market]

export type MiningBaseline = {
  /** Cash margin of a MW that mines today, USD per month of 730.5 h. */
  readonly marginPerMwMonthUsd: number
  /** Mean of what a MWh costs on the bill with delivery, weighted by load and time. */
  readonly meanBillPerMwh: number
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
  const spread = spreadOverTiers(
    ranked.map((l) => l.mw),
    opportunityTiers(contract, null),
  )
  const adder = contract.avoidableAdderPerMwh
  const marketless = contract.type === 'fixed'
  const periods = marketless ? [{ startMs: 0, endMs: 1, price: 0 }] : prices
  let weight = 0
  let margin = 0
  let bill = 0
  for (const period of periods) {
    const duration = period.endMs - period.startMs
    if (duration <= 0 || !Number.isFinite(period.price)) continue
    const opportunity = opportunityTiers(contract, period.price)
    const owed = billTiers(contract, period.price)
    weight += duration
    for (const [k, load] of ranked.entries()) {
      for (const [t, mw] of (spread[k] ?? []).entries()) {
        if (mw <= 0) continue
        const worth = opportunity[t]?.pricePerMwh ?? 0
        const cost = owed[t] ?? worth
        margin += duration * mw * (Math.max(0, load.revenuePerMwh - worth - adder) + worth - cost)
        bill += duration * mw * (cost + adder)
      }
    }
  }
  if (weight <= 0) return null
  return { marginPerMwMonthUsd: (margin / weight / totalMw) * HOURS_PER_MINING_MONTH, meanBillPerMwh: bill / weight / totalMw }
}
