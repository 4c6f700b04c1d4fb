import { DAY_MS, HOUR_MS } from '../time.ts'
import type { FeedProblem, PowerPriceRow } from './rows.ts'

/** Threat model F2: a day's median off by more than this is a changed unit (kWh, cents) until something confirms it. */
const FACTOR = 20
/** A median needs most of a day: a scarcity hour at a hundred times the usual price is news, not an error. */
const JUDGED_FROM_MS = 12 * HOUR_MS
/** $/MWh. Medians near zero are ordinary on windy spring days; factors mean nothing below this. */
const SMALL = 5

const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * q
  const low = sorted[Math.floor(at)] ?? Number.NaN
  const high = sorted[Math.ceil(at)] ?? Number.NaN
  return low + (high - low) * (at - Math.floor(at))
}

/** Up: even the middle price is far beyond. Down: even the dear hours are far below a middle price that meant something. */
const unitChanged = (today: readonly number[], before: readonly number[]): boolean => {
  const base = Math.abs(quantile(before, 0.5))
  const up = Math.abs(quantile(today, 0.5)) > FACTOR * Math.max(base, SMALL)
  const dear = quantile(
    today.map((p) => Math.abs(p)),
    0.9,
  )
  return up || (base > 2 * SMALL && dear < base / FACTOR)
}

const dayOf = (row: PowerPriceRow) => Math.floor(row.intervalStartMs / DAY_MS)
const seriesOf = (row: PowerPriceRow) => JSON.stringify([row.source, row.location, row.market])
const longEnough = (rows: readonly PowerPriceRow[]) => rows.reduce((ms, r) => ms + r.intervalEndMs - r.intervalStartMs, 0) >= JUDGED_FROM_MS
const prices = (rows: readonly PowerPriceRow[]) => rows.map((r) => r.pricePerMwh)

/**
 * Marks the prices of a whole day as `suspect` when they look like another unit than the last judged day of the same
 * series, unless the other market of the same place (day-ahead for real-time and the other way round) says the same.
 * Days are UTC days: only their length matters here. `known` are earlier rows that were believed.
 */
export const holdUnitChanges = (
  rows: readonly PowerPriceRow[],
  known: readonly PowerPriceRow[],
): { rows: readonly PowerPriceRow[]; problems: readonly FeedProblem[] } => {
  const suspectDays = new Set<string>()
  const problems: FeedProblem[] = []
  const touched = new Map<string, Set<number>>()
  for (const row of rows) touched.set(seriesOf(row), (touched.get(seriesOf(row)) ?? new Set()).add(dayOf(row)))

  for (const [series, days] of touched) {
    const mine = [...known, ...rows].filter((r) => seriesOf(r) === series)
    const sample = mine[0]
    if (!sample) continue
    const byDay = Map.groupBy(
      new Map(mine.map((r) => [r.intervalStartMs, r])).values(), // a repeated row counts once
      dayOf,
    )
    const otherByDay = Map.groupBy(
      known.filter((r) => r.source === sample.source && r.location === sample.location && r.market !== sample.market),
      dayOf,
    )
    for (const day of [...days].sort((a, b) => a - b)) {
      const today = byDay.get(day) ?? []
      const earlier = [...byDay.keys()].filter((d) => d < day && !suspectDays.has(`${series}${d}`) && longEnough(byDay.get(d) ?? []))
      const before = byDay.get(Math.max(...earlier)) ?? []
      if (!longEnough(today) || before.length === 0 || !unitChanged(prices(today), prices(before))) continue
      const other = otherByDay.get(day) ?? []
      if (longEnough(other) && !unitChanged(prices(today), prices(other))) continue
      suspectDays.add(`${series}${day}`)
      problems.push({
        reason: `the day’s prices are off by more than a factor of ${FACTOR} from the day before; held until confirmed`,
        place: `${sample.source} ${sample.location} ${sample.market}`,
        raw: `median ${quantile(prices(today), 0.5)}, before ${quantile(prices(before), 0.5)} $/MWh`,
      })
    }
  }
  return {
    rows: rows.map((row) => (suspectDays.has(`${seriesOf(row)}${dayOf(row)}`) ? { ...row, quality: 'suspect' } : row)),
    problems,
  }
}
