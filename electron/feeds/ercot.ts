/**
 * ERCOT settlement point prices from the public report lists: real-time NP6-905-CD (report type 12301, a ZIP with one CSV
 * a quarter of an hour) and day-ahead NP4-190-CD (12331, one a day, about 12:30 to 13:30 Central for the next day).
 * ERCOT counts hours by their end (1–24) and quarters 1–4 in Central time; DSTFlag Y marks the second pass through the
 * hour that autumn repeats. Layouts after gridstatus and recordings; www.ercot.com blocks many networks (Imperva).
 */
import * as z from 'zod'
import type { FeedDocument, FeedProblem } from '#shared/market/rows.ts'
import { type Bounds, readNumber } from '#shared/read-number.ts'
import { type Failure, failed, ok, type Result } from '#shared/result.ts'
import { HOUR_MS, type Interval, MINUTE_MS } from '#shared/time.ts'
import { csvTable } from './document/csv.ts'
import { offsetStampMs } from './document/instant.ts'
import { excerpt, expectForm, jsonOf, problem, textOf } from './document/payload.ts'
import { gapProblem, joined, powerDocument, type QuotedPrice, windowCoverage } from './document/power-prices.ts'
import { unzipOne } from './document/zip.ts'
import { dayBounds, instantsShowing, localDate, minuteOfDay, plusDays, stepsIn } from './document/zone-calendar.ts'
import { type Feed, type FeedAsk, type FeedReadout, metaOf, type ParseMeta } from './feed.ts'

const HOST = 'www.ercot.com'
const CENTRAL = 'America/Chicago'
const QUARTER_MS = 15 * MINUTE_MS
const MAX_CSV_BYTES = 8 * 1_048_576
const MAX_DOCUMENTS = 120

/**
 * System-wide offer cap 5,000 $/MWh since 2022, 9,000 before. Congestion and adders lift single points above it
 * (9,024.06 was settled in February 2021); the offer floor is -250.
 */
const ownLimits = (startMs: number): Bounds => ({ min: -250, max: startMs >= Date.UTC(2022, 0, 1, 6) ? 5_000 : 9_000 })

type Moment = { readonly instants: readonly number[]; readonly flagged: boolean | null }
/** The one instant meant, or why there is none: F5 refuses a local time in the missing or the unmarked doubled hour. */
const meant = ({ instants, flagged }: Moment): number | string => {
  const [first, second] = instants
  if (first === undefined) return 'no such local time (an hour that spring leaves out, or no date at all)'
  if (second === undefined) return first
  return flagged === null ? 'in the hour that autumn repeats, without a readable DSTFlag' : flagged ? second : first
}

const DSTFLAG: Readonly<Record<string, boolean>> = { Y: true, N: false, TRUE: true, FALSE: false }
const flagOf = (raw: string | undefined): boolean | null => DSTFLAG[(raw ?? '').toUpperCase()] ?? null

const US_DATE = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/
const usDate = (raw: string): { year: number; month: number; day: number } | null => {
  const m = US_DATE.exec(raw)
  return m ? { month: Number(m[1]), day: Number(m[2]), year: Number(m[3]) } : null
}

/** Text of the report: the CSV itself, or the one in the ZIP that ERCOT serves. */
const csvText = (body: Uint8Array, meta: ParseMeta, name: string): Result<string> => {
  const form = expectForm(body, meta, name, ['zip', 'text'])
  if (!form.ok) return form
  if (form.value === 'text') return textOf(body, name)
  const file = unzipOne(body, { source: name, wanted: (n) => /\.csv$/i.test(n), maxBytes: MAX_CSV_BYTES })
  if (!file.ok) return file
  const inner = expectForm(file.value.bytes, meta, `${name} ${excerpt(file.value.name)}`, ['text'])
  return inner.ok ? textOf(file.value.bytes, name) : inner
}

type Market = {
  readonly name: string
  readonly market: 'rt' | 'dam'
  /** Columns that make the time (with DSTFlag), name the point and hold the price. */
  readonly columns: { readonly time: readonly string[]; readonly point: string; readonly price: string }
  readonly stepMs: number
  /** Wall clock at which the interval starts, as minutes after midnight; null: unreadable. */
  startMinute(cell: (name: string) => string): number | null
  /** What a report with these intervals should hold for each point. */
  spans(quoted: readonly QuotedPrice[]): readonly Interval[]
}

