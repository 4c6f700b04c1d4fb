/** All meter types, by the name that stands in a site's configuration. */
import { failed, ok, type Result } from '#shared/result.ts'
import type { Meter } from './meter.ts'
import { schneiderPm5xxx } from './schneider-pm5xxx.ts'

const registry: readonly Meter[] = [schneiderPm5xxx]

export const meterFor = (type: string): Meter | null => registry.find((m) => m.type === type) ?? null

/** The type of a recorded meter: named, of a known model, or the one whose registers were read. */
export const recognisedMeter = (recording: {
  family: string | null
  model: string | null
  responses: Readonly<Record<string, unknown>>
}): Result<Meter> => {
  const meter =
    (recording.family === null ? null : meterFor(recording.family)) ??
    registry.find((m) => m.recognises(recording)) ??
    (recording.family === null
      ? registry.find((m) => m.blocks.some((b) => Object.hasOwn(recording.responses, `FC3 ${b.address} x${b.count}`)))
      : undefined)
  return meter ? ok(meter) : failed('not-supported', 'this recording is of no meter type that can be read yet')
}
