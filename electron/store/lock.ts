/**
 * One writer a data folder (threat model S2). The lock is SQLite's own on an empty file: the operating system drops it
 * with the process, so a kill -9 or a power cut leaves nothing stale and no pid can be mistaken for another's. The pid
 * beside it is only for the message.
 */
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { failed, ok, type Result } from '#shared/result.ts'
import { reasonOf } from './data-folder.ts'
import { sqliteCode } from './database.ts'

export type FolderLock = { release(): void }

export const lockFolder = (folder: string): Result<FolderLock> => {
  const pidFile = join(folder, 'lock.pid')
  let db: Database.Database | null = null
  try {
    closeSync(openSync(join(folder, 'lock'), 'a', 0o600))
    db = new Database(join(folder, 'lock'), { timeout: 0 })
    db.pragma('journal_mode = DELETE')
    db.exec('BEGIN EXCLUSIVE')
    const held = db
    writeFileSync(pidFile, String(process.pid), { mode: 0o600 })
    return ok({
      release: () => {
        rmSync(pidFile, { force: true })
        held.close()
      },
    })
  } catch (error) {
    db?.close()
    if (sqliteCode(error)?.startsWith('SQLITE_BUSY')) {
      const holder = holderOf(pidFile)
      return failed('in-use', `another Hashyard${holder} works in ${folder}. Use its window, or name another folder with --data`)
    }
    return failed('unwritable', `the data folder ${folder} cannot be locked (${sqliteCode(error) ?? reasonOf(error)})`)
  }
}

const holderOf = (pidFile: string): string => {
  try {
    const text = readFileSync(pidFile, 'utf8').trim()
    return /^\d{1,10}$/.test(text) ? ` (process ${text})` : ''
  } catch {
    // The holder is between locking and writing its number: the lock alone decides.
    return ''
  }
}
