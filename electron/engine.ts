/**
 * Composition root of the engine: builds store, pollers, feeds and planner, joins them, answers the contract. Plain Node;
 * the window reaches it through `engine-process.ts`, the command line calls it directly.
 */
import { join } from 'node:path'
import { AppStatus, type EngineQuestion, type Notice, type OutputOf, type PayloadOf } from '#shared/contract.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import { MINUTE_MS, SECOND_MS } from '#shared/time.ts'
import { DEVICE_DEADLINE_MS, readDevice } from './drivers/read-device.ts'
import { furtherPortsOf } from './drivers/registry.ts'
import { makeFeedHttp } from './feeds/feed-http.ts'
import { type FeedPolling, startFeedPolling } from './feeds/poll-feeds.ts'
import { feedHosts, feedRegistry } from './feeds/registry.ts'
import { serveDecisions } from './ipc/decisions.ts'
import { serveFleet } from './ipc/fleet.ts'
import { serveMemo } from './ipc/memo.ts'
import { servePlan } from './ipc/plan.ts'
import { makeAnswer } from './ipc/serve.ts'
import { serveSites } from './ipc/sites.ts'
import { serveSources } from './ipc/sources.ts'
import { readMeter } from './meters/read-meter.ts'
import { deviceEgress, feedEgress } from './net/egress.ts'
import { makeDrawRuns } from './planner/draw-runs.ts'
import { type HeardSoFar, remember } from './planner/fleet-now.ts'
import { makeMarketMemory, marketOfFeed, sourceOfFeed } from './planner/market-now.ts'
import { makePlanner } from './planner/reports.ts'
import { makeScenarioReports } from './planner/scenario-report.ts'
import { sourceRows } from './planner/sources.ts'
import { type Schedule, startSchedule } from './poller/schedule.ts'
import { type PollerMemory, sweep } from './poller/sweep.ts'
import { makeSweepWriter } from './poller/sweep-writer.ts'
import { demoFarm, demoSitesAt } from './simulator/demo-farm.ts'
import { startSimulatedFarm } from './simulator/start.ts'
import type { FarmDefinition } from './store/farm.ts'
import type { FeedStatus } from './store/market.ts'
import { openStore, type Store } from './store/open.ts'
import type { SweepBatch, SweepRow } from './store/sweeps.ts'

const POLL_INTERVAL_MS = { farm: MINUTE_MS, demo: 10 * SECOND_MS }
/** A meter answers in one exchange. */
const METER_DEADLINE_MS = 5 * SECOND_MS
/** A burst of documents (a backfill) is one piece of news for the window. */
const MARKET_NOTICE_MS = 500

export type Engine = {
  answer<Q extends EngineQuestion>(q: Q, input: unknown): Promise<Result<OutputOf<Q>>>
  onNotice(listener: (n: Notice, payload: unknown) => void): () => void
  /** Each sweep once it is on the disk. */
  onSweep(listener: (s: SweepRow) => void): () => void
  /** The first sweep of this run was made (and written, where the disk takes it). */
  firstSweep: Promise<void>
  /** Every market source was asked once, and what it said is stored. */
  marketReady: Promise<void>
  /** Every market source has read what its source still holds of the window. */
  marketCaughtUp: Promise<void>
  stop(): Promise<void>
}

export type EngineOptions = {
  dataDir: string
  demo: boolean
  allowLoopback: boolean
  pollIntervalMs: number | null
  clock: (() => number) | null
  seed: number
  simulatorThread: URL
  log: (line: string) => void
  version: string
  /** Size of the simulated farm; left out: the whole demo. */
  demoMachines?: number
}

export const startEngine = async (o: EngineOptions): Promise<Result<Engine>> => {
  const now = o.clock ?? Date.now
  const opened = openStore({ dataDir: o.dataDir, demo: o.demo, readOnly: false, nowMs: now() })
  if (!opened.ok) return opened
  const store = opened.value
  try {
    const demo = o.demo ? await openDemo(o, store, now) : null
    return ok(await joinParts(o, store, demo, now))
  } catch (error) {
    store.close()
    const message = error instanceof Error ? error.message : String(error)
    o.log(error instanceof Error ? (error.stack ?? message) : message)
    return failed('internal', `Hashyard could not start: ${message}`)
  }
}

