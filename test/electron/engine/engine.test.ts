import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Engine, startEngine } from '#electron/engine.ts'
import { simulatorThread } from '#electron/installation.ts'
import { contract, type EngineQuestion, type OutputOf } from '#shared/contract.ts'

const MACHINES = 14
/** A day on which none of these machines is in a spell of trouble; the engine's clock runs on from there. */
const STARTED_AT = Date.UTC(2026, 10, 24, 18, 0)
let dir = ''
let engine: Engine
const notices: string[] = []
const log: string[] = []
const began = performance.now()
const clock = () => STARTED_AT + Math.round(performance.now() - began)

const start = (dataDir: string, demo: boolean) =>
  startEngine({
    dataDir,
    demo,
    allowLoopback: true,
    pollIntervalMs: 1_000,
    clock,
    seed: 7,
    simulatorThread: simulatorThread(),
    log: (line) => log.push(line),
    version: '0.0.0-test',
    demoMachines: MACHINES,
  })
/** Asks, and holds the answer against the schema that the window will hold it against. */
const ask = async <Q extends EngineQuestion>(q: Q, input: unknown): Promise<OutputOf<Q>> => {
  const result = await engine.answer(q, input)
  if (!result.ok) throw new Error(`${q}: ${result.failure.message}`)
  const parsed = contract[q].output.safeParse(result.value)
  if (!parsed.success) throw new Error(`${q} does not fit the contract: ${parsed.error.message}`)
  return result.value
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'hashyard-engine-'))
  const started = await start(dir, true)
  if (!started.ok) throw new Error(started.failure.message)
  engine = started.value
  engine.onNotice((n) => notices.push(n))
  await Promise.all([engine.firstSweep, engine.marketReady])
})
afterAll(async () => {
  await engine.stop()
  rmSync(dir, { recursive: true, force: true })
})

test('from sockets to advice: three sites with break-even, price, margin and a recommendation with its reason', async () => {
  const { sites } = await ask('sites.report', {})
  expect(sites.map((s) => s.id)).toEqual(['toyah-basin', 'raquette-falls', 'little-muddy'])
  for (const site of sites) {
    expect(site.breakEvenPowerPerMwh).toBeGreaterThan(0)
    expect(site.pricePerMwh).not.toBeNull()
    expect(site.marginPerMwh).toBeCloseTo((site.breakEvenPowerPerMwh ?? 0) - (site.pricePerMwh ?? 0), 9)
    expect(['run', 'curtail']).toContain(site.recommendation.action)
    expect(site.recommendation.reason).toMatch(/\$/)
    expect(site.meterPowerMw).toBeGreaterThan(0)
    expect(site.coverage.machines).toBeGreaterThan(0)
  }
  expect(sites.reduce((n, s) => n + s.coverage.machines, 0)).toBe(MACHINES)
  // The flare-gas site is no data centre: its gate says why, and no figure is given.
  expect(sites[2]?.ai).toMatchObject({ verdict: 'DO_NOT_CONVERT', figures: null })
  expect(sites[0]?.ai.figures?.npvUsd).toBeTypeOf('number')
})

test('the status says that this is a demo, and counts what is on the disk', async () => {
  const status = await ask('app.status', {})
  expect(status).toMatchObject({ mode: 'demo', version: '0.0.0-test', storeProblem: null, dataDir: join(dir, 'demo') })
  expect(status.lastSweep).toMatchObject({ machines: MACHINES, intervalMs: 1_000 })
  expect(status.meters.configured).toBe(3)
  const db = new Database(join(dir, 'demo', 'telemetry.db'), { readonly: true })
  expect(db.prepare('SELECT count(*) FROM sweep').pluck().get()).toBeGreaterThanOrEqual(status.committedSweeps)
  db.close()
})

