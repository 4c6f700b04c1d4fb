/**
 * One sweep over the farm is one transaction: the sweep, its totals a site, every reading, every miss, every meter. Either
 * all of it is there after a crash or none (threat model S1). Raw readings are pruned a few sweeps at a time; totals stay.
 */
import type Database from 'better-sqlite3'
import type { MeterReading, Reading } from '#shared/fleet/reading.ts'
import type { Failure } from '#shared/result.ts'
import { queriesOver, runnerOf } from './query.ts'
import { readingFromDocument } from './reading-document.ts'
import type { TelemetryTables } from './tables.ts'

export type SweepBatch = {
  readonly startedAtMs: number
  readonly finishedAtMs: number
  readonly intervalMs: number
  readonly machines: readonly {
    readonly machineId: string
    readonly siteId: string
    readonly receivedAtMs: number
    readonly outcome: { readonly reading: Reading } | { readonly failure: Failure }
  }[]
  readonly meters: readonly {
    readonly meterId: string
    readonly siteId: string
    readonly receivedAtMs: number
    readonly outcome: { readonly reading: MeterReading } | { readonly failure: Failure }
  }[]
}

export type SweepRow = {
  readonly id: number
  readonly startedAtMs: number
  readonly finishedAtMs: number
  readonly intervalMs: number
  readonly machines: number
  readonly reported: number
  readonly meters: number
  readonly metersReported: number
}

export type HeardMachine = {
  readonly reading: Reading
  readonly receivedAtMs: number
}
export type HeardMeter = {
  readonly activePowerW: number | null
  readonly energyImportWh: number | null
  readonly observedAtMs: number
  readonly source: string
}
export type Miss = { readonly failure: Failure; readonly atMs: number }
export type HistoryPoint = { observedAtMs: number; hashrateThs: number | null; powerW: number | null; state: Reading['state'] }

const q = queriesOver<TelemetryTables>()
/** Sweeps whose raw readings one commit may drop: the commit stays short, and two a sweep still catches up. */
const PRUNED_PER_COMMIT = 2

/** The file's own bounds hold for every row of a sweep at once: one impossible figure must cost itself, not the sweep. */
const within = (n: number | null, min: number, max = Number.MAX_VALUE): number | null => (n !== null && n >= min && n <= max ? n : null)

export const hottest = (r: Reading): number | null => (r.allTempsC.length > 0 ? Math.max(...r.allTempsC) : null)

const qualityOfPower = (source: Reading['wattageSource']) =>
  source === 'estimated_by_firmware' ? 'estimated' : source === 'nameplate' ? 'nameplate' : source === 'meter' ? 'measured' : 'reported'

