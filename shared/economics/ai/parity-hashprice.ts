import * as z from 'zod'
import { HOURS_PER_DAY, KW_PER_MW } from '../../units.ts'
import { finite, model, positive, share, shareBelowOne } from '../model.ts'
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

/**
 * The hashprice, USD/PH/day, at which converting and mining on are worth the same: the mining margin per MW-month that the
 * project's value would buy back, turned into a hashprice for this fleet. Null: no MW-month is given up, or it never runs.
 * Worked: margin 15,246.37 per MW-month, 730 h, cost 54, 17.5 J/TH x 1.05 (E = 0.441), net 0.97608:
 * (15,246.37 / 730 + 54) x 0.441 / 0.97608 = $33.83.
 */
export const parityHashprice = model(
  { id: 'ai.parityHashprice', section: '5.6' },
  z.object({ project: ColocationProject, fleet: Fleet }),
  ({ project, fleet }, { step }) => {
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
    return {
      parityMiningMarginPerMWMonth: margin,
      parityHashpriceUsd:
        margin === null || hours === 0
          ? null
          : step(
              'parityHashpriceUsd',
              ((margin / hours + fleet.variableCostPerMWh) * energyMWhPerPhDay) / net,
              '(parityMiningMarginPerMWMonth / runningHours + fleet.variableCostPerMWh) * energyMWhPerPhDay / netShare',
            ),
    }
  },
)
