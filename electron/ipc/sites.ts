import { failed, ok } from '#shared/result.ts'
import type { Planner } from '../planner/reports.ts'
import type { Handlers } from './serve.ts'

const noSite = (id: string) => failed('not-found', `no site "${id}"`, { field: 'site' })

export const serveSites = (o: {
  planner: Planner
}): Pick<Handlers, 'sites.report' | 'prices.series' | 'plan.conversion' | 'figures.explain'> => ({
  'sites.report': async () => ok(o.planner.reports()),
  'prices.series': async ({ site, fromMs, toMs }) => {
    if (!(toMs > fromMs)) return failed('invalid-input', 'toMs: ends before it begins', { field: 'toMs' })
    const series = o.planner.prices(site, fromMs, toMs)
    return series === null ? noSite(site) : ok(series)
  },
  'plan.conversion': async ({ site, overrides }) => {
    const report = o.planner.conversion(site, overrides)
    return report === null ? noSite(site) : ok(report)
  },
  'figures.explain': async ({ site, figure, overrides }) => {
    const [explanation] = o.planner.explain(site, [figure], overrides) ?? []
    return explanation === undefined ? noSite(site) : ok(explanation)
  },
})
