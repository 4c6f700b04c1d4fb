/** Firmwares of others on Antminers, ePIC's and Auradine's machines: found, asked and read on loopback. */
import { afterEach, describe, expect, test } from 'vitest'
import { makeLink } from '#electron/drivers/link.ts'
import { readDevice } from '#electron/drivers/read-device.ts'
import { driverFor } from '#electron/drivers/registry.ts'
import { deviceEgress } from '#electron/net/egress.ts'
import { cgminerDevice, listen, type Playback } from '../../fakes/device.ts'
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
const device = async (answers: Responses, o: Omit<Playback, 'answers'> = {}) => later(await cgminerDevice({ answers, ...o }))
/** Pages of a recording on one port, keyed by path: port 80's have none in their key. */
const pagesOf = (responses: Responses, port = ''): Responses =>
  Object.fromEntries(
    Object.entries(responses).flatMap(([key, page]) => (key.startsWith(`GET ${port}/`) ? [[key.slice(`GET ${port}`.length), page]] : [])),
  )
const closedPort = async () => {
  const closed = await listen(() => {})
  closed.close()
  return closed.port
}
const read = (
  apiPort: number,
  o: { family?: string; webPort?: number; further?: Record<number, number>; login?: { user: string; password: string } } = {},
) =>
  readDevice({
    address: { host: '127.0.0.1', apiPort, webPort: o.webPort ?? null, ...(o.further ? { furtherPorts: o.further } : {}) },
    family: o.family ?? null,
    egress,
    deadlineMs: 4_000,
    now: () => NOW,
    ...(o.login ? { credentials: o.login } : {}),
  })
const parse = (family: string, responses: Responses) => driverFor(family)?.parse(responses, NOW)

describe('LuxOS', () => {
  const hashing = {
    family: 'luxos',
    model: 'Antminer S19k Pro',
    firmwareVersion: '2025.1.2.3',
    mac: '02:5a:10:20:40:01',
    state: 'hashing',
    hashrateThs: 88.0005,
    hashrateAvgThs: 87.00025,
    expectedHashrateThs: 90,
    wattageW: 2011,
    wattageSource: 'reported',
    powerTargetW: 2050,
    boardTempsC: [51, 52, 53],
    boardChips: [77, 77, 77],
    fansRpm: [3010, 3020, 3030, 3040],
    poolCount: 2,
    hasErrors: false,
  }
  test('is found by its version and asked once where it joins commands', async () => {
    const responses = said('luxos/2025/hashing.json')
    const names = ['summary', 'stats', 'pools', 'config', 'power', 'profiles', 'events']
    const fake = await device({ ...responses, [names.join('+')]: { ...Object.fromEntries(names.map((n) => [n, [responses[n]]])), id: 1 } })
    expect(await read(fake.port)).toMatchObject({ ok: true, value: { ...hashing, apiVersion: '3.7' } })
    expect(fake.requests).toEqual(['version', names.join('+')])
  })
  test('a part that a version leaves out of the joined answer is asked for alone', async () => {
    const { events, ...responses } = said('luxos/2025/hashing.json')
    const names = ['summary', 'stats', 'pools', 'config', 'power', 'profiles']
    const joined = [...names, 'events'].join('+')
    const fake = await device({ events, [joined]: { ...Object.fromEntries(names.map((n) => [n, [responses[n]]])), id: 1 } })
    expect(await read(fake.port, { family: 'luxos' })).toMatchObject({ ok: true, value: hashing })
    expect(fake.requests).toEqual([joined, 'events'])
  })
  test('one that joins nothing is asked one by one, with the same result', async () => {
    const fake = await device(said('luxos/2025/hashing.json'))
    expect(await read(fake.port, { family: 'luxos' })).toMatchObject({ ok: true, value: hashing })
  })
  test('curtailed it sleeps: its average is no rate, and watts without a power supply are an estimate', () => {
    expect(parse('luxos', said('luxos/2025/sleeping.json'))).toMatchObject({
      ok: true,
      value: {
        state: 'sleeping',
        isMining: false,
        hashrateThs: 0,
        hashrateAvgThs: 87.00025,
        wattageW: 40,
        wattageSource: 'estimated_by_firmware',
      },
    })
  })
})

