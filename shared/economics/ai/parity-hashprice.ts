import * as z from 'zod'
import { HOURS_PER_DAY, KW_PER_MW } from '../../units.ts'
import { atLeastZero, finite, model, positive, share, shareBelowOne } from '../model.ts'
import { blocksPerPhDay } from '../revenue/hashprice.ts'
import { ColocationProject, colocationFlows, presentValueOfMonths } from './colocation-project.ts'

const Fleet = z.object({
  efficiencyJTH: positive,
  overheadRatio: z.number().min(1),
  poolFee: shareBelowOne,
  stale: shareBelowOne,
  variableCostPerMWh: finite,
  hoursPerMonth: positive,
  uptime: share,
})

/** Today's network, to say a hashprice as a coin price. */
const Network = z.object({
  difficulty: positive,
  subsidyBtc: atLeastZero,
  feesPerBlockBtc: atLeastZero,
  btcPriceUsd: positive,
  /** Of the others' hashrate (3.3); default 0.6. */
  elasticity: z.number().min(0).max(100).optional(),
})
const DEFAULT_ELASTICITY = 0.6

/**
 * The hashprice, USD/PH/day, at which converting and mining on are worth the same: the mining margin per MW-month that the
 * project's value would buy back, turned into a hashprice for this fleet. With `network` also as a coin price: at today's
 * difficulty, and where the others' hashrate has answered, so that hashprice rises only with price^(1 / (1 + elasticity)). Null: no MW-month is given up, or it never runs.
 * Worked: margin 15,246.37 per MW-month, 730 h, cost 54, 17.5 J/TH x 1.05 (E = 0.441), net 0.97608:
 * (15,246.37 / 730 + 54) x 0.441 / 0.97608 = $33.83. Where $71,000 gives $33.62: 71,000 x 33.83 / 33.62 = $71,443, and with
 * elasticity 0.6: 71,000 x (33.83 / 33.62)^1.6 = $71,711.
 */
export const parityHashprice = model(
  { id: 'ai.parityHashprice', section: '5.6' },
  z.object({ project: ColocationProject, fleet: Fleet, network: Network.optional() }),
  ({ project, fleet, network }, { step }) => {
    const flows = colocationFlows(project)
    const givenUp = step('presentMWMonthsGivenUp', presentValueOfMonths(project.discountRateAnnual, flows.miningMwMonths))
    const worth = step('npvProject', presentValueOfMonths(project.discountRateAnnual, flows.project))
    const margin = givenUp > 0 ? step('parityMiningMarginPerMWMonth', worth / givenUp, 'npvProject / presentMWMonthsGivenUp') : null
    const hours = step('runningHours', fleet.hoursPerMonth * fleet.uptime, 'fleet.hoursPerMonth * fleet.uptime')
    const energyMWhPerPhDay = step(
      'energyMWhPerPhDay',
      (fleet.efficiencyJTH * fleet.overheadRatio * HOURS_PER_DAY) / KW_PER_MW,
      'fleet.efficiencyJTH * fleet.overheadRatio * 24 / 1000',
    )
    const net = step('netShare', (1 - fleet.poolFee) * (1 - fleet.stale), '(1 - fleet.poolFee) * (1 - fleet.stale)')
    const parityHashpriceUsd =
      margin === null || hours === 0
        ? null
        : step(
            'parityHashpriceUsd',
            ((margin / hours + fleet.variableCostPerMWh) * energyMWhPerPhDay) / net,
            '(parityMiningMarginPerMWMonth / runningHours + fleet.variableCostPerMWh) * energyMWhPerPhDay / netShare',
          )
    const figures = { parityMiningMarginPerMWMonth: margin, parityHashpriceUsd }
    if (network === undefined) return { ...figures, elasticity: null, parityBtcUsd: null, parityAtEquilibriumBtcUsd: null }
    const btcPerPhDay = step('btcPerPhDay', blocksPerPhDay(network.difficulty) * (network.subsidyBtc + network.feesPerBlockBtc))
    const elasticity = step('elasticity', network.elasticity ?? DEFAULT_ELASTICITY)
    // No coin price makes mining worth less than nothing.
    const reachable = parityHashpriceUsd !== null && parityHashpriceUsd >= 0 && btcPerPhDay > 0
    const parityBtcUsd = reachable ? step('parityBtcUsd', parityHashpriceUsd / btcPerPhDay, 'parityHashpriceUsd / btcPerPhDay') : null
    return {
      ...figures,
      elasticity,
      parityBtcUsd,
      parityAtEquilibriumBtcUsd:
        parityBtcUsd === null
          ? null
          : step(
              'parityAtEquilibriumBtcUsd',
              network.btcPriceUsd * (parityBtcUsd / network.btcPriceUsd) ** (1 + elasticity),
              'network.btcPriceUsd * (parityBtcUsd / network.btcPriceUsd) ^ (1 + elasticity)',
            ),
    }
  },
)
