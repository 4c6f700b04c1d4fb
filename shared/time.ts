/** Instants are milliseconds since 1970-01-01T00:00Z, named `…Ms`. UTC inside; IANA zones only at the edge (`format.ts`, feeds' calendars). */

/** Half-open `[startMs, endMs)` in UTC. Market prices belong to intervals, never to instants. */
export type Interval = { readonly startMs: number; readonly endMs: number }

export const SECOND_MS = 1_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** ISO-8601 in UTC, the form of every timestamp in JSON. */
export const isoInstant = (ms: number): string => new Date(ms).toISOString()
