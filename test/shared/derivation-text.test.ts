import { expect, test } from 'vitest'
import { ageText, howText, originText, shownText } from '#shared/derivation-text.ts'

test.each([
  [39.811584, 'USD/MWh', '39.81158 USD/MWh'],
  [-5_736_765.123, 'USD', '−5,736,765 USD'],
  [131.7224e12, 'difficulty', '131.7224 T'],
  [0.000_481_078, 'BTC/PH/day', '0.000481078 BTC/PH/day'],
  [0.02, 'of 1', '0.02'],
  [0, 'USD', '0 USD'],
  [180, 'months', '180 months'],
  [1e-12, 'BTC', '0.000000000001 BTC'],
  [null, 'USD', '—'],
  [true, '', 'yes'],
  ['index', '', 'index'],
  [{ count: 2880, least: -4.1, most: 5000 }, 'USD/MWh', '2,880 values, −4.1 to 5,000 USD/MWh'],
  [{ count: 40, least: null, most: null }, '', '40 values'],
])('%s in %s is told as "%s"', (value, unit, expected) => expect(shownText(value, unit)).toBe(expected))

test('the signs of a keyboard become those of print; those inside a number stay', () =>
  expect(howText('(a - 1) * 1e-9 / b ^ 2')).toBe('(a − 1) × 1e-9 ÷ b ^ 2'))
test('an origin is told with its quality and its age; a convention has none', () => {
  const origin = { source: 'mempool', observedAtMs: 60_000, quality: 'reported' as const }
  expect([originText(origin), ageText(origin, 61_000), ageText({ ...origin, observedAtMs: null }, 0)]).toEqual([
    'mempool (reported)',
    '1 s old',
    null,
  ])
})
