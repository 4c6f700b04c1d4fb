/**
 * Responses as the sources sent them, kept outside the repository beside it. Where that folder is missing these tests
 * are reported as skipped: not run.
 */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { bitstampSpot } from '#electron/feeds/bitstamp.ts'
import { coinbaseSpot } from '#electron/feeds/coinbase.ts'
import { ercotDayAhead, ercotRealTime, parseDocumentList } from '#electron/feeds/ercot.ts'
import type { Feed } from '#electron/feeds/feed.ts'
import { krakenSpot } from '#electron/feeds/kraken.ts'
import { mempoolDifficultyAdjustment, mempoolHashrate, mempoolPrices, mempoolRewardStats } from '#electron/feeds/mempool.ts'
import { nyisoRealTime } from '#electron/feeds/nyiso.ts'
import type { FeedDocument, FeedRow } from '#shared/market/rows.ts'
import { at, bytes, metaAt } from './meta.ts'

const recordings = new URL('../../../../shared/fixtures/feeds/', import.meta.url)
const here = existsSync(recordings)

type Expected = { rows: number; values: number; min: number; max: number; mean: number; first: number; last: number }
const recorded = (path: string): Uint8Array => readFileSync(new URL(path, recordings))
const expected = (path: string): Expected => JSON.parse(readFileSync(new URL(`${path}.expected.json`, recordings), 'utf8')) as Expected

const parsed = (feed: Feed, path: string, seen: string): FeedDocument => {
  const result = feed.parse(recorded(path), metaAt(at(seen)))
  if (!result.ok) throw new Error(result.failure.message)
  return result.value
}

const agree = (values: readonly number[], path: string) => {
  const e = expected(path)
  expect(values).toHaveLength(e.values)
  expect(Math.min(...values)).toBeCloseTo(e.min, 6)
  expect(Math.max(...values)).toBeCloseTo(e.max, 6)
  // The sidecar prints its mean with six decimals.
  expect(values.reduce((a, b) => a + b, 0) / values.length).toBeCloseTo(e.mean, 5)
  return e
}
const ofKind = <K extends FeedRow['kind']>(d: FeedDocument, kind: K) => d.rows.filter((r): r is FeedRow & { kind: K } => r.kind === kind)

