import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore, type Store } from '#electron/store/open.ts'
import { failed } from '#shared/result.ts'
import { batch, machine, reading, site } from './sample.ts'

let dir = ''
let store: Store
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'hashyard-sweeps-'))
  const result = openStore({ dataDir: dir, demo: true, readOnly: false, nowMs: 1 })
  if (!result.ok) throw new Error(result.failure.message)
  store = result.value
  await store.farm.define({ sites: [site], machines: [machine('a'), machine('b')], meters: [] }, 1)
})
afterEach(() => {
  store.close()
  rmSync(dir, { recursive: true, force: true })
})
const telemetry = () => new Database(join(dir, 'demo', 'telemetry.db'))
const silent = { failure: failed('timeout', 'no answer within 5 s').failure }

test('a sweep holds a reading or a reason for every machine, and its site’s totals', async () => {
  const id = await store.sweeps.commit(batch(10_000, { a: { reading: reading(10_100) }, b: silent }))
  const db = telemetry()
  expect(db.prepare('SELECT machines, reported FROM sweep WHERE id = ?').get(id)).toEqual({ machines: 2, reported: 1 })
  expect(
    db
      .prepare(
        'SELECT machine_id, hashrate_ths, power_w, power_source, temp_c, observed_at_ms, received_at_ms, source, quality FROM reading',
      )
      .all(),
  ).toEqual([
    {
      machine_id: 'a',
      hashrate_ths: 200,
      power_w: 3500,
      power_source: 'reported',
      temp_c: 74,
      observed_at_ms: 10_100,
      received_at_ms: 10_500,
      source: 'antminer cgminer',
      quality: 'reported',
    },
  ])
  expect(db.prepare('SELECT machine_id, kind, message FROM miss').all()).toEqual([
    { machine_id: 'b', kind: 'timeout', message: 'no answer within 5 s' },
  ])
  expect(db.prepare('SELECT site_id, machines, reported, hashrate_ths, power_w, power_known FROM site_sweep').all()).toEqual([
    { site_id: 'north', machines: 2, reported: 1, hashrate_ths: 200, power_w: 3500, power_known: 1 },
  ])
  db.close()
})

test('what a machine did not say is NULL in the file, never 0', async () => {
  await store.sweeps.commit(
    batch(10_000, {
      a: { reading: reading(10_100, { hashrateThs: null, wattageW: null, wattageSource: null, allTempsC: [], uptimeS: null }) },
    }),
  )
  const db = telemetry()
  expect(db.prepare('SELECT hashrate_ths, power_w, power_source, temp_c, uptime_s FROM reading').get()).toEqual({
    hashrate_ths: null,
    power_w: null,
    power_source: null,
    temp_c: null,
    uptime_s: null,
  })
  expect(db.prepare('SELECT hashrate_ths, power_w, power_known FROM site_sweep').get()).toEqual({
    hashrate_ths: null,
    power_w: null,
    power_known: 0,
  })
  db.close()
})

test('one impossible figure costs itself, not the sweep it came with', async () => {
  await store.sweeps.commit(batch(10_000, { a: { reading: reading(10_100, { allTempsC: [900] }) }, b: { reading: reading(10_100) } }))
  const db = telemetry()
  expect(db.prepare('SELECT machine_id, temp_c FROM reading ORDER BY machine_id').all()).toEqual([
    { machine_id: 'a', temp_c: null },
    { machine_id: 'b', temp_c: 74 },
  ])
  db.close()
})

test('a sweep that fails half-way leaves nothing of itself', async () => {
  const twice = batch(10_000, { a: { reading: reading(10_100) } })
  const broken = { ...twice, machines: [...twice.machines, ...twice.machines] } // the same machine twice breaks its key
  await expect(store.sweeps.commit(broken)).rejects.toThrow()
  expect(await store.sweeps.last()).toBeNull()
  expect((await store.sweeps.latestReadings()).size).toBe(0)
})

