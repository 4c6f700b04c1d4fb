import * as z from 'zod'
import { atLeastZero, finite, model, positive } from '../model.ts'
import { millsRatio, normalCdf, normalDensity } from './normal-law.ts'

/** Drift and volatility a year, as shares: ten is the most, so that a percentage is not taken for one. */
export const driftAnnual = z.number().min(-10).max(10)
export const volAnnual = z.number().min(0).max(10)
export const years = z.number().min(0).max(100)

const Z95_ONE_SIDED = 1.6448536269514722

/** P(the highest of a Brownian path with drift passes `distance` > 0 by the end); `move` and `sd` are drift and deviation at the end. */
const touches = (distance: number, move: number, sd: number): number => {
  const direct = normalCdf((move - distance) / sd)
  const far = (distance + move) / sd
  // e^(2 move distance / sd^2) P(Z > far): by Mills' ratio one exponential is left, which cannot overflow.
  const reflected =
    far >= 0 ? millsRatio(far) * normalDensity((distance - move) / sd) : Math.exp((2 * move * distance) / (sd * sd)) * normalCdf(-far)
  return Math.min(1, direct + reflected)
}

/**
 * Geometric Brownian motion at its end, in closed form: S = S0 exp((mu - s^2/2) T + s sqrt(T) Z). The touch probability is
 * that of ever reaching the threshold from below, watched without pause (reflection principle).
 * Worked: 71,000 for 2 years at volatility 55 %, no drift: median 71,000 exp(-0.55^2) = 52,466.76; P(above 88,000 at the
 * end) 25.3 %, P(ever there) 69.3 %. Without volatility the path is one line and probabilities are 0 or 1.
 */
export const gbmStats = model(
  { id: 'network.gbmStats', section: '3.5' },
  z.object({ startPrice: positive, driftAnnual, volAnnual, years, threshold: atLeastZero }),
  (i, { step }) => {
    const sd = step('sdLogReturn', i.volAnnual * Math.sqrt(i.years), 'volAnnual * sqrt(years)')
    const move = step('meanLogReturn', (i.driftAnnual - i.volAnnual ** 2 / 2) * i.years, '(driftAnnual - volAnnual ^ 2 / 2) * years')
    const median = step('median', i.startPrice * Math.exp(move), 'startPrice * exp(meanLogReturn)')
    const distance = Math.log(i.threshold / i.startPrice)
    const ends = sd > 0 ? normalCdf((move - distance) / sd) : Number(median > i.threshold)
    const reached = sd > 0 ? touches(distance, move, sd) : Number(median >= i.threshold)
    return {
      mean: step('mean', i.startPrice * Math.exp(i.driftAnnual * i.years), 'startPrice * exp(driftAnnual * years)'),
      median,
      p05: step('p05', median * Math.exp(-Z95_ONE_SIDED * sd), 'median * exp(-1.6448536269514722 * sdLogReturn)'),
      p95: step('p95', median * Math.exp(Z95_ONE_SIDED * sd), 'median * exp(1.6448536269514722 * sdLogReturn)'),
      probAboveAtEnd: step('probAboveAtEnd', ends),
      probTouchAbove: step('probTouchAbove', i.threshold <= i.startPrice ? 1 : reached),
    }
  },
)

/**
 * One path from given standard normals: S' = S exp((mu - s^2/2) dt + s sqrt(dt) z).
 * Worked: 100, volatility 20 %, steps of a year, z = 0.1: 100 exp(-0.02 + 0.02) = 100.
 */
export const gbmPath = model(
  { id: 'network.gbmPath', section: '3.5' },
  z.object({
    startPrice: positive,
    driftAnnual,
    volAnnual,
    stepYears: atLeastZero.max(100),
    normals: z.array(finite).max(100_000),
  }),
  (i, { step }) => {
    const driftPerStep = step(
      'driftPerStep',
      (i.driftAnnual - i.volAnnual ** 2 / 2) * i.stepYears,
      '(driftAnnual - volAnnual ^ 2 / 2) * stepYears',
    )
    const sdPerStep = step('sdPerStep', i.volAnnual * Math.sqrt(i.stepYears), 'volAnnual * sqrt(stepYears)')
    return {
      path: pathOf(
        i.startPrice,
        i.normals.map((normal) => driftPerStep + sdPerStep * normal),
      ),
    }
  },
)

/** Prices along logarithmic returns, the start first. */
export const pathOf = (start: number, logReturns: readonly number[]): number[] => {
  let price = start
  return [start, ...logReturns.map((r) => (price *= Math.exp(r)))]
}
