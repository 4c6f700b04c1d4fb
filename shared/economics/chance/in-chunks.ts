import type { Result } from '../../result.ts'

/**
 * Work that splits into chunks which know nothing of each other. How it splits follows from the input alone, never from
 * the number of threads, and the parts are combined in the order of the chunks: the same input gives the same bits on one
 * thread or many.
 */
export interface ChunkedJob<I, P, T, R = never> {
  /** How many chunks; the place where bad input is refused. */
  readonly chunks: (input: I) => Result<number>
  /** Chunk number `index`, from 0. Typed arrays, and plain data that can be cloned. */
  readonly part: (input: I, index: number) => P
  /** `parts[k]` belongs to chunk k. */
  readonly combine: (input: I, parts: readonly P[]) => Result<T>
  /**
   * For a look at the result while it grows: numbers of a part that add up over parts, and what a sum of them says.
   * The order in which parts finish shows here, and only here.
   */
  readonly tally?: (part: P) => readonly number[]
  readonly running?: (input: I, tally: readonly number[]) => R
}

/** All chunks one after another, here and now. */
export const inChunks = <I, P, T, R>(job: ChunkedJob<I, P, T, R>, input: I): Result<T> => {
  const chunks = job.chunks(input)
  if (!chunks.ok) return chunks
  return job.combine(
    input,
    Array.from({ length: chunks.value }, (_, index) => job.part(input, index)),
  )
}

/** Two tallies together; an empty one counts nothing. */
export const tallied = (a: readonly number[], b: readonly number[]): number[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, k) => (a[k] ?? 0) + (b[k] ?? 0))
