/** The farm as the data folder holds it, without polling: for reports and memos made while another process polls, or none. */
import { join } from 'node:path'
import type { SourceRow } from '#shared/contract.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import { MINUTE_MS } from '#shared/time.ts'
import { feedRegistry } from '../feeds/registry.ts'
import { farmKindIn, openStore } from '../store/open.ts'
import { makeMarketMemory } from './market-now.ts'
import { makePlanner, type Planner } from './reports.ts'
import { makeScenarioReports, type ScenarioReports } from './scenario-report.ts'
import { sourceRows } from './sources.ts'

export type RecordedFarm = {
  readonly demo: boolean
  readonly planner: Planner
  readonly scenarios: ScenarioReports
  sources(): SourceRow[]
  close(): void
}

export const openRecordedFarm = async (o: { dataDir: string; demo: boolean; now: () => number }): Promise<Result<RecordedFarm>> => {
  const kind = o.demo ? 'demo' : farmKindIn(o.dataDir)
  if (kind === null) return failed('not-found', `nothing has been recorded in ${o.dataDir} yet. Try: hashyard demo --data "${o.dataDir}"`)
  const opened = openStore({ dataDir: o.dataDir, demo: kind === 'demo', readOnly: true, nowMs: o.now() })
  if (!opened.ok) return opened
  const store = opened.value
  const farm = await store.farm.definition()
  if (farm.sites.length === 0) {
    store.close()
    return failed('not-found', `there is no site in ${o.dataDir} yet. Try: hashyard demo --data "${o.dataDir}"`)
  }
  const heard = {
    machines: await store.sweeps.latestReadings(),
    misses: await store.sweeps.latestMisses(),
    meters: await store.sweeps.latestMeters(farm.meters.map((m) => m.id)),
    meterMisses: await store.sweeps.latestMeterMisses(),
  }
  const market = makeMarketMemory({ store, sites: farm.sites, now: o.now })
  await market.loadAll()
  const pollIntervalMs = (await store.sweeps.last())?.intervalMs ?? MINUTE_MS
  const statuses = new Map((await store.market.statuses()).map((s) => [s.feedId, s]))
  const planner = makePlanner({
    farm,
    heard: () => heard,
    market: market.now,
    limitsOf: (feedId) => feedRegistry.find((f) => f.id === feedId)?.limits ?? null,
    pollIntervalMs: () => pollIntervalMs,
    now: o.now,
  })
  const scenarios = makeScenarioReports({
    planner,
    market: market.now,
    folder: join(store.folder, 'scenarios'),
    simulated: kind === 'demo',
  })
  return ok({
    demo: kind === 'demo',
    planner,
    scenarios,
    sources: () =>
      sourceRows({
        farm,
        feeds: feedRegistry.filter((f) => statuses.has(f.id)),
        feedStatus: (id) => statuses.get(id) ?? null,
        heard,
        pollIntervalMs,
        nextSweepMs: null,
        nowMs: o.now(),
      }),
    close: () => {
      scenarios.stop()
      store.close()
    },
  })
}
