/** A scenario's answer in snake_case, the unit at the end of each name (`cli.md`). */
import { MINING_DISCOUNT_RATE } from '#shared/economics/scenario/scenario-table.ts'
import type { KnownScenario, ScenarioShelf } from '../planner/scenario-files.ts'
import type { ScenarioAnswer } from './scenario-answer.ts'
import { cycleJson } from './scenario-cycle.ts'

const idOf = ({ scenario, file, overrides }: KnownScenario) => ({
  id: scenario.id,
  title: scenario.title,
  horizon_months: scenario.horizonMonths,
  source: scenario.source,
  file,
  overrides_shipped: overrides,
})

/** The mistakes of all files; only that of the one which was asked for is a failure. */
const badJson = (shelf: ScenarioShelf) =>
  shelf.bad.map(({ file, failure }) => ({ file, field: failure.field ?? null, reason: failure.message }))

const snake = (camel: string) =>
  camel
    .replace(/PHs$/, '_phs')
    .replace(/EHs$/, '_ehs')
    .replace(/PerMWh$/, '_per_mwh')
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

export const scenarioJson = (a: ScenarioAnswer, shelf: ScenarioShelf) => ({
  scenario: { ...idOf(a.known), notes: a.known.scenario.notes },
  base: Object.fromEntries(a.base.map((f) => [snake(f.field), f.value])),
  base_sources: Object.fromEntries(a.base.map((f) => [snake(f.field), f.source])),
  months: a.path.btcPriceUsd.map((btcPriceUsd, m) => ({
    month: m,
    btc_price_usd: btcPriceUsd,
    network_phs: a.path.networkPHs[m],
    difficulty: a.path.difficulty[m],
    subsidy_btc: a.path.subsidyBtc[m],
    fees_btc_per_block: a.path.feesPerBlockBtc[m],
    hashprice_usd_per_ph_day: a.path.hashpriceUsd[m],
    power_price_per_mwh: a.path.powerPricePerMWh[m],
    power_price_factor: a.path.powerPriceFactor[m],
    lease_usd_per_kw_month: a.path.leasePerKwMonth[m],
    ai_exit_share: a.path.aiExitShare[m],
    price_exit_share: a.path.priceExitShare[m],
    mining_cash_usd: a.outcome?.cashUsd[m] ?? null,
    btc_mined_btc: a.outcome?.btcMined[m] ?? null,
    running_phs: a.outcome?.runningPHs[m] ?? null,
    fleet_break_even_hashprice_usd_per_ph_day: a.outcome?.fleetBreakEvenHashpriceUsd[m] ?? null,
  })),
  retargets: a.path.retargets.map((r) => ({ day: r.day, change: r.change, difficulty: r.newDifficulty })),
  vol_annual: a.path.volAnnual,
  gpu_hour_factor: a.path.gpuHourFactor,
  tenant_default_share: a.path.tenantDefaultShare,
  outcome:
    a.outcome === null
      ? null
      : {
          fleet_mw: a.outcome.fleetMW,
          fleet_phs: a.outcome.fleetPHs,
          months_below_break_even: a.outcome.belowBreakEvenMonths,
          total_cash_usd: a.outcome.totalCashUsd,
          npv_mining_usd: a.outcome.npvMiningUsd,
          discount_rate: MINING_DISCOUNT_RATE,
          npv_conversion_usd: a.outcome.npvConversionUsd,
          npv_keep_mining_usd: a.outcome.npvKeepMiningUsd,
          npv_incremental_usd: a.outcome.npvIncrementalUsd,
          lease_signed_usd_per_kw_month: a.outcome.leaseSignedPerKwMonth,
          groups: a.outcome.groups.map((g) => ({
            id: g.id,
            break_even_hashprice_usd_per_ph_day: g.breakEvenHashpriceUsd,
            first_month_off: g.firstOffMonth,
            off_months: g.offMonths,
          })),
        },
  cyclical_or_structural: a.cycle === null ? null : cycleJson(a.cycle),
  costs:
    a.costs === null
      ? null
      : {
          solved_for: snake(a.costs.solvedFor),
          possible: a.costs.possible,
          solved_usd_per_btc: a.costs.solvedPerBtc,
          levels_usd_per_btc: a.costs.levels === null ? null : perLevel(a.costs.levels),
          margin_usd_per_btc: a.costs.marginPerBtc === null ? null : perLevel(a.costs.marginPerBtc),
          implied_machine_usd_per_th: a.costs.impliedMachineUsdPerTH,
        },
  problems: badJson(shelf),
  notes: a.notes,
})

type Levels = { readonly [K in 'directPerBtc' | 'siteCashPerBtc' | 'corporateCashPerBtc' | 'fullyLoadedPerBtc']: number | null }
const perLevel = (l: Levels) => ({
  direct: l.directPerBtc,
  site_cash: l.siteCashPerBtc,
  corporate_cash: l.corporateCashPerBtc,
  fully_loaded: l.fullyLoadedPerBtc,
})

export const shelfJson = (shelf: ScenarioShelf) => ({ scenarios: shelf.known.map(idOf), problems: badJson(shelf) })
