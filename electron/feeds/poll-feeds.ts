/**
 * When each market source is read. Every feed runs on its own jittered loop, so one that hangs or fails delays no other;
 * what it read goes out as it comes, and a failure changes nothing that was known before.
 */

import type { FeedDocument, FeedRow, PowerPriceRow, SpotRow } from '#shared/market/rows.ts'
import { holdUnitChanges } from '#shared/market/unit-change.ts'
import { type Failure, failed, type Result } from '#shared/result.ts'
import { DAY_MS, MINUTE_MS, SECOND_MS } from '#shared/time.ts'
import { marked } from './document/spot.ts'
import type { Feed, FeedHttp, FeedReadout } from './feed.ts'

/** First retry after a failure; doubled each time up to the ceiling of threat model F7. */
const FIRST_RETRY_MS = 10 * SECOND_MS
const MAX_RETRY_MS = 15 * MINUTE_MS
/** Between two parts of a backfill: the newest figures are already out, the host gets air. */
const BACKFILL_PAUSE_MS = 2 * SECOND_MS
/** The first read of a run fetches little, so that a price is there within seconds; history follows. */
const FIRST_READ_DOCUMENTS = 8
const LOOK_BACK_MS = 7 * DAY_MS
/** Day-ahead prices reach to the end of tomorrow. */
const LOOK_AHEAD_MS = 2 * DAY_MS

export type FeedPollStatus = {
  readonly id: string
  /** False: a price feed at whose market no site settles; it is not asked at all. */
  readonly wanted: boolean
  readonly lastGoodMs: number | null
  readonly nextTryMs: number | null
  readonly failuresInARow: number
  readonly lastError: string | null
  readonly coverage: FeedDocument['coverage']
}

export type FeedPolling = {
  /** A person asks for a try now; resolves when that feed has answered or failed. */
  retry(id: string): Promise<Result<FeedPollStatus>>
  status(): readonly FeedPollStatus[]
  /** Every wanted feed was tried once. */
  readonly firstRound: Promise<void>
  /** Every wanted feed has read all that its source still holds of the window, or has failed. */
  readonly caughtUp: Promise<void>
  /** Starts nothing more, breaks off the requests under way and resolves when their reads have ended. */
  stop(): Promise<void>
}

export type FeedPollingOptions = {
  readonly feeds: readonly Feed[]
  readonly http: FeedHttp
  /** Settlement points wanted of a price feed; asked anew before each read, so that a new site is served at once. */
  readonly locations: (feedId: string) => readonly string[]
  /** Awaited before the next read of that feed, so that `have` knows what has just come. */
  readonly onDocument: (feedId: string, document: FeedDocument, fetchedAtMs: number) => void | Promise<void>
  readonly onFailure: (feedId: string, failure: Failure, atMs: number) => void | Promise<void>
  readonly have: (feedId: string, location: string, intervalStartMs: number) => boolean
  readonly now: () => number
  readonly random: () => number
  /** Runs `work` once after `ms`; the answer cancels it. */
  readonly setTimer: (ms: number, work: () => void) => () => void
  readonly lookBackMs?: number
  readonly backfillPauseMs?: number
}

type Loop = {
  readonly feed: Feed
  lastGoodMs: number | null
  nextTryMs: number | null
  failuresInARow: number
  lastError: string | null
  coverage: FeedDocument['coverage']
  cancel: (() => void) | null
  /** The read under way; there is never a second one. */
  running: Promise<void> | null
  rounds: number
  readonly fruitless: Set<string>
  tried: () => void
  done: () => void
}

/** Days of prices remembered for the unit-change rule. */
const REMEMBERED_MS = 3 * DAY_MS

