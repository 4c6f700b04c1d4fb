import type { ChunkedJob } from '#shared/economics/chance/in-chunks.ts'
import type { Result } from '#shared/result.ts'

/** What a job on one thread may tell while it works: the share that is done, and the answer so far where there is one. */
export type JobHooks<R> = { readonly progress: (share: number, running?: R) => void }

/** A heavy model: a pure function of cloneable data. It may load what it needs (WebAssembly) when it is first called. */
export type WholeJob<I, T, R = never> = (input: I, hooks: JobHooks<R>) => Result<T> | Promise<Result<T>>

export type Job<I, T, R = never> = WholeJob<I, T, R> | ChunkedJob<I, unknown, T, R>

/** Jobs by name; each is loaded by the thread that runs it, and by no other. */
// biome-ignore lint/suspicious/noExplicitAny: a registry holds jobs of every type; `InputOf` and its sisters give the types back.
export type JobRegistry = Readonly<Record<string, () => Promise<WholeJob<any, unknown, any> | ChunkedJob<any, any, unknown, any>>>>

type Loaded<J extends JobRegistry, N extends keyof J> = Awaited<ReturnType<J[N]>>
export type InputOf<J extends JobRegistry, N extends keyof J> =
  Loaded<J, N> extends ChunkedJob<infer I, infer _P, unknown, infer _R>
    ? I
    : Loaded<J, N> extends WholeJob<infer I, unknown, infer _S>
      ? I
      : never
export type AnswerOf<J extends JobRegistry, N extends keyof J> =
  Loaded<J, N> extends ChunkedJob<infer _I, infer _P, infer T, infer _R>
    ? T
    : Loaded<J, N> extends WholeJob<infer _J, infer T, infer _S>
      ? T
      : never
export type RunningOf<J extends JobRegistry, N extends keyof J> =
  Loaded<J, N> extends ChunkedJob<infer _I, infer _P, infer _T, infer R>
    ? R
    : Loaded<J, N> extends WholeJob<infer _J, infer _S, infer R>
      ? R
      : never

/** What a thread is started with. */
export type Order = { readonly job: string; readonly input: unknown }
/** What it is then asked. `tally` of a part: of all parts that are done. */
export type Ask =
  | { readonly ask: 'begin' }
  | { readonly ask: 'part'; readonly index: number; readonly tally: readonly number[] }
  | { readonly ask: 'combine'; readonly parts: readonly unknown[] }
export type Reply =
  | { readonly reply: 'progress'; readonly share: number; readonly running: unknown }
  | { readonly reply: 'chunks'; readonly count: number }
  | {
      readonly reply: 'part'
      readonly index: number
      readonly part: unknown
      readonly tally: readonly number[]
      readonly running: unknown
    }
  | { readonly reply: 'done'; readonly result: Result<unknown> }

/** Buffers of the typed arrays in `value`: they are handed over, not copied. A view of a part of a buffer stays a copy. */
export const buffersOf = (value: unknown, found = new Set<ArrayBuffer>()): ArrayBuffer[] => {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength) found.add(value.buffer)
  } else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) if (typeof inner === 'object') buffersOf(inner, found)
  }
  return [...found]
}
