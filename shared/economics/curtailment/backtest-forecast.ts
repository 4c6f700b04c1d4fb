import type { BacktestPeriod } from './backtest-period.ts'

/** What a plan may know at the start of an interval, and how far it looks. */

const HOURS_PER_DAY = 24
/** A forecast without a day-ahead price looks this many days back. */
const DAYS_BACK = 7

export const intervalsPerDay = (hours: number): number => Math.max(1, Math.round(HOURS_PER_DAY / hours))

/** Where a plan made at the start of interval t ends: with the published day-ahead prices, after a day at the earliest. */
export const horizonEnd = (period: BacktestPeriod, t: number, perDay: number): number =>
  Math.min(period.plan.pricePerMWh.length, Math.max(t + perDay, period.dayAheadKnownTo[t] ?? 0))

/**
 * A real-time price that is off its day-ahead price stays off for a while: this part of it in the next interval, fading by the
 * hour. Tried on ERCOT's hourly LZ_WEST, LZ_HOUSTON and HB_NORTH of 2024 and 2025: the plan's share of what foresight saves rose
 * from 45-69 % to 75-87 %, in each of the six above the threshold rule's 65-80 %.
 */
const CARRIED_SHARE = 0.8
const FADE_PER_HOUR = 0.7

/**
 * Writes into `forecast` what is expected at the start of interval t: the day-ahead price where it is published
 * (`corrected`: moved by how far the last real-time price was off its own), else the real-time price of the same time on the last day for which it is known, else the last real-time price. Nothing later than
 * `t − 1` of the real-time prices is looked at (with `informed`: than t). NaN: nothing is known.
 */
export const forecastFrom = (period: BacktestPeriod, t: number, end: number, perDay: number, forecast: Float64Array): void => {
  const { plan, informed } = period
  const actual = plan.pricePerMWh
  const knownTo = informed ? t + 1 : t
  const publishedTo = period.dayAheadKnownTo[t] ?? 0
  let last = Number.NaN
  for (let k = knownTo - 1; k >= Math.max(0, knownTo - DAYS_BACK * perDay); k--) {
    last = actual[k] ?? Number.NaN
    if (!Number.isNaN(last)) break
  }
  const fade = FADE_PER_HOUR ** plan.intervalHours
  const off = period.forecast === 'corrected' ? (actual[knownTo - 1] ?? Number.NaN) - (period.dayAheadPerMWh[knownTo - 1] ?? Number.NaN) : 0
  let carried = Number.isNaN(off) ? 0 : CARRIED_SHARE * off
  for (let k = t; k < end; k++) {
    let price = k < knownTo ? (actual[k] ?? Number.NaN) : Number.NaN
    if (k >= knownTo) {
      if (k < publishedTo) price = (period.dayAheadPerMWh[k] ?? Number.NaN) + carried
      carried *= fade
    } else if (Number.isNaN(price) && k < publishedTo) price = period.dayAheadPerMWh[k] ?? Number.NaN
    for (let back = k - perDay; Number.isNaN(price) && back >= Math.max(0, k - DAYS_BACK * perDay); back -= perDay)
      if (back < knownTo) price = actual[back] ?? Number.NaN
    forecast[k] = !Number.isNaN(price) ? price : last
  }
}

export const longestHorizon = (period: BacktestPeriod, intervals: number, perDay: number): number => {
  let longest = 1
  for (let t = 0; t < intervals; t++) longest = Math.max(longest, horizonEnd(period, t, perDay) - t)
  return longest
}
