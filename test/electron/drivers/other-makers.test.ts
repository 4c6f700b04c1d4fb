/** Machines of other makers than Bitmain, MicroBT and Canaan, and of other algorithms: found, asked and read on loopback. */
import { afterEach, describe, expect, test } from 'vitest'
import { readDevice } from '#electron/drivers/read-device.ts'
import { driverFor } from '#electron/drivers/registry.ts'
import { deviceEgress } from '#electron/net/egress.ts'
import { cgminerDevice, listen } from '../../fakes/device.ts'
import { digestWeb } from '../../fakes/digest-web.ts'
import { recording } from '../../fakes/recording.ts'
import { webDevice } from '../../fakes/web-device.ts'

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
type Responses = Readonly<Record<string, unknown>>
const said = (path: string): Responses => recording(path).responses
const pagesOf = (responses: Responses): Responses =>
  Object.fromEntries(Object.entries(responses).flatMap(([key, page]) => (key.startsWith('GET /') ? [[key.slice(4), page]] : [])))
const api = async (responses: Responses) => later(await cgminerDevice({ answers: responses }))
const closedPort = async () => {
  const closed = await listen(() => {})
  closed.close()
  return closed.port
}
const digest = async (responses: Responses, realm: string, password = 'root') =>
  later(await digestWeb({ realm, user: 'root', password, pages: pagesOf(responses) }))
const paths = (fake: { requests: readonly { path: string; authorized: boolean }[] }) =>
  fake.requests.filter((r) => r.authorized).map((r) => r.path.replace('/cgi-bin/', ''))
const read = (apiPort: number, o: { family?: string; webPort?: number; login?: { user: string; password: string } } = {}) =>
  readDevice({
    address: { host: '127.0.0.1', apiPort, webPort: o.webPort ?? null },
    family: o.family ?? null,
    egress,
    deadlineMs: 4_000,
    now: () => NOW,
    ...(o.login ? { credentials: o.login } : {}),
  })
const parse = (family: string, responses: Responses) => driverFor(family)?.parse(responses, NOW)

