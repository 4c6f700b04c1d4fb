import type { FigureExplanation, FigureId } from '../../decision/figure.ts'
import type { SiteReport } from '../../decision/site-report.ts'
import { conversionCase, workedConversion } from '../ai/conversion-case.ts'
import { type Derivation, derivationOf } from '../derivation.ts'
import { unitOf } from '../unit-of.ts'
import type { Worked } from '../worked.ts'
import { miningBasis } from './mining-basis.ts'
import type { SiteReportInput } from './site-inputs.ts'
import { reportOf } from './site-report.ts'
import { type SiteState, siteState } from './site-state.ts'

/** A figure: its name, what the report says, and the output of the model that says it. */
type Figure = {
  readonly label: string
  readonly reported: (r: SiteReport) => number | null
  readonly output: string
  readonly of: (of: Models) => Worked<unknown>
}
type Models = { readonly site: SiteState['figures']; readonly conversion: ReturnType<typeof workedConversion> }

const assumption = (r: SiteReport, id: string): number | null => {
  const value = r.ai.assumptions.find((a) => a.id === id)?.value
  return typeof value === 'number' ? value : null
}

const figures: Readonly<Record<FigureId, Figure>> = {
  hashrate_phs: { label: 'Hashrate', reported: (r) => r.hashratePhs, output: 'hashratePHs', of: (m) => m.site.hashrate },
  power_mw: { label: 'Power at the meter', reported: (r) => r.powerMw, output: 'powerMW', of: (m) => m.site.power },
  hashprice_usd_per_ph_day: {
    label: 'Hashprice',
    reported: (r) => r.hashpriceUsdPerPhDay,
    output: 'usdPerPhDay',
    of: (m) => m.site.hashprice,
  },
  price_per_mwh: { label: 'Energy price now', reported: (r) => r.pricePerMwh, output: 'pricePerMWh', of: (m) => m.site.price },
  all_in_price_per_mwh: {
    label: 'All-in price',
    reported: (r) => r.allInPricePerMwh,
    output: 'allInPricePerMWh',
    of: (m) => m.site.allIn,
  },
  break_even_power_per_mwh: {
    label: 'Break-even power price',
    reported: (r) => r.breakEvenPowerPerMwh,
    output: 'breakEvenPowerPerMWh',
    of: (m) => m.site.breakEven,
  },
  break_even_btc_usd: {
    label: 'Break-even BTC price',
    reported: (r) => r.breakEvenBtcUsd,
    output: 'breakEvenBtcUsd',
    of: (m) => m.site.breakEvenAtPrice,
  },
  break_even_hashprice_usd: {
    label: 'Break-even hashprice',
    reported: (r) => r.breakEvenHashpriceUsd,
    output: 'breakEvenHashpriceUsd',
    of: (m) => m.site.breakEvenAtPrice,
  },
  margin_per_mwh: { label: 'Margin', reported: (r) => r.marginPerMwh, output: 'marginPerMWh', of: (m) => m.site.margin },
  npv_usd: {
    label: 'NPV against keep-mining',
    reported: (r) => r.ai.figures?.npvUsd ?? null,
    output: 'npvIncremental',
    of: (m) => m.conversion.project,
  },
  irr: { label: 'IRR', reported: (r) => r.ai.figures?.irr ?? null, output: 'irrIncrementalAnnual', of: (m) => m.conversion.project },
  payback_months: {
    label: 'Payback',
    reported: (r) => r.ai.figures?.paybackMonths ?? null,
    output: 'paybackMonths',
    of: (m) => m.conversion.project,
  },
  noi_margin: { label: 'NOI margin', reported: (r) => r.ai.figures?.noiMargin ?? null, output: 'noiMargin', of: (m) => m.conversion.year },
  yield_on_cost: {
    label: 'Yield on cost',
    reported: (r) => r.ai.figures?.yieldOnCost ?? null,
    output: 'yieldOnCost',
    of: (m) => m.conversion.year,
  },
  break_even_lease: {
    label: 'Break-even lease',
    reported: (r) => r.ai.figures?.breakEvenLeasePerKwMonthUsd ?? null,
    output: 'breakEvenLeasePerKwMonth',
    of: (m) => m.conversion.project,
  },
  parity_hashprice: {
    label: 'Parity hashprice',
    reported: (r) => r.ai.figures?.parityHashpriceUsd ?? null,
    output: 'parityHashpriceUsd',
    of: (m) => m.conversion.parity,
  },
  mining_margin_per_mw_month: {
    label: 'Mining margin given up',
    reported: (r) => assumption(r, 'miningCashMarginPerMwMonthUsd'),
    output: 'miningCashMarginPerMWMonth',
    of: (m) => m.conversion.givenUp,
  },
}

