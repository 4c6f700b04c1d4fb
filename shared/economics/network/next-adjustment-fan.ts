import * as z from 'zod'
import { failed } from '../../result.ts'
import { portableLn } from '../chance/portable-math.ts'
import { GENERATOR, MOST_SEED, type RandomStream, randomStream } from '../chance/random.ts'
import { atLeastZero, model, positive } from '../model.ts'
import { sum } from '../sum.ts'
import { HashrateSteps, walkAlong, workPerBlockEhHours } from './hashrate-steps.ts'
import { BLOCKS_PER_EPOCH, retargetFactor } from './retarget.ts'

const SECONDS_PER_HOUR = 3600
/** With a whole epoch ahead, a second or two; more does not narrow the fan. */
const MOST_PATHS = 20_000
const PROBABILITIES = [0.05, 0.25, 0.5, 0.75, 0.95]
/** Uniforms of 32 bits that may be multiplied before the product leaves the range of a double (2^-1022). */
const AT_ONCE = 24
const TWO32 = 4_294_967_296

/** Sum of `n` exponential intervals of mean 1: the logarithm of a product is the sum of logarithms, at a fraction of the price. */
const exponentials = (random: RandomStream, n: number): number => {
  let total = 0
  for (let left = n; left > 0; left -= AT_ONCE) {
    let product = 1
    for (let k = Math.min(left, AT_ONCE); k > 0; k--) product *= (random.bits() + 0.5) / TWO32
    total -= portableLn(product)
  }
  return total
}

/** Linear between the two draws around it; `sorted` ascends. */
const quantile = (sorted: readonly number[], probability: number): number => {
  const place = probability * (sorted.length - 1)
  const below = Math.floor(place)
  const low = sorted[below] ?? 0
  return low + (place - below) * ((sorted[below + 1] ?? low) - low)
}

/**
 * The next change of difficulty as chance leaves it open: the blocks still missing come after exponential intervals, drawn
 * block by block. `blocksFound` of the 2,016 and `elapsedSeconds` since the epoch began; hour 0 of the steps is now.
 * Quantiles of the hours left and of the change are each by themselves (a long wait goes with a fall). `expected` is the change
 * without chance. `paths` up to 20,000; the same seed gives the same answer.
 * Worked: with a whole epoch ahead at a hashrate that fits, the epoch's length has a relative sd of 1 / sqrt(2016) = 2.2 %.
 */
export const nextAdjustmentFan = model(
  { id: 'network.nextAdjustmentFan', section: '3.2' },
  z.object({
    difficulty: positive,
    hashrateSteps: HashrateSteps,
    blocksFound: z
      .int()
      .min(0)
      .max(BLOCKS_PER_EPOCH - 1),
    elapsedSeconds: atLeastZero,
    paths: z.int().min(1).max(MOST_PATHS).default(1000),
    seed: z.int().min(0).max(MOST_SEED),
  }),
  (i, { step }) => {
    const blocksLeft = step('blocksLeft', BLOCKS_PER_EPOCH - i.blocksFound, '2016 - blocksFound')
    const perBlock = workPerBlockEhHours(i.difficulty)
    const at = (hoursLeft: number) => retargetFactor(i.elapsedSeconds + hoursLeft * SECONDS_PER_HOUR)
    // Ascending, so that one walk along the steps serves all paths.
    const works = Float64Array.from(
      { length: i.paths },
      (_, path) => exponentials(randomStream(i.seed, path), blocksLeft) * perBlock,
    ).sort()
    const walk = walkAlong(i.hashrateSteps)
    const hoursLeft: number[] = []
    let done = 0
    for (const work of works) {
      const hour = walk(work - done)
      if (hour === null) return unending()
      hoursLeft.push(hour)
      done = work
    }
    const expectedHours = walkAlong(i.hashrateSteps)(blocksLeft * perBlock)
    if (expectedHours === null) return unending()
    const changes = hoursLeft.map((h) => at(h).factor - 1).reverse()
    const expectedChange = step('expectedChange', at(step('expectedHoursLeft', expectedHours)).factor - 1)
    return {
      blocksLeft,
      quantiles: PROBABILITIES.map((probability) => {
        const change = quantile(changes, probability)
        return { probability, hoursLeft: quantile(hoursLeft, probability), change, newDifficulty: i.difficulty * (1 + change) }
      }),
      meanHoursLeft: sum(hoursLeft) / i.paths,
      meanChange: sum(changes) / i.paths,
      probabilityOfRise: changes.filter((c) => c > 0).length / i.paths,
      probabilityOfClamp: hoursLeft.filter((h) => at(h).clamped).length / i.paths,
      expectedHoursLeft: expectedHours,
      expectedChange,
      expectedNewDifficulty: i.difficulty * (1 + expectedChange),
      paths: i.paths,
      seed: i.seed,
      generator: GENERATOR,
    }
  },
)

const unending = () =>
  failed('invalid-input', 'hashrateSteps: the epoch reaches a step whose hashrate cannot end it', { field: 'hashrateSteps' })
