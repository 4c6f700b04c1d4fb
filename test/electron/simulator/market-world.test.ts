import { describe, expect, test } from 'vitest'
import { type MarketWorld, marketWorld, subsidySats } from '#electron/simulator/market-world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const NOW = Date.UTC(2026, 10, 24, 18)
const SEEDS = [1, 2, 7, 42, 2026]

const days = (count: number) => Array.from({ length: count }, (_, i) => NOW - (count - i) * DAY)
const realTime = (w: MarketWorld, market: 'ercot' | 'nyiso', fromMs: number, toMs: number): number[] => {
  const [world, point] = market === 'ercot' ? [w.ercot, 'LZ_WEST'] : [w.nyiso, 'NORTH']
  const out = []
  for (let t = fromMs; t < toMs; t += world.realTimeMs) out.push(world.realTime(point, t))
  return out
}

describe('power', () => {
  test('a price does not depend on when or in which order it was asked for', () => {
    const ask = (w: MarketWorld, order: readonly number[]) =>
      new Map(order.map((h) => [h, [w.ercot.realTime('LZ_WEST', NOW - h * HOUR), w.nyiso.dayAhead('NORTH', NOW - h * HOUR)]]))
    const hours = Array.from({ length: 24 * 60 }, (_, i) => i)
    const fresh = ask(marketWorld(1), hours)
    const turned = ask(marketWorld(1), [...hours].reverse())
    for (const h of hours) expect(turned.get(h)).toEqual(fresh.get(h))
  })

  test.each(SEEDS)('seed %i: 30 days hold negative intervals and spikes above 150 USD/MWh at LZ_WEST', (seed) => {
    const prices = realTime(marketWorld(seed), 'ercot', NOW - 30 * DAY, NOW)
    const negative = prices.filter((p) => p < 0).length / prices.length
    expect(negative).toBeGreaterThan(0.005)
    expect(negative).toBeLessThan(0.15)
    expect(Math.max(...prices)).toBeGreaterThan(150)
    expect(Math.max(...prices)).toBeLessThanOrEqual(5000)
  })

  test.each(SEEDS)('seed %i: NORTH falls below zero too, and stays within its cap', (seed) => {
    const prices = realTime(marketWorld(seed), 'nyiso', NOW - 30 * DAY, NOW)
    expect(prices.some((p) => p < 0)).toBe(true)
    expect(Math.max(...prices)).toBeLessThanOrEqual(2000)
  })

  // 29.5 J/TH at 33.63 USD/PH/day, 2 % pool fee, 0.4 % stale, overhead 1.05, less 5 USD/MWh delivery: 39.15 USD/MWh.
  test.each(SEEDS)('seed %i: on most days the evening lies above what an S19j Pro can pay, in real time and day-ahead', (seed) => {
    const w = marketWorld(seed)
    const over = (price: (t: number) => number, step: number) =>
      days(60).filter((start) => {
        for (let t = start; t < start + DAY; t += step) if (price(t) > 39.15) return true
        return false
      }).length
    expect(over((t) => w.ercot.realTime('LZ_WEST', t), 900_000)).toBeGreaterThan(45)
    expect(over((t) => w.ercot.dayAhead('LZ_WEST', t), HOUR)).toBeGreaterThan(45)
    // and most hours of the day below it, or there would be nothing to switch
    const prices = realTime(w, 'ercot', NOW - 60 * DAY, NOW)
    expect(prices.filter((p) => p < 39.15).length / prices.length).toBeGreaterThan(0.5)
  })

  test('the cap of 5,000 is reached in some years, never passed', () => {
    const w = marketWorld(42)
    const year = realTime(w, 'ercot', NOW - 365 * DAY, NOW)
    expect(Math.max(...year)).toBe(5000)
    expect(year.filter((p) => p === 5000).length).toBeLessThan(40)
  })

  test('solar noon is cheap and the evening dear in the West of Texas', () => {
    const w = marketWorld(7)
    const at = (hourUtc: number) =>
      days(60).reduce((sum, d) => sum + w.ercot.dayAhead('LZ_WEST', Math.floor(d / DAY) * DAY + hourUtc * HOUR), 0) / 60
    expect(at(24)).toBeGreaterThan(2 * at(18)) // 18:00 CST against noon
  })

  test('real time settles around day-ahead', () => {
    const w = marketWorld(1)
    const pairs = days(60).flatMap((d) =>
      Array.from({ length: 24 }, (_, h) => {
        const start = Math.floor(d / HOUR) * HOUR + h * HOUR
        const quarters = [0, 1, 2, 3].map((q) => w.ercot.realTime('LZ_WEST', start + q * 900_000))
        return [w.ercot.dayAhead('LZ_WEST', start), quarters.reduce((a, b) => a + b, 0) / 4] as const
      }),
    )
    const near = pairs.filter(([da, rt]) => Math.abs(da - rt) < 25).length / pairs.length
    expect(near).toBeGreaterThan(0.9)
    expect(pairs.some(([da, rt]) => Math.abs(da - rt) > 1)).toBe(true)
  })

  test('tomorrow is published at 13:00 Central and 11:00 Eastern, a quarter hour about two minutes after its end', () => {
    const w = marketWorld(1)
    const tomorrow = Date.UTC(2026, 10, 25) / DAY
    expect(new Date(w.ercot.dayAheadPublishedMs(tomorrow)).toISOString()).toBe('2026-11-24T19:00:00.000Z')
    expect(new Date(w.nyiso.dayAheadPublishedMs(tomorrow)).toISOString()).toBe('2026-11-24T16:00:00.000Z')
    // The Saturday before the clock goes back is in summer time, the Sunday itself ends in standard time.
    expect(new Date(w.ercot.dayAheadPublishedMs(Date.UTC(2026, 10, 1) / DAY)).toISOString()).toBe('2026-10-31T18:00:00.000Z')
    expect(new Date(w.ercot.dayAheadPublishedMs(Date.UTC(2026, 10, 2) / DAY)).toISOString()).toBe('2026-11-01T19:00:00.000Z')
    for (let t = NOW; t < NOW + DAY; t += 900_000) {
      const late = w.ercot.realTimePublishedMs(t) - (t + 900_000)
      expect(late).toBeGreaterThan(60_000)
      expect(late).toBeLessThan(180_000)
    }
  })

  test('points of one market move together and are not the same', () => {
    const w = marketWorld(1)
    const at = (point: string) => w.ercot.realTime(point, NOW)
    expect(new Set(Object.keys(w.ercot.points).map(at)).size).toBeGreaterThan(8)
    expect(Math.abs(at('LZ_NORTH') - at('LZ_WEST'))).toBeLessThan(0.3 * Math.abs(at('LZ_WEST')) + 10)
  })
})

