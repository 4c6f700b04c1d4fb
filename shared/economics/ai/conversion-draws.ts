import * as z from 'zod'
import { ok } from '../../result.ts'
import { HOURS_PER_HOSTING_MONTH, HOURS_PER_MINING_MONTH } from '../../units.ts'
import { type ChunkedJob, inChunks } from '../chance/in-chunks.ts'
import { portableExp, portableLn } from '../chance/portable-math.ts'
import { MOST_SEED, type RandomStream, randomStream } from '../chance/random.ts'
import { paymentOf, presentValue } from '../finance/cash-flow.ts'
import { finite, model, positive } from '../model.ts'
import { ColocationProject, colocationFlows, covenantOf, presentValueOfMonths } from './colocation-project.ts'
import { ConversionRisks } from './conversion-risks.ts'
import { type DrawColumns, drawColumns, summariseDraws, Z95 } from './draw-summary.ts'
import { GpuProject, gpuCashFlows } from './gpu-project.ts'

const MOST_DRAWS = 1_000_000
/** Draws x months: what one evaluation may cost. */
const MOST_WORK = 1e9

const factors = z.array(positive).min(1).max(1201)

export const ConversionDraws = z
  .object({
    /** With `gpu`, only what mining on is worth and its discount are taken from it. */
    project: ColocationProject,
    /** GPUs let by the hour in place of the lease. */
    gpu: GpuProject.optional(),
    /** What a MWh costs the miner who may leave it: the coin moves the revenue, the power price this. */
    variableCostPerMWh: finite,
    /**
     * What a MWh earns the miner. Needed only where mining stands still in the plan: its margin then does not tell how far the
     * coin must rise before it pays to run; left out, the smallest rise would do.
     */
    revenuePerMWh: finite.optional(),
    /**
     * Halvings in the plan's mining margins, against today: of the block reward, and of the hashprice once the others have
     * answered as the plan assumes. Past the last month they stay. Left out: none.
     */
    rewardFactorByMonth: factors.optional(),
    hashpriceFactorByMonth: factors.optional(),
    hoursPerMonth: positive.max(744).default(HOURS_PER_MINING_MONTH),
    /** What a curtailed MW brings or costs: 0, or the resale of energy that is owed less its price. */
    curtailedMarginPerMWMonth: finite.default(0),
    risks: ConversionRisks.default(ConversionRisks.parse({})),
    draws: z.int().min(1).max(MOST_DRAWS),
    seed: z.int().min(0).max(MOST_SEED),
  })
  .superRefine((i, refuse) => {
    if (i.draws * monthsOf(i) > MOST_WORK)
      refuse.addIssue({ code: 'custom', path: ['draws'], message: `draws x months may be ${MOST_WORK} at most` })
  })
export type ConversionDraws = z.output<typeof ConversionDraws>

const monthsOf = (i: { project: { horizonMonths: number }; gpu?: { years: number } | undefined }): number =>
  i.gpu === undefined ? i.project.horizonMonths + 1 : i.gpu.years * 12 + LONGEST_DELAY
const LONGEST_DELAY = 120

/** Mean and spread of a quantity that stays positive, as its logarithm's. Worked: mean 1.08, sd 0.12: sd of the log 0.1108. */
const logNormal = (mean: number, sd: number): { mu: number; sigma: number } => {
  if (mean <= 0) return { mu: Number.NEGATIVE_INFINITY, sigma: 0 }
  const variance = portableLn(1 + (sd / mean) ** 2)
  return { mu: portableLn(mean) - variance / 2, sigma: Math.sqrt(variance) }
}

/** The world of one draw, by month: coin revenue and power cost against today's. */
type World = { readonly hashpriceFactor: Float64Array; readonly powerFactor: Float64Array }

/** Of a list by month the month `m`; past its end the last one stays. */
const monthOf = (list: readonly number[] | undefined, m: number): number => list?.[Math.min(m, list.length - 1)] ?? 1

