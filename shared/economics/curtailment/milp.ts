/** A mixed-integer linear problem as data: minimise cost · x, rowLower <= A x <= rowUpper, columnLower <= x <= columnUpper. */
export type Milp = {
  readonly columns: {
    readonly cost: Float64Array
    readonly lower: Float64Array
    readonly upper: Float64Array
    /** 1: whole numbers only. */
    readonly integer: Uint8Array
  }
  readonly rows: {
    readonly lower: Float64Array
    readonly upper: Float64Array
    /** Entries of row r: from starts[r] up to, not with, starts[r + 1]. */
    readonly starts: Int32Array
    readonly column: Int32Array
    readonly value: Float64Array
  }
  /** A legal x to begin from, where one is known. */
  readonly first: Float64Array | null
}

export type MilpLimits = {
  /** Stop when the best found is proven to be within this share of the optimum. */
  readonly gap: number
  readonly seconds: number
}

export type MilpAnswer = {
  /** `feasible`: a legal x, not proven to be the best; `unknown`: neither an x nor a proof that there is none. */
  readonly status: 'optimal' | 'feasible' | 'infeasible' | 'unknown'
  readonly x: Float64Array | null
  /** No legal x costs less; minus infinity where nothing is proven. */
  readonly bound: number
  readonly seconds: number
  readonly timeLimitHit: boolean
}

/** A solver that is handed in; `shared/` knows none. */
export type SolveMilp = (problem: Milp, limits: MilpLimits) => MilpAnswer

/** Collects columns and rows one by one. */
export type MilpDraft = {
  /** Answers the column's number. `first`: its value in the x to begin from. */
  readonly column: (cost: number, lower: number, upper: number, first: number, integer?: boolean) => number
  /** An entry of the row that `row` closes. */
  readonly entry: (column: number, value: number) => void
  readonly row: (lower: number, upper: number) => void
  readonly milp: (hasFirst: boolean) => Milp
}

export const milpDraft = (): MilpDraft => {
  const columns = { cost: [] as number[], lower: [] as number[], upper: [] as number[], first: [] as number[], integer: [] as number[] }
  const rows = { lower: [] as number[], upper: [] as number[], starts: [0], column: [] as number[], value: [] as number[] }
  return {
    column: (cost, lower, upper, first, integer = false) => {
      columns.lower.push(lower)
      columns.upper.push(upper)
      columns.first.push(first)
      columns.integer.push(integer ? 1 : 0)
      return columns.cost.push(cost) - 1
    },
    entry: (column, value) => {
      rows.column.push(column)
      rows.value.push(value)
    },
    row: (lower, upper) => {
      rows.lower.push(lower)
      rows.upper.push(upper)
      rows.starts.push(rows.column.length)
    },
    milp: (hasFirst) => ({
      columns: {
        cost: Float64Array.from(columns.cost),
        lower: Float64Array.from(columns.lower),
        upper: Float64Array.from(columns.upper),
        integer: Uint8Array.from(columns.integer),
      },
      rows: {
        lower: Float64Array.from(rows.lower),
        upper: Float64Array.from(rows.upper),
        starts: Int32Array.from(rows.starts),
        column: Int32Array.from(rows.column),
        value: Float64Array.from(rows.value),
      },
      first: hasFirst ? Float64Array.from(columns.first) : null,
    }),
  }
}