const realTime: Market = {
  name: 'ERCOT real-time',
  market: 'rt',
  columns: { time: ['DeliveryDate', 'DeliveryHour', 'DeliveryInterval'], point: 'SettlementPointName', price: 'SettlementPointPrice' },
  stepMs: QUARTER_MS,
  startMinute: (cell) => {
    const hour = readNumber(cell('DeliveryHour'), { min: 1, max: 24 })
    const quarter = readNumber(cell('DeliveryInterval'), { min: 1, max: 4 })
    return hour === null || quarter === null || !Number.isInteger(hour) || !Number.isInteger(quarter)
      ? null
      : (hour - 1) * 60 + (quarter - 1) * 15
  },
  spans: (quoted) => [...new Map(quoted.map(({ startMs, endMs }) => [startMs, { startMs, endMs }])).values()],
}

const dayAhead: Market = {
  name: 'ERCOT day-ahead',
  market: 'dam',
  columns: { time: ['DeliveryDate', 'HourEnding'], point: 'SettlementPoint', price: 'SettlementPointPrice' },
  stepMs: HOUR_MS,
  startMinute: (cell) => {
    const hour = readNumber(/^(\d{1,2})(:00)?$/.exec(cell('HourEnding'))?.[1], { min: 1, max: 24 })
    return hour === null ? null : (hour - 1) * 60
  },
  spans: (quoted) => [...new Set(quoted.map((q) => localDate(q.startMs, CENTRAL)))].map((date) => dayBounds(date, CENTRAL)),
}

const parseReport = (m: Market, body: Uint8Array, meta: ParseMeta): Result<FeedDocument> => {
  const text = csvText(body, meta, m.name)
  if (!text.ok) return text
  const required = [...m.columns.time, m.columns.point, m.columns.price]
  const table = csvTable(text.value, m.name, required)
  if (!table.ok) return table
  const { rows, column } = table.value
  const at = Object.fromEntries([...required, 'SettlementPointType', 'DSTFlag'].map((name) => [name, column(name)]))
  const problems: FeedProblem[] = []
  const quoted: QuotedPrice[] = []
  const moments = new Map<string, number | string>()

  for (const row of rows) {
    const cell = (name: string): string => {
      const index = at[name]
      return index === null || index === undefined ? '' : (row.cells[index] ?? '')
    }
    // A zone comes twice, as LZ and as LZEW (energy-weighted, for settlement of some loads); LZ is the published price.
    if (/EW$/.test(cell('SettlementPointType'))) continue
    const location = cell(m.columns.point)
    const place = `line ${row.line}`
    if (location === '') {
      problems.push(problem('no settlement point', place, row.cells.join(',')))
      continue
    }
    if (meta.locations !== null && !meta.locations.includes(location)) continue
    const stamp = [...m.columns.time, 'DSTFlag'].map(cell).join(' ')
    let start = moments.get(stamp)
    if (start === undefined) {
      const date = usDate(cell('DeliveryDate'))
      const minute = m.startMinute(cell)
      start =
        date === null || minute === null
          ? 'unreadable date or hour'
          : meant({
              instants: instantsShowing({ ...date, hour: Math.floor(minute / 60), minute: minute % 60, second: 0 }, CENTRAL),
              flagged: flagOf(cell('DSTFlag')),
            })
      moments.set(stamp, start)
    }
    if (typeof start === 'string') problems.push(problem(start, place, row.cells.join(',')))
    else
      quoted.push({
        location,
        startMs: start,
        endMs: start + m.stepMs,
        raw: cell(m.columns.price),
        place,
        publishedAtMs: meta.publishedAtMs,
      })
  }
  return powerDocument({
    name: m.name,
    source: 'ercot',
    market: m.market,
    quoted,
    problems,
    ownLimits,
    spans: m.spans(quoted),
    stepMs: m.stepMs,
    meta,
  })
}

const Board = z.object({ lastUpdated: z.unknown().optional() })
const BoardRows = z.array(z.record(z.string(), z.unknown()))
const BOARD_POINT = /^(hb|lz)([A-Z][A-Za-z]{0,15})$/

