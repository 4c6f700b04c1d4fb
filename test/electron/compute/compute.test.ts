import { getEventListeners } from 'node:events'
import { availableParallelism } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { computeWith } from '#electron/compute/compute.ts'
import { ok } from '#shared/result.ts'
import type { testJobs } from '../../fakes/compute-jobs.ts'

const compute = computeWith<typeof testJobs>(() => new URL('../../fakes/compute-thread.ts', import.meta.url))
/** Message ports of live threads. */
const threads = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length
setFlagsFromString('--expose-gc')
const gc: () => void = runInNewContext('gc')
const failure = async (answer: ReturnType<typeof compute>) => {
  const result = await answer
  return result.ok ? null : result.failure
}

test('a model on a thread answers as it would here, a refusal with its field', async () => {
  expect(await compute('double', 21)).toEqual(ok(42))
  expect(await failure(compute('refuse', null))).toEqual({ kind: 'invalid-input', message: 'years: must be above 0', field: 'years' })
})

test('a thread that throws, leaves, fails in a timer or cannot load its model is a failure that says why', async () => {
  expect(await failure(compute('throwing', null))).toEqual({ kind: 'internal', message: 'throwing stopped: no such month' })
  expect(await failure(compute('exit', 7))).toMatchObject({ kind: 'internal', message: expect.stringContaining('code 7') })
  expect(await failure(compute('outside', null))).toMatchObject({ message: expect.stringContaining('a timer of the model failed') })
  expect(await failure(compute('unloadable', 1))).toMatchObject({ message: 'unloadable stopped: solver.wasm is missing' })
  expect(await failure(compute('unknown' as 'double', 1))).toMatchObject({ kind: 'not-supported' })
})

test('a part that ends its thread fails the whole, and the other threads end with it', async () => {
  const before = threads()
  expect(await failure(compute('squares', { count: 30, dies: 4 }, { threads: 2 }))).toMatchObject({ kind: 'internal' })
  expect(threads()).toBe(before)
})

test.each(['endless', 'endlessWasm'] as const)('cancelling ends %s, and leaves no thread', async (job) => {
  const before = threads()
  const running = compute(job, null, { signal: AbortSignal.timeout(300) })
  expect(await failure(running)).toMatchObject({ kind: 'cancelled' })
  expect(threads()).toBe(before)
})

test('cancelled before it began: no thread is started', async () => {
  expect(await failure(compute('endless', null, { signal: AbortSignal.abort() }))).toMatchObject({ kind: 'cancelled' })
})

test('of many jobs at once a few run and the rest wait; none leaves a listener on the signal they share', async () => {
  const before = threads()
  const stop = new AbortController()
  const running = Array.from({ length: 24 }, (_, k) => compute('double', k, { signal: stop.signal }))
  await setImmediate()
  expect(threads() - before).toBeLessThanOrEqual(Math.max(4, availableParallelism()))
  gc()
  expect(await Promise.all(running)).toEqual(Array.from({ length: 24 }, (_, k) => ok(2 * k)))
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0)
})

test('a job that waits for its turn is cancelled without one, and those behind it still come', async () => {
  const [stopAll, stopOne] = [new AbortController(), new AbortController()]
  const most = Math.max(4, availableParallelism())
  const endless = Array.from({ length: most }, () => failure(compute('endless', null, { signal: stopAll.signal })))
  const waiting = failure(compute('double', 1, { signal: stopOne.signal }))
  const behind = compute('double', 4)
  stopOne.abort()
  expect(await waiting).toMatchObject({ kind: 'cancelled' })
  stopAll.abort()
  expect((await Promise.all(endless)).map((f) => f?.kind)).toEqual(new Array(most).fill('cancelled'))
  expect(await behind).toEqual(ok(8))
})

test('cancelling between chunks stops them: nothing is told afterwards', async () => {
  const stop = new AbortController()
  let told = 0
  const answer = compute('squares', { count: 500 }, { signal: stop.signal, threads: 2, onProgress: () => ++told === 3 && stop.abort() })
  expect(await failure(answer)).toMatchObject({ kind: 'cancelled' })
  expect(told).toBe(3)
})

test('parts come together in the order of their chunks, on one thread or three', async () => {
  const expected = ok(Array.from({ length: 20 }, (_, k) => k * k))
  expect(await compute('squares', { count: 20 }, { threads: 1 })).toEqual(expected)
  expect(await compute('squares', { count: 20 }, { threads: 3 })).toEqual(expected)
  expect(await failure(compute('squares', { count: 0 }))).toMatchObject({ field: 'count' })
})

test('progress of chunks rises to the whole, with the mean of what is done', async () => {
  const told: [number, number | null][] = []
  await compute('squares', { count: 4 }, { threads: 1, onProgress: (share, running) => told.push([share, running]) })
  // 0; (0 + 1)/2; (0 + 1 + 4)/3; (0 + 1 + 4 + 9)/4.
  expect(told).toEqual([
    [0.25, 0],
    [0.5, 0.5],
    [0.75, 5 / 3],
    [1, 3.5],
  ])
})

test('a model that reports a million times is heard a few times, and its typed array arrives', async () => {
  let told = 0
  expect(await compute('telling', 1_000_000, { onProgress: () => told++ })).toEqual(ok(Float64Array.of(1, 2, 3)))
  expect(told).toBeGreaterThan(0)
  expect(told).toBeLessThan(100)
})
