import type { MachineState, PowerSource } from '../../fleet/machine.ts'
import { answered } from '../model.ts'
import { sum } from '../sum.ts'
import { blockEfficiency, meteredOverhead } from './site-load.ts'

/** One machine as it counts now: `state` is already stale or unknown by age; null is unknown. */
export type MachineNow = {
  readonly id: string
  readonly model: string
  readonly curtailment: 'inherit' | 'curtailable' | 'protected'
  readonly state: MachineState
  readonly hashrateThs: number | null
  readonly powerW: number | null
  readonly powerSource: PowerSource | null
  readonly nameplateThs: number | null
  readonly nameplateW: number | null
  readonly observedAtMs: number | null
  readonly reason: string | null
}

/** What the machines of one model draw and hash, W and TH/s at the machines (no overhead yet). */
export type BlockLoad = {
  readonly id: string
  readonly label: string
  readonly machines: number
  readonly reported: number
  readonly hashing: number
  readonly hashrateThs: number | null
  /** Every reporting machine, sleeping ones included; null where none has a known or estimated power. */
  readonly powerW: number | null
  /** Part of `powerW` that no machine reported. */
  readonly estimatedW: number
  /** Machines that hash: the load that advice can switch, and the part of it that is protected. */
  readonly runningW: number
  readonly protectedRunningW: number
  readonly runningThs: number
  /** Sum of power / sum of hashrate over hashing machines; where none hashes, the name plates'. */
  readonly efficiencyJth: number | null
  readonly efficiencyFrom: 'machines' | 'nameplate' | null
  /** The two sums it is the ratio of, and of how many machines. */
  readonly efficiencyOf: { readonly powerW: number; readonly hashrateTHs: number; readonly machines: number } | null
  /** Readings in `hashrateThs` and `powerW`, how many of the latter are estimates, and the oldest of them. */
  readonly readings: { readonly hashrate: number; readonly power: number; readonly estimated: number; readonly oldestAtMs: number | null }
  /** Off or asleep and not too hot: what could be woken, by name plate. */
  readonly resting: number
  readonly restingW: number
  /** Hashing machines whose power is neither reported nor on a name plate: in no MW of ours. */
  readonly unknownPower: number
}

export const isHeard = (m: { state: MachineState }): boolean => m.state !== 'stale' && m.state !== 'unknown'
const isResting = (m: MachineNow): boolean => m.state === 'off' || m.state === 'sleeping'

/** An overheated machine has stopped unless it says that it hashes; a hashing one without a figure still draws power. */
export const isRunning = (m: MachineNow): boolean =>
  m.state === 'hashing' || m.state === 'degraded' ? m.hashrateThs !== 0 : m.state === 'overheated' && (m.hashrateThs ?? 0) > 0

const guessed: ReadonlySet<PowerSource | null> = new Set<PowerSource | null>(['nameplate', 'estimated', null])

/**
 * What a machine draws, W, and whether somebody measured it. Without a reading: name plate scaled by how much of its name
 * plate it hashes; a machine that is not heard, or says nothing usable, stays unknown.
 * Worked: name plate 3,250 W at 110 TH/s, hashing 99: 2,925 W, estimated.
 */
export const drawnPower = (m: MachineNow): { watt: number; estimated: boolean } | null => {
  if (!isHeard(m)) return null
  if (m.powerW !== null && m.powerW >= 0) return { watt: m.powerW, estimated: guessed.has(m.powerSource) }
  if (isRunning(m) && m.hashrateThs !== null && m.nameplateW !== null && m.nameplateThs !== null)
    return { watt: (m.nameplateW * m.hashrateThs) / m.nameplateThs, estimated: true }
  return null
}

/** "S19j Pro" and "s19j-pro" are one model: one block. */
const blockIdOf = (model: string): string => {
  const name = model.trim().toLowerCase()
  return name.replace(/[^a-z0-9+]+/g, '-').replace(/^-|-$/g, '') || name
}