test('the newest reading of a machine that fell silent stays, with the reason of its silence', async () => {
  await store.sweeps.commit(batch(10_000, { a: { reading: reading(10_100) }, b: silent }))
  await store.sweeps.commit(batch(70_000, { a: silent, b: silent }))
  expect((await store.sweeps.latestReadings()).get('a')).toEqual({ reading: reading(10_100), receivedAtMs: 10_500 })
  expect([...(await store.sweeps.latestMisses()).keys()].sort()).toEqual(['a', 'b'])
  expect((await store.sweeps.latestReadings()).has('b')).toBe(false)
})

test('another MAC address at the same place starts another series', async () => {
  await store.sweeps.commit(batch(10_000, { a: { reading: reading(10_100, { mac: 'AA:00:00:00:00:01' }) } }))
  // The firmware says nothing of its MAC this time: still the same device.
  await store.sweeps.commit(batch(20_000, { a: { reading: reading(20_100) } }))
  expect((await store.sweeps.history('a', 10)).map((p) => p.observedAtMs)).toEqual([10_100, 20_100])
  await store.sweeps.commit(batch(30_000, { a: { reading: reading(30_100, { mac: 'AA:00:00:00:00:02', hashrateThs: 100 }) } }))
  expect(await store.sweeps.history('a', 10)).toEqual([{ observedAtMs: 30_100, hashrateThs: 100, powerW: 3500, state: 'hashing' }])
})

test('raw readings go after two hours of a demo, the totals and the newest reading stay', async () => {
  const hour = 3_600_000
  await store.sweeps.commit(batch(0, { a: { reading: reading(100) }, b: silent }))
  await store.sweeps.commit(batch(hour, { b: { reading: reading(hour) } }))
  await store.sweeps.commit(batch(2 * hour + 1, { b: { reading: reading(2 * hour) } }))
  const db = telemetry()
  expect(db.prepare('SELECT sweep_id FROM reading').pluck().all()).toEqual([2, 3])
  expect(db.prepare('SELECT count(*) FROM miss').pluck().get()).toBe(0)
  expect(db.prepare('SELECT count(*) FROM sweep').pluck().get()).toBe(3)
  expect(db.prepare('SELECT hashrate_ths FROM site_sweep WHERE sweep_id = 1').pluck().get()).toBe(200)
  db.close()
  expect((await store.sweeps.latestReadings()).get('a')?.reading.observedAtMs).toBe(100)
  expect(await store.sweeps.committed()).toBe(3)
})

test('a farm that is entered anew keeps ids and history; a machine that is gone is only marked', async () => {
  await store.sweeps.commit(batch(10_000, { a: { reading: reading(10_100) } }))
  await store.farm.define({ sites: [site], machines: [machine('a', { apiPort: 5001 })], meters: [] }, 2)
  const { machines } = await store.farm.definition()
  expect(machines.map((m) => [m.id, m.apiPort])).toEqual([['a', 5001]])
  expect((await store.sweeps.history('a', 10)).length).toBe(1)
  const db = new Database(join(dir, 'demo', 'farm.db'), { readonly: true })
  expect(db.prepare('SELECT id, removed_at_ms FROM machine ORDER BY id').all()).toEqual([
    { id: 'a', removed_at_ms: null },
    { id: 'b', removed_at_ms: 2 },
  ])
  db.close()
})

test('a recorded decision can be neither changed nor deleted', async () => {
  const record = await store.decisions.record(
    {
      siteId: 'north',
      atMs: 5,
      action: 'curtailed',
      mw: 1.2,
      reason: 'spike',
      advice: 'Curtail 1.2 MW.',
      marginPerMwh: -3.35,
      pricePerMwh: 48.6,
    },
    { inputs: [] },
  )
  const db = new Database(join(dir, 'demo', 'farm.db'))
  expect(() => db.prepare("UPDATE decision_record SET action = 'ran' WHERE id = ?").run(record.id)).toThrow(/append-only/)
  expect(() => db.prepare('DELETE FROM decision_record').run()).toThrow(/append-only/)
  db.close()
  expect(await store.decisions.list(10)).toEqual([record])
})
