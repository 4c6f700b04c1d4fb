/** A scenario from today's figures, and for the machines of a site file what it leads to. */
import { scenarioFleetOf } from '#shared/decision/scenario-fleet.ts'
import { readSiteFile, type SiteFile } from '#shared/decision/site-file.ts'
import { siteRoi } from '#shared/economics/ai/site-roi.ts'
import { scenarioCosts } from '#shared/economics/scenario/scenario-costs.ts'
import { type ScenarioOutcome, scenarioOutcome } from '#shared/economics/scenario/scenario-outcome.ts'
import { type ScenarioPath, scenarioPath } from '#shared/economics/scenario/scenario-path.ts'
import { MINING_DISCOUNT_RATE } from '#shared/economics/scenario/scenario-table.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import type { BaseField } from '../planner/scenario-base.ts'
import type { KnownScenario } from '../planner/scenario-files.ts'
import type { CommandContext } from './command.ts'
import { readJsonFile } from './read-json-file.ts'
import { scenarioBase } from './scenario-base.ts'
import { type Cycle, cycleOf } from './scenario-cycle.ts'

export type ScenarioAnswer = {
  readonly known: KnownScenario
  readonly base: readonly BaseField[]
  readonly path: ScenarioPath
  /** Null without a site file. */
  readonly outcome: ScenarioOutcome | null
  /** Null without a site file, and where two years on lie past the last subsidy. */
  readonly cycle: Cycle | null
  readonly costs: ReturnType<typeof costsOf>
  /** What was left out of the site file and assumed, and keys of it that nothing reads. */
  readonly notes: readonly { readonly field: string; readonly reason: string }[]
}

const costsOf = (known: KnownScenario, base: Parameters<typeof scenarioCosts>[0]['base']) => {
  if (known.scenario.costs === undefined) return null
  const answer = scenarioCosts({ scenario: known.scenario, base })
  return answer.ok ? answer.value : null
}

/** What a person types now stands above what the scenario brings. */
const withoutPinsOf = (known: KnownScenario, typed: ReadonlySet<string>): KnownScenario => ({
  ...known,
  scenario: { ...known.scenario, pins: Object.fromEntries(Object.entries(known.scenario.pins).filter(([field]) => !typed.has(field))) },
})

/** The project of the file's conversion, its gaps filled as `roi` fills them; none where the file names none or a gate forbids it. */
const conversionIn = (
  file: SiteFile,
  nowMs: number,
): Result<{
  given: Pick<Parameters<typeof scenarioOutcome>[0], 'conversion' | 'interconnectMW'>
  parityHashpriceUsd: number | null
}> => {
  if (file.conversion === undefined) return ok({ given: {}, parityHashpriceUsd: null })
  // What mining on is worth comes from the scenario; any figure keeps `roi` from asking for prices.
  const roi = siteRoi({ ...file, conversion: { mining_cash_margin_per_mw_month_usd: 0, ...file.conversion } }, nowMs)
  if (!roi.ok) return roi
  const conversion = roi.value.draws?.project
  const interconnectMW = file.site.max_mw ?? null
  return ok({
    given: { ...(conversion === undefined ? {} : { conversion }), ...(interconnectMW === null ? {} : { interconnectMW }) },
    parityHashpriceUsd: roi.value.project?.parity?.parityHashpriceUsd ?? null,
  })
}

export const scenarioAnswer = async (c: CommandContext, asked: KnownScenario): Promise<Result<ScenarioAnswer>> => {
  const today = await scenarioBase(c)
  if (!today.ok) return today
  const { base, fields } = today.value
  const known = withoutPinsOf(asked, new Set(fields.filter((f) => f.typed).map((f) => f.field)))
  const { scenario } = known
  const path = scenarioPath({ scenario, base })
  if (!path.ok) return path
  const costs = costsOf(known, base)
  const file = c.flags['site-file']
  if (typeof file !== 'string') return ok({ known, base: fields, path: path.value, outcome: null, cycle: null, costs, notes: [] })
  const json = await readJsonFile(file, c.signal)
  if (!json.ok) return json
  const read = readSiteFile(json.value)
  if (!read.ok) return failed('invalid-input', `${file}: ${read.failure.message}`, { field: read.failure.field ?? 'site' })
  const fleet = scenarioFleetOf(read.value.file, path.value.todayHashpriceUsd)
  if (!fleet.ok) return failed('invalid-input', `${file}: ${fleet.failure.message}`, { field: fleet.failure.field ?? 'groups' })
  const conversion = conversionIn(read.value.file, c.now())
  if (!conversion.ok)
    return failed('invalid-input', `${file}: ${conversion.failure.message}`, { field: conversion.failure.field ?? 'conversion' })
  const outcome = scenarioOutcome({
    scenario,
    base,
    months: scenario.horizonMonths,
    fleet: fleet.value.fleet,
    discountRateAnnual: MINING_DISCOUNT_RATE,
    ...conversion.value.given,
  })
  if (!outcome.ok) return outcome
  const cycle = cycleOf({
    scenario,
    base,
    path: path.value,
    outcome: outcome.value,
    parityHashpriceUsd: conversion.value.parityHashpriceUsd,
  })
  const notes = [...read.value.problems, ...read.value.assumed.filter((note) => note.field === 'site'), ...fleet.value.assumed]
  return ok({ known, base: fields, path: path.value, outcome: outcome.value, cycle: cycle.ok ? cycle.value : null, costs, notes })
}
