import type { Quantity } from './units.ts'

/** Milliseconds since 1970-01-01T00:00Z. UTC inside; IANA zones only at the edge (`format.ts`, feeds' calendars). */
export type Instant = Quantity<'ms UTC'>
export const instant = (ms: number) => ms as Instant

/** Half-open `[startMs, endMs)` in UTC. Market prices belong to intervals, never to instants. */
export type Interval = { readonly startMs: number; readonly endMs: number }

export const SECOND_MS = 1_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** ISO-8601 in UTC, the form of every timestamp in JSON. */
export const isoInstant = (ms: number): string => new Date(ms).toISOString()

export const contains = (i: Interval, ms: number): boolean => ms >= i.startMs && ms < i.endMs
export const durationHours = (i: Interval): number => (i.endMs - i.startMs) / HOUR_MS
