import { portableLn } from '../chance/portable-math.ts'
import { quantileOf } from '../chance/quantile.ts'
import { GENERATOR } from '../chance/random.ts'
import { finiteOrNull } from '../model.ts'
import { sum } from '../sum.ts'

/** One entry a draw; `minDscr` is infinite where no debt is served. */
export type DrawColumns = { readonly npvProjectUsd: Float64Array; readonly npvMiningUsd: Float64Array; readonly minDscr: Float64Array }
export const drawColumns = (draws: number): DrawColumns => ({
  npvProjectUsd: new Float64Array(draws),
  npvMiningUsd: new Float64Array(draws),
  minDscr: new Float64Array(draws),
})

/** Share of the draws that make up the worst case. */
const WORST = 0.05
const BINS = 40
/** Of a normal, both sides 95 %. */
export const Z95 = 1.959963984540054

const momentsOf = (values: Float64Array) => {
  const mean = sum(values) / values.length
  const variance = values.length < 2 ? null : sum(values.map((x) => (x - mean) ** 2)) / (values.length - 1)
  return { mean, sd: variance === null ? null : Math.sqrt(variance) }
}

const distributionOf = (values: Float64Array) => {
  const sorted = values.slice().sort()
  const { mean, sd } = momentsOf(values)
  const worst = Math.max(1, Math.floor(values.length * WORST))
  return {
    meanUsd: mean,
    sdUsd: sd,
    p05Usd: quantileOf(sorted, 0.05),
    p10Usd: quantileOf(sorted, 0.1),
    p50Usd: quantileOf(sorted, 0.5),
    p90Usd: quantileOf(sorted, 0.9),
    p95Usd: quantileOf(sorted, 0.95),
    /** Mean of the worst twentieth of the draws. */
    expectedShortfallUsd: sum(sorted.subarray(0, worst)) / worst,
  }
}

/** Equal widths from the least to the most; one bin where all are the same. */
const binsOf = (values: Float64Array): { fromUsd: number; toUsd: number; count: number }[] => {
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (const x of values) {
    least = Math.min(least, x)
    most = Math.max(most, x)
  }
  const width = (most - least) / BINS
  if (!(width > 0)) return [{ fromUsd: least, toUsd: most, count: values.length }]
  const counts = new Array<number>(BINS).fill(0)
  for (const x of values) {
    const k = Math.min(BINS - 1, Math.floor((x - least) / width))
    counts[k] = (counts[k] ?? 0) + 1
  }
  return counts.map((count, k) => ({ fromUsd: least + k * width, toUsd: k === BINS - 1 ? most : least + (k + 1) * width, count }))
}

/** How the mean settled: after a tenth, two tenths, ... of the draws, with the half width of its 95 % interval. */
const convergenceOf = (values: Float64Array): { draws: number; meanUsd: number; halfWidthUsd: number | null }[] => {
  const marks = [...new Set(Array.from({ length: 10 }, (_, k) => Math.max(1, Math.round((values.length * (k + 1)) / 10))))]
  return marks.map((draws) => {
    const { mean, sd } = momentsOf(values.subarray(0, draws))
    return { draws, meanUsd: mean, halfWidthUsd: sd === null ? null : (Z95 * sd) / Math.sqrt(draws) }
  })
}

/** Wilson's interval of a share: it stays inside 0..1. Worked: 0 of 100: 0 to 3.7 %. */
const wilson = (hits: number, of: number): { low: number; high: number } => {
  const p = hits / of
  const z2 = Z95 * Z95
  const middle = (p + z2 / (2 * of)) / (1 + z2 / of)
  const half = (Z95 / (1 + z2 / of)) * Math.sqrt((p * (1 - p)) / of + z2 / (4 * of * of))
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}

const countWhere = (values: Float64Array, is: (x: number) => boolean): number => values.reduce((n, x) => (is(x) ? n + 1 : n), 0)

/**
 * `volAnnual`, for the option to wait: what the conversion is worth when invested (NPV against mining on plus capital) is taken
 * as lognormal with the mean and spread of the draws; its variance is spread over the years after which half of the planned
 * value is received on average. Null where that worth is not positive on average.
 */
export const summariseDraws = (
  columns: DrawColumns,
  o: { seed: number; investmentUsd: number; valueYears: number; covenantDscr: number | null },
) => {
  const draws = columns.npvProjectUsd.length
  const incremental = columns.npvProjectUsd.map((x, k) => x - (columns.npvMiningUsd[k] ?? 0))
  const npvIncremental = distributionOf(incremental)
  const regretted = countWhere(incremental, (x) => x < 0)
  const valueUsd = npvIncremental.meanUsd + o.investmentUsd
  const variation = npvIncremental.sdUsd === null || valueUsd <= 0 ? null : npvIncremental.sdUsd / valueUsd
  const { covenantDscr } = o
  return {
    draws,
    seed: o.seed,
    generator: GENERATOR,
    npvIncremental,
    npvProject: distributionOf(columns.npvProjectUsd),
    npvKeepMining: distributionOf(columns.npvMiningUsd),
    /** P(NPV of the project < 0), mining left aside. */
    probabilityNpvNegative: countWhere(columns.npvProjectUsd, (x) => x < 0) / draws,
    /** P(converting was worse than mining on). */
    regretProbability: regretted / draws,
    regretInterval95: wilson(regretted, draws),
    /** Mean of what was lost where it was regretted; null where it never was. */
    meanRegretUsd: regretted === 0 ? null : -sum(incremental.filter((x) => x < 0)) / regretted,
    bins: binsOf(incremental),
    convergence: convergenceOf(incremental),
    investmentUsd: o.investmentUsd,
    valueUsd,
    valueYears: o.valueYears,
    volAnnual: variation === null ? null : finiteOrNull(Math.sqrt(portableLn(1 + variation ** 2) / o.valueYears)),
    covenantDscr,
    probabilityBelowCovenant: covenantDscr === null ? null : countWhere(columns.minDscr, (x) => x < covenantDscr) / draws,
  }
}
