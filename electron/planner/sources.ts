/** One row per feed, group of machines and meter: last good, next try, last error in words, coverage (`ux.md` 3.6). */
import type { SourceRow } from '#shared/contract.ts'
import { count } from '#shared/format.ts'
import { freshnessOf } from '#shared/market/traced.ts'
import { telemetryLimits } from '../poller/machine-state.ts'
import type { FarmDefinition } from '../store/farm.ts'
import type { FeedStatus } from '../store/market.ts'
import { type Heard, machineView } from './fleet-now.ts'
import type { Limits } from './inputs.ts'

export type FeedWords = { readonly id: string; readonly purpose: string; readonly licence: string; readonly limits: Limits }

export const sourceRows = (o: {
  farm: FarmDefinition
  feeds: readonly FeedWords[]
  feedStatus: (id: string) => FeedStatus | null
  heard: Heard
  pollIntervalMs: number
  nextSweepMs: number | null
  nowMs: number
}): SourceRow[] => [
  ...o.feeds.map((feed): SourceRow => {
    const s = o.feedStatus(feed.id)
    const lastGoodMs = s?.lastGoodMs ?? null
    return {
      id: feed.id,
      purpose: feed.purpose,
      kind: 'feed',
      licence: feed.licence,
      lastGoodMs,
      nextTryMs: s?.nextTryMs ?? null,
      failuresInARow: s?.failuresInARow ?? 0,
      lastError: s?.lastError ?? null,
      limits: { staleAfterMs: feed.limits.staleAfterMs, deadAfterMs: feed.limits.deadAfterMs },
      freshness: freshnessOf(lastGoodMs, feed.limits, o.nowMs),
      coverage: s?.coverage == null ? null : `${s.coverage.received.toLocaleString('en-US')} of ${count(s.coverage.expected, 'value')}`,
    }
  }),
  ...o.farm.sites.map((site): SourceRow => {
    const machines = o.farm.machines.filter((m) => m.siteId === site.id)
    const views = machines.map((m) => machineView(m, o.heard, o.nowMs, o.pollIntervalMs))
    const heard = views.filter((v) => v.state !== 'stale' && v.state !== 'unknown')
    const times = views.map((v) => v.observedAtMs).filter((t) => t !== null)
    const lastGoodMs = times.length === 0 ? null : Math.max(...times)
    const limits = telemetryLimits(o.pollIntervalMs)
    return {
      id: `devices:${site.id}`,
      purpose: `Machines at ${site.name}`,
      kind: 'devices',
      licence: 'Own devices',
      lastGoodMs,
      nextTryMs: o.nextSweepMs,
      failuresInARow: 0,
      lastError: commonest(machines.map((m) => o.heard.misses.get(m.id)?.failure.message.replace(/^\S+:\d+: /, '') ?? null)),
      limits,
      freshness: freshnessOf(lastGoodMs, limits, o.nowMs),
      coverage: `${heard.length.toLocaleString('en-US')} of ${count(machines.length, 'machine')} reported`,
    }
  }),
  ...o.farm.meters.map((meter): SourceRow => {
    const heard = o.heard.meters.get(meter.id) ?? null
    const miss = o.heard.meterMisses.get(meter.id) ?? null
    const limits = telemetryLimits(o.pollIntervalMs)
    const site = o.farm.sites.find((s) => s.id === meter.siteId)
    return {
      id: `meter:${meter.id}`,
      purpose: `Revenue meter at ${site?.name ?? meter.siteId}`,
      kind: 'meter',
      licence: 'Own device',
      lastGoodMs: heard?.observedAtMs ?? null,
      nextTryMs: o.nextSweepMs,
      failuresInARow: miss === null ? 0 : 1,
      lastError: miss?.failure.message ?? null,
      limits,
      freshness: freshnessOf(heard?.observedAtMs ?? null, limits, o.nowMs),
      coverage: null,
    }
  }),
]

/** "12 machines: no answer within 5 s": the cause that most share, with its count. */
const commonest = (messages: readonly (string | null)[]): string | null => {
  const counts = new Map<string, number>()
  for (const m of messages) if (m !== null) counts.set(m, (counts.get(m) ?? 0) + 1)
  const top = [...counts].sort((a, b) => b[1] - a[1])[0]
  return top ? `${count(top[1], 'machine')}: ${top[0]}` : null
}
