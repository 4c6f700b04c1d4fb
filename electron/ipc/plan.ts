import { failed, ok } from '#shared/result.ts'
import type { DrawRuns } from '../planner/draw-runs.ts'
import type { ScenarioReports } from '../planner/scenario-report.ts'
import type { Handlers } from './serve.ts'

const noSite = (id: string) => failed('not-found', `no site "${id}"`, { field: 'site' })

export const servePlan = (o: {
  draws: DrawRuns
  scenarios: ScenarioReports
}): Pick<Handlers, 'plan.draws' | 'plan.drawsState' | 'plan.cancelDraws' | 'plan.scenarios'> => ({
  'plan.drawsState': async ({ site, overrides }) => {
    const state = o.draws.state(site, overrides)
    return state === null ? noSite(site) : ok(state)
  },
  'plan.draws': async ({ site, overrides, draws, seed }) => {
    const state = o.draws.start({ siteId: site, overrides, draws, seed })
    return state === null ? noSite(site) : ok(state)
  },
  'plan.cancelDraws': async ({ site }) => ok({ cancelled: o.draws.cancel(site) }),
  'plan.scenarios': async ({ site, overrides }) => o.scenarios.report(site, overrides),
})
