/** What each machine counts as at this moment: its newest reading, judged by age and by what is possible. */

import { drawnPower } from '#shared/economics/site/block-load.ts'
import type { MachineNow } from '#shared/economics/site/site-report.ts'
import { nameplateOf } from '#shared/fleet/hardware-models.ts'
import type { Machine, MachineState, PowerSource } from '#shared/fleet/machine.ts'
import type { Reading } from '#shared/fleet/reading.ts'
import { decimal } from '#shared/format.ts'
import { stateNow } from '../poller/machine-state.ts'
import { type HeardMachine, type HeardMeter, hottest, type Miss, type SweepBatch } from '../store/sweeps.ts'

export type Heard = {
  readonly machines: ReadonlyMap<string, HeardMachine>
  readonly misses: ReadonlyMap<string, Miss>
  readonly meters: ReadonlyMap<string, HeardMeter>
  readonly meterMisses: ReadonlyMap<string, Miss>
}

/** The same, as the poller keeps it up to date. */
export type HeardSoFar = {
  readonly machines: Map<string, HeardMachine>
  readonly misses: Map<string, Miss>
  readonly meters: Map<string, HeardMeter>
  readonly meterMisses: Map<string, Miss>
}

/** A machine that did not answer keeps its last reading, which grows old, and gains the reason. */
export const remember = (heard: HeardSoFar, batch: SweepBatch) => {
  for (const m of batch.machines) {
    if ('failure' in m.outcome) {
      heard.misses.set(m.machineId, { failure: m.outcome.failure, atMs: m.receivedAtMs })
    } else {
      heard.misses.delete(m.machineId)
      heard.machines.set(m.machineId, { reading: m.outcome.reading, receivedAtMs: m.receivedAtMs })
    }
  }
  for (const m of batch.meters) {
    if ('failure' in m.outcome) {
      heard.meterMisses.set(m.meterId, { failure: m.outcome.failure, atMs: m.receivedAtMs })
    } else {
      const { activePowerW, energyImportWh, observedAtMs, model, type } = m.outcome.reading
      heard.meterMisses.delete(m.meterId)
      heard.meters.set(m.meterId, { activePowerW, energyImportWh, observedAtMs, source: model ?? type })
    }
  }
}

const powerSources: Record<NonNullable<Reading['wattageSource']>, PowerSource> = {
  reported: 'reported',
  estimated_by_firmware: 'estimated',
  meter: 'meter',
  nameplate: 'nameplate',
}

/** Threat model D9: more than this is a wrong unit or a lie, and stays out of every total. */
const MOST_OF_NAMEPLATE = 1.5
const MOST_THS = 2_000

const believable = (machine: Machine, ths: number): boolean =>
  ths <= (machine.nameplateThs === null ? MOST_THS : machine.nameplateThs * MOST_OF_NAMEPLATE)

export type MachineView = MachineNow & {
  readonly family: string | null
  readonly tempC: number | null
  readonly efficiencyJth: number | null
}

export const machineView = (machine: Machine, heard: Heard, nowMs: number, pollIntervalMs: number): MachineView => {
  const known = heard.machines.get(machine.id) ?? null
  const r = known?.reading ?? null
  const miss = heard.misses.get(machine.id) ?? null
  const state = stateNow(r, nowMs, pollIntervalMs)
  const implausible = r !== null && r.hashrateThs !== null && !believable(machine, r.hashrateThs)
  const hashrateThs = r === null || implausible ? null : r.hashrateThs
  const said: MachineNow = {
    id: machine.id,
    model: machine.model,
    curtailment: machine.curtailment,
    state,
    hashrateThs,
    powerW: r?.wattageW ?? null,
    powerSource: r?.wattageSource == null ? null : powerSources[r.wattageSource],
    ...nameplateOf({
      model: machine.model,
      saidModel: r?.model ?? null,
      nameplateThs: machine.nameplateThs,
      nameplateW: machine.nameplateW,
      expectedThs: r?.expectedHashrateThs ?? null,
    }),
    observedAtMs: r?.observedAtMs ?? null,
    reason: reasonOf(machine, state, r, miss, implausible),
  }
  // Stock Antminers say no watts: the row shows what its block counts, by name plate, and says so by its letter.
  const byPlate = said.powerW === null ? drawnPower(said) : null
  const powerW = byPlate?.watt ?? said.powerW
  return {
    ...said,
    powerW,
    powerSource: byPlate ? 'nameplate' : said.powerSource,
    family: r?.family ?? machine.family,
    tempC: r === null ? null : hottest(r),
    // Power of a sleeping machine over no hashrate is no efficiency.
    efficiencyJth: hashrateThs !== null && powerW !== null && hashrateThs > 0 ? powerW / hashrateThs : null,
  }
}

const reasonOf = (machine: Machine, state: MachineState, r: Reading | null, miss: Miss | null, implausible: boolean): string | null => {
  if (state === 'stale' || state === 'unknown') return miss === null ? 'not asked yet' : withoutPlace(miss.failure.message, machine.address)
  if (implausible && r !== null)
    return machine.nameplateThs === null
      ? `says ${decimal(r.hashrateThs, 0)} TH/s, more than any machine`
      : `says ${decimal(r.hashrateThs, 0)} TH/s, more than 1.5 times its name plate`
  if (state === 'hashing') return null
  const first = r?.errors[0]
  return first ? (first.code === null ? first.message : `${first.code}: ${first.message}`) : null
}

/** "10.0.0.5:4028: no answer" is one of many machines with one cause; the place would keep them apart. */
const withoutPlace = (message: string, address: string): string => {
  const place = message.indexOf(': ')
  return place > 0 && message.startsWith(address) ? message.slice(place + 2) : message
}
