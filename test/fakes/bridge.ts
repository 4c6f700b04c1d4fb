import type { AppStatus, FleetRow, FleetSortKey, InputOf, Notice, OutputOf, PayloadOf, SourceRow } from '#shared/contract.ts'
import type { SiteReport } from '#shared/decision/site-report.ts'
import { explainFigure } from '#shared/economics/site/explain-site.ts'
import { type SiteReportInput, siteReport } from '#shared/economics/site/site-report.ts'
import { freshnessOf } from '#shared/market/traced.ts'
import { type Failure, failed, ok, type Result } from '#shared/result.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#shared/time.ts'
import type { Bridge } from '../../renderer/api.ts'
import {
  type Ages,
  type FakeMachine,
  fleetRow,
  forwardPrices,
  machines,
  market,
  meterInput,
  powerPrice,
  settledPrices,
  sites,
} from './bridge-farm.ts'
import { fakePlan } from './bridge-plan.ts'

/**
 * window.hashyard without an engine: answers from the invented farm through the real economics. Variants are the states
 * of `ux.md` 4 that a screen must be able to show.
 */
export const variants = ['live', 'stale', 'dead', 'failed', 'empty', 'first-run', 'restarting', 'loading', 'silent'] as const
export type Variant = (typeof variants)[number]

export type FakeBridge = Bridge & { readonly emit: <N extends Notice>(notice: N, payload: PayloadOf<N>) => void; readonly asked: string[] }

const agesOf: Record<Variant, Ages> = {
  live: { btcMs: 40_000, priceMs: 11 * MINUTE_MS, northMs: 8 * MINUTE_MS },
  stale: { btcMs: 5 * MINUTE_MS, priceMs: 12 * MINUTE_MS, northMs: 38 * MINUTE_MS },
  dead: { btcMs: 40_000, priceMs: 74 * MINUTE_MS, northMs: 38 * MINUTE_MS },
  failed: { btcMs: 40_000, priceMs: 11 * MINUTE_MS, northMs: 8 * MINUTE_MS },
  empty: { btcMs: 40_000, priceMs: 11 * MINUTE_MS, northMs: 8 * MINUTE_MS },
  'first-run': { btcMs: 40_000, priceMs: 11 * MINUTE_MS, northMs: 8 * MINUTE_MS },
  restarting: { btcMs: 40_000, priceMs: 11 * MINUTE_MS, northMs: 8 * MINUTE_MS },
  loading: { btcMs: 40_000, priceMs: 11 * MINUTE_MS, northMs: 8 * MINUTE_MS },
  silent: { btcMs: 40_000, priceMs: 11 * MINUTE_MS, northMs: 8 * MINUTE_MS },
}

const inputOf = (
  siteId: string,
  list: readonly FakeMachine[],
  nowMs: number,
  variant: Variant,
  overrides: InputOf<'plan.conversion'>['overrides'],
): SiteReportInput => {
  const site = sites.find((s) => s.id === siteId)
  if (!site) throw new Error(`no site ${siteId}`)
  const ages = agesOf[variant]
  const own = list.filter((m) => m.siteId === siteId)
  const now = own.map(({ siteId: _s, name: _n, address: _a, family: _f, tempC: _t, ...m }) =>
    variant === 'silent'
      ? { ...m, state: 'unknown' as const, hashrateThs: null, powerW: null, powerSource: null, observedAtMs: null, reason: 'No answer yet' }
      : m,
  )
  return {
    site,
    machines: now,
    market: market(nowMs, ages),
    price: powerPrice(site, nowMs, ages),
    forward: site.settlement ? forwardPrices(siteId, nowMs, 30) : [],
    meter: meterInput(site, own, nowMs),
    powerHistory: {
      prices: site.settlement ? settledPrices(siteId, nowMs - 30 * DAY_MS, nowMs) : [],
      source: site.settlement ? `${site.settlement.label}, last 30 days` : 'Contract',
    },
    overrides: Object.fromEntries(Object.entries(overrides).filter(([, v]) => v !== undefined)),
    nowMs,
    pollIntervalMs: 30_000,
  }
}
const reportOf = (...of: Parameters<typeof inputOf>): SiteReport => siteReport(inputOf(...of))

const compare =
  (key: FleetSortKey) =>
  (a: FleetRow, b: FleetRow): number => {
    const pick = (r: FleetRow): string | number | null => (key === 'site' ? r.siteName : r[key])
    const x = pick(a)
    const y = pick(b)
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1
    return typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y))
  }

