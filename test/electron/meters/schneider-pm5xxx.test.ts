import { existsSync, readFileSync } from 'node:fs'
import type * as net from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { readMeter } from '#electron/meters/read-meter.ts'
import { schneiderPm5xxx } from '#electron/meters/schneider-pm5xxx.ts'
import { deviceEgress } from '#electron/net/egress.ts'
import type { Fake } from '../../fakes/device.ts'
import { type Ask, modbusAnswer, modbusMeter } from '../../fakes/modbus-meter.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})
const egress = deviceEgress({ allows: () => true, allowLoopback: true })
const read = (fake: Fake, o: { unitId?: number; deadlineMs?: number; type?: string } = {}) => {
  closing.push(fake.close)
  return readMeter({
    type: o.type ?? 'schneider-pm5xxx',
    host: '127.0.0.1',
    port: fake.port,
    unitId: o.unitId ?? 1,
    egress,
    deadlineMs: o.deadlineMs ?? 2_000,
    now: () => 1_000,
  })
}

/** IEEE 754 single precision, worked by hand: high word first. Registers as the manual counts them, from 3000. */
const REGISTERS: Record<number, readonly [high: number, low: number]> = {
  3010: [0x41d1, 0x0000], // average current: 26.125 A
  3026: [0x43cf, 0x8000], // average voltage line to line: 415.0 V
  3036: [0x436f, 0x8000], // average voltage line to neutral: 239.5 V
  3060: [0x453b, 0x8000], // total active power: 3,000.0 kW
  3068: [0xc2c8, 0x0000], // total reactive power: −100.0 kvar
  3076: [0x453c, 0x0000], // total apparent power: 3,008.0 kVA
  3110: [0x4248, 0x0000], // frequency: 50.0 Hz
}
/** The wire address is one below the register's number. */
const word = (address: number): number => REGISTERS[address + 1]?.[0] ?? REGISTERS[address]?.[1] ?? 0
const serve = (address: number, count: number) => Array.from({ length: count }, (_, i) => word(address + i))

