/** Opens one SQLite file the way every file of ours is opened: WAL, synced on every commit, checked references, known schema. */
import { chmodSync, closeSync, existsSync, openSync } from 'node:fs'
import { basename } from 'node:path'
import Database from 'better-sqlite3'
import { failed, ok, type Result } from '#shared/result.ts'
import { reasonOf } from './data-folder.ts'

export type Migration = {
  /** 1, 2, 3 … without gaps; a shipped one is never edited. */
  readonly version: number
  up(db: Database.Database): void
}

/** A reader may meet the writer's commit; a commit takes milliseconds, so five seconds is a fault and not a wait. */
const BUSY_TIMEOUT_MS = 5_000

export const openDatabase = (o: { path: string; migrations: readonly Migration[]; readOnly: boolean }): Result<Database.Database> => {
  const name = basename(o.path)
  if (o.readOnly && !existsSync(o.path)) return failed('not-found', `${o.path} is not there: nothing has been recorded in this data folder`)
  let db: Database.Database | null = null
  try {
    if (!o.readOnly) {
      // SQLite gives -wal and -shm the mode of the file itself: private from the first byte.
      closeSync(openSync(o.path, 'a', 0o600))
      chmodSync(o.path, 0o600)
    }
    db = new Database(o.path, { readonly: o.readOnly, timeout: BUSY_TIMEOUT_MS })
    if (!o.readOnly) db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    db.pragma('trusted_schema = OFF')
    const problem = migrate(db, o.migrations, o.readOnly, name)
    if (problem) {
      db.close()
      return problem
    }
    return ok(db)
  } catch (error) {
    db?.close()
    const code = sqliteCode(error)
    if (code === 'SQLITE_NOTADB' || code?.startsWith('SQLITE_CORRUPT'))
      return failed('unexpected-reply', `${o.path} is damaged or not a database. It was left as it is: set it aside or restore a backup`)
    return failed('unwritable', `${o.path} cannot be opened (${code ?? reasonOf(error)})`)
  }
}

export const sqliteCode = (error: unknown): string | null => (error instanceof Database.SqliteError ? error.code : null)

/** Each step in one transaction together with its number: a failure leaves the file at the step before. */
const migrate = (db: Database.Database, migrations: readonly Migration[], readOnly: boolean, name: string) => {
  const known = migrations.length
  const found = Number(db.pragma('user_version', { simple: true }))
  if (found > known)
    return failed(
      'refused',
      `${name} has schema ${found}, written by a newer Hashyard; this one knows up to ${known}. Update Hashyard; the file was not touched`,
    )
  if (found === known) return null
  if (readOnly)
    return failed(
      'refused',
      `${name} has schema ${found}, this Hashyard reads ${known}. Start Hashyard once, it brings the file up to date`,
    )
  for (const m of migrations.slice(found)) {
    try {
      db.transaction(() => {
        m.up(db)
        db.pragma(`user_version = ${m.version}`)
      }).immediate()
    } catch (error) {
      return failed(
        'unwritable',
        `${name} could not be brought from schema ${m.version - 1} to ${m.version} (${reasonOf(error)}); it was left at ${m.version - 1}`,
      )
    }
  }
  return null
}
