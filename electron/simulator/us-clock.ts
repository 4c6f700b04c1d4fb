import { DAY_MS, HOUR_MS } from '#shared/time.ts'

/**
 * Wall clocks of the two simulated markets. The rule of the Energy Policy Act of 2005 (second Sunday of March to first
 * Sunday of November, 02:00 local) by arithmetic instead of Intl: a CSV day needs hundreds of conversions a request.
 */
export type UsZone = { readonly name: string; readonly standardOffsetHours: number }
export const CENTRAL: UsZone = { name: 'America/Chicago', standardOffsetHours: -6 }
export const EASTERN: UsZone = { name: 'America/New_York', standardOffsetHours: -5 }

const nthSunday = (year: number, month: number, n: number): number => {
  const first = Date.UTC(year, month, 1)
  return first + ((7 - new Date(first).getUTCDay()) % 7) * DAY_MS + (n - 1) * 7 * DAY_MS
}

type Season = { readonly startMs: number; readonly endMs: number }
const seasons = new Map<number, Season>()
/** Summer time of a year as UTC instants. */
const summer = (year: number, zone: UsZone): Season => {
  const key = year * 100 + zone.standardOffsetHours
  const known = seasons.get(key)
  if (known) return known
  const made = {
    startMs: nthSunday(year, 2, 2) + (2 - zone.standardOffsetHours) * HOUR_MS,
    endMs: nthSunday(year, 10, 1) + (2 - (zone.standardOffsetHours + 1)) * HOUR_MS,
  }
  seasons.set(key, made)
  return made
}

export const offsetMs = (ms: number, zone: UsZone): number => {
  const standard = zone.standardOffsetHours * HOUR_MS
  const s = summer(new Date(ms + standard).getUTCFullYear(), zone)
  return ms >= s.startMs && ms < s.endMs ? standard + HOUR_MS : standard
}

export type LocalTime = {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** The second pass through 01:00 to 02:00 on the day that has 25 hours. */
  readonly repeated: boolean
  readonly offsetMs: number
}

export const localTime = (ms: number, zone: UsZone): LocalTime => {
  const offset = offsetMs(ms, zone)
  const d = new Date(ms + offset)
  const year = d.getUTCFullYear()
  const { endMs } = summer(year, zone)
  return {
    year,
    month: d.getUTCMonth() + 1,
    day: d.getUTCDate(),
    hour: d.getUTCHours(),
    minute: d.getUTCMinutes(),
    second: d.getUTCSeconds(),
    repeated: ms >= endMs && ms < endMs + HOUR_MS,
    offsetMs: offset,
  }
}

/** Calendar day as a count of days since 1970-01-01, and back to its local midnight. */
export const localDay = (ms: number, zone: UsZone): number => Math.floor((ms + offsetMs(ms, zone)) / DAY_MS)
export const dayStartMs = (day: number, zone: UsZone): number => {
  const standard = day * DAY_MS - zone.standardOffsetHours * HOUR_MS
  // Clocks change at 02:00, so the offset that holds at midnight also holds an hour before it.
  return offsetMs(standard - HOUR_MS, zone) === zone.standardOffsetHours * HOUR_MS ? standard : standard - HOUR_MS
}

export const two = (n: number): string => (n < 10 ? `0${n}` : String(n))
/** "11/01/2026" */
export const usDate = (t: LocalTime): string => `${two(t.month)}/${two(t.day)}/${t.year}`
/** "20261101" */
export const compactDate = (t: LocalTime): string => `${t.year}${two(t.month)}${two(t.day)}`
/** "2026-11-01T22:47:02-06:00" */
export const isoLocal = (ms: number, zone: UsZone): string => {
  const t = localTime(ms, zone)
  const hours = Math.abs(t.offsetMs) / HOUR_MS
  return `${t.year}-${two(t.month)}-${two(t.day)}T${two(t.hour)}:${two(t.minute)}:${two(t.second)}${t.offsetMs < 0 ? '-' : '+'}${two(hours)}:00`
}