describe('Braiins OS', () => {
  const graphql = said('braiins/25.01/graphql.json')
  const answer = graphql['graphql reading']
  const unknownField = { errors: [{ message: 'Unknown field "macAddress" on type "BosQuery".' }], data: null }
  const expected = {
    family: 'braiins',
    protocol: 'braiins-graphql',
    model: 'Antminer S19 XP',
    firmwareVersion: '2025-01-01-0-00000000-25.01-plus',
    mac: '02:5a:10:20:40:02',
    hostname: 'braiins-a1',
    state: 'hashing',
    hashrateThs: 118.500006,
    hashrateAvgThs: 115,
    expectedHashrateThs: 120,
    wattageW: 2600,
    wattageSource: 'estimated_by_firmware',
    powerTargetW: 2700,
    boardTempsC: [56, 57, 58],
    chipTempsC: [71.5, 72.5, 73.5],
    boardChips: [110, 110, 110],
    uptimeS: 86400,
    hasErrors: true,
    errors: [{ code: null, message: 'Fan 3 is slow' }],
  }
  test('with GraphQL one query reads the machine', async () => {
    const api = await device(graphql)
    const web = later(await webDevice({ pages: {}, posts: { '/graphql': () => ({ answer }) } }))
    expect(await read(api.port, { webPort: web.port })).toMatchObject({ ok: true, value: { ...expected, apiVersion: '3.7' } })
    expect(api.requests).toEqual(['version'])
    expect(web.requests).toEqual(['POST /graphql'])
    expect(web.posted.join()).not.toMatch(/mutation/i)
  })
  test('a version that does not know a field is asked for the oldest ones', async () => {
    const web = later(
      await webDevice({ pages: {}, posts: { '/graphql': (body) => ({ answer: body.includes('macAddress') ? unknownField : answer }) } }),
    )
    expect(await read(await closedPort(), { family: 'braiins', webPort: web.port })).toMatchObject({
      ok: true,
      value: { hashrateThs: 118.500006 },
    })
    expect(web.requests).toEqual(['POST /graphql', 'POST /graphql'])
  })
  test('from 25.07 it is read over REST with a token, which stands in no recording', async () => {
    const pages = pagesOf(said('braiins/25.09/hashing.json'))
    const login = (body: string) =>
      body.includes('"password":"root"') ? { answer: { token: 'Zm9yIHRlc3Rz' } } : { status: 401, answer: {} }
    const web = later(
      await webDevice({ pages, wants: { header: 'authorization', value: 'Zm9yIHRlc3Rz' }, posts: { '/api/v1/auth/login': login } }),
    )
    const address = { host: '127.0.0.1', apiPort: await closedPort(), webPort: web.port }
    const link = makeLink({ address, egress, deadlineMs: 4_000, now: () => NOW })
    const result = await driverFor('braiins')?.read(link)
    expect(result).toMatchObject({
      ok: true,
      value: {
        protocol: 'braiins-rest',
        model: 'Antminer S19 XP',
        serial: 'BOSTEST000001',
        state: 'hashing',
        hashrateThs: 118.0005,
        hashrateAvgThs: 117.00025,
        expectedHashrateThs: 141,
        wattageSource: 'estimated_by_firmware',
        // What was set; dynamic scaling holds it at 2,400 W for now.
        powerTargetW: 2700,
        fansPct: [60, 60, 60, 60],
        poolCount: 2,
        hasErrors: null,
      },
    })
    expect(JSON.stringify(link.responses())).not.toContain('Zm9yIHRlc3Rz')
    expect(web.requests).toHaveLength(8)
  })
  test('paused it sleeps, whatever the last five minutes still show', () => {
    expect(parse('braiins', said('braiins/25.09/paused.json'))).toMatchObject({
      ok: true,
      value: { state: 'sleeping', isMining: false, hashrateThs: 0, hashrateAvgThs: 117.00025, wattageW: 60 },
    })
  })
  test('an old one without either is read over cgminer: two of four fan slots are used, one board is dead', async () => {
    const api = await device(said('braiins/2020/cgminer.json'))
    expect(await read(api.port)).toMatchObject({
      ok: true,
      value: {
        protocol: 'braiins-cgminer',
        hashrateThs: 13.5000005,
        fansRpm: [3000, 3000],
        fanCount: 2,
        boardCount: 3,
        wattageW: 1290,
        powerTargetW: 1300,
        errors: [{ code: null, message: 'board 8: Dead' }],
      },
    })
  })
  test('its start page names it where the API is closed', async () => {
    const web = later(
      await webDevice({
        pages: { '/': '<html><head><title>Braiins OS+</title></head></html>' },
        posts: { '/graphql': () => ({ answer }) },
      }),
    )
    expect(await read(await closedPort(), { webPort: web.port })).toMatchObject({ ok: true, value: expected })
  })
})