const matches = (row: FleetRow, filter: string): boolean =>
  filter
    .toLowerCase()
    .split(/\s+/)
    .filter((w) => w !== '')
    .every((word) => {
      const [key = '', value = ''] = word.split(':', 2)
      if (value === '') return `${row.name} ${row.address} ${row.model}`.toLowerCase().includes(word)
      if (key === 'state') return row.state.startsWith(value)
      if (key === 'model') return row.model.toLowerCase().includes(value)
      if (key === 'site') return row.siteName.toLowerCase().includes(value)
      return true
    })

const fleetAnswer = (
  all: readonly FakeMachine[],
  reports: readonly SiteReport[],
  nowMs: number,
  q: InputOf<'fleet.machines'>,
): OutputOf<'fleet.machines'> => {
  const priceOf = (id: string) => reports.find((r) => r.id === id)?.pricePerMwh ?? null
  const rows = all
    .filter((m) => q.site === null || m.siteId === q.site)
    .map((m) => fleetRow(m, priceOf(m.siteId)))
    .filter((r) => matches(r, q.filter))
    .sort((a, b) => compare(q.sort)(a, b) * (q.descending ? -1 : 1))
  const fresh = rows.filter((r) => r.state !== 'stale' && r.state !== 'unknown')
  const sum = (list: readonly FleetRow[], pick: (r: FleetRow) => number | null) => list.reduce((s, r) => s + (pick(r) ?? 0), 0)
  const mw = (list: readonly FleetRow[]) => sum(list, (r) => r.powerW) / 1e6
  const judged = rows.filter((r) => r.marginPerMwh !== null)
  const hashing = fresh.filter((r) => r.efficiencyJth !== null)
  return {
    asOfMs: nowMs,
    rows: rows.slice(q.offset, q.offset + q.limit),
    total: rows.length,
    filterProblem: /temp[<>]?$/.test(q.filter) ? '“temp” needs a comparison, such as temp>75' : null,
    totals: {
      machines: rows.length,
      reported: fresh.length,
      stale: rows.filter((r) => r.state === 'stale').length,
      neverHeard: rows.filter((r) => r.state === 'unknown').length,
      hashratePhs: fresh.length === 0 ? null : sum(fresh, (r) => r.hashrateThs) / 1000,
      powerMw: fresh.length === 0 ? null : mw(fresh),
      estimatedMw: fresh.length === 0 ? null : mw(fresh.filter((r) => r.powerSource === 'nameplate' || r.powerSource === 'estimated')),
      efficiencyJth: hashing.length === 0 ? null : sum(hashing, (r) => r.powerW) / sum(hashing, (r) => r.hashrateThs),
      nameplatePhs:
        rows.length === 0
          ? null
          : sum(
              all.filter((m) => rows.some((r) => r.id === m.id)).map((m) => ({ ...fleetRow(m, null), hashrateThs: m.nameplateThs })),
              (r) => r.hashrateThs,
            ) / 1000,
      staleMw: mw(rows.filter((r) => r.state === 'stale')),
      protectedMw: mw(rows.filter((r) => r.curtailment === 'protected')),
      uneconomicMw: judged.length === 0 ? null : mw(judged.filter((r) => (r.marginPerMwh ?? 0) < 0)),
      judgedMw: mw(judged),
    },
  }
}

