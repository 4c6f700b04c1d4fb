/** A conversion's figures in the shape that the command line promises (`cli.md`): snake_case, the unit at the end of each name. */
import type { ConversionOutcome } from '#shared/economics/ai/conversion-draws.ts'
import { type SiteRoi, type treasuryFigures, waitingFigures } from '#shared/economics/ai/site-roi.ts'

type Spread = ConversionOutcome['npvIncremental']
const spreadJson = (d: Spread) => ({
  mean_usd: d.meanUsd,
  sd_usd: d.sdUsd,
  p05_usd: d.p05Usd,
  p10_usd: d.p10Usd,
  p50_usd: d.p50Usd,
  p90_usd: d.p90Usd,
  p95_usd: d.p95Usd,
  expected_shortfall_usd: d.expectedShortfallUsd,
})

const snake = (name: string) => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)

export const drawsJson = (o: ConversionOutcome) => ({
  draws: o.draws,
  seed: o.seed,
  generator: o.generator,
  npv: spreadJson(o.npvIncremental),
  npv_project: spreadJson(o.npvProject),
  npv_keep_mining: spreadJson(o.npvKeepMining),
  probability_npv_negative: o.probabilityNpvNegative,
  regret_probability: o.regretProbability,
  regret_interval_95: [o.regretInterval95.low, o.regretInterval95.high],
  mean_regret_usd: o.meanRegretUsd,
  covenant_dscr: o.covenantDscr,
  probability_below_covenant: o.probabilityBelowCovenant,
  value_volatility_annual: o.volAnnual,
  bins: o.bins.map((b) => ({ from_usd: b.fromUsd, to_usd: b.toUsd, count: b.count })),
  convergence: o.convergence.map((c) => ({ draws: c.draws, mean_usd: c.meanUsd, half_width_usd: c.halfWidthUsd })),
  risks: Object.fromEntries(Object.entries(o.risks).map(([name, value]) => [snake(name), value])),
})

export type RoiAnswer = {
  readonly roi: SiteRoi
  readonly outcome: ConversionOutcome | null
  readonly gpuOutcome: ConversionOutcome | null
  readonly treasury: ReturnType<typeof treasuryFigures>
}

const waitingJson = (w: NonNullable<ReturnType<typeof waitingFigures>>) => ({
  advice: w.advice,
  value_of_waiting_usd: w.valueOfWaiting,
  cost_of_losing_slot_usd: w.costOfLosingSlot,
  net_value_of_waiting_usd: w.netValueOfWaiting,
  option_value_usd: w.optionValue,
  npv_now_usd: w.npvNow,
  slot_lost_probability: w.slotLostShare,
  reason: w.reason,
})

const treasuryJson = (t: NonNullable<RoiAnswer['treasury']>) => ({
  total_need_usd: t.totalNeedUsd,
  full_funding_btc_usd: t.flat.fullFundingBtcUsdFlat,
  btc_left: t.flat.btcLeft,
  shortfall_usd: t.flat.shortfallUsd.reduce((a, b) => a + b, 0),
  probability_shortfall: t.risk.probabilityShortfall,
  probability_fall_while_due: t.risk.probabilityFallWhileDue,
  probability_both: t.risk.probabilityBoth,
  p95_shortfall_usd: t.risk.p95ShortfallUsd,
})

