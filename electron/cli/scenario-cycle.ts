/** Cyclical or structural: what speaks for either under a scenario, for the fleet of a site file. */
import { cyclicalOrStructural } from '#shared/economics/scenario/cyclical-or-structural.ts'
import type { ScenarioOutcome } from '#shared/economics/scenario/scenario-outcome.ts'
import { pinned, type ScenarioBase, type ScenarioPath } from '#shared/economics/scenario/scenario-path.ts'
import { percent } from '#shared/format.ts'
import type { Result } from '#shared/result.ts'
import type { KnownScenario } from '../planner/scenario-files.ts'

/** The half-life that the specification names, where the scenario has no exits to AI. */
const HALF_LIFE_MONTHS = 9

export type Cycle = ReturnType<typeof cyclicalOrStructural> extends Result<infer T> ? T : never

/**
 * No view on the coin (drift 0); volatility, the others' answer and their exits are the scenario's. What has left is what the
 * scenario's last month lacks. The value of waiting needs draws: `roi` has it.
 */
export const cycleOf = (o: {
  scenario: KnownScenario['scenario']
  base: ScenarioBase
  path: ScenarioPath
  outcome: ScenarioOutcome
  parityHashpriceUsd: number | null
}): Result<Cycle> => {
  const today = pinned(o.scenario, o.base)
  const networkPHs = today.networkEHs * 1000
  const toAi = o.scenario.network.exits.filter((e) => e.cause === 'ai')
  return cyclicalOrStructural({
    height: today.height,
    exitedByPricePHs: (o.path.priceExitShare.at(-1) ?? 0) * networkPHs,
    exitedByAiPHs: (o.path.aiExitShare.at(-1) ?? 0) * networkPHs,
    hashpriceUsd: o.path.todayHashpriceUsd,
    fleetBreakEvenHashpriceUsd: o.outcome.fleetBreakEvenHashpriceUsd[0] ?? 0,
    feesPerBlockBtc: today.feesPerBlockBtc,
    driftAnnual: 0,
    volAnnual: o.path.volAnnual,
    elasticity: o.scenario.network.elasticity,
    aiExitShare: toAi.reduce((share, e) => share + e.exitShare, 0),
    aiHalfLifeMonths: toAi[0]?.halfLifeMonths ?? HALF_LIFE_MONTHS,
    parityHashpriceUsd: o.parityHashpriceUsd,
    valueOfWaitingUsd: null,
    costOfLosingSlotUsd: null,
  })
}

const odds = (list: Cycle['recovery']): string =>
  list
    .map(
      (r) =>
        `${r.lowerBound ? 'at least ' : ''}${percent(r.withinShare, 0)} within ${r.months} months (${percent(r.atEndShare, 0)} at their end)`,
    )
    .join(', ')

export const cycleText = (c: Cycle): string[] => [
  '  Cyclical or structural? What each assumption supports; nothing is chosen here.',
  `    ${c.sinceHalvingMonths.toFixed(1)} months since the halving, ${c.toHalvingMonths.toFixed(1)} to the next`,
  `    Hashprice sees the fleet's break-even with a chance of ${odds(c.recovery)}`,
  ...(c.parity === null ? [] : [`    Hashprice sees the parity with AI hosting with a chance of ${odds(c.parity)}`]),
  ...c.evidence.map((e) => `    ${e.supports.padEnd(11)} ${e.because}`),
]

export const cycleJson = (c: Cycle) => ({
  since_halving_months: c.sinceHalvingMonths,
  to_halving_months: c.toHalvingMonths,
  ai_share_of_exits: c.aiShareOfExits,
  price_share_of_exits: c.priceShareOfExits,
  fleet_break_even_hashprice_usd_per_ph_day: c.fleetBreakEvenHashpriceUsd,
  recovery: c.recovery.map(oddsJson),
  parity_hashprice_usd_per_ph_day: c.parityHashpriceUsd,
  parity: c.parity?.map(oddsJson) ?? null,
  evidence: c.evidence,
})
const oddsJson = (r: Cycle['recovery'][number]) => ({
  months: r.months,
  within_share: r.withinShare,
  at_end_share: r.atEndShare,
  lower_bound: r.lowerBound,
})
