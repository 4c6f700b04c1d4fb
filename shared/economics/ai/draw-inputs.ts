import { type ConversionCase, keepMiningOf } from './conversion-case.ts'
import { givenUpOf } from './conversion-defaults.ts'
import type { ConversionDraws } from './conversion-draws.ts'

/** Of `conversionDraws`, but for number and seed. */
export type DrawInputs = Omit<ConversionDraws, 'draws' | 'seed'>

/** Part of a converted MW that mines today. A margin that a person typed is that of a whole MW; where nothing mines there is nothing to switch on again. */
const miningPart = (c: ConversionCase): number =>
  c.given.miningCashMarginPerMwMonthUsd !== undefined
    ? 1
    : (givenUpOf(c.site, c.mining, c.valid?.gridMw ?? c.site.interconnectMw).value?.displacedShare ?? 0)

/**
 * What the draws of a conversion are made from: its project, and the part of each converted MW that mines today with what
 * its energy costs and what it brings unused. The same for a site file and for a farm that is polled.
 */
export const drawInputs = (
  c: ConversionCase,
  o: { project: DrawInputs['project']; curtailedMarginPerMwMonthUsd: number; hoursPerMonth: number; risks: DrawInputs['risks'] },
): DrawInputs => {
  const part = miningPart(c)
  const ahead = c.valid === null ? null : keepMiningOf(c, c.valid)
  return {
    project: o.project,
    variableCostPerMWh: part * (c.mining.powerPricePerMwh ?? c.valid?.powerPricePerMwh ?? 0),
    // A typed margin says nothing about what the machines earn.
    ...(c.mining.revenuePerMwh == null || c.given.miningCashMarginPerMwMonthUsd !== undefined
      ? {}
      : { revenuePerMWh: part * c.mining.revenuePerMwh }),
    ...(ahead === null
      ? {}
      : { rewardFactorByMonth: [...ahead.rewardFactorByMonth], hashpriceFactorByMonth: [...ahead.hashpriceFactorByMonth] }),
    hoursPerMonth: o.hoursPerMonth,
    curtailedMarginPerMWMonth: part * o.curtailedMarginPerMwMonthUsd,
    risks: o.risks,
  }
}
