import type { Gate } from '../decision/conversion.ts'
import { type ConversionStance, conversionStance } from '../decision/conversion-stance.ts'
import type { SiteReport } from '../decision/site-report.ts'
import { dollars, UNKNOWN } from '../format.ts'
import type { MemoDraws } from './blocks.ts'
import { assumptionText } from './figure-text.ts'
import { visibleText } from './visible-text.ts'
import { ended } from './words.ts'

/** What the memo says about a site's conversion; with draws for these assumptions it rests on their P50. */
export const stanceOf = (r: SiteReport, d: MemoDraws | null): ConversionStance => conversionStance(r.ai, d?.run ?? null)

export const failedGates = (r: SiteReport): readonly Gate[] => r.ai.gates.filter((g) => g.failed)
export const gateReasons = (r: SiteReport) =>
  failedGates(r)
    .map((g) => ended(visibleText(g.reason)))
    .join(' ')

export const leaseText = (n: number | null) => (n === null ? UNKNOWN : `${dollars(n)} per kW-month`)

const assumptionOf = (r: SiteReport, id: string) => r.ai.assumptions.find((a) => a.id === id)
export const assumedNumber = (r: SiteReport, id: string): number | null => {
  const value = assumptionOf(r, id)?.value
  return typeof value === 'number' ? value : null
}
export const assumed = (r: SiteReport, id: string): string => {
  const a = assumptionOf(r, id)
  return a ? assumptionText(a.id, a.value, a.unit) : UNKNOWN
}

const breaksEven = (lease: string, d: MemoDraws | null) => `Converting breaks even at ${lease}${d === null ? '' : ' in the entered case'}`

export const conversionAsk = (r: SiteReport, d: MemoDraws | null): string => {
  const lease = leaseText(r.ai.figures?.breakEvenLeasePerKwMonthUsd ?? null)
  switch (stanceOf(r, d)) {
    case 'ruled-out':
      return 'Record that the site cannot host AI as it stands. No money is asked for.'
    case 'not-computed':
      return `No money is asked for a conversion. ${ended(visibleText(r.ai.sentence, 300))}`
    case 'stay-mining':
      return 'Keep the site mining. No money is asked for a conversion.'
    case 'not-worth-it':
      return `No money is asked for a conversion${d === null ? ': at the lease entered it is worth less than mining on' : ''}. ${breaksEven(lease, d)}.`
    case 'conditional':
      return `No money is asked for a conversion yet. ${breaksEven(lease, d)}.`
    case 'seek-lease':
      return `Give a mandate to seek a lease above ${lease}, where converting and mining on are worth the same${d === null ? '' : ' in the entered case'}.`
  }
}
