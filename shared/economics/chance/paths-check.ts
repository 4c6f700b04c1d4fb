import * as z from 'zod'
import { model, positive, wholeAtLeastZero } from '../model.ts'
import { sum } from '../sum.ts'
import { driftAnnual, gbmStats, volAnnual } from './gbm.ts'
import { normalDensity, normalQuantile } from './normal-law.ts'
import { portableExp } from './portable-math.ts'
import { GENERATOR, MOST_SEED, randomStream } from './random.ts'
import { quantilesByReordering } from './select.ts'

const STEPS_PER_YEAR = 12
/** One wrong alarm in sixteen thousand figures. */
const WITHIN = 4

type Figure = {
  readonly figure: string
  readonly sampled: number
  readonly closedForm: number
  /** Of the sampled figure: one standard deviation over seeds. */
  readonly standardError: number
}

/**
 * The simulation held against its closed forms: geometric Brownian motion in monthly steps, each figure with the error that
 * sampling leaves. Touching is not watched at the steps alone: between two prices below the threshold the path touches with
 * probability exp(-2 (b - x)(b - y) / (s^2 dt)) (Brownian bridge), so that the sampled figure has no bias.
 * Worked: 10,000 paths, volatility 55 %, 2 years: the mean's error is 71,000 sqrt(e^0.605 - 1) / 100 = 647 USD.
 */
export const pathsCheck = model(
  { id: 'network.pathsCheck', section: '3.5' },
  z
    .object({
      startPrice: positive,
      driftAnnual,
      volAnnual,
      years: z
        .number()
        .min(1 / STEPS_PER_YEAR)
        .max(100),
      threshold: positive,
      paths: z.int().min(2).max(1_000_000),
      seed: wholeAtLeastZero.max(MOST_SEED),
    })
    .superRefine((i, refuse) => {
      if (i.paths * Math.ceil(i.years * STEPS_PER_YEAR) > 1e8)
        refuse.addIssue({ code: 'custom', path: ['paths'], message: 'times months must not exceed 100000000' })
    }),
  (i, { use }) => {
    const { paths, startPrice, threshold } = i
    const exact = use('closedForm', gbmStats, { startPrice, driftAnnual: i.driftAnnual, volAnnual: i.volAnnual, years: i.years, threshold })
    if (!exact.ok) return exact
    const steps = Math.ceil(i.years * STEPS_PER_YEAR)
    const stepYears = i.years / steps
    const drift = (i.driftAnnual - i.volAnnual ** 2 / 2) * stepYears
    const variance = i.volAnnual ** 2 * stepYears
    const sd = Math.sqrt(variance)
    const barrier = Math.log(threshold / startPrice)
    const random = randomStream(i.seed, 0)
    const ends = new Float64Array(paths)
    const touched = new Float64Array(paths)
    const normals = new Float64Array(steps)
    let above = 0
    for (let p = 0; p < paths; p++) {
      random.normals(normals, steps)
      let log = 0
      let untouched = barrier > 0 ? 1 : 0
      for (let k = 0; k < steps; k++) {
        const before = log
        log += drift + sd * (normals[k] as number)
        if (untouched === 0) continue
        untouched *= log >= barrier ? 0 : variance > 0 ? 1 - portableExp((-2 * (barrier - before) * (barrier - log)) / variance) : 1
      }
      ends[p] = startPrice * portableExp(log)
      touched[p] = 1 - untouched
      if (log > barrier) above++
    }
    const meanOf = (of: Float64Array) => sum(of) / paths
    const errorOf = (of: Float64Array, mean: number) => Math.sqrt(sum(of.map((x) => (x - mean) ** 2)) / (paths - 1) / paths)
    const mean = meanOf(ends)
    const touching = meanOf(touched)
    const meanError = errorOf(ends, mean)
    const shares = [0.05, 0.5, 0.95] as const
    const [p05 = 0, p50 = 0, p95 = 0] = quantilesByReordering(ends, shares)
    const closed = exact.value
    const sdEnd = i.volAnnual * Math.sqrt(i.years)
    /** A quantile of n draws: sqrt(q (1 - q) / n) / density there. */
    const quantileError = (share: number, at: number) =>
      (Math.sqrt((share * (1 - share)) / paths) * sdEnd * at) / normalDensity(normalQuantile(share))
    const figures: Figure[] = [
      { figure: 'mean', sampled: mean, closedForm: closed.mean, standardError: meanError },
      { figure: 'p05', sampled: p05, closedForm: closed.p05, standardError: quantileError(0.05, closed.p05) },
      { figure: 'median', sampled: p50, closedForm: closed.median, standardError: quantileError(0.5, closed.median) },
      { figure: 'p95', sampled: p95, closedForm: closed.p95, standardError: quantileError(0.95, closed.p95) },
      {
        figure: 'probAboveAtEnd',
        sampled: above / paths,
        closedForm: closed.probAboveAtEnd,
        standardError: Math.sqrt((closed.probAboveAtEnd * (1 - closed.probAboveAtEnd)) / paths),
      },
      { figure: 'probTouchAbove', sampled: touching, closedForm: closed.probTouchAbove, standardError: errorOf(touched, touching) },
    ]
    const near = (f: Figure) => Math.abs(f.sampled - f.closedForm) <= WITHIN * f.standardError + 1e-9 * Math.max(1, Math.abs(f.closedForm))
    return {
      figures: figures.map((f) => ({ ...f, isNear: near(f) })),
      agrees: figures.every(near),
      generator: GENERATOR,
      paths,
      seed: i.seed,
    }
  },
)