describe('VNish', () => {
  test('two pages tell everything, without a login', async () => {
    const web = later(await webDevice({ pages: pagesOf(said('vnish/1.2.6/mining.json')) }))
    expect(await read(await closedPort(), { family: 'vnish', webPort: web.port })).toMatchObject({
      ok: true,
      value: {
        family: 'vnish',
        model: 'Antminer S19',
        firmwareVersion: '1.2.6',
        mac: '02:5a:10:20:40:04',
        state: 'hashing',
        hashrateThs: 93.50025,
        expectedHashrateThs: 110,
        // Not `power_usage`, which says 32.1 and means J/TH.
        wattageW: 3050,
        wattageSource: 'reported',
        boardTempsC: [51, 52, 53],
        chipTempsC: [66, 67, 68],
        fansPct: [55],
        uptimeS: 2 * 86_400 + 3 * 3_600 + 4 * 60,
        hasErrors: false,
      },
    })
    expect(web.requests).toEqual(['GET /api/v1/summary', 'GET /api/v1/info'])
  })
  test('stopped it sleeps; failed it is off, with the code it gives', () => {
    expect(parse('vnish', said('vnish/1.2.6/stopped.json'))).toMatchObject({
      ok: true,
      value: { state: 'sleeping', isMining: false, hashrateThs: 0, hasErrors: false },
    })
    expect(parse('vnish', said('vnish/1.2.6/failure.json'))).toMatchObject({
      ok: true,
      value: { state: 'off', isMining: false, errors: [{ code: '7', message: 'board 2 lost' }] },
    })
  })
  test('a rate beside "stopped" is not believed', () => {
    const responses = said('vnish/1.2.6/mining.json')
    const text = JSON.stringify(responses['GET /api/v1/summary']).replace('"miner_state":"mining"', '"miner_state":"stopped"')
    const result = parse('vnish', { ...responses, 'GET /api/v1/summary': JSON.parse(text) })
    expect(result).toMatchObject({ ok: true, value: { state: 'sleeping', hashrateThs: null } })
    if (result?.ok) expect(result.value.problems.map((p) => p.field)).toContain('hr_realtime')
  })
})

describe('MSKMiner', () => {
  const responses = said('mskminer/2.6/hashing.json')
  test('a sweep asks two questions; who it is, behind its login, only the first contact', async () => {
    const api = await device(responses)
    const web = later(
      await webDevice({
        pages: {},
        posts: {
          '/admin/login': (body) => ({
            status: 302,
            answer: '',
            headers: body === 'username=admin&password=root' ? { 'set-cookie': 'session=abc; Path=/; HttpOnly' } : {},
          }),
          '/api/info_v1': (_, headers) =>
            headers.cookie === 'session=abc' ? { answer: responses['POST /api/info_v1'] } : { status: 401, answer: {} },
        },
      }),
    )
    const expected = { family: 'mskminer', model: 'S19-88', hashrateThs: 99.5005, wattageW: 3003, wattageSource: 'reported', fanCount: 4 }
    expect(await read(api.port, { webPort: web.port })).toMatchObject({ ok: true, value: { ...expected, mac: '02:5a:10:20:40:05' } })
    expect(web.requests).toEqual(['POST /admin/login', 'POST /api/info_v1'])
    expect(await read(api.port, { webPort: web.port, family: 'mskminer' })).toMatchObject({ ok: true, value: { ...expected, mac: null } })
    expect(api.requests).toEqual(['version', 'stats', 'pools', 'stats', 'pools'])
    expect(web.requests).toHaveLength(2)
  })
})

