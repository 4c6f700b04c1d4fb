import { afterEach, expect, test } from 'vitest'
import { planMachines } from '#electron/simulator/demo-farm.ts'
import { type OpenFarm, openFarm } from '#electron/simulator/farm.ts'
import { readFaults } from '#electron/simulator/faults.ts'
import { faultAt, simulateMachine } from '#electron/simulator/machine-world.ts'
import { demoFaults, FAULT_KINDS, type FaultKind, type FaultRates, noFaults } from '#electron/simulator/parameters.ts'
import { say } from './raw-client.ts'

const NOW = Date.UTC(2026, 10, 24, 12)
let farm: OpenFarm | null = null
afterEach(async () => {
  await farm?.close()
  farm = null
})

/** A few machines, all of them broken in one way for good. */
const broken = async (kind: FaultKind): Promise<number[]> => {
  const opened = await openFarm({ seed: 1, machines: 14, faults: { ...noFaults, [kind]: 1 }, now: () => NOW })
  if (!opened.ok) throw new Error(opened.failure.message)
  farm = opened.value
  return Object.values(farm.places.machines).map((p) => p.apiPort)
}
const ask = (port: number, deadlineMs = 700) => say(port, '{"command":"summary"}', deadlineMs)

test('silent: the connection stands and nothing ever comes', async () => {
  const [port = 0] = await broken('silent')
  expect(await ask(port)).toMatchObject({ end: 'deadline', bytes: Buffer.alloc(0) })
})

test('refusing: the connection is reset at once', async () => {
  const [port = 0] = await broken('refusing')
  const said = await ask(port)
  expect(said.end).toBe('reset')
  expect(said.tookMs).toBeLessThan(500)
})

test('garbage: what comes is no JSON and no cgminer text', async () => {
  const [port = 0] = await broken('garbage')
  const { bytes } = await ask(port)
  expect(bytes.length).toBeGreaterThan(0)
  expect(() => JSON.parse(bytes.toString())).toThrow()
  expect(bytes.toString()).not.toMatch(/^STATUS=/)
})

test('drip: one byte a second, so that only a total deadline ends it', async () => {
  const [port = 0] = await broken('drip')
  const { bytes, end } = await ask(port, 2500)
  expect(end).toBe('deadline')
  expect([1, 2, 3]).toContain(bytes.length)
})

test('early: the connection closes before the answer is whole', async () => {
  for (const port of await broken('early')) {
    const { bytes, end } = await ask(port)
    expect(end).not.toBe('deadline')
    expect(() => JSON.parse(bytes.toString().replace(/\0$/, ''))).toThrow()
  }
})

test('booting: the proxy says that the mining process refuses', async () => {
  const [port = 0] = await broken('booting')
  expect((await ask(port)).bytes.toString()).toBe('Socket connect failed: Connection refused\n')
})

test('a machine that hangs costs the others nothing', async () => {
  const opened = await openFarm({ seed: 1, machines: 300, faults: { ...noFaults, silent: 0.1 }, now: () => NOW })
  if (!opened.ok) throw new Error(opened.failure.message)
  farm = opened.value
  const places = Object.values(farm.places.machines)
  const said = await Promise.all(places.map((p) => ask(p.apiPort, 1500)))
  const answered = said.filter((s) => s.bytes.length > 0)
  expect(answered.length).toBeGreaterThan(240)
  expect(answered.length).toBeLessThan(300)
})

const machines = planMachines(1840).map((m) => simulateMachine(11, m))
const shareAt = (rates: FaultRates, ms: number) => machines.filter((m) => faultAt(m, rates, ms) !== null).length / machines.length

test('the demo has about 1.5 % of its machines in trouble at a time, not always the same ones', () => {
  const hours = Array.from({ length: 24 }, (_, h) => NOW + h * 3_600_000)
  const shares = hours.map((ms) => shareAt(demoFaults, ms))
  const mean = shares.reduce((a, b) => a + b, 0) / shares.length
  expect(mean).toBeGreaterThan(0.01)
  expect(mean).toBeLessThan(0.02)
  const troubled = new Set(hours.flatMap((ms) => machines.filter((m) => faultAt(m, demoFaults, ms)).map((m) => m.id)))
  expect(troubled.size).toBeGreaterThan(200)
})

test('what fails comes back within a quarter of an hour', () => {
  let longest = 0
  for (const m of machines.slice(0, 400)) {
    let run = 0
    for (let t = 0; t < 12 * 60; t++) {
      run = faultAt(m, demoFaults, NOW + t * 60_000) ? run + 1 : 0
      longest = Math.max(longest, run)
    }
  }
  expect(longest).toBeGreaterThanOrEqual(5)
  expect(longest).toBeLessThanOrEqual(16)
})

test('"silent=2,garbage=1" is two and one per cent of all machines', () => {
  const rates = readFaults('silent=2,garbage=1')
  expect(rates).toEqual({ ok: true, value: { ...noFaults, silent: 0.02, garbage: 0.01 } })
  if (!rates.ok) return
  const kinds = Array.from({ length: 40 }, (_, h) => machines.map((m) => faultAt(m, rates.value, NOW + h * 1_800_000))).flat()
  const share = (kind: FaultKind) => kinds.filter((k) => k === kind).length / kinds.length
  expect(share('silent')).toBeCloseTo(0.02, 2)
  expect(share('garbage')).toBeCloseTo(0.01, 2)
  expect(FAULT_KINDS.filter((k) => share(k) > 0).sort()).toEqual(['garbage', 'silent'])
})

test.each(['silent', 'silent=', 'silent=-1', 'loud=2', 'silent=60,garbage=60', 'silent=1;garbage=2'])(
  'faults "%s" are refused by name',
  (text) => {
    expect(readFaults(text)).toMatchObject({ ok: false, failure: { kind: 'invalid-input', field: 'faults' } })
  },
)
