import * as z from 'zod'
import { HOURS_PER_DAY, KW_PER_MW } from '../../units.ts'
import { atLeastZero, finite, model, positive, shareBelowOne } from '../model.ts'

const GroupBreakEvenInputs = z.object({
  /** At the wall plug. */
  efficiencyJTH: positive,
  /** Metered MWh / machine MWh. */
  overheadRatio: z.number().min(1),
  /** May be negative: paid to consume. */
  powerPricePerMWh: finite,
  /** Avoidable delivery, uplift, wear, USD/MWh; an ancillary payment for consuming makes it smaller or negative. */
  otherVariablePerMWh: finite,
  poolFee: shareBelowOne,
  stale: shareBelowOne,
  btcPerPhDay: atLeastZero,
  btcPriceUsd: atLeastZero,
  difficulty: positive.optional(),
})

/**
 * The power price, coin price, hashprice, efficiency and difficulty at which a group earns exactly what it costs to run.
 * With E MWh per PH-day and `net` of pool fee and stale shares: revenue = hashprice x net / E, margin = revenue - c - v.
 * Null: not computable (no coins; any machine is in the money when energy is free or paid for).
 * Worked: 50 USD/PH/day at 20 J/TH, nothing else: E = 20 x 24 / 1000 = 0.48, 50 / 0.48 = 104.17 USD/MWh.
 */
export const groupBreakEven = model({ id: 'breakeven.groupBreakEven', section: '2.1' }, GroupBreakEvenInputs, (i, { step }) => {
  const energyMWhPerPhDay = step(
    'energyMWhPerPhDay',
    (i.efficiencyJTH * i.overheadRatio * HOURS_PER_DAY) / KW_PER_MW,
    'efficiencyJTH * overheadRatio * 24 / 1000',
  )
  const net = step('netShare', (1 - i.poolFee) * (1 - i.stale), '(1 - poolFee) * (1 - stale)')
  const hashpriceUsd = step('hashpriceUsd', i.btcPerPhDay * i.btcPriceUsd, 'btcPerPhDay * btcPriceUsd')
  const cost = step('variableCostPerMWh', i.powerPricePerMWh + i.otherVariablePerMWh, 'powerPricePerMWh + otherVariablePerMWh')
  const revenuePerMWh = step('revenuePerMWh', (hashpriceUsd * net) / energyMWhPerPhDay, 'hashpriceUsd * netShare / energyMWhPerPhDay')
  const breakEvenHashpriceUsd = step(
    'breakEvenHashpriceUsd',
    (energyMWhPerPhDay * cost) / net,
    'energyMWhPerPhDay * variableCostPerMWh / netShare',
  )
  const breakEvenBtcUsd =
    i.btcPerPhDay > 0 ? step('breakEvenBtcUsd', breakEvenHashpriceUsd / i.btcPerPhDay, 'breakEvenHashpriceUsd / btcPerPhDay') : null
  return {
    energyMWhPerPhDay,
    revenuePerMWh,
    marginPerMWh: step(
      'marginPerMWh',
      revenuePerMWh - i.powerPricePerMWh - i.otherVariablePerMWh,
      'revenuePerMWh - powerPricePerMWh - otherVariablePerMWh',
    ),
    breakEvenPowerPerMWh: step('breakEvenPowerPerMWh', revenuePerMWh - i.otherVariablePerMWh, 'revenuePerMWh - otherVariablePerMWh'),
    breakEvenHashpriceUsd,
    breakEvenBtcUsd,
    breakEvenEfficiencyJTH:
      cost > 0
        ? step(
            'breakEvenEfficiencyJTH',
            (hashpriceUsd * net * KW_PER_MW) / (HOURS_PER_DAY * i.overheadRatio * cost),
            'hashpriceUsd * netShare * 1000 / (24 * overheadRatio * variableCostPerMWh)',
          )
        : null,
    breakEvenDifficulty:
      i.difficulty !== undefined && breakEvenHashpriceUsd > 0
        ? step(
            'breakEvenDifficulty',
            (i.difficulty * hashpriceUsd) / breakEvenHashpriceUsd,
            'difficulty * hashpriceUsd / breakEvenHashpriceUsd',
          )
        : null,
    marginOfSafety:
      breakEvenBtcUsd !== null && i.btcPriceUsd > 0
        ? step('marginOfSafety', (i.btcPriceUsd - breakEvenBtcUsd) / i.btcPriceUsd, '(btcPriceUsd - breakEvenBtcUsd) / btcPriceUsd')
        : null,
  }
})
