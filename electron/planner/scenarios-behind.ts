import type { SiteReport } from '#shared/decision/site-report.ts'
import type { ConversionOverrides } from '#shared/economics/ai/conversion-case.ts'
import type { MemoScenarios } from '#shared/memo/blocks.ts'
import type { ScenarioReports } from './scenario-report.ts'

/** The scenarios that a memo about these reports prints: for every site whose conversion was computed, or why they are not there. */
export const scenariosBehind = async (o: {
  scenarios: Pick<ScenarioReports, 'report'>
  reports: readonly SiteReport[]
  overrides: ConversionOverrides
}): Promise<MemoScenarios[]> => {
  const found: MemoScenarios[] = []
  for (const { id, ai } of o.reports) {
    if (ai.figures === null) continue
    const made = await o.scenarios.report(id, o.overrides)
    found.push(made.ok ? { siteId: id, report: made.value } : { siteId: id, problem: made.failure.message })
  }
  return found
}
