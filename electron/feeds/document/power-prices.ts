/**
 * Settlement prices as one document: bounds, duplicates, stamps ahead of time and missing intervals are judged in the
 * same way for every market. Absent is not zero: what cannot be read is a problem with its place, never a row.
 */
import type { FeedDocument, FeedProblem, PowerPriceRow } from '#shared/market/rows.ts'
import { type Bounds, readNumber } from '#shared/read-number.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import { DAY_MS, HOUR_MS, type Interval, isoInstant } from '#shared/time.ts'
import type { ParseMeta } from '../feed.ts'
import { excerpt, problem } from './payload.ts'
import { stepsIn } from './zone-calendar.ts'

/** $/MWh. Floors and caps of all known markets lie inside (threat model F3); beyond it the figure is no price. */
const ACCEPTED: Bounds = { min: -1_500, max: 25_000 }
/** Most spans of missing prices listed one by one. */
const MAX_GAPS = 20
/** A real-time price is of the past; a desk clock may be wrong by an hour, hardly by more. */
const CLOCK_TOLERANCE_MS = 2 * HOUR_MS

export type QuotedPrice = Interval & {
  readonly location: string
  readonly raw: unknown
  readonly place: string
  readonly publishedAtMs: number | null
}

/** Missing steps of the span as joined intervals. */
const missingSpans = (span: Interval, stepMs: number, covered: (startMs: number) => boolean): Interval[] => {
  const gaps: { startMs: number; endMs: number }[] = []
  for (const startMs of stepsIn(span, stepMs)) {
    if (covered(startMs)) continue
    const last = gaps.at(-1)
    if (last && last.endMs === startMs) last.endMs = startMs + stepMs
    else gaps.push({ startMs, endMs: startMs + stepMs })
  }
  return gaps
}

export const gapProblem = (gap: Interval, place: string): FeedProblem =>
  problem(`no price from ${isoInstant(gap.startMs)} to ${isoInstant(gap.endMs)}`, place, '')

/** True where the rows cover the step in full, in one piece or in several. */
const coveredBy = (rows: readonly PowerPriceRow[], stepMs: number): ((startMs: number) => boolean) => {
  const filled = new Map<number, number>()
  for (const row of rows) {
    // A row longer than a step (an hour over quarters) fills every step it touches.
    for (let at = row.intervalStartMs - (row.intervalStartMs % stepMs); at < row.intervalEndMs; at += stepMs) {
      const part = Math.min(row.intervalEndMs, at + stepMs) - Math.max(row.intervalStartMs, at)
      filled.set(at, (filled.get(at) ?? 0) + part)
    }
  }
  return (startMs) => (filled.get(startMs) ?? 0) >= stepMs
}

