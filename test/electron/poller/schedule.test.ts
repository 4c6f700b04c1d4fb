import { expect, test } from 'vitest'
import { stateNow } from '#electron/poller/machine-state.ts'
import { startSchedule } from '#electron/poller/schedule.ts'
import { makeSweepWriter } from '#electron/poller/sweep-writer.ts'
import { batch } from '../store/sample.ts'

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))
const parts = { now: Date.now, monotonic: () => performance.now(), random: () => 0.5, onClockJump: () => {}, onError: () => {} }

test('a sweep longer than the interval is never overlapped, and no burst follows it', async () => {
  let underWay = 0
  let most = 0
  let runs = 0
  const schedule = startSchedule({
    ...parts,
    everyMs: 30,
    run: async () => {
      runs++
      most = Math.max(most, ++underWay)
      await pause(runs === 1 ? 150 : 1)
      underWay--
    },
  })
  await pause(290)
  await schedule.stop()
  expect(most).toBe(1)
  // 150 ms of the first, then one each 30 ms: about five more, not the five that were missed on top.
  expect(runs).toBeGreaterThanOrEqual(3)
  expect(runs).toBeLessThanOrEqual(7)
})

test('a sweep that fails is reported and the next one comes', async () => {
  const errors: unknown[] = []
  let runs = 0
  const schedule = startSchedule({
    ...parts,
    everyMs: 10,
    onError: (e) => errors.push(e),
    run: async () => {
      if (++runs === 1) throw new Error('disk')
    },
  })
  await pause(80)
  await schedule.stop()
  expect(errors).toHaveLength(1)
  expect(runs).toBeGreaterThan(1)
})

test('stopping waits for the sweep under way and starts no other', async () => {
  let ended = false
  let runs = 0
  const schedule = startSchedule({
    ...parts,
    everyMs: 5,
    run: async (signal) => {
      runs++
      while (!signal.aborted) await pause(5)
      ended = true
    },
  })
  await pause(20)
  await schedule.stop()
  expect([ended, runs]).toEqual([true, 1])
  await pause(30)
  expect(runs).toBe(1)
})

test('a click asks at once, and joins a sweep that is under way', async () => {
  let runs = 0
  const schedule = startSchedule({
    ...parts,
    everyMs: 60_000,
    run: async () => {
      runs++
      await pause(20)
    },
  })
  await pause(5)
  await Promise.all([schedule.runNow(), schedule.runNow()])
  expect(runs).toBe(1)
  await schedule.runNow()
  expect(runs).toBe(2)
  expect(schedule.nextAtMs()).toBeGreaterThan(Date.now() + 50_000)
  await schedule.stop()
})

test('a wall clock that jumps by an hour against the monotonic one is noticed', async () => {
  let offset = 0
  const jumps: number[] = []
  const schedule = startSchedule({
    ...parts,
    now: () => Date.now() + offset,
    onClockJump: (ms) => jumps.push(ms),
    everyMs: 20,
    run: async () => {},
  })
  await pause(50)
  offset = -3_600_000
  await pause(60)
  await schedule.stop()
  expect(jumps).toHaveLength(1)
  expect(jumps[0]).toBeGreaterThan(-3_600_500)
  expect(jumps[0]).toBeLessThan(-3_599_500)
})

test('a machine is stale after three polls without an answer, unknown if it never gave one', () => {
  const heard = { state: 'hashing', observedAtMs: 0 } as const
  expect(stateNow(heard, 180_000, 60_000)).toBe('hashing')
  expect(stateNow(heard, 180_001, 60_000)).toBe('stale')
  expect(stateNow(null, 0, 60_000)).toBe('unknown')
})

test('sweeps that the disk refuses wait in order and are written once it takes them', async () => {
  let full = true
  const written: number[] = []
  const writer = makeSweepWriter({
    commit: async (b) => {
      if (full) throw new Error('database or disk is full')
      written.push(b.startedAtMs)
      return written.length
    },
    onCommitted: () => {},
  })
  expect(await writer.write(batch(0, {}))).toBe(false)
  expect(await writer.write(batch(60_000, {}))).toBe(false)
  expect(writer.problem()).toMatch(/disk is full.*2 sweeps wait/)
  full = false
  expect(await writer.write(batch(120_000, {}))).toBe(true)
  expect(written).toEqual([0, 60_000, 120_000])
  expect(writer.problem()).toBeNull()
})

test('sweeps wait no longer than 15 minutes; what is lost is counted', async () => {
  const writer = makeSweepWriter({
    commit: () => Promise.reject(new Error('database or disk is full')),
    onCommitted: () => {},
  })
  for (let minute = 0; minute <= 20; minute++) await writer.write(batch(minute * 60_000, {}))
  expect(writer.problem()).toMatch(/16 sweeps wait in memory, 5 sweeps lost/)
})