describe('makers that took Bitmain’s miner over', () => {
  test('a Hammer counts MH/s in fields named MHS and is asked twice', async () => {
    const fake = await api(said('hammer/d10/hashing.json'))
    expect(await read(fake.port, { family: 'hammer' })).toMatchObject({
      ok: true,
      value: {
        model: 'Hammer D10',
        algo: 'scrypt',
        state: 'hashing',
        hashrateThs: null,
        hashrateHs: 4_801_250_000,
        boardTempsC: [44, 43, 45],
        fansRpm: [4200, 4100],
        boardChips: [108, 108, 108],
        errors: [{ code: null, message: 'board 2: 1 of 108 chips do not answer' }],
      },
    })
    expect(fake.requests).toEqual(['stats', 'pools'])
  })

  test('a Hammer that was put to sleep keeps its average, and none of it counts', async () => {
    const responses = said('hammer/d10/sleeping.json')
    const fake = await api(responses)
    const web = await digest(responses, 'blackMiner Configuration')
    expect(await read(fake.port, { family: 'hammer', webPort: web.port })).toMatchObject({
      ok: true,
      value: { state: 'sleeping', isMining: false, hashrateHs: 0 },
    })
    expect(paths(web)).toEqual(['get_miner_conf.cgi'])
  })

  test.each([
    ['hammer', 'hammer/d10/hashing.json', 'root'],
    ['volcminer', 'volcminer/d1/hashing.json', 'ltc@dog'],
    ['blackminer', 'blackminer/f2/web.json', 'root'],
  ])('%s is told from the others of its realm by its own page, behind its own factory login', async (family, path, password) => {
    const responses = said(path)
    const web = await digest(responses, 'blackMiner Configuration', password)
    const result = await read(await closedPort(), { webPort: web.port })
    if (family === 'hammer') {
      // Its figures come over the API alone, which is closed here.
      expect(result).toMatchObject({ ok: false, failure: { kind: 'unreachable' } })
      expect(paths(web)[0]).toBe('get_system_info.cgi')
      return
    }
    expect(result).toMatchObject({ ok: true, value: { family, isMining: true } })
    expect(paths(web).slice(0, 2)).toEqual(['get_system_info.cgi', 'get_miner_status.cgi'])
  })

  test('with a login that was entered no other is tried', async () => {
    const web = await digest(said('volcminer/d1/hashing.json'), 'blackMiner Configuration', 'ltc@dog')
    await read(await closedPort(), { webPort: web.port, login: { user: 'root', password: 'mine' } })
    // Once bare for the start page, once per page with the login and its nonce.
    expect(web.requests.every((r) => !r.authorized)).toBe(true)
    expect(web.requests.filter((r) => r.path === '/cgi-bin/get_system_info.cgi').length).toBeLessThanOrEqual(2)
  })

  test('a VolcMiner’s thousands separators are no decimals', () => {
    expect(parse('volcminer', said('volcminer/d1/hashing.json'))).toMatchObject({
      ok: true,
      value: {
        algo: 'scrypt',
        hashrateHs: 15_120_250_000,
        fansRpm: [3120, 3060],
        uptimeS: 7200,
        boardTempsC: [55, 57, 54, 58],
        pools: [{ accepted: 1204, rejected: 3 }],
        problems: [],
      },
    })
    const page = said('volcminer/d1/hashing.json')['GET /cgi-bin/get_miner_status.cgi']
    const decimals = { 'GET /cgi-bin/get_miner_status.cgi': { ...(page as object), summary: { ghs5s: '95,3' } } }
    expect(parse('volcminer', decimals)).toMatchObject({ ok: true, value: { hashrateHs: null, problems: [{ reason: 'not a number' }] } })
  })

  test('a Blackminer lists as many chip temperatures as it has chips; what memory held behind them is not read', () => {
    expect(parse('blackminer', said('blackminer/f2/web.json'))).toMatchObject({
      ok: true,
      value: { hashrateHs: 6_312_500_000, chipTempsC: [70.5, 71.25, 80, 81], boardTempsC: [61, 63], fansRpm: [4500, 4560], problems: [] },
    })
  })

  test('a saved page with its date and address above it is read', () => {
    const page = JSON.stringify(said('blackminer/f2/web.json')['GET /cgi-bin/get_miner_status.cgi'])
    const saved = { 'HTTP /cgi-bin/get_miner_status.cgi': `// 20260101000000\n// http://192.0.2.5/cgi-bin/get_miner_status.cgi\n\n${page}` }
    expect(parse('blackminer', saved)).toMatchObject({ ok: true, value: { hashrateHs: 6_312_500_000 } })
  })

  test('an Elphapex is found by its realm; its self-checks and its work mode are asked for only where it falls short', async () => {
    const web = await digest(said('elphapex/dg1/hashing.json'), 'Daoge Miner')
    expect(await read(await closedPort(), { webPort: web.port })).toMatchObject({
      ok: true,
      value: {
        family: 'elphapex',
        model: 'DG1+',
        firmwareVersion: '1.0.4',
        mac: '02:5A:10:20:40:04',
        serial: 'TESTDG1000001',
        algo: 'scrypt',
        state: 'hashing',
        hashrateHs: 14_210_500_000,
        expectedHashrateHs: 14_229_000_000,
        wattageW: 3410,
        chipTempsC: [47.125, 50.5, 47.125, 50.5, 47.125, 50.5, 47.125, 50.5],
        fansRpm: [5340, 5400, 5400, 5400],
        pools: [{ alive: true }, { alive: false }],
      },
    })
    const again = await digest(said('elphapex/dg1/hashing.json'), 'Daoge Miner')
    await read(await closedPort(), { family: 'elphapex', webPort: again.port })
    expect(paths(again)).toEqual(['stats.cgi', 'pools.cgi', 'get_power.cgi'])

    const short = await digest(said('elphapex/dg1/short.json'), 'Daoge Miner')
    expect(await read(await closedPort(), { family: 'elphapex', webPort: short.port })).toMatchObject({
      ok: true,
      value: { state: 'degraded', errors: [{ code: 'R:1', message: 'rate too low' }, {}, {}, {}, {}] },
    })
    const asleep = await digest(said('elphapex/dg1/sleeping.json'), 'Daoge Miner')
    expect(await read(await closedPort(), { family: 'elphapex', webPort: asleep.port })).toMatchObject({
      ok: true,
      value: { state: 'sleeping', hashrateHs: 0 },
    })
  })
})

