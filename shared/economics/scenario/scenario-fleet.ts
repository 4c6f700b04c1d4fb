import type { PowerContract } from '../../fleet/site.ts'
import type { ScenarioFleet } from './scenario-outcome.ts'

/** Machines of one kind; `mw` at the meter. */
export type FleetGroup = { readonly id: string; readonly hashratePHs: number; readonly efficiencyJTH: number; readonly mw: number }

/**
 * A fleet as a scenario takes it. Energy counts at what not using it is worth (4.1): tariff, market price, resale price,
 * nothing for contract energy that cannot be sold. What a take-or-pay contract costs or earns beyond that is the same whether
 * mining goes on or not, and is no part of the fleet's cash. Contract energy goes to the best machines first.
 * Worked: 10 MW of contract at a spread of 2, two groups of 10 MW, market 50: 48 for the better one, 50 for the other.
 */
export const scenarioFleet = (i: {
  readonly contract: PowerContract
  readonly groups: readonly FleetGroup[]
  /** Mean of the prices that the site meets; not read under a tariff. */
  readonly marketPricePerMWh: number
  /** How they lie about it (`priceOffsets`); empty where only the mean is known. */
  readonly priceOffsetsPerMWh: readonly number[]
  readonly overheadRatio: number
  readonly poolFee: number
  readonly stale: number
}): ScenarioFleet => {
  const { contract, marketPricePerMWh } = i
  let left = contract.type === 'ppa' ? contract.contractMw : 0
  const covered = new Map<string, number>()
  for (const g of [...i.groups].sort((a, b) => a.efficiencyJTH - b.efficiencyJTH || (a.id < b.id ? -1 : 1))) {
    const part = Math.min(left, g.mw)
    covered.set(g.id, part / g.mw)
    left -= part
  }
  const contractWorth = contract.type === 'ppa' && contract.resaleAllowed ? marketPricePerMWh - contract.resaleSpreadPerMwh : 0
  return {
    groups: i.groups.map((g) => {
      const part = covered.get(g.id) ?? 0
      return {
        id: g.id,
        hashratePHs: g.hashratePHs,
        efficiencyJTH: g.efficiencyJTH,
        overheadRatio: i.overheadRatio,
        powerPricePerMWh: contract.type === 'fixed' ? contract.tariffPerMwh : part * contractWorth + (1 - part) * marketPricePerMWh,
        otherVariablePerMWh: contract.avoidableAdderPerMwh,
        marketPriced: contract.type === 'index' || (contract.type === 'ppa' && (contract.resaleAllowed || part === 0)),
      }
    }),
    ...(i.priceOffsetsPerMWh.length > 1 ? { priceOffsetsPerMWh: [...i.priceOffsetsPerMWh] } : {}),
    poolFee: i.poolFee,
    stale: i.stale,
  }
}