test('every machine is a row; sums name their denominators; a page is a window of the sorted whole', async () => {
  const all = await ask('fleet.machines', { site: null, filter: '', sort: 'breakEvenPerMwh', descending: true, offset: 0, limit: 500 })
  expect(all.total).toBe(MACHINES)
  expect(all.totals.machines).toBe(MACHINES)
  expect(all.totals.reported + all.totals.stale + all.totals.neverHeard).toBe(MACHINES)
  const known = all.rows.map((r) => r.breakEvenPerMwh).filter((x) => x !== null)
  expect(known).toEqual([...known].sort((a, b) => b - a))
  // Unknown comes last.
  expect(all.rows.slice(known.length).every((r) => r.breakEvenPerMwh === null)).toBe(true)
  const page = await ask('fleet.machines', { site: null, filter: '', sort: 'breakEvenPerMwh', descending: true, offset: 3, limit: 4 })
  expect(page.rows.map((r) => r.id)).toEqual(all.rows.slice(3, 7).map((r) => r.id))
  const one = await ask('fleet.machines', {
    site: 'little-muddy',
    filter: 'model:A1246 power>0',
    sort: 'name',
    descending: false,
    offset: 0,
    limit: 50,
  })
  expect(one.rows.length).toBeGreaterThan(0)
  expect(one.rows.every((r) => r.siteId === 'little-muddy' && r.model.includes('A1246'))).toBe(true)
})

test('one machine shows what it said, and its history grows', async () => {
  const { rows } = await ask('fleet.machines', {
    site: null,
    filter: 'state:hashing',
    sort: 'name',
    descending: false,
    offset: 0,
    limit: 1,
  })
  const detail = await ask('fleet.machine', { id: rows[0]?.id })
  expect(detail.row.hashrateThs).toBeGreaterThan(0)
  expect(detail.history.length).toBeGreaterThan(0)
  expect(detail.fansRpm.length + detail.chipTempsC.length + detail.boardTempsC.length).toBeGreaterThan(0)
})

test('prices are settled behind now and forward ahead of it; an off-grid site has a flat one', async () => {
  const nowMs = clock()
  const west = await ask('prices.series', { site: 'toyah-basin', fromMs: nowMs - 7_200_000, toMs: nowMs + 7_200_000 })
  expect(west.settled.length).toBeGreaterThan(0)
  expect(west.settled.every((p) => p.startMs <= nowMs)).toBe(true)
  expect(west.forward.length).toBeGreaterThan(0)
  expect(west.forward.every((p) => p.endMs > nowMs)).toBe(true)
  expect(west.flatPerMwh).toBeNull()
  const flare = await ask('prices.series', { site: 'little-muddy', fromMs: nowMs - 1, toMs: nowMs })
  expect(flare).toMatchObject({ settled: [], forward: [], flatPerMwh: 18 })
})

test('a higher lease makes the conversion worth more, and is marked as overridden', async () => {
  const at = async (overrides: object) => ask('plan.conversion', { site: 'toyah-basin', overrides })
  const base = await at({})
  const dearer = await at({ leasePerKwMonthUsd: 400 })
  expect(dearer.figures?.npvUsd ?? Number.NaN).toBeGreaterThan(base.figures?.npvUsd ?? Number.NaN)
  expect(dearer.assumptions.find((a) => a.id === 'leasePerKwMonthUsd')).toMatchObject({ value: 400, overridden: true })
  expect(base.assumptions.some((a) => a.overridden)).toBe(false)
})

test('every source is listed with its age; a try by hand asks it again', async () => {
  const rows = await ask('sources.list', {})
  expect(rows.map((r) => r.id)).toEqual(
    expect.arrayContaining([
      'coinbase.spot',
      'mempool.difficulty-adjustment',
      'ercot.real-time',
      'nyiso.real-time',
      'devices:toyah-basin',
      'meter:toyah-basin-main',
    ]),
  )
  const spot = rows.find((r) => r.id === 'kraken.spot')
  expect(spot).toMatchObject({ freshness: 'fresh', failuresInARow: 0, lastError: null })
  const retried = await ask('sources.retry', { id: 'kraken.spot' })
  expect(retried.lastGoodMs ?? 0).toBeGreaterThanOrEqual(spot?.lastGoodMs ?? Number.NaN)
})