describe('Goldshell', () => {
  test('is found by its status page and read without a login', async () => {
    const responses = said('goldshell/ck5/hashing.json')
    const web = later(await webDevice({ pages: { ...pagesOf(responses), '/': '<html><title>cloud-box</title></html>' } }))
    expect(await read(await closedPort(), { webPort: web.port })).toMatchObject({
      ok: true,
      value: {
        family: 'goldshell',
        model: 'Goldshell CK5',
        firmwareVersion: '2.1.3',
        mac: '02:5A:10:20:40:05',
        algo: 'eaglesong',
        hashrateHs: 6_100_000_750_000,
        allTempsC: [83, 73.8, 83, 73.8],
        fansRpm: [2940, 2910],
        boardCount: 2,
        pools: [
          { alive: true, accepted: 201, rejected: 2 },
          { alive: false, accepted: 0 },
        ],
      },
    })
  })

  test('a start page that names nobody does not hide it', async () => {
    const web = later(await webDevice({ pages: { ...pagesOf(said('goldshell/ck5/hashing.json')), '/': '<html></html>' } }))
    expect(await read(await closedPort(), { webPort: web.port })).toMatchObject({ ok: true, value: { family: 'goldshell' } })
  })

  test('where only its bfgminer answers, that is read; what it hashes stays unknown', async () => {
    const fake = await api(said('goldshell/kd5/api.json'))
    expect(await read(fake.port)).toMatchObject({
      ok: true,
      value: {
        family: 'goldshell',
        algo: 'unknown',
        hashrateHs: 18_000_001_000_000,
        fansRpm: [2500, 2520],
        allTempsC: [71, 72, 60.5, 71, 72, 60.5],
      },
    })
  })
})

describe('machines that speak cgminer in words of their own', () => {
  test('Innosilicon A9: boards and pools in numbered sections, solutions a second in a field named MHS', async () => {
    const fake = await api(said('innosilicon/a9/hashing.json'))
    expect(await read(fake.port)).toMatchObject({
      ok: true,
      value: {
        family: 'innosilicon',
        model: 'Innosilicon A9',
        firmwareVersion: '1.2.0',
        algo: 'equihash',
        hashrateHs: 50_450.5,
        fansPct: [80, 80, 80],
        boardChips: [12, 10, 12],
        errors: [{ code: null, message: 'board 2: 2 of 12 chips do not answer' }],
        pools: [{ alive: true, accepted: 21 }, { alive: false }],
      },
    })
    expect(fake.requests).toEqual(['version', 'summary', 'stats', 'pools'])
  })

  test('an Innosilicon T3 is a bitcoin machine', () => {
    const result = parse('innosilicon', said('innosilicon/t3/hashing.json'))
    expect(result).toMatchObject({ ok: true, value: { algo: null, hashrateThs: 52.1000005, hashrateAvgThs: 51.8, hashrateHs: null } })
  })

  test('StrongU: found by its drivers’ name, its kind of coin by the summary', async () => {
    const fake = await api(said('strongu/u2/hashing.json'))
    expect(await read(fake.port)).toMatchObject({
      ok: true,
      value: {
        family: 'strongu',
        model: 'StrongU STU-U2',
        algo: 'blake',
        hashrateHs: 6_400_000_500_000,
        fansRpm: [3300, 3360],
        errors: [{ message: 'board 3 reports Dead' }],
      },
    })
    expect(parse('strongu', said('strongu/u8/hashing.json'))).toMatchObject({
      ok: true,
      value: { model: 'StrongU STU-U8', algo: null, hashrateThs: 46.0000005 },
    })
  })

  test('SealMiner: what its chips found, not what a handful of shares says; its limit is no power', async () => {
    const fake = await api(said('sealminer/a2/hashing.json'))
    expect(await read(fake.port)).toMatchObject({
      ok: true,
      value: {
        family: 'sealminer',
        model: 'SealMiner A2',
        mac: '02:5a:10:20:40:06',
        serial: 'TESTSEAL00001',
        state: 'hashing',
        hashrateThs: 220.3779985,
        expectedHashrateThs: 230.83940728,
        wattageW: 3490,
        wattageSource: 'reported',
        powerTargetW: 3500,
        boardTempsC: [70, 71, 72],
        boardChips: [153, 153, 153],
        fansRpm: [3723, 3723, 3723, 3723],
        hasErrors: false,
      },
    })
    expect(fake.requests).toEqual(['version', 'stats', 'pools'])
    const asleep = parse('sealminer', said('sealminer/a2/suspended.json'))
    expect(asleep).toMatchObject({
      ok: true,
      value: { state: 'sleeping', isMining: false, hashrateThs: 0, wattageW: 35, hasErrors: false },
    })
  })

  test('a SealMiner’s impossible 5 seconds are named', () => {
    expect(parse('sealminer', said('sealminer/a2/hashing.json'))).toMatchObject({
      ok: true,
      value: { hashrateThs: 220.3779985, problems: [{ field: 'MHS 5s', reason: expect.stringContaining('1.5 times') }] },
    })
  })
})

