/** What a machine is doing, from configuration, live rate and temperature together (hardware protocols 3.3, 17.3). */
import type { MachineState } from '#shared/fleet/machine.ts'

/** Below this share of its expected rate a machine is degraded: on a three-board machine a lost board leaves 67 %. */
const DEGRADED_BELOW = 0.8
/**
 * A machine that does not hash while a sensor still shows this much stopped because of heat; one that merely idles has
 * cooled down. Seen: a stopped S19 at 88–97 °C with its fans at full, an idling L3 at 45–56 °C.
 */
const HOT_C = 85

export type Evidence = {
  /** The configuration or the firmware itself says mining is switched off; null where nothing says. */
  asleep: boolean | null
  /** Live rate in whatever unit; null unknown. */
  rate: number | null
  expected: number | null
  /** The rate field was there and above zero, though not believable. */
  ratesUnbelieved: boolean
  hottestC: number | null
}

export const machineState = (e: Evidence): { state: MachineState; isMining: boolean | null } => {
  const hashes = (e.rate !== null && e.rate > 0) || (e.rate === null && e.ratesUnbelieved)
  if (e.asleep === true && !hashes) return { state: 'sleeping', isMining: false }
  if (hashes) {
    const short = e.rate !== null && e.expected !== null && e.expected > 0 && e.rate < e.expected * DEGRADED_BELOW
    return { state: short ? 'degraded' : 'hashing', isMining: true }
  }
  if (e.rate === null) return { state: 'unknown', isMining: null }
  return { state: e.hottestC !== null && e.hottestC >= HOT_C ? 'overheated' : 'off', isMining: false }
}

export const hottest = (...lists: readonly (readonly number[])[]): number | null => {
  const all = lists.flat()
  return all.length === 0 ? null : Math.max(...all)
}
