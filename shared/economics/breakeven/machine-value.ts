import * as z from 'zod'
import { HOURS_PER_DAY, HOURS_PER_MINING_MONTH, TH_PER_PH } from '../../units.ts'
import { atLeastZero, discountRate, finite, model, positive, share, shareBelowOne } from '../model.ts'
import { sum } from '../sum.ts'
import { groupBreakEven } from './break-even.ts'

const MachineValueInputs = z.object({
  /** Name plate of the machine, TH/s. */
  unitTHs: positive,
  efficiencyJTH: positive,
  overheadRatio: z.number().min(1),
  variablePerMWh: finite,
  poolFee: shareBelowOne,
  stale: shareBelowOne,
  uptime: share,
  /** By month from now. */
  hashpriceUsd: z.array(atLeastZero).min(1).max(1200),
  discountRateAnnual: discountRate,
  /** Scrap value of one machine when it is retired. */
  residualUsd: atLeastZero,
})

/**
 * What a machine is worth at most: the present value of its margin until the hashprice falls to its break-even for the first
 * time, month ends, plus scrap then (or at the end of the path). An old machine whose break-even is above today's
 * hashprice is worth its scrap.
 * Worked: 200 TH/s at 20 J/TH, 40 USD/MWh, hashprice 50: break-even 19.20, 30.8 USD/PH-day x 0.2 PH/s x 30.4375 = $187.50 a month.
 */
export const machineValue = model({ id: 'breakeven.machineValue', section: '2.5' }, MachineValueInputs, (i, { use, step }) => {
  const even = use('breakEven', groupBreakEven, {
    efficiencyJTH: i.efficiencyJTH,
    overheadRatio: i.overheadRatio,
    powerPricePerMWh: i.variablePerMWh,
    otherVariablePerMWh: 0,
    poolFee: i.poolFee,
    stale: i.stale,
    btcPerPhDay: 0,
    btcPriceUsd: 0,
  })
  if (!even.ok) return even
  const breakEvenHashpriceUsd = step('breakEvenHashpriceUsd', even.value.breakEvenHashpriceUsd)
  const crossed = i.hashpriceUsd.findIndex((h) => h <= breakEvenHashpriceUsd)
  const serviceMonths = step('serviceMonths', crossed === -1 ? i.hashpriceUsd.length : crossed)
  const net = (1 - i.poolFee) * (1 - i.stale)
  const phDaysPerMonth = (i.unitTHs / TH_PER_PH) * i.uptime * (HOURS_PER_MINING_MONTH / HOURS_PER_DAY)
  const at = (month: number) => (1 + i.discountRateAnnual) ** (-month / 12)
  const marginUsd = i.hashpriceUsd.slice(0, serviceMonths).map((h) => (h - breakEvenHashpriceUsd) * net * phDaysPerMonth)
  const valueUsd = step('valueUsd', sum(marginUsd.map((usd, m) => usd * at(m + 1))) + i.residualUsd * at(serviceMonths))
  return {
    valueUsd,
    valueUsdPerTH: step('valueUsdPerTH', valueUsd / i.unitTHs, 'valueUsd / unitTHs'),
    breakEvenHashpriceUsd,
    serviceMonths,
    /** Null: the hashprice never falls to the break-even inside the path. */
    crossedMonth: crossed === -1 ? null : crossed,
  }
})
