import * as z from 'zod'
import type { PowerContract } from '../../fleet/site.ts'
import { failed, ok, type Result } from '../../result.ts'
import { finite, model } from '../model.ts'
import { ContractTerms, contractOf } from './contract-terms.ts'

/**
 * What not consuming one MWh is worth (`economics.md` 4.1), as tiers of load: the first `mw` of load at one price, the next
 * at another. The strike never decides; it is owed either way and enters the bill only.
 * `null`: the contract looks at a market price that is not known.
 */
export type PriceTier = { readonly mw: number; readonly pricePerMwh: number | null }

/**
 * USD/MWh inside and beyond the contract's volume at a market price (null: unknown).
 * Worked: PPA of 40 MW with resale, spread 4, market 95: 91 for the first 40 MW (sold back, it brings 91), 95 beyond.
 */
export const opportunityTiers = (contract: PowerContract, marketPerMwh: number | null): readonly PriceTier[] => {
  switch (contract.type) {
    case 'index':
      return [{ mw: Number.POSITIVE_INFINITY, pricePerMwh: marketPerMwh }]
    case 'fixed':
      return [{ mw: Number.POSITIVE_INFINITY, pricePerMwh: contract.tariffPerMwh }]
    case 'ppa': {
      const inside = contract.resaleAllowed ? (marketPerMwh === null ? null : marketPerMwh - contract.resaleSpreadPerMwh) : 0
      return [
        { mw: contract.contractMw, pricePerMwh: inside },
        { mw: Number.POSITIVE_INFINITY, pricePerMwh: marketPerMwh },
      ]
    }
  }
}

/**
 * Shares a list of loads (MW, best first) out over the tiers, cheapest contract energy to the first.
 * Worked: loads 30 and 25 over tiers 40 and rest: [[30, 0], [10, 15]].
 */
export const spreadOverTiers = (loadsMw: readonly number[], tiers: readonly PriceTier[]): number[][] => {
  const left = tiers.map((t) => t.mw)
  return loadsMw.map((load) => {
    let open = load
    return left.map((room, k) => {
      const taken = Math.min(open, room)
      open -= taken
      left[k] = room - taken
      return taken
    })
  })
}

/**
 * What not consuming the next MWh is worth, USD/MWh: inside the contract's volume, or beyond it. Null: the contract looks at a
 * market price that is not known. Delivery is not in here.
 * Worked: PPA with resale, spread 4, market 95: 91 inside the contract, 95 beyond.
 */
export const opportunityPrice = model(
  { id: 'curtailment.opportunityPrice', section: '4.1' },
  z.object({ ...ContractTerms, insideContract: z.boolean().optional(), marketPricePerMWh: finite.optional() }),
  (i, { step }): Result<{ pricePerMWh: number | null }> => {
    const contract = contractOf(i, 0)
    if (typeof contract === 'string') return failed('invalid-input', `${contract}: this contract needs it`, { field: contract })
    const tiers = opportunityTiers(contract, i.marketPricePerMWh ?? null)
    const pricePerMWh = (i.insideContract ? tiers[0] : tiers.at(-1))?.pricePerMwh ?? null
    const how =
      contract.type === 'fixed'
        ? 'tariffPerMWh'
        : contract.type === 'index' || !i.insideContract
          ? 'marketPricePerMWh'
          : contract.resaleAllowed
            ? i.resaleSpreadPerMWh === undefined
              ? 'marketPricePerMWh'
              : 'marketPricePerMWh - resaleSpreadPerMWh'
            : '0'
    return ok({ pricePerMWh: pricePerMWh === null ? null : step('pricePerMWh', pricePerMWh, how) })
  },
)