type Demo = { marketBase: URL; stop(): Promise<void> }

/** Machines listen on other ports at each start; their ids, and with them their history, stay. */
const openDemo = async (o: EngineOptions, store: Store, now: () => number): Promise<Demo> => {
  const simulated = await startSimulatedFarm({
    threadUrl: o.simulatorThread,
    seed: o.seed,
    clock: o.clock === null ? null : { nowMs: now() },
    ...(o.demoMachines === undefined ? {} : { machines: o.demoMachines }),
  })
  const { places, marketBase, stop } = simulated
  try {
    const farm = { sites: demoSitesAt(now()), machines: demoFarm.machines(places), meters: demoFarm.meters(places) }
    await store.farm.define(farm, now())
    return { marketBase, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const joinParts = async (o: EngineOptions, store: Store, demo: Demo | null, now: () => number): Promise<Engine> => {
  const farm = await store.farm.definition()
  const mode = demo ? 'demo' : farm.sites.length === 0 ? 'empty' : 'farm'
  const pollIntervalMs = o.pollIntervalMs ?? POLL_INTERVAL_MS[store.kind]
  const monotonic = () => performance.now()

  const listeners = new Set<(n: Notice, payload: unknown) => void>()
  const sweepListeners = new Set<(s: SweepRow) => void>()
  const say = <N extends Notice>(n: N, payload: PayloadOf<N>) => {
    for (const listener of listeners) listener(n, payload)
  }
  const tell = (n: 'fleet.changed' | 'market.changed') => say(n, { atMs: now() })

  // What was known before this start is shown with its age until the first sweep.
  const heard: HeardSoFar = {
    machines: await store.sweeps.latestReadings(),
    misses: await store.sweeps.latestMisses(),
    meters: await store.sweeps.latestMeters(farm.meters.map((m) => m.id)),
    meterMisses: await store.sweeps.latestMeterMisses(),
  }
  const market = makeMarketMemory({ store, sites: farm.sites, now })
  await market.loadAll()
  const limitsOf = (feedId: string) => feedRegistry.find((f) => f.id === feedId)?.limits ?? null
  const planner = makePlanner({ farm, heard: () => heard, market: market.now, limitsOf, pollIntervalMs: () => pollIntervalMs, now })

  const draws = makeDrawRuns({
    sources: planner.draws,
    now,
    monotonic,
    onProgress: (siteId, working) => say('plan.drawsProgress', { siteId, working }),
  })
  const scenarios = makeScenarioReports({
    planner,
    market: market.now,
    folder: join(store.folder, 'scenarios'),
    simulated: demo !== null,
  })

  // ---- machines and meters
  let lastSweep = await store.sweeps.last()
  const writer = makeSweepWriter({
    commit: store.sweeps.commit,
    onCommitted: (id, batch) => {
      lastSweep = { id, ...countsOf(batch) }
      for (const listener of sweepListeners) listener(lastSweep)
    },
  })
  const memory: PollerMemory = new Map()
  const egress = deviceEgress({ allows: placesOf(farm), allowLoopback: o.allowLoopback || demo !== null })
  const firstSweep = Promise.withResolvers<void>()
  const runSweep = async (signal: AbortSignal) => {
    const batch = await sweep({
      machines: farm.machines,
      meters: farm.meters,
      memory,
      readMachine: (m, family, stop) =>
        readDevice({
          address: { host: m.address, apiPort: m.apiPort, webPort: m.webPort },
          family,
          egress,
          deadlineMs: DEVICE_DEADLINE_MS,
          now,
          signal: stop,
        }),
      readMeter: (m, stop) =>
        readMeter({
          type: m.type,
          host: m.host,
          port: m.port,
          unitId: m.unitId,
          egress,
          deadlineMs: METER_DEADLINE_MS,
          now,
          signal: stop,
        }),
      deadlineMs: DEVICE_DEADLINE_MS,
      intervalMs: pollIntervalMs,
      now,
      monotonic,
      signal,
    })
    // A sweep that was stopped half-way has not asked everybody: it would count as silence what was never asked.
    if (signal.aborted) return
    remember(heard, batch)
    if (!(await writer.write(batch))) o.log(writer.problem() ?? 'a sweep was not written')
    planner.changed()
    tell('fleet.changed')
  }
  const schedule: Schedule | null =
    mode === 'empty'
      ? null
      : startSchedule({
          everyMs: pollIntervalMs,
          run: (signal) => runSweep(signal).finally(firstSweep.resolve),
          now,
          monotonic,
          random: Math.random,
          onClockJump: (jumpMs) => {
            o.log(`the clock jumped by ${(jumpMs / SECOND_MS).toFixed(1)} s`)
            store.sweeps.noteClockJump(now(), jumpMs).catch((error: unknown) => o.log(`clock jump not stored: ${String(error)}`))
            planner.changed()
          },
          onError: (error) => o.log(`sweep failed: ${error instanceof Error ? error.stack : String(error)}`),
        })
  if (schedule === null) firstSweep.resolve()

  // ---- market
  const stored = new Map((await store.market.statuses()).map((s) => [s.feedId, s]))
  let marketProblem: string | null = null
  let marketNotice: NodeJS.Timeout | undefined
  // Documents are written one after the other, in the order they came.
  let writing: Promise<void> = Promise.resolve()
  const afterWrites = (work: () => Promise<void>): Promise<void> => {
    writing = writing.then(work).then(
      () => {
        marketProblem = null
      },
      (error: unknown) => {
        marketProblem = `Market data cannot be written (${error instanceof Error ? error.message : String(error)})`
        o.log(marketProblem)
      },
    )
    return writing
  }
  const feeds: FeedPolling | null =
    mode === 'empty'
      ? null
      : startFeedPolling({
          feeds: feedRegistry,
          http: makeFeedHttp({
            egress: feedEgress({ hosts: feedHosts, allowLoopback: demo !== null }),
            ...(demo === null ? {} : { baseFor: (host: string) => new URL(`/${host}`, demo.marketBase) }),
            now,
            random: Math.random,
            userAgent: `Hashyard/${o.version}`,
          }),
          locations: (feedId) => [
            ...new Set(
              farm.sites.flatMap(({ settlement: s }) =>
                s !== null && (s.realTimeFeed === feedId || s.dayAheadFeed === feedId) ? [s.location] : [],
              ),
            ),
          ],
          have: (feedId, location, startMs) => {
            const marketName = marketOfFeed(farm.sites, feedId)
            return (
              marketName !== null &&
              market
                .now()
                .series({ source: sourceOfFeed(feedId), location, market: marketName })
                .starts.has(startMs)
            )
          },
          onDocument: (feedId, document, fetchedAtMs) =>
            afterWrites(async () => {
              await store.market.append(document, fetchedAtMs)
              await saveStatus(feedId)
              await market.reload(feedId, document)
              marketNotice ??= setTimeout(() => {
                marketNotice = undefined
                planner.changed()
                tell('market.changed')
              }, MARKET_NOTICE_MS)
            }),
          onFailure: (feedId, failure) => {
            o.log(`${feedId}: ${failure.message}`)
            void afterWrites(() => saveStatus(feedId))
          },
          now,
          random: Math.random,
          setTimer: (ms, work) => {
            const timer = setTimeout(work, ms)
            return () => clearTimeout(timer)
          },
        })
  const feedStatus = (feedId: string): FeedStatus | null => {
    const before = stored.get(feedId) ?? null
    const s = feeds?.status().find((f) => f.id === feedId)
    return s
      ? {
          feedId,
          lastTryMs: before?.lastTryMs ?? s.lastGoodMs,
          lastGoodMs: s.lastGoodMs ?? before?.lastGoodMs ?? null,
          nextTryMs: s.nextTryMs,
          failuresInARow: s.failuresInARow,
          lastError: s.lastError,
          coverage: s.coverage ?? before?.coverage ?? null,
        }
      : before
  }
  const saveStatus = async (feedId: string) => {
    const s = feedStatus(feedId)
    if (s) await store.market.saveStatus({ ...s, lastTryMs: now() })
  }

  const sources = () => {
    const wanted = new Set(feeds?.status().flatMap((s) => (s.wanted ? [s.id] : [])) ?? [])
    return sourceRows({
      farm,
      feeds: feedRegistry.filter((f) => wanted.has(f.id)),
      feedStatus,
      heard,
      pollIntervalMs,
      nextSweepMs: schedule?.nextAtMs() ?? null,
      nowMs: now(),
    })
  }

  const answer = makeAnswer(
    {
      'app.status': async () =>
        ok(
          AppStatus.parse({
            mode,
            version: o.version,
            nowMs: now(),
            dataDir: store.folder,
            lastSweep:
              lastSweep === null
                ? null
                : {
                    startedAtMs: lastSweep.startedAtMs,
                    finishedAtMs: lastSweep.finishedAtMs,
                    reported: lastSweep.reported,
                    machines: lastSweep.machines,
                    intervalMs: lastSweep.intervalMs,
                  },
            meters: { reported: lastSweep?.metersReported ?? 0, configured: farm.meters.length },
            committedSweeps: await store.sweeps.committed(),
            storeProblem: writer.problem() ?? marketProblem,
          }),
        ),
      ...serveSites({ planner }),
      ...servePlan({ draws, scenarios }),
      ...serveFleet({ planner, store, heard: (id) => heard.machines.get(id) ?? null }),
      ...serveSources({
        rows: sources,
        retryFeed: async (id) => {
          const tried = await feeds?.retry(id)
          await writing
          return tried ?? failed('not-supported', 'no source is read while there is no site')
        },
        sweepNow: async () => schedule?.runNow(),
      }),
      ...serveDecisions({ planner, store, now }),
      ...serveMemo({ planner, draws, scenarios, sources, now, version: o.version, demo: demo !== null }),
    },
    o.log,
  )

  const written = async () => {
    await writing
    planner.changed()
  }
  return {
    answer,
    onNotice: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    onSweep: (listener) => {
      sweepListeners.add(listener)
      return () => void sweepListeners.delete(listener)
    },
    firstSweep: firstSweep.promise,
    marketReady: feeds === null ? Promise.resolve() : feeds.firstRound.then(written),
    marketCaughtUp: feeds === null ? Promise.resolve() : feeds.caughtUp.then(written),
    stop: async () => {
      draws.stop()
      scenarios.stop()
      await Promise.all([schedule?.stop(), feeds?.stop()])
      await writing
      clearTimeout(marketNotice)
      await demo?.stop()
      store.close()
    },
  }
}

/** Only the addresses and ports that were entered (threat model E1). */
const placesOf = (farm: FarmDefinition) => {
  const places = new Set<string>()
  for (const m of farm.machines)
    for (const port of [m.apiPort, m.webPort, ...furtherPortsOf(m.family)]) if (port !== null) places.add(`${m.address} ${port}`)
  for (const m of farm.meters) places.add(`${m.host} ${m.port}`)
  return (host: string, port: number) => places.has(`${host} ${port}`)
}

const countsOf = (b: SweepBatch): Omit<SweepRow, 'id'> => ({
  startedAtMs: b.startedAtMs,
  finishedAtMs: b.finishedAtMs,
  intervalMs: b.intervalMs,
  machines: b.machines.length,
  reported: b.machines.filter((m) => 'reading' in m.outcome).length,
  meters: b.meters.length,
  metersReported: b.meters.filter((m) => 'reading' in m.outcome).length,
})
