import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '#electron/store/open.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'hashyard-killed-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

test('kill -9 between and within sweeps: every sweep that was reported is there, none is there in part', async () => {
  const cli = new URL('../../../electron/cli/hashyard.ts', import.meta.url).pathname
  const args = [cli, 'run', '--demo', '--machines', '40', '--interval', '1', '--json', '--data', dir, '--seed', '3']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const reported: { sweep: number; machines: number; reported: number }[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    reported.push(JSON.parse(line))
    if (reported.length === 3) {
      // The next sweep is under way or about to be written.
      setTimeout(() => child.kill('SIGKILL'), 1_150)
    }
  }
  if (child.signalCode === null && child.exitCode === null) await once(child, 'exit')
  expect(child.signalCode).toBe('SIGKILL')
  expect(reported.length).toBeGreaterThanOrEqual(3)

  // What the next start finds: it opens, migrates and takes the lock as if nothing had been.
  const again = openStore({ dataDir: dir, demo: true, readOnly: false, nowMs: Date.now() })
  if (!again.ok) throw new Error(again.failure.message)
  expect(await again.value.sweeps.committed()).toBeGreaterThanOrEqual(reported.at(-1)?.sweep ?? Number.NaN)
  again.value.close()

  const db = new Database(join(dir, 'demo', 'telemetry.db'), { readonly: true })
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  const sweeps = db
    .prepare<[], { id: number; machines: number; reported: number; readings: number; misses: number; totals: number }>(
      `SELECT id, machines, reported,
         (SELECT count(*) FROM reading WHERE sweep_id = sweep.id) AS readings,
         (SELECT count(*) FROM miss WHERE sweep_id = sweep.id) AS misses,
         (SELECT sum(machines) FROM site_sweep WHERE sweep_id = sweep.id) AS totals
       FROM sweep ORDER BY id`,
    )
    .all()
  db.close()
  for (const s of sweeps) expect(s).toMatchObject({ machines: 40, readings: s.reported, misses: 40 - s.reported, totals: 40 })
  for (const r of reported) expect(sweeps.find((s) => s.id === r.sweep)).toMatchObject({ machines: r.machines, reported: r.reported })
})
