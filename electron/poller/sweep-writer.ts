/**
 * Brings sweeps to the disk in order. A disk that refuses (full, failing, locked) stops nothing: sweeps wait here for at
 * most 15 minutes, oldest first out, the loss counted; writing goes on by itself once the disk takes them (threat model S6).
 */
import { count } from '#shared/format.ts'
import { MINUTE_MS } from '#shared/time.ts'
import type { SweepBatch } from '../store/sweeps.ts'

const KEPT_MS = 15 * MINUTE_MS

export type SweepWriter = {
  /** True once this sweep and all before it are on the disk. */
  write(batch: SweepBatch): Promise<boolean>
  /** The trouble while it lasts, in words; null when all is written. */
  problem(): string | null
}

export const makeSweepWriter = (o: {
  commit: (batch: SweepBatch) => Promise<number>
  onCommitted: (sweepId: number, batch: SweepBatch) => void
}): SweepWriter => {
  let waiting: SweepBatch[] = []
  let lost = 0
  let reason: string | null = null
  return {
    write: async (batch) => {
      waiting.push(batch)
      const kept = waiting.filter((b) => batch.finishedAtMs - b.finishedAtMs <= KEPT_MS)
      lost += waiting.length - kept.length
      waiting = kept
      try {
        for (let b = waiting[0]; b; b = waiting[0]) {
          const id = await o.commit(b)
          waiting.shift()
          o.onCommitted(id, b)
        }
        reason = null
        lost = 0
        return true
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error)
        return false
      }
    },
    problem: () =>
      reason === null
        ? null
        : `Readings cannot be written (${reason}). ${count(waiting.length, 'sweep')} wait in memory${lost > 0 ? `, ${count(lost, 'sweep')} lost` : ''}. Free the disk; writing goes on by itself`,
  }
}
