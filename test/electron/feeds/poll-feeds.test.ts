import { afterEach, describe, expect, test } from 'vitest'
import type { Feed, FeedAsk, FeedHttp, FeedReadout } from '#electron/feeds/feed.ts'
import { type FeedPolling, type FeedPollingOptions, startFeedPolling } from '#electron/feeds/poll-feeds.ts'
import type { FeedDocument } from '#shared/market/rows.ts'
import { failed, ok, type Result } from '#shared/result.ts'

/** A clock of our own: `pass` runs what is due, and lets every promise behind it settle. */
const world = () => {
  let nowMs = Date.UTC(2026, 0, 15, 12)
  let timers: { atMs: number; work: () => void }[] = []
  const settle = async () => {
    for (let i = 0; i < 20; i++) await Promise.resolve()
  }
  return {
    now: () => nowMs,
    setTimer: (ms: number, work: () => void) => {
      const timer = { atMs: nowMs + ms, work }
      timers.push(timer)
      return () => {
        timers = timers.filter((t) => t !== timer)
      }
    },
    pending: () => timers.length,
    settle,
    pass: async (ms: number) => {
      const untilMs = nowMs + ms
      for (;;) {
        const next = timers.filter((t) => t.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0]
        if (!next) break
        timers = timers.filter((t) => t !== next)
        nowMs = next.atMs
        next.work()
        await settle()
      }
      nowMs = untilMs
    },
  }
}

const quietHttp: FeedHttp = {
  get: async () => failed('unreachable', 'no network in this test'),
  notBeforeMs: () => null,
  forgive: () => undefined,
}
const spotRow = (source: string, price: number, observedAtMs: number): FeedReadout => ({
  rows: [{ kind: 'spot', source, pair: 'BTC-USD', price, observedAtMs, quality: 'live' }],
  problems: [],
  coverage: { expected: 1, received: 1 },
  again: null,
})

const feedOf = (id: string, read: (ask: FeedAsk) => Promise<Result<FeedReadout>>, more: Partial<Feed> = {}): Feed => ({
  id,
  kind: 'spot',
  purpose: id,
  needsKey: false,
  licence: '',
  everyMs: 60_000,
  alignedToMs: null,
  limits: { staleAfterMs: 180_000, deadAfterMs: 900_000 },
  verifiedLive: false,
  host: `${id}.example`,
  read: (_http, ask) => read(ask),
  parse: () => failed('not-supported', 'not parsed here'),
  ...more,
})

let running: FeedPolling | null = null
afterEach(async () => {
  await running?.stop()
  running = null
})
const start = (w: ReturnType<typeof world>, feeds: readonly Feed[], more: Partial<FeedPollingOptions> = {}) => {
  const documents: { id: string; document: FeedDocument; atMs: number }[] = []
  const failures: { id: string; message: string }[] = []
  running = startFeedPolling({
    feeds,
    http: quietHttp,
    locations: () => [],
    onDocument: (id, document, atMs) => void documents.push({ id, document, atMs }),
    onFailure: (id, failure) => void failures.push({ id, message: failure.message }),
    have: () => false,
    now: w.now,
    random: () => 0.5,
    setTimer: w.setTimer,
    ...more,
  })
  return { polling: running, documents, failures }
}

