import * as z from 'zod'
import { failed, ok } from '../../result.ts'
import { atLeastZero, finite, model, positive, shareBelowOne, type Trace, wholeAtLeastZero } from '../model.ts'
import { FIRST_HEIGHT_WITHOUT_SUBSIDY } from '../revenue/subsidy.ts'
import { networkRevenue } from './network-revenue.ts'
import { security } from './security.ts'

const BLOCKS_PER_MINING_MONTH = 4383
const PH_PER_EH = 1000
const LONGEST_MONTHS = 120

const floor = finite.optional()
/** Floors that a custody-risk team sets; a figure below its floor is crossed. */
const Thresholds = z.object({
  networkEHs: floor,
  securityBudgetUsdPerYear: floor,
  securityBudgetShareOfMarketCap: floor,
  hardwareUsd: floor,
  capitalUsd: floor,
  attackerMW: floor,
  energyUsdPerDay: floor,
  rentUsdPerHour: floor,
})
type Watched = keyof z.output<typeof Thresholds>
const watched: readonly Watched[] = [
  ...(['networkEHs', 'securityBudgetUsdPerYear', 'securityBudgetShareOfMarketCap'] as const),
  ...(['hardwareUsd', 'capitalUsd', 'attackerMW', 'energyUsdPerDay', 'rentUsdPerHour'] as const),
]

const monthly = (of: z.ZodNumber) => z.array(of).max(LONGEST_MONTHS)
const Inputs = z
  .object({
    startHeight: wholeAtLeastZero,
    months: z.int().min(1).max(LONGEST_MONTHS),
    btcPriceUsd: monthly(atLeastZero),
    feesPerBlockBtc: monthly(atLeastZero),
    /** Honest hashrate of each month, as a crowd-out scenario gives it. */
    networkEHs: monthly(positive),
    attackShare: shareBelowOne,
    hardwareUsdPerTH: atLeastZero,
    attackerEfficiencyJTH: positive,
    facilityUsdPerMW: atLeastZero,
    powerPricePerMWh: finite,
    rentPremium: atLeastZero,
    thresholds: Thresholds,
  })
  .superRefine((i, refuse) => {
    const bad = (path: string, message: string) => refuse.addIssue({ code: 'custom', path: [path], message })
    if (i.startHeight + i.months * BLOCKS_PER_MINING_MONTH > FIRST_HEIGHT_WITHOUT_SUBSIDY)
      bad('months', `reach past the last subsidy at height ${FIRST_HEIGHT_WITHOUT_SUBSIDY}`)
    for (const field of ['btcPriceUsd', 'feesPerBlockBtc', 'networkEHs'] as const)
      if (i[field].length !== i.months) bad(field, `has ${i[field].length} entries for ${i.months} months`)
  })

const monthOf = (i: z.output<typeof Inputs>, month: number, use: Trace['use']) => {
  const height = i.startHeight + month * BLOCKS_PER_MINING_MONTH
  const networkEHs = i.networkEHs[month] ?? 0
  const market = { btcPriceUsd: i.btcPriceUsd[month] ?? 0, feesPerBlockBtc: i.feesPerBlockBtc[month] ?? 0 }
  const revenue = use(`month${month}Revenue`, networkRevenue, { height, ...market })
  if (!revenue.ok) return revenue
  const hashpriceUsdPerPhDay = revenue.value.networkRevenueUsdPerDay / (networkEHs * PH_PER_EH)
  if (!Number.isFinite(hashpriceUsdPerPhDay))
    return failed('invalid-input', `networkEHs[${month}]: too little hashrate for that revenue`, { field: 'networkEHs' })
  const { attackShare, hardwareUsdPerTH, attackerEfficiencyJTH, facilityUsdPerMW, powerPricePerMWh, rentPremium } = i
  const attacker = { attackShare, hardwareUsdPerTH, attackerEfficiencyJTH, facilityUsdPerMW, powerPricePerMWh, rentPremium }
  const at = use(`month${month}Security`, security, { height, networkEHs, ...market, ...attacker, hashpriceUsdPerPhDay })
  if (!at.ok) return at
  const figures = { networkEHs, ...at.value }
  const crossed = watched.filter((name) => {
    const least = i.thresholds[name]
    const value = figures[name]
    return least !== undefined && value !== null && value < least
  })
  return ok({ month, height, ...market, hashpriceUsdPerPhDay, ...figures, crossed })
}

/**
 * Security by month (mining months of 4,383 blocks from `startHeight`) for given paths of price, fees and honest hashrate:
 * what the network pays, what an attacker must bring, which floors are crossed, and the first month each one is (0 = at once,
 * null = never). Rent follows the hashprice of the month, taken as 144 blocks a day over the month's hashrate: difficulty has
 * followed it by then.
 * Worked: 900 EH/s losing 5 EH/s a month falls below a floor of 890 in month 3 (885), not in month 2 (890).
 */
export const securityTrend = model({ id: 'network.securityTrend', section: '3.6' }, Inputs, (i, { use }) => {
  const months = Array.from({ length: i.months }, (_, month) => monthOf(i, month, use))
  const refused = months.find((m) => !m.ok)
  if (refused && !refused.ok) return refused
  const rows = months.flatMap((m) => (m.ok ? [m.value] : []))
  const first = (name: Watched) => rows.find((row) => row.crossed.includes(name))?.month ?? null
  return {
    rows,
    /** Only floors that were set. */
    firstCrossedMonth: Object.fromEntries(watched.filter((name) => i.thresholds[name] !== undefined).map((name) => [name, first(name)])),
  }
})
