/**
 * Schneider Electric PowerLogic PM5xxx (PM5340 and relatives) over Modbus TCP (hardware protocols 16.1). Values are
 * float32, high word first. The manual's register 3000 is address 2999 on the wire: a client that sends 3000 is one word
 * off and every figure is wrong. Powers are in kW, kvar, kVA on the meter.
 */
import type { MeterReading } from '#shared/fleet/reading.ts'
import { readNumber } from '#shared/read-number.ts'
import { failed, ok } from '#shared/result.ts'
import { makeFigures } from '../drivers/figures.ts'
import { keyOf, type Meter } from './meter.ts'

const FIRST = 2_999
const BLOCK_WORDS = 16
const BLOCKS = 7
/** Largest connection any of these sites has is below 1 GW. */
const KILO = { min: -1e6, max: 1e6 }
const VOLTS = { min: 0, max: 1_000_000 }
const AMPERES = { min: 0, max: 1_000_000 }
const HERTZ = { min: 40, max: 70 }
const WORD = { min: 0, max: 0xffff }

const blocks = Array.from({ length: BLOCKS }, (_, i) => ({ address: FIRST + i * BLOCK_WORDS, count: BLOCK_WORDS }))

export const schneiderPm5xxx: Meter = {
  type: 'schneider-pm5xxx',
  recognises: ({ family, model }) => family === 'powermeter-schneider' || /^PM5\d{3}/i.test(model ?? ''),
  blocks,
  parse: (responses, observedAtMs) => {
    const figures = makeFigures()
    const words = new Map<number, number>()
    for (const block of blocks) {
      const key = keyOf(block)
      const list = Object.hasOwn(responses, key) ? responses[key] : undefined
      if (!Array.isArray(list)) continue
      for (let i = 0; i < block.count; i++) {
        const word = readNumber(list[i], WORD)
        if (word !== null && Number.isInteger(word)) words.set(block.address + i, word)
      }
    }
    if (words.size === 0) return failed('unexpected-reply', 'the answers hold no registers of a PM5xxx (FC3 2999 x16 …)')
    /** Offsets are in bytes from register 3000, as the register map counts. */
    const float = (offset: number): number | null => {
      const high = words.get(FIRST + offset / 2)
      const low = words.get(FIRST + offset / 2 + 1)
      if (high === undefined || low === undefined) return null
      const view = new DataView(new ArrayBuffer(4))
      view.setUint16(0, high)
      view.setUint16(2, low)
      return view.getFloat32(0)
    }
    const figure = (field: string, offset: number, bounds: { min: number; max: number }, unit: string, factor = 1): number | null => {
      const raw = float(offset)
      // Not-a-number is how this meter writes "not available".
      const value = raw === null || Number.isNaN(raw) ? null : figures.number(field, raw, bounds, unit)
      return value === null ? null : value * factor
    }
    const reading: MeterReading = {
      type: 'schneider-pm5xxx',
      // Function 3 on these registers does not say the model; a recording or the configuration may.
      model: null,
      activePowerW: figure('active_power_w', 120, KILO, 'kW', 1000),
      reactivePowerVar: figure('reactive_power_var', 136, KILO, 'kvar', 1000),
      apparentPowerVa: figure('apparent_power_va', 152, KILO, 'kVA', 1000),
      voltageLlV: figure('voltage_ll_v', 52, VOLTS, 'V'),
      voltageV: figure('voltage_v', 72, VOLTS, 'V'),
      currentA: figure('current_a', 20, AMPERES, 'A'),
      frequencyHz: figure('frequency_hz', 220, HERTZ, 'Hz'),
      energyImportWh: null,
      problems: figures.problems,
      observedAtMs,
    }
    return ok(reading)
  },
}