/**
 * The dashboard's file of today (systemWidePrices): `interval` is the END of the interval in epoch ms and `timestamp` the
 * same with its offset; `dstFlag` is N in summer too and means nothing.
 */
const parseBoard = (m: Market, body: Uint8Array, meta: ParseMeta): Result<FeedDocument> => {
  const json = jsonOf(body, meta, m.name)
  if (!json.ok) return json
  const field = m.market === 'rt' ? 'rtSppData' : 'damSppData'
  const board = Board.extend({ [field]: BoardRows }).safeParse(json.value)
  const list = board.success ? BoardRows.safeParse(board.data[field]) : null
  if (!board.success || !list?.success) return failed('unexpected-reply', `${m.name}: no ${field} in ${excerpt(json.value)}`, { field })
  const publishedAtMs = offsetStampMs(board.data.lastUpdated) ?? meta.publishedAtMs
  const problems: FeedProblem[] = []
  const quoted: QuotedPrice[] = []
  for (const [i, row] of list.data.entries()) {
    const place = `${field}[${i}]`
    const epoch = readNumber(row.interval, { min: 1e12, max: 4.1e12 })
    const stamp = offsetStampMs(row.timestamp)
    const endMs = epoch ?? stamp
    if (endMs === null || (epoch !== null && stamp !== null && epoch !== stamp) || endMs % m.stepMs !== 0) {
      problems.push(problem('no unambiguous time', place, { interval: row.interval, timestamp: row.timestamp }))
      continue
    }
    for (const [key, raw] of Object.entries(row)) {
      const point = BOARD_POINT.exec(key)
      if (point)
        quoted.push({
          location: `${point[1]}_${point[2]}`.toUpperCase(),
          startMs: endMs - m.stepMs,
          endMs,
          raw,
          place: `${place}.${key}`,
          publishedAtMs,
        })
    }
  }
  const lastMs = quoted.reduce((max, q) => Math.max(max, q.endMs), Number.NEGATIVE_INFINITY)
  const spans = quoted.length === 0 ? [] : [{ startMs: dayBounds(localDate(lastMs - m.stepMs, CENTRAL), CENTRAL).startMs, endMs: lastMs }]
  return powerDocument({ name: m.name, source: 'ercot', market: m.market, quoted, problems, ownLimits, spans, stepMs: m.stepMs, meta })
}

const parseOf =
  (m: Market): Feed['parse'] =>
  (body, meta) => {
    const form = expectForm(body, meta, m.name, ['zip', 'text', 'json'])
    return !form.ok ? form : form.value === 'json' ? parseBoard(m, body, meta) : parseReport(m, body, meta)
  }

export type ListedDocument = { readonly docId: string; readonly name: string; readonly publishedAtMs: number }
const List = z.object({
  ListDocsByRptTypeRes: z.object({
    DocumentList: z.array(
      z.object({
        Document: z.object({ DocID: z.unknown(), FriendlyName: z.unknown(), PublishDate: z.unknown(), Extension: z.unknown().optional() }),
      }),
    ),
  }),
})

/** The CSV documents of a report list, newest first; each report is listed a second time as XML, which is left out. */
export const parseDocumentList = (body: Uint8Array, meta: Pick<ParseMeta, 'status'>): Result<readonly ListedDocument[]> => {
  const json = jsonOf(body, meta, 'ERCOT document list')
  if (!json.ok) return json
  const list = List.safeParse(json.value)
  if (!list.success)
    return failed('unexpected-reply', `ERCOT: no document list in ${excerpt(json.value)}`, { field: 'ListDocsByRptTypeRes' })
  return ok(
    list.data.ListDocsByRptTypeRes.DocumentList.flatMap(({ Document: d }) => {
      const docId = typeof d.DocID === 'number' ? String(d.DocID) : d.DocID
      const publishedAtMs = offsetStampMs(d.PublishDate)
      // Only digits ever go into the address that is built from it (threat model E4).
      const usable = typeof docId === 'string' && /^\d{1,20}$/.test(docId) && typeof d.FriendlyName === 'string' && publishedAtMs !== null
      return usable && /csv$/i.test(String(d.FriendlyName)) ? [{ docId, name: String(d.FriendlyName), publishedAtMs }] : []
    }).sort((a, b) => b.publishedAtMs - a.publishedAtMs),
  )
}

