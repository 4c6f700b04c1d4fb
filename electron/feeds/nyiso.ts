/**
 * NYISO zonal prices (LBMP) from its daily CSV files, mis.nyiso.com, keyless; single days stay up for about ten days.
 * Five-minute stamps (with seconds) mark the END of an interval, hourly stamps (day-ahead, hourly integrated) the START.
 * No column says which pass of the repeated autumn hour a row belongs to: the order of the rows of one zone decides,
 * summer time first. Layout after gridstatus and recordings; headers are quoted or not from file to file.
 */
import type { FeedDocument, FeedProblem } from '#shared/market/rows.ts'
import type { Bounds } from '#shared/read-number.ts'
import { type Failure, failed, ok, type Result } from '#shared/result.ts'
import { DAY_MS, HOUR_MS, type Interval, MINUTE_MS } from '#shared/time.ts'
import { csvTable } from './document/csv.ts'
import { expectForm, problem, textOf } from './document/payload.ts'
import { gapProblem, joined, powerDocument, type QuotedPrice, windowCoverage } from './document/power-prices.ts'
import { dayBounds, instantsShowing, localDate, minuteOfDay, plusDays, stepsIn } from './document/zone-calendar.ts'
import { type Feed, type FeedAsk, type FeedReadout, metaOf, type ParseMeta } from './feed.ts'

const HOST = 'mis.nyiso.com'
const EASTERN = 'America/New_York'
const FIVE_MINUTES_MS = 5 * MINUTE_MS
const MAX_DOCUMENTS = 12
/** Files of single days older than this are asked for in vain. */
const KEPT_DAYS = 9
/** Past this a finished day's file is complete; what it lacks then stays a gap. */
const SETTLED_AFTER_MS = 3 * HOUR_MS

/** Bids may set prices from the floor of -1,000 to the hard cap of 2,000 $/MWh; shortage adders can lie above it. */
const OWN_LIMITS: Bounds = { min: -1_000, max: 2_000 }

const STAMP = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{2}):(\d{2})(?::(\d{2}))?$/

type Line = {
  readonly line: number
  readonly raw: string
  readonly price: string
  readonly stamp: string
  readonly instants: readonly number[]
}

const ascends = (values: readonly number[]): boolean => values.every((v, i) => i === 0 || v >= (values[i - 1] ?? v))
const descending = (values: readonly number[]): boolean => (values.at(-1) ?? 0) < (values[0] ?? 0)

/**
 * One zone's rows of the doubled hour, in the order of time: at the step back the second pass begins. Without a step back
 * each stamp that comes twice is one of each pass; rows of a single pass are the first one while the second is still to
 * come. Anything else cannot be told apart (null).
 */
const passesOf = (rows: readonly Line[], asOfMs: number): readonly (0 | 1)[] | null => {
  const first = rows.map((r) => r.instants[0] ?? 0)
  const backAt = first.findIndex((ms, i) => i > 0 && ms < (first[i - 1] ?? 0))
  if (backAt > 0) {
    const again = first.some((ms, i) => i > backAt && ms < (first[i - 1] ?? 0))
    return again ? null : rows.map((_, i) => (i < backAt ? 0 : 1))
  }
  const times = Map.groupBy(first, (ms) => ms)
  if ([...times.values()].every((same) => same.length === 2)) return first.map((ms, i) => (first.indexOf(ms) === i ? 0 : 1))
  const secondStartsMs = Math.min(...rows.map((r) => r.instants[1] ?? Number.POSITIVE_INFINITY))
  return asOfMs < secondStartsMs ? rows.map(() => 0) : null
}