/**
 * The plan's halvings hold the answer of the others at the mean elasticity; a draw with another one moves the hashprice by
 * rewardFactor^(1 / (1 + drawn) - 1 / (1 + mean)). Few levels, many months.
 */
const halvingAnswers = (r: ConversionRisks, months: number, rewardFactorByMonth: readonly number[] | undefined) => {
  const byMonth = Array.from({ length: months }, (_, m) => monthOf(rewardFactorByMonth, m))
  const levels = [...new Set(byMonth)]
  const logs = levels.map(portableLn)
  const answers = new Float64Array(levels.length).fill(1)
  return {
    answers,
    levelOf: Int32Array.from(byMonth, (x) => levels.indexOf(x)),
    answer: (elasticity: number): void => {
      const more = 1 / (1 + elasticity) - 1 / (1 + r.elasticity)
      for (const [k, log] of logs.entries()) answers[k] = more === 0 ? 1 : portableExp(more * log)
    },
  }
}

/** What does not change from draw to draw; months 0..last. */
const worldMaker = (r: ConversionRisks, months: number, rewardFactorByMonth: readonly number[] | undefined) => {
  const { answers, levelOf, answer } = halvingAnswers(r, months, rewardFactorByMonth)
  const dt = 1 / 12
  const jumpDrift = r.jumpsPerYear * (portableExp(r.jumpMeanLog + r.jumpSdLog ** 2 / 2) - 1)
  const drift = (r.priceDriftAnnual - r.priceVolAnnual ** 2 / 2 - jumpDrift) * dt
  const spread = r.priceVolAnnual * Math.sqrt(dt)
  const keep = portableExp(-r.powerReversionPerYear * dt)
  const powerSpread = r.powerSdLog * Math.sqrt(1 - keep * keep)
  const own = Math.sqrt(1 - r.powerCorrelation ** 2)
  const noJump = portableExp(-r.jumpsPerYear * dt)
  const normals = new Float64Array(2 * months)
  const world: World = { hashpriceFactor: new Float64Array(months), powerFactor: new Float64Array(months) }

  const jumps = (stream: RandomStream): number => {
    let total = 0
    for (let chance = stream.uniform(); chance > noJump; chance *= stream.uniform()) total += r.jumpMeanLog + r.jumpSdLog * stream.normal()
    return total
  }

  /**
   * Price by GBM or jumps; the network goes a part of the way to where the new revenue would settle it (elastic form), so that
   * hashprice = revenue / hashrate; power returns to its mean. The same world is met by the conversion and by mining on.
   */
  return (stream: RandomStream, elasticity: number): World => {
    stream.normals(normals, 2 * months)
    const settles = elasticity / (1 + elasticity)
    let logPrice = 0
    let logPower = 0
    let powerVariance = 0
    let hashrate = 1
    answer(elasticity)
    world.hashpriceFactor[0] = answers[levelOf[0] as number] as number
    world.powerFactor[0] = 1
    for (let m = 1; m < months; m += 1) {
      const coin = normals[2 * m] as number
      logPrice += drift + spread * coin + (r.jumpsPerYear > 0 ? jumps(stream) : 0)
      logPower = keep * logPower + powerSpread * (r.powerCorrelation * coin + own * (normals[2 * m + 1] as number))
      powerVariance = keep * keep * powerVariance + powerSpread * powerSpread
      const target = settles === 0 ? 1 : portableExp(settles * logPrice)
      hashrate += (target < hashrate ? r.leavingSpeed : r.joiningSpeed) * (target - hashrate)
      world.hashpriceFactor[m] = (portableExp(logPrice) / hashrate) * (answers[levelOf[m] as number] as number)
      world.powerFactor[m] = portableExp(logPower - powerVariance / 2)
    }
    return world
  }
}

/** What befalls one conversion, apart from the markets. */
type Fate = { overrun: number; delay: number; leaseFactor: number; elasticity: number; gpuDecline: number }