describe('Ebang', () => {
  const responses = said('ebang/ebit/hashing.json')
  const answers = Object.entries(responses).map(([key, page]) => [key.replace('POST ', ''), page] as const)
  const ebit = async (password: string) =>
    later(
      await webDevice({
        pages: {},
        posts: {
          '/user/login': (body) =>
            body.includes(`word=${password}`)
              ? { headers: { 'Set-Cookie': '-http-session-=1::http.session::abc; path=/; httponly' }, answer: '<html>welcome</html>' }
              : { answer: '<html>once more</html>' },
          ...Object.fromEntries(
            answers.map(([path, page]) => [
              path,
              (_: string, headers: { cookie?: string | undefined }) =>
                headers.cookie === '-http-session-=1::http.session::abc' ? { answer: page } : { answer: '<html>login</html>' },
            ]),
          ),
        },
      }),
    )
  const login = { user: 'admin', password: 'secret' }

  test('is asked behind its login with the session’s cookie', async () => {
    const web = await ebit('secret')
    expect(await read(await closedPort(), { family: 'ebang', webPort: web.port, login })).toMatchObject({
      ok: true,
      value: {
        model: 'DWM_BTC1000',
        hashrateThs: 12.526698,
        hashrateAvgThs: 12.28,
        allTempsC: [60, 55, 55, 51, 55, 52, 58, 54, 60],
        fansRpm: [5520, 5640],
        uptimeS: 3723,
        errors: [{ code: '1', message: 'tempAlarm 1' }],
        // The third slot has no worker: it is the factory's.
        pools: [
          { user: 'farm.eb1', alive: true, accepted: 2033 },
          { user: 'farm.eb2', alive: null, accepted: null },
        ],
      },
    })
    expect(web.requests).toEqual([
      'POST /user/login',
      'POST /alarm/GetAlarmLoop',
      'POST /Cgminer/CgminerStatus',
      'POST /Status/getsystemstatus',
      'POST /Cgminer/CgminerGetVal',
    ])
  })

  test('without a login nothing is asked; with a wrong one the login page is no reading', async () => {
    const web = await ebit('secret')
    expect(await read(await closedPort(), { family: 'ebang', webPort: web.port })).toMatchObject({
      ok: false,
      failure: { kind: 'refused' },
    })
    expect(web.requests).toEqual([])
    const wrong = await read(await closedPort(), { family: 'ebang', webPort: web.port, login: { user: 'admin', password: 'no' } })
    expect(wrong).toMatchObject({ ok: false, failure: { kind: 'unexpected-reply' } })
  })
})

