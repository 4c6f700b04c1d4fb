import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { platformDataDir } from '#electron/store/data-folder.ts'
import { openDatabase } from '#electron/store/database.ts'
import { openStore } from '#electron/store/open.ts'
import { site } from './sample.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'hashyard-store-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const open = (more: Partial<Parameters<typeof openStore>[0]> = {}) =>
  openStore({ dataDir: dir, demo: false, readOnly: false, nowMs: 1_000, ...more })
const opened = (more: Partial<Parameters<typeof openStore>[0]> = {}) => {
  const result = open(more)
  if (!result.ok) throw new Error(result.failure.message)
  return result.value
}
const asRoot = process.getuid?.() === 0

test('a new data folder is its owner’s alone, and so is every file in it', () => {
  const dataDir = join(dir, 'a', 'farm')
  const store = opened({ dataDir })
  expect(statSync(dataDir).mode & 0o777).toBe(0o700)
  for (const file of ['farm.db', 'farm.db-wal', 'telemetry.db', 'telemetry.db-wal', 'lock', 'lock.pid'])
    expect([file, statSync(join(dataDir, file)).mode & 0o777]).toEqual([file, 0o600])
  store.close()
})

test('both files are in WAL mode with every commit synced, references checked and tables strict', () => {
  const result = openDatabase({
    path: join(dir, 'x.db'),
    readOnly: false,
    migrations: [{ version: 1, up: (db) => db.exec('CREATE TABLE a (n INTEGER) STRICT') }],
  })
  if (!result.ok) throw new Error(result.failure.message)
  const db = result.value
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
  expect(db.pragma('synchronous', { simple: true })).toBe(2) // FULL
  expect(db.pragma('foreign_keys', { simple: true })).toBe(1)
  db.close()
  opened().close()
  for (const name of ['farm.db', 'telemetry.db']) {
    const raw = new Database(join(dir, name), { readonly: true })
    const loose = raw.prepare("SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'").all()
    expect(loose).toEqual([])
    raw.close()
  }
})

test('a migration that fails leaves the file at the step before, usable', () => {
  const path = join(dir, 'x.db')
  const first = { version: 1, up: (db: Database.Database) => db.exec('CREATE TABLE a (n INTEGER) STRICT; INSERT INTO a VALUES (7)') }
  const broken = { version: 2, up: (db: Database.Database) => db.exec('ALTER TABLE a ADD COLUMN m INTEGER; SELECT * FROM nowhere') }
  const failed = openDatabase({ path, migrations: [first, broken], readOnly: false })
  expect(failed).toMatchObject({ ok: false, failure: { kind: 'unwritable', message: expect.stringContaining('from schema 1 to 2') } })
  const again = openDatabase({ path, migrations: [first], readOnly: false })
  if (!again.ok) throw new Error(again.failure.message)
  expect(again.value.prepare('SELECT * FROM a').all()).toEqual([{ n: 7 }])
  again.value.close()
})

test('a newer schema is refused with both versions named, and the file is not touched', () => {
  opened().close()
  const raw = new Database(join(dir, 'telemetry.db'))
  raw.pragma('user_version = 99')
  raw.close()
  const refused = open()
  expect(refused).toMatchObject({ ok: false, failure: { kind: 'refused' } })
  if (!refused.ok) expect(refused.failure.message).toMatch(/telemetry\.db has schema 99.*knows up to 1/)
  const after = new Database(join(dir, 'telemetry.db'), { readonly: true })
  expect(after.pragma('user_version', { simple: true })).toBe(99)
  after.close()
})

test('a file that is no database is refused and left as it was', () => {
  writeFileSync(join(dir, 'farm.db'), 'meeting notes, not a database, long enough to look like one '.repeat(20))
  const before = readFileSync(join(dir, 'farm.db'))
  expect(open()).toMatchObject({ ok: false, failure: { message: expect.stringContaining('damaged or not a database') } })
  expect(readFileSync(join(dir, 'farm.db')).equals(before)).toBe(true)
})

test('a data folder whose place is taken by a file cannot be written, in one clear line', () => {
  writeFileSync(join(dir, 'taken'), '')
  const result = open({ dataDir: join(dir, 'taken', 'farm') })
  expect(result).toMatchObject({
    ok: false,
    failure: { kind: 'unwritable', message: expect.stringContaining('part of its path is a file') },
  })
})

test.skipIf(process.platform !== 'linux')('a place that takes no folder, such as /proc, is refused at once and not tried for ever', () => {
  expect(open({ dataDir: '/proc/hashyard' })).toMatchObject({ ok: false, failure: { kind: 'unwritable' } })
})

test.skipIf(asRoot)('a read-only data folder cannot be written, in one clear line', () => {
  chmodSync(dir, 0o500)
  expect(open()).toMatchObject({ ok: false, failure: { kind: 'unwritable', message: expect.stringContaining('permission denied') } })
  chmodSync(dir, 0o700)
})

test('a second holder of the folder is told who has it', () => {
  const first = opened()
  const second = open()
  expect(second).toMatchObject({ ok: false, failure: { kind: 'in-use', message: expect.stringContaining(`process ${process.pid}`) } })
  first.close()
  opened().close()
})

test('the lock of a process that was killed is free again', async () => {
  const script = `const { openStore } = await import(${JSON.stringify(new URL('../../../electron/store/open.ts', import.meta.url).href)})
    const r = openStore({ dataDir: ${JSON.stringify(dir)}, demo: false, readOnly: false, nowMs: 1 })
    process.stdout.write(r.ok ? 'held' : r.failure.message)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = await once(child.stdout, 'data')
  expect(String(said)).toBe('held')
  expect(open()).toMatchObject({ ok: false, failure: { kind: 'in-use', message: expect.stringContaining(`process ${child.pid}`) } })
  child.kill('SIGKILL')
  await once(child, 'exit')
  opened().close()
})

test('a reader looks on while another process holds the folder', async () => {
  const writer = opened()
  await writer.farm.define({ sites: [site], machines: [], meters: [] }, 5)
  const reader = opened({ readOnly: true })
  expect((await reader.farm.definition()).sites.map((s) => s.id)).toEqual(['north'])
  reader.close()
  writer.close()
})

test('reading a folder in which nothing was recorded is a failure, and creates nothing', () => {
  expect(open({ readOnly: true })).toMatchObject({ ok: false, failure: { kind: 'not-found' } })
  expect(() => statSync(join(dir, 'farm.db'))).toThrow()
})

test('demo and real farm are never mixed in one folder', () => {
  opened({ demo: true }).close()
  // The demo's own folder named as if it were a farm's.
  expect(open({ dataDir: join(dir, 'demo') })).toMatchObject({
    ok: false,
    failure: { kind: 'refused', message: expect.stringContaining('holds a demo farm') },
  })
  mkdirSync(join(dir, 'x'))
  opened({ dataDir: join(dir, 'x', 'demo') }).close()
  expect(open({ dataDir: join(dir, 'x'), demo: true })).toMatchObject({
    ok: false,
    failure: { kind: 'refused', message: expect.stringContaining('holds a real farm') },
  })
})

test('the data folder is where the platform keeps application data', () => {
  expect(platformDataDir({ platform: 'linux', env: { XDG_CONFIG_HOME: '/cfg' } })).toBe('/cfg/Hashyard')
  expect(platformDataDir({ platform: 'win32', env: { APPDATA: 'C:\\Roaming' } })).toContain('Hashyard')
  expect(platformDataDir({ platform: 'darwin', env: {} })).toMatch(/Library\/Application Support\/Hashyard$/)
})
