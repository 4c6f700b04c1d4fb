/** Market days and wall clocks as instants: a local day has 23, 24 or 25 hours, and an hour can be missing or doubled. */
import { Temporal } from 'temporal-polyfill'
import type { Interval } from '#shared/time.ts'

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

/**
 * The instants at which clocks of the zone show this: one as a rule, none in the hour that spring leaves out, two in
 * the hour that autumn repeats (earlier first). None as well for a date or time that does not exist.
 */
export const instantsShowing = (wall: WallClock, zone: string): readonly number[] => {
  let plain: Temporal.PlainDateTime
  try {
    plain = Temporal.PlainDateTime.from(wall, { overflow: 'reject' })
  } catch {
    return []
  }
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
