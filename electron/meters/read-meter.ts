/** Reads one power meter now, over one connection and under one deadline. */
import type { MeterReading } from '#shared/fleet/reading.ts'
import { failed, type Result } from '#shared/result.ts'
import { type Egress, place } from '../net/egress.ts'
import { keyOf } from './meter.ts'
import { readHolding } from './protocol/modbus-tcp.ts'
import { meterFor } from './registry.ts'

const CONNECT_MS = 2_000

export const readMeter = async (o: {
  type: string
  host: string
  port: number
  unitId: number
  egress: Egress
  deadlineMs: number
  now: () => number
  signal?: AbortSignal
}): Promise<Result<MeterReading>> => {
  const where = place(o.host, o.port)
  try {
    const meter = meterFor(o.type)
    if (!meter) return failed('not-supported', `${where}: meters of the type "${o.type}" cannot be read yet`)
    const read = await readHolding({ ...o, blocks: meter.blocks, connectMs: CONNECT_MS })
    if (!read.ok) return read
    const responses = Object.fromEntries(meter.blocks.map((block, i) => [keyOf(block), read.value[i]]))
    const reading = meter.parse(responses, o.now())
    return reading.ok ? reading : failed(reading.failure.kind, `${where}: ${reading.failure.message}`)
  } catch (error) {
    // A mistake of ours costs this meter its reading, not the sweep.
    return failed('internal', `${where}: reading failed inside Hashyard (${error instanceof Error ? error.message : 'unknown'})`)
  }
}
