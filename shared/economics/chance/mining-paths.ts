import * as z from 'zod'
import { failed, ok, type Result } from '../../result.ts'
import { HOURS_PER_MINING_MONTH, KW_PER_MW } from '../../units.ts'
import { atLeastZero, discountRate, firstProblem, positive, shareBelowOne, wholeAtLeastZero } from '../model.ts'
import { FIRST_HEIGHT_WITHOUT_SUBSIDY, subsidyOfBlocksBtc } from '../revenue/subsidy.ts'
import { sum } from '../sum.ts'
import type { ChunkedJob } from './in-chunks.ts'
import { octavePower, PARTS_PER_E } from './octave-power.ts'
import { portableExp, portableLn } from './portable-math.ts'
import { GENERATOR, MOST_SEED, randomStream } from './random.ts'
import { quantilesByReordering } from './select.ts'

/** 144 blocks/day x 30.4375 days, an integer on purpose (`economics.md` 0.2). */
export const BLOCKS_PER_MINING_MONTH = 4383
const MONTHS_PER_YEAR = 12
/** Of a normal, both sides 95 %. */
const Z95 = 1.959963984540054

/** Paths of one chunk: each chunk draws from its own stream, so this number is part of what a seed means. */
const PATHS_PER_CHUNK = 8192
/** Normals drawn at once: they stay in the nearest cache. */
const DRAWS_AT_ONCE = 2048
const MOST_STEPS = 1e9

export const MiningPathsInputs = z
  .object({
    startPrice: positive,
    /** 0.08 is 8 % a year; ten is the most, so that a percentage is not taken for a share. */
    driftAnnual: z.number().min(-10).max(10),
    volAnnual: z.number().min(0).max(10),
    months: z.int().min(1).max(1200),
    hashratePHs: atLeastZero,
    networkPHs: positive,
    subsidyBtc: atLeastZero,
    feesPerBlockBtc: atLeastZero,
    poolFee: shareBelowOne,
    efficiencyJTH: positive,
    overheadRatio: z.number().min(1),
    /** Energy and all that is avoided with it; may be negative. */
    variablePerMWh: z.number(),
    discountRateAnnual: discountRate,
    paths: z.int().min(1).max(5_000_000),
    seed: wholeAtLeastZero.max(MOST_SEED),
    /** Machines stop in a month that would lose money; by default they never do. */
    shutdownAllowed: z.boolean().optional(),
    /** Height at which month 1 begins: the subsidy then follows the blocks, halvings inside; `subsidyBtc` is that of this height. */
    startHeight: wholeAtLeastZero.optional(),
  })
  .superRefine((i, refuse) => {
    const blocks = i.months * BLOCKS_PER_MINING_MONTH
    const add = (path: string, message: string) => refuse.addIssue({ code: 'custom', path: [path], message })
    if (i.startHeight !== undefined && i.startHeight + blocks > FIRST_HEIGHT_WITHOUT_SUBSIDY)
      add('months', `reach past the last subsidy at height ${FIRST_HEIGHT_WITHOUT_SUBSIDY}`)
    else if (i.startHeight !== undefined && Math.abs(subsidyOfBlocksBtc(i.startHeight, 1) - i.subsidyBtc) > 1e-8)
      add('subsidyBtc', `is ${subsidyOfBlocksBtc(i.startHeight, 1)} at height ${i.startHeight}`)
    else if (i.paths * i.months > MOST_STEPS) add('paths', `times months must not exceed ${MOST_STEPS}`)
  })
export type MiningPathsInput = z.input<typeof MiningPathsInputs>

/** What a month brings, discounted to today, for each USD of price per USD of today's price, and what its energy costs. */
export type MonthlyTerms = { readonly coinUsd: Float64Array; readonly energyUsd: Float64Array }
export const monthlyTerms = (i: MiningPathsInput): MonthlyTerms => {
  const share = i.hashratePHs / i.networkPHs
  const energyUsd = ((i.hashratePHs * i.efficiencyJTH * i.overheadRatio * HOURS_PER_MINING_MONTH) / KW_PER_MW) * i.variablePerMWh
  const discount = (m: number) => portableExp((-(m + 1) / MONTHS_PER_YEAR) * portableLn(1 + i.discountRateAnnual))
  const subsidyBtc = (m: number) =>
    i.startHeight === undefined
      ? i.subsidyBtc * BLOCKS_PER_MINING_MONTH
      : subsidyOfBlocksBtc(i.startHeight + m * BLOCKS_PER_MINING_MONTH, BLOCKS_PER_MINING_MONTH)
  const coins = (m: number) => (subsidyBtc(m) + i.feesPerBlockBtc * BLOCKS_PER_MINING_MONTH) * share * (1 - i.poolFee)
  return {
    coinUsd: Float64Array.from({ length: i.months }, (_, m) => discount(m) * coins(m) * i.startPrice),
    energyUsd: Float64Array.from({ length: i.months }, (_, m) => discount(m) * energyUsd),
  }
}

/** Paths of one chunk: the NPV of each, and of the logarithms of final price / start price the sum and the sum of squares. */
export type MiningPathsPart = { readonly npvUsd: Float64Array; readonly logSum: number; readonly logSquares: number }