/** Every draw takes the same number of random numbers, so that one spread does not shift another's chance. */
const fateMaker = (r: ConversionRisks, mostDelay: number) => {
  const overrun = logNormal(1 + r.capexOverrunMean, r.capexOverrunSd)
  const delay = logNormal(r.delayMeanMonths, r.delaySdMonths)
  const lease = logNormal(1, r.leaseSd)
  const drawn = (of: { mu: number; sigma: number }, z: number) => portableExp(of.mu + of.sigma * z)
  return (stream: RandomStream): Fate => ({
    overrun: drawn(overrun, stream.normal()),
    delay: Math.min(mostDelay, Math.round(drawn(delay, stream.normal()))),
    leaseFactor: drawn(lease, stream.normal()),
    elasticity: Math.max(0, r.elasticity + r.elasticitySd * stream.normal()),
    gpuDecline: r.gpuDeclineSd * stream.normal(),
  })
}

/** Rent of each month against the lease signed, from the month of service on: 0 while it is let anew. */
const rentFactors = (r: ConversionRisks, stream: RandomStream, ready: number, into: Float64Array): void => {
  into.fill(1)
  if (r.tenantDefaultsPerYear === 0) return
  let month = ready
  let ratio = 1
  for (;;) {
    const next = month + (12 * stream.exponential()) / r.tenantDefaultsPerYear
    if (!(next < into.length)) {
      into.fill(ratio, Math.min(into.length, Math.ceil(month)))
      return
    }
    into.fill(ratio, Math.ceil(month), Math.floor(next) + 1)
    into.fill(0, Math.floor(next), Math.floor(next) + r.reletMonths)
    month = Math.floor(next) + r.reletMonths
    // Without months of vacancy a default must still move the clock on.
    if (month <= next) month = next
    ratio *= r.reletLeaseRatio
  }
}

type Draw = { npvProjectUsd: number; npvMiningUsd: number; minDscr: number }
type Drawer = { readonly draw: (index: number) => Draw; readonly baseInvestmentUsd: number; readonly valueYears: number }

/** Margin of a MW that mines on and stops where that is better, USD a month. */
const miningMargin = (revenue: number, cost: number, hours: number, curtailed: number): number =>
  Math.max(curtailed, (revenue - cost) * hours)

const discountsOf = (rate: number, months: number): Float64Array => Float64Array.from({ length: months }, (_, m) => (1 + rate) ** (-m / 12))

/** Mean time of value, years: what is received, weighted by its present worth. */
const meanYears = (worth: readonly number[], yearOf: (k: number) => number): number => {
  let total = 0
  let weighted = 0
  for (const [k, w] of worth.entries()) {
    total += w
    weighted += w * yearOf(k)
  }
  return total > 0 && weighted > 0 ? weighted / total : 1
}

const revenuePerMWhOf = (i: ConversionDraws, months: number): Float64Array => {
  const margins = i.project.miningCashMarginPerMWByMonth
  return Float64Array.from({ length: months }, (_, m) => {
    const margin = margins?.[Math.min(m, margins.length - 1)] ?? i.project.miningCashMarginPerMWMonth
    const asPlanned = margin / i.hoursPerMonth + i.variableCostPerMWh
    const standsStill = margin <= i.curtailedMarginPerMWMonth
    return standsStill && i.revenuePerMWh !== undefined
      ? Math.min(asPlanned, i.revenuePerMWh * monthOf(i.hashpriceFactorByMonth, m))
      : asPlanned
  })
}

