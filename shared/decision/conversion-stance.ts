import { scoreLimits } from '../economics/ai/site-score.ts'
import { decimal, money, percent } from '../format.ts'
import type { ConversionReport } from './conversion.ts'
import type { DrawsRun } from './draws.ts'

/** What window and memo say about a conversion, decided in one place. */
export type ConversionStance = 'ruled-out' | 'not-computed' | 'stay-mining' | 'not-worth-it' | 'conditional' | 'seek-lease'

type Judged = Pick<ConversionReport, 'verdict' | 'figures' | 'score'>
export type Spread = Pick<DrawsRun, 'npv' | 'regretProbability'>

/**
 * Suitability first, money second. The money is the P50 of the draws where they were made for these assumptions, else the entered
 * case. A verdict of KEEP_MINING that only the entered case's loss made is judged by its points again.
 * Worked: a site of 74 points, entered case −$1M, P50 $2M: a candidate that pays, seek a lease.
 */
export const conversionStance = ({ verdict, figures, score }: Judged, run: Spread | null): ConversionStance => {
  if (verdict === 'DO_NOT_CONVERT') return 'ruled-out'
  if (figures === null) return 'not-computed'
  if ((run?.npv.p50Usd ?? figures.npvUsd) < 0) return 'not-worth-it'
  if (figures.npvUsd < 0)
    return score >= scoreLimits.candidate ? 'seek-lease' : score >= scoreLimits.conditional ? 'conditional' : 'stay-mining'
  if (verdict === 'KEEP_MINING') return 'stay-mining'
  return verdict === 'CONDITIONAL' ? 'conditional' : 'seek-lease'
}

/** "31 of 100"; null where that would round to none or all of them. */
const ofHundred = (probability: number): string | null => {
  const whole = Math.round(probability * 100)
  return (whole === 0 && probability > 0) || (whole === 100 && probability < 1) ? null : `${decimal(whole, 0)} of 100`
}
/** A share of the draws, "31 of 100"; one that would round to none or all of them is told exactly. */
export const shareText = (probability: number): string => ofHundred(probability) ?? percent(probability, 2)
export const ofHundredDraws = (probability: number): string => {
  const hundred = ofHundred(probability)
  return hundred === null ? `${percent(probability, 2)} of the draws` : `${hundred} draws`
}
/** The ends without which a median is not printed. */
export const endsText = ({ npv }: Pick<DrawsRun, 'npv'>): string => `P10 ${money(npv.p10Usd)}, P90 ${money(npv.p90Usd)}`

export const chanceOfLoss = (run: Spread): string => `worse than mining on in ${ofHundredDraws(run.regretProbability)}`

const against = (usd: number): string => `${money(Math.abs(usd))} ${usd < 0 ? 'less' : 'more'}`

/** Both cases in one clause; where their signs differ, which of them pays is said first. */
const worthClause = (enteredUsd: number, run: Spread): string => {
  const { p50Usd } = run.npv
  const ends = `(${endsText(run)})`
  if (p50Usd < 0 && enteredUsd >= 0)
    return `the entered case alone pays, worth ${against(enteredUsd)} than mining on; at P50 it is worth ${against(p50Usd)} ${ends}`
  const middle = `at P50 it is worth ${against(p50Usd)} than mining on ${ends}`
  return p50Usd >= 0 && enteredUsd < 0
    ? `${middle}, though the entered case is worth ${against(enteredUsd)}`
    : `${middle}; the entered case is worth ${against(enteredUsd)}`
}

const ENTERED: Record<ConversionStance, string> = {
  'ruled-out': 'do not convert the site to AI hosting',
  'not-computed': 'leave the AI conversion open until its figures are known',
  'stay-mining': 'keep the site mining rather than convert it',
  'not-worth-it': 'do not convert to AI hosting at the lease entered',
  conditional: 'hold the AI conversion until its weak points are cured',
  'seek-lease': 'seek a lease for the AI conversion',
}

/**
 * The decision about the conversion as a clause of a title, small first letter. It holds no figure, for a median never stands
 * without its ends; where draws and entered case disagree it says so.
 */
export const conversionClause = (ai: Judged, run: Spread | null): string => {
  const stance = conversionStance(ai, run)
  const entered = ai.figures?.npvUsd ?? null
  if (run === null || entered === null || stance === 'ruled-out') return ENTERED[stance]
  if (stance === 'not-worth-it') return `do not convert the site to AI hosting${entered >= 0 ? ': only the entered case pays' : ''}`
  return `${ENTERED[stance]}${entered < 0 ? ', though the entered case loses' : ''}`
}

/** What the clause rests on, a sentence: both cases with the median's ends and how often converting is the worse choice. */
export const drawnSentence = (ai: Judged, run: Spread): string | null =>
  ai.figures === null ? null : `Converting: ${worthClause(ai.figures.npvUsd, run)}. It is ${chanceOfLoss(run)}.`
