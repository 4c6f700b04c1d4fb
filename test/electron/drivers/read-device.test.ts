/** Drivers against devices on loopback: what they ask, how often, and what they make of it. */
import type * as net from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { readDevice } from '#electron/drivers/read-device.ts'
import { deviceEgress } from '#electron/net/egress.ts'
import { cgminerDevice, listen, type Playback } from '../../fakes/device.ts'
import { digestWeb } from '../../fakes/digest-web.ts'
import { recording } from '../../fakes/recording.ts'

const egress = deviceEgress({ allows: () => true, allowLoopback: true })
const NOW = Date.UTC(2026, 10, 22, 12)
const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})
const later = <T extends { close: () => void }>(fake: T): T => {
  closing.push(fake.close)
  return fake
}
const device = async (p: Playback) => later(await cgminerDevice(p))
const read = (
  port: number,
  o: { family?: string | null; webPort?: number | null; deadlineMs?: number; login?: { user: string; password: string } } = {},
) =>
  readDevice({
    address: { host: '127.0.0.1', apiPort: port, webPort: o.webPort ?? null },
    family: o.family === undefined ? null : o.family,
    egress,
    deadlineMs: o.deadlineMs ?? 3_000,
    now: () => NOW,
    ...(o.login ? { credentials: o.login } : {}),
  })

const antminerHashing = recording('antminer/stock-2022/hashing.json').responses
const antminerSleeping = recording('antminer/stock-2022/sleeping.json').responses
const antminerHot = recording('antminer/stock-2022/overheated.json').responses
const whatsminerHashing = recording('whatsminer/btminer-2.0/hashing.json').responses
const whatsminerSleeping = recording('whatsminer/btminer-2.0/sleeping.json').responses
const avalonHashing = recording('avalon/a12/hashing-text.json').responses
const avalonSleeping = recording('avalon/a12/sleeping-text.json').responses
const web = async (pages: Readonly<Record<string, unknown>>, o: { user?: string; password?: string; qop?: boolean; realm?: string } = {}) =>
  later(
    await digestWeb({
      realm: o.realm ?? 'antMiner Configuration',
      user: o.user ?? 'root',
      password: o.password ?? 'root',
      pages: Object.fromEntries(Object.entries(pages).flatMap(([key, page]) => (key.startsWith('GET ') ? [[key.slice(4), page]] : []))),
      ...(o.qop === undefined ? {} : { qop: o.qop }),
    }),
  )

describe('Antminer', () => {
  test('a hashing machine of known family is asked twice and no more', async () => {
    const fake = await device({ answers: antminerHashing })
    const page = await web(antminerSleeping)
    const result = await read(fake.port, { family: 'antminer', webPort: page.port })
    expect(fake.requests).toEqual(['stats', 'pools'])
    expect(page.requests).toEqual([])
    expect(result).toMatchObject({
      ok: true,
      value: {
        family: 'antminer',
        model: 'Antminer S19j Pro',
        state: 'hashing',
        isMining: true,
        hashrateThs: 104.10025,
        hashrateAvgThs: 103.8005,
        expectedHashrateThs: 104,
        wattageW: null,
        wattageSource: null,
        boardCount: 3,
        boardChips: [126, 126, 126],
        fansRpm: [5880, 5940, 6000, 6060],
        uptimeS: 86400,
        poolCount: 2,
        hasErrors: false,
        problems: [],
        observedAtMs: NOW,
      },
    })
    if (result.ok) expect(result.value.pools.map((p) => p.alive)).toEqual([true, false])
  })

  test('an unknown machine is identified by one question more', async () => {
    const fake = await device({ answers: antminerHashing })
    expect(await read(fake.port)).toMatchObject({ ok: true, value: { family: 'antminer', apiVersion: '3.1' } })
    expect(fake.requests).toEqual(['version', 'stats', 'pools'])
  })

  test('asleep and overheated look alike on the API; the work mode on the web page tells them apart', async () => {
    for (const [answers, state] of [
      [antminerSleeping, 'sleeping'],
      [antminerHot, 'overheated'],
    ] as const) {
      const fake = await device({ answers })
      const page = await web(answers)
      expect(await read(fake.port, { family: 'antminer', webPort: page.port })).toMatchObject({
        ok: true,
        value: { state, isMining: false, hashrateThs: 0, protocol: 'cgminer+antminer-web' },
      })
      expect(page.requests).toEqual([
        { path: '/cgi-bin/get_miner_conf.cgi', authorized: false },
        { path: '/cgi-bin/get_miner_conf.cgi', authorized: true },
      ])
    }
  })

  test('a web interface with another password than the factory’s leaves the state open, and the reading stands', async () => {
    const fake = await device({ answers: antminerSleeping })
    const page = await web(antminerSleeping, { password: 'secret' })
    expect(await read(fake.port, { family: 'antminer', webPort: page.port })).toMatchObject({
      ok: true,
      value: { state: 'off', hashrateThs: 0 },
    })
    // Once without, once with the login: a refused login is not tried again.
    expect(page.requests).toHaveLength(2)
    const known = await read(fake.port, { family: 'antminer', webPort: page.port, login: { user: 'root', password: 'secret' } })
    expect(known).toMatchObject({ ok: true, value: { state: 'sleeping' } })
  })

  test('a machine whose API is closed is recognised by its realm and read from its pages', async () => {
    const responses = recording('antminer/stock-2022/web-sleeping.json').responses
    const closed = await listen(() => {})
    closed.close()
    for (const qop of [true, false]) {
      const page = await web(responses, { qop })
      expect(await read(closed.port, { webPort: page.port })).toMatchObject({
        ok: true,
        value: {
          family: 'antminer',
          protocol: 'antminer-web',
          model: 'Antminer S21',
          state: 'sleeping',
          hashrateThs: 0,
          mac: '02:5A:10:20:30:40',
          serial: 'TESTSN000001',
          poolCount: 1,
        },
      })
    }
  })

  test('another realm is not an Antminer', async () => {
    const closed = await listen(() => {})
    closed.close()
    const page = await web({}, { realm: 'router' })
    expect(await read(closed.port, { webPort: page.port })).toMatchObject({
      ok: false,
      failure: { kind: 'unreachable', message: expect.stringContaining('connection refused') },
    })
  })
})

