import { failed, ok } from '#shared/result.ts'
import type { Planner } from '../planner/reports.ts'
import type { Store } from '../store/open.ts'
import type { Handlers } from './serve.ts'

/** What the operator did is written with the advice and the inputs of that moment, not with what is known later. */
export const serveDecisions = (o: {
  planner: Planner
  store: Store
  now: () => number
}): Pick<Handlers, 'decision.record' | 'decision.list'> => ({
  'decision.record': async ({ site, action, mw, reason }) => {
    const report = o.planner.reports().sites.find((s) => s.id === site)
    if (!report) return failed('not-found', `no site "${site}"`, { field: 'site' })
    const record = {
      siteId: site,
      atMs: o.now(),
      action,
      mw,
      reason,
      advice: `${report.recommendation.headline} ${report.recommendation.reason}`,
      marginPerMwh: report.marginPerMwh,
      pricePerMwh: report.pricePerMwh,
    }
    return ok(
      await o.store.decisions.record(record, { inputs: report.inputs, recommendation: report.recommendation, blocks: report.blocks }),
    )
  },
  'decision.list': async ({ limit }) => ok(await o.store.decisions.list(limit)),
})