const parsePrices = (market: 'rt' | 'dam', body: Uint8Array, meta: ParseMeta): Result<FeedDocument> => {
  const name = market === 'rt' ? 'NYISO real-time' : 'NYISO day-ahead'
  const form = expectForm(body, meta, name, ['text'])
  if (!form.ok) return form
  const text = textOf(body, name)
  if (!text.ok) return text
  const columns = { stamp: 'Time Stamp', zone: 'Name', price: 'LBMP ($/MWHr)' } as const
  const table = csvTable(text.value, name, Object.values(columns))
  if (!table.ok) return table
  const at = { stamp: table.value.column(columns.stamp), zone: table.value.column(columns.zone), price: table.value.column(columns.price) }
  const problems: FeedProblem[] = []
  const byZone = new Map<string, Line[]>()
  const known = new Map<string, readonly number[]>()
  let fiveMinutes = false

  for (const row of table.value.rows) {
    const cell = (index: number | null) => (index === null ? '' : (row.cells[index] ?? ''))
    const stamp = cell(at.stamp)
    const zone = cell(at.zone)
    const raw = row.cells.join(',')
    const place = `line ${row.line}`
    if (zone === '') {
      problems.push(problem('no zone', place, raw))
      continue
    }
    if (meta.locations !== null && !meta.locations.includes(zone)) continue
    const m = STAMP.exec(stamp)
    let instants = known.get(stamp)
    if (instants === undefined) {
      instants = m
        ? instantsShowing(
            {
              month: Number(m[1]),
              day: Number(m[2]),
              year: Number(m[3]),
              hour: Number(m[4]),
              minute: Number(m[5]),
              second: Number(m[6] ?? 0),
            },
            EASTERN,
          )
        : []
      known.set(stamp, instants)
    }
    if (instants.length === 0) {
      problems.push(problem(m ? 'no such local time (an hour that spring leaves out, or no date at all)' : 'unreadable time', place, raw))
      continue
    }
    if (m?.[6] !== undefined) fiveMinutes = true
    const lines = byZone.get(zone) ?? []
    lines.push({ line: row.line, raw, price: cell(at.price), stamp, instants })
    byZone.set(zone, lines)
  }
  if (fiveMinutes && market === 'dam')
    return failed('unexpected-reply', `${name}: stamps with seconds are five-minute prices, not day-ahead ones`)

  const stepMs = fiveMinutes ? FIVE_MINUTES_MS : HOUR_MS
  const quoted: QuotedPrice[] = []
  for (const [location, lines] of byZone) {
    const inTime = descending(lines.map((l) => l.instants[0] ?? 0)) ? lines.toReversed() : lines
    const doubled = inTime.filter((l) => l.instants.length > 1)
    // In a file whose other rows are out of order, the order of the doubled hour means nothing either.
    const ordered = ascends(inTime.flatMap((l) => (l.instants.length === 1 && l.instants[0] !== undefined ? [l.instants[0]] : [])))
    const passes = ordered ? passesOf(doubled, meta.publishedAtMs ?? meta.nowMs) : null
    const stamped = inTime.flatMap((l) => {
      const pass = l.instants.length === 1 ? 0 : (passes?.[doubled.indexOf(l)] ?? null)
      const ms = pass === null ? undefined : l.instants[pass]
      if (ms === undefined)
        problems.push(problem('in the hour that autumn repeats, and the order of rows does not tell which', `line ${l.line}`, l.raw))
      return ms === undefined ? [] : [{ ...l, ms }]
    })
    stamped.sort((a, b) => a.ms - b.ms)
    let before = Number.NEGATIVE_INFINITY
    for (const [i, l] of stamped.entries()) {
      const previous = stamped[i - 1]
      if (previous && previous.ms < l.ms) before = previous.ms
      // A run off the schedule makes intervals shorter than five minutes: each begins where the one before it ended.
      const startMs = fiveMinutes ? Math.max(l.ms - stepMs, before) : l.ms
      quoted.push({
        location,
        startMs,
        endMs: fiveMinutes ? l.ms : l.ms + stepMs,
        raw: l.price,
        place: `line ${l.line}`,
        publishedAtMs: meta.publishedAtMs,
      })
    }
  }

  const lastMs = quoted.reduce((max, q) => Math.max(max, q.endMs), Number.NEGATIVE_INFINITY)
  const spans = [...new Set(quoted.map((q) => localDate(q.startMs, EASTERN)))].map((date): Interval => {
    const day = dayBounds(date, EASTERN)
    // Real-time of a day that still runs ends where the file ends; a finished day is expected whole.
    const running = market === 'rt' && day.endMs > meta.nowMs - 2 * FIVE_MINUTES_MS
    return { startMs: day.startMs, endMs: running ? Math.min(day.endMs, Math.floor(lastMs / stepMs) * stepMs) : day.endMs }
  })
  return powerDocument({ name, source: 'nyiso', market, quoted, problems, ownLimits: () => OWN_LIMITS, spans, stepMs, meta })
}

