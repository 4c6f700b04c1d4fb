/**
 * Prices of a back-test from a CSV file: `timestamp,price_usd_per_mwh[,day_ahead_usd_per_mwh]`, or the columns of a recorded
 * hourly series of ERCOT (`delivery_date,hour_ending,…`, Central time). A cell that cannot be read is a problem with its line.
 */
import { visibleText } from '#shared/memo/visible-text.ts'
import { type Bounds, readNumber } from '#shared/read-number.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import { HOUR_MS } from '#shared/time.ts'
import { type CsvRow, csvTable } from '../feeds/document/csv.ts'
import { dayBounds, instantsShowing } from '../feeds/document/zone-calendar.ts'

/** $/MWh. Beyond every market's floor and cap the figure is no price (`market-feeds.md`). */
const ACCEPTED: Bounds = { min: -1_500, max: 25_000 }
const CENTRAL = 'America/Chicago'

export type CsvProblem = { readonly line: number; readonly column: string; readonly reason: string; readonly raw: string }
export type PriceRow = { readonly startMs: number; readonly price: number | null; readonly dayAhead: number | null; readonly line: number }
export type PriceFile = {
  /** Ascending, no instant twice. */
  readonly rows: readonly PriceRow[]
  readonly problems: readonly CsvProblem[]
  readonly notes: readonly string[]
}

type Report = (row: CsvRow, column: string, reason: string, raw: string) => void

/** A cell as a price; an empty one is merely missing, any other text is a problem. */
const priceOf = (row: CsvRow, at: number | null, column: string, report: Report): number | null => {
  const raw = at === null ? '' : (row.cells[at] ?? '')
  if (raw === '') return null
  const price = readNumber(raw, ACCEPTED)
  if (price === null) report(row, column, 'is not a price in USD/MWh', raw)
  return price
}

const STAMP = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/

/** Of an hour that autumn repeats the first row is the earlier one. */
const repeatedHours = () => {
  const seen = new Set<number>()
  return (instants: readonly number[]): number | null => {
    const startMs = instants.find((ms) => !seen.has(ms)) ?? instants.at(-1) ?? null
    if (startMs !== null && instants.length > 1) seen.add(startMs)
    return startMs
  }
}

const timestamps = (zone: string, note: (text: string) => void, report: Report) => {
  const choose = repeatedHours()
  return (row: CsvRow, at: number): number | null => {
    const raw = row.cells[at] ?? ''
    const m = STAMP.exec(raw)
    if (m === null) {
      report(row, 'timestamp', 'is not an ISO-8601 instant', raw)
      return null
    }
    if (m[7] !== undefined) {
      const offset = m[7] === 'Z' ? 'Z' : `${m[7].slice(0, 3)}:${m[7].slice(-2)}`
      const ms = Date.parse(`${m[1]}-${m[2]}-${m[3]}T${m[4]}:${m[5]}:${m[6] ?? '00'}${offset}`)
      if (Number.isNaN(ms)) report(row, 'timestamp', 'is not a date', raw)
      return Number.isNaN(ms) ? null : ms
    }
    note(`timestamps without an offset are read as the time of ${zone}`)
    const [year, month, day, hour, minute, second] = m.slice(1, 7).map((part) => Number(part ?? 0))
    const startMs = choose(
      instantsShowing(
        { year: year ?? 0, month: month ?? 0, day: day ?? 0, hour: hour ?? 0, minute: minute ?? 0, second: second ?? 0 },
        zone,
      ),
    )
    if (startMs === null) report(row, 'timestamp', `there is no such time in ${zone}`, raw)
    return startMs
  }
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const HOUR_ENDING = /^(\d{1,2})(?::00)?$/

/**
 * Hours counted by their end, 1 to 24, as the clock in Texas shows them: hour 3 is missing in spring, hour 2 is there twice in
 * autumn. Some files count 1 to 23 and 1 to 25 instead; the day's own rows tell.
 */
const centralHours = (rows: readonly CsvRow[], dateAt: number, hourAt: number, report: Report): ((row: CsvRow) => number | null) => {
  const hoursOf = new Map<string, Set<number>>()
  const hourOf = (row: CsvRow): number | null => {
    const m = HOUR_ENDING.exec(row.cells[hourAt] ?? '')
    const hour = m === null ? null : Number(m[1])
    return hour !== null && hour >= 1 && hour <= 25 ? hour : null
  }
  for (const row of rows) {
    const date = row.cells[dateAt] ?? ''
    const hour = hourOf(row)
    if (hour === null) continue
    const hours = hoursOf.get(date) ?? new Set<number>()
    hoursOf.set(date, hours.add(hour))
  }
  const choose = repeatedHours()
  return (row) => {
    const date = row.cells[dateAt] ?? ''
    const hour = hourOf(row)
    const d = DATE.exec(date)
    if (d === null) {
      report(row, 'delivery_date', 'is not a date like 2025-03-09', date)
      return null
    }
    if (hour === null) {
      report(row, 'hour_ending', 'is not an hour from 1 to 25', row.cells[hourAt] ?? '')
      return null
    }
    const hours = hoursOf.get(date)
    let day: { startMs: number; endMs: number }
    try {
      day = dayBounds(date, CENTRAL)
    } catch {
      report(row, 'delivery_date', 'there is no such day', date)
      return null
    }
    const length = Math.round((day.endMs - day.startMs) / HOUR_MS)
    const counted = hours?.has(25) === true || (length === 23 && hours?.has(3) === true && hours.has(23) && !hours.has(24))
    if (counted) {
      if (hour <= length) return day.startMs + (hour - 1) * HOUR_MS
      report(row, 'hour_ending', `the day has ${length} hours`, String(hour))
      return null
    }
    const wall = { year: Number(d[1]), month: Number(d[2]), day: Number(d[3]), hour: hour - 1, minute: 0, second: 0 }
    const startMs = choose(instantsShowing(wall, CENTRAL))
    if (startMs === null) report(row, 'hour_ending', `clocks in Texas leave this hour out on ${date}`, String(hour))
    return startMs
  }
}

/** What stands in the header instead, and what it looks like. */
const insteadOf = (text: string): string => {
  const head = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0] ?? ''
  if (head.trim() === '') return ': the file is empty'
  const found = `: its first line is "${visibleText(head, 80)}"`
  if (head.includes('\0')) return `${found}, which is UTF-16; save it as CSV UTF-8`
  const other = head.includes(';') ? 'semicolons' : head.includes('\t') ? 'tabs' : null
  return other === null ? found : `${found}, separated by ${other}; wanted are commas, and points in numbers`
}