describe('Whatsminer', () => {
  const joined = (responses: Readonly<Record<string, unknown>>) => ({
    ...responses,
    'summary+edevs+pools+devdetails': {
      summary: [responses.summary],
      edevs: [responses.edevs],
      pools: [responses.pools],
      devdetails: [responses.devdetails],
      id: 1,
    },
  })
  const expected = {
    family: 'whatsminer',
    model: 'M50S_VH50',
    firmwareVersion: '20230714.15.Rel',
    apiVersion: '2.0.5',
    mac: '02:5A:10:20:30:41',
    state: 'hashing',
    hashrateThs: 112.2,
    hashrateAvgThs: 111.5,
    expectedHashrateThs: 114,
    wattageW: 3310,
    wattageSource: 'reported',
    powerLimitW: 3600,
    envTempC: 27.5,
    boardTempsC: [71.5, 72.5, 73.5],
    chipTempsC: [86, 87, 88],
    fansRpm: [5400, 5460],
    fanCount: 2,
    boardCount: 3,
    errors: [{ code: '540', message: 'Whatsminer error code 540' }],
    hasErrors: true,
  }

  test('firmware that joins commands answers four questions at once', async () => {
    const fake = await device({ answers: joined(whatsminerHashing) })
    expect(await read(fake.port, { family: 'whatsminer' })).toMatchObject({ ok: true, value: expected })
    expect(fake.requests).toEqual(['summary+edevs+pools+devdetails', 'get_version', 'get_miner_info', 'get_error_code'])
  })

  test('firmware that does not is asked one by one, with the same result', async () => {
    const fake = await device({ answers: whatsminerHashing })
    expect(await read(fake.port, { family: 'whatsminer' })).toMatchObject({ ok: true, value: expected })
  })

  test('switched off, only its status answers: asleep, and 0 TH/s is known', async () => {
    const fake = await device({ answers: whatsminerSleeping })
    expect(await read(fake.port, { family: 'whatsminer' })).toMatchObject({
      ok: true,
      value: { state: 'sleeping', isMining: false, hashrateThs: 0, hashrateAvgThs: null, wattageW: null, fanCount: 0 },
    })
  })

  test('is recognised by its drivers where version says nothing', async () => {
    const fake = await device({ answers: whatsminerHashing })
    expect(await read(fake.port)).toMatchObject({ ok: true, value: { family: 'whatsminer' } })
    expect(fake.requests.slice(0, 3)).toEqual(['version', 'version', 'devdetails'])
  })
})

