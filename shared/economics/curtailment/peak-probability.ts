import * as z from 'zod'
import { finite, model, positive, share } from '../model.ts'
import { sum } from '../sum.ts'

/**
 * Chance that an interval becomes the month's coincident peak: logistic in forecast load against the month's peak so far,
 * temperature and the hour's distance from the usual one. The user may type probabilities instead; these are for a start.
 */
const Coefficients = z.object({
  /** Log-odds at a load equal to the peak so far, at 35 °C, at 17:00. */
  intercept: finite,
  /** Per 1 of load ratio. */
  perLoadRatio: finite,
  perDegreeC: finite,
  /** Per squared hour from 17:00. */
  perHourSquared: finite,
})
type Coefficients = z.output<typeof Coefficients>

/** The 16 ERCOT summer peaks of 2022 to 2025 ended between 16:00 and 17:45 local time, ten of them at 17:00: distance counts from there. */
const USUAL_HOUR = 17
const USUAL_TEMPERATURE_C = 35

/**
 * ASSUMED, not fitted: about 5 % an interval when the forecast equals the peak so far at the usual hour, a fiftieth of that 5 %
 * below it. `peakProbabilityFit` replaces them by a site's own history.
 */
export const ASSUMED_COEFFICIENTS: Coefficients = { intercept: -3, perLoadRatio: 80, perDegreeC: 0.1, perHourSquared: -0.5 }

const features = (loadRatio: number, temperatureC: number, hourOfDay: number): readonly [number, number, number, number] => [
  1,
  loadRatio - 1,
  temperatureC - USUAL_TEMPERATURE_C,
  (hourOfDay - USUAL_HOUR) ** 2,
]

/** Never overflows: for very negative odds the exponential goes to 0, for very positive ones the other form is used. */
const logistic = (logOdds: number): number => (logOdds >= 0 ? 1 / (1 + Math.exp(-logOdds)) : Math.exp(logOdds) / (1 + Math.exp(logOdds)))

const hourOfDay = z.number().min(0).max(24)
const temperatureC = z.number().min(-90).max(70)

/**
 * Worked: load at the peak so far, 35 °C, 17:00: log-odds −3, 1 / (1 + e^3) = 4.74 %; 5 % below it: −7, 0.091 %.
 */
export const peakProbability = model(
  { id: 'curtailment.peakProbability', section: '4.4' },
  z.object({
    forecastLoadMW: positive,
    monthPeakSoFarMW: positive,
    temperatureC,
    hourOfDay,
    coefficients: Coefficients.optional(),
  }),
  (i, { step }) => {
    const c = i.coefficients ?? ASSUMED_COEFFICIENTS
    const loadRatio = step('loadRatio', i.forecastLoadMW / i.monthPeakSoFarMW, 'forecastLoadMW / monthPeakSoFarMW')
    const [, x1, x2, x3] = features(loadRatio, i.temperatureC, i.hourOfDay)
    const logOdds = step('logOdds', c.intercept + c.perLoadRatio * x1 + c.perDegreeC * x2 + c.perHourSquared * x3)
    return { probability: logistic(logOdds), coefficientsAssumed: i.coefficients === undefined }
  },
)

const MOST_OBSERVATIONS = 200_000
const SIZE = 4
const ROUNDS = 60
/** Log-odds that no observation of a finite maximum needs: beyond it the data are split perfectly and the fit runs away. */
const RUNAWAY = 200

type System = { readonly matrix: number[][]; readonly right: number[] }

/** Gaussian elimination with pivots; null where the columns do not tell apart. */
const solved = ({ matrix, right }: System): number[] | null => {
  const rows = matrix.map((row, k) => [...row, right[k] ?? 0])
  for (let k = 0; k < SIZE; k++) {
    const pivot = rows.slice(k).reduce((best, row, at) => (Math.abs(row[k] ?? 0) > Math.abs(rows[best]?.[k] ?? 0) ? at + k : best), k)
    const chosen = rows[pivot]
    const other = rows[k]
    if (chosen === undefined || other === undefined || Math.abs(chosen[k] ?? 0) < 1e-12) return null
    rows[pivot] = other
    rows[k] = chosen
    for (let r = 0; r < SIZE; r++) {
      const row = rows[r]
      if (r === k || row === undefined) continue
      const factor = (row[k] ?? 0) / (chosen[k] ?? 1)
      for (let c = k; c <= SIZE; c++) row[c] = (row[c] ?? 0) - factor * (chosen[c] ?? 0)
    }
  }
  return rows.map((row, k) => (row[SIZE] ?? 0) / (row[k] ?? 1))
}

