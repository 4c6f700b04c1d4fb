import { priceOffsets } from '../economics/scenario/price-offsets.ts'
import { type FleetGroup, scenarioFleet } from '../economics/scenario/scenario-fleet.ts'
import type { ScenarioFleet } from '../economics/scenario/scenario-outcome.ts'
import { sum } from '../economics/sum.ts'
import { count, dollars } from '../format.ts'
import { failed, ok, type Result } from '../result.ts'
import { HOURS_PER_DAY, KW_PER_MW } from '../units.ts'
import { contractOf, type FileNote, pricesOf, type SiteFile } from './site-file.ts'

/** `economics.md` 11, where neither contract nor prices say what energy costs. */
const DEFAULT_POWER_PRICE = 48

/**
 * The machines of a site file as a scenario takes them. A MW at the meter is so many PH/s of its efficiency; where only its
 * revenue per MWh is known, the hashprice tells the efficiency.
 * Worked: 10 MW at 20 J/TH and overhead 1.04: 10,000 kW / 20.8 = 480.8 PH/s.
 */
export const scenarioFleetOf = (file: SiteFile, hashpriceUsd: number): Result<{ fleet: ScenarioFleet; assumed: readonly FileNote[] }> => {
  const contract = contractOf(file)
  const prices = pricesOf(file)
  if (!prices.ok) return prices
  const list = prices.value?.pricePerMWh ?? []
  const assumed: FileNote[] = []
  const marketPrice = list.length > 0 ? sum(list) / list.length : DEFAULT_POWER_PRICE
  const everyHour = list.map((price, k) => ({ startMs: k, endMs: k + 1, price }))
  if (list.length > 0 && contract.type !== 'fixed')
    assumed.push({
      field: 'prices',
      reason: `the machines meet the file's ${count(list.length, 'price')}, ${dollars(marketPrice)}/MWh on average, over and over; --power-price and the column $/MWh are another site's`,
    })
  if (list.length === 0 && contract.type !== 'fixed')
    assumed.push({ field: 'prices', reason: `the file brings none; ${DEFAULT_POWER_PRICE} USD/MWh of market price` })
  if (contract.type === 'ppa')
    assumed.push({
      field: 'contract',
      reason: 'contract energy counts at what it could be sold for; the contract itself is in no figure, it goes on either way',
    })
  const net = (1 - file.site.pool_fee) * (1 - file.site.stale)
  const hashprice = file.hashprice_usd_per_ph_day ?? hashpriceUsd
  const groups: FleetGroup[] = []
  for (const [k, g] of file.groups.entries()) {
    if (g.mw === 0) continue
    const revenue = g.revenue_per_mwh
    if (g.efficiency_jth === undefined && (revenue === undefined || revenue <= 0 || hashprice <= 0))
      return failed('invalid-input', `groups[${k}].revenue_per_mwh: tells no efficiency; name efficiency_jth`, {
        field: `groups[${k}].revenue_per_mwh`,
      })
    const atMeterJTH =
      g.efficiency_jth === undefined
        ? (hashprice * net * KW_PER_MW) / (HOURS_PER_DAY * (revenue ?? 1))
        : g.efficiency_jth * file.site.overhead_ratio
    groups.push({
      id: g.id,
      mw: g.mw,
      efficiencyJTH: atMeterJTH / file.site.overhead_ratio,
      hashratePHs: (g.mw * KW_PER_MW) / atMeterJTH,
    })
  }
  if (groups.length === 0) return failed('invalid-input', 'groups: no group draws any power', { field: 'groups' })
  return ok({
    assumed,
    fleet: scenarioFleet({
      contract,
      groups,
      marketPricePerMWh: marketPrice,
      priceOffsetsPerMWh: priceOffsets(everyHour),
      overheadRatio: file.site.overhead_ratio,
      poolFee: file.site.pool_fee,
      stale: file.site.stale,
    }),
  })
}
