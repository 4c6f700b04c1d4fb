import * as z from 'zod'
import type { Result } from '../../result.ts'
import { BLOCKS_PER_MINING_MONTH } from '../chance/mining-paths.ts'
import { atLeastZero, finite, model, positive, wholeAtLeastZero } from '../model.ts'
import { revenueUsdPerDay } from '../network/network-revenue.ts'
import { blocksPerPhDay } from '../revenue/hashprice.ts'
import { BLOCKS_PER_HALVING, FIRST_HEIGHT_WITHOUT_SUBSIDY, subsidyOfBlocksBtc } from '../revenue/subsidy.ts'
import { powerFactorOfOil } from './energy-shock.ts'
import { between } from './knots.ts'
import { awayShare, calibratedPHs, networkCourse } from './network-course.ts'
import { Scenario } from './scenario.ts'

/** An AI project may outlive the scenario: its last month then goes on. */
const LONGEST_PATH_MONTHS = 600

/** Today, from which a scenario starts. */
export const ScenarioBase = z.object({
  btcPriceUsd: positive,
  difficulty: positive,
  /** As seen, not as the difficulty implies. */
  networkEHs: positive,
  height: wholeAtLeastZero,
  feesPerBlockBtc: atLeastZero,
  powerPricePerMWh: finite,
  /** Of the coin price, a year. */
  volAnnual: atLeastZero.default(0.55),
  leasePerKwMonth: positive.default(135),
})
export type ScenarioBase = z.output<typeof ScenarioBase>

export const scenarioPathShape = {
  scenario: Scenario,
  base: ScenarioBase,
  /** Longer or shorter than the scenario says; past its last knot everything goes on as it is there. */
  months: z.int().min(1).max(LONGEST_PATH_MONTHS).optional(),
}

type Given = { readonly scenario: Scenario; readonly base: ScenarioBase; readonly months?: number | undefined }
/** What one field's schema cannot see. */
export const scenarioProblems = (i: Given, refuse: z.RefinementCtx): void => {
  const away = i.scenario.network.exits.reduce((share, e) => share + e.exitShare, 0)
  if (away >= 1) refuse.addIssue({ code: 'custom', path: ['scenario', 'network', 'exits'], message: 'leave nobody to mine' })
  const months = i.months ?? i.scenario.horizonMonths
  if (i.base.height + months * BLOCKS_PER_MINING_MONTH > FIRST_HEIGHT_WITHOUT_SUBSIDY)
    refuse.addIssue({
      code: 'custom',
      path: i.months === undefined ? ['scenario', 'horizonMonths'] : ['months'],
      message: `reach past the last subsidy at height ${FIRST_HEIGHT_WITHOUT_SUBSIDY}`,
    })
}

/** Today's figures with those in place that the scenario brings itself. */
export const pinned = (scenario: Scenario, base: ScenarioBase): ScenarioBase => ({
  ...base,
  ...Object.fromEntries(Object.entries(scenario.pins).filter(([, value]) => value !== undefined)),
})

const priceOf = (s: Scenario, start: number, toHalvingMonths: number, month: number): number => {
  if (s.price.kind === 'flat') return start
  const zero = s.price.monthsFrom === 'halving' ? toHalvingMonths : 0
  return between(
    s.price.knots.map((k) => ({ at: k.month + zero, value: 'btcPriceUsd' in k ? k.btcPriceUsd : start * k.factorOfStart })),
    month,
  )
}

/**
 * What a scenario says for each month from today on: coin price at its beginning, network hashrate and difficulty over it,
 * subsidy and fees a block (a halving inside is counted block by block, 4,383 blocks a month), hashprice from that
 * difficulty, power, leases. The network answers through the elastic form of 3.3 at the speeds `kOff` and `kOn`, difficulty
 * through its retargets every 2,016 blocks; today is taken for the first day of an epoch. Shares of exits are of today's
 * network, in the middle of the month: gone to AI, and off (or gone) for price.
 * Worked: flat at 71,000, 133.79 T and 957.7 EH/s: every month 0.00015036 x 3.15 x 71,000 = $33.63 of hashprice.
 */