describe('bitcoin', () => {
  test.each(SEEDS)('seed %i: the price stays near 71,000 USD and the difficulty near 133.79 T', (seed) => {
    const { bitcoin } = marketWorld(seed)
    for (const d of days(365)) {
      expect(Math.abs(bitcoin.middle(d) / 71_000 - 1)).toBeLessThan(0.15)
      expect(Math.abs(bitcoin.epochAt(d).difficulty / 133.79e12 - 1)).toBeLessThan(0.12)
    }
  })

  test('exchanges differ by a few basis points, never by a per cent', () => {
    const { bitcoin } = marketWorld(1)
    for (const d of days(200)) {
      const prices = (['coinbase', 'kraken', 'bitstamp'] as const).map((x) => bitcoin.exchange(x, d))
      const spread = (Math.max(...prices) - Math.min(...prices)) / Math.min(...prices)
      expect(spread).toBeGreaterThan(0)
      expect(spread).toBeLessThan(0.003)
    }
  })

  test('retargets follow the rule: new difficulty = old × two weeks / the time the epoch took', () => {
    const { bitcoin } = marketWorld(1)
    for (let n = 470; n < 490; n++) {
      const [old, next] = [bitcoin.epoch(n), bitcoin.epoch(n + 1)]
      expect(next.difficulty / ((old.difficulty * 1_209_600_000) / (old.endMs - old.startMs))).toBeCloseTo(1, 9)
      expect(next.startMs).toBeCloseTo(old.endMs, 0)
      expect(next.startHeight - old.startHeight).toBe(2016)
    }
  })

  test('epoch 481 begins with block 969,696 in early October 2026', () => {
    const { bitcoin } = marketWorld(1)
    expect(bitcoin.tip(Date.UTC(2026, 9, 3, 6, 40))).toMatchObject({ height: 969_696 })
    expect(bitcoin.tip(Date.UTC(2026, 9, 3, 6, 39)).height).toBe(969_695)
  })

  test('blocks never run backwards, and the tip is the last one found', () => {
    const { bitcoin } = marketWorld(3)
    for (let h = 969_696 - 4032; h < 969_696 + 4032; h++) expect(bitcoin.blockMs(h + 1)).toBeGreaterThan(bitcoin.blockMs(h))
    for (let t = NOW - 5 * DAY; t < NOW; t += 17 * 60_000) {
      const { height } = bitcoin.tip(t)
      expect(bitcoin.blockMs(height)).toBeLessThanOrEqual(t)
      expect(bitcoin.blockMs(height + 1)).toBeGreaterThan(t)
    }
  })

  test('subsidy is 3.125 BTC since block 840,000 and 1.5625 from 1,050,000', () => {
    expect(subsidySats(839_999)).toBe(625_000_000)
    expect(subsidySats(840_000)).toBe(312_500_000)
    expect(subsidySats(1_050_000)).toBe(156_250_000)
  })

  test('fees are of the order of 0.025 BTC a block', () => {
    const { bitcoin } = marketWorld(1)
    const fees = Array.from({ length: 20_000 }, (_, i) => bitcoin.feeSats(960_000 + i) / 1e8)
    const mean = fees.reduce((a, b) => a + b, 0) / fees.length
    expect(mean).toBeGreaterThan(0.018)
    expect(mean).toBeLessThan(0.036)
  })
})