test('what the operator did is recorded with the advice of that moment', async () => {
  const report = (await ask('sites.report', {})).sites[0]
  const record = await ask('decision.record', { site: 'toyah-basin', action: 'ignored', mw: null, reason: 'crew on site' })
  expect(record.pricePerMwh).toBe(report?.pricePerMwh)
  expect(record.advice).toContain(report?.recommendation.headline)
  expect((await ask('decision.list', { limit: 5 }))[0]).toEqual(record)
})

test('a bad question names its field; a site that is not there is not found', async () => {
  expect(
    await engine.answer('fleet.machines', { site: null, filter: '', sort: 'name', descending: false, offset: -1, limit: 10 }),
  ).toMatchObject({
    ok: false,
    failure: { kind: 'invalid-input', field: 'offset' },
  })
  expect(await engine.answer('plan.conversion', { site: 'toyah-basin', overrides: { pue: 0.5 } })).toMatchObject({
    ok: false,
    failure: { kind: 'invalid-input', field: 'overrides.pue' },
  })
  expect(await engine.answer('plan.conversion', { site: 'atlantis', overrides: {} })).toMatchObject({
    ok: false,
    failure: { kind: 'not-found', field: 'site' },
  })
  expect(await engine.answer('app.status', { extra: 1 })).toMatchObject({ ok: false, failure: { kind: 'invalid-input' } })
})

test('an answer is there in 50 ms', async () => {
  await ask('sites.report', {})
  const startedAt = performance.now()
  await engine.answer('sites.report', {})
  await engine.answer('fleet.machines', { site: null, filter: 'temp>10', sort: 'tempC', descending: true, offset: 0, limit: 100 })
  expect(performance.now() - startedAt).toBeLessThan(50)
})

test('a disk that refuses is said in the status; polling goes on and what waited is written afterwards', async () => {
  const committed = (await ask('app.status', {})).committedSweeps
  const db = new Database(join(dir, 'demo', 'telemetry.db'))
  const until = async (done: (s: OutputOf<'app.status'>) => boolean) => {
    for (let i = 0; i < 150; i++) {
      const status = await ask('app.status', {})
      if (done(status)) return status
      await new Promise((tick) => setTimeout(tick, 100))
    }
    throw new Error('it did not come to pass within 15 s')
  }
  // SQLite's own way to refuse a write: what an operating system says of a full disk reaches us the same way.
  db.exec("CREATE TRIGGER refuse BEFORE INSERT ON sweep BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END")
  try {
    const troubled = await until((s) => s.storeProblem !== null)
    expect(troubled.storeProblem).toMatch(/disk is full.*wait in memory/)
    expect((await ask('sites.report', {})).sites[0]?.hashratePhs).toBeGreaterThan(0)
  } finally {
    db.exec('DROP TRIGGER refuse')
    db.close()
  }
  const healed = await until((s) => s.storeProblem === null)
  expect(healed.committedSweeps).toBeGreaterThan(committed)
  expect(notices).toEqual(expect.arrayContaining(['fleet.changed', 'market.changed']))
})

test('a real farm without a site polls nothing and says so', async () => {
  const empty = await start(join(dir, 'real'), false)
  if (!empty.ok) throw new Error(empty.failure.message)
  try {
    await empty.value.firstSweep
    expect(await empty.value.answer('app.status', {})).toMatchObject({
      ok: true,
      value: { mode: 'empty', lastSweep: null, committedSweeps: 0 },
    })
    expect(await empty.value.answer('sites.report', {})).toMatchObject({ ok: true, value: { sites: [] } })
    expect(await empty.value.answer('sources.list', {})).toEqual({ ok: true, value: [] })
    expect(await empty.value.answer('memo.document', { sites: [], overrides: {} })).toMatchObject({
      ok: false,
      failure: { kind: 'not-found' },
    })
  } finally {
    await empty.value.stop()
  }
})
