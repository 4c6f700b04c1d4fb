import * as z from 'zod'
import { HOURS_PER_DAY, KW_PER_MW } from '../../units.ts'
import { atLeastZero, finite, model, positive, shareBelowOne } from '../model.ts'

/**
 * What curtailment gave up for what it saved: hashing that was not done, coins that were not mined, and the hashprice and coin
 * price at which they would have been worth mining (null where nothing was lost).
 * Worked: 48 MWh not drawn at 20 J/TH are 48 / 0.48 = 100 PH-days; at 0.0005 BTC/PH/day 0.05 BTC; 6,000 USD avoided: worth
 * mining from 60 USD/PH/day or 120,000 USD/BTC on.
 */
export const proofOfValue = model(
  { id: 'curtailment.proofOfValue', section: '4.5' },
  z.object({
    /** Energy not drawn, at the meter. */
    lostMWh: atLeastZero,
    periodHours: positive,
    /** What that energy would have cost, less starts and wear that the curtailment caused. */
    avoidedCostUsd: finite,
    efficiencyJTH: positive,
    overheadRatio: z.number().min(1),
    poolFee: shareBelowOne,
    stale: shareBelowOne,
    btcPerPhDay: atLeastZero,
  }),
  (i, { step }) => {
    const mwhPerPhDay = step(
      'energyMWhPerPhDay',
      (i.efficiencyJTH * i.overheadRatio * HOURS_PER_DAY) / KW_PER_MW,
      'efficiencyJTH * overheadRatio * 24 / 1000',
    )
    const lostPhDays = step('lostPhDays', i.lostMWh / mwhPerPhDay, 'lostMWh / energyMWhPerPhDay')
    const netPhDays = step('netPhDays', lostPhDays * (1 - i.poolFee) * (1 - i.stale), 'lostPhDays * (1 - poolFee) * (1 - stale)')
    const coinsNotMinedBtc = step('coinsNotMinedBtc', netPhDays * i.btcPerPhDay, 'netPhDays * btcPerPhDay')
    return {
      lostPhDays,
      meanLostPHs: step('meanLostPHs', (lostPhDays * HOURS_PER_DAY) / i.periodHours, 'lostPhDays * 24 / periodHours'),
      coinsNotMinedBtc,
      worthMiningHashpriceUsd: netPhDays > 0 ? i.avoidedCostUsd / netPhDays : null,
      worthMiningBtcUsd: coinsNotMinedBtc > 0 ? i.avoidedCostUsd / coinsNotMinedBtc : null,
    }
  },
)