const colocationDrawer = (i: ConversionDraws): Drawer => {
  const p = i.project
  const last = p.horizonMonths
  const months = last + 1
  const base = colocationFlows(p)
  const r = i.risks
  const world = worldMaker(r, months, i.rewardFactorByMonth)
  const fate = fateMaker(r, LONGEST_DELAY)
  const discount = discountsOf(p.discountRateAnnual, months)
  const rentPerDollar = Float64Array.from(base.rentPerDollar)
  const billing = Float64Array.from(base.billingItMw)
  const opexPerItMW = Float64Array.from(
    { length: months },
    (_, m) => p.opexPerItMWMonth * (1 + p.opexInflationAnnual) ** Math.floor(m / 12),
  )
  const powerPerItMW = p.powerPassThrough ? 0 : p.pue * HOURS_PER_HOSTING_MONTH * p.powerPricePerMWh * p.itLoadFactor
  const givenUp = Float64Array.from(base.miningMwMonths)
  const revenuePerMWh = revenuePerMWhOf(i, months)
  const firstStart = Math.min(...p.phases.map((f) => f.startMonth))
  const firstReady = Math.min(...p.phases.map((f) => f.startMonth + f.buildMonths))
  const lastReady = Math.max(...p.phases.map((f) => f.startMonth + f.buildMonths))

  // A delay draws the building out: the same capital over more months. One table for each delay that is met.
  const capexByDelay = new Map<number, { flow: Float64Array; worth: number }>()
  const capexAt = (delay: number) => {
    const known = capexByDelay.get(delay)
    if (known !== undefined) return known
    const flow = new Float64Array(months)
    for (const f of p.phases) {
      const span = f.buildMonths + delay
      const monthly = ((f.gridMW / p.pue) * p.capexPerItMW * (1 - p.tenantFundedCapexShare)) / span
      // What would be built after the horizon is owed all the same: it is paid in the last month.
      for (let m = f.startMonth; m < f.startMonth + span; m += 1) flow[Math.min(m, last)] = (flow[Math.min(m, last)] as number) + monthly
    }
    let worth = 0
    for (let m = 0; m < months; m += 1) worth += (flow[m] as number) * (discount[m] as number)
    const made = { flow, worth }
    capexByDelay.set(delay, made)
    return made
  }

  const letting = new Float64Array(months)
  const noi = new Float64Array(months)
  const debt = p.debt
  const leastCoverage = (capex: Float64Array, overrun: number, delay: number): number => {
    if (debt === undefined) return Number.POSITIVE_INFINITY
    const rate = debt.rateAnnual / 12
    const start = lastReady + delay
    let balance = 0
    for (let m = 0; m < Math.min(start, months); m += 1) balance += debt.loanToCost * overrun * (capex[m] as number)
    if (start > last || balance <= 0) return Number.POSITIVE_INFINITY
    const service = paymentOf(rate, debt.amortMonths, balance)
    let least = Number.POSITIVE_INFINITY
    for (let m = start; m < Math.min(months, start + debt.amortMonths); m += 1) least = Math.min(least, (noi[m] as number) / service)
    return least
  }

  const draw = (index: number): Draw => {
    const chance = randomStream(i.seed, 2 * index + 1)
    const f = fate(chance)
    const w = world(randomStream(i.seed, 2 * index), f.elasticity)
    rentFactors(r, chance, firstReady + f.delay, letting)
    const lease = p.leasePerKwMonth * f.leaseFactor
    const capex = capexAt(f.delay)
    let project = -f.overrun * capex.worth + p.asicSalvageUsd * (w.hashpriceFactor[firstStart] as number) * (discount[firstStart] as number)
    let mining = 0
    for (let m = 0; m < months; m += 1) {
      const worth = discount[m] as number
      const mw = givenUp[m] as number
      if (mw > 0)
        mining +=
          mw *
          worth *
          miningMargin(
            (revenuePerMWh[m] as number) * (w.hashpriceFactor[m] as number),
            i.variableCostPerMWh * (w.powerFactor[m] as number),
            i.hoursPerMonth,
            i.curtailedMarginPerMWMonth,
          )
      const then = m - f.delay
      const itMw = then < 0 ? 0 : (billing[then] as number)
      const let_ = letting[m] as number
      const net =
        itMw === 0
          ? 0
          : (rentPerDollar[then] as number) * lease * let_ -
            itMw * ((opexPerItMW[m] as number) + (let_ > 0 ? powerPerItMW * (w.powerFactor[m] as number) : 0))
      noi[m] = net
      project += net * worth
    }
    // Nobody pays a multiple for an empty building.
    if ((letting[last] as number) > 0) project += p.exitMultipleOfNoi * 12 * (noi[last] as number) * (discount[last] as number)
    return { npvProjectUsd: project, npvMiningUsd: mining, minDscr: leastCoverage(capex.flow, f.overrun, f.delay) }
  }
  const received = base.noi.map((x, m) => x * (discount[m] ?? 0))
  received[last] = (received[last] ?? 0) + p.exitMultipleOfNoi * 12 * (base.noi[last] ?? 0) * (discount[last] ?? 0)
  return {
    draw,
    baseInvestmentUsd: presentValueOfMonths(p.discountRateAnnual, base.capex),
    valueYears: meanYears(received, (m) => m / 12),
  }
}

