import type { SourceRow } from '#shared/contract.ts'
import { headlineFigures } from '#shared/memo/derivation-page.ts'
import { memoStatement } from '#shared/memo/statement.ts'
import { failed, ok } from '#shared/result.ts'
import type { Planner } from '../planner/reports.ts'
import type { Handlers } from './serve.ts'

export const serveMemo = (o: {
  planner: Planner
  sources: () => SourceRow[]
  now: () => number
  version: string
  demo: boolean
}): Pick<Handlers, 'memo.document'> => ({
  'memo.document': async ({ sites, overrides }) => {
    const reports = o.planner.reportsWith(sites, overrides)
    const missing = sites.find((id) => !reports.some((r) => r.id === id))
    if (missing !== undefined) return failed('not-found', `no site "${missing}"`, { field: 'sites' })
    if (reports.length === 0) return failed('not-found', 'there is no site to write a memo about', { field: 'sites' })
    const explained = reports.flatMap((r) => o.planner.explain(r.id, headlineFigures, overrides, r.asOfMs) ?? [])
    const statement = memoStatement({ reports, explained, sources: o.sources(), nowMs: o.now(), version: o.version, demo: o.demo })
    // The charts bring a drawing library along: loaded when a memo is wanted, not at every start.
    const { memoDocument } = await import('../memo/document.ts')
    return ok(memoDocument(statement))
  },
})
