import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { readDevice } from '#electron/drivers/read-device.ts'
import { deviceEgress } from '#electron/net/egress.ts'
import { type PollerMemory, type ReadMachine, sweep } from '#electron/poller/sweep.ts'
import type { Reading } from '#shared/fleet/reading.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import { machine, reading } from '../store/sample.ts'

const servers: Server[] = []
const sockets = new Set<Socket>()
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await Promise.all(servers.splice(0).map((s) => new Promise((done) => s.close(done))))
})
/** A device on loopback that does this with whoever connects. */
const device = (behave: (socket: Socket) => void): Promise<number> =>
  new Promise((listening) => {
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => {})
      behave(socket)
    })
    servers.push(server)
    server.listen(0, '127.0.0.1', () => listening((server.address() as AddressInfo).port))
  })

/** An Avalon in its text protocol: the shortest honest answer a driver takes for a reading. */
const avalonAnswers: Record<string, string> = {
  version:
    'STATUS=S,When=1764000000,Code=22,Msg=CGMiner versions,Description=cgminer 4.11.1|VERSION,CGMiner=4.11.1,API=3.7,PROD=AvalonMiner 1246-90,MODEL=1246-90,MAC=b4a2eb000001|',
  summary:
    'STATUS=S,When=1764000000,Code=11,Msg=Summary,Description=cgminer 4.11.1|SUMMARY,Elapsed=3600,MHS av=90000000.00,MHS 5s=90100000.00|',
}
const honest = (socket: Socket) =>
  socket.on('data', (asked) => {
    const text = asked.toString()
    const command = text.startsWith('{') ? JSON.parse(text).command : text.trim()
    socket.end(`${avalonAnswers[command] ?? `STATUS=E,When=1764000000,Code=14,Msg=Invalid command,Description=cgminer 4.11.1|`}\0`)
  })

const run = (o: {
  ports: Record<string, number>
  memory?: PollerMemory
  deadlineMs?: number
  atOnce?: number
  intervalMs?: number
  readMachine?: ReadMachine
  signal?: AbortSignal
}) => {
  const allowed = new Set(Object.values(o.ports))
  const deadlineMs = o.deadlineMs ?? 600
  const egress = deviceEgress({ allows: (host, port) => host === '127.0.0.1' && allowed.has(port), allowLoopback: true })
  return sweep({
    machines: Object.entries(o.ports).map(([id, port]) =>
      machine(id, { address: '127.0.0.1', apiPort: port, webPort: null, family: 'avalon' }),
    ),
    meters: [],
    memory: o.memory ?? new Map(),
    readMachine:
      o.readMachine ??
      ((m, family, signal) =>
        readDevice({
          address: { host: m.address, apiPort: m.apiPort, webPort: m.webPort },
          family,
          egress,
          deadlineMs,
          now: Date.now,
          signal,
        })),
    readMeter: async () => failed('not-supported', 'no meter here'),
    deadlineMs,
    intervalMs: o.intervalMs ?? 60_000,
    ...(o.atOnce === undefined ? {} : { atOnce: o.atOnce }),
    now: Date.now,
    monotonic: () => performance.now(),
    signal: o.signal ?? new AbortController().signal,
  })
}
const outcomes = (batch: Awaited<ReturnType<typeof sweep>>) =>
  Object.fromEntries(batch.machines.map((m) => [m.machineId, 'reading' in m.outcome ? m.outcome.reading.state : m.outcome.failure.kind]))

