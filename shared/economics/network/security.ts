import * as z from 'zod'
import { HOURS_PER_DAY, KW_PER_MW, SATS_PER_BTC, TH_PER_PH } from '../../units.ts'
import { atLeastZero, finite, model, positive, shareBelowOne, wholeAtLeastZero } from '../model.ts'
import { subsidyAtHeight, supplyAtHeight } from '../revenue/subsidy.ts'

const PH_PER_EH = 1000

const SecurityInputs = z.object({
  height: wholeAtLeastZero,
  btcPriceUsd: atLeastZero,
  feesPerBlockBtc: atLeastZero,
  /** Of the honest miners. */
  networkEHs: atLeastZero,
  /** Of all hashrate once the attacker is there: 0.51. */
  attackShare: shareBelowOne,
  hardwareUsdPerTH: atLeastZero,
  attackerEfficiencyJTH: positive,
  facilityUsdPerMW: atLeastZero,
  powerPricePerMWh: finite,
  hashpriceUsdPerPhDay: atLeastZero,
  /** What a renter pays above what the rented hashrate would earn. */
  rentPremium: atLeastZero,
})

/**
 * What the network pays for its security in a year of 144 x 365 blocks, and what an attacker from outside with a share `a`
 * of all hashrate must bring: H x a / (1 - a). Share of market cap is null at a price or a supply of 0. Rent is a price without a market:
 * nobody offers hashrate of this size.
 * Worked: 903 EH/s at 51 %: 903 x 0.51 / 0.49 = 939.86 EH/s; x 17.5 J/TH = 16,447.5 MW; x 16 USD/TH = $15.04 billion.
 */
export const security = model({ id: 'network.security', section: '3.6' }, SecurityInputs, (i, { step, use }) => {
  const subsidy = use('subsidy', subsidyAtHeight, { height: i.height })
  if (!subsidy.ok) return subsidy
  const supply = use('supply', supplyAtHeight, { height: i.height })
  if (!supply.ok) return supply
  const subsidyBtc = step('subsidyBtc', subsidy.value.subsidySats / SATS_PER_BTC)
  const supplyBtc = step('supplyBtc', supply.value.supplySats / SATS_PER_BTC)
  const budget = step(
    'securityBudgetUsdPerYear',
    144 * 365 * (subsidyBtc + i.feesPerBlockBtc) * i.btcPriceUsd,
    '144 * 365 * (subsidyBtc + feesPerBlockBtc) * btcPriceUsd',
  )
  const marketCapUsd = step('marketCapUsd', supplyBtc * i.btcPriceUsd, 'supplyBtc * btcPriceUsd')
  const attackerEHs = step(
    'attackerEHs',
    (i.networkEHs * i.attackShare) / (1 - i.attackShare),
    'networkEHs * attackShare / (1 - attackShare)',
  )
  const attackerPHs = step('attackerPHs', attackerEHs * PH_PER_EH, 'attackerEHs * 1000')
  const hardwareUsd = step('hardwareUsd', attackerPHs * TH_PER_PH * i.hardwareUsdPerTH, 'attackerPHs * 1000 * hardwareUsdPerTH')
  const attackerMW = step('attackerMW', (attackerPHs * i.attackerEfficiencyJTH) / KW_PER_MW, 'attackerPHs * attackerEfficiencyJTH / 1000')
  const facilityUsd = step('facilityUsd', attackerMW * i.facilityUsdPerMW, 'attackerMW * facilityUsdPerMW')
  return {
    securityBudgetUsdPerYear: budget,
    securityBudgetShareOfMarketCap:
      marketCapUsd > 0 ? step('securityBudgetShareOfMarketCap', budget / marketCapUsd, 'securityBudgetUsdPerYear / marketCapUsd') : null,
    marketCapUsd,
    attackerEHs,
    hardwareUsd,
    attackerMW,
    facilityUsd,
    /** Machines and halls. */
    capitalUsd: step('capitalUsd', hardwareUsd + facilityUsd, 'hardwareUsd + facilityUsd'),
    energyUsdPerDay: step('energyUsdPerDay', attackerMW * HOURS_PER_DAY * i.powerPricePerMWh, 'attackerMW * 24 * powerPricePerMWh'),
    rentUsdPerHour: step(
      'rentUsdPerHour',
      ((attackerPHs * i.hashpriceUsdPerPhDay) / HOURS_PER_DAY) * (1 + i.rentPremium),
      'attackerPHs * hashpriceUsdPerPhDay / 24 * (1 + rentPremium)',
    ),
    rentMarketDepthPHs: null,
    rentNote: 'no market rents out hashrate of this size; the rent is a price, not an offer',
  }
})