describe('ePIC', () => {
  const mining = said('epic/1.9/mining.json')
  test('is found on the API port, where it serves HTTP, and then asked for one page a sweep', async () => {
    const web = later(await webDevice({ pages: pagesOf(mining, ':4028') }))
    const expected = {
      family: 'epic',
      protocol: 'epic-http',
      state: 'hashing',
      hashrateThs: 138.000003,
      hashrateAvgThs: 120.0000005,
      wattageW: 2950.75,
      wattageSource: 'reported',
      fansRpm: [5000, 5010],
      boardTempsC: [60.5, 61.5, 62.5],
    }
    expect(await read(web.port)).toMatchObject({
      ok: true,
      value: { ...expected, model: 'Antminer S19 XP', mac: '02:5A:10:20:40:06', expectedHashrateThs: 141 },
    })
    expect(web.requests).toEqual(['GET /summary', 'GET /capabilities', 'GET /network'])
    expect(await read(web.port, { family: 'epic' })).toMatchObject({ ok: true, value: { ...expected, expectedHashrateThs: 140 } })
    expect(web.requests).toHaveLength(4)
  })
  test('idling it sleeps: the session’s average is no rate', () => {
    expect(parse('epic', said('epic/1.9/idle.json'))).toMatchObject({
      ok: true,
      value: { state: 'sleeping', isMining: false, hashrateThs: 0, hashrateAvgThs: 120.0000005, wattageW: 55.5, fansRpm: [5000, 0] },
    })
  })
  test('a version whose boards say no rate is read by its average, and says so', () => {
    const text = JSON.stringify(mining['GET :4028/summary']).replace(/"Hashrate":\[[^\]]*\],/g, '')
    expect(parse('epic', { 'GET :4028/summary': JSON.parse(text) })).toMatchObject({
      ok: true,
      value: {
        state: 'hashing',
        hashrateThs: 120.0000005,
        problems: [{ field: 'hashrate_ths', reason: 'only a lifetime average was sent; it stands in' }],
      },
    })
  })
})

describe('Auradine', () => {
  const hashing = said('auradine/2024/hashing.json')
  const rest = async (password: string) =>
    later(
      await webDevice({
        pages: pagesOf(hashing, ':8080'),
        wants: { header: 'Token', value: 'a-token' },
        posts: {
          '/token': (body) =>
            body.includes(`"${password}"`)
              ? { answer: { STATUS: [{ STATUS: 'S' }], Token: [{ Token: 'a-token' }] } }
              : { status: 401, answer: {} },
        },
      }),
    )
  test('rates come over the API, watts over REST on its further port', async () => {
    const api = await device(hashing)
    const web = await rest('admin')
    expect(await read(api.port, { further: { 8080: web.port } })).toMatchObject({
      ok: true,
      value: {
        family: 'auradine',
        protocol: 'cgminer+auradine-web',
        model: 'AT1500',
        mac: '02:5a:10:20:40:07',
        serial: 'AUTEST0001',
        state: 'hashing',
        hashrateThs: 148.0000005,
        expectedHashrateThs: 150,
        wattageW: 3010.25,
        powerTargetW: 3100,
        boardTempsC: [41.5, 42.5, 43.5],
        boardChips: [132, 132, 132],
        fansRpm: [7000, 7010],
      },
    })
    expect(web.requests).toEqual(['POST /token', 'GET /psu', 'GET /mode', 'GET /fan', 'GET /ipreport'])
  })
  test('where its login is another one, the rates still stand and the watts are unknown', async () => {
    const api = await device(hashing)
    const web = await rest('another')
    expect(await read(api.port, { family: 'auradine', further: { 8080: web.port } })).toMatchObject({
      ok: true,
      value: { protocol: 'cgminer', hashrateThs: 148.0000005, wattageW: null, wattageSource: null },
    })
    expect(web.requests).toEqual(['POST /token'])
    expect(
      await read(api.port, { family: 'auradine', further: { 8080: web.port }, login: { user: 'admin', password: 'another' } }),
    ).toMatchObject({
      ok: true,
      value: { wattageW: 3010.25 },
    })
  })
  test('asleep its 61.5 W are a reading, its target and its minute’s rate are not', () => {
    expect(parse('auradine', said('auradine/2024/sleeping.json'))).toMatchObject({
      ok: true,
      value: { state: 'sleeping', hashrateThs: 0, wattageW: 61.5, powerTargetW: 3100 },
    })
  })
})

