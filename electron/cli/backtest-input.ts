/** A site file and recorded prices as one period for the back-test: the calendar of the site's zone, gaps named, nothing filled in. */
import { contractOf, planInputOf, revenuesOf, type SiteFile } from '#shared/decision/site-file.ts'
import type { BacktestPeriod, ForecastRule } from '#shared/economics/curtailment/backtest-period.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import { HOUR_MS, type Interval, isoInstant, MINUTE_MS } from '#shared/time.ts'
import { dayBounds, localDate, plusDays } from '../feeds/document/zone-calendar.ts'
import type { CsvProblem, PriceFile } from './price-csv.ts'

/** Five years of 15 minutes. */
const MOST_INTERVALS = 180_000
/** ERCOT posts the day-ahead market's prices by 13:30, PJM and NYISO earlier: known from 14:00 of the day before. */
const PUBLISHED_BEFORE_MIDNIGHT_MS = 10 * HOUR_MS
const MAX_GAPS = 40

export type BacktestProblem =
  | CsvProblem
  | { readonly from: string; readonly to: string; readonly intervals: number; readonly reason: string }
  | { readonly field: string; readonly reason: string }

export type BacktestInput = {
  readonly period: BacktestPeriod
  readonly startMs: number
  readonly endMs: number
  readonly problems: readonly BacktestProblem[]
  readonly assumptions: readonly string[]
}

const shortestStep = (rows: PriceFile['rows']): number => {
  let step = Number.POSITIVE_INFINITY
  for (let k = 1; k < rows.length; k++) step = Math.min(step, (rows[k]?.startMs ?? 0) - (rows[k - 1]?.startMs ?? 0))
  return step
}

/** Prices on the period's intervals: a longer price holds for each interval in it, shorter ones are averaged where all are there. */
const onIntervals = (
  rows: PriceFile['rows'],
  stepMs: number,
  period: Interval,
  intervalMs: number,
  offGrid: (line: number, startMs: number) => void,
): { actual: number[]; ahead: Float64Array } => {
  const count = Math.round((period.endMs - period.startMs) / intervalMs)
  const parts = Math.max(1, Math.round(intervalMs / stepMs))
  const each = Math.max(1, Math.round(stepMs / intervalMs))
  const sums = { actual: new Float64Array(count), ahead: new Float64Array(count) }
  const counts = { actual: new Int32Array(count), ahead: new Int32Array(count) }
  for (const row of rows) {
    if (row.startMs < period.startMs || row.startMs >= period.endMs) continue
    if ((row.startMs - period.startMs) % Math.min(stepMs, intervalMs) !== 0) {
      offGrid(row.line, row.startMs)
      continue
    }
    const first = Math.floor((row.startMs - period.startMs) / intervalMs)
    for (let t = first; t < Math.min(count, first + each); t++)
      for (const [kind, price] of [
        ['actual', row.price],
        ['ahead', row.dayAhead],
      ] as const) {
        if (price === null) continue
        sums[kind][t] = (sums[kind][t] ?? 0) + price
        counts[kind][t] = (counts[kind][t] ?? 0) + 1
      }
  }
  const mean = (kind: 'actual' | 'ahead', t: number) => (counts[kind][t] === parts ? (sums[kind][t] ?? 0) / parts : Number.NaN)
  return {
    actual: Array.from({ length: count }, (_, t) => mean('actual', t)),
    ahead: Float64Array.from({ length: count }, (_, t) => mean('ahead', t)),
  }
}

/** Missing spans by name, so that nobody takes them for hours at price 0. */
const gapsOf = (prices: readonly number[], startMs: number, intervalMs: number): BacktestProblem[] => {
  const gaps: { from: string; to: string; intervals: number; reason: string }[] = []
  for (let t = 0; t < prices.length; t++) {
    if (!Number.isNaN(prices[t])) continue
    const first = t
    while (t + 1 < prices.length && Number.isNaN(prices[t + 1])) t++
    gaps.push({
      from: isoInstant(startMs + first * intervalMs),
      to: isoInstant(startMs + (t + 1) * intervalMs),
      intervals: t + 1 - first,
      reason: 'no price: these intervals are left out of every strategy, and the period is incomplete',
    })
  }
  const rest = gaps.slice(MAX_GAPS)
  const last = rest.at(-1)
  return last === undefined || rest[0] === undefined
    ? gaps
    : [
        ...gaps.slice(0, MAX_GAPS),
        {
          from: rest[0].from,
          to: last.to,
          intervals: rest.reduce((sum, g) => sum + g.intervals, 0),
          reason: `no price in ${rest.length} more gaps between these times`,
        },
      ]
}

/** Local days of the period with their first intervals; the first and last may be parts of a day. */
const daysOf = (period: Interval, zone: string): (Interval & { readonly date: string })[] => {
  const days: (Interval & { date: string })[] = []
  for (let date = localDate(period.startMs, zone); ; date = plusDays(date, 1)) {
    const day = dayBounds(date, zone)
    if (day.startMs >= period.endMs) return days
    days.push({ ...day, date })
  }
}

const periodOf = (file: SiteFile, prices: PriceFile, stepMs: number, from: string | null, to: string | null): Interval => {
  const zone = file.site.time_zone
  const first = prices.rows[0]?.startMs ?? 0
  const last = (prices.rows.at(-1)?.startMs ?? 0) + stepMs
  const intervalMs = file.interval_hours * HOUR_MS
  const startMs = from === null ? first : dayBounds(from, zone).startMs
  const endMs = to === null ? last : dayBounds(to, zone).endMs
  // Whole intervals; a part of one at the end has no price of its own.
  return { startMs, endMs: startMs + Math.floor((endMs - startMs) / intervalMs) * intervalMs }
}

