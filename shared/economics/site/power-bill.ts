import type { PowerContract } from '../../fleet/site.ts'

/**
 * What a consumed MWh costs on the bill, USD/MWh with avoidable delivery, weighted by energy over `loadMw`; null where a
 * market price is needed and not known. Energy sold back is not in here: it lowers the bill, not the price of what is used.
 * Worked: PPA 34 for 4 MW, market 60, load 5 MW, delivery 2: (4 x 34 + 1 x 60) / 5 + 2 = 41.20.
 */
export const allInPrice = (contract: PowerContract, marketPerMwh: number | null, loadMw: number | null): number | null => {
  const energy = energyPrice(contract, marketPerMwh, loadMw ?? 0)
  return energy === null ? null : energy + contract.avoidableAdderPerMwh
}

const energyPrice = (contract: PowerContract, market: number | null, loadMw: number): number | null => {
  switch (contract.type) {
    case 'index':
      return market
    case 'fixed':
      return contract.tariffPerMwh
    case 'ppa': {
      const beyond = loadMw - contract.contractMw
      if (beyond <= 0 && contract.contractMw > 0) return contract.strikePerMwh
      if (market === null) return null
      return loadMw > 0 ? (contract.contractMw * contract.strikePerMwh + beyond * market) / loadMw : market
    }
  }
}
