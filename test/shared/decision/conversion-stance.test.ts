import { expect, test } from 'vitest'
import { conversionClause, conversionStance, drawnSentence, type Spread } from '#shared/decision/conversion-stance.ts'
import { graniteFalls } from '../../fakes/sample-reports.ts'

const M = 1e6
const judged = (npvUsd: number, score = 74) => {
  const { ai } = graniteFalls()
  if (ai.figures === null) throw new Error('the sample has a conversion')
  return { verdict: npvUsd < 0 ? ('KEEP_MINING' as const) : ('CANDIDATE' as const), score, figures: { ...ai.figures, npvUsd } }
}
const drawn = (p50Usd: number): Spread => {
  const npv = { p50Usd, p10Usd: p50Usd - 20 * M, p90Usd: p50Usd + 20 * M }
  return { npv: { ...npv, p05Usd: 0, p95Usd: 0, meanUsd: 0, expectedShortfallUsd: 0 }, regretProbability: 0.31 }
}

test.each([
  [10, 4, 'seek-lease', 'at P50 it is worth $4.00M more than mining on'],
  [10, -21.7, 'not-worth-it', 'the entered case alone pays, worth $10.0M more than mining on; at P50 it is worth $21.7M less'],
  [-10.4, -21.7, 'not-worth-it', 'at P50 it is worth $21.7M less than mining on'],
  [-10.4, 2, 'seek-lease', 'though the entered case is worth $10.4M less'],
])('entered case %d and P50 %d million: %s, and the sentence says both', (entered, p50, stance, words) => {
  expect(conversionStance(judged(entered * M), drawn(p50 * M))).toBe(stance)
  const sentence = drawnSentence(judged(entered * M), drawn(p50 * M))
  expect(sentence).toContain(words)
  expect(sentence).toContain('worse than mining on in 31 of 100 draws')
  // A median never without its ends; a title has no room for them and so no figure.
  expect(sentence).toMatch(/P10 .*, P90 /)
  const clause = conversionClause(judged(entered * M), drawn(p50 * M))
  expect(clause).not.toMatch(/\$/)
  expect(/entered case/.test(clause)).toBe(entered > 0 !== p50 > 0)
})
test('without draws the entered case decides, and suitability still comes first', () => {
  expect(conversionStance(judged(-1), null)).toBe('not-worth-it')
  expect(conversionStance(judged(1), null)).toBe('seek-lease')
  expect(conversionStance(judged(-1, 40), drawn(M))).toBe('stay-mining')
  expect(conversionStance({ ...judged(1), verdict: 'DO_NOT_CONVERT' }, drawn(M))).toBe('ruled-out')
})
