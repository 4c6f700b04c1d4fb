import type { Gate } from '../decision/conversion.ts'
import type { SiteReport } from '../decision/site-report.ts'
import { dollars, UNKNOWN } from '../format.ts'
import { assumptionText } from './figure-text.ts'
import { visibleText } from './visible-text.ts'
import { ended } from './words.ts'

type Stance = 'ruled-out' | 'not-computed' | 'stay-mining' | 'not-worth-it' | 'conditional' | 'seek-lease'

/** Suitability first, money second: a site that scores well and loses against mining on is not a site to convert. */
export const stanceOf = (r: SiteReport): Stance => {
  const { verdict, figures } = r.ai
  if (verdict === 'DO_NOT_CONVERT') return 'ruled-out'
  if (figures === null) return 'not-computed'
  if (figures.npvUsd < 0) return 'not-worth-it'
  if (verdict === 'KEEP_MINING') return 'stay-mining'
  return verdict === 'CONDITIONAL' ? 'conditional' : 'seek-lease'
}

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

export const CONVERSION_CLAUSE: Record<Stance, string> = {
  'ruled-out': 'do not convert the site to AI hosting',
  'not-computed': 'leave the AI conversion open until its figures are known',
  'stay-mining': 'keep the site mining rather than convert it',
  'not-worth-it': 'do not convert to AI hosting at the lease entered',
  conditional: 'hold the AI conversion until its weak points are cured',
  'seek-lease': 'seek a lease for the AI conversion',
}

export const conversionAsk = (r: SiteReport): string => {
  const lease = leaseText(r.ai.figures?.breakEvenLeasePerKwMonthUsd ?? null)
  switch (stanceOf(r)) {
    case 'ruled-out':
      return 'Record that the site cannot host AI as it stands. No money is asked for.'
    case 'not-computed':
      return `No money is asked for a conversion. ${ended(visibleText(r.ai.sentence, 300))}`
    case 'stay-mining':
      return 'Keep the site mining. No money is asked for a conversion.'
    case 'not-worth-it':
      return `No money is asked for a conversion: at the lease entered it is worth less than mining on. Converting breaks even at ${lease}.`
    case 'conditional':
      return `No money is asked for a conversion yet. It breaks even at ${lease}.`
    case 'seek-lease':
      return `Give a mandate to seek a lease above ${lease}, where converting and mining on are worth the same.`
  }
}
