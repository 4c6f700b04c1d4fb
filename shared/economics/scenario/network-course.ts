import { failed, ok, type Result } from '../../result.ts'
import { HOURS_PER_DAY, HOURS_PER_MINING_MONTH } from '../../units.ts'
import { equilibriumElastic } from '../network/equilibrium-elastic.ts'
import { TARGET_BLOCKS_PER_DAY } from '../network/network-revenue.ts'
import { simulateEpochs } from '../network/simulate-epochs.ts'
import { blocksPerPhDay } from '../revenue/hashprice.ts'
import { exitedShare } from './ai-crowd-out.ts'
import { between } from './knots.ts'
import type { Scenario } from './scenario.ts'

export const DAYS_PER_MONTH = HOURS_PER_MINING_MONTH / HOURS_PER_DAY
const PH_PER_EH = 1000
const EPOCH_DAYS = 14

/** PH/s that a difficulty is calibrated for. Worked: 133.79 T: 144 / 0.00015036 = 957,700. */
export const calibratedPHs = (difficulty: number): number => TARGET_BLOCKS_PER_DAY / blocksPerPhDay(difficulty)

type Exits = Scenario['network']['exits']
/** Of today's network, the share away in `month`, by cause; who comes back does so from `returnAfterMonths` on. */
export const awayShare = (exits: Exits, month: number, cause?: 'ai' | 'price'): number => {
  let away = 0
  for (const e of exits) {
    if (cause !== undefined && e.cause !== cause) continue
    const left = exitedShare(e.exitShare, e.halfLifeMonths, month - e.fromMonth)
    away += month >= e.returnAfterMonths && e.returnShare > 0 ? left * (1 - e.returnShare) : left
  }
  return away
}

/** The given course of the network, a factor on what it would be. */
const givenFactor = (knots: Scenario['network']['hashrateKnots'], day: number): number =>
  knots.length === 0
    ? 1
    : between(
        knots.map((k) => ({ at: k.day, value: k.factor })),
        day,
      )

type Today = { readonly difficulty: number; readonly networkPHs: number; readonly hashpriceUsd: number }

/**
 * Hashrate of each day: what leaves is gone at once, the rest moves to the elastic equilibrium of its month by the day's part
 * of `kOff` or `kOn` (a month of days is exactly the monthly step of 3.3).
 */
const dailyPHs = (s: Scenario, today: Today, revenueUsdPerDay: readonly number[]): Result<number[]> => {
  const { network } = s
  const daily = (k: number) => 1 - (1 - k) ** (1 / DAYS_PER_MONTH)
  const off = daily(network.kOff)
  const on = daily(network.kOn)
  const days = Math.ceil(revenueUsdPerDay.length * DAYS_PER_MONTH)
  const hashrate: number[] = []
  let running = today.networkPHs
  let stayed = 1
  let factor = 1
  for (let day = 0; day < days; day += 1) {
    const nowFactor = givenFactor(network.hashrateKnots, day)
    const nowStay = 1 - awayShare(network.exits, day / DAYS_PER_MONTH)
    running *= (nowFactor / factor) * Math.min(1, nowStay / stayed)
    factor = nowFactor
    stayed = nowStay
    const month = Math.min(revenueUsdPerDay.length - 1, Math.floor(day / DAYS_PER_MONTH))
    const equilibrium = equilibriumElastic({
      baseHashpriceUsd: today.hashpriceUsd,
      baseHashratePHs: today.networkPHs * factor,
      networkRevenueUsdPerDay: revenueUsdPerDay[month] ?? 0,
      elasticity: network.elasticity,
      exogenousExitShare: 1 - stayed,
    })
    if (!equilibrium.ok) return equilibrium
    const target = equilibrium.value.hashratePHs
    if (day > 0) running += (target < running ? off : on) * (target - running)
    hashrate.push(running)
  }
  return ok(hashrate)
}

/** Difficulty from a day on. */
export type Retarget = { readonly day: number; readonly change: number; readonly newDifficulty: number }