describe('stock Antminer beside its API', () => {
  test('an S21’s watts are on a port of their own, its MAC on a page asked once', async () => {
    const responses = said('antminer/s21-power-page/hashing.json')
    const api = await device(responses)
    const pages = later(await digestWeb({ realm: 'antMiner Configuration', user: 'root', password: 'root', pages: pagesOf(responses) }))
    const power = later(await webDevice({ pages: pagesOf(responses, ':6060') }))
    const expected = { model: 'Antminer S21', hashrateThs: 199.00025, wattageW: 3512, wattageSource: 'reported' }
    expect(await read(api.port, { webPort: pages.port, further: { 6060: power.port } })).toMatchObject({
      ok: true,
      value: { ...expected, mac: '02:5A:10:20:40:08', serial: 'S21TEST00001' },
    })
    expect(await read(api.port, { family: 'antminer', webPort: pages.port, further: { 6060: power.port } })).toMatchObject({
      ok: true,
      value: { ...expected, mac: null },
    })
    expect(pages.requests).toHaveLength(2)
    expect(power.requests).toEqual(['GET /miner_power', 'GET /miner_power'])
  })
  test('an S9 whose API is closed is read from its one old page, thousands separators and all', async () => {
    const responses = said('antminer/s9-old-page/web.json')
    const pages = later(await digestWeb({ realm: 'antMiner Configuration', user: 'root', password: 'root', pages: pagesOf(responses) }))
    expect(await read(await closedPort(), { webPort: pages.port })).toMatchObject({
      ok: true,
      value: {
        family: 'antminer',
        protocol: 'antminer-web',
        model: 'Antminer S9',
        mac: '02:5A:10:20:40:09',
        state: 'hashing',
        firmwareVersion: 'Fri Nov 17 17:37:49 CST 2017',
        hashrateThs: 13.5005,
        hashrateAvgThs: 13.4001,
        boardTempsC: [66, 67, 68],
        boardChips: [63, 63, 63],
        uptimeS: 12_345,
        pools: [{ url: 'stratum+tcp://pool-one.example:3333', user: 'site.rig1', alive: true, accepted: 2000, rejected: 3 }],
      },
    })
  })
})

describe('nothing that is posted could change a device', () => {
  test.each([
    ['/graphql', { json: { query: 'mutation { bosminer { stop { __typename } } }' } }],
    ['/graphql', { json: { query: 'query { bos { hostname } }' } }],
    ['/graphql', { json: {} }],
    ['/api/v1/mining/stop', { json: {} }],
    ['/mode', { json: { sleep: 'on' } }],
  ])('%s %j is refused before a socket is opened', async (path, body) => {
    const web = later(await webDevice({ pages: {} }))
    const link = makeLink({
      address: { host: '127.0.0.1', apiPort: 1, webPort: web.port },
      egress,
      deadlineMs: 1_000,
      now: () => NOW,
    })
    expect(await link.post(path, body, null)).toMatchObject({ ok: false, failure: { kind: 'refused' } })
    expect(web.requests).toEqual([])
  })
})
