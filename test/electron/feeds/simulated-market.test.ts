/** The feeds as they run in the demo: real fetching, real parsing, real polling, against the simulated sources on loopback. */
import type { Server, Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeFeedHttp } from '#electron/feeds/feed-http.ts'
import { startFeedPolling } from '#electron/feeds/poll-feeds.ts'
import { feedHosts, feedRegistry } from '#electron/feeds/registry.ts'
import { feedEgress } from '#electron/net/egress.ts'
import { marketServer } from '#electron/simulator/market-server.ts'
import { marketWorld } from '#electron/simulator/market-world.ts'
import { medianSpot } from '#shared/market/median-spot.ts'
import type { FeedRow, NetworkRow, PowerPriceRow, SpotRow } from '#shared/market/rows.ts'
import { at } from './meta.ts'

const HOUR = 3_600_000
let server: Server
let base: URL
/** A quarter past three in New York, on the Monday after the clocks went back: 25 hours of Sunday lie behind it. */
let nowMs = at('2026-11-02T20:15:30Z')
const sockets = new Set<Socket>()

beforeEach(async () => {
  nowMs = at('2026-11-02T20:15:30Z')
  server = marketServer(
    marketWorld(7),
    () => nowMs,
    (socket) => sockets.add(socket),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  base = new URL(`http://127.0.0.1:${address.port}`)
})
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await new Promise<void>((resolve) => server.close(() => resolve()))
})

const key = (r: { location: string; market: string; intervalStartMs: number }) => `${r.location} ${r.market} ${r.intervalStartMs}`
const settled: Record<string, { location: string; market: 'rt' | 'dam' }> = {
  'ercot.real-time': { location: 'LZ_WEST', market: 'rt' },
  'ercot.day-ahead': { location: 'LZ_WEST', market: 'dam' },
  'nyiso.real-time': { location: 'NORTH', market: 'rt' },
  'nyiso.day-ahead': { location: 'NORTH', market: 'dam' },
}

describe('reading the simulated market', () => {
  test('all twelve sources are read, two days of prices without a gap, and nothing is asked for twice', async () => {
    const rows = new Map<string, FeedRow[]>()
    const prices = new Map<string, PowerPriceRow>()
    const failures: string[] = []
    const problems: string[] = []
    let requests = 0
    server.on('request', () => requests++)
    const polling = startFeedPolling({
      feeds: feedRegistry,
      http: makeFeedHttp({
        egress: feedEgress({ hosts: feedHosts, allowLoopback: true }),
        baseFor: (host) => new URL(`/${host}`, base),
        now: () => nowMs,
        random: () => 0.5,
        userAgent: 'Hashyard/test',
      }),
      locations: (id) => (settled[id] ? [settled[id].location] : []),
      onDocument: (id, document) => {
        rows.set(id, [...(rows.get(id) ?? []), ...document.rows])
        problems.push(...document.problems.map((p) => `${id} ${p.place}: ${p.reason} ${p.raw}`))
        for (const r of document.rows) if (r.kind === 'power_price') prices.set(key(r), r)
      },
      onFailure: (id, failure) => void failures.push(`${id}: ${failure.message}`),
      have: (id, location, intervalStartMs) => prices.has(key({ location, market: settled[id]?.market ?? 'rt', intervalStartMs })),
      now: () => nowMs,
      random: () => 0.5,
      setTimer: (ms, work) => {
        const timer = setTimeout(work, ms)
        return () => clearTimeout(timer)
      },
      lookBackMs: 48 * HOUR,
      backfillPauseMs: 0,
    })
    await polling.caughtUp
    const firstRequests = requests
    await polling.retry('ercot.real-time')
    await polling.retry('nyiso.day-ahead')
    await polling.stop()

    expect(failures).toEqual([])
    expect(problems).toEqual([])
    expect([...rows.keys()].sort()).toEqual(feedRegistry.map((f) => f.id).sort())
    // The list, and today's file which is always asked for.
    expect(requests - firstRequests).toBe(2)
    const status = Object.fromEntries(polling.status().map((s) => [s.id, s.coverage]))
    // 48 hours back from 20:15:30: 192 quarters, of which the first began before and the last has just ended unpublished.
    expect(status['ercot.real-time']).toEqual({ expected: 190, received: 190 })
    expect(status['nyiso.real-time']?.received).toBe(status['nyiso.real-time']?.expected)
    expect(status['ercot.day-ahead']?.received).toBe(status['ercot.day-ahead']?.expected)
    expect(status['nyiso.day-ahead']?.received).toBe(status['nyiso.day-ahead']?.expected)

    // 1 November 2026 has 25 hours in both markets.
    const sunday = (zoneOffsetHours: number) => at('2026-11-01T00:00:00Z') + zoneOffsetHours * HOUR
    const within = (location: string, market: string, startMs: number) =>
      [...prices.values()].filter(
        (r) => r.location === location && r.market === market && r.intervalStartMs >= startMs && r.intervalStartMs < startMs + 25 * HOUR,
      ).length
    expect(within('LZ_WEST', 'dam', sunday(5))).toBe(25)
    expect(within('LZ_WEST', 'rt', sunday(5))).toBe(100)
    expect(within('NORTH', 'dam', sunday(4))).toBe(25)
    expect(within('NORTH', 'rt', sunday(4))).toBe(300)
    // Tomorrow is known from the afternoon on.
    expect(within('LZ_WEST', 'dam', at('2026-11-03T06:00:00Z'))).toBe(24)

    const spots = [...rows.values()].flat().filter((r): r is SpotRow => r.kind === 'spot')
    const spot = medianSpot({ rows: spots, last: null, nowMs })
    expect(spot.marker).toBe('median')
    expect(spot.inputs.filter((i) => i.used)).toHaveLength(3)
    const network = [...rows.values()].flat().filter((r): r is NetworkRow => r.kind === 'network')
    const heights = new Set(network.filter((r) => r.height !== null && r.observedAtMs === nowMs).map((r) => r.height))
    // Tip, retarget and fee statistics agree on the height of the moment.
    expect(heights.size).toBe(1)
    expect(network.some((r) => r.feesBtcPerBlock !== null && r.feesBtcPerBlock > 0)).toBe(true)
    expect(network.some((r) => r.difficulty !== null && r.observedAtMs === nowMs)).toBe(true)
  })
})