const compact = (date: string) => date.replaceAll('-', '')

type Files = {
  readonly name: string
  readonly stepMs: number
  readonly parse: Feed['parse']
  url(date: string): string
  /** Newest local date that may have a file by now. */
  newest(ask: FeedAsk): string
  /** The end of what can be expected to be published by now. */
  publishedToMs(ask: FeedAsk): number
  awaited(ask: FeedAsk, have: (startMs: number) => boolean): FeedReadout['again']
}

const readFiles =
  (f: Files): Feed['read'] =>
  async (http, ask) => {
    const today = localDate(ask.nowMs, EASTERN)
    const newest = f.newest(ask)
    const oldest = localDate(Math.max(ask.fromMs, ask.nowMs - KEPT_DAYS * DAY_MS), EASTERN)
    const inWindow = (startMs: number) => startMs >= ask.fromMs && startMs < ask.toMs
    const dates: string[] = []
    for (let date = newest; date >= oldest; date = plusDays(date, -1)) {
      const missing = stepsIn(dayBounds(date, EASTERN), f.stepMs).some((s) => inWindow(s) && !ask.have(s))
      // Today's file is always asked for: it grows, it may be corrected, and it shows that the source is alive.
      if (date === today || (missing && !ask.fruitless.has(date))) dates.push(date)
    }

    const bound = Math.min(ask.maxDocuments ?? MAX_DOCUMENTS, MAX_DOCUMENTS)
    const good: FeedDocument[] = []
    const problems: FeedProblem[] = []
    let firstFailure: Failure | null = null
    let broken = false
    for (const date of dates.slice(0, bound)) {
      const day = dayBounds(date, EASTERN)
      const settled = ask.nowMs > day.endMs + SETTLED_AFTER_MS
      const answer = await http.get(f.url(date))
      if (!answer.ok) {
        // Tomorrow's file not being there yet is no news.
        if (answer.failure.kind === 'not-found' && date > today) continue
        firstFailure ??= answer.failure
        problems.push(problem(answer.failure.message, date, ''))
        if (answer.failure.kind !== 'not-found') {
          // A host in trouble is left alone; what has come stays.
          broken = true
          break
        }
        if (settled) ask.fruitless.add(date)
        continue
      }
      const document = f.parse(answer.value.body, metaOf(answer.value, ask.locations))
      if (!document.ok) {
        if (settled) ask.fruitless.add(date)
        firstFailure ??= document.failure
        problems.push(problem(document.failure.message, date, ''))
        continue
      }
      const { coverage } = document.value
      if (settled && coverage !== null && coverage.received < coverage.expected) ask.fruitless.add(date)
      good.push(document.value)
      problems.push(...document.value.problems)
    }
    const rows = joined(good)
    if (rows.length === 0 && firstFailure !== null) return { ok: false, failure: firstFailure }

    const span = { startMs: Math.ceil(ask.fromMs / f.stepMs) * f.stepMs, endMs: Math.min(f.publishedToMs(ask), ask.toMs) }
    const window = windowCoverage({ span, stepMs: f.stepMs, locations: ask.locations, have: ask.have, rows })
    const backfill = dates.length > bound && !broken
    const read = new Set(dates)
    if (!backfill)
      for (const gap of window.gaps.slice(-20)) if (!read.has(localDate(gap.startMs, EASTERN))) problems.push(gapProblem(gap, f.name))
    const arrived = new Set(rows.map((row) => row.intervalStartMs))
    return ok({
      rows,
      problems,
      coverage: window.coverage,
      again: backfill ? { inMs: 0, reason: 'backfill' } : f.awaited(ask, (s) => ask.have(s) || arrived.has(s)),
    })
  }