export const scenarioPath = model(
  { id: 'scenario.scenarioPath', section: '7' },
  z.object(scenarioPathShape).superRefine(scenarioProblems),
  (i, { step }) => {
    const { scenario } = i
    const today = pinned(scenario, i.base)
    const count = i.months ?? scenario.horizonMonths
    const each = Array.from({ length: count }, (_, m) => m)
    const subsidyTodayBtc = step('subsidyTodayBtc', subsidyOfBlocksBtc(today.height, 1))
    const todayHashpriceUsd = step(
      'todayHashpriceUsd',
      blocksPerPhDay(today.difficulty) * (subsidyTodayBtc + today.feesPerBlockBtc) * today.btcPriceUsd,
    )
    const toHalving = BLOCKS_PER_HALVING - (today.height % BLOCKS_PER_HALVING)
    const toHalvingMonths = step('toHalvingMonths', toHalving / BLOCKS_PER_MINING_MONTH)
    const feesPerBlockBtc = step('feesPerBlockBtc', scenario.feesPerBlockBtc ?? today.feesPerBlockBtc)
    const btcPriceUsd = each.map((m) => priceOf(scenario, today.btcPriceUsd, toHalvingMonths, m))
    const subsidyBtc = each.map(
      (m) => subsidyOfBlocksBtc(today.height + m * BLOCKS_PER_MINING_MONTH, BLOCKS_PER_MINING_MONTH) / BLOCKS_PER_MINING_MONTH,
    )
    const course = networkCourse(
      scenario,
      { difficulty: today.difficulty, networkPHs: today.networkEHs * 1000, hashpriceUsd: todayHashpriceUsd },
      each.map((m) => revenueUsdPerDay(subsidyBtc[m] ?? 0, feesPerBlockBtc, btcPriceUsd[m] ?? 0)),
    )
    if (!course.ok) return course
    const { networkPHs, difficulty, retargets, givenFactor } = course.value
    const oil = scenario.power.oil
    const oilFactor = step('oilFactor', oil === undefined ? 1 : powerFactorOfOil(oil.before, oil.after, oil.defaultPassThrough))
    const powerGrowthFactor = each.map((m) => (1 + scenario.power.growthAnnual) ** (m / 12))
    const powerPriceFactor = powerGrowthFactor.map((growth) => growth * oilFactor)
    const leaseFactor = each.map((m) => scenario.ai.leaseFactor * (1 + scenario.ai.leaseGrowthAnnual) ** (m / 12))
    const aiExitShare = each.map((m) => awayShare(scenario.network.exits, m + 0.5, 'ai'))
    return {
      months: count,
      toHalvingMonths,
      todayHashpriceUsd,
      btcPriceUsd,
      networkPHs,
      /** What the month's difficulty is calibrated for: the hashrate that shares out its coins. */
      calibratedPHs: difficulty.map(calibratedPHs),
      difficulty,
      subsidyBtc,
      feesPerBlockBtc: each.map(() => feesPerBlockBtc),
      hashpriceUsd: each.map(
        (m) => blocksPerPhDay(difficulty[m] ?? today.difficulty) * ((subsidyBtc[m] ?? 0) + feesPerBlockBtc) * (btcPriceUsd[m] ?? 0),
      ),
      /** Of a site that names no pass-through of its own; `powerGrowthFactor` is the part that all share. */
      powerPriceFactor,
      powerGrowthFactor,
      powerPricePerMWh: powerPriceFactor.map((factor) => factor * today.powerPricePerMWh),
      powerWindows: scenario.power.windows,
      leaseFactor,
      leasePerKwMonth: leaseFactor.map((factor) => factor * today.leasePerKwMonth),
      gpuHourFactor: scenario.ai.gpuHourFactor,
      tenantDefaultShare: scenario.ai.tenantDefaultShare,
      aiExitShare,
      priceExitShare: each.map((m) =>
        Math.max(0, 1 - (aiExitShare[m] ?? 0) - (networkPHs[m] ?? 0) / (today.networkEHs * 1000 * (givenFactor[m] ?? 1))),
      ),
      volAnnual: Math.max(0, today.volAnnual + (scenario.price.volAddedAnnual ?? 0)),
      retargets,
    }
  },
)

export type Answered<M> = M extends (given: never) => Result<infer T> ? T : never
export type ScenarioPath = Answered<typeof scenarioPath>
