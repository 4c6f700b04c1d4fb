import type { SourceRow } from '#shared/contract.ts'
import { headlineFigures } from '#shared/memo/derivation-page.ts'
import { memoStatement } from '#shared/memo/statement.ts'
import { failed, ok } from '#shared/result.ts'
import type { DrawRuns } from '../planner/draw-runs.ts'
import { drawsBehind } from '../planner/draws-behind.ts'
import type { Planner } from '../planner/reports.ts'
import type { ScenarioReports } from '../planner/scenario-report.ts'
import { scenariosBehind } from '../planner/scenarios-behind.ts'
import type { Handlers } from './serve.ts'

export const serveMemo = (o: {
  planner: Planner
  draws: DrawRuns
  scenarios: ScenarioReports
  sources: () => SourceRow[]
  now: () => number
  version: string
  demo: boolean
}): Pick<Handlers, 'memo.document'> => ({
  'memo.document': async ({ sites, overrides, draws: wanted }) => {
    const reports = o.planner.reportsWith(sites, overrides)
    const missing = sites.find((id) => !reports.some((r) => r.id === id))
    if (missing !== undefined) return failed('not-found', `no site "${missing}"`, { field: 'sites' })
    if (reports.length === 0) return failed('not-found', 'there is no site to write a memo about', { field: 'sites' })
    const explained = reports.flatMap((r) => o.planner.explain(r.id, headlineFigures, overrides, r.asOfMs) ?? [])
    const drawn = await drawsBehind({ runs: o.draws, reports, overrides, wanted: wanted ?? null })
    if (!drawn.ok) return drawn
    const statement = memoStatement({
      reports,
      explained,
      draws: drawn.value,
      scenarios: await scenariosBehind({ scenarios: o.scenarios, reports, overrides }),
      sources: o.sources(),
      nowMs: o.now(),
      version: o.version,
      demo: o.demo,
    })
    // The charts bring a drawing library along: loaded when a memo is wanted, not at every start.
    const { memoDocument } = await import('../memo/document.ts')
    return ok(memoDocument(statement))
  },
})