const sourceRows = (nowMs: number, variant: Variant, list: readonly FakeMachine[]): SourceRow[] => {
  const ages = agesOf[variant]
  const row = (
    id: string,
    purpose: string,
    ageMs: number | null,
    stale: number,
    dead: number,
    more: Partial<SourceRow> = {},
  ): SourceRow => {
    const lastGoodMs = ageMs === null ? null : nowMs - ageMs
    const limits = { staleAfterMs: stale * MINUTE_MS, deadAfterMs: dead * MINUTE_MS }
    return {
      id,
      purpose,
      kind: 'feed',
      licence: 'Public, with attribution',
      lastGoodMs,
      nextTryMs: nowMs + 45_000,
      failuresInARow: 0,
      lastError: null,
      limits,
      freshness: freshnessOf(lastGoodMs, limits, nowMs),
      coverage: null,
      ...more,
    }
  }
  const broken = (ageMs: number, limit: number) =>
    ageMs > limit * MINUTE_MS
      ? { failuresInARow: 8, lastError: 'A web page arrived in place of the CSV file', nextTryMs: nowMs + 4 * MINUTE_MS }
      : {}
  return [
    row('ercot.real-time', 'Power price, ERCOT LZ_WEST, 15 min', ages.priceMs, 25, 60, {
      ...broken(ages.priceMs, 25),
      coverage: '92 of 96 intervals',
    }),
    row('ercot.day-ahead', 'Power price ahead, ERCOT LZ_WEST, hourly', 4 * 60 * MINUTE_MS, 1440, 2160, { coverage: '24 of 24 intervals' }),
    row('nyiso.real-time', 'Power price, NYISO NORTH, 5 min', ages.northMs, 25, 60, broken(ages.northMs, 25)),
    row('nyiso.day-ahead', 'Power price ahead, NYISO NORTH, hourly', 6 * 60 * MINUTE_MS, 1440, 2160, { coverage: '24 of 24 intervals' }),
    row('coinbase.spot', 'BTC price', ages.btcMs, 3, 15),
    row('kraken.spot', 'BTC price', ages.btcMs + 9_000, 3, 15),
    row('bitstamp.spot', 'BTC price', null, 3, 15, {
      failuresInARow: 3,
      lastError: 'No answer within 10 s',
      nextTryMs: nowMs + 2 * MINUTE_MS,
    }),
    row('mempool.difficulty-adjustment', 'Difficulty and next retarget', 4 * MINUTE_MS, 30, 1440),
    row('mempool.reward-stats', 'Fees of the last 144 blocks', 22 * MINUTE_MS, 120, 1440),
    ...sites.flatMap((s): SourceRow[] => {
      const own = list.filter((m) => m.siteId === s.id)
      const heard = own.filter((m) => m.state !== 'stale' && m.state !== 'unknown').length
      return [
        row(`devices.${s.id}`, `Machines at ${s.name}`, 18_000, 1.5, 5, {
          kind: 'devices',
          licence: 'Own machines',
          coverage: `${heard} of ${own.length} machines reported`,
          lastError: heard < own.length ? `${own.length - heard} machines: no answer within 5 s` : null,
        }),
        row(`meter.${s.id}`, `Revenue meter at ${s.name}`, 12_000, 1.5, 5, { kind: 'meter', licence: 'Own meter' }),
      ]
    }),
  ]
}

