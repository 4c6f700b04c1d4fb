/** What a machine counts as, by the age of what it last said (`ux.md` 3.2, 4). */
import type { MachineState } from '#shared/fleet/machine.ts'

/** Nothing heard for three polls: stale. Ten: too old to advise on. */
export const STALE_AFTER_POLLS = 3
export const DEAD_AFTER_POLLS = 10

export const telemetryLimits = (pollIntervalMs: number) => ({
  staleAfterMs: STALE_AFTER_POLLS * pollIntervalMs,
  deadAfterMs: DEAD_AFTER_POLLS * pollIntervalMs,
})

export const stateNow = (
  heard: { state: MachineState; observedAtMs: number } | null,
  nowMs: number,
  pollIntervalMs: number,
): MachineState => {
  if (heard === null) return 'unknown'
  return nowMs - heard.observedAtMs > STALE_AFTER_POLLS * pollIntervalMs ? 'stale' : heard.state
}
