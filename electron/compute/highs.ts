import type { Highs } from 'highs'
import type { Milp, MilpAnswer, MilpLimits, SolveMilp } from '#shared/economics/curtailment/milp.ts'

/**
 * HiGHS (MIT) as WebAssembly, single-threaded and synchronous: to be called on a worker thread, which ending stops at once.
 * Models go in as arrays; each is freed after its solve, since nothing else frees memory inside WebAssembly.
 */
const OPTIONS = {
  output_flag: false,
  /**
   * Its aggregation takes apart the rows of the minimum runs, which alone have no fractions: measured on plans of 96 and 288
   * intervals x 8 groups with ramp and demand charge, 1-7 s to the optimum without presolve against 30 s and a gap of 3-30 % with it.
   */
  presolve: 'off',
  /** With a legal plan to begin from it costs seconds (288 x 8: 6-10 s with it, 3-4.5 s without) and finds nothing sooner. */
  mip_heuristic_run_root_reduced_cost: false,
  /** Relative gaps are the caller's; below this they are rounding. */
  mip_abs_gap: 1e-7,
  mip_feasibility_tolerance: 1e-9,
}
/** Imported where it is used, so that a command that plans nothing does not read it. */
const loadHighs = async (): Promise<Highs> => {
  const { default: loader } = await import('highs')
  // The declarations are those of a CommonJS module; what an `import` gets is the loader itself.
  return (loader as unknown as () => Promise<Highs>)()
}
/** Wider numbers than this are no plan, and HiGHS would take them for infinite. */
const LARGEST = 1e14

const isSane = ({ columns, rows }: Milp): boolean => {
  const fits = (list: Float64Array) => list.every((x) => Math.abs(x) < LARGEST)
  const orNone = (list: Float64Array) => list.every((x) => !Number.isNaN(x) && (Math.abs(x) < LARGEST || !Number.isFinite(x)))
  return fits(columns.cost) && fits(rows.value) && [columns.lower, columns.upper, rows.lower, rows.upper].every(orNone)
}

const nothing = (seconds: number): MilpAnswer => ({
  status: 'unknown',
  x: null,
  bound: Number.NEGATIVE_INFINITY,
  seconds,
  timeLimitHit: false,
})

const solveWith = (highs: Highs, { columns, rows, first }: Milp, { gap, seconds }: MilpLimits): Omit<MilpAnswer, 'seconds'> => {
  const numCols = columns.cost.length
  const numRows = rows.lower.length
  const { modelStatus, variableType } = highs.constants
  const model = highs.createModel({
    numCols,
    numRows,
    colCost: columns.cost,
    colLower: columns.lower,
    colUpper: columns.upper,
    rowLower: rows.lower,
    rowUpper: rows.upper,
    matrix: { format: 'csr', numRows, numCols, starts: rows.starts, indices: rows.column, values: rows.value },
    integrality: Int32Array.from(columns.integer, (whole) => (whole === 1 ? variableType.integer : variableType.continuous)),
  })
  try {
    model.options.set({ ...OPTIONS, mip_rel_gap: gap, time_limit: seconds })
    if (first !== null) model.setSolution({ colValue: first })
    model.run()
    const ended = model.getModelStatus()
    if (ended === modelStatus.infeasible) return { status: 'infeasible', x: null, bound: Number.POSITIVE_INFINITY, timeLimitHit: false }
    // 2: a feasible point.
    const found = model.info.get('primal_solution_status') === 2
    const whole = columns.integer.some((is) => is === 1)
    const proven = ended === modelStatus.optimal
    const bound = whole ? Number(model.info.get('mip_dual_bound')) : proven ? model.getObjectiveValue() : Number.NEGATIVE_INFINITY
    return {
      status: !found ? 'unknown' : proven ? 'optimal' : 'feasible',
      x: found ? model.getSolution().colValue : null,
      bound: Number.isFinite(bound) ? bound : Number.NEGATIVE_INFINITY,
      timeLimitHit: ended === modelStatus.timeLimit,
    }
  } finally {
    model.dispose()
  }
}

let loading: Promise<SolveMilp> | undefined

/** Loads the solver once (some 30 ms); the function it gives never throws. */
export const loadSolveMilp = (): Promise<SolveMilp> => {
  loading ??= loadHighs().then((highs): SolveMilp => {
    let broken = false
    return (problem, limits) => {
      const startedMs = performance.now()
      const seconds = () => (performance.now() - startedMs) / 1000
      if (broken || !isSane(problem)) return nothing(seconds())
      try {
        return { ...solveWith(highs, problem, limits), seconds: seconds() }
      } catch (error) {
        // Out of memory or a trap: what WebAssembly holds is not to be trusted any more.
        broken = error instanceof Error && /^(RuntimeError|RangeError)$/.test(error.name)
        return nothing(seconds())
      }
    }
  })
  return loading
}
