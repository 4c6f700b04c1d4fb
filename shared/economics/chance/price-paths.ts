import * as z from 'zod'
import { failed, ok, type Result } from '../../result.ts'
import { finite, firstProblem, model, positive, wholeAtLeastZero } from '../model.ts'
import { sum } from '../sum.ts'
import { BLOCK_DAYS } from './bootstrap.ts'
import { driftAnnual, volAnnual } from './gbm.ts'
import { type ChunkedJob, inChunks } from './in-chunks.ts'
import { jumpTerms } from './jump.ts'
import { portableExp } from './portable-math.ts'
import { DAYS_PER_MONTH, kept, monthOfHour, PowerProcess, type PowerTerms, poisson, relative, spikeHeight } from './power-process.ts'
import { GENERATOR, MOST_SEED, type RandomStream, randomStream } from './random.ts'
import { quantilesByReordering } from './select.ts'

const DAYS_PER_YEAR = 365.25
const PATHS_PER_CHUNK = 1024
const MOST_STEPS = 2e8
const MOST_MONTHS = 1e7
const LONGEST_HISTORY = 200_000

const Price = z.discriminatedUnion('process', [
  z.object({ process: z.literal('gbm'), driftAnnual, volAnnual }),
  /** Merton's; compensated unless said otherwise. */
  z.object({ process: z.literal('jump'), driftAnnual, volAnnual, ...jumpTerms, compensated: z.boolean().default(true) }),
  z.object({
    process: z.literal('bootstrap'),
    /** Past logarithmic returns, one a day. */
    logReturns: z.array(finite.min(-50).max(50)).min(1).max(LONGEST_HISTORY),
    blockDays: z.int().min(1).default(BLOCK_DAYS),
    /** Mean power price of the same days: drawn together, so that what went together still does. */
    powerPerMWh: z.array(finite).max(LONGEST_HISTORY).optional(),
  }),
])
type PriceTerms = z.output<typeof Price>

export const PricePathsInputs = z
  .object({
    startPrice: positive,
    months: z.int().min(1).max(1200),
    paths: z.int().min(1).max(5_000_000),
    seed: wholeAtLeastZero.max(MOST_SEED),
    price: Price,
    /** A power price beside a coin price of the first two kinds; `correlation` is that of their daily shocks, a scenario's input. */
    power: PowerProcess.extend({ correlation: z.number().min(-1).max(1) }).optional(),
  })
  .superRefine(({ price, power, months, paths }, refuse) => {
    const add = (path: string[], message: string) => refuse.addIssue({ code: 'custom', path, message })
    const daily = price.process === 'bootstrap' || power !== undefined
    if (paths * months > MOST_MONTHS) add(['paths'], `times months must not exceed ${MOST_MONTHS}`)
    else if (daily && paths * months * DAYS_PER_MONTH > MOST_STEPS) add(['paths'], `times days must not exceed ${MOST_STEPS}`)
    if (price.process === 'bootstrap') {
      const { length } = price.logReturns
      if (price.blockDays > length) add(['price', 'blockDays'], `is longer than the ${length} returns`)
      if (price.powerPerMWh !== undefined && price.powerPerMWh.length !== length)
        add(['price', 'powerPerMWh'], `has ${price.powerPerMWh.length} days, logReturns ${length}`)
      if (power !== undefined) add(['power'], 'of a bootstrap comes from the same days: powerPerMWh')
    }
  })
export type PricePathsInput = z.input<typeof PricePathsInputs>
type Terms = z.output<typeof PricePathsInputs>

/** Row by row: the coin price at the end of each month, and the mean power price of the month. */
export type PricePathsPart = {
  readonly priceUsd: Float64Array
  readonly powerPerMWh: Float64Array | null
  /** Count, sums, squares and product of the daily returns and power shocks (bootstrap: power prices). */
  readonly together: readonly number[]
}

const monthEnd = (month: number): number => Math.round((month + 1) * DAYS_PER_MONTH)

/** Logarithmic return over `stepYears` from a given normal; jumps are drawn. */
const returnOver = (price: Exclude<PriceTerms, { process: 'bootstrap' }>, stepYears: number) => {
  const sd = price.volAnnual * Math.sqrt(stepYears)
  const diffusion = (price.driftAnnual - price.volAnnual ** 2 / 2) * stepYears
  if (price.process === 'gbm') return (normal: number) => diffusion + sd * normal
  const jumps = price.jumpsPerYear * stepYears
  const gain = price.compensated ? jumps * (portableExp(price.jumpMeanLog + price.jumpSdLog ** 2 / 2) - 1) : 0
  return (normal: number, random: RandomStream) => {
    const count = poisson(jumps, random)
    const jumped = count === 0 ? 0 : count * price.jumpMeanLog + price.jumpSdLog * Math.sqrt(count) * random.normal()
    return diffusion - gain + sd * normal + jumped
  }
}

