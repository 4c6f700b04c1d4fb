import { HOURS_PER_MINING_MONTH, KW_PER_MW } from '../../units.ts'
import { model } from '../model.ts'
import { sum } from '../sum.ts'
import { inChunks } from './in-chunks.ts'
import { MiningPathsInputs, miningPaths, monthlyTerms } from './mining-paths.ts'

/**
 * NPV of mining on over simulated coin prices (geometric Brownian motion): month m uses the price at its end and is discounted
 * m/12 years. Sampled; `standardErrorUsd` says how far another seed may move the mean. Where machines never stop the flow is
 * linear in the price, so `meanNpvClosedFormUsd` is exact and stands beside the sampled mean.
 * Worked: one month, volatility and drift 0, price 100, 10 of 100 PH/s, 1 BTC a block: 4,383 x 10 % x 100 = 43,830 USD;
 * 10 PH/s at 20 J/TH draw 200 kW, 146.1 MWh at 50 USD/MWh: 36,525 less at no discount.
 */
export const mcMiningNpv = model({ id: 'network.mcMiningNpv', section: '3.5' }, MiningPathsInputs, (i, { step }) => {
  step('networkShare', i.hashratePHs / i.networkPHs, 'hashratePHs / networkPHs')
  if (i.startHeight === undefined)
    step(
      'monthlyBtc',
      (4383 * (i.subsidyBtc + i.feesPerBlockBtc) * i.hashratePHs * (1 - i.poolFee)) / i.networkPHs,
      '4383 * (subsidyBtc + feesPerBlockBtc) * networkShare * (1 - poolFee)',
    )
  const energyMWh = step(
    'monthlyEnergyMWh',
    (i.hashratePHs * i.efficiencyJTH * i.overheadRatio * HOURS_PER_MINING_MONTH) / KW_PER_MW,
    'hashratePHs * efficiencyJTH * overheadRatio * 730.5 / 1000',
  )
  step('monthlyEnergyUsd', energyMWh * i.variablePerMWh, 'monthlyEnergyMWh * variablePerMWh')

  const answer = inChunks(miningPaths, i)
  if (!answer.ok) return answer
  const { coinUsd, energyUsd } = monthlyTerms(i)
  const grown = coinUsd.map((usd, m) => usd * Math.exp((i.driftAnnual * (m + 1)) / 12))
  const exact = sum(grown) - sum(energyUsd)
  return {
    ...answer.value,
    meanNpvClosedFormUsd: i.shutdownAllowed === true || !Number.isFinite(exact) ? null : step('meanNpvClosedFormUsd', exact),
    paths: i.paths,
    seed: i.seed,
  }
})
