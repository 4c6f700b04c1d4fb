import { ok, type Result } from '../../result.ts'
import type { ColocationProject } from '../ai/colocation-project.ts'
import { sum } from '../sum.ts'
import { readScenario, type Scenario } from './scenario.ts'
import { type ScenarioFleet, scenarioOutcome } from './scenario-outcome.ts'
import type { ScenarioBase } from './scenario-path.ts'

/** `economics.md` 11: mining. */
export const MINING_DISCOUNT_RATE = 0.18

export const BASELINE_ID = 'today'

/** What the others are compared with: today's coin price, power and leases go on; the halvings come, and the network answers. */
const baselineScenario = (horizonMonths: number): Scenario => {
  const read = readScenario({
    id: BASELINE_ID,
    title: 'Today goes on',
    source: 'Today\u2019s coin price, power price and lease, unchanged; halvings on their block, the network answers.',
    horizonMonths,
  })
  if (!read.ok) throw new Error(`the baseline: ${read.failure.message}`)
  return read.value
}

export type ScenarioTableInput = {
  readonly scenarios: readonly Scenario[]
  readonly base: ScenarioBase
  readonly fleet: ScenarioFleet
  /** The same for every row, so that rows compare. */
  readonly months: number
  /** Null where a gate forbids it, or it cannot be computed. */
  readonly conversion: ColocationProject | null
  readonly interconnectMW: number
}

/** One scenario and what it comes to for one fleet; its monthly course beside it. */
export type ScenarioRow = {
  readonly id: string
  readonly title: string
  readonly source: string
  readonly notes: readonly string[]
  /** Why the figures are missing. */
  readonly problem: string | null
  readonly figures: {
    readonly hashpriceFirstUsd: number
    readonly hashpriceLeastUsd: number
    readonly hashpriceMeanUsd: number
    readonly hashpriceLastUsd: number
    readonly npvMiningUsd: number
    /** Null without a conversion. */
    readonly npvIncrementalUsd: number | null
    readonly monthsBelowBreakEven: number
    readonly breakEvenFirstUsd: number
    readonly breakEvenLastUsd: number
  } | null
  readonly hashpriceUsd: readonly number[]
  readonly breakEvenHashpriceUsd: readonly number[]
}

const rowOf = (i: ScenarioTableInput, scenario: Scenario): ScenarioRow => {
  const named = { id: scenario.id, title: scenario.title, source: scenario.source, notes: scenario.notes }
  const outcome = scenarioOutcome({
    scenario,
    base: i.base,
    months: i.months,
    fleet: i.fleet,
    discountRateAnnual: MINING_DISCOUNT_RATE,
    ...(i.conversion === null ? {} : { conversion: i.conversion, interconnectMW: i.interconnectMW }),
  })
  if (!outcome.ok) return { ...named, problem: outcome.failure.message, figures: null, hashpriceUsd: [], breakEvenHashpriceUsd: [] }
  const { hashpriceUsd, fleetBreakEvenHashpriceUsd: even, npvMiningUsd, npvIncrementalUsd, belowBreakEvenMonths } = outcome.value
  return {
    ...named,
    problem: null,
    figures: {
      hashpriceFirstUsd: hashpriceUsd[0] ?? 0,
      hashpriceLeastUsd: hashpriceUsd.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
      hashpriceMeanUsd: sum(hashpriceUsd) / hashpriceUsd.length,
      hashpriceLastUsd: hashpriceUsd.at(-1) ?? 0,
      npvMiningUsd,
      npvIncrementalUsd,
      monthsBelowBreakEven: belowBreakEvenMonths,
      breakEvenFirstUsd: even[0] ?? 0,
      breakEvenLastUsd: even.at(-1) ?? 0,
    },
    hashpriceUsd,
    breakEvenHashpriceUsd: even,
  }
}

/** Every scenario on one fleet over the same months, the baseline first; one that cannot be computed says why in its row. */
export const scenarioTable = (i: ScenarioTableInput): Result<readonly ScenarioRow[]> =>
  ok([baselineScenario(Math.min(i.months, 240)), ...i.scenarios.filter((s) => s.id !== BASELINE_ID)].map((s) => rowOf(i, s)))