/**
 * Coefficients by maximum likelihood (Newton's method) from intervals of which it is known whether they were the peak. `wasPeak`
 * may be a share where several intervals are told as one. SEPARABLE: a line splits peaks from others perfectly, so that no finite
 * coefficients are best; SINGULAR: the history does not move in one of the inputs. Coefficients are null then.
 * Worked: labels equal to the probabilities of known coefficients give those coefficients back.
 */
export const peakProbabilityFit = model(
  { id: 'curtailment.peakProbabilityFit', section: '4.4' },
  z.object({
    observations: z
      .array(z.object({ loadRatio: positive, temperatureC, hourOfDay, wasPeak: share }))
      .min(SIZE + 1)
      .max(MOST_OBSERVATIONS),
  }),
  (i) => {
    const rows = i.observations.map((o) => features(o.loadRatio, o.temperatureC, o.hourOfDay))
    // Columns of one size keep the matrix well-conditioned; the coefficients are scaled back at the end.
    const scale = Array.from({ length: SIZE }, (_, k) => rows.reduce((most, x) => Math.max(most, Math.abs(x[k] ?? 0)), 0) || 1)
    const scaled = rows.map((x) => x.map((v, k) => v / (scale[k] ?? 1)))
    const logOddsOf = (beta: readonly number[], x: readonly number[]) => x.reduce((total, v, k) => total + v * (beta[k] ?? 0), 0)
    const logLikelihood = (beta: readonly number[]) =>
      sum(
        scaled.map((x, n) => {
          const z0 = logOddsOf(beta, x)
          // y ln p + (1 − y) ln(1 − p), in the form that does not overflow.
          return (i.observations[n]?.wasPeak ?? 0) * z0 - (Math.max(0, z0) + Math.log1p(Math.exp(-Math.abs(z0))))
        }),
      )
    const answer = (status: 'OK' | 'SEPARABLE' | 'SINGULAR', beta: readonly number[] | null, iterations: number) => {
      const [intercept = 0, perLoadRatio = 0, perDegreeC = 0, perHourSquared = 0] = (beta ?? []).map((b, k) => b / (scale[k] ?? 1))
      return {
        status,
        coefficients: beta === null ? null : { intercept, perLoadRatio, perDegreeC, perHourSquared },
        logLikelihood: beta === null ? null : logLikelihood(beta),
        iterations,
        observationCount: rows.length,
      }
    }
    let beta = [0, 0, 0, 0]
    let likelihood = logLikelihood(beta)
    for (let round = 1; round <= ROUNDS; round++) {
      const matrix = Array.from({ length: SIZE }, () => new Array<number>(SIZE).fill(0))
      const right = new Array<number>(SIZE).fill(0)
      for (const [n, x] of scaled.entries()) {
        const p = logistic(logOddsOf(beta, x))
        const weight = p * (1 - p)
        const off = (i.observations[n]?.wasPeak ?? 0) - p
        for (let r = 0; r < SIZE; r++) {
          right[r] = (right[r] ?? 0) + off * (x[r] ?? 0)
          const row = matrix[r]
          if (row !== undefined) for (let c = 0; c < SIZE; c++) row[c] = (row[c] ?? 0) + weight * (x[r] ?? 0) * (x[c] ?? 0)
        }
      }
      const move = solved({ matrix, right })
      if (move === null) return answer(round === 1 ? 'SINGULAR' : 'SEPARABLE', null, round)
      // Half steps where a full one overshoots the maximum.
      let next = beta
      let part = 1
      for (; part > 1e-6; part /= 2) {
        next = beta.map((b, k) => b + part * (move[k] ?? 0))
        if (logLikelihood(next) >= likelihood) break
      }
      likelihood = logLikelihood(next)
      beta = next
      if (scaled.some((x) => Math.abs(logOddsOf(beta, x)) > RUNAWAY)) return answer('SEPARABLE', null, round)
      if (move.every((m, k) => Math.abs(m) <= 1e-10 * (1 + Math.abs(beta[k] ?? 0)))) return answer('OK', beta, round)
    }
    return answer('SEPARABLE', null, ROUNDS)
  },
)
