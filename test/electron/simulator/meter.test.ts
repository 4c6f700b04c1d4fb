import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OpenFarm, openFarm } from '#electron/simulator/farm.ts'
import { machineAt } from '#electron/simulator/machine-world.ts'
import { noFaults } from '#electron/simulator/parameters.ts'
import { readHolding } from './raw-client.ts'

const NOW = Date.UTC(2026, 10, 24, 15)
let farm: OpenFarm
beforeAll(async () => {
  const opened = await openFarm({ seed: 5, machines: 60, faults: noFaults, now: () => NOW })
  if (!opened.ok) throw new Error(opened.failure.message)
  farm = opened.value
})
afterAll(() => farm.close())

const port = (site: string) => farm.places.meters[`${site}-main`]?.port ?? 0
/** Documented register to float: on the wire one less, high word first. */
const float = async (site: string, register: number): Promise<number> => {
  const read = await readHolding(port(site), 1, register - 1, 2)
  if ('exception' in read) throw new Error(`exception ${read.exception}`)
  return read.words.readFloatBE(0)
}

test.each(['toyah-basin', 'raquette-falls', 'little-muddy'])(
  '%s: register 3060 is the total active power in kW, machines and overhead',
  async (site) => {
    const machinesKw =
      farm.machines.filter((m) => m.group.siteId === site).reduce((sum, m) => sum + machineAt(5, m, noFaults, NOW).powerW, 0) / 1000
    const kw = await float(site, 3060)
    expect(kw / machinesKw).toBeGreaterThan(1.03)
    expect(kw / machinesKw).toBeLessThan(1.07)
  },
)

test('the phases add up to the total, and power, current, voltage and power factor agree', async () => {
  const [a, b, c, total] = [
    await float('toyah-basin', 3054),
    await float('toyah-basin', 3056),
    await float('toyah-basin', 3058),
    await float('toyah-basin', 3060),
  ]
  expect(a + b + c).toBeCloseTo(total, 1)
  const [amps, volts, pf, hz] = [
    await float('toyah-basin', 3010),
    await float('toyah-basin', 3026),
    await float('toyah-basin', 3084),
    await float('toyah-basin', 3110),
  ]
  expect((Math.sqrt(3) * amps * volts * pf) / 1000).toBeCloseTo(total, 0)
  expect(volts).toBeCloseTo(12_470, 0)
  expect(Math.abs(hz - 60)).toBeLessThan(0.1)
})

test('112 words can be read at once from wire address 2999', async () => {
  const read = await readHolding(port('toyah-basin'), 1, 2999, 112)
  expect('words' in read ? read.words.length : 0).toBe(224)
})

test.each([
  ['another function', { unit: 1, address: 2999, count: 2, fn: 4 }, 1],
  ['a register that is not there', { unit: 1, address: 100, count: 2, fn: 3 }, 2],
  ['a read past the end', { unit: 1, address: 3110, count: 2, fn: 3 }, 2],
  ['no words', { unit: 1, address: 2999, count: 0, fn: 3 }, 3],
  ['another unit', { unit: 9, address: 2999, count: 2, fn: 3 }, 11],
])('%s is answered with its Modbus exception', async (_what, ask, code) => {
  expect(await readHolding(port('toyah-basin'), ask.unit, ask.address, ask.count, ask.fn)).toEqual({ exception: code })
})
