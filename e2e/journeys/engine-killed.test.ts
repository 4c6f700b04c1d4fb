import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { ask } from '../ask.ts'
import { journey } from '../hashyard.ts'

/** The engine is killed without warning while it polls. The window lives on, says so, and what was committed is there. */
const DEMO = ['--demo', '--machines', '300', '--poll-ms', '1500']

journey('the engine is killed during the demo', { args: DEMO }, (hashyard, dataDir) => {
  const committed = async () => {
    const status = await ask(hashyard().page, 'app.status', {})
    return status.ok ? status.value.committedSweeps : 0
  }

  let before = 0
  let firstPid = 0
  test('it polls and commits', async () => {
    await hashyard().frame.waitForEngine()
    await expect.poll(committed, { timeout: 60_000 }).toBeGreaterThanOrEqual(2)
    firstPid = hashyard().enginePid('demo')
  })

  test('after kill -9 the window says that the engine stopped and that nothing committed is lost', async () => {
    before = await committed()
    process.kill(firstPid, 'SIGKILL')
    await hashyard().frame.engineBanner().waitFor({ timeout: 15_000 })
  })

  test('it recovers by itself: another engine, the same sweeps and then more', async () => {
    await hashyard().frame.waitForEngine()
    await hashyard().frame.engineBanner().waitFor({ state: 'detached', timeout: 30_000 })
    expect(hashyard().enginePid('demo')).not.toBe(firstPid)
    expect(await committed()).toBeGreaterThanOrEqual(before)
    await expect.poll(committed, { timeout: 60_000 }).toBeGreaterThan(before)
  })

  test('every sweep on the disk is whole: readings and misses add up to the machines asked', async () => {
    await hashyard().close()
    const db = new Database(join(dataDir, 'demo', 'telemetry.db'), { readonly: true })
    try {
      const sweeps = db
        .prepare<[], { machines: number; reported: number; readings: number; misses: number }>(
          `SELECT machines, reported, (SELECT count(*) FROM reading WHERE sweep_id = sweep.id) AS readings,
             (SELECT count(*) FROM miss WHERE sweep_id = sweep.id) AS misses FROM sweep ORDER BY id`,
        )
        .all()
      expect(sweeps.length).toBeGreaterThan(before)
      for (const s of sweeps) expect(s).toMatchObject({ readings: s.reported, misses: s.machines - s.reported })
      expect(db.pragma('quick_check', { simple: true })).toBe('ok')
    } finally {
      db.close()
    }
  })
})