/** Every key is there in every answer: what is not known is null. */
export const roiJson = ({ roi, outcome, gpuOutcome, treasury }: RoiAnswer) => {
  const { report: r, project: p, file } = roi
  const f = p === null ? null : r.figures
  const waiting = outcome === null ? null : waitingFigures(roi, outcome)
  const dscr = p !== null && 'minDscr' in p ? p : null
  return {
    site: { name: file.site.name, max_mw: file.site.max_mw ?? null },
    verdict: roi.verdict,
    sentence: r.sentence,
    it_mw: f?.itMw ?? null,
    total_capex_usd: f?.totalCapexUsd ?? null,
    npv_usd: f?.npvUsd ?? null,
    npv_project_usd: f?.npvProjectUsd ?? null,
    npv_keep_mining_usd: f?.npvKeepMiningUsd ?? null,
    /** Halvings in it, of a MW that mines; null where it is the same in every month. */
    keep_mining:
      roi.keepMining?.eras.map((e) => ({
        from_month: e.fromMonth,
        subsidy_btc: e.subsidyBtc,
        hashprice_factor: e.hashpriceFactor,
        margin_per_mw_month_usd: e.marginPerRunningMwMonthUsd,
      })) ?? null,
    irr: f?.irr ?? null,
    irr_status: f?.irrStatus ?? null,
    payback_months: f?.paybackMonths ?? null,
    noi_margin: f?.noiMargin ?? null,
    yield_on_cost: f?.yieldOnCost ?? null,
    stabilised_noi_usd_per_year: f?.stabilisedNoiUsdPerYear ?? null,
    lowest_cash_usd: f?.lowestCashUsd ?? null,
    lowest_cash_month: f?.lowestCashMonth ?? null,
    min_dscr: dscr?.minDscr ?? null,
    avg_dscr: dscr?.avgDscr ?? null,
    covenant_dscr: dscr?.covenantDscr ?? null,
    covenant_breach_months: dscr?.covenantBreachMonths ?? null,
    equity_irr: dscr?.equityIrrAnnual ?? null,
    equity_multiple: dscr?.equityMultiple ?? null,
    equity_needed_usd: dscr?.equityNeededUsd ?? null,
    npv_after_tax_usd: p !== null && 'npvIncrementalAfterTax' in p ? (p.npvIncrementalAfterTax ?? null) : null,
    taxes_usd: p !== null && 'taxesUsd' in p ? (p.taxesUsd ?? null) : null,
    /** USD per kW of critical IT load and month. */
    break_even_lease: f?.breakEvenLeasePerKwMonthUsd ?? null,
    /** USD per PH/s and day. */
    parity_hashprice: f?.parityHashpriceUsd ?? null,
    parity_btc_usd: p?.parity?.parityBtcUsd ?? null,
    parity_btc_usd_at_equilibrium: p?.parity?.parityAtEquilibriumBtcUsd ?? null,
    p10_usd: outcome?.npvIncremental.p10Usd ?? null,
    p50_usd: outcome?.npvIncremental.p50Usd ?? null,
    p90_usd: outcome?.npvIncremental.p90Usd ?? null,
    probability_npv_negative: outcome?.probabilityNpvNegative ?? null,
    regret_probability: outcome?.regretProbability ?? null,
    tornado:
      f?.tornado.map((t) => ({
        parameter: snake(t.id),
        label: t.label,
        unit: t.unit,
        low: t.low,
        high: t.high,
        npv_low_usd: t.npvLowUsd,
        npv_high_usd: t.npvHighUsd,
        swing_usd: Math.abs(t.npvHighUsd - t.npvLowUsd),
      })) ?? null,
    suitability: {
      score: roi.score,
      components:
        roi.score === null
          ? null
          : r.components.map((c) => ({ id: c.id, label: c.label, input: c.input, score: c.score, weight: c.weight })),
      not_surveyed: roi.notSurveyed.map(snake),
    },
    gates: roi.gates.map((g) => ({ id: g.id, failed: g.failed, reason: g.reason, cure: g.cure === '' ? null : g.cure })),
    waiting: waiting === null ? null : waitingJson(waiting),
    monte_carlo: outcome === null ? null : drawsJson(outcome),
    gpu:
      roi.gpu === null
        ? null
        : {
            gpus: roi.gpu.figures.gpus,
            capex_usd: roi.gpu.figures.capexUsd,
            npv_usd: roi.gpu.figures.npv,
            irr: roi.gpu.figures.irr,
            payback_years: roi.gpu.figures.payback,
            ebitda_margin_year_1: roi.gpu.figures.ebitdaMarginYear1,
            break_even_gpu_hour_usd: roi.gpu.figures.breakEvenGpuHour,
            warnings: roi.gpu.figures.warnings,
            monte_carlo: gpuOutcome === null ? null : drawsJson(gpuOutcome),
          },
    treasury: treasury === null ? null : treasuryJson(treasury),
    assumed: roi.assumed,
  }
}
