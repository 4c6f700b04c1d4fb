import * as z from 'zod'
import { atLeastZero, model, positive, shareBelowOne } from '../model.ts'

/**
 * Equilibrium where the others' hashrate answers hashprice with an elasticity: H(h) = H0 (1 - x) (h / h0)^eps, h x H = V.
 * `elasticity` >= 0: at 0 nobody answers, and the larger it is the closer hashprice stays to the base. The exit share `x`
 * leaves whatever the hashprice is. Changes are against the base.
 * Worked: V falls by a fifth, eps 0.6: hashprice x 0.8^(1/1.6) = 0.8698, hashrate x 0.8 / 0.8698 = 0.9197.
 */
export const equilibriumElastic = model(
  { id: 'network.equilibriumElastic', section: '3.3' },
  z.object({
    baseHashpriceUsd: positive,
    baseHashratePHs: positive,
    networkRevenueUsdPerDay: atLeastZero,
    elasticity: atLeastZero,
    exogenousExitShare: shareBelowOne,
  }),
  (i, { step }) => {
    const stayingPHs = step('stayingPHs', i.baseHashratePHs * (1 - i.exogenousExitShare), 'baseHashratePHs * (1 - exogenousExitShare)')
    // The relative form of (V h0^eps / (H0 (1 - x)))^(1 / (1 + eps)): h0^eps leaves the range of a number for a large eps.
    const rigidShare = step(
      'rigidShare',
      i.networkRevenueUsdPerDay / stayingPHs / i.baseHashpriceUsd,
      'networkRevenueUsdPerDay / stayingPHs / baseHashpriceUsd',
    )
    const relative = step('hashpriceRatio', rigidShare ** (1 / (1 + i.elasticity)), 'rigidShare ^ (1 / (1 + elasticity))')
    const hashpriceUsd = step('hashpriceUsd', i.baseHashpriceUsd * relative, 'baseHashpriceUsd * hashpriceRatio')
    // V / h, written so that it holds at V = 0 too.
    const hashratePHs = step(
      'hashratePHs',
      stayingPHs * rigidShare ** (i.elasticity / (1 + i.elasticity)),
      'stayingPHs * rigidShare ^ (elasticity / (1 + elasticity))',
    )
    return {
      hashpriceUsd,
      hashratePHs,
      hashpriceChange: step('hashpriceChange', relative - 1, 'hashpriceRatio - 1'),
      hashrateChange: step('hashrateChange', hashratePHs / i.baseHashratePHs - 1, 'hashratePHs / baseHashratePHs - 1'),
    }
  },
)
