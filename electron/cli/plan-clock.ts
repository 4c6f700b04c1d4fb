/** The intervals of a plan on the clock of its site. */
import { Temporal } from 'temporal-polyfill'
import type { SiteFile } from '#shared/decision/site-file.ts'
import type { PlanInputs } from '#shared/economics/curtailment/plan-problem.ts'
import { clockTime, clockTimeZone } from '#shared/format.ts'
import { HOUR_MS } from '#shared/time.ts'

type Timed = { readonly file: SiteFile; readonly input: PlanInputs; readonly startMs: number | null }

export const clockOf = ({ file, input, startMs: first }: Timed) => {
  const zone = file.site.time_zone
  const startMs = (t: number): number | null => (first === null ? null : first + t * file.interval_hours * HOUR_MS)
  const zoned = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone)
  // Where the clocks change within the plan an hour is there twice: every time then says which.
  const isChange = first !== null && zoned(first).offset !== zoned(startMs(input.pricePerMWh.length) ?? first).offset
  return {
    startMs,
    /** Start of an interval on the clock where times are known, else its number. */
    name: (t: number): string => {
      const ms = startMs(t)
      return ms === null ? `interval ${t}` : isChange ? clockTimeZone(ms, zone) : clockTime(ms, zone)
    },
    /** "2025-06-01T18:00:00-05:00" */
    local: (ms: number): string => zoned(ms).toString({ timeZoneName: 'never', smallestUnit: 'second' }),
  }
}