const isConversion = (figure: FigureId): boolean =>
  ['npv_usd', 'irr', 'payback_months', 'noi_margin', 'yield_on_cost', 'break_even_lease', 'parity_hashprice'].includes(figure)

/** Why a report has no such figure, in its own words. */
const reasonOf = (r: SiteReport, figure: FigureId): string => {
  if (figure === 'mining_margin_per_mw_month') return 'What mining on is worth is not known'
  if (!isConversion(figure)) {
    const missing = r.inputs.filter((i) => i.freshness === 'missing' || i.freshness === 'dead')
    if (figure === 'margin_per_mwh' && r.recommendation.action === 'none') return r.recommendation.headline
    if (missing.length > 0) return `Not known, or too old: ${missing.map((i) => i.label).join(', ')}`
    return r.marginalBlockId === null ? 'No block is running' : 'An input is not known'
  }
  const f = r.ai.figures
  if (f === null) return r.ai.sentence
  if (figure === 'irr')
    return f.irrStatus === 'MULTIPLE' ? 'The flow has several rates of return, so none is the rate' : 'The flow has no rate of return'
  if (figure === 'payback_months') return 'The cash is not back within the horizon'
  if (figure === 'break_even_lease') return 'No lease makes up for it'
  if (figure === 'parity_hashprice') return 'No machine hashes, so a hashprice has nothing to be compared with'
  return 'The horizon holds no full year of rent'
}

/**
 * Figures of a site with the way they came about: from the inputs of the report, through the models and steps that the report
 * itself used, each input with its source and moment. A figure that the report withholds has none, and says why.
 */
export const explainFigures = (i: SiteReportInput, wanted: readonly FigureId[]): FigureExplanation[] => {
  const state = siteState(i)
  const mining = miningBasis(state)
  const report = reportOf(state, mining)
  const conversion = workedConversion(conversionCase({ site: i.site, overrides: i.overrides, mining }))
  return wanted.map((figure) => {
    const { label, reported, output, of } = figures[figure]
    const value = reported(report)
    const typed =
      figure === 'mining_margin_per_mw_month' && report.ai.assumptions.some((a) => a.id === 'miningCashMarginPerMwMonthUsd' && a.overridden)
    const whole = value === null || typed ? null : of({ site: state.figures, conversion }).derive()
    return {
      siteId: i.site.id,
      figure,
      label,
      unit: unitOf(output) ?? '',
      value,
      reason: value === null ? reasonOf(report, figure) : null,
      asOfMs: i.nowMs,
      derivation: whole === null ? null : arrived(whole, output, value),
    }
  })
}
export const explainFigure = (i: SiteReportInput, figure: FigureId): FigureExplanation => {
  const [only] = explainFigures(i, [figure])
  if (only === undefined) throw new Error(`no figure "${figure}"`)
  return only
}

/** Cut to the one output, which must be the figure itself: a way to another number would explain nothing. */
const arrived = (whole: Derivation, output: string, value: number | null): Derivation | null => {
  const cut = derivationOf(whole, output)
  return cut.outputs.some((o) => Object.is(o.value, value)) ? cut : null
}
