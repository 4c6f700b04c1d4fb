import * as z from 'zod'
import { HOURS_PER_DAY, KW_PER_MW } from '../units.ts'
import { atLeastZero, finite, model, positive, shareBelowOne } from './checked.ts'

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
export const groupBreakEven = model(GroupBreakEvenInputs, (i) => {
  const energyMWhPerPhDay = (i.efficiencyJTH * i.overheadRatio * HOURS_PER_DAY) / KW_PER_MW
  const net = (1 - i.poolFee) * (1 - i.stale)
  const hashpriceUsd = i.btcPerPhDay * i.btcPriceUsd
  const cost = i.powerPricePerMWh + i.otherVariablePerMWh
  const revenuePerMWh = (hashpriceUsd * net) / energyMWhPerPhDay
  const breakEvenHashpriceUsd = (energyMWhPerPhDay * cost) / net
  const breakEvenBtcUsd = i.btcPerPhDay > 0 ? breakEvenHashpriceUsd / i.btcPerPhDay : null
  return {
    energyMWhPerPhDay,
    revenuePerMWh,
    marginPerMWh: revenuePerMWh - i.powerPricePerMWh - i.otherVariablePerMWh,
    breakEvenPowerPerMWh: revenuePerMWh - i.otherVariablePerMWh,
    breakEvenHashpriceUsd,
    breakEvenBtcUsd,
    breakEvenEfficiencyJTH: cost > 0 ? (hashpriceUsd * net * KW_PER_MW) / (HOURS_PER_DAY * i.overheadRatio * cost) : null,
    breakEvenDifficulty:
      i.difficulty !== undefined && breakEvenHashpriceUsd > 0 ? (i.difficulty * hashpriceUsd) / breakEvenHashpriceUsd : null,
    marginOfSafety: breakEvenBtcUsd !== null && i.btcPriceUsd > 0 ? (i.btcPriceUsd - breakEvenBtcUsd) / i.btcPriceUsd : null,
  }
})