describe('Avalon', () => {
  test('in text form, three questions', async () => {
    const fake = await device({ answers: avalonHashing, mode: 'text' })
    expect(await read(fake.port, { family: 'avalon' })).toMatchObject({
      ok: true,
      value: {
        family: 'avalon',
        model: 'AvalonMiner 1246-90',
        firmwareVersion: '22072802_4ec6bb0_211fc46',
        mac: '025a10203042',
        serial: '02010000abcd1234',
        state: 'hashing',
        hashrateThs: 89.5001,
        hashrateAvgThs: 88,
        expectedHashrateThs: 90.1,
        wattageW: 3215,
        wattageSource: 'reported',
        envTempC: 29,
        boardChips: [120, 120, 120],
        fansRpm: [5300, 5310, 5320, 5330],
        fansPct: [70],
        uptimeS: 7201,
        poolCount: 1,
      },
    })
    expect(fake.requests).toEqual(['version', 'estats', 'pools'])
  })

  test('asleep for hours its average is not taken for a rate, nor its target for a power', async () => {
    const fake = await device({ answers: avalonSleeping, mode: 'text' })
    expect(await read(fake.port, { family: 'avalon' })).toMatchObject({
      ok: true,
      value: { state: 'sleeping', isMining: false, hashrateThs: 0, hashrateAvgThs: 61, wattageW: 0, powerTargetW: 3200 },
    })
  })

  test('an unknown device that knows the text form only is found by it', async () => {
    const fake = await device({ answers: avalonHashing, mode: 'text' })
    expect(await read(fake.port)).toMatchObject({ ok: true, value: { family: 'avalon' } })
  })
})

describe('any other cgminer', () => {
  test('is read as far as cgminer goes, under the family unknown', async () => {
    const head = (code: number, msg: string) => [{ STATUS: 'S', When: 1, Code: code, Msg: msg, Description: 'sgminer 5.0' }]
    const fake = await device({
      answers: {
        version: { STATUS: head(22, 'versions'), VERSION: [{ SGMiner: '5.0', API: '3.6' }] },
        summary: { STATUS: head(11, 'Summary'), SUMMARY: [{ Elapsed: 60, 'MHS av': 4_000_000, 'MHS 5s': '4100000.5' }] },
      },
    })
    expect(await read(fake.port)).toMatchObject({
      ok: true,
      value: { family: 'unknown', state: 'hashing', hashrateThs: 4.1000005, hashrateAvgThs: 4, wattageW: null },
    })
  })

  test('a family that cannot be read is refused before anything is asked', async () => {
    const fake = await device({ answers: antminerHashing })
    expect(await read(fake.port, { family: 'futurebit' })).toMatchObject({
      ok: false,
      failure: { kind: 'not-supported', message: expect.stringContaining('futurebit') },
    })
    expect(fake.requests).toEqual([])
  })
})

describe('however an answer ends, it is taken at once', () => {
  test.each(['nul', 'nul-held', 'newline', 'bare', 'held'] as const)('%s', async (ending) => {
    const fake = await device({ answers: antminerHashing, ending })
    const started = performance.now()
    expect(await read(fake.port, { family: 'antminer' })).toMatchObject({ ok: true, value: { hashrateThs: 104.10025 } })
    expect(performance.now() - started).toBeLessThan(1_500)
  })
})