export const sweepStore = (db: Database.Database, o: { keepRawMs: number }) => {
  const run = runnerOf(db)
  const insertReading = db.prepare(
    `INSERT INTO reading (sweep_id, machine_id, identity_id, observed_at_ms, received_at_ms, source, quality, state, hashrate_ths,
       hashrate_avg_ths, power_w, power_source, temp_c, uptime_s) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertMiss = db.prepare('INSERT INTO miss (sweep_id, machine_id, at_ms, kind, message) VALUES (?, ?, ?, ?, ?)')
  const latestIdentity = db.prepare<[string], TelemetryTables['machine_identity'] & { id: number }>(
    'SELECT * FROM machine_identity WHERE machine_id = ? ORDER BY id DESC LIMIT 1',
  )
  const insertIdentity = db.prepare(
    `INSERT INTO machine_identity (machine_id, mac, serial, hostname, family, model, firmware_version, first_seen_ms, last_seen_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const updateIdentity = db.prepare(
    `UPDATE machine_identity SET mac = coalesce(?, mac), serial = coalesce(?, serial), hostname = ?, family = ?, model = coalesce(?, model),
       firmware_version = coalesce(?, firmware_version), last_seen_ms = ? WHERE id = ?`,
  )
  const upsertLatest = db.prepare(
    `INSERT INTO latest_reading (machine_id, sweep_id, identity_id, received_at_ms, document) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (machine_id) DO UPDATE SET sweep_id = excluded.sweep_id, identity_id = excluded.identity_id,
       received_at_ms = excluded.received_at_ms, document = excluded.document`,
  )
  const prunable = db
    .prepare(
      'SELECT id FROM sweep WHERE started_at_ms < ? AND id >= coalesce((SELECT min(sweep_id) FROM reading), 9e15) ORDER BY id LIMIT ?',
    )
    .pluck()
  const dropRaw = [db.prepare('DELETE FROM reading WHERE sweep_id = ?'), db.prepare('DELETE FROM miss WHERE sweep_id = ?')]

  /** A MAC or serial number that contradicts the known one is another device; one that was unknown so far is learned (D12). */
  const identityOf = (machineId: string, r: Reading): number => {
    const known = latestIdentity.get(machineId)
    const contradicts = (a: string | null, b: string | null) => a !== null && b !== null && a !== b
    if (known && !contradicts(known.mac, r.mac) && !contradicts(known.serial, r.serial)) {
      updateIdentity.run(r.mac, r.serial, r.hostname, r.family, r.model, r.firmwareVersion, r.observedAtMs, known.id)
      return known.id
    }
    const { lastInsertRowid } = insertIdentity.run(
      machineId,
      r.mac,
      r.serial,
      r.hostname,
      r.family,
      r.model,
      r.firmwareVersion,
      r.observedAtMs,
      r.observedAtMs,
    )
    return Number(lastInsertRowid)
  }

  const commit = db.transaction((batch: SweepBatch): number => {
    const { lastInsertRowid: sweepId } = run.run(
      q.insertInto('sweep').values({
        started_at_ms: batch.startedAtMs,
        finished_at_ms: batch.finishedAtMs,
        interval_ms: batch.intervalMs,
        machines: batch.machines.length,
        reported: batch.machines.filter((m) => 'reading' in m.outcome).length,
        meters: batch.meters.length,
        meters_reported: batch.meters.filter((m) => 'reading' in m.outcome).length,
      }),
    )
    for (const m of batch.machines) {
      if ('failure' in m.outcome) {
        insertMiss.run(sweepId, m.machineId, m.receivedAtMs, m.outcome.failure.kind, m.outcome.failure.message)
        continue
      }
      const r = m.outcome.reading
      const identityId = identityOf(m.machineId, r)
      insertReading.run(
        sweepId,
        m.machineId,
        identityId,
        r.observedAtMs,
        m.receivedAtMs,
        `${r.family} ${r.protocol}`,
        qualityOfPower(r.wattageSource),
        r.state,
        within(r.hashrateThs, 0),
        within(r.hashrateAvgThs, 0),
        within(r.wattageW, 0),
        r.wattageSource,
        within(hottest(r), -40, 150),
        within(r.uptimeS, 0),
      )
      upsertLatest.run(m.machineId, sweepId, identityId, m.receivedAtMs, JSON.stringify(r))
    }
    for (const m of batch.meters) {
      if ('failure' in m.outcome) {
        run.run(
          q.insertInto('meter_miss').values({
            sweep_id: sweepId,
            meter_id: m.meterId,
            at_ms: m.receivedAtMs,
            kind: m.outcome.failure.kind,
            message: m.outcome.failure.message,
          }),
        )
        continue
      }
      const r = m.outcome.reading
      run.run(
        q.insertInto('meter_reading').values({
          sweep_id: sweepId,
          meter_id: m.meterId,
          observed_at_ms: r.observedAtMs,
          received_at_ms: m.receivedAtMs,
          source: r.model ?? r.type,
          quality: 'measured',
          active_power_w: r.activePowerW,
          reactive_power_var: r.reactivePowerVar,
          apparent_power_va: r.apparentPowerVa,
          voltage_v: r.voltageV,
          current_a: r.currentA,
          frequency_hz: r.frequencyHz,
          energy_import_wh: r.energyImportWh,
        }),
      )
    }
    for (const totals of siteTotals(batch)) run.run(q.insertInto('site_sweep').values({ sweep_id: sweepId, ...totals }))
    for (const old of prunable.all(batch.startedAtMs - o.keepRawMs, PRUNED_PER_COMMIT)) for (const drop of dropRaw) drop.run(old)
    return sweepId
  })

  return {
    /** Throws where the disk refuses; nothing of the sweep is there then. */
    commit: async (batch: SweepBatch): Promise<number> => commit.immediate(batch),

    /** Sweeps ever committed; the ids of AUTOINCREMENT never fall back. */
    committed: async (): Promise<number> => run.first(q.selectFrom('sweep').select((e) => e.fn.max('id').as('newest')))?.newest ?? 0,

    last: async (): Promise<SweepRow | null> => {
      const row = run.first(q.selectFrom('sweep').selectAll().orderBy('id', 'desc').limit(1))
      return row === null
        ? null
        : {
            id: row.id,
            startedAtMs: row.started_at_ms,
            finishedAtMs: row.finished_at_ms,
            intervalMs: row.interval_ms,
            machines: row.machines,
            reported: row.reported,
            meters: row.meters,
            metersReported: row.meters_reported,
          }
    },

    latestReadings: async (): Promise<Map<string, HeardMachine>> => {
      const heard = new Map<string, HeardMachine>()
      for (const row of run.all(q.selectFrom('latest_reading').selectAll())) {
        const reading = readingFromDocument(row.document)
        if (reading) heard.set(row.machine_id, { reading, receivedAtMs: row.received_at_ms })
      }
      return heard
    },

    /** Machines without a reading in the newest sweep, and why. */
    latestMisses: async (): Promise<Map<string, Miss>> => {
      const newest = q.selectFrom('sweep').select((e) => e.fn.max('id').as('id'))
      return missesById(
        run.all(q.selectFrom('miss').select(['machine_id as id', 'kind', 'message', 'at_ms']).where('sweep_id', '=', newest)),
      )
    },

    latestMeters: async (meterIds: readonly string[]): Promise<Map<string, HeardMeter>> => {
      const heard = new Map<string, HeardMeter>()
      for (const id of meterIds) {
        const row = run.first(q.selectFrom('meter_reading').selectAll().where('meter_id', '=', id).orderBy('sweep_id', 'desc').limit(1))
        if (row)
          heard.set(id, {
            activePowerW: row.active_power_w,
            energyImportWh: row.energy_import_wh,
            observedAtMs: row.observed_at_ms,
            source: row.source,
          })
      }
      return heard
    },

    latestMeterMisses: async (): Promise<Map<string, Miss>> => {
      const newest = q.selectFrom('sweep').select((e) => e.fn.max('id').as('id'))
      return missesById(
        run.all(q.selectFrom('meter_miss').select(['meter_id as id', 'kind', 'message', 'at_ms']).where('sweep_id', '=', newest)),
      )
    },

    /** Oldest first; only the device that answers there now, not the one that had the address before. */
    history: async (machineId: string, limit: number): Promise<HistoryPoint[]> => {
      const identity = q
        .selectFrom('machine_identity')
        .select((e) => e.fn.max('id').as('id'))
        .where('machine_id', '=', machineId)
      return run
        .all(
          q
            .selectFrom('reading')
            .select(['observed_at_ms', 'hashrate_ths', 'power_w', 'state'])
            .where('machine_id', '=', machineId)
            .where('identity_id', '=', identity)
            .orderBy('sweep_id', 'desc')
            .limit(limit),
        )
        .map((row) => ({
          observedAtMs: row.observed_at_ms,
          hashrateThs: row.hashrate_ths,
          powerW: row.power_w,
          state: row.state as Reading['state'],
        }))
        .reverse()
    },

    noteClockJump: async (atMs: number, jumpMs: number): Promise<void> => {
      run.run(q.insertInto('clock_jump').values({ at_ms: atMs, jump_ms: Math.round(jumpMs) }))
    },
  }
}

const missesById = (rows: readonly { id: string; kind: string; message: string; at_ms: number }[]): Map<string, Miss> =>
  new Map(rows.map((row) => [row.id, { failure: { kind: row.kind as Failure['kind'], message: row.message }, atMs: row.at_ms }]))

const sumOfKnown = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((v) => v !== null)
  return known.length > 0 ? known.reduce((a, b) => a + b, 0) : null
}

const siteTotals = (batch: SweepBatch) => {
  const siteIds = [...new Set([...batch.machines, ...batch.meters].map((m) => m.siteId))]
  return siteIds.map((siteId) => {
    const asked = batch.machines.filter((m) => m.siteId === siteId)
    const readings = asked.flatMap((m) => ('reading' in m.outcome ? [m.outcome.reading] : []))
    const meters = batch.meters.filter((m) => m.siteId === siteId)
    return {
      site_id: siteId,
      machines: asked.length,
      reported: readings.length,
      hashrate_ths: sumOfKnown(readings.map((r) => r.hashrateThs)),
      power_w: sumOfKnown(readings.map((r) => r.wattageW)),
      power_known: readings.filter((r) => r.wattageW !== null).length,
      meter_power_w: sumOfKnown(meters.map((m) => ('reading' in m.outcome ? m.outcome.reading.activePowerW : null))),
    }
  })
}
