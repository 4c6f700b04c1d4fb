/** The data folder as a whole: lock, farm.db, telemetry.db. Only this folder of the engine knows what lies beneath. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { failed, ok, type Result } from '#shared/result.ts'
import { DAY_MS, HOUR_MS } from '#shared/time.ts'
import { farmFolder, prepareFolder } from './data-folder.ts'
import { openDatabase } from './database.ts'
import { decisionStore } from './decisions.ts'
import { farmStore } from './farm.ts'
import { type FolderLock, lockFolder } from './lock.ts'
import { marketStore } from './market.ts'
import { farmMigrations } from './migrations/farm.ts'
import { telemetryMigrations } from './migrations/telemetry.ts'
import { queriesOver, runnerOf } from './query.ts'
import { sweepStore } from './sweeps.ts'
import type { FarmTables } from './tables.ts'

export type Store = {
  readonly folder: string
  readonly kind: 'farm' | 'demo'
  readonly farm: ReturnType<typeof farmStore>
  readonly decisions: ReturnType<typeof decisionStore>
  readonly sweeps: ReturnType<typeof sweepStore>
  readonly market: ReturnType<typeof marketStore>
  close(): void
}

/** Raw readings; totals of each sweep stay. The demo polls six times as often and proves nothing after two hours. */
const KEEP_RAW_MS = { farm: DAY_MS, demo: 2 * HOUR_MS }

export const openStore = (o: { dataDir: string; demo: boolean; readOnly: boolean; nowMs: number }): Result<Store> => {
  const folder = farmFolder(o.dataDir, o.demo)
  const kind = o.demo ? 'demo' : 'farm'
  if (o.readOnly) return openFiles(folder, kind, o.nowMs, null)
  const prepared = prepareFolder(folder)
  if (!prepared.ok) return prepared
  const lock = lockFolder(folder)
  if (!lock.ok) return lock
  const opened = openFiles(folder, kind, o.nowMs, lock.value)
  if (!opened.ok) lock.value.release()
  return opened
}

/** Which farm a reader finds in a data folder: the real one, else the demo. */
export const farmKindIn = (dataDir: string): 'farm' | 'demo' | null =>
  existsSync(join(farmFolder(dataDir, false), 'farm.db')) ? 'farm' : existsSync(join(farmFolder(dataDir, true), 'farm.db')) ? 'demo' : null

const openFiles = (folder: string, kind: 'farm' | 'demo', nowMs: number, lock: FolderLock | null): Result<Store> => {
  const readOnly = lock === null
  const farm = openDatabase({ path: join(folder, 'farm.db'), migrations: farmMigrations, readOnly })
  if (!farm.ok) return farm
  const found = claimKind(farm.value, kind, readOnly, nowMs)
  if (found !== kind) {
    farm.value.close()
    const what = (k: string) => (k === 'demo' ? 'a demo farm' : 'a real farm')
    return failed('refused', `${folder} holds ${what(found)}; ${what(kind)} cannot be mixed in. Name another folder with --data`)
  }
  const telemetry = openDatabase({ path: join(folder, 'telemetry.db'), migrations: telemetryMigrations, readOnly })
  if (!telemetry.ok) {
    farm.value.close()
    return telemetry
  }
  return ok({
    folder,
    kind,
    farm: farmStore(farm.value),
    decisions: decisionStore(farm.value),
    sweeps: sweepStore(telemetry.value, { keepRawMs: KEEP_RAW_MS[kind] }),
    market: marketStore(telemetry.value),
    close: () => {
      telemetry.value.close()
      farm.value.close()
      lock?.release()
    },
  })
}

/** The first writer of a file says what it is for; from then on that is what it is. */
const claimKind = (db: Parameters<typeof runnerOf>[0], kind: 'farm' | 'demo', readOnly: boolean, nowMs: number): 'farm' | 'demo' => {
  const q = queriesOver<FarmTables>()
  const run = runnerOf(db)
  const found = run.first(q.selectFrom('about').select('kind'))
  if (found) return found.kind
  if (!readOnly) run.run(q.insertInto('about').values({ only_row: 1, kind, created_at_ms: nowMs }))
  return kind
}