const gpuDrawer = (i: ConversionDraws, gpu: GpuProject): Drawer => {
  const r = i.risks
  const months = gpu.years * 12 + LONGEST_DELAY
  const world = worldMaker(r, months, i.rewardFactorByMonth)
  const fate = fateMaker(r, LONGEST_DELAY)
  const discount = discountsOf(gpu.discountRateAnnual, months)
  const revenuePerMWh = revenuePerMWhOf(i, months)
  const mw = gpu.itMW * gpu.pue
  const letting = new Float64Array(months)
  const yearPower = new Float64Array(gpu.years)
  const yearLet = new Float64Array(gpu.years)

  const draw = (index: number): Draw => {
    const chance = randomStream(i.seed, 2 * index + 1)
    const f = fate(chance)
    const w = world(randomStream(i.seed, 2 * index), f.elasticity)
    rentFactors(r, chance, f.delay, letting)
    let mining = 0
    const until = gpu.years * 12 + f.delay
    for (let m = 0; m < until; m += 1)
      mining +=
        mw *
        (discount[m] as number) *
        miningMargin(
          (revenuePerMWh[m] as number) * (w.hashpriceFactor[m] as number),
          i.variableCostPerMWh * (w.powerFactor[m] as number),
          i.hoursPerMonth,
          i.curtailedMarginPerMWMonth,
        )
    yearPower.fill(0)
    yearLet.fill(0)
    for (let m = 0; m < gpu.years * 12; m += 1) {
      const year = Math.floor(m / 12)
      const rented = letting[m + f.delay] as number
      // Nobody's machines draw no power.
      if (rented > 0) yearPower[year] = (yearPower[year] as number) + (w.powerFactor[m + f.delay] as number) / 12
      yearLet[year] = (yearLet[year] as number) + rented / 12
    }
    const flows = gpuCashFlows(
      { ...gpu, priceDeclineAnnual: Math.min(1, Math.max(-0.9, gpu.priceDeclineAnnual + f.gpuDecline)) },
      gpu.pricePerGpuHour * f.leaseFactor,
      { capexFactor: f.overrun, powerFactor: yearPower, letFactor: yearLet },
    )
    // Capital at once, everything after it later by the delay.
    const [now = 0, ...later] = flows
    const project = now + presentValue(gpu.discountRateAnnual, [0, ...later]) * (discount[f.delay] as number)
    return { npvProjectUsd: project, npvMiningUsd: mining, minDscr: Number.POSITIVE_INFINITY }
  }
  const [now = 0, ...later] = gpuCashFlows(gpu, gpu.pricePerGpuHour)
  return {
    draw,
    baseInvestmentUsd: Math.max(0, -now),
    valueYears: meanYears(
      later.map((cf, k) => cf * (1 + gpu.discountRateAnnual) ** -(k + 1)),
      (k) => k + 1,
    ),
  }
}

const drawerOf = (i: ConversionDraws): Drawer => (i.gpu === undefined ? colocationDrawer(i) : gpuDrawer(i, i.gpu))