const retargetsOf = (s: Scenario, today: Today, hashratePHs: readonly number[]): Result<Retarget[]> => {
  const retargets: Retarget[] = []
  let difficulty = today.difficulty
  for (const step of s.network.difficultySteps) {
    if (step.day >= hashratePHs.length) return ok(retargets)
    difficulty *= 1 + step.change
    retargets.push({ day: step.day, change: step.change, newDifficulty: difficulty })
  }
  if (retargets.length > 0 && s.network.afterSteps === 'hold') return ok(retargets)
  const from = retargets.at(-1)?.day ?? 0
  const days = hashratePHs.length - from
  const firstDay = Math.floor(from)
  const hashrateSteps = hashratePHs
    .slice(firstDay)
    .map((phs, k) => ({ fromHour: Math.max(0, (firstDay + k - from) * HOURS_PER_DAY), hashrateEHs: phs / PH_PER_EH }))
  // A growing network shortens its epochs: ask for more until the last one ends after the horizon.
  for (let epochs = Math.ceil(days / EPOCH_DAYS) + 1; ; epochs *= 2) {
    const simulated = simulateEpochs({ difficulty, hashrateSteps, epochs })
    if (!simulated.ok)
      return failed('invalid-input', 'hashrateKnots: difficulty cannot follow this course to its end', { field: 'hashrateKnots' })
    const { endDay, change, newDifficulty } = simulated.value
    if ((endDay.at(-1) ?? 0) < days) continue
    for (const [k, end] of endDay.entries())
      if (end < days) retargets.push({ day: from + end, change: change[k] ?? 0, newDifficulty: newDifficulty[k] ?? difficulty })
    return ok(retargets)
  }
}

/** Of a step function of the day, the mean over each month. */
const monthlyMeans = (months: number, first: number, steps: readonly { readonly day: number; readonly value: number }[]): number[] => {
  const means: number[] = []
  let k = 0
  let value = first
  for (let m = 0; m < months; m += 1) {
    const end = (m + 1) * DAYS_PER_MONTH
    let at = m * DAYS_PER_MONTH
    let area = 0
    for (let next = steps[k]; next !== undefined && next.day < end; next = steps[k]) {
      area += value * Math.max(0, next.day - at)
      at = Math.max(at, next.day)
      value = next.value
      k += 1
    }
    means.push((area + value * (end - at)) / DAYS_PER_MONTH)
  }
  return means
}

export type NetworkCourse = {
  /** Mean of the month. */
  readonly networkPHs: readonly number[]
  /** The one that earns what the month's difficulties earn together: their harmonic mean over time. */
  readonly difficulty: readonly number[]
  readonly retargets: readonly Retarget[]
  /** Mean of the course that the scenario gives. */
  readonly givenFactor: readonly number[]
}

/** Hashrate, difficulty and retargets of a scenario, by month; `revenueUsdPerDay` is that of the whole network (144 blocks). */
export const networkCourse = (s: Scenario, today: Today, revenueUsdPerDay: readonly number[]): Result<NetworkCourse> => {
  const months = revenueUsdPerDay.length
  const hashrate = dailyPHs(s, today, revenueUsdPerDay)
  if (!hashrate.ok) return hashrate
  const retargets = retargetsOf(s, today, hashrate.value)
  if (!retargets.ok) return retargets
  const difficulty = monthlyMeans(
    months,
    1 / today.difficulty,
    retargets.value.map((r) => ({ day: r.day, value: 1 / r.newDifficulty })),
  ).map((inverse) => 1 / inverse)
  const holds = s.network.difficultySteps.length > 0 && s.network.afterSteps === 'hold'
  return ok({
    // A difficulty that is held says what hashrate fits it.
    networkPHs: holds
      ? difficulty.map(calibratedPHs)
      : monthlyMeans(
          months,
          today.networkPHs,
          hashrate.value.map((value, day) => ({ day, value })),
        ),
    difficulty,
    retargets: retargets.value,
    givenFactor: monthlyMeans(
      months,
      1,
      hashrate.value.map((_, day) => ({ day, value: givenFactor(s.network.hashrateKnots, day) })),
    ),
  })
}