const part = (i: MiningPathsInput, index: number): MiningPathsPart => {
  const count = Math.min(PATHS_PER_CHUNK, i.paths - index * PATHS_PER_CHUNK)
  const { months } = i
  const { coinUsd, energyUsd } = monthlyTerms(i)
  const drift = ((i.driftAnnual - (i.volAnnual * i.volAnnual) / 2) / MONTHS_PER_YEAR) * PARTS_PER_E
  const swing = i.volAnnual * Math.sqrt(1 / MONTHS_PER_YEAR) * PARTS_PER_E
  const stops = i.shutdownAllowed === true
  const allEnergyUsd = stops ? 0 : sum(energyUsd)

  const stream = randomStream(i.seed, index)
  const npvUsd = new Float64Array(count)
  const rows = Math.max(1, Math.floor(DRAWS_AT_ONCE / months))
  const draws = new Float64Array(rows * months)
  let logSum = 0
  let logSquares = 0
  for (let first = 0; first < count; first += rows) {
    const here = Math.min(rows, count - first)
    stream.normals(draws, here * months)
    for (let row = 0; row < here; row++) {
      const at = row * months
      let log = 0
      let value = 0
      if (stops)
        for (let m = 0; m < months; m++) {
          log += drift + swing * (draws[at + m] as number)
          const flow = (coinUsd[m] as number) * octavePower(log) - (energyUsd[m] as number)
          value += 0.5 * (flow + Math.abs(flow))
        }
      else
        for (let m = 0; m < months; m++) {
          log += drift + swing * (draws[at + m] as number)
          value += (coinUsd[m] as number) * octavePower(log)
        }
      npvUsd[first + row] = value - allEnergyUsd
      logSum += log
      logSquares += log * log
    }
  }
  return { npvUsd, logSum: logSum / PARTS_PER_E, logSquares: logSquares / (PARTS_PER_E * PARTS_PER_E) }
}

/** Of the first paths that are done: their mean and the interval that holds the true mean with 95 %. */
export type RunningMean = { readonly paths: number; readonly meanNpvUsd: number; readonly lowUsd: number; readonly highUsd: number }

const running = (_: MiningPathsInput, [paths = 0, total = 0, squares = 0]: readonly number[]): RunningMean => {
  const meanNpvUsd = total / paths
  const variance = paths < 2 ? 0 : Math.max(0, squares - paths * meanNpvUsd * meanNpvUsd) / (paths - 1)
  const reach = Z95 * Math.sqrt(variance / paths)
  return { paths, meanNpvUsd, lowUsd: meanNpvUsd - reach, highUsd: meanNpvUsd + reach }
}

const tally = ({ npvUsd }: MiningPathsPart): readonly number[] => {
  let total = 0
  let squares = 0
  for (let k = 0; k < npvUsd.length; k++) {
    const x = npvUsd[k] as number
    total += x
    squares += x * x
  }
  return [npvUsd.length, total, squares]
}

export type MiningPathsAnswer = {
  readonly meanNpv: number
  readonly sdNpvUsd: number | null
  /** Of the mean: what another seed would move it by. */
  readonly standardErrorUsd: number | null
  readonly p05NpvUsd: number
  readonly p50NpvUsd: number
  readonly p95NpvUsd: number
  readonly probabilityOfLoss: number
  /** Null with one path. */
  readonly sdFinalLogPrice: number | null
  readonly generator: string
}

const combine = (i: MiningPathsInput, parts: readonly MiningPathsPart[]): Result<MiningPathsAnswer> => {
  const all = new Float64Array(i.paths)
  let [at, logSum, logSquares] = [0, 0, 0]
  for (const one of parts) {
    all.set(one.npvUsd, at)
    at += one.npvUsd.length
    logSum += one.logSum
    logSquares += one.logSquares
  }
  const n = i.paths
  const meanNpv = sum(all) / n
  let [squares, losses] = [0, 0]
  for (let k = 0; k < n; k++) {
    const off = (all[k] as number) - meanNpv
    squares += off * off
    if ((all[k] as number) < 0) losses++
  }
  if (!Number.isFinite(squares)) return failed('invalid-input', 'volAnnual: prices leave the range of a double', { field: 'volAnnual' })
  const several = n > 1
  const sdNpvUsd = several ? Math.sqrt(squares / (n - 1)) : null
  const [p05NpvUsd = meanNpv, p50NpvUsd = meanNpv, p95NpvUsd = meanNpv] = quantilesByReordering(all, [0.05, 0.5, 0.95])
  return ok({
    meanNpv,
    sdNpvUsd,
    standardErrorUsd: sdNpvUsd === null ? null : sdNpvUsd / Math.sqrt(n),
    p05NpvUsd,
    p50NpvUsd,
    p95NpvUsd,
    probabilityOfLoss: losses / n,
    sdFinalLogPrice: several ? Math.sqrt(Math.max(0, logSquares - (logSum * logSum) / n) / (n - 1)) : null,
    generator: GENERATOR,
  })
}

/** NPV of mining over simulated prices, in chunks of paths: on threads, or one after another inside `mcMiningNpv`. */
export const miningPaths: ChunkedJob<MiningPathsInput, MiningPathsPart, MiningPathsAnswer, RunningMean> = {
  chunks: (given) => {
    const parsed = MiningPathsInputs.safeParse(given)
    return parsed.success ? ok(Math.ceil(parsed.data.paths / PATHS_PER_CHUNK)) : firstProblem(parsed.error)
  },
  part,
  combine,
  tally,
  running,
}