describe.skipIf(!here)('recorded responses', () => {
  const day = '2026-10-05T09:37:27Z'
  test.each([
    [coinbaseSpot, 'btc-price/coinbase_spot_20261005.json', day],
    [krakenSpot, 'btc-price/kraken_ticker_20261005.json', day],
    [bitstampSpot, 'btc-price/bitstamp_ticker_20261005.json', day],
    [mempoolPrices, 'mempool/v1_prices.json', '2023-12-22T14:00:00Z'],
  ])('$0.id gives the price it was recorded with', (feed, path, seen) => {
    const document = parsed(feed, path, seen)
    agree(
      ofKind(document, 'spot').map((r) => r.price),
      path,
    )
    expect(document.problems).toEqual([])
    expect(document.coverage).toEqual({ expected: 1, received: 1 })
  })

  test('Bitstamp carries its own second, Coinbase only the moment of arrival', () => {
    expect(ofKind(parsed(bitstampSpot, 'btc-price/bitstamp_ticker_20261005.json', day), 'spot')[0]?.observedAtMs).toBe(1_791_193_016_000)
    expect(ofKind(parsed(coinbaseSpot, 'btc-price/coinbase_spot_20261005.json', day), 'spot')[0]?.observedAtMs).toBe(at(day))
  })

  test('a difficulty estimate of 98.459 % is the fraction 0.98459, at height 740,767', () => {
    const path = 'mempool/v1_difficulty-adjustment.json'
    const [row] = ofKind(parsed(mempoolDifficultyAdjustment, path, '2022-06-15T00:00:00Z'), 'network')
    agree([(row?.nextChange ?? 0) * 100], path)
    expect(row?.height).toBe(740_767)
    // That build still sent the date in seconds.
    expect(row?.nextRetargetAtMs).toBe(1_627_762_478_000)
  })

  test('three days of hashrate in H/s arrive as EH/s, with the difficulty of the moment', () => {
    const path = 'mempool/v1_mining_hashrate_3d.json'
    const rows = ofKind(parsed(mempoolHashrate, path, '2022-05-17T00:00:00Z'), 'network')
    agree(
      rows.filter((r) => r.hashrateEhs !== null && r.difficulty === null).map((r) => (r.hashrateEhs ?? 0) * 1e18),
      path,
    )
    expect(rows.at(-1)).toMatchObject({ difficulty: 31_251_101_365_711.12, observedAtMs: at('2022-05-17T00:00:00Z') })
    expect(rows.at(-1)?.hashrateEhs).toBeCloseTo(252.033, 3)
  })

  test('fees of 13.117 BTC over 100 blocks are 0.1312 BTC a block', () => {
    const path = 'mempool/v1_mining_reward-stats_100.json'
    const [row] = ofKind(parsed(mempoolRewardStats, path, '2022-05-17T00:00:00Z'), 'network')
    agree([(row?.feesBtcPerBlock ?? 0) * 100 * 1e8], path)
    expect(row?.feesBtcPerBlock).toBeCloseTo(0.131175, 6)
    expect(row?.height).toBe(736_655)
  })

  test('ERCOT hour 23, interval 3 of 3 October 2026 is 22:30 to 22:45 in Texas', () => {
    const path = 'ercot/np6-905_SPPHLZNP6905_20261003_2245.reserialised.csv'
    const rows = ofKind(parsed(ercotRealTime, path, '2026-10-03T22:47:02-05:00'), 'power_price')
    const e = agree(
      rows.map((r) => r.pricePerMwh),
      path,
    )
    expect([rows[0]?.pricePerMwh, rows.at(-1)?.pricePerMwh]).toEqual([e.first, e.last])
    expect(new Set(rows.map((r) => r.intervalStartMs))).toEqual(new Set([at('2026-10-03T22:30:00-05:00')]))
    expect(new Set(rows.map((r) => r.intervalEndMs))).toEqual(new Set([at('2026-10-03T22:45:00-05:00')]))
  })

  test('the dashboard row of 22:15 belongs to 22:00 to 22:15, negative Panhandle price included', () => {
    const path = 'ercot/systemWidePrices_rtSppData_20260424_2215.one_row.json'
    const document = parsed(ercotRealTime, path, '2026-04-24T22:17:00-05:00')
    const rows = ofKind(document, 'power_price')
    agree(
      rows.map((r) => r.pricePerMwh),
      path,
    )
    expect(rows.find((r) => r.location === 'HB_PAN')).toMatchObject({ pricePerMwh: -4.06, intervalEndMs: 1_777_086_900_000 })
    expect(rows.find((r) => r.location === 'LZ_WEST')?.pricePerMwh).toBe(809.79)
    expect(rows[0]?.publishedAtMs).toBe(at('2026-04-24T22:17:00-05:00'))
    // One row was kept of a day of 89 quarters: the others are gaps, not zeros.
    expect(document.coverage).toEqual({ expected: 15 * 89, received: 15 })
  })

  test('24 day-ahead hours of Houston, put back into the report layout, keep their values', () => {
    const path = 'ercot/systemWidePrices_dam_HB_HOUSTON_20260930.extract.json'
    const extract = JSON.parse(new TextDecoder().decode(recorded(path))) as { hours: { hour_ending: number; usd_mwh: number }[] }
    const csv = extract.hours.map((h) => `09/30/2026,${String(h.hour_ending).padStart(2, '0')}:00,HB_HOUSTON,${h.usd_mwh},N`)
    const document = ercotDayAhead.parse(
      bytes(`DeliveryDate,HourEnding,SettlementPoint,SettlementPointPrice,DSTFlag\n${csv.join('\n')}\n`),
      metaAt(at('2026-09-30T09:24:57Z')),
    )
    if (!document.ok) throw new Error(document.failure.message)
    const rows = ofKind(document.value, 'power_price')
    agree(
      rows.map((r) => r.pricePerMwh),
      path,
    )
    expect(rows[0]?.intervalStartMs).toBe(at('2026-09-30T00:00:00-05:00'))
    expect(document.value.coverage).toEqual({ expected: 24, received: 24 })
  })

  test('of six listed ERCOT documents the three CSV ones count, newest first', () => {
    const path = 'ercot/IceDocListJsonWS_12311.trimmed.json'
    const all = JSON.parse(new TextDecoder().decode(recorded(path))) as { ListDocsByRptTypeRes: { DocumentList: unknown[] } }
    expect(all.ListDocsByRptTypeRes.DocumentList).toHaveLength(expected(path).rows)
    const list = parseDocumentList(recorded(path), { status: 200 })
    if (!list.ok) throw new Error(list.failure.message)
    expect(list.value).toHaveLength(3)
    expect(list.value[0]).toEqual({ docId: '1085273815', name: 'LFCCONGESTNP3560_csv', publishedAtMs: at('2025-03-13T12:30:00-05:00') })
  })

  test('New York has 25 hours on 2 November 2025, and the dearer 01:00 came first', () => {
    const path = 'nyiso/20251102rtlbmp_zone_sample.csv'
    const document = parsed(nyisoRealTime, path, '2025-11-03T12:00:00Z')
    const rows = ofKind(document, 'power_price')
    agree(
      rows.map((r) => r.pricePerMwh),
      path,
    )
    const city = rows.filter((r) => r.location === 'N.Y.C.')
    expect(city).toHaveLength(25)
    expect(city.slice(0, 4).map((r) => [r.intervalStartMs, r.pricePerMwh])).toEqual([
      [at('2025-11-02T04:00:00Z'), 66.3],
      [at('2025-11-02T05:00:00Z'), 56.71],
      [at('2025-11-02T06:00:00Z'), 38.03],
      [at('2025-11-02T07:00:00Z'), 47.49],
    ])
    expect(document.coverage).toEqual({ expected: 75, received: 75 })
    expect(document.problems).toEqual([])
  })
})