const blockOf = (id: string, members: readonly MachineNow[]): BlockLoad => {
  const heard = members.filter(isHeard)
  const drawn = heard.flatMap((m) => {
    const power = drawnPower(m)
    return power ? [{ m, ...power, running: isRunning(m) }] : []
  })
  const running = drawn.filter((d) => d.running)
  const watt = (list: readonly { watt: number }[]) => sum(list.map((d) => d.watt))
  const judged = running.filter((d) => d.m.hashrateThs !== null && d.m.hashrateThs > 0)
  const judgedThs = sum(judged.map((d) => d.m.hashrateThs ?? 0))
  const plates = heard.filter((m) => m.nameplateW !== null && m.nameplateThs !== null)
  const plateThs = sum(plates.map((m) => m.nameplateThs ?? 0))
  const efficiencyOf =
    judgedThs > 0
      ? { powerW: watt(judged), hashrateTHs: judgedThs, machines: judged.length }
      : plateThs > 0
        ? { powerW: sum(plates.map((m) => m.nameplateW ?? 0)), hashrateTHs: plateThs, machines: plates.length }
        : null
  const efficiencyJth = efficiencyOf === null ? null : (answered(blockEfficiency(efficiencyOf))?.efficiencyJTH ?? null)
  // A machine that says it is off hashes nothing, even where its answer has no hashrate field.
  const hashrates = heard.flatMap((m) => (m.hashrateThs !== null ? [m.hashrateThs] : isRunning(m) ? [] : [0]))
  const resting = heard.filter(isResting)
  return {
    id,
    label: members[0]?.model.trim() || 'Unknown model',
    machines: members.length,
    reported: heard.length,
    hashing: heard.filter(isRunning).length,
    hashrateThs: hashrates.length > 0 ? sum(hashrates) : null,
    powerW: drawn.length > 0 ? watt(drawn) : null,
    estimatedW: watt(drawn.filter((d) => d.estimated)),
    runningW: watt(running),
    protectedRunningW: watt(running.filter((d) => d.m.curtailment === 'protected')),
    runningThs: judgedThs,
    efficiencyJth: efficiencyJth !== null && efficiencyJth > 0 && Number.isFinite(efficiencyJth) ? efficiencyJth : null,
    efficiencyFrom: judgedThs > 0 ? 'machines' : plateThs > 0 ? 'nameplate' : null,
    efficiencyOf,
    readings: {
      hashrate: hashrates.length,
      power: drawn.length,
      estimated: drawn.filter((d) => d.estimated).length,
      oldestAtMs: heard.reduce<number | null>(
        (oldest, m) => (m.observedAtMs !== null && (oldest === null || m.observedAtMs < oldest) ? m.observedAtMs : oldest),
        null,
      ),
    },
    resting: resting.length,
    restingW: sum(resting.map((m) => m.nameplateW ?? 0)),
    unknownPower: heard.filter((m) => isRunning(m) && drawnPower(m) === null).length,
  }
}

/** Machines of one model at a site are a block; ordered by id, so that equal inputs give equal reports. */
export const blockLoads = (machines: readonly MachineNow[]): readonly BlockLoad[] => {
  const byBlock = Map.groupBy(machines, (m) => blockIdOf(m.model))
  return [...byBlock].map(([id, members]) => blockOf(id, members)).sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
}

const LEAST_COVERAGE = 0.95
const MOST_RATIO = 1.6

/** What a silent machine may still draw: as when last heard, else its name plate. */
const possibleDraw = (m: MachineNow): number => (isHeard(m) ? 0 : (m.powerW ?? m.nameplateW ?? 0))

export type Overhead = {
  readonly ratio: number
  readonly measured: boolean
  readonly meterBelowMachines: boolean
  /** What the measured ratio was computed from; null where it is assumed. */
  readonly metered: { readonly meterW: number; readonly machinesW: number; readonly silentW: number; readonly assumedRatio: number } | null
}

/**
 * Metered site power / machine power. Measured where the meter is fresh, at least 95 % of the machines are heard with a
 * power that somebody measured (or at rest), and the ratio is a possible one (1 to 1.6); otherwise the site's assumed one.
 * The few silent machines may or may not draw power, which leaves a range of a few percent: inside it the assumed ratio
 * stands, outside it is moved to the nearest end. With every machine heard the range is one number.
 * Worked: meter 1.05 MW, machines 1.00 MW: 1.05. With one more silent one that drew 0.02 MW: 1.029 to 1.05; assumed 1.04 stands.
 */
export const overheadOf = (machines: readonly MachineNow[], meterW: number | null, assumed: number): Overhead => {
  const machineW = sum(machines.map((m) => drawnPower(m)?.watt ?? 0))
  const covered = machines.filter((m) => {
    const power = drawnPower(m)
    return power ? !power.estimated : isHeard(m) && !isRunning(m)
  }).length
  const whole = machines.length > 0 && covered >= LEAST_COVERAGE * machines.length
  if (meterW === null || machineW <= 0 || !whole) return { ratio: assumed, measured: false, meterBelowMachines: false, metered: null }
  const metered = { meterW, machinesW: machineW, silentW: sum(machines.map(possibleDraw)), assumedRatio: assumed }
  const answer = answered(meteredOverhead(metered))
  if (answer === null || answer.highestRatio < 1 || answer.lowestRatio > MOST_RATIO)
    return { ratio: assumed, measured: false, meterBelowMachines: answer !== null && answer.highestRatio < 1, metered: null }
  return { ratio: answer.overheadRatio, measured: true, meterBelowMachines: false, metered }
}