const outcomeOf = (i: ConversionDraws, columns: DrawColumns) => {
  const { baseInvestmentUsd, valueYears } = drawerOf(i)
  const debt = i.gpu === undefined ? i.project.debt : undefined
  const context = {
    seed: i.seed,
    investmentUsd: baseInvestmentUsd,
    valueYears,
    covenantDscr: debt === undefined ? null : covenantOf(debt),
  }
  return { ...summariseDraws(columns, context), risks: i.risks }
}
export type ConversionOutcome = ReturnType<typeof outcomeOf>

const formula = { id: 'ai.conversionDraws', section: '5.6' } as const
const checked = model(formula, ConversionDraws, (i) => i)

const DRAWS_PER_CHUNK = 250

/** What is known while draws are still being made. */
export type RunningConversion = {
  readonly draws: number
  readonly meanUsd: number
  readonly halfWidthUsd: number
  readonly regretProbability: number
}

/**
 * The draws in chunks for worker threads. A draw depends on the seed and its own number alone, so that one thread or many, in
 * any order, give the same columns.
 */
export const conversionDrawsJob: ChunkedJob<z.input<typeof ConversionDraws>, DrawColumns, ConversionOutcome, RunningConversion> = {
  chunks: (input) => {
    const i = checked(input)
    return i.ok ? ok(Math.ceil(i.value.draws / DRAWS_PER_CHUNK)) : i
  },
  part: (input, index) => {
    const i = ConversionDraws.parse(input)
    const from = index * DRAWS_PER_CHUNK
    const columns = drawColumns(Math.min(DRAWS_PER_CHUNK, i.draws - from))
    const drawer = drawerOf(i)
    for (let k = 0; k < columns.npvProjectUsd.length; k += 1) {
      const one = drawer.draw(from + k)
      columns.npvProjectUsd[k] = one.npvProjectUsd
      columns.npvMiningUsd[k] = one.npvMiningUsd
      columns.minDscr[k] = one.minDscr
    }
    return columns
  },
  combine: (input, parts) => {
    const i = ConversionDraws.parse(input)
    const all = drawColumns(i.draws)
    for (const [k, part] of parts.entries()) {
      const from = k * DRAWS_PER_CHUNK
      all.npvProjectUsd.set(part.npvProjectUsd, from)
      all.npvMiningUsd.set(part.npvMiningUsd, from)
      all.minDscr.set(part.minDscr, from)
    }
    return ok(outcomeOf(i, all))
  },
  tally: (part) => {
    let total = 0
    let squares = 0
    let regretted = 0
    for (const [k, project] of part.npvProjectUsd.entries()) {
      const against = project - (part.npvMiningUsd[k] ?? 0)
      total += against
      squares += against * against
      if (against < 0) regretted += 1
    }
    return [part.npvProjectUsd.length, total, squares, regretted]
  },
  running: (_, [draws = 0, total = 0, squares = 0, regretted = 0]) => {
    const meanUsd = total / draws
    const variance = Math.max(0, squares / draws - meanUsd * meanUsd)
    return { draws, meanUsd, halfWidthUsd: Z95 * Math.sqrt(variance / draws), regretProbability: regretted / draws }
  },
}

/**
 * The conversion against mining on, drawn many times: coin price with the network's answer, power, capital overrun, delay, the
 * lease that is signed, tenant default with re-letting, and for GPUs the fall of their price. Both sides of a draw meet the same
 * world, and mining on may curtail. Probability of a loss, quantiles, the mean of the worst twentieth, and regret: how often
 * converting was worse than mining on. Generator and seed are part of the answer.
 * Worked: with every spread 0 each draw is the plan itself, and all quantiles are its NPV.
 */
export const conversionDraws = model(formula, ConversionDraws, (i, { step }) => {
  const answer = inChunks(conversionDrawsJob, i)
  if (!answer.ok) return answer
  step('meanNpvIncrementalUsd', answer.value.npvIncremental.meanUsd)
  step('regretProbability', answer.value.regretProbability)
  return answer
})
