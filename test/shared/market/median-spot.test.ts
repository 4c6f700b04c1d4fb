import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { medianSpot } from '#shared/market/median-spot.ts'
import type { SpotRow } from '#shared/market/rows.ts'

const NOW = Date.UTC(2026, 9, 5, 9, 37, 27)
const row = (source: string, price: number, more: Partial<SpotRow> = {}): SpotRow => ({
  kind: 'spot',
  source,
  pair: 'BTC-USD',
  price,
  observedAtMs: NOW - 1_000,
  quality: 'live',
  ...more,
})
const last = (price: number, ageMs = 60_000) => ({ price, observedAtMs: NOW - ageMs })
const spot = (rows: readonly SpotRow[], before: { price: number; observedAtMs: number } | null = null) =>
  medianSpot({ rows, last: before, nowMs: NOW })
const why = (s: ReturnType<typeof spot>, source: string) => s.inputs.find((i) => i.source === source)

describe('bitcoin price from several exchanges', () => {
  test('the three recorded prices of 5 October 2026 give 85,864.00', () => {
    const s = spot([row('coinbase', 85_866.185), row('kraken', 85_861.2), row('bitstamp', 85_864)])
    expect(s).toMatchObject({ value: 85_864, marker: 'median', problem: null, quality: 'reported' })
    expect(s.source).toBe('median of Coinbase, Kraken, Bitstamp')
    expect(s.inputs).toHaveLength(3)
  })

  test('one exchange off by ten is left out, with the reason; the mean of the other two remains', () => {
    const s = spot([row('coinbase', 85_866.185), row('kraken', 85_861.2), row('bitstamp', 8_586.4)])
    expect(s.value).toBeCloseTo(85_863.6925, 6)
    expect(why(s, 'bitstamp')).toMatchObject({ used: false, reason: 'more than 1.5 % away from the median' })
    expect(why(s, 'kraken')).toMatchObject({ used: true, reason: null })
  })

  test('the price is as old as the oldest answer it rests on', () => {
    const s = spot([row('coinbase', 100), row('kraken', 100, { observedAtMs: NOW - 90_000 }), row('bitstamp', 100)])
    expect(s.observedAtMs).toBe(NOW - 90_000)
  })

  test('an exchange 121 s behind the newest has stopped', () => {
    const s = spot([row('coinbase', 100), row('kraken', 101), row('bitstamp', 100.5, { observedAtMs: NOW - 122_000 })])
    expect(s.value).toBe(100.5)
    expect(why(s, 'bitstamp')?.reason).toBe('more than 120 s behind the newest')
  })

  test('answers of an hour ago still give their price, an hour old', () => {
    const old = { observedAtMs: NOW - 3_600_000 }
    expect(spot([row('coinbase', 100, old), row('kraken', 101, old)])).toMatchObject({ value: 100.5, observedAtMs: NOW - 3_600_000 })
  })

  test('prices of 0, below 0, held as suspect or ahead of the clock do not count', () => {
    const s = spot([
      row('coinbase', 0),
      row('kraken', -5),
      row('bitstamp', 100, { quality: 'suspect' }),
      row('gemini', 100, { observedAtMs: NOW + 600_000 }),
    ])
    expect(s).toMatchObject({ value: null, marker: 'none', observedAtMs: null })
    expect(s.inputs.map((i) => i.reason)).toEqual([
      'not above 0',
      'not above 0',
      'held as suspect until a second reading',
      'its time lies ahead of the clock',
    ])
  })

  test('one exchange alone counts within 5 % of the last good price, marked as single', () => {
    expect(spot([row('kraken', 104.9)], last(100))).toMatchObject({ value: 104.9, marker: 'single', source: 'Kraken alone' })
    expect(spot([row('kraken', 105.1)], last(100))).toMatchObject({ value: 100, marker: 'kept', observedAtMs: NOW - 60_000 })
  })

  test('a move of 10 % is believed when two exchanges agree, not on the word of one', () => {
    expect(spot([row('kraken', 110), row('coinbase', 110.2)], last(100))).toMatchObject({ value: 110.1, marker: 'median' })
    expect(spot([row('kraken', 110), row('coinbase', 100.5)], last(100))).toMatchObject({ value: 100.5, marker: 'single' })
  })

  test('two that contradict each other without anything to compare with give no price', () => {
    expect(spot([row('kraken', 110), row('coinbase', 100)])).toMatchObject({ value: null, marker: 'none' })
  })

  test('with no exchange at all the last good price stays with its own age', () => {
    const s = spot([], last(85_000, 7_200_000))
    expect(s).toMatchObject({ value: 85_000, observedAtMs: NOW - 7_200_000, marker: 'kept' })
    expect(s.problem).toMatch(/last good price is kept/)
  })

  test('mempool.space is no fourth voice, but stands in when the exchanges are silent', () => {
    expect(spot([row('coinbase', 100), row('kraken', 100), row('mempool', 90)])).toMatchObject({ value: 100, marker: 'median' })
    expect(spot([row('mempool', 90)])).toMatchObject({ value: 90, marker: 'stand-in', source: 'mempool.space' })
    // Hourly: an older price of its does not replace a younger one of the exchanges.
    expect(spot([row('mempool', 99, { observedAtMs: NOW - 3_600_000 })], last(100))).toMatchObject({ value: 100, marker: 'kept' })
    expect(spot([row('kraken', 91), row('mempool', 90)])).toMatchObject({ value: 91, marker: 'single' })
  })

  test('USDT pairs and other currencies are not dollars', () => {
    expect(spot([row('kraken', 100, { pair: 'BTC-USDT' }), row('coinbase', 90, { pair: 'BTC-EUR' })]).value).toBeNull()
  })

  test('of two answers of one exchange the newer counts', () => {
    const s = spot([row('kraken', 100), row('kraken', 101, { observedAtMs: NOW }), row('coinbase', 101)])
    expect(s.value).toBe(101)
  })

  property.prop([fc.array(fc.double({ min: 50_000, max: 150_000, noNaN: true }), { minLength: 2, maxLength: 7 })])(
    'the price never lies outside what the used exchanges said, and order means nothing',
    (prices) => {
      const rows = prices.map((p, i) => row(`x${i}`, p))
      const s = spot(rows)
      if (s.marker === 'median') {
        const used = s.inputs.filter((i) => i.used).map((i) => i.price)
        expect(s.value).toBeGreaterThanOrEqual(Math.min(...used))
        expect(s.value).toBeLessThanOrEqual(Math.max(...used))
      }
      expect(spot(rows.toReversed()).value).toBe(s.value)
    },
  )
})