/** Mean power price of successive days, given the day's shock. */
const powerDays = (terms: PowerTerms, random: RandomStream) => {
  const season = relative(terms.monthFactor, 12)
  const spikeSeason = relative(terms.spikeMonthFactor, 12)
  const keeps = kept(terms, 1)
  const shocked = terms.sdLog * Math.sqrt(1 - keeps * keeps)
  let level = terms.sdLog * random.normal()
  return (day: number, shock: number): number => {
    level = keeps * level + shocked * shock
    const month = monthOfHour(terms, day * 24)
    let spikes = 0
    const rate = (terms.spikesPerYear / DAYS_PER_YEAR) * (spikeSeason[month] ?? 1)
    for (let more = rate > 0 ? poisson(rate, random) : 0; more > 0; more--) spikes += spikeHeight(terms, random)
    return terms.basePerMWh * (season[month] ?? 1) * portableExp(level - terms.sdLog ** 2 / 2) + (spikes * terms.spikeMeanHours) / 24
  }
}

/** A day's return and power price; `shock` is what the correlation is told of. */
type Day = { log: number; power: number; shock: number }

const days = (i: Terms, random: RandomStream): ((day: number, into: Day) => void) => {
  const { price, power } = i
  if (price.process === 'bootstrap') {
    const { logReturns, powerPerMWh, blockDays } = price
    let at = 0
    return (day, into) => {
      at = day % blockDays === 0 ? random.below(logReturns.length) : (at + 1) % logReturns.length
      into.log = logReturns[at] as number
      into.power = powerPerMWh?.[at] ?? 0
      into.shock = into.power
    }
  }
  const step = returnOver(price, 1 / DAYS_PER_YEAR)
  const powerOf = power === undefined ? null : powerDays(power, random)
  const own = power === undefined ? 0 : Math.sqrt(1 - power.correlation ** 2)
  return (day, into) => {
    const normal = random.normal()
    into.log = step(normal, random)
    if (power === undefined || powerOf === null) return
    into.shock = power.correlation * normal + own * random.normal()
    into.power = powerOf(day, into.shock)
  }
}

/** Defaults filled in, once for all chunks: a long history takes longer to check than a chunk to draw. */
const termsOf = new WeakMap<PricePathsInput, Terms>()
const terms = (given: PricePathsInput): Terms => {
  const known = termsOf.get(given) ?? PricePathsInputs.parse(given)
  termsOf.set(given, known)
  return known
}

const part = (given: PricePathsInput, index: number): PricePathsPart => {
  const i = terms(given)
  const count = Math.min(PATHS_PER_CHUNK, i.paths - index * PATHS_PER_CHUNK)
  const { months, price, startPrice } = i
  const random = randomStream(i.seed, index)
  const priceUsd = new Float64Array(count * months)
  if (price.process !== 'bootstrap' && i.power === undefined) {
    const step = returnOver(price, 1 / 12)
    for (let row = 0; row < count; row++) {
      let log = 0
      for (let m = 0; m < months; m++) {
        log += step(random.normal(), random)
        priceUsd[row * months + m] = startPrice * portableExp(log)
      }
    }
    return { priceUsd, powerPerMWh: null, together: [] }
  }
  const withPower = i.power !== undefined || (price.process === 'bootstrap' && price.powerPerMWh !== undefined)
  const powerPerMWh = withPower ? new Float64Array(count * months) : null
  const today: Day = { log: 0, power: 0, shock: 0 }
  let [n, x, y, xx, yy, xy] = [0, 0, 0, 0, 0, 0]
  for (let row = 0; row < count; row++) {
    const next = days(i, random)
    let [log, day] = [0, 0]
    for (let m = 0; m < months; m++) {
      const first = day
      let power = 0
      for (const end = monthEnd(m); day < end; day++) {
        next(day, today)
        log += today.log
        power += today.power
        n++
        x += today.log
        y += today.shock
        xx += today.log * today.log
        yy += today.shock * today.shock
        xy += today.log * today.shock
      }
      priceUsd[row * months + m] = startPrice * portableExp(log)
      if (powerPerMWh !== null) powerPerMWh[row * months + m] = power / (day - first)
    }
  }
  return { priceUsd, powerPerMWh, together: withPower ? [n, x, y, xx, yy, xy] : [] }
}

