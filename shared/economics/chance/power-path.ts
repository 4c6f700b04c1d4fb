import * as z from 'zod'
import { model, wholeAtLeastZero } from '../model.ts'
import { sum } from '../sum.ts'
import { portableExp } from './portable-math.ts'
import { HOURS_PER_YEAR, kept, monthOfHour, PowerProcess, type PowerTerms, poisson, relative, spikeHeight } from './power-process.ts'
import { GENERATOR, MOST_SEED, type RandomStream, randomStream } from './random.ts'

/** Spikes that began before the first hour are let run into it: so many mean lengths. */
const WARM_UP = 10

const simulate = (terms: PowerTerms, hours: number, random: RandomStream): { prices: number[]; spikeHours: number } => {
  const month = relative(terms.monthFactor, 12)
  const hourOfDay = relative(terms.hourFactor, 24)
  const spikeMonth = relative(terms.spikeMonthFactor, 12)
  const spikeHour = relative(terms.spikeHourFactor, 24)
  const keeps = kept(terms, 1 / 24)
  const shock = terms.sdLog * Math.sqrt(1 - keeps * keeps)
  const goesOn = 1 - 1 / terms.spikeMeanHours

  let running: number[] = []
  const letSpikesRun = (hour: number) => {
    running = running.filter(() => random.uniform() < goesOn)
    const atMonth = spikeMonth[monthOfHour(terms, Math.max(0, hour))] ?? 1
    const rate = (terms.spikesPerYear / HOURS_PER_YEAR) * atMonth * (spikeHour[((hour % 24) + 24) % 24] ?? 1)
    for (let more = poisson(rate, random); more > 0; more--) running.push(spikeHeight(terms, random))
  }
  if (terms.spikesPerYear > 0) for (let hour = -Math.ceil(WARM_UP * terms.spikeMeanHours); hour < 0; hour++) letSpikesRun(hour)

  let level = terms.sdLog * random.normal()
  let spikeHours = 0
  const prices = Array.from({ length: hours }, (_, hour) => {
    if (hour > 0) level = keeps * level + shock * random.normal()
    if (terms.spikesPerYear > 0) letSpikesRun(hour)
    if (running.length > 0) spikeHours++
    const shape = (month[monthOfHour(terms, hour)] ?? 1) * (hourOfDay[hour % 24] ?? 1)
    return terms.basePerMWh * shape * portableExp(level - terms.sdLog ** 2 / 2) + sum(running)
  })
  return { prices, spikeHours }
}

/**
 * Hourly power prices from a seed: mean-reverting, shaped by month and hour, with spikes. The mean in the long run is exact:
 * base + spikes a year / 8,766 x mean hours x mean height; the sampled mean of this path stands beside it.
 * Worked: base 40, no deviation, 87.66 spikes a year of 5 hours and 200 USD/MWh: 40 + 0.01 x 5 x 200 = 50 USD/MWh.
 */
export const powerPath = model(
  { id: 'network.powerPath', section: '3.5' },
  PowerProcess.extend({ hours: z.int().min(1).max(100_000), seed: wholeAtLeastZero.max(MOST_SEED) }).superRefine((i, refuse) => {
    if (i.spikesPerYear * i.spikeMeanHours > 100 * HOURS_PER_YEAR)
      refuse.addIssue({ code: 'custom', path: ['spikeMeanHours'], message: 'with so many spikes a hundred would run at once' })
  }),
  (i, { step }) => {
    const spikesAtOnce = step('spikesAtOnce', (i.spikesPerYear / HOURS_PER_YEAR) * i.spikeMeanHours)
    const spikeHeightPerMWh = step('spikeHeightPerMWh', i.spikeMeanPerMWh)
    const longRunMeanPerMWh = step(
      'longRunMeanPerMWh',
      i.basePerMWh + spikesAtOnce * spikeHeightPerMWh,
      'basePerMWh + spikesAtOnce * spikeHeightPerMWh',
    )
    const { prices, spikeHours } = simulate(i, i.hours, randomStream(i.seed, 0))
    return {
      pricePerMWh: prices,
      meanPerMWh: sum(prices) / i.hours,
      longRunMeanPerMWh,
      spikeHours,
      generator: GENERATOR,
      seed: i.seed,
    }
  },
)