test('a device that hangs, babbles, or closes early costs its own deadline and nothing else', async () => {
  const ports = {
    honest: await device(honest),
    hangs: await device(() => {}),
    drips: await device((s) => {
      s.write('S')
      const drip = setInterval(() => s.write('x'), 50)
      s.on('close', () => clearInterval(drip))
    }),
    garbage: await device((s) => s.end('\u0007<html>not a miner</html>\0')),
    closes: await device((s) => s.end()),
    'another-honest': await device(honest),
  }
  const startedAt = performance.now()
  const batch = await run({ ports })
  expect(performance.now() - startedAt).toBeLessThan(2_500)
  const result = outcomes(batch)
  expect(result.honest).toBe('hashing')
  expect(result['another-honest']).toBe('hashing')
  expect(result.hangs).toBe('timeout')
  expect(result.drips).toBe('timeout')
  expect(['unexpected-reply', 'unreachable']).toContain(result.garbage)
  expect(['unexpected-reply', 'unreachable']).toContain(result.closes)
  // The healthy ones were heard long before the slow ones gave up.
  const at = (id: string) => batch.machines.find((m) => m.machineId === id)?.receivedAtMs ?? Number.NaN
  expect(at('honest') - batch.startedAtMs).toBeLessThan(500)
  expect(at('hangs') - at('honest')).toBeGreaterThan(100)
})

test('no more devices are asked at once than allowed, and each one exactly once', async () => {
  let underWay = 0
  let most = 0
  const asked: string[] = []
  const ports = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`m${i}`, 1000 + i]))
  const readMachine: ReadMachine = async (m) => {
    asked.push(m.id)
    most = Math.max(most, ++underWay)
    await new Promise((done) => setTimeout(done, 2))
    underWay--
    return ok(reading(1))
  }
  const batch = await run({ ports, readMachine })
  expect(most).toBe(64)
  expect(new Set(asked).size).toBe(200)
  expect(asked).toHaveLength(200)
  expect(batch.machines).toHaveLength(200)
})

test('a driver that outlives its deadline, or throws, is cut off from outside', async () => {
  const readMachine: ReadMachine = (m) => (m.id === 'throws' ? Promise.reject(new Error('oops')) : new Promise<Result<Reading>>(() => {}))
  const batch = await run({ ports: { never: 1, throws: 2 }, readMachine, deadlineMs: 100 })
  expect(outcomes(batch)).toEqual({ never: 'timeout', throws: 'internal' })
})

test('machines that were silent last time wait behind those that answered, and are not asked at all once the interval is over', async () => {
  const memory: PollerMemory = new Map([
    ['silent-1', { family: null, failuresInARow: 3 }],
    ['silent-2', { family: null, failuresInARow: 3 }],
    ['healthy', { family: 'avalon', failuresInARow: 0 }],
  ])
  const asked: string[] = []
  const readMachine: ReadMachine = async (m) => {
    asked.push(m.id)
    await new Promise((done) => setTimeout(done, 60))
    return m.id.startsWith('silent') ? failed('timeout', 'no answer within 5 s') : ok(reading(1))
  }
  const batch = await run({ ports: { 'silent-1': 1, 'silent-2': 2, healthy: 3 }, memory, readMachine, atOnce: 1, intervalMs: 100 })
  expect(asked).toEqual(['healthy', 'silent-1'])
  const skipped = batch.machines.find((m) => m.machineId === 'silent-2')
  expect(skipped?.outcome).toMatchObject({ failure: { kind: 'timeout', message: expect.stringContaining('not asked in this sweep') } })
})

test('the family that answered is asked next time; after an answer in a foreign form it is looked for again', async () => {
  const memory: PollerMemory = new Map()
  const families: (string | null)[] = []
  const answers: Result<Reading>[] = [
    ok(reading(1, { family: 'whatsminer' })),
    failed('timeout', 'slow'),
    failed('unexpected-reply', 'not BTMiner'),
    ok(reading(1)),
  ]
  const readMachine: ReadMachine = async (_, family) => {
    families.push(family)
    return answers[families.length - 1] ?? failed('internal', 'asked too often')
  }
  for (let i = 0; i < 4; i++) await run({ ports: { a: 1 }, memory, readMachine })
  expect(families).toEqual(['avalon', 'whatsminer', 'whatsminer', null])
})
