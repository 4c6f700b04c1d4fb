import type { PlanProblem } from './plan-problem.ts'

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
  readonly status: 'optimal' | 'feasible' | 'infeasible' | 'unknown'
  /** The best x found; null where there is none. */
  readonly x: Float64Array | null
  /** No x costs less than this; minus infinity where nothing is proven. */
  readonly bound: number
  readonly seconds: number
  readonly timeLimitHit: boolean
}

/** A solver that is handed in; `shared/` knows none. */
export type SolveMilp = (problem: Milp, limits: MilpLimits) => MilpAnswer

export const planMilp = (_p: PlanProblem): Milp => {
  throw new Error('not built yet')
}
