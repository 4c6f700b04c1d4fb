/** What a benchmark is: it measures itself with the tools it is handed and answers rows of one table. */

export type Row = {
  readonly what: string
  readonly value: number
  readonly unit: string
  /** The bar it is held against, in words; null: shown for information. */
  readonly bar: string | null
  /** Null where there is no bar, or where it could not be measured here. */
  readonly ok: boolean | null
}

export type Measure = {
  /** Median time of one call, ms, after one call that is not counted. Machines are noisy: compare medians of one run. */
  readonly median: (fn: () => void | Promise<void>, times?: number) => Promise<number>
}

export type Benchmark = {
  readonly name: string
  readonly about: string
  readonly run: (measure: Measure) => Promise<readonly Row[]>
}

/** A row that must stay below `limit`. */
export const below = (what: string, value: number, unit: string, limit: number): Row => ({
  what,
  value,
  unit,
  bar: `< ${limit} ${unit}`.trimEnd(),
  ok: value < limit,
})

/** A row without a bar. */
export const shown = (what: string, value: number, unit: string): Row => ({ what, value, unit, bar: null, ok: null })