const memoHtml = (names: string) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Memo</title><style>
html{background:#F1F3F5}body{margin:0;padding:24px 0;font:400 11pt/15pt "IBM Plex Sans",sans-serif;color:#12161C}
.sheet{width:8.5in;min-height:11in;box-sizing:border-box;margin:0 auto 24px;padding:.8in .9in;background:#fff;outline:1px solid #B9C0C9}
h1{font-size:21pt;line-height:27pt;font-weight:500}.big{font-size:48pt;line-height:45pt;font-weight:500;margin:24pt 0}</style></head>
<body><section class="sheet" data-section="decision"><h1 class="title">Run each block at ${names} while the power price is below its break-even</h1><div class="big">$4.85M</div><p>Sample page of the fake bridge.</p></section>
<section class="sheet" data-section="numbers"><h2 class="title">The numbers</h2><p>Second page.</p></section></body></html>`

export const makeFakeBridge = (o: { variant?: Variant; nowMs?: () => number } = {}): FakeBridge => {
  const variant = o.variant ?? 'live'
  const clock = o.nowMs ?? Date.now
  const bootMs = clock()
  const listeners = new Map<Notice, Set<(payload: never) => void>>()
  const asked: string[] = []
  const records: OutputOf<'decision.list'> = [
    {
      id: 2,
      siteId: 'toyah-basin',
      atMs: bootMs - 5 * HOUR_MS,
      action: 'curtailed',
      mw: 0.72,
      reason: 'price spike',
      advice: 'Curtail the S19j Pro block.',
      marginPerMwh: -12.4,
      pricePerMwh: 58.1,
    },
    {
      id: 1,
      siteId: 'raquette-falls',
      atMs: bootMs - 9 * HOUR_MS,
      action: 'ran',
      mw: null,
      reason: '',
      advice: 'Run.',
      marginPerMwh: 41.2,
      pricePerMwh: 24.5,
    },
  ]
  let mode: AppStatus['mode'] = variant === 'first-run' ? 'empty' : 'demo'
  const broken: Failure = { kind: 'timeout', message: 'The engine did not answer within 5 s' }
  const world = () => {
    const nowMs = clock()
    const list = variant === 'empty' ? [] : machines(nowMs)
    return { nowMs, list, reports: variant === 'empty' ? [] : sites.map((s) => reportOf(s.id, list, nowMs, variant, {})) }
  }
  const answer = <T>(question: string, make: () => T): Promise<Result<T>> => {
    asked.push(question)
    if (variant === 'loading' && !question.startsWith('shell.')) return new Promise(() => {})
    if (variant === 'failed' && !question.startsWith('shell.') && question !== 'app.status')
      return Promise.resolve({ ok: false, failure: broken })
    return Promise.resolve(ok(make()))
  }
  const emit = <N extends Notice>(notice: N, payload: PayloadOf<N>) => {
    for (const listener of listeners.get(notice) ?? []) (listener as (p: PayloadOf<N>) => void)(payload)
  }
  const on =
    <N extends Notice>(notice: N) =>
    (listener: (payload: PayloadOf<N>) => void) => {
      const set = listeners.get(notice) ?? new Set()
      listeners.set(notice, set)
      set.add(listener)
      return () => set.delete(listener)
    }
  const plan = fakePlan({ inputOf: (site, overrides) => inputOf(site, world().list, clock(), variant, overrides), clock, answer, emit })
  const swept = (nowMs: number) => nowMs - 8_000

  const ask: Bridge['ask'] = {
    'app.status': () =>
      answer('app.status', () => {
        const { nowMs, list } = world()
        const reported = list.filter((m) => m.state !== 'stale' && m.state !== 'unknown').length
        return {
          mode,
          version: '0.1.0',
          nowMs,
          dataDir: '/home/desk/.config/hashyard/demo',
          lastSweep: { startedAtMs: swept(nowMs) - 3_000, finishedAtMs: swept(nowMs), reported, machines: list.length, intervalMs: 30_000 },
          meters: { reported: 3, configured: 3 },
          committedSweeps: 1284,
          storeProblem: null,
        }
      }),
    'sites.report': () =>
      answer('sites.report', () => {
        const { nowMs, reports } = world()
        const m = market(nowMs, agesOf[variant])
        return { asOfMs: nowMs, sites: reports, inputs: [m.btcPrice, m.difficulty, m.feesPerBlock] }
      }),
    'prices.series': ({ site, fromMs, toMs }) =>
      answer('prices.series', () => {
        const s = sites.find((x) => x.id === site)
        const nowMs = clock()
        const ages = agesOf[variant]
        const ageMs = site === 'raquette-falls' ? ages.northMs : ages.priceMs
        return {
          siteId: site,
          label: s?.settlement?.label ?? 'Fuel and upkeep',
          timeZone: s?.timeZone ?? 'UTC',
          source: s?.contractOrigin.source ?? '',
          settled: s?.settlement ? settledPrices(site, fromMs, Math.min(toMs, nowMs - ageMs)) : [],
          forward: s?.settlement ? forwardPrices(site, fromMs, Math.ceil((toMs - fromMs) / HOUR_MS)) : [],
          flatPerMwh: s?.contract.type === 'fixed' ? s.contract.tariffPerMwh : null,
        }
      }),
    'fleet.machines': (q) =>
      answer('fleet.machines', () => {
        const { nowMs, list, reports } = world()
        return fleetAnswer(list, reports, nowMs, q)
      }),
    'fleet.machine': ({ id }) => {
      const { nowMs, list, reports } = world()
      const m = list.find((x) => x.id === id)
      if (!m) return Promise.resolve(failed('not-found', `There is no machine ${id}`))
      return answer('fleet.machine', () => ({
        machine: {
          id: m.id,
          siteId: m.siteId,
          name: m.name,
          rack: m.id.slice(3, 6),
          position: Number(m.id.slice(-3)),
          address: m.address,
          apiPort: 4028,
          webPort: m.family === 'antminer' ? 80 : null,
          family: m.family,
          model: m.model,
          nameplateThs: m.nameplateThs,
          nameplateW: m.nameplateW,
          curtailment: m.curtailment,
        },
        row: fleetRow(m, reports.find((r) => r.id === m.siteId)?.pricePerMwh ?? null),
        firmwareVersion: m.observedAtMs === null ? null : '2026.08.1',
        mac: '02:00:5e:10:4a:1f',
        serial: null,
        fansRpm: m.observedAtMs === null ? [] : [5840, 5910, 5880, 5790],
        boardTempsC: m.tempC === null ? [] : [m.tempC - 6, m.tempC - 4, m.tempC - 5],
        chipTempsC: m.tempC === null ? [] : [m.tempC - 1, m.tempC, m.tempC - 2],
        uptimeS: m.observedAtMs === null ? null : 412_300,
        pools: [{ url: 'stratum+tcp://pool.invalid:3333', alive: true }],
        problems: m.state === 'degraded' ? [{ field: 'chain_rate[2]', reason: 'board answers with no hashrate', raw: '"0.00"' }] : [],
        history: Array.from({ length: 48 }, (_, i) => ({
          observedAtMs: nowMs - (47 - i) * 30 * MINUTE_MS,
          hashrateThs: i > 20 && i < 24 ? null : m.hashrateThs === null ? null : m.hashrateThs * (0.97 + ((i * 37) % 11) / 180),
          powerW: m.powerW,
          state: m.state,
        })),
      }))
    },
    'figures.explain': ({ site, figure, overrides }) =>
      answer('figures.explain', () => {
        const { nowMs, list } = world()
        return explainFigure(inputOf(site, list, nowMs, variant, overrides), figure)
      }),
    'plan.conversion': ({ site, overrides }) =>
      answer('plan.conversion', () => reportOf(site, world().list, clock(), variant, overrides).ai),
    ...plan,
    'sources.list': () =>
      answer('sources.list', () => {
        const { nowMs, list } = world()
        return sourceRows(nowMs, variant, list)
      }),
    'sources.retry': ({ id }) => {
      const { nowMs, list } = world()
      const row = sourceRows(nowMs, variant, list).find((r) => r.id === id)
      return row ? answer('sources.retry', () => row) : Promise.resolve(failed('not-found', `There is no source ${id}`))
    },
    'decision.record': ({ site, action, mw, reason }) =>
      answer('decision.record', () => {
        const report = world().reports.find((r) => r.id === site)
        const record = {
          id: records.length + 1,
          siteId: site,
          atMs: clock(),
          action,
          mw,
          reason,
          advice: report?.recommendation.headline ?? '',
          marginPerMwh: report?.marginPerMwh ?? null,
          pricePerMwh: report?.pricePerMwh ?? null,
        }
        records.unshift(record)
        return record
      }),
    'decision.list': ({ limit }) => answer('decision.list', () => records.slice(0, limit)),
    'memo.document': ({ sites: ids }) =>
      answer('memo.document', () => ({
        memoId: 'HY-2026-4F09A1',
        inputHash: '7c1e94b2a0f36d18',
        title: 'Run each block while the price is below its break-even',
        suggestedName: 'hashyard-memo.pdf',
        html: memoHtml(ids.length === 1 ? (sites.find((s) => s.id === ids[0])?.name ?? '') : 'all three sites'),
      })),
    'shell.about': () =>
      answer('shell.about', () => ({
        version: '0.1.0',
        runtime: 'chromium-host' as const,
        runtimeVersion: '1',
        chromiumVersion: '140.0.0.0',
        sandbox: 'The page runs in Chromium’s sandbox; this host has no process sandbox of its own.',
        limits: ['No tray', 'No encrypted key store'],
      })),
    'shell.engine': () =>
      answer('shell.engine', () => ({
        state: variant === 'restarting' ? ('restarting' as const) : ('running' as const),
        sinceMs: variant === 'restarting' ? clock() - 9_000 : bootMs - HOUR_MS,
        message: null,
      })),
    'shell.openDemo': () => {
      mode = 'demo'
      return answer('shell.openDemo', () => ({}))
    },
    'shell.closeDemo': () => {
      mode = 'empty'
      const done = answer('shell.closeDemo', () => ({}))
      emit('engine.changed', { state: 'running', sinceMs: clock(), message: null })
      return done
    },
    'memo.export': () => answer('memo.export', () => ({ path: '/home/desk/Documents/hashyard-memo.pdf', pages: 6, bytes: 184_320 })),
  }
  return {
    ask,
    on: {
      'fleet.changed': on('fleet.changed'),
      'market.changed': on('market.changed'),
      'plan.drawsProgress': on('plan.drawsProgress'),
      'engine.changed': on('engine.changed'),
    },
    emit,
    asked,
  }
}