describe('PM5xxx over Modbus TCP', () => {
  test('powers in kW become W, averages come from their own registers', async () => {
    const asked: Ask[] = []
    const fake = await modbusMeter((ask, _, answer) => {
      asked.push(ask)
      answer(serve(ask.address, ask.count))
    })
    expect(await read(fake, { unitId: 17 })).toEqual({
      ok: true,
      value: {
        type: 'schneider-pm5xxx',
        model: null,
        activePowerW: 3_000_000,
        reactivePowerVar: -100_000,
        apparentPowerVa: 3_008_000,
        voltageV: 239.5,
        voltageLlV: 415,
        currentA: 26.125,
        frequencyHz: 50,
        energyImportWh: null,
        problems: [],
        observedAtMs: 1_000,
      },
    })
    // 112 words in blocks of 16, one after the other, function 3, from wire address 2999.
    expect(asked.map((a) => [a.fn, a.unitId, a.address, a.count])).toEqual(
      [2999, 3015, 3031, 3047, 3063, 3079, 3095].map((address) => [3, 17, address, 16]),
    )
    expect(new Set(asked.map((a) => a.transaction)).size).toBe(7)
  })

  test('an answer in single bytes is put together', async () => {
    const fake = await modbusMeter((ask, socket) => {
      const words = serve(ask.address, ask.count)
      for (const byte of modbusAnswer(ask, [3, words.length * 2, ...words.flatMap((w) => [w >> 8, w & 0xff])]))
        socket.write(Buffer.from([byte]))
    })
    expect(await read(fake)).toMatchObject({ ok: true, value: { activePowerW: 3_000_000 } })
  })

  test('a figure beyond its bounds, or none at all, is unknown and not zero', () => {
    const blocks = (address: number, high: number, low: number) =>
      Object.fromEntries(
        schneiderPm5xxx.blocks.map((b) => [
          `FC3 ${b.address} x${b.count}`,
          Array.from({ length: b.count }, (_, i) =>
            b.address + i === address ? high : b.address + i === address + 1 ? low : word(b.address + i),
          ),
        ]),
      )
    // 0x7fc00000 is not-a-number: how the meter writes "not available".
    expect(schneiderPm5xxx.parse(blocks(3059, 0x7fc0, 0), 0)).toMatchObject({ ok: true, value: { activePowerW: null, problems: [] } })
    // 0x7f800000 is infinity, 0x4e6e6b28 is 1e9 kW.
    for (const high of [0x7f80, 0x4e6e])
      expect(schneiderPm5xxx.parse(blocks(3059, high, 0), 0)).toMatchObject({
        ok: true,
        value: { activePowerW: null, problems: [{ field: 'active_power_w' }] },
      })
    expect(schneiderPm5xxx.parse({}, 0)).toMatchObject({ ok: false, failure: { kind: 'unexpected-reply' } })
    expect(schneiderPm5xxx.parse({ 'FC3 3047 x16': serve(3047, 16) }, 0)).toMatchObject({
      ok: true,
      value: { activePowerW: 3_000_000, frequencyHz: null },
    })
  })

  const cases: readonly (readonly [string, (ask: Ask, socket: net.Socket) => void, string, RegExp])[] = [
    ['never answers', () => {}, 'timeout', /no complete answer within 0\.4 s/],
    [
      'drips',
      (ask, socket) => void setInterval(() => socket.destroyed || socket.write(modbusAnswer(ask, []).subarray(0, 1)), 100).unref(),
      'timeout',
      /within 0\.4 s|not Modbus/,
    ],
    ['closes', (_, socket) => socket.end(), 'unexpected-reply', /closed in the middle/],
    ['resets', (_, socket) => socket.resetAndDestroy(), 'unreachable', /reset/],
    [
      'answers another request',
      (ask, socket) => socket.write(modbusAnswer({ ...ask, transaction: ask.transaction + 1 }, [3, 32, ...new Array<number>(32).fill(0)])),
      'unexpected-reply',
      /another request/,
    ],
    [
      'is another unit',
      (ask, socket) => socket.write(modbusAnswer({ ...ask, unitId: 9 }, [3, 32, ...new Array<number>(32).fill(0)])),
      'unexpected-reply',
      /unit 9 answered/,
    ],
    [
      'refuses the registers',
      (ask, socket) => socket.write(modbusAnswer(ask, [0x83, 2])),
      'unexpected-reply',
      /do not exist \(Modbus exception 2\)/,
    ],
    [
      'sends too few words',
      (ask, socket) => socket.write(modbusAnswer(ask, [3, 4, 0, 0, 0, 0])),
      'unexpected-reply',
      /does not hold the 16 registers/,
    ],
    [
      'sends too much',
      (ask, socket) => socket.write(Buffer.concat([modbusAnswer(ask, [3, 32, ...new Array<number>(32).fill(0)]), Buffer.alloc(400)])),
      'unexpected-reply',
      /more came/,
    ],
    [
      'claims a length beyond any frame',
      (_, socket) => socket.write(Buffer.from([0, 1, 0, 0, 0xff, 0xff, 1, 3, 2])),
      'unexpected-reply',
      /not Modbus/,
    ],
    ['speaks HTTP', (_, socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'unexpected-reply', /not Modbus/],
  ]
  test.each(cases)('a meter that %s costs its own deadline and is named for it', async (_, behave, kind, says) => {
    const fake = await modbusMeter((ask, socket) => behave(ask, socket))
    const started = performance.now()
    const result = await read(fake, { deadlineMs: 400 })
    expect(performance.now() - started).toBeLessThan(1_000)
    expect(result).toMatchObject({ ok: false, failure: { kind } })
    if (!result.ok) {
      expect(result.failure.message).toMatch(says)
      expect(result.failure.message).toContain(`127.0.0.1:${fake.port}`)
    }
  })

  test('a type that cannot be read is refused without a connection', async () => {
    const fake = await modbusMeter(() => {})
    expect(await read(fake, { type: 'abacus' })).toMatchObject({ ok: false, failure: { kind: 'not-supported' } })
  })
})

const capture = new URL('../../../../shared/captures/powermeter-schneider-pm5340-1.json', import.meta.url)
describe.skipIf(!existsSync(capture))('the recorded PM5340', () => {
  test('reads as its capture expects', () => {
    const { responses, expected } = z
      .object({ responses: z.record(z.string(), z.unknown()), expected: z.record(z.string(), z.number()) })
      .parse(JSON.parse(readFileSync(capture, 'utf8')))
    expect(schneiderPm5xxx.parse(responses, 0)).toMatchObject({
      ok: true,
      value: {
        activePowerW: expected.active_power_total_w,
        voltageLlV: expected.voltage_ll_avg_v,
        frequencyHz: expected.frequency_hz,
        currentA: expected.current_avg_a,
        problems: [],
      },
    })
  })
})