describe('Proto', () => {
  const open = async (path: string, token?: string) => {
    const responses = said(path)
    return later(
      await webDevice({
        pages: { ...pagesOf(responses), '/': '<html><title>Proto OS</title></html>' },
        ...(token === undefined
          ? {}
          : {
              wants: { header: 'Authorization', value: `Bearer ${token}` },
              posts: {
                '/api/v1/auth/login': (body: string) =>
                  body.includes('"secret"') ? { answer: { access_token: token } } : { status: 401, answer: { error: 'no' } },
              },
            }),
      }),
    )
  }
  test('is found by its start page; its target is not its power', async () => {
    const web = await open('proto/1.8/mining.json')
    expect(await read(await closedPort(), { webPort: web.port })).toMatchObject({
      ok: true,
      value: {
        family: 'proto',
        model: 'Proto Rig',
        firmwareVersion: '1.8.0',
        mac: '02:5A:10:20:40:07',
        serial: 'TESTPROTO0001',
        state: 'hashing',
        hashrateThs: 141.1475,
        expectedHashrateThs: 145,
        wattageW: 3447.25,
        powerTargetW: 3400,
        boardChips: [120, 120, 120],
        fansRpm: [4300, 4301],
        pools: [{ alive: true }, { alive: false }],
        hasErrors: false,
      },
    })
  })

  test('behind a password it is asked with a token, and is asked no more than five pages a sweep', async () => {
    const web = await open('proto/1.8/mining.json', 'token-1')
    const known = { family: 'proto', webPort: web.port }
    expect(await read(await closedPort(), { ...known, login: { user: 'admin', password: 'secret' } })).toMatchObject({
      ok: true,
      value: { hashrateThs: 141.1475 },
    })
    expect(web.requests.filter((r) => r.startsWith('GET'))).toHaveLength(6)
    expect(web.posted).toEqual(['{"password":"secret"}'])
    expect(await read(await closedPort(), known)).toMatchObject({ ok: false, failure: { kind: 'refused' } })
  })

  test('stopped by somebody it sleeps, whatever its average says', () => {
    expect(parse('proto', said('proto/1.8/stopped.json'))).toMatchObject({
      ok: true,
      value: {
        state: 'sleeping',
        isMining: false,
        hashrateThs: 0,
        hashrateAvgThs: 140.90025,
        errors: [{ code: 'FAN_2', message: 'fan 2 slow' }],
      },
    })
  })
})

describe('BitAxe', () => {
  test('is asked once', async () => {
    const web = later(await webDevice({ pages: pagesOf(said('bitaxe/2.9/hashing.json')) }))
    expect(await read(await closedPort(), { family: 'bitaxe', webPort: web.port })).toMatchObject({
      ok: true,
      value: {
        model: 'Bitaxe Gamma',
        mac: '02:5A:10:20:40:08',
        state: 'hashing',
        hashrateThs: expect.closeTo(1.1884, 9),
        expectedHashrateThs: 1.224,
        wattageW: 17.5,
        // −1 at temp2 is "no sensor".
        chipTempsC: [58.5],
        boardTempsC: [61],
        pools: [
          { url: 'pool0.example:3333', accepted: 12, rejected: 1 },
          { url: 'pool1.example:3334', accepted: null },
        ],
        problems: [],
      },
    })
    expect(web.requests).toEqual(['GET /api/system/info'])
  })

  test('is found where its start page is packed', async () => {
    const web = later(await webDevice({ pages: { ...pagesOf(said('bitaxe/2.9/hashing.json')), '/': '\u001f\u008b\u0008 packed' } }))
    expect(await read(await closedPort(), { webPort: web.port })).toMatchObject({ ok: true, value: { family: 'bitaxe' } })
  })

  test.each([
    ['overheated', 'bitaxe/2.9/overheated.json'],
    // The last minute's average of a paused one is not its rate.
    ['sleeping', 'bitaxe/2.14/paused.json'],
  ])('%s is told from off by what the firmware says', (state, path) => {
    expect(parse('bitaxe', said(path))).toMatchObject({ ok: true, value: { state, isMining: false, hashrateThs: 0 } })
  })
})