export const backtestInput = (
  file: SiteFile,
  prices: PriceFile,
  o: { readonly from: string | null; readonly to: string | null; readonly informed: boolean; readonly forecast: ForecastRule },
): Result<BacktestInput> => {
  const zone = file.site.time_zone
  const intervalMs = file.interval_hours * HOUR_MS
  const found = shortestStep(prices.rows)
  const stepMs = Number.isFinite(found) ? found : intervalMs
  if (stepMs % intervalMs !== 0 && intervalMs % stepMs !== 0)
    return failed(
      'invalid-input',
      `prices every ${stepMs / MINUTE_MS} min do not fall on intervals of ${intervalMs / MINUTE_MS} min (interval_hours)`,
      { field: 'interval_hours' },
    )
  const period = periodOf(file, prices, stepMs, o.from, o.to)
  const count = Math.round((period.endMs - period.startMs) / intervalMs)
  if (count <= 0) return failed('invalid-input', 'there is no whole interval between from and to', { field: 'from' })
  if (count > MOST_INTERVALS)
    return failed('too-large', `the period has ${count} intervals, ${MOST_INTERVALS} can be played again`, { field: 'to' })
  const problems: BacktestProblem[] = [...prices.problems]
  const { actual, ahead } = onIntervals(prices.rows, stepMs, period, intervalMs, (line, startMs) =>
    problems.push({ line, column: 'timestamp', reason: 'does not fall on the grid of intervals; left out', raw: isoInstant(startMs) }),
  )
  if (actual.every(Number.isNaN))
    return failed('invalid-input', `the file has no price between ${isoInstant(period.startMs)} and ${isoInstant(period.endMs)}`, {
      field: 'from',
    })
  const plan = planInputOf(file, { pricePerMWh: actual, startMs: period.startMs })
  if (!plan.ok) return plan
  // A fixed tariff is known where the market's price is not.
  problems.push(...gapsOf(plan.value.pricePerMWh, period.startMs, intervalMs))
  const planAhead = planInputOf(file, { pricePerMWh: [...ahead], startMs: period.startMs })
  if (!planAhead.ok) return planAhead

  const days = daysOf(period, zone)
  const months = [...new Set(days.map((d) => d.date.slice(0, 7)))]
  const monthOf = new Int32Array(count)
  const dayAheadKnownTo = new Int32Array(count)
  const indexOf = (ms: number) => Math.min(count, Math.max(0, Math.ceil((ms - period.startMs) / intervalMs)))
  for (const [k, day] of days.entries()) {
    monthOf.fill(months.indexOf(day.date.slice(0, 7)), indexOf(day.startMs), indexOf(day.endMs))
    const published = indexOf(day.endMs - PUBLISHED_BEFORE_MIDNIGHT_MS)
    dayAheadKnownTo.fill(indexOf(day.endMs), indexOf(day.startMs), published)
    dayAheadKnownTo.fill(indexOf((days[k + 1] ?? day).endMs), published, indexOf(day.endMs))
  }
  const contract = contractOf(file)
  const owedUsd = Float64Array.from(actual, (price) => {
    if (contract.type !== 'ppa' || Number.isNaN(price)) return 0
    const sold = contract.resaleAllowed ? price - contract.resaleSpreadPerMwh : 0
    return (contract.strikePerMwh - sold) * contract.contractMw * file.interval_hours
  })
  const hasAhead = ahead.some((price) => !Number.isNaN(price))
  const partlyCovered = contract.type === 'ppa' && contract.contractMw < file.groups.reduce((mw, g) => mw + g.mw, 0)
  return ok({
    period: {
      plan: plan.value,
      dayAheadPerMWh: Float64Array.from(planAhead.value.pricePerMWh),
      dayAheadKnownTo,
      revenuePerMWh: revenuesOf(file),
      owedUsd,
      monthOf,
      months,
      informed: o.informed,
      forecast: o.forecast,
    },
    startMs: period.startMs,
    endMs: period.endMs,
    problems,
    assumptions: [
      ...prices.notes,
      hasAhead
        ? `day-ahead prices of a day of ${zone} are known from 14:00 of the day before`
        : 'without day-ahead prices the plan expects each price of the day before',
      ...(hasAhead && o.forecast === 'corrected'
        ? ['the forecast is the day-ahead price, moved by 80 % of how far the last real-time price was off its own, fading by 30 % an hour']
        : []),
      o.informed
        ? 'the price of the running interval is known at its start'
        : 'at the start of an interval only prices before it are known; the threshold rule acts on the last of them',
      'always on keeps to the site’s limit, groups that earn most first',
      ...(stepMs > intervalMs ? [`a price of ${stepMs / MINUTE_MS} min holds for each interval in it`] : []),
      ...(stepMs < intervalMs ? [`prices of ${stepMs / MINUTE_MS} min are averaged over an interval, if all are there`] : []),
      ...(partlyCovered ? ['contract energy is given to the groups that earn most, for the whole period'] : []),
      ...(file.groups.some((g) => g.divisible === true) ? ['divisible groups run as a whole or not at all'] : []),
      ...(file.site.base_mw > 0 ? ['the base load is the same in every strategy and not part of cost and MWh'] : []),
    ],
  })
}
