import type { SourceRow } from '#shared/contract.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import type { Handlers } from './serve.ts'

export const serveSources = (o: {
  rows: () => SourceRow[]
  /** Asks this feed again now; resolves when it has answered or failed. */
  retryFeed: (id: string) => Promise<Result<unknown>>
  sweepNow: () => Promise<void>
}): Pick<Handlers, 'sources.list' | 'sources.retry'> => ({
  'sources.list': async () => ok(o.rows()),
  'sources.retry': async ({ id }) => {
    const before = o.rows().find((row) => row.id === id)
    if (!before) return failed('not-found', `no source "${id}"`, { field: 'id' })
    if (before.kind === 'feed') {
      const tried = await o.retryFeed(id)
      if (!tried.ok) return tried
    } else {
      await o.sweepNow()
    }
    return ok(o.rows().find((row) => row.id === id) ?? before)
  },
})