/** Interval starts a listed document can hold. */
type StartsOf = (document: ListedDocument) => readonly number[]

// "SPPHLZNP6905_20261003_2245_csv" is named by the end of its quarter in Central time.
const quarterOf: StartsOf = (d) => {
  const m = /_(\d{4})(\d{2})(\d{2})_(\d{2})(\d{2})/.exec(d.name)
  const wall = m && { year: Number(m[1]), month: Number(m[2]), day: Number(m[3]), hour: Number(m[4]), minute: Number(m[5]), second: 0 }
  const ends = wall ? instantsShowing(wall, CENTRAL) : []
  // A name that cannot be read: published about two minutes after the quarter.
  const known = ends.length > 0 ? ends : [d.publishedAtMs - (d.publishedAtMs % QUARTER_MS)]
  return known.map((endMs) => endMs - QUARTER_MS)
}

const hoursOf: StartsOf = (d) => stepsIn(dayBounds(plusDays(localDate(d.publishedAtMs, CENTRAL), 1), CENTRAL), HOUR_MS)

const listUrl = (reportTypeId: number) => `https://${HOST}/misapp/servlets/IceDocListJsonWS?reportTypeId=${reportTypeId}`
const documentUrl = (docId: string) => `https://${HOST}/misdownload/servlets/mirDownload?doclookupId=${docId}`

const readReports =
  (r: {
    market: Market
    reportTypeId: number
    startsOf: StartsOf
    /** False: only one of these starts is meant, and the name does not say which. */
    certain: (starts: readonly number[]) => boolean
    parse: Feed['parse']
    /** The part of the window for which a publication can be expected by now. */
    published: (ask: FeedAsk) => Interval
    awaited: (ask: FeedAsk, published: Interval, have: (startMs: number) => boolean) => FeedReadout['again']
  }): Feed['read'] =>
  async (http, ask) => {
    const listed = await http.get(listUrl(r.reportTypeId))
    if (!listed.ok) return listed
    const documents = parseDocumentList(listed.value.body, { status: 200 })
    if (!documents.ok) return documents

    const inWindow = (startMs: number) => startMs >= ask.fromMs && startMs < ask.toMs
    const taken = new Set<number>()
    const waiting = documents.value.filter((d) => {
      if (ask.fruitless.has(d.docId)) return false
      const starts = r.startsOf(d)
      // Of two publications for one interval the newer one is enough; an ambiguous name claims nothing for itself.
      const missing = starts.filter((s) => inWindow(s) && !ask.have(s) && !taken.has(s))
      if (r.certain(starts)) for (const s of missing) taken.add(s)
      return missing.length > 0
    })
    const bound = Math.min(ask.maxDocuments ?? MAX_DOCUMENTS, MAX_DOCUMENTS)
    const good: FeedDocument[] = []
    const problems: FeedProblem[] = []
    let stoppedBy: Failure | null = null
    for (const d of waiting.slice(0, bound)) {
      const answer = await http.get(documentUrl(d.docId), { once: true })
      if (!answer.ok) {
        problems.push(problem(answer.failure.message, `document ${d.docId}`, d.name))
        stoppedBy ??= answer.failure
        if (answer.failure.kind === 'not-found') ask.fruitless.add(d.docId)
        // A host in trouble is left alone; what has come stays.
        else break
        continue
      }
      const document = r.parse(answer.value.body, { ...metaOf(answer.value, ask.locations), publishedAtMs: d.publishedAtMs })
      if (!document.ok) {
        ask.fruitless.add(d.docId)
        problems.push(problem(document.failure.message, `document ${d.docId}`, d.name))
        stoppedBy ??= document.failure
        continue
      }
      const found = new Set(document.value.rows.map((row) => (row.kind === 'power_price' ? row.location : '')))
      if (!ask.locations.every((location) => found.has(location))) ask.fruitless.add(d.docId)
      problems.push(...document.value.problems)
      good.push(document.value)
    }
    const rows = joined(good)
    if (rows.length === 0 && stoppedBy !== null) return { ok: false, failure: stoppedBy }
    if (documents.value.length === 0) return failed('unexpected-reply', `${r.market.name}: the list of documents is empty`)

    const span = r.published(ask)
    const window = windowCoverage({ span, stepMs: r.market.stepMs, locations: ask.locations, have: ask.have, rows })
    const backfill = waiting.length > bound && stoppedBy === null
    if (!backfill) for (const gap of window.gaps.slice(-20)) problems.push(gapProblem(gap, r.market.name))
    const arrived = new Set(rows.map((row) => row.intervalStartMs))
    return ok({
      rows,
      problems,
      coverage: window.coverage,
      again: backfill ? { inMs: 0, reason: 'backfill' } : r.awaited(ask, span, (s) => ask.have(s) || arrived.has(s)),
    })
  }

