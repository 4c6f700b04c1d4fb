import { KW_PER_MW } from '../../units.ts'
import { ColocationProject } from '../ai/colocation-project.ts'
import { conversionCase, projectInputs } from '../ai/conversion-case.ts'
import { DEFAULT_POWER_PRICE } from '../ai/conversion-defaults.ts'
import { conversionReport } from '../ai/conversion-report.ts'
import { priceOffsets } from '../scenario/price-offsets.ts'
import { scenarioFleet } from '../scenario/scenario-fleet.ts'
import type { ScenarioTableInput } from '../scenario/scenario-table.ts'
import { miningBasis, pricesBehind, runningBlocks } from './mining-basis.ts'
import type { SiteReportInput } from './site-inputs.ts'
import { siteState } from './site-state.ts'

/** What the site brings to a scenario; the scenarios and today's network come from elsewhere. */
export type SiteScenarios = Pick<ScenarioTableInput, 'fleet' | 'months' | 'conversion' | 'interconnectMW'> & {
  /** Mean that the fleet pays, USD/MWh, and the lease entered: both start the scenario's own. */
  readonly powerPricePerMWh: number
  readonly leasePerKwMonth: number
  /** Why no conversion is compared; null where it is. */
  readonly noConversion: string | null
}

/** Without a valid conversion: 15 years, as its default. */
const MONTHS = 181

const meanPrice = (periods: readonly { startMs: number; endMs: number; price: number }[]): number | null => {
  let weight = 0
  let total = 0
  for (const p of periods) {
    weight += p.endMs - p.startMs
    total += (p.endMs - p.startMs) * p.price
  }
  return weight > 0 ? total / weight : null
}

/** A polled site as the scenarios take it: its running blocks as groups, its conversion with every override; null where no machine hashes. */
export const siteScenarios = (i: SiteReportInput): SiteScenarios | null => {
  const { site } = i
  const state = siteState(i)
  const groups = runningBlocks(state).flatMap(({ load, mw }) =>
    load.efficiencyJth === null || mw <= 0
      ? []
      : [
          {
            id: load.id,
            mw,
            efficiencyJTH: load.efficiencyJth,
            hashratePHs: (mw * KW_PER_MW) / (load.efficiencyJth * state.overhead.ratio),
          },
        ],
  )
  if (groups.length === 0) return null
  const given = { site, overrides: i.overrides, mining: miningBasis(state) }
  const report = conversionReport(given)
  const c = conversionCase(given)
  const { valid } = c
  const marketPricePerMWh = meanPrice(pricesBehind(state)) ?? DEFAULT_POWER_PRICE
  const conversion = report.figures === null || valid === null ? null : ColocationProject.parse(projectInputs(c, valid))
  return {
    fleet: scenarioFleet({
      contract: site.contract,
      groups,
      marketPricePerMWh,
      priceOffsetsPerMWh: priceOffsets(pricesBehind(state)),
      overheadRatio: state.overhead.ratio,
      poolFee: site.poolFee,
      stale: site.stale,
    }),
    months: conversion === null ? MONTHS : conversion.horizonMonths + 1,
    conversion,
    interconnectMW: site.interconnectMw,
    powerPricePerMWh: site.contract.type === 'fixed' ? site.contract.tariffPerMwh : marketPricePerMWh,
    leasePerKwMonth: valid !== null && valid.leasePerKwMonthUsd > 0 ? valid.leasePerKwMonthUsd : 135,
    noConversion: conversion === null ? report.sentence : null,
  }
}