/** The text of a price file; `zone` reads timestamps that carry no offset. */
export const readPriceCsv = (text: string, name: string, zone: string): Result<PriceFile> => {
  const table = csvTable(text, name, [])
  if (!table.ok)
    return failed('invalid-input', table.failure.message, { ...(table.failure.line === undefined ? {} : { line: table.failure.line }) })
  const { column, rows } = table.value
  const problems: CsvProblem[] = []
  const notes = new Set<string>()
  const report: Report = (row, columnName, reason, raw) =>
    problems.push({ line: row.line, column: columnName, reason, raw: raw.slice(0, 80) })
  const [stampAt, dateAt, hourAt] = [column('timestamp'), column('delivery_date'), column('hour_ending')]
  const isStamped = stampAt !== null
  if (!isStamped && (dateAt === null || hourAt === null))
    return failed('invalid-input', `${name}: wants the column timestamp, or delivery_date and hour_ending${insteadOf(text)}`, {
      field: 'timestamp',
      line: 1,
    })
  const priceName = isStamped ? 'price_usd_per_mwh' : 'rtm_spp_hourly_mean_usd_mwh'
  const aheadName = isStamped ? 'day_ahead_usd_per_mwh' : 'dam_spp_usd_mwh'
  const [priceAt, aheadAt] = [column(priceName), column(aheadName)]
  if (priceAt === null) return failed('invalid-input', `${name}: there is no column ${priceName}`, { field: priceName, line: 1 })
  const stamp = timestamps(zone, (note) => notes.add(note), report)
  const central = isStamped ? null : centralHours(rows, dateAt ?? 0, hourAt ?? 0, report)
  const byStart = new Map<number, PriceRow>()
  for (const row of rows) {
    const startMs = central === null ? stamp(row, stampAt ?? 0) : central(row)
    if (startMs === null) continue
    if (byStart.has(startMs)) {
      report(
        row,
        isStamped ? 'timestamp' : 'hour_ending',
        `line ${byStart.get(startMs)?.line} has this time already; that one is kept`,
        row.cells.join(','),
      )
      continue
    }
    byStart.set(startMs, {
      startMs,
      price: priceOf(row, priceAt, priceName, report),
      dayAhead: priceOf(row, aheadAt, aheadName, report),
      line: row.line,
    })
  }
  const first = problems[0]
  const because = first === undefined ? '' : `; line ${first.line}, ${first.column}: "${visibleText(first.raw, 40)}" ${first.reason}`
  if (rows.length === 0) return failed('invalid-input', `${name}: there is a header and nothing below it`, { line: 1 })
  if (byStart.size === 0) return failed('invalid-input', `${name}: no row has a time that can be read${because}`, { line: 2 })
  if ([...byStart.values()].every((row) => row.price === null))
    return failed('invalid-input', `${name}: no row has a price that can be read${because}`, { field: priceName, line: 2 })
  return ok({ rows: [...byStart.values()].sort((a, b) => a.startMs - b.startMs), problems, notes: [...notes] })
}
