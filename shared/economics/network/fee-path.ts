import * as z from 'zod'
import { portableExp, portableLn } from '../chance/portable-math.ts'
import { GENERATOR, MOST_SEED, type RandomStream, randomStream } from '../chance/random.ts'
import { atLeastZero, finite, model, positive, shareBelowOne, wholeAtLeastZero } from '../model.ts'
import { FIRST_HEIGHT_WITHOUT_SUBSIDY, subsidyOfBlocksBtc } from '../revenue/subsidy.ts'

const LONGEST_MONTHS = 1200
const MONTHS_PER_YEAR = 12
const BLOCKS_PER_MINING_MONTH = 4383

const months = z.int().min(1).max(LONGEST_MONTHS)

/** Speed, volatility and spikes are assumed; level as in `economics.md` 11. */
const MeanReverting = z.object({
  kind: z.literal('meanReverting'),
  months,
  /** Centre of the logarithm, so the median in the long run. */
  levelBtc: positive.default(0.025),
  /** Fees of today; left out: the level. */
  startBtc: positive.optional(),
  /** Of the distance to the level, in logarithms: e^(-speed x years) is left. */
  reversionAnnual: positive.max(1000).default(4),
  /** Of the logarithm, per square root of a year. */
  volAnnual: atLeastZero.max(20).default(1),
  /** Poisson; each multiplies the fees of its month by a lognormal factor. */
  spikesPerYear: atLeastZero.max(1000).default(0),
  spikeMeanLog: finite.default(1.4),
  spikeSdLog: atLeastZero.max(20).default(0.5),
  seed: z.int().min(0).max(MOST_SEED),
  /** Number of the path: each draws from a stream of its own. */
  path: z.int().min(0).max(MOST_SEED).default(0),
})
const ConstantShare = z
  .object({ kind: z.literal('constantShare'), startHeight: wholeAtLeastZero, months, feeShareOfReward: shareBelowOne })
  .superRefine((i, refuse) => {
    if (i.startHeight + i.months * BLOCKS_PER_MINING_MONTH > FIRST_HEIGHT_WITHOUT_SUBSIDY)
      refuse.addIssue({
        code: 'custom',
        path: ['months'],
        message: `reach past the last subsidy at height ${FIRST_HEIGHT_WITHOUT_SUBSIDY}`,
      })
  })

/** Multiplied spikes of one month, as a logarithm, and how many. */
const spikes = (random: RandomStream, perMonth: number, meanLog: number, sdLog: number) => {
  let log = 0
  let count = 0
  for (let passed = random.exponential(); passed < perMonth; passed += random.exponential()) {
    log += meanLog + sdLog * random.normal()
    count++
  }
  return { log, count }
}

const meanReverting = (i: z.output<typeof MeanReverting>) => {
  const random = randomStream(i.seed, i.path)
  const level = portableLn(i.levelBtc)
  const kept = portableExp(-i.reversionAnnual / MONTHS_PER_YEAR)
  const longRunVariance = i.volAnnual ** 2 / (2 * i.reversionAnnual)
  const sd = Math.sqrt(longRunVariance * (1 - kept * kept))
  let log = i.startBtc === undefined ? level : portableLn(i.startBtc)
  const feesPerBlockBtc: number[] = []
  const spikeCount: number[] = []
  for (let month = 0; month < i.months; month++) {
    log = level + (log - level) * kept + sd * random.normal()
    const spike = spikes(random, i.spikesPerYear / MONTHS_PER_YEAR, i.spikeMeanLog, i.spikeSdLog)
    feesPerBlockBtc.push(portableExp(log + spike.log))
    spikeCount.push(spike.count)
  }
  return {
    feesPerBlockBtc,
    spikeCount,
    longRunMedianBtc: i.levelBtc,
    /** Without spikes: above the median, because fees rise further than they fall. */
    longRunMeanBtc: i.levelBtc * portableExp(longRunVariance / 2),
    seed: i.seed,
    generator: GENERATOR,
  }
}

/** S phi / (1 - phi) of the month's mean subsidy, a halving inside counted block by block. */
const constantShare = (i: z.output<typeof ConstantShare>) => ({
  feesPerBlockBtc: Array.from({ length: i.months }, (_, month) => {
    const subsidyBtc = subsidyOfBlocksBtc(i.startHeight + month * BLOCKS_PER_MINING_MONTH, BLOCKS_PER_MINING_MONTH)
    return ((subsidyBtc / BLOCKS_PER_MINING_MONTH) * i.feeShareOfReward) / (1 - i.feeShareOfReward)
  }),
  spikeCount: null,
  longRunMedianBtc: null,
  longRunMeanBtc: null,
  seed: null,
  generator: null,
})

/**
 * Fees per block by month, BTC. `meanReverting`: the logarithm returns to the level's and is shaken (Ornstein-Uhlenbeck, stepped
 * exactly), with spikes of a month on request; drawn from the seed. `constantShare`: fees are that share of the whole reward,
 * so they halve with the subsidy; nothing is drawn.
 * Worked: volatility 0, from 0.10 to a level of 0.025 at speed 12 ln 2 a year: half the distance a month: 0.05, 0.0354, 0.0297.
 */
export const feePath = model(
  { id: 'network.feePath', section: '3.4' },
  z.discriminatedUnion('kind', [MeanReverting, ConstantShare]),
  (i) => (i.kind === 'meanReverting' ? meanReverting(i) : constantShare(i)),
)
