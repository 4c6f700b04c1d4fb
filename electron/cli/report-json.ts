/** A site's report in the shape that the command line promises (`cli.md`): snake_case, the unit at the end of each name. */
import type { SiteReport } from '#shared/decision/site-report.ts'
import type { TracedInput } from '#shared/market/traced.ts'
import { isoInstant, SECOND_MS } from '#shared/time.ts'

const agesOf = (inputs: readonly TracedInput[], nowMs: number): Record<string, number | null> =>
  Object.fromEntries(
    // What does not age (a fee, a contract) has no place here.
    inputs
      .filter((i) => i.limits !== null)
      .map((i) => [`${i.id}_age_s`, i.observedAtMs === null ? null : Math.max(0, Math.round((nowMs - i.observedAtMs) / SECOND_MS))]),
  )

export const siteJson = (r: SiteReport) => {
  const figures = r.ai.figures
  return {
    id: r.id,
    name: r.name,
    as_of: isoInstant(r.asOfMs),
    market: r.market,
    hashrate_phs: r.hashratePhs,
    power_mw: r.powerMw,
    meter_power_mw: r.meterPowerMw,
    overhead_ratio: r.overheadRatio,
    overhead_measured: r.overheadMeasured,
    interconnect_mw: r.interconnectMw,
    hashprice_usd_per_ph_day: r.hashpriceUsdPerPhDay,
    hashprice_btc_per_ph_day: r.btcPerPhDay,
    price_per_mwh: r.pricePerMwh,
    market_price_per_mwh: r.marketPricePerMwh,
    all_in_price_per_mwh: r.allInPricePerMwh,
    break_even_power_per_mwh: r.breakEvenPowerPerMwh,
    fleet_break_even_power_per_mwh: r.fleetBreakEvenPowerPerMwh,
    break_even_btc_usd: r.breakEvenBtcUsd,
    break_even_hashprice_usd: r.breakEvenHashpriceUsd,
    margin_per_mwh: r.marginPerMwh,
    margin_usd_per_hour: r.marginUsdPerHour,
    uneconomic_mw: r.uneconomicMw,
    marginal_block: r.marginalBlockId,
    recommendation: {
      action: r.recommendation.action,
      headline: r.recommendation.headline,
      reason: r.recommendation.reason,
      mw: r.recommendation.mw,
      saving_usd: r.recommendation.savingUsd,
      saving_period: 'hour',
      blocks: r.recommendation.blockIds,
      stale_inputs: r.recommendation.staleInputs,
      next_change_at: r.recommendation.nextChangeAtMs === null ? null : isoInstant(r.recommendation.nextChangeAtMs),
    },
    blocks: r.blocks.map((b) => ({
      id: b.id,
      label: b.label,
      machines: b.machines,
      reported: b.reported,
      hashing: b.hashing,
      hashrate_phs: b.hashratePhs,
      power_mw: b.powerMw,
      estimated_mw: b.estimatedMw,
      efficiency_jth: b.efficiencyJth,
      break_even_power_per_mwh: b.breakEvenPowerPerMwh,
      break_even_btc_usd: b.breakEvenBtcUsd,
      break_even_hashprice_usd: b.breakEvenHashpriceUsd,
      margin_per_mwh: b.marginPerMwh,
      margin_usd_per_hour: b.marginUsdPerHour,
      advice: b.advice,
    })),
    ai: {
      verdict: r.ai.verdict,
      sentence: r.ai.sentence,
      score: r.ai.score,
      npv_usd: figures?.npvUsd ?? null,
      npv_project_usd: figures?.npvProjectUsd ?? null,
      npv_keep_mining_usd: figures?.npvKeepMiningUsd ?? null,
      irr: figures?.irr ?? null,
      payback_months: figures?.paybackMonths ?? null,
      noi_margin: figures?.noiMargin ?? null,
      yield_on_cost: figures?.yieldOnCost ?? null,
      /** USD per kW of critical IT load and month. */
      break_even_lease: figures?.breakEvenLeasePerKwMonthUsd ?? null,
      /** USD per PH/s and day. */
      parity_hashprice: figures?.parityHashpriceUsd ?? null,
      it_mw: figures?.itMw ?? null,
      total_capex_usd: figures?.totalCapexUsd ?? null,
      lowest_cash_usd: figures?.lowestCashUsd ?? null,
      lowest_cash_month: figures?.lowestCashMonth ?? null,
      gates: r.ai.gates.map((g) => ({ id: g.id, failed: g.failed, reason: g.reason, cure: g.cure })),
    },
    ages: agesOf(r.inputs, r.asOfMs),
    inputs: r.inputs.map((i) => ({
      id: i.id,
      label: i.label,
      value: i.value,
      unit: i.unit,
      source: i.source,
      quality: i.quality,
      freshness: i.freshness,
      observed_at: i.observedAtMs === null ? null : isoInstant(i.observedAtMs),
      problem: i.problem,
    })),
    coverage: { reported: r.coverage.reported, machines: r.coverage.machines },
    states: r.states,
    alerts: r.alerts.map((a) => ({ level: a.level, text: a.text })),
  }
}

/** The document of `report` and `demo`. `runtime` names what computed it. */
export const reportJson = (o: { sites: readonly SiteReport[]; version: string; demo: boolean; asOfMs: number }) => ({
  sites: o.sites.map(siteJson),
  as_of: isoInstant(o.asOfMs),
  demo: o.demo,
  runtime: `node ${process.versions.node}`,
  version: o.version,
})
