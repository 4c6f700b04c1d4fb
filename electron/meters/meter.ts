/** What a meter driver is: which registers it asks for, and what they mean. `parse` is pure, over recorded words too. */
import type { MeterReading } from '#shared/fleet/reading.ts'
import type { Result } from '#shared/result.ts'
import type { Block } from './protocol/modbus-tcp.ts'

/** Words keyed as in the captures: `FC3 2999 x16`. */
export const keyOf = (block: Block): string => `FC3 ${block.address} x${block.count}`

export type Meter = {
  type: string
  /** Family of recordings, and models as makers print them. */
  recognises(recording: { family: string | null; model: string | null }): boolean
  blocks: readonly Block[]
  parse(responses: Readonly<Record<string, unknown>>, observedAtMs: number): Result<MeterReading>
}