const up = (ms: number, stepMs: number) => Math.ceil(ms / stepMs) * stepMs
const down = (ms: number, stepMs: number) => Math.floor(ms / stepMs) * stepMs

const licence = 'ERCOT public market information, keyless; ERCOT’s website terms'
const common = { kind: 'power_price', needsKey: false, licence, verifiedLive: false, host: HOST } as const

const parseRealTime = parseOf(realTime)
export const ercotRealTime: Feed = {
  ...common,
  id: 'ercot.real-time',
  purpose: 'Settlement point prices of ERCOT, a quarter of an hour each, real-time',
  everyMs: QUARTER_MS,
  // Published about two minutes after each quarter (recorded 22:47:02 for the one that ended 22:45).
  alignedToMs: 2 * MINUTE_MS + 20_000,
  limits: { staleAfterMs: 25 * MINUTE_MS, deadAfterMs: 60 * MINUTE_MS },
  parse: parseRealTime,
  read: readReports({
    market: realTime,
    reportTypeId: 12301,
    startsOf: quarterOf,
    // In the hour that autumn repeats four names stand for eight quarters.
    certain: (starts) => starts.length === 1,
    parse: parseRealTime,
    published: (ask) => ({
      startMs: up(ask.fromMs, QUARTER_MS),
      endMs: down(Math.min(ask.toMs, ask.nowMs - 2 * MINUTE_MS), QUARTER_MS),
    }),
    awaited: (_ask, span, have) => (have(span.endMs - QUARTER_MS) ? null : { inMs: MINUTE_MS, reason: 'not-yet-published' }),
  }),
}

const parseDayAhead = parseOf(dayAhead)
/** Central time from which tomorrow's prices are looked for, and at which they are late. */
const DAM_FROM_MINUTE = 12 * 60 + 35
const DAM_LATE_MINUTE = 14 * 60 + 30
export const ercotDayAhead: Feed = {
  ...common,
  id: 'ercot.day-ahead',
  purpose: 'Settlement point prices of ERCOT for the hours of today and tomorrow, day-ahead',
  everyMs: 30 * MINUTE_MS,
  alignedToMs: 5 * MINUTE_MS,
  // One publication a day at about 12:42, due by 14:30; its last hour ends 35 h 18 min after it.
  limits: { staleAfterMs: 26 * HOUR_MS, deadAfterMs: 35 * HOUR_MS },
  parse: parseDayAhead,
  read: readReports({
    market: dayAhead,
    reportTypeId: 12331,
    startsOf: hoursOf,
    certain: () => true,
    parse: parseDayAhead,
    published: (ask) => {
      const today = localDate(ask.nowMs, CENTRAL)
      const last = minuteOfDay(ask.nowMs, CENTRAL) >= DAM_LATE_MINUTE ? plusDays(today, 1) : today
      return { startMs: up(ask.fromMs, HOUR_MS), endMs: Math.min(down(ask.toMs, HOUR_MS), dayBounds(last, CENTRAL).endMs) }
    },
    awaited: (ask, _span, have) => {
      const tomorrow = dayBounds(plusDays(localDate(ask.nowMs, CENTRAL), 1), CENTRAL)
      const due = minuteOfDay(ask.nowMs, CENTRAL) >= DAM_FROM_MINUTE
      return due && !have(tomorrow.startMs) ? { inMs: 5 * MINUTE_MS, reason: 'not-yet-published' } : null
    },
  }),
}
