/** One bitcoin price as a document: the bounds, the jump rule and the moment are the same for every exchange. */

import type { FeedDocument, FeedProblem, SpotRow } from '#shared/market/rows.ts'
import { readNumber } from '#shared/read-number.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import type { ParseMeta } from '../feed.ts'
import { excerpt, problem } from './payload.ts'

/** USD per BTC; above 0 by definition, and no exchange prints more than eight digits before the point. */
const PRICE = { min: 0.01, max: 99_999_999 }
/** Threat model F2: a price that is another one by this factor is a changed unit until it is confirmed. */
const SUSPECT_FACTOR = 3

/** The row as it is, or held as suspect when it jumped away from the last reading of the same source. */
export const marked = (row: SpotRow, last: SpotRow | null): SpotRow =>
  last !== null && (row.price > last.price * SUSPECT_FACTOR || row.price < last.price / SUSPECT_FACTOR)
    ? { ...row, quality: 'suspect' }
    : row

export const spotDocument = (o: {
  source: string
  name: string
  price: unknown
  place: string
  /** The source's own time in ms; null: it has none or it is unreadable. */
  ownTimeMs: number | null
  problems?: readonly FeedProblem[]
  meta: ParseMeta
}): Result<FeedDocument> => {
  const price = readNumber(o.price, PRICE)
  if (price === null)
    return failed('unexpected-reply', `${o.name}: ${o.place} is no bitcoin price: ${excerpt(o.price)}`, { field: o.place })
  const problems = [...(o.problems ?? [])]
  const ahead = o.ownTimeMs !== null && o.ownTimeMs > o.meta.nowMs
  // A stamp ahead of our clock would look fresh long after the source has stopped: arrival is the later bound.
  if (o.ownTimeMs !== null && o.ownTimeMs > o.meta.nowMs + 120_000)
    problems.push(
      problem('its own time lies ahead of this computer’s clock; the time of arrival is used', o.name, new Date(o.ownTimeMs).toISOString()),
    )
  const before = o.meta.previous.findLast((r): r is SpotRow => r.kind === 'spot' && r.source === o.source)
  const row = marked(
    {
      kind: 'spot',
      source: o.source,
      pair: 'BTC-USD',
      price,
      observedAtMs: o.ownTimeMs === null || ahead ? o.meta.nowMs : o.ownTimeMs,
      quality: 'live',
    },
    before ?? null,
  )
  if (row.quality === 'suspect')
    problems.push(
      problem(`more than a factor of ${SUSPECT_FACTOR} away from the last ${before?.price}; held until confirmed`, o.place, o.price),
    )
  return ok({ rows: [row], problems, coverage: { expected: 1, received: 1 } })
}
