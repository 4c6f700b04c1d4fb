/** Instants as sources write them: epoch seconds and epoch milliseconds get mixed up, so the magnitude decides. */
import { readNumber } from '#shared/read-number.ts'

/** 2009-01-03 (first block) to 2100, the only years a feed of this field can speak of. */
const FIRST_MS = 1_230_940_800_000
const LAST_MS = 4_102_444_800_000

/** Seconds (1.2e9…4.1e9) or milliseconds (1.2e12…4.1e12), told apart by magnitude; null for anything else. */
export const epochMs = (raw: unknown): number | null => {
  const ms = readNumber(raw, { min: FIRST_MS, max: LAST_MS })
  if (ms !== null) return Math.round(ms)
  const s = readNumber(raw, { min: FIRST_MS / 1000, max: LAST_MS / 1000 })
  return s === null ? null : Math.round(s * 1000)
}

/** Epoch seconds only: fields whose unit is known and where a value in ms would be a changed format. */
export const epochSecondsMs = (raw: unknown): number | null => {
  const s = readNumber(raw, { min: FIRST_MS / 1000, max: LAST_MS / 1000 })
  return s === null ? null : Math.round(s * 1000)
}

const OFFSET_STAMP = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?)(Z|[+-]\d{2}:?\d{2})$/

/** ISO-8601 with an offset ("2025-03-13T12:30:00-05:00", "2026-04-24 22:17:00-0500"); a time without one is unknown. */
export const offsetStampMs = (raw: unknown): number | null => {
  const m = typeof raw === 'string' ? OFFSET_STAMP.exec(raw) : null
  if (!m) return null
  const zone = m[3] === 'Z' ? 'Z' : `${m[3]?.slice(0, 3)}:${m[3]?.slice(-2)}`
  const ms = Date.parse(`${m[1]}T${m[2]}${zone}`)
  return ms >= FIRST_MS && ms <= LAST_MS ? ms : null
}

const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/

/** Last-Modified, Date and Retry-After in the only form HTTP servers may send today (RFC 9110, IMF-fixdate). */
export const httpDateMs = (raw: string | undefined): number | null => {
  if (raw === undefined || !HTTP_DATE.test(raw)) return null
  const ms = Date.parse(raw)
  return ms >= FIRST_MS && ms <= LAST_MS ? ms : null
}