const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95]
type Spread = { readonly mean: number; readonly shares: readonly number[] }
/** Mean and quantiles over all paths, month by month. */
const spreads = (parts: readonly Float64Array[], months: number, paths: number): Spread[] => {
  const month = new Float64Array(paths)
  return Array.from({ length: months }, (_, m) => {
    let at = 0
    for (const rows of parts) for (let k = m; k < rows.length; k += months) month[at++] = rows[k] as number
    return { mean: sum(month) / paths, shares: quantilesByReordering(month, SHARES) }
  })
}

export type PriceMonth = {
  readonly month: number
  readonly meanBtcUsd: number
  readonly p05BtcUsd: number
  readonly p25BtcUsd: number
  readonly p50BtcUsd: number
  readonly p75BtcUsd: number
  readonly p95BtcUsd: number
  /** Null where no power price was asked for. */
  readonly power: {
    readonly meanPerMWh: number
    readonly p05PerMWh: number
    readonly p25PerMWh: number
    readonly p50PerMWh: number
    readonly p75PerMWh: number
    readonly p95PerMWh: number
  } | null
}
export type PricePathsAnswer = {
  readonly fan: readonly PriceMonth[]
  /** Of the daily returns and power shocks as drawn (bootstrap: returns and power prices); null without power or without spread. */
  readonly sampledCorrelation: number | null
  readonly generator: string
}

const correlationOf = (parts: readonly PricePathsPart[]): number | null => {
  const [n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0] = [0, 1, 2, 3, 4, 5].map((k) => sum(parts.map((p) => p.together[k] ?? 0)))
  const spread = (xx - (x * x) / n) * (yy - (y * y) / n)
  return n > 0 && spread > 0 ? (xy - (x * y) / n) / Math.sqrt(spread) : null
}

const combine = (i: PricePathsInput, parts: readonly PricePathsPart[]): Result<PricePathsAnswer> => {
  const prices = spreads(
    parts.map((p) => p.priceUsd),
    i.months,
    i.paths,
  )
  if (prices.some((p) => !Number.isFinite(p.mean)))
    return failed('invalid-input', 'price: paths leave the range of a double', { field: 'price' })
  const rows = parts.flatMap((p) => (p.powerPerMWh === null ? [] : [p.powerPerMWh]))
  const powers = rows.length > 0 ? spreads(rows, i.months, i.paths) : null
  const fan = prices.map(({ mean, shares: [p05 = mean, p25 = mean, p50 = mean, p75 = mean, p95 = mean] }, m): PriceMonth => {
    const power = powers?.[m]
    const [q05 = 0, q25 = 0, q50 = 0, q75 = 0, q95 = 0] = power?.shares ?? []
    return {
      month: m + 1,
      ...{ meanBtcUsd: mean, p05BtcUsd: p05, p25BtcUsd: p25, p50BtcUsd: p50, p75BtcUsd: p75, p95BtcUsd: p95 },
      power:
        power === undefined
          ? null
          : { meanPerMWh: power.mean, p05PerMWh: q05, p25PerMWh: q25, p50PerMWh: q50, p75PerMWh: q75, p95PerMWh: q95 },
    }
  })
  return ok({ fan, sampledCorrelation: correlationOf(parts), generator: GENERATOR })
}

/** Simulated coin prices, with a power price beside them where asked, in chunks of paths. */
export const pricePathsJob: ChunkedJob<PricePathsInput, PricePathsPart, PricePathsAnswer> = {
  chunks: (given) => {
    const parsed = PricePathsInputs.safeParse(given)
    return parsed.success ? ok(Math.ceil(parsed.data.paths / PATHS_PER_CHUNK)) : firstProblem(parsed.error)
  },
  part,
  combine,
}

/**
 * Simulated coin prices month by month: geometric Brownian motion, jump diffusion, or a circular block bootstrap of past daily
 * returns; on request joint with a power price. Alone the first two step by exact months; with power, and the bootstrap, by
 * days, a month ending on day 30.4375 m, rounded. A day's spikes count on the day they begin.
 * Worked: volatility 0, drift 12 %: month 12 of every path is S0 e^0.12.
 */
export const pricePaths = model({ id: 'network.pricePaths', section: '3.5' }, PricePathsInputs, (i) => {
  const answer = inChunks(pricePathsJob, i)
  return answer.ok ? { ...answer.value, paths: i.paths, seed: i.seed } : answer
})