const common = {
  kind: 'power_price',
  needsKey: false,
  licence: 'NYISO public market data, keyless; NYISO’s website terms',
  verifiedLive: false,
  host: HOST,
} as const

const parseRealTime: Feed['parse'] = (body, meta) => parsePrices('rt', body, meta)
export const nyisoRealTime: Feed = {
  ...common,
  id: 'nyiso.real-time',
  purpose: 'Zonal prices of NYISO, five minutes each, real-time',
  everyMs: FIVE_MINUTES_MS,
  alignedToMs: 45_000,
  limits: { staleAfterMs: 15 * MINUTE_MS, deadAfterMs: 60 * MINUTE_MS },
  parse: parseRealTime,
  read: readFiles({
    name: 'NYISO real-time',
    stepMs: FIVE_MINUTES_MS,
    parse: parseRealTime,
    url: (date) => `https://${HOST}/public/csv/realtime/${compact(date)}realtime_zone.csv`,
    newest: (ask) => localDate(ask.nowMs, EASTERN),
    publishedToMs: (ask) => Math.floor((ask.nowMs - FIVE_MINUTES_MS) / FIVE_MINUTES_MS) * FIVE_MINUTES_MS,
    awaited: () => null,
  }),
}

/** Eastern time by which tomorrow's prices are posted, and from when they are missed. */
const DAM_FROM_MINUTE = 10 * 60
const DAM_LATE_MINUTE = 11 * 60 + 30
const tomorrowOf = (ask: FeedAsk) => plusDays(localDate(ask.nowMs, EASTERN), 1)

const parseDayAhead: Feed['parse'] = (body, meta) => parsePrices('dam', body, meta)
export const nyisoDayAhead: Feed = {
  ...common,
  id: 'nyiso.day-ahead',
  purpose: 'Zonal prices of NYISO for the hours of today and tomorrow, day-ahead',
  everyMs: 30 * MINUTE_MS,
  alignedToMs: 3 * MINUTE_MS,
  // One publication a day at about 11:00; its last hour ends 37 h after it.
  limits: { staleAfterMs: 25 * HOUR_MS, deadAfterMs: 37 * HOUR_MS },
  parse: parseDayAhead,
  read: readFiles({
    name: 'NYISO day-ahead',
    stepMs: HOUR_MS,
    parse: parseDayAhead,
    url: (date) => `https://${HOST}/public/csv/damlbmp/${compact(date)}damlbmp_zone.csv`,
    newest: (ask) => (minuteOfDay(ask.nowMs, EASTERN) >= DAM_FROM_MINUTE ? tomorrowOf(ask) : localDate(ask.nowMs, EASTERN)),
    publishedToMs: (ask) =>
      dayBounds(minuteOfDay(ask.nowMs, EASTERN) >= DAM_LATE_MINUTE ? tomorrowOf(ask) : localDate(ask.nowMs, EASTERN), EASTERN).endMs,
    awaited: (ask, have) =>
      minuteOfDay(ask.nowMs, EASTERN) >= DAM_FROM_MINUTE && !have(dayBounds(tomorrowOf(ask), EASTERN).startMs)
        ? { inMs: 10 * MINUTE_MS, reason: 'not-yet-published' }
        : null,
  }),
}
