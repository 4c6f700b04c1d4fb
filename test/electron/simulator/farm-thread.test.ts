import net from 'node:net'
import { expect, test } from 'vitest'
import { demoFarm } from '#electron/simulator/demo-farm.ts'
import { openFarm } from '#electron/simulator/farm.ts'
import { noFaults } from '#electron/simulator/parameters.ts'
import { startSimulatedFarm } from '#electron/simulator/start.ts'
import { block, command, get, list, readHolding, say } from './raw-client.ts'

const threadUrl = new URL('../../../electron/simulator/farm-thread.ts', import.meta.url)
const refused = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port }, () => {
      socket.destroy()
      resolve(false)
    })
    socket.on('error', () => resolve(true))
  })
/** Handles of this process that would keep it alive: the thread and its message port among them. */
const handles = () => process.getActiveResourcesInfo().filter((name) => !/Timeout|Immediate|Pipe|TTY|FSReq/.test(name)).length

test('the whole farm starts within two seconds on a thread, answers, and leaves nothing behind when stopped', async () => {
  const before = handles()
  const started = performance.now()
  const farm = await startSimulatedFarm({ threadUrl, seed: 1, faults: 'none', clock: { nowMs: Date.UTC(2026, 10, 24, 18) } })
  // Two seconds on an idle computer; the suite shares two cores with others.
  expect(performance.now() - started).toBeLessThan(process.env.CI ? 6000 : 4000)
  try {
    expect(structuredClone(farm.places)).toEqual(farm.places)
    const machines = demoFarm.machines(farm.places)
    expect(machines).toHaveLength(1840)
    expect(new Set(machines.map((m) => m.apiPort)).size).toBe(1840)
    expect(machines.every((m) => (m.family === 'antminer') === (m.webPort !== null))).toBe(true)
    const avalon = machines.find((m) => m.family === 'avalon')
    expect(list((await command(avalon?.apiPort ?? 0, { command: 'version' })).VERSION)).toHaveLength(1)
    const [meter] = demoFarm.meters(farm.places)
    expect(await readHolding(meter?.port ?? 0, meter?.unitId ?? 0, 2999, 2)).toHaveProperty('words')
    const spot = await get(`${farm.marketBase.href}api.coinbase.com/v2/prices/BTC-USD/spot`)
    expect(block(JSON.parse(spot.body.toString())).data).toBeDefined()
  } finally {
    await farm.stop()
  }
  const [some] = Object.values(farm.places.machines)
  expect(await refused(some?.apiPort ?? 0)).toBe(true)
  expect(await refused(Number(farm.marketBase.port))).toBe(true)
  await expect.poll(handles, { timeout: 3000 }).toBeLessThanOrEqual(before)
})

test('the clock given is the world’s clock, and it runs on', async () => {
  const nowMs = Date.UTC(2026, 10, 24, 18)
  const farm = await startSimulatedFarm({ threadUrl, seed: 1, machines: 7, faults: 'none', clock: { nowMs } })
  try {
    const ticker = async () =>
      Number(block(JSON.parse((await get(`${farm.marketBase.href}www.bitstamp.net/api/v2/ticker/btcusd/`)).body.toString())).timestamp)
    const first = await ticker()
    expect(first - nowMs / 1000).toBeGreaterThanOrEqual(0)
    expect(first - nowMs / 1000).toBeLessThan(10)
    await expect.poll(ticker, { timeout: 3000, interval: 200 }).toBeGreaterThan(first)
  } finally {
    await farm.stop()
  }
})

test('faults that are not understood stop the start with a sentence', async () => {
  await expect(startSimulatedFarm({ threadUrl, seed: 1, machines: 7, faults: 'loud=1', clock: null })).rejects.toThrow(/loud=1/)
})

test('closing does not wait for those who keep a connection open', async () => {
  const opened = await openFarm({ seed: 1, machines: 7, faults: { ...noFaults, silent: 1 }, now: Date.now })
  if (!opened.ok) throw new Error(opened.failure.message)
  const waiting = Object.values(opened.value.places.machines).map((p) => say(p.apiPort, 'summary', 5000))
  await new Promise((resolve) => setTimeout(resolve, 100))
  const started = performance.now()
  await opened.value.close()
  expect(performance.now() - started).toBeLessThan(1000)
  for (const said of await Promise.all(waiting)) expect(said.end).not.toBe('deadline')
})

test('the same seed and clock make the same answers, byte for byte', async () => {
  const now = () => Date.UTC(2026, 10, 24, 18)
  const answers = async () => {
    const opened = await openFarm({ seed: 9, machines: 14, faults: noFaults, now })
    if (!opened.ok) throw new Error(opened.failure.message)
    const said = await Promise.all(Object.values(opened.value.places.machines).map((p) => say(p.apiPort, '{"command":"summary"}')))
    const market = await get(`http://127.0.0.1:${opened.value.marketPort}/mis.nyiso.com/public/csv/realtime/20261124realtime_zone.csv`)
    await opened.value.close()
    return [...said.map((s) => s.bytes.toString('latin1')), market.body.toString()]
  }
  expect(await answers()).toEqual(await answers())
})