export const powerDocument = (o: {
  /** How messages name it: "ERCOT real-time". */
  name: string
  source: string
  market: 'rt' | 'dam'
  quoted: readonly QuotedPrice[]
  problems: readonly FeedProblem[]
  /** Prices this market itself can make at that time; beyond them a price is kept as suspect. */
  ownLimits: (startMs: number) => Bounds
  /** What the document should hold for each location. */
  spans: readonly Interval[]
  stepMs: number
  meta: ParseMeta
}): Result<FeedDocument> => {
  const problems = [...o.problems]
  const wanted = o.meta.locations === null ? null : new Set(o.meta.locations)
  const newestAllowedMs = o.meta.nowMs + (o.market === 'rt' ? CLOCK_TOLERANCE_MS : 3 * DAY_MS)
  const byKey = new Map<string, PowerPriceRow>()
  const seen = new Set<string>()
  let ahead = 0

  for (const q of o.quoted) {
    if (wanted !== null && !wanted.has(q.location)) continue
    seen.add(q.location)
    const price = readNumber(q.raw, ACCEPTED)
    const place = `${q.place} ${excerpt(q.location)}`
    if (price === null) {
      const readable = readNumber(q.raw, { min: -Number.MAX_VALUE, max: Number.MAX_VALUE })
      problems.push(problem(readable === null ? 'not a price' : `outside ${ACCEPTED.min} to ${ACCEPTED.max} $/MWh; refused`, place, q.raw))
      continue
    }
    const own = o.ownLimits(q.startMs)
    const beyond = price < own.min || price > own.max
    if (beyond)
      problems.push(problem(`beyond this market's own limits of ${own.min} to ${own.max} $/MWh; held until confirmed`, place, q.raw))
    const early = q.startMs > newestAllowedMs
    if (early) ahead++
    const row: PowerPriceRow = {
      kind: 'power_price',
      source: o.source,
      location: q.location,
      market: o.market,
      intervalStartMs: q.startMs,
      intervalEndMs: q.endMs,
      pricePerMwh: price,
      currency: 'USD',
      publishedAtMs: q.publishedAtMs,
      quality: beyond || early ? 'suspect' : 'live',
    }
    const key = `${q.startMs} ${q.location}`
    const twin = byKey.get(key)
    if (twin && twin.pricePerMwh !== price) {
      // Two prices for one interval in one document: nothing says which holds, so neither may carry advice.
      problems.push(
        problem(
          `two prices for ${isoInstant(q.startMs)}; the later line is kept as suspect`,
          place,
          `${twin.pricePerMwh} and ${excerpt(q.raw)}`,
        ),
      )
      byKey.set(key, { ...row, quality: 'suspect' })
    } else if (!twin) byKey.set(key, row)
  }
  if (ahead > 0)
    problems.push(
      problem(`${ahead} prices for a time that has not come by this computer's clock; held as suspect`, o.name, isoInstant(o.meta.nowMs)),
    )

  const rows = [...byKey.values()].sort((a, b) => a.intervalStartMs - b.intervalStartMs)
  for (const location of wanted ?? []) if (!seen.has(location)) problems.push(problem('not in this document', location, ''))
  if (rows.length === 0) {
    const first = problems[0]
    return failed(
      wanted !== null && seen.size === 0 && o.quoted.length > 0 ? 'not-found' : 'unexpected-reply',
      `${o.name}: no usable price${first ? ` (${first.place}: ${first.reason}${first.raw === '' ? '' : `: ${first.raw}`})` : ''}`,
    )
  }

  const locations = wanted ?? seen
  let expected = 0
  let received = 0
  const gaps: FeedProblem[] = []
  const byLocation = Map.groupBy(rows, (r) => r.location)
  for (const location of locations) {
    const covered = coveredBy(byLocation.get(location) ?? [], o.stepMs)
    for (const span of o.spans) {
      const steps = stepsIn(span, o.stepMs)
      expected += steps.length
      received += steps.filter(covered).length
      if (seen.has(location)) for (const gap of missingSpans(span, o.stepMs, covered)) gaps.push(gapProblem(gap, location))
    }
  }
  if (gaps.length > MAX_GAPS) gaps.splice(MAX_GAPS, gaps.length, problem(`${gaps.length - MAX_GAPS} further gaps`, o.name, ''))
  return ok({ rows, problems: [...problems, ...gaps], coverage: { expected, received } })
}

/** Documents of one read as one: rows by interval, later publications over earlier ones, problems and counts joined. */
export const joined = (documents: readonly FeedDocument[]): readonly PowerPriceRow[] => {
  const byKey = new Map<string, PowerPriceRow>()
  for (const document of documents)
    for (const row of document.rows) {
      if (row.kind !== 'power_price') continue
      const key = `${row.intervalStartMs} ${row.location}`
      const known = byKey.get(key)
      if (!known || (row.publishedAtMs ?? 0) >= (known.publishedAtMs ?? 0)) byKey.set(key, row)
    }
  return [...byKey.values()].sort((a, b) => a.intervalStartMs - b.intervalStartMs)
}

/** How much of a window is there, by what was known before and by what has come now. */
export const windowCoverage = (o: {
  span: Interval
  stepMs: number
  locations: readonly string[]
  have: (startMs: number) => boolean
  rows: readonly PowerPriceRow[]
}): { coverage: { expected: number; received: number }; gaps: readonly Interval[] } => {
  const byLocation = Map.groupBy(o.rows, (r) => r.location)
  const covered = o.locations.map((location) => coveredBy(byLocation.get(location) ?? [], o.stepMs))
  const complete = (startMs: number) => o.have(startMs) || covered.every((has) => has(startMs))
  const steps = stepsIn(o.span, o.stepMs)
  return {
    coverage: { expected: steps.length, received: steps.filter(complete).length },
    gaps: missingSpans(o.span, o.stepMs, complete),
  }
}
