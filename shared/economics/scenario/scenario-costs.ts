import * as z from 'zod'
import { HOURS_PER_DAY, HOURS_PER_MINING_MONTH, KW_PER_MW, SATS_PER_BTC, TH_PER_PH } from '../../units.ts'
import { costMix } from '../breakeven/cost-mix.ts'
import { model } from '../model.ts'
import { hashprice } from '../revenue/hashprice.ts'
import { subsidyAtHeight } from '../revenue/subsidy.ts'
import { Scenario } from './scenario.ts'
import { pinned, ScenarioBase } from './scenario-path.ts'

/** What the solved depreciation is told as: a machine written off over the trade's default life without residual. */
const LIFE_MONTHS = 36

/**
 * The cost mix behind a scenario's headline cost of a coin, for one PH/s of its reference farm on the scenario's first day:
 * all components as given, the named one solved for, gain or loss a coin at each level of 2.2. Depreciation is also told
 * as what the machines would have cost, USD per TH/s over 36 months.
 * Worked: cost-88k, 20 J/TH x 1.04 at 48 + 5 USD/MWh: 0.4992 x 53 = $26.46 a PH-day, over 0.00046416 coins $57,000 of power.
 */
export const scenarioCosts = model(
  { id: 'scenario.scenarioCosts', section: '7' },
  z.object({ scenario: Scenario, base: ScenarioBase }).superRefine((i, refuse) => {
    if (i.scenario.costs === undefined)
      refuse.addIssue({ code: 'custom', path: ['scenario', 'costs'], message: 'names no cost to explain' })
  }),
  (i, { use, step }) => {
    const today = pinned(i.scenario, i.base)
    const subsidy = use('subsidy', subsidyAtHeight, { height: today.height })
    if (!subsidy.ok) return subsidy
    const earned = use('hashprice', hashprice, {
      difficulty: today.difficulty,
      btcPriceUsd: today.btcPriceUsd,
      subsidyBtc: subsidy.value.subsidySats / SATS_PER_BTC,
      feesPerBlockBtc: today.feesPerBlockBtc,
    })
    if (!earned.ok) return earned
    const c = i.scenario.costs
    if (c === undefined) return null
    const energyMWh = step('energyMWh', (c.efficiencyJTH * c.overheadRatio * HOURS_PER_DAY) / KW_PER_MW)
    const mix = use('costMix', costMix, {
      powerCostUsd: energyMWh * (today.powerPricePerMWh + c.deliveryPerMWh),
      powerCreditsUsd: 0,
      siteOpexUsd: energyMWh * c.siteOpexPerMWh,
      hostingUsd: 0,
      sgaUsd: c.sgaUsdPerPhDay,
      cashInterestUsd: c.cashInterestUsdPerPhDay,
      depreciationUsd: c.depreciationUsdPerPhDay,
      stockCompUsd: c.stockCompUsdPerPhDay,
      btcMinedNet: earned.value.btcPerPhDay * (1 - c.poolFee),
      btcPriceUsd: today.btcPriceUsd,
      targetFullyLoadedPerBtc: c.targetFullyLoadedPerBtc,
      solveFor: c.solveFor,
    })
    if (!mix.ok) return mix
    const days = LIFE_MONTHS * (HOURS_PER_MINING_MONTH / HOURS_PER_DAY)
    const depreciation = c.solveFor === 'depreciationUsd' ? mix.value.solvedUsd : c.depreciationUsdPerPhDay
    return {
      solvedFor: c.solveFor,
      ...mix.value,
      impliedMachineUsdPerTH: mix.value.possible ? (depreciation * days) / TH_PER_PH : null,
    }
  },
)
