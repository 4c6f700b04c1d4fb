import * as z from 'zod'
import type { PowerContract } from '../../fleet/site.ts'
import { failed, ok, type Result } from '../../result.ts'
import { ContractTerms, contractOf } from '../curtailment/contract-terms.ts'
import { atLeastZero, finite, model } from '../model.ts'

/**
 * What a consumed MWh costs on the bill, USD/MWh with avoidable delivery, weighted by energy over the load; null where a
 * market price is needed and not known. Energy sold back is not in here: it lowers the bill, not the price of what is used.
 * Worked: PPA 34 for 4 MW, market 60, load 5 MW, delivery 2: (4 x 34 + 1 x 60) / 5 + 2 = 41.20.
 */
export const allInPrice = model(
  { id: 'curtailment.allInPrice', section: '4.5' },
  z.object({ ...ContractTerms, avoidableAdderPerMWh: finite, marketPricePerMWh: finite.optional(), loadMW: atLeastZero }),
  (i, { step }): Result<{ allInPricePerMWh: number | null }> => {
    const contract = contractOf(i, i.avoidableAdderPerMWh)
    if (typeof contract === 'string') return failed('invalid-input', `${contract}: this contract needs it`, { field: contract })
    const energy = energyPrice(contract, i.marketPricePerMWh ?? null, i.loadMW)
    if (energy === null) return ok({ allInPricePerMWh: null })
    step('energyPerMWh', energy.perMwh, energy.how)
    return ok({
      allInPricePerMWh: step('allInPricePerMWh', energy.perMwh + i.avoidableAdderPerMWh, 'energyPerMWh + avoidableAdderPerMWh'),
    })
  },
)

const energyPrice = (contract: PowerContract, market: number | null, loadMw: number): { perMwh: number; how: string } | null => {
  const atMarket = market === null ? null : { perMwh: market, how: 'marketPricePerMWh' }
  switch (contract.type) {
    case 'index':
      return atMarket
    case 'fixed':
      return { perMwh: contract.tariffPerMwh, how: 'tariffPerMWh' }
    case 'ppa': {
      const beyond = loadMw - contract.contractMw
      if (beyond <= 0 && contract.contractMw > 0) return { perMwh: contract.strikePerMwh, how: 'strikePerMWh' }
      if (market === null || loadMw <= 0) return atMarket
      return {
        perMwh: (contract.contractMw * contract.strikePerMwh + beyond * market) / loadMw,
        how: '(contractMW * strikePerMWh + (loadMW - contractMW) * marketPricePerMWh) / loadMW',
      }
    }
  }
}
