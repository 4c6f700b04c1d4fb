import type { ConversionReport } from '../../decision/conversion.ts'
import { HOURS_PER_MINING_MONTH } from '../../units.ts'
import { conversionCase, projectInputs } from '../ai/conversion-case.ts'
import { conversionReport } from '../ai/conversion-report.ts'
import { ConversionRisks } from '../ai/conversion-risks.ts'
import { type DrawInputs, drawInputs } from '../ai/draw-inputs.ts'
import { curtailedMargin } from '../ai/mining-baseline.ts'
import { miningBasis, pricesBehind, runningBlocks } from './mining-basis.ts'
import type { SiteReportInput } from './site-inputs.ts'
import { siteState } from './site-state.ts'

export type SiteDraws = {
  readonly report: ConversionReport
  /** Null where a gate forbids the conversion or it cannot be computed; the report's sentence says why. */
  readonly inputs: DrawInputs | null
}

/** What the draws of a polled site's conversion are made from: the very assumptions of its report. */
export const siteDraws = (i: SiteReportInput): SiteDraws => {
  const { site } = i
  const state = siteState(i)
  const given = { site, overrides: i.overrides, mining: miningBasis(state) }
  const report = conversionReport(given)
  const c = conversionCase(given)
  if (report.figures === null || c.valid === null) return { report, inputs: null }
  const loads = runningBlocks(state).map((b) => ({ mw: b.mw, revenuePerMwh: b.revenuePerMwh }))
  return {
    report,
    inputs: drawInputs(c, {
      project: projectInputs(c, c.valid),
      curtailedMarginPerMwMonthUsd: curtailedMargin(site.contract, loads, pricesBehind(state)),
      hoursPerMonth: HOURS_PER_MINING_MONTH,
      // Only who buys at the market meets its price.
      risks: ConversionRisks.parse({
        elasticity: c.valid.networkElasticity,
        ...(site.contract.type === 'index' ? {} : { powerSdLog: 0 }),
      }),
    }),
  }
}
