import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore, type Store } from '#electron/store/open.ts'
import type { FeedRow, PowerPriceRow } from '#shared/market/rows.ts'

let dir = ''
let store: Store
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'hashyard-market-'))
  const result = openStore({ dataDir: dir, demo: false, readOnly: false, nowMs: 1 })
  if (!result.ok) throw new Error(result.failure.message)
  store = result.value
})
afterEach(() => {
  store.close()
  rmSync(dir, { recursive: true, force: true })
})

const QUARTER = 900_000
const key = { source: 'ercot', location: 'LZ_WEST', market: 'rt' } as const
const price = (startMs: number, pricePerMwh: number, more: Partial<PowerPriceRow> = {}): PowerPriceRow => ({
  kind: 'power_price',
  source: 'ercot',
  location: 'LZ_WEST',
  market: 'rt',
  intervalStartMs: startMs,
  intervalEndMs: startMs + QUARTER,
  pricePerMwh,
  currency: 'USD',
  publishedAtMs: startMs + QUARTER + 60_000,
  quality: 'live',
  ...more,
})
const append = (rows: FeedRow[], atMs = 1) => store.market.append({ rows, problems: [], coverage: null }, atMs)

test('a corrected price becomes the value, and the first one stays readable', async () => {
  await append([price(0, 31.5)], 10)
  await append([price(0, 33.25, { publishedAtMs: 5_000_000, quality: 'corrected' })], 20)
  expect((await store.market.prices(key, 0, QUARTER)).map((p) => [p.price, p.quality, p.revision, p.fetchedAtMs])).toEqual([
    [33.25, 'corrected', 2, 20],
  ])
  expect((await store.market.revisions(key, 0)).map((r) => r.price)).toEqual([31.5, 33.25])
})

test('the same document twice adds nothing; an older one that arrives late changes nothing', async () => {
  await append([price(0, 31.5, { publishedAtMs: 2_000_000 })])
  await append([price(0, 31.5, { publishedAtMs: 2_000_000 })])
  await append([price(0, 12, { publishedAtMs: 1_000_000 })])
  expect((await store.market.revisions(key, 0)).map((r) => r.price)).toEqual([31.5])
})

test('negative, zero and scarcity prices are kept as they are, in order of time', async () => {
  await append([price(2 * QUARTER, 5001), price(0, -31.02), price(QUARTER, 0)])
  expect((await store.market.prices(key, 0, 10 * QUARTER)).map((p) => p.price)).toEqual([-31.02, 0, 5001])
})

test('intervals are half-open: one that ends where the question begins is not part of the answer', async () => {
  await append([price(0, 1), price(QUARTER, 2), price(2 * QUARTER, 3)])
  expect((await store.market.prices(key, QUARTER, 2 * QUARTER)).map((p) => p.price)).toEqual([2])
})

test('day-ahead and real-time prices of one point are two series', async () => {
  await append([price(0, 30), price(0, 44, { market: 'dam', intervalEndMs: 3_600_000 })])
  expect((await store.market.prices(key, 0, QUARTER)).map((p) => p.price)).toEqual([30])
  expect((await store.market.prices({ ...key, market: 'dam' }, 0, QUARTER)).map((p) => p.price)).toEqual([44])
})

test('each exchange answers with its newest price; a stamp of the future is not the newest', async () => {
  const spot = (source: string, observedAtMs: number, value: number): FeedRow => ({
    kind: 'spot',
    source,
    pair: 'BTC-USD',
    price: value,
    observedAtMs,
    quality: 'live',
  })
  await append([
    spot('kraken', 1_000, 85_864),
    spot('kraken', 2_000, 85_870),
    spot('kraken', 9_000_000, 1),
    spot('coinbase', 1_500, 85_861.2),
  ])
  const spots = await store.market.spots('BTC-USD', 0, 10_000)
  expect(spots.map((s) => [s.source, s.price]).sort()).toEqual([
    ['coinbase', 85_861.2],
    ['kraken', 85_870],
  ])
})

test('each network figure is the newest that any document held', async () => {
  const row = (observedAtMs: number, more: Partial<Extract<FeedRow, { kind: 'network' }>>): FeedRow => ({
    kind: 'network',
    source: 'mempool',
    height: null,
    difficulty: null,
    nextChange: null,
    nextRetargetAtMs: null,
    hashrateEhs: null,
    feesBtcPerBlock: null,
    observedAtMs,
    quality: 'live',
    ...more,
  })
  await append([row(1_000, { difficulty: 132_716_002_350_731 }), row(2_000, { feesBtcPerBlock: 0.0141 }), row(3_000, { height: 921_600 })])
  expect((await store.market.newestNetwork('difficulty', 5_000))?.difficulty).toBe(132_716_002_350_731)
  expect((await store.market.newestNetwork('fees_btc_per_block', 5_000))?.observedAtMs).toBe(2_000)
  expect((await store.market.newestNetwork('height', 2_500))?.height ?? null).toBeNull()
})