describe('a hostile or broken device costs its own deadline and is named for what it did', () => {
  const on = (answer: (socket: net.Socket, request: string) => void) => async () =>
    later(await listen((socket) => socket.once('data', (chunk: Buffer) => answer(socket, chunk.toString('latin1')))))
  const says = (text: string) => on((socket) => socket.end(text))
  const repeat = (socket: net.Socket, text: string) => {
    const more = () => {
      while (!socket.destroyed && socket.write(text));
    }
    socket.on('drain', more)
    more()
  }
  const nasty = JSON.stringify({ STATUS: [{ STATUS: 'S', Code: 70 }], STATS: [] })

  const cases: readonly (readonly [string, () => Promise<{ port: number; open: () => number }>, string, RegExp])[] = [
    ['never answers', on(() => {}), 'timeout', /no answer within 0\.6 s/],
    [
      'sends one byte at a time',
      on((socket) => {
        const drip = setInterval(() => socket.write('{'), 15)
        socket.on('close', () => clearInterval(drip))
      }),
      'timeout',
      /no complete answer within 0\.6 s/,
    ],
    ['sends without end', on((socket) => repeat(socket, 'x'.repeat(65_536))), 'too-large', /larger than 1 MiB/],
    ['sends white space without end', on((socket) => repeat(socket, ' '.repeat(65_536))), 'too-large', /larger than 1 MiB/],
    ['resets', on((socket) => socket.resetAndDestroy()), 'unreachable', /reset the connection/],
    ['closes without a word', says(''), 'unexpected-reply', /closed without an answer/],
    ['sends garbage', says('\u0001\u0002\u0003 ~~~~'), 'unexpected-reply', /cannot be read/],
    ['sends a web page', says('<!DOCTYPE html><title>502</title>'), 'unexpected-reply', /web page/],
    ['breaks off in mid answer', says('{"STATUS":[{"STATUS":"S","Code":70,"Msg":"CGM'), 'unexpected-reply', /not complete JSON/],
    ['nests 200,000 levels', says(`{"STATUS":${'['.repeat(200_000)}${']'.repeat(200_000)}}`), 'unexpected-reply', /nested more than 32/],
    [
      'answers another command',
      says('{"STATUS":[{"STATUS":"S","Code":7,"Msg":"3 Pool(s)"}],"POOLS":[]}'),
      'unexpected-reply',
      /another command/,
    ],
    ['answers twice', says(`${nasty}${nasty}`), 'unexpected-reply', /not complete JSON/],
    [
      'refuses',
      says('{"STATUS":[{"STATUS":"E","Code":45,"Msg":"Access denied to \'stats\' command"}]}\0'),
      'unexpected-reply',
      /Access denied/,
    ],
    ['sends invalid UTF-8 alone', on((socket) => socket.end(Buffer.from([0xff, 0xfe, 0xc3, 0x28]))), 'unexpected-reply', /cannot be read/],
    [
      'sends keys of the prototype',
      says('{"__proto__":{"STATUS":[{"STATUS":"S"}],"STATS":[{"GHS 5s":1}]},"constructor":1}\0'),
      'unexpected-reply',
      /no status/,
    ],
    ['has lost its miner process', says('Socket connect failed: Connection refused\n'), 'unreachable', /miner process does not run/],
    ['answers well and says nothing', says(`${nasty}\0`), 'unexpected-reply', /.*/],
  ]

  test.each(cases)('%s', async (name, start, kind, says) => {
    const fake = await start()
    const started = performance.now()
    const result = await read(fake.port, { family: 'antminer', deadlineMs: 600 })
    expect(performance.now() - started).toBeLessThan(1_200)
    if (name === 'answers well and says nothing') {
      // An empty STATS is what a sleeping machine sends, too: it is a reading in which everything is unknown.
      return expect(result).toMatchObject({ ok: true, value: { state: 'unknown', isMining: null, hashrateThs: null, wattageW: null } })
    }
    expect(result).toMatchObject({ ok: false, failure: { kind } })
    if (!result.ok) {
      expect(result.failure.message).toMatch(says)
      expect(result.failure.message).toContain(`127.0.0.1:${fake.port}`)
    }
    await new Promise((done) => setTimeout(done, 30))
    expect(fake.open()).toBe(0)
  })

  test('each of them also fails where its family has to be found first, within the same deadline', async () => {
    await Promise.all(
      cases.slice(0, 15).map(async ([, start]) => {
        const fake = await start()
        const started = performance.now()
        const result = await read(fake.port, { deadlineMs: 600 })
        expect(result.ok).toBe(false)
        if (!result.ok) expect(result.failure.message).toContain(`127.0.0.1:${fake.port}`)
        expect(performance.now() - started).toBeLessThan(2_000)
      }),
    )
  })

  test('prototype keys change nothing of ours', () => {
    expect(Object.getPrototypeOf({})).toBe(Object.prototype)
    expect(Reflect.get({}, 'STATS')).toBeUndefined()
  })

  test('requests to one device never overlap', async () => {
    let under = 0
    let most = 0
    const fake = later(
      await listen((socket) => {
        socket.once('data', (chunk: Buffer) => {
          under += 1
          most = Math.max(most, under)
          const asked: unknown = JSON.parse(chunk.toString())
          const command = typeof asked === 'object' && asked !== null ? String(Reflect.get(asked, 'command')) : ''
          setTimeout(() => {
            under -= 1
            socket.end(`${JSON.stringify(antminerHashing[command])}\0`)
          }, 20)
        })
      }),
    )
    expect((await read(fake.port)).ok).toBe(true)
    expect(most).toBe(1)
  })
})
