import { describe, expect, test } from 'vitest'
import type { PowerPriceRow } from '#shared/market/rows.ts'
import { holdUnitChanges } from '#shared/market/unit-change.ts'

const HOUR = 3_600_000
const DAY = Date.UTC(2026, 0, 10)
const day = (n: number, price: (hour: number) => number, market: 'rt' | 'dam' = 'rt', hours = 24): PowerPriceRow[] =>
  Array.from({ length: hours }, (_, h) => ({
    kind: 'power_price',
    source: 'ercot',
    location: 'LZ_WEST',
    market,
    intervalStartMs: DAY + n * 24 * HOUR + h * HOUR,
    intervalEndMs: DAY + n * 24 * HOUR + (h + 1) * HOUR,
    pricePerMwh: price(h),
    currency: 'USD',
    publishedAtMs: null,
    quality: 'live',
  }))
const qualities = (r: { rows: readonly PowerPriceRow[] }) => [...new Set(r.rows.map((x) => x.quality))]

describe('a price series that changes its unit', () => {
  test('USD/kWh after USD/MWh is held, with both medians named', () => {
    const r = holdUnitChanges(
      day(1, () => 0.03),
      day(0, () => 30),
    )
    expect(qualities(r)).toEqual(['suspect'])
    expect(r.problems[0]?.raw).toBe('median 0.03, before 30 $/MWh')
  })
  test('a day a hundred times dearer is held', () => {
    expect(
      qualities(
        holdUnitChanges(
          day(1, () => 3_000),
          day(0, () => 30),
        ),
      ),
    ).toEqual(['suspect'])
  })
  test('unless the day-ahead market of the same place says the same', () => {
    const known = [...day(0, () => 30), ...day(1, () => 2_800, 'dam')]
    expect(
      qualities(
        holdUnitChanges(
          day(1, () => 3_000),
          known,
        ),
      ),
    ).toEqual(['live'])
  })
  test('hours of scarcity in an ordinary day are news, not an error', () => {
    const r = holdUnitChanges(
      day(1, (h) => (h >= 17 && h < 20 ? 5_000 : 35)),
      day(0, () => 30),
    )
    expect(qualities(r)).toEqual(['live'])
  })
  test('a windy day of zero and negative prices passes in both directions', () => {
    const windy = day(0, (h) => (h < 20 ? -1 : 12))
    expect(
      qualities(
        holdUnitChanges(
          day(1, () => 25),
          windy,
        ),
      ),
    ).toEqual(['live'])
    expect(
      qualities(
        holdUnitChanges(
          day(1, (h) => (h < 18 ? 0 : 9)),
          day(0, () => 25),
        ),
      ),
    ).toEqual(['live'])
  })
  test('a few hours are not judged', () => {
    expect(
      qualities(
        holdUnitChanges(
          day(1, () => 3_000, 'rt', 6),
          day(0, () => 30),
        ),
      ),
    ).toEqual(['live'])
  })
  test('within one long document each day is judged by the last believed one', () => {
    const r = holdUnitChanges([...day(0, () => 30), ...day(1, () => 0.03), ...day(2, () => 31)], [])
    expect(r.rows.filter((x) => x.quality === 'suspect')).toHaveLength(24)
    expect(r.problems).toHaveLength(1)
  })
})
