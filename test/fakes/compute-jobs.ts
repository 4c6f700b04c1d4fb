import type { JobHooks, JobRegistry } from '#electron/compute/job.ts'
import type { ChunkedJob } from '#shared/economics/chance/in-chunks.ts'
import { failed, ok, type Result } from '#shared/result.ts'

/** Jobs that do what a test needs of a thread: answer, refuse, throw, die, never end. */
const double = (n: number): Result<number> => ok(2 * n)
const refuse = (_: null): Result<number> => failed('invalid-input', 'years: must be above 0', { field: 'years' })
const throwing = (_: null): Result<number> => {
  throw new RangeError('no such month')
}
const exit = (code: number): Result<number> => process.exit(code)
const outside = (_: null): Promise<Result<number>> => {
  setImmediate(() => {
    throw new Error('a timer of the model failed')
  })
  return new Promise(() => {})
}
const endless = (_: null): Result<number> => {
  for (;;);
}
/** A loop inside WebAssembly: (module (func (export "f") (loop (br 0)))). */
const endlessWasm = (_: null): Result<number> => {
  const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11]
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes))).exports
  if (typeof f === 'function') f()
  return ok(0)
}
const telling = (times: number, { progress }: JobHooks<number>): Result<Float64Array> => {
  for (let k = 0; k < times; k++) progress(k / times, k)
  return ok(Float64Array.of(1, 2, 3))
}

/** The squares of `from` whole numbers, one a chunk; a chunk called `dies` ends its thread. */
type Squares = { count: number; dies?: number }
const squares: ChunkedJob<Squares, Float64Array, number[], number> = {
  chunks: ({ count }) => (count < 1 ? failed('invalid-input', 'count: must be above 0', { field: 'count' }) : ok(count)),
  part: ({ dies }, k) => {
    if (k === dies) process.exit(3)
    // Later chunks are quicker, so that parts do not finish in their order.
    const until = performance.now() + (k % 3 === 0 ? 8 : 1)
    while (performance.now() < until);
    return Float64Array.of(k * k)
  },
  combine: (_, parts) => ok(parts.flatMap((part) => [...part])),
  tally: (part) => [1, part[0] ?? Number.NaN],
  running: (_, [n = 0, sum = 0]) => sum / n,
}

const lazily =
  <T>(job: T) =>
  () =>
    Promise.resolve(job)

export const testJobs = {
  double: lazily(double),
  refuse: lazily(refuse),
  throwing: lazily(throwing),
  exit: lazily(exit),
  outside: lazily(outside),
  endless: lazily(endless),
  endlessWasm: lazily(endlessWasm),
  telling: lazily(telling),
  squares: lazily(squares),
  unloadable: () => Promise.reject<typeof double>(new Error('solver.wasm is missing')),
} satisfies JobRegistry
