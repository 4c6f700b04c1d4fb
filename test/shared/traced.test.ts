import { expect, test } from 'vitest'
import { freshnessOf } from '#shared/market/traced.ts'

const limits = { staleAfterMs: 3 * 60_000, deadAfterMs: 15 * 60_000 } // BTC spot
const now = Date.parse('2026-11-24T22:42:00Z')
const ageOf = (minutes: number) => freshnessOf(now - minutes * 60_000, limits, now)

test('a BTC price is fresh to 3 minutes, stale to 15, then too old to act on', () => {
  expect(ageOf(3)).toBe('fresh')
  expect(ageOf(3.01)).toBe('stale')
  expect(ageOf(15)).toBe('stale')
  expect(ageOf(15.01)).toBe('dead')
})
test('what was never heard is missing, not fresh', () => expect(freshnessOf(null, limits, now)).toBe('missing'))
test('a stamp ahead of our clock counts as age zero', () => expect(ageOf(-10)).toBe('fresh'))
test('a contract typed in by a person does not age by itself', () => expect(freshnessOf(0, null, now)).toBe('fresh'))
