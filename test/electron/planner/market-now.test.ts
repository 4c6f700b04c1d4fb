import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { marketInputs } from '#electron/planner/inputs.ts'
import { makeMarketMemory, realTimeKey } from '#electron/planner/market-now.ts'
import { openStore, type Store } from '#electron/store/open.ts'
import type { FeedDocument, FeedRow } from '#shared/market/rows.ts'
import { site } from '../store/sample.ts'

const NOW = Date.UTC(2026, 10, 24, 22)
const QUARTER = 900_000
let dir = ''
let store: Store
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'hashyard-memory-'))
  const result = openStore({ dataDir: dir, demo: false, readOnly: false, nowMs: 1 })
  if (!result.ok) throw new Error(result.failure.message)
  store = result.value
})
afterEach(() => {
  store.close()
  rmSync(dir, { recursive: true, force: true })
})

const document = (rows: FeedRow[]): FeedDocument => ({ rows, problems: [], coverage: null })
const prices = (values: readonly (readonly [number, number])[], location = 'LZ_WEST'): FeedDocument =>
  document(
    values.map(([quarter, pricePerMwh]) => ({
      kind: 'power_price',
      source: 'ercot',
      location,
      market: 'rt',
      intervalStartMs: NOW + quarter * QUARTER,
      intervalEndMs: NOW + (quarter + 1) * QUARTER,
      pricePerMwh,
      currency: 'USD',
      publishedAtMs: null,
      quality: 'live',
    })),
  )
const key = realTimeKey(site)
if (key === null) throw new Error('the sample site has a market')

test('what documents bring in pieces, late and corrected is the same as what a new start reads', async () => {
  const memory = makeMarketMemory({ store, sites: [site], now: () => NOW })
  await memory.loadAll()
  const pieces = [
    prices([
      [-2, 31],
      [-1, 32],
    ]),
    prices([
      [-4, 29],
      [-3, 30],
    ]),
    prices([[-8, 20]]),
    prices([[-2, 33.5]]),
    prices([[-1, 99]], 'HB_NORTH'),
    prices([[0, 35]]),
  ]
  for (const piece of pieces) {
    await store.market.append(piece, NOW)
    await memory.reload('ercot.real-time', piece)
  }
  const pieced = memory.now().series(key)
  expect(pieced.prices.map((p) => p.price)).toEqual([20, 29, 30, 33.5, 32, 35])
  expect(pieced.starts.has(NOW - 2 * QUARTER)).toBe(true)
  expect(pieced.starts.has(NOW - 5 * QUARTER)).toBe(false)
  const anew = makeMarketMemory({ store, sites: [site], now: () => NOW })
  await anew.loadAll()
  expect(pieced).toEqual(anew.now().series(key))
})

test('when no exchange answers usably any more, the last good price stays with its own age', async () => {
  const memory = makeMarketMemory({ store, sites: [site], now: () => NOW })
  const spots = (price: number, observedAtMs: number) =>
    document(
      ['coinbase', 'kraken'].map((source) => ({
        kind: 'spot',
        source,
        pair: 'BTC-USD',
        price,
        observedAtMs,
        quality: price > 100 ? 'live' : 'suspect',
      })),
    )
  for (const piece of [spots(85_864, NOW - 600_000), spots(8.58, NOW - 1_000)]) {
    await store.market.append(piece, NOW)
    await memory.reload('coinbase.spot', piece)
  }
  expect(memory.now().lastSpot).toMatchObject({ price: 85_864, observedAtMs: NOW - 600_000 })
})

test('after a night without any source a new start still shows the last price, with its age', async () => {
  const lastHeardMs = NOW - 11 * 3_600_000
  const heard = (source: string, price: number, observedAtMs: number): FeedRow => ({
    kind: 'spot',
    source,
    pair: 'BTC-USD',
    price,
    observedAtMs,
    quality: 'live',
  })
  await store.market.append(
    document([
      heard('kraken', 12_000, lastHeardMs - 20 * 86_400_000),
      heard('coinbase', 85_866, lastHeardMs),
      heard('bitstamp', 85_862, lastHeardMs - 5_000),
    ]),
    lastHeardMs,
  )
  const memory = makeMarketMemory({ store, sites: [site], now: () => NOW })
  await memory.loadAll()
  expect(marketInputs(memory.now(), NOW).btcPrice).toMatchObject({
    value: 85_864,
    observedAtMs: lastHeardMs - 5_000,
    freshness: 'dead',
    source: 'median of Bitstamp, Coinbase',
  })
})
