/** Whatsminer's API v3: frames of four bytes of length and JSON on a port of its own. */
import { afterEach, describe, expect, test } from 'vitest'
import { v3Answer, v3End, v3Request } from '#electron/drivers/protocol/btminer-v3.ts'
import { readDevice } from '#electron/drivers/read-device.ts'
import { driverFor, furtherPortsOf } from '#electron/drivers/registry.ts'
import { deviceEgress } from '#electron/net/egress.ts'
import { cgminerDevice, listen } from '../../fakes/device.ts'
import { framedDevice } from '../../fakes/framed-device.ts'
import { recording } from '../../fakes/recording.ts'

const egress = deviceEgress({ allows: () => true, allowLoopback: true })
const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})
const later = <T extends { close: () => void }>(fake: T): T => {
  closing.push(fake.close)
  return fake
}
const hashing = recording('whatsminer/btminer-3.0/hashing.json').responses
const off = recording('whatsminer/btminer-3.0/off.json').responses
const read = (apiPort: number, v3Port: number, o: { family?: string; deadlineMs?: number } = {}) =>
  readDevice({
    address: { host: '127.0.0.1', apiPort, webPort: null, furtherPorts: { 4433: v3Port } },
    family: o.family ?? null,
    egress,
    deadlineMs: o.deadlineMs ?? 3_000,
    now: () => 0,
  })
const closedPort = async () => {
  const closed = await listen(() => {})
  closed.close()
  return closed.port
}
const bytes = (...parts: readonly (readonly number[] | string)[]) =>
  new Uint8Array(Buffer.concat(parts.map((p) => (typeof p === 'string' ? Buffer.from(p) : Buffer.from(p)))))

describe('the frame', () => {
  test('a request is its length, the lowest byte first, and JSON', () => {
    const request = Buffer.from(v3Request('get.miner.status', 'summary'))
    expect([...request.subarray(0, 4)]).toEqual([44, 0, 0, 0])
    expect(request.subarray(4).toString()).toBe('{"cmd":"get.miner.status","param":"summary"}')
  })
  test('an answer is over when the promised bytes have come, however they are cut', () => {
    const end = v3End()
    expect([end(bytes([7, 0])), end(bytes([0, 0])), end(bytes('{"a":')), end(bytes('1}'))]).toEqual([null, null, null, 'now'])
  })
  test.each([
    ['nothing', bytes(), /closed without an answer/],
    ['half of it', bytes([20, 0, 0, 0], '{"code":0'), /has 9 bytes and announces 20/],
    ['more than was announced', bytes([2, 0, 0, 0], '{}{}'), /has 4 bytes and announces 2/],
    ['another command’s', bytes([32, 0, 0, 0], '{"code":0,"desc":"get.fan.info"}'), /belongs to another command/],
    ['a refusal', bytes([35, 0, 0, 0], '{"code":-2,"msg":"invalid command"}'), /answered with "invalid command"/],
    ['no object', bytes([3, 0, 0, 0], '[1]'), /not an object/],
  ])('%s is refused and named', (_, answer, says) => {
    const result = v3Answer('192.0.2.7:4433', 'get.device.info', answer)
    expect(result).toMatchObject({ ok: false, failure: { kind: 'unexpected-reply', message: expect.stringContaining('192.0.2.7:4433') } })
    if (!result.ok) expect(result.failure.message).toMatch(says)
  })
})

describe('a machine', () => {
  const expected = {
    family: 'whatsminer',
    protocol: 'btminer-v3',
    model: 'M60S_VK40',
    firmwareVersion: '20250620.16.Rel',
    apiVersion: '3.0.1',
    mac: '02:5A:10:20:40:09',
    serial: 'TESTM60S0001',
    state: 'hashing',
    hashrateThs: 169.25,
    expectedHashrateThs: 172.5,
    wattageW: 3120,
    powerLimitW: 3500,
    boardChips: [75, 75, 75],
    errors: [{ code: '2010', message: 'The power supply reports a fault' }],
  }
  test('whose API on 4028 is off is found and read on its own port, in four questions', async () => {
    const fake = later(await framedDevice({ answers: hashing }))
    expect(await read(await closedPort(), fake.port)).toMatchObject({ ok: true, value: expected })
    expect(fake.requests).toEqual(['get.device.info', 'get.miner.status summary', 'get.miner.status edevs', 'get.miner.status pools'])
  })

  test('whose API on 4028 knows half of its commands is read on its own port, too', async () => {
    const half = later(await cgminerDevice({ answers: {} }))
    const fake = later(await framedDevice({ answers: hashing }))
    expect(await read(half.port, fake.port, { family: 'whatsminer' })).toMatchObject({ ok: true, value: expected })
  })

  test('that was switched off sleeps, and its average does not count', async () => {
    const fake = later(await framedDevice({ answers: off }))
    expect(await read(await closedPort(), fake.port, { family: 'whatsminer' })).toMatchObject({
      ok: true,
      value: { state: 'sleeping', isMining: false, hashrateThs: 0, hashrateAvgThs: 168.5, wattageW: 18.5 },
    })
  })

  test('that keeps to v2 is never asked on the other port', async () => {
    const fake = later(await framedDevice({ answers: hashing }))
    const v2 = later(await cgminerDevice({ answers: recording('whatsminer/btminer-2.0/hashing.json').responses }))
    expect(await read(v2.port, fake.port, { family: 'whatsminer' })).toMatchObject({ ok: true, value: { protocol: 'btminer-v2' } })
    expect(fake.requests).toEqual([])
  })

  test('that announces more than it sends costs its own deadline; one that is silent there fails with what 4028 said', async () => {
    const liar = later(await framedDevice({ answers: hashing, announce: 5_000_000 }))
    const started = performance.now()
    const result = await read(await closedPort(), liar.port, { family: 'whatsminer', deadlineMs: 500 })
    expect(performance.now() - started).toBeLessThan(1_500)
    expect(result).toMatchObject({ ok: false, failure: { kind: 'unreachable' } })
  })

  test('is allowed on this port by its family alone', () => {
    expect(furtherPortsOf('whatsminer')).toEqual([4433])
    expect(driverFor('whatsminer')?.furtherPorts).toEqual([4433])
  })
})
