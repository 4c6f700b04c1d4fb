import * as z from 'zod'
import { atLeastZero, positive } from '../model.ts'
import { portableExp } from './portable-math.ts'
import type { RandomStream } from './random.ts'

export const HOURS_PER_YEAR = 8766
export const DAYS_PER_MONTH = 30.4375
const HOURS_PER_DAY = 24

const factors = (count: number) => z.array(atLeastZero.max(1000)).length(count).optional()

/**
 * Power price as a level that returns to its mean, a shape by month and hour, and spikes on top: level x month x hour, the
 * level lognormal with mean 1, plus the height of each spike that runs. Shapes are taken relative to their own mean, so that
 * `basePerMWh` is the mean price without spikes.
 */
export const PowerProcess = z.object({
  basePerMWh: atLeastZero,
  /** Of the level's logarithm, in the long run; 0.3 is about 30 %. */
  sdLog: z.number().min(0).max(3),
  /** After so many days half of a deviation is gone. */
  halfLifeDays: positive.max(10_000),
  monthFactor: factors(12),
  hourFactor: factors(HOURS_PER_DAY),
  spikesPerYear: atLeastZero.max(HOURS_PER_YEAR).default(0),
  /** How much a spike adds on average, and how long it lasts on average (geometric). */
  spikeMeanPerMWh: atLeastZero.default(0),
  spikeSdLog: z.number().min(0).max(3).default(0),
  spikeMeanHours: z.number().min(1).max(1000).default(1),
  /** When spikes begin: storms of winter evenings, heat of summer afternoons. */
  spikeMonthFactor: factors(12),
  spikeHourFactor: factors(HOURS_PER_DAY),
  /** The calendar month in which it begins, 1 to 12. */
  firstMonth: z.int().min(1).max(12).default(1),
})
export type PowerTerms = z.output<typeof PowerProcess>

/** Divided by their mean; all zero or none given: even. */
export const relative = (given: readonly number[] | undefined, count: number): Float64Array => {
  const total = given?.reduce((a, b) => a + b, 0) ?? 0
  return Float64Array.from({ length: count }, (_, k) => (total > 0 ? ((given?.[k] ?? 0) * count) / total : 1))
}

/** Months since the beginning of `firstMonth` at this hour, as a place in a list that starts with January. */
export const monthOfHour = (terms: PowerTerms, hour: number): number =>
  (terms.firstMonth - 1 + Math.floor(hour / (HOURS_PER_DAY * DAYS_PER_MONTH))) % 12

/** What is kept of a deviation over `days`. Worked: over one half-life, 0.5. */
export const kept = (terms: PowerTerms, days: number): number => portableExp((-Math.LN2 * days) / terms.halfLifeDays)

/** Mean height of one more spike. */
export const spikeHeight = (terms: PowerTerms, random: RandomStream): number =>
  terms.spikeMeanPerMWh * (terms.spikeSdLog === 0 ? 1 : portableExp(terms.spikeSdLog * random.normal() - terms.spikeSdLog ** 2 / 2))

/** How often something of this mean happens. */
export const poisson = (mean: number, random: RandomStream): number => {
  let count = 0
  for (let at = random.exponential(); at < mean; at += random.exponential()) count++
  return count
}