describe('polling the market', () => {
  test('a source that hangs and one that fails leave the third on its minute', async () => {
    const w = world()
    const hang = feedOf('hang', () => new Promise(() => undefined))
    const fail = feedOf('fail', async () => failed('unreachable', 'fail.example: no route'))
    const good = feedOf('good', async (ask) => ok(spotRow('good', 100, ask.nowMs)))
    const { documents, failures, polling } = start(w, [hang, fail, good])
    await w.settle()
    await w.pass(5 * 60_000)
    expect(documents.map((d) => d.id)).toEqual(Array.from({ length: 6 }, () => 'good'))
    expect(failures[0]).toEqual({ id: 'fail', message: 'fail.example: no route' })
    expect(polling.status().find((s) => s.id === 'hang')).toMatchObject({ lastGoodMs: null, failuresInARow: 0 })
    // It never answers, so nothing waits for it at the end either.
    running = null
  })

  test('failures are counted and tried at growing distances; one success clears them', async () => {
    const w = world()
    let bad = true
    const triesMs: number[] = []
    const feed = feedOf('f', async (ask) => {
      triesMs.push(ask.nowMs)
      return bad ? failed('timeout', 'too late') : ok(spotRow('f', 1, ask.nowMs))
    })
    const { polling } = start(w, [feed])
    await w.settle()
    await w.pass(60 * 60_000)
    const gaps = triesMs.slice(1).map((ms, i) => ms - (triesMs[i] ?? 0))
    expect(gaps.slice(0, 3)).toEqual([7_500, 15_000, 30_000])
    expect(Math.max(...gaps)).toBe(675_000)
    expect(polling.status()[0]).toMatchObject({ lastError: 'too late', lastGoodMs: null })
    expect(polling.status()[0]?.failuresInARow).toBeGreaterThan(5)
    bad = false
    await w.pass(15 * 60_000)
    expect(polling.status()[0]).toMatchObject({ lastError: null, failuresInARow: 0 })
  })

  test('a host that asked for patience is not asked before its time', async () => {
    const w = world()
    const freeMs = w.now() + 40 * 60_000
    const triesMs: number[] = []
    const feed = feedOf('f', async (ask) => {
      triesMs.push(ask.nowMs)
      return failed('refused', 'status 429')
    })
    const { polling } = start(w, [feed], { http: { ...quietHttp, notBeforeMs: () => (w.now() < freeMs ? freeMs : null) } })
    await w.settle()
    expect(polling.status()[0]?.nextTryMs).toBe(freeMs)
    await w.pass(41 * 60_000)
    expect(triesMs[1]).toBe(freeMs)
  })

  test('clicking Retry while a source is down does not push its next try away', async () => {
    const w = world()
    const { polling } = start(w, [feedOf('f', async () => failed('unreachable', 'connection refused'))])
    await w.settle()
    for (let click = 0; click < 8; click++) expect(await polling.retry('f')).toMatchObject({ ok: true, value: { failuresInARow: 1 } })
    expect((polling.status()[0]?.nextTryMs ?? 0) - w.now()).toBeLessThanOrEqual(20_000)
  })

  test('a click reads at once, two clicks read once', async () => {
    const w = world()
    let reads = 0
    const gates: (() => void)[] = []
    const feed = feedOf('f', async (ask) => {
      reads++
      if (reads > 1) await new Promise<void>((go) => gates.push(go))
      return ok(spotRow('f', 1, ask.nowMs))
    })
    const { polling } = start(w, [feed])
    await polling.firstRound
    const both = [polling.retry('f'), polling.retry('f')]
    await w.settle()
    expect(reads).toBe(2)
    for (const go of gates) go()
    expect(await Promise.all(both)).toMatchObject([{ ok: true, value: { id: 'f', lastError: null } }, { ok: true }])
    expect(await polling.retry('nobody')).toMatchObject({ ok: false, failure: { kind: 'not-found' } })
  })

  test('history follows the newest prices, in parts, newest first and little at first', async () => {
    const w = world()
    const bounds: (number | null)[] = []
    const feed = feedOf(
      'power',
      async (ask) => {
        bounds.push(ask.maxDocuments)
        return ok({ rows: [], problems: [], coverage: null, again: bounds.length < 3 ? { inMs: 0, reason: 'backfill' } : null })
      },
      { kind: 'power_price', everyMs: 900_000 },
    )
    const { polling } = start(w, [feed], { locations: () => ['LZ_WEST'] })
    let caughtUp = false
    void polling.caughtUp.then(() => {
      caughtUp = true
    })
    await polling.firstRound
    expect(caughtUp).toBe(false)
    await w.pass(10_000)
    expect(bounds).toEqual([8, null, null])
    expect(caughtUp).toBe(true)
  })

  test('a market where no site settles is not asked, until one does', async () => {
    const w = world()
    let sites: string[] = []
    let reads = 0
    const feed = feedOf(
      'power',
      async () => {
        reads++
        return ok({ rows: [], problems: [], coverage: null, again: null })
      },
      { kind: 'power_price' },
    )
    const { polling } = start(w, [feed], { locations: () => sites })
    await polling.caughtUp
    expect(reads).toBe(0)
    expect(polling.status()[0]).toMatchObject({ wanted: false, lastError: null })
    sites = ['NORTH']
    await w.pass(61_000)
    expect(reads).toBe(1)
  })

  test('a store that cannot write is named beside the source, and the next round comes', async () => {
    const w = world()
    let full = true
    const feed = feedOf('f', async (ask) => ok(spotRow('f', 1, ask.nowMs)))
    const { polling } = start(w, [feed], {
      onDocument: async () => {
        if (full) throw new Error('disk full')
      },
    })
    await polling.firstRound
    expect(polling.status()[0]?.lastError).toBe('read, but not stored: disk full')
    full = false
    await w.pass(70_000)
    expect(polling.status()[0]?.lastError).toBeNull()
  })

  test('a defect in one source is a failure of that source', async () => {
    const w = world()
    const feed = feedOf('f', async () => {
      throw new TypeError('x is undefined')
    })
    const { failures } = start(w, [feed])
    await w.settle()
    expect(failures).toEqual([{ id: 'f', message: 'f: x is undefined' }])
  })

  test('a price that triples is held once, and believed when the next reading agrees', async () => {
    const w = world()
    const said = [100, 400, 401]
    let i = 0
    const feed = feedOf('f', async (ask) => ok(spotRow('f', said[Math.min(i++, 2)] ?? 0, ask.nowMs)))
    const { documents } = start(w, [feed])
    await w.settle()
    await w.pass(130_000)
    expect(documents.map((d) => d.document.rows[0]?.quality)).toEqual(['live', 'suspect', 'live'])
  })

  test('after stop nothing more is asked', async () => {
    const w = world()
    let reads = 0
    const feed = feedOf('f', async (ask) => {
      reads++
      return ok(spotRow('f', 1, ask.nowMs))
    })
    const { polling } = start(w, [feed])
    await polling.firstRound
    await polling.stop()
    await w.pass(3_600_000)
    expect(reads).toBe(1)
    expect(w.pending()).toBe(0)
    expect(await polling.retry('f')).toMatchObject({ ok: false })
  })
})