export const startFeedPolling = (o: FeedPollingOptions): FeedPolling => {
  let stopped = false
  const closing = new AbortController()
  const http: FeedHttp = { ...o.http, get: (url, options) => o.http.get(url, { ...options, signal: closing.signal }) }
  const rememberedPower: PowerPriceRow[] = []
  const lastSpot = new Map<string, SpotRow>()
  const waits: Promise<void>[] = []
  const complete: Promise<void>[] = []

  const wanted = (feed: Feed) => feed.kind !== 'power_price' || o.locations(feed.id).length > 0

  const loops = o.feeds.map((feed): Loop => {
    const tried = Promise.withResolvers<void>()
    const done = Promise.withResolvers<void>()
    waits.push(tried.promise)
    complete.push(done.promise)
    return {
      feed,
      lastGoodMs: null,
      nextTryMs: null,
      failuresInARow: 0,
      lastError: null,
      coverage: null,
      cancel: null,
      running: null,
      rounds: 0,
      fruitless: new Set(),
      tried: tried.resolve,
      done: done.resolve,
    }
  })

  /** Threat model F2, over what this run has seen: a price in another unit is held, not believed. */
  const held = (readout: FeedReadout): FeedDocument => {
    const spots = readout.rows.map((row): FeedRow => {
      if (row.kind !== 'spot') return row
      const judged = marked(row, lastSpot.get(row.source) ?? null)
      // The second reading that agrees confirms the first: from then on it is the price.
      lastSpot.set(row.source, row)
      return judged
    })
    const prices = spots.filter((r) => r.kind === 'power_price')
    if (prices.length === 0) return { rows: spots, problems: readout.problems, coverage: readout.coverage }
    const judged = holdUnitChanges(prices, rememberedPower)
    rememberedPower.push(...judged.rows.filter((r) => r.quality !== 'suspect'))
    const newest = rememberedPower.reduce((max, r) => Math.max(max, r.intervalStartMs), Number.NEGATIVE_INFINITY)
    const kept = rememberedPower.filter((r) => r.intervalStartMs >= newest - REMEMBERED_MS)
    rememberedPower.splice(0, rememberedPower.length, ...kept)
    return {
      rows: [...spots.filter((r) => r.kind !== 'power_price'), ...judged.rows],
      problems: [...readout.problems, ...judged.problems],
      coverage: readout.coverage,
    }
  }

  const readOnce = async (loop: Loop): Promise<Result<FeedReadout>> => {
    const { feed } = loop
    const nowMs = o.now()
    const locations = o.locations(feed.id)
    try {
      return await feed.read(http, {
        nowMs,
        fromMs: nowMs - (o.lookBackMs ?? LOOK_BACK_MS),
        toMs: nowMs + LOOK_AHEAD_MS,
        locations,
        have: (startMs) => locations.every((location) => o.have(feed.id, location, startMs)),
        maxDocuments: loop.rounds === 0 ? FIRST_READ_DOCUMENTS : null,
        fruitless: loop.fruitless,
      })
    } catch (error) {
      // A bug in one source must not take the others down with it; the log and the sources view show it.
      return failed('internal', `${feed.id}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  const untilNextTurn = (feed: Feed, nowMs: number): number => {
    const jitter = o.random()
    if (feed.alignedToMs === null) return feed.everyMs * (0.9 + 0.2 * jitter)
    const sinceTurn = (((nowMs - feed.alignedToMs) % feed.everyMs) + feed.everyMs) % feed.everyMs
    return feed.everyMs - sinceTurn + 20 * SECOND_MS * jitter
  }

  const schedule = (loop: Loop, ms: number) => {
    if (stopped) return
    loop.cancel?.()
    const allowedMs = o.http.notBeforeMs(loop.feed.host)
    const waitMs = Math.max(0, ms, allowedMs === null ? 0 : allowedMs - o.now())
    loop.nextTryMs = o.now() + waitMs
    loop.cancel = o.setTimer(waitMs, () => {
      loop.cancel = null
      void turn(loop)
    })
  }

  /** The store may refuse (disk full): that is said beside the source, and the next round tries again. */
  const deliver = async (loop: Loop, hand: () => void | Promise<void>) => {
    try {
      await hand()
    } catch (error) {
      loop.lastError = `read, but not stored: ${error instanceof Error ? error.message : String(error)}`
    }
  }

  const round = async (loop: Loop) => {
    loop.nextTryMs = null
    if (!wanted(loop.feed)) {
      loop.tried()
      loop.done()
      schedule(loop, MINUTE_MS)
      return
    }
    const readout = await readOnce(loop)
    const atMs = o.now()
    loop.rounds++
    if (readout.ok) {
      loop.lastGoodMs = atMs
      loop.failuresInARow = 0
      loop.lastError = null
      loop.coverage = readout.value.coverage
      if (!stopped) await deliver(loop, () => o.onDocument(loop.feed.id, held(readout.value), atMs))
      loop.tried()
      const { again } = readout.value
      if (again?.reason !== 'backfill') loop.done()
      const usual = untilNextTurn(loop.feed, atMs)
      const soon = again === null ? usual : again.reason === 'backfill' ? (o.backfillPauseMs ?? BACKFILL_PAUSE_MS) : again.inMs
      schedule(loop, Math.min(usual, soon))
    } else {
      loop.lastError = readout.failure.message
      const ceiling = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(loop.failuresInARow, 20))
      loop.failuresInARow++
      if (!stopped) await deliver(loop, () => o.onFailure(loop.feed.id, readout.failure, atMs))
      loop.tried()
      loop.done()
      schedule(loop, ceiling * (0.5 + 0.5 * o.random()))
    }
  }

  const turn = (loop: Loop): Promise<void> => {
    loop.running ??= round(loop)
      .catch((error: unknown) => {
        // The caller's own callbacks failed (a closed store): said, and tried again, instead of ending the loop.
        loop.lastError = error instanceof Error ? error.message : String(error)
        loop.tried()
        loop.done()
        schedule(loop, MINUTE_MS)
      })
      .finally(() => {
        loop.running = null
      })
    return loop.running
  }

  const statusOf = (loop: Loop): FeedPollStatus => ({
    id: loop.feed.id,
    wanted: wanted(loop.feed),
    lastGoodMs: loop.lastGoodMs,
    nextTryMs: loop.nextTryMs,
    failuresInARow: loop.failuresInARow,
    lastError: loop.lastError,
    coverage: loop.coverage,
  })

  for (const loop of loops) void turn(loop)

  return {
    retry: async (id) => {
      const loop = loops.find((l) => l.feed.id === id)
      if (!loop) return failed('not-found', `no source is called “${id.slice(0, 80)}”`, { field: 'id' })
      if (stopped) return failed('not-supported', 'Hashyard is closing; sources are no longer read')
      loop.cancel?.()
      loop.cancel = null
      o.http.forgive(loop.feed.host)
      // Who clicks while a source is down must not push its next try further away with each click.
      const failedBefore = loop.failuresInARow
      await turn(loop)
      if (loop.failuresInARow > failedBefore) loop.failuresInARow = Math.max(1, failedBefore)
      return { ok: true, value: statusOf(loop) }
    },
    status: () => loops.map(statusOf),
    firstRound: Promise.all(waits).then(() => undefined),
    caughtUp: Promise.all(complete).then(() => undefined),
    stop: async () => {
      stopped = true
      closing.abort()
      for (const loop of loops) {
        loop.cancel?.()
        loop.cancel = null
        loop.nextTryMs = null
        loop.tried()
        loop.done()
      }
      await Promise.all(loops.map((l) => l.running))
    },
  }
}
