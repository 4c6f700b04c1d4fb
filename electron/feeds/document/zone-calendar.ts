/** Market days and wall clocks as instants: a local day has 23, 24 or 25 hours, and an hour can be missing or doubled. */
import { Temporal } from 'temporal-polyfill'
import { DAY_MS, type Interval, SECOND_MS } from '#shared/time.ts'

export type WallClock = { year: number; month: number; day: number; hour: number; minute: number; second: number }

/** The local date at that instant, "2026-10-03". */
export const localDate = (ms: number, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(ms)).toZonedDateTimeISO(zone).toPlainDate().toString()

/** Minutes since local midnight as the wall clock shows them. */
export const minuteOfDay = (ms: number, zone: string): number => {
  const t = Temporal.Instant.fromEpochMilliseconds(Math.floor(ms)).toZonedDateTimeISO(zone)
  return t.hour * 60 + t.minute
}

export const plusDays = (date: string, days: number): string => Temporal.PlainDate.from(date).add({ days }).toString()

/** Midnight to midnight of a local date. */
export const dayBounds = (date: string, zone: string): Interval => ({
  startMs: Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds,
  endMs: Temporal.PlainDate.from(date).add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds,
})

type KnownDay = { readonly startMs: number; readonly plain: boolean } | null
const MAX_KNOWN_DAYS = 256
const knownDays = new Map<string, KnownDay>()
/** Files hold hundreds of stamps of the same few days; the calendar is asked once for each. null: no such date. */
const knownDay = (wall: WallClock, zone: string): KnownDay => {
  const key = `${zone} ${wall.year}-${wall.month}-${wall.day}`
  const known = knownDays.get(key)
  if (known !== undefined) return known
  let day: KnownDay = null
  try {
    const { startMs, endMs } = dayBounds(Temporal.PlainDate.from(wall, { overflow: 'reject' }).toString(), zone)
    day = { startMs, plain: endMs - startMs === DAY_MS }
  } catch {
    // A date that does not exist, such as 30 February.
  }
  if (knownDays.size >= MAX_KNOWN_DAYS) knownDays.clear()
  knownDays.set(key, day)
  return day
}

/**
 * The instants at which clocks of the zone show this: one as a rule, none in the hour that spring leaves out, two in
 * the hour that autumn repeats (earlier first). None as well for a date or time that does not exist.
 */
export const instantsShowing = (wall: WallClock, zone: string): readonly number[] => {
  if (!(wall.hour < 24 && wall.minute < 60 && wall.second < 60)) return []
  const day = knownDay(wall, zone)
  if (day === null) return []
  // On a day of 24 hours the clock simply counts from midnight.
  if (day.plain) return [day.startMs + ((wall.hour * 60 + wall.minute) * 60 + wall.second) * SECOND_MS]
  const plain = Temporal.PlainDateTime.from(wall)
  const earlier = plain.toZonedDateTime(zone, { disambiguation: 'earlier' })
  if (!earlier.toPlainDateTime().equals(plain)) return []
  const later = plain.toZonedDateTime(zone, { disambiguation: 'later' })
  return earlier.epochMilliseconds === later.epochMilliseconds
    ? [earlier.epochMilliseconds]
    : [earlier.epochMilliseconds, later.epochMilliseconds]
}

/** Starts of the steps that tile `[startMs, endMs)`; both ends lie on step borders. */
export const stepsIn = (span: Interval, stepMs: number): number[] =>
  Array.from({ length: Math.max(0, Math.round((span.endMs - span.startMs) / stepMs)) }, (_, i) => span.startMs + i * stepMs)
