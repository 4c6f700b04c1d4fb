import type { MachineState } from './machine.ts'

/** A field the device sent that we did not take over, and why. `raw` is cut and escaped. */
export type ReadingProblem = { readonly field: string; readonly reason: string; readonly raw: string }

export type PoolReading = {
  readonly url: string | null
  readonly user: string | null
  readonly alive: boolean | null
  readonly accepted: number | null
  readonly rejected: number | null
}

/**
 * One device at one moment, units fixed, as `cli.md` prints it (there in snake_case). Null: the firmware did not say,
 * or said something that is not believed (then `problems` has an entry). Never 0 for unknown.
 */
export type Reading = {
  readonly family: string
  readonly protocol: string
  readonly model: string | null
  readonly firmwareVersion: string | null
  readonly apiVersion: string | null
  readonly mac: string | null
  readonly serial: string | null
  readonly hostname: string | null
  /** Only for devices of other algorithms than SHA-256d; these report `hashrateHs` and no TH/s. */
  readonly algo: string | null
  readonly state: MachineState
  readonly isMining: boolean | null
  readonly hashrateThs: number | null
  readonly hashrateAvgThs: number | null
  readonly expectedHashrateThs: number | null
  readonly hashrateHs: number | null
  readonly expectedHashrateHs: number | null
  readonly wattageW: number | null
  readonly wattageSource: 'reported' | 'estimated_by_firmware' | 'meter' | 'nameplate' | null
  readonly powerLimitW: number | null
  readonly powerTargetW: number | null
  readonly envTempC: number | null
  readonly boardTempsC: readonly number[]
  readonly chipTempsC: readonly number[]
  readonly allTempsC: readonly number[]
  readonly fansRpm: readonly number[]
  readonly fansPct: readonly number[]
  readonly fanCount: number | null
  readonly boardCount: number | null
  readonly boardChips: readonly number[]
  readonly uptimeS: number | null
  readonly pools: readonly PoolReading[]
  readonly poolCount: number | null
  readonly hasErrors: boolean | null
  readonly errors: readonly { readonly code: string | null; readonly message: string }[]
  readonly problems: readonly ReadingProblem[]
  readonly observedAtMs: number
}

/** One power-meter reading; active power in W, energy in Wh. */
export type MeterReading = {
  readonly type: string
  readonly model: string | null
  readonly activePowerW: number | null
  readonly reactivePowerVar: number | null
  readonly apparentPowerVa: number | null
  readonly voltageV: number | null
  readonly voltageLlV: number | null
  readonly currentA: number | null
  readonly frequencyHz: number | null
  readonly energyImportWh: number | null
  readonly problems: readonly ReadingProblem[]
  readonly observedAtMs: number
}
