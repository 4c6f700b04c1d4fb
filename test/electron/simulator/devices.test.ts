import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DeviceFamily } from '#electron/simulator/demo-farm.ts'
import { type OpenFarm, openFarm } from '#electron/simulator/farm.ts'
import { machineAt, type SimulatedMachine } from '#electron/simulator/machine-world.ts'
import { noFaults } from '#electron/simulator/parameters.ts'
import { block, command, first, get, getWithDigest, list, say } from './raw-client.ts'

/** Enough machines that, at this frozen moment, each family has one that hashes, one that sleeps and one that is too hot or has lost a board. */
const NOW = Date.UTC(2026, 10, 24, 21, 30)
const SEED = 3
let farm: OpenFarm

beforeAll(async () => {
  const opened = await openFarm({ seed: SEED, machines: 1840, faults: noFaults, now: () => NOW })
  if (!opened.ok) throw new Error(opened.failure.message)
  farm = opened.value
})
afterAll(() => farm.close())

const moment = (m: SimulatedMachine) => machineAt(SEED, m, noFaults, NOW)
const find = (family: DeviceFamily, condition: string, model = ''): SimulatedMachine => {
  const found = farm.machines.find((m) => m.group.family === family && moment(m).condition === condition && m.group.model.includes(model))
  if (!found) throw new Error(`no ${family} ${model} is ${condition} at this moment`)
  return found
}
const api = (m: SimulatedMachine) => farm.places.machines[m.id]?.apiPort ?? 0
const web = (m: SimulatedMachine) => farm.places.machines[m.id]?.webPort ?? 0
const json = (body: Buffer) => block(JSON.parse(body.toString('utf8')))

describe('stock Antminer', () => {
  test('a hashing S19j Pro says about 100 TH/s in GH/s, three boards of 126 chips, and no watts anywhere', async () => {
    const m = find('antminer', 'hashing', 'S19j Pro')
    const answer = await command(api(m), { command: 'stats' })
    const [version, stats] = list(answer.STATS).map(block)
    expect(version?.Type).toBe('Antminer S19j Pro')
    expect(stats?.['GHS 5s']).toBeGreaterThan(90_000)
    expect(stats?.['GHS 5s']).toBeLessThan(110_000)
    expect([stats?.chain_acn1, stats?.chain_acn2, stats?.chain_acn3, stats?.chain_acn4]).toEqual([126, 126, 126, 0])
    // An absent board's rate is "", a present one's is text.
    expect(stats?.chain_rate4).toBe('')
    expect(stats?.chain_rate1).toMatch(/^\d{5}\.\d{2}$/)
    expect(stats?.temp_chip1).toMatch(/^\d+-\d+-\d+-\d+$/)
    expect(JSON.stringify(answer)).not.toMatch(/watt|power/i)
  })

  test('STATUS is a list of one with letter S, and the answer ends with NUL or newline', async () => {
    const m = find('antminer', 'hashing', 'S21')
    const { bytes } = await say(api(m), '{"command":"version"}')
    expect([0, 0x0a]).toContain(bytes.at(-1))
    expect(first(json(bytes.subarray(0, -1)).STATUS).STATUS).toBe('S')
  })

  test('S19 generation knows no joined commands, the S21 does', async () => {
    const old = await command(api(find('antminer', 'hashing', 'S19j Pro')), { command: 'summary+pools' })
    expect(first(old.STATUS).STATUS).toBe('E')
    const recent = await command(api(find('antminer', 'hashing', 'S21')), { command: 'summary+pools' })
    expect(list(first(recent.summary).SUMMARY)).toHaveLength(1)
    expect(list(first(recent.pools).POOLS).length).toBeGreaterThan(0)
  })

  test('a water cooled S21 XP Hyd has no fans; inlet water is the first board sensor, outlet the third', async () => {
    const m = find('antminer', 'hashing', 'S21 XP Hyd')
    const stats = first((await command(api(m), { command: 'stats', new_api: true })).STATS)
    expect(stats.fan).toEqual([])
    const [inlet, , outlet] = list(first(stats.chain).temp_pcb)
    expect(outlet).toBeGreaterThan(Number(inlet))
  })

  test('a page without login answers 401 with a digest challenge for "antMiner Configuration"', async () => {
    const page = await get(`http://127.0.0.1:${web(find('antminer', 'hashing'))}/cgi-bin/get_system_info.cgi`)
    expect(page.status).toBe(401)
    expect(page.headers['www-authenticate']).toMatch(/^Digest realm="antMiner Configuration", nonce="[^"]+", qop="auth"/)
  })

  test('root/root gets in, a wrong password does not', async () => {
    const m = find('antminer', 'hashing', 'S21')
    const page = await getWithDigest(web(m), '/cgi-bin/get_system_info.cgi', 'root', 'root')
    expect(page.status).toBe(200)
    expect(json(page.body)).toMatchObject({ minertype: m.group.wireModel, macaddr: m.mac, serinum: m.serial })
    expect((await getWithDigest(web(m), '/cgi-bin/get_system_info.cgi', 'root', 'admin')).status).toBe(401)
    expect((await getWithDigest(web(m), '/cgi-bin/get_system_info.cgi', 'admin', 'root')).status).toBe(401)
  })

  test('a challenge that this machine never made is refused even with the right password', async () => {
    const m = find('antminer', 'hashing')
    const forged = `Digest username="root", realm="antMiner Configuration", nonce="123xabc", uri="/", response="${'0'.repeat(32)}", qop=auth, nc=00000001, cnonce="x"`
    expect((await get(`http://127.0.0.1:${web(m)}/cgi-bin/stats.cgi`, { Authorization: forged })).status).toBe(401)
  })

  test('asleep: work mode 1, rate 0 on the API, empty lists on the web pages', async () => {
    const m = find('antminer', 'sleeping')
    expect(json((await getWithDigest(web(m), '/cgi-bin/get_miner_conf.cgi', 'root', 'root')).body)['bitmain-work-mode']).toBe('1')
    expect(json((await getWithDigest(web(m), '/cgi-bin/stats.cgi', 'root', 'root')).body).STATS).toEqual([])
    expect(json((await getWithDigest(web(m), '/cgi-bin/summary.cgi', 'root', 'root')).body).SUMMARY).toEqual([])
    expect(block(list((await command(api(m), { command: 'stats' })).STATS)[1])['GHS 5s']).toBe(0)
  })

  test('too hot looks like sleep in the rate, but the work mode is 0, chips are hot and fans at full', async () => {
    const m = find('antminer', 'overheated')
    const stats = block(list((await command(api(m), { command: 'stats' })).STATS)[1])
    expect(stats['GHS 5s']).toBe(0)
    expect(Number(String(stats.temp_chip1).split('-')[0])).toBeGreaterThan(90)
    if (m.group.cooling === 'air') expect(stats.fan1).toBeGreaterThan(5000)
    expect(json((await getWithDigest(web(m), '/cgi-bin/get_miner_conf.cgi', 'root', 'root')).body)['bitmain-work-mode']).toBe('0')
    const summary = first(json((await getWithDigest(web(m), '/cgi-bin/summary.cgi', 'root', 'root')).body).SUMMARY)
    expect(list(summary.status).map(block)).toContainEqual(expect.objectContaining({ type: 'temp', status: 'e', msg: 'P:1' }))
  })

  test('a lost board is absent: fewer chips, two thirds of the rate', async () => {
    const m = find('antminer', 'degraded')
    const stats = block(list((await command(api(m), { command: 'stats' })).STATS)[1])
    expect([stats.chain_acn1, stats.chain_acn2, stats.chain_acn3].filter((n) => n === 0)).toHaveLength(1)
    expect(Number(stats['GHS 5s']) / (m.group.nameplateThs * 1000)).toBeCloseTo(2 / 3, 1)
  })
})

describe('Whatsminer', () => {
  test('rates are MH/s, power is W: an M63S says about 390 TH/s and 7.2 kW', async () => {
    const m = find('whatsminer', 'hashing', 'M63S')
    const summary = first((await command(api(m), { cmd: 'summary' })).SUMMARY)
    expect(summary['HS RT']).toBeGreaterThan(360e6)
    expect(summary['HS RT']).toBeLessThan(420e6)
    expect(summary.Power).toBeGreaterThan(6700)
    expect(summary.Power).toBeLessThan(7800)
    expect(summary['Factory GHS']).toBe(390_000)
  })

  test('"cmd" and "command" are the same word', async () => {
    const m = find('whatsminer', 'hashing')
    expect(await command(api(m), { command: 'devdetails' })).toEqual(await command(api(m), { cmd: 'devdetails' }))
  })

  test('get_* answers have STATUS as a bare letter and their values in Msg', async () => {
    const m = find('whatsminer', 'hashing')
    for (const cmd of ['get_version', 'get_miner_info', 'get_psu', 'get_error_code', 'status'])
      expect(await command(api(m), { cmd })).toMatchObject({ STATUS: 'S', Code: 131, Msg: expect.any(Object) })
    expect(block((await command(api(m), { cmd: 'get_version' })).Msg).fw_ver).toMatch(/^20\d{6}\.\d+\.REL$/)
  })

  test('the four boards of an M63S are all told', async () => {
    const m = find('whatsminer', 'hashing', 'M63S')
    expect(list((await command(api(m), { cmd: 'edevs' })).DEVS)).toHaveLength(4)
    expect(first((await command(api(m), { cmd: 'devdetails' })).DEVDETAILS)).toMatchObject({ Driver: 'bitmicro', Model: 'M63S_VK30' })
  })

  test('some answers carry no NUL and end with the connection, some keep it open after the NUL', async () => {
    const ends = new Set<string>()
    for (const m of farm.machines.filter((x) => x.group.family === 'whatsminer').slice(0, 60)) {
      const { bytes, end } = await say(api(m), '{"cmd":"get_version"}')
      ends.add(`${end}, NUL ${bytes.includes(0)}`)
    }
    expect([...ends]).toEqual(expect.arrayContaining(['closed, NUL false', 'nul, NUL true']))
  })

  test('joined commands work, but not with status', async () => {
    const m = find('whatsminer', 'hashing')
    const joined = await command(api(m), { command: 'summary+pools' })
    expect(list(first(joined.summary).SUMMARY)).toHaveLength(1)
    expect(await command(api(m), { command: 'summary+status' })).toMatchObject({ STATUS: 'E', Code: 14 })
  })

  test('off by command: status says mineroff in text, the average survives, the real-time rate is 0', async () => {
    const m = find('whatsminer', 'sleeping')
    expect(block((await command(api(m), { cmd: 'status' })).Msg).mineroff).toBe('true')
    const summary = first((await command(api(m), { cmd: 'summary' })).SUMMARY)
    expect(summary['HS RT']).toBe(0)
    expect(summary['MHS av']).toBeGreaterThan(0)
    expect(summary.Power).toBeLessThan(0.05 * m.group.nameplateW)
  })

  test('a lost board is error 53n in a list of one-key objects', async () => {
    const m = find('whatsminer', 'degraded')
    const codes = list(block((await command(api(m), { cmd: 'get_error_code' })).Msg).error_code).map((e) => Object.keys(block(e)))
    expect(codes).toEqual([[expect.stringMatching(/^53\d$/)]])
    expect(list((await command(api(m), { cmd: 'edevs' })).DEVS)).toHaveLength(m.group.boards - 1)
  })

  test('a command that changes something is refused', async () => {
    const m = find('whatsminer', 'hashing')
    for (const cmd of ['get_token', 'power_off', 'adjust_power_limit']) expect((await command(api(m), { cmd })).STATUS).toBe('E')
  })
})

describe('Avalon', () => {
  const mmOf = (text: string): Map<string, string> =>
    new Map([...text.matchAll(/(\w+)\[([^\]]*)\]/g)].map(([, key = '', value = '']) => [key, value]))
  const jsonMm = async (m: SimulatedMachine) => mmOf(String(first((await command(api(m), { command: 'estats' })).STATS)['MM ID0']))

  test('an A1246 tells 90 TH/s in GH/s and wall power as the fifth number of PS', async () => {
    const mm = await jsonMm(find('avalon', 'hashing', 'A1246'))
    expect(Number(mm.get('GHSspd'))).toBeGreaterThan(80_000)
    expect(Number(mm.get('GHSspd'))).toBeLessThan(100_000)
    const watts = Number(mm.get('PS')?.split(' ')[4])
    expect(watts).toBeGreaterThan(3100)
    expect(watts).toBeLessThan(3750)
    expect(mm.has('WALLPOWER')).toBe(false)
  })

  test('the newer firmware has WALLPOWER, a reading, and MPO, a target that does not move', async () => {
    const mm = await jsonMm(find('avalon', 'hashing', 'A1466'))
    expect(mm.get('MPO')).toBe('3230')
    expect(Math.abs(Number(mm.get('WALLPOWER')) - 3230)).toBeLessThan(330)
  })

  test('summary counts in MH/s what the string counts in GH/s', async () => {
    const m = find('avalon', 'hashing')
    const summary = first((await command(api(m), { command: 'summary' })).SUMMARY)
    expect(Number(summary['MHS 5s']) / 1000).toBeCloseTo(Number((await jsonMm(m)).get('GHSspd')), 0)
  })

  test('asked by the bare word it answers in text, the same figures as in JSON', async () => {
    const m = find('avalon', 'hashing')
    const text = (await say(api(m), 'estats')).bytes.toString('latin1')
    expect(text).toMatch(/^STATUS=S,When=\d+,Code=70,Msg=CGMiner stats,Description=cgminer 4\.11\.1\|STATS=0,ID=AVA100,/)
    expect(text.replace('\0', '')).toMatch(/\| $/)
    const section = text.split('|')[1] ?? ''
    const mm = section.split(',').find((pair) => pair.startsWith('MM ID0='))
    expect(mm).toBeDefined()
    expect(mmOf(section)).toEqual(await jsonMm(m))
  })

  test('version in text: PROD names the model, MAC has twelve digits without colons', async () => {
    const m = find('avalon', 'hashing', 'A1246')
    const text = (await say(api(m), 'version')).bytes.toString('latin1')
    expect(text).toContain('|VERSION,CGMiner=4.11.1,')
    expect(text).toContain('PROD=AvalonMiner 1246-90,')
    expect(text).toMatch(/,MAC=[0-9a-f]{12},/)
  })

  test('soft off: idle, SoftOFF set, the average survives, PS says a few watts', async () => {
    const m = find('avalon', 'sleeping')
    const mm = await jsonMm(m)
    expect(mm.get('SYSTEMSTATU')).toMatch(/^Work: In Idle, Hash Board: 3/)
    expect(mm.get('SoftOFF')).toBe('1')
    expect(mm.get('GHSspd')).toBe('0.00')
    expect(Number(mm.get('GHSavg'))).toBeGreaterThan(10_000)
    expect(Number(mm.get('PS')?.split(' ')[4])).toBeLessThan(200)
  })

  test('a hash unit that is gone is flag 513 in ECHU', async () => {
    const mm = await jsonMm(find('avalon', 'degraded'))
    expect(mm.get('ECHU')?.split(' ').sort()).toEqual(['0', '0', '513'])
    expect(
      mm
        .get('MGHS')
        ?.split(' ')
        .filter((x) => x === '0.00'),
    ).toHaveLength(1)
  })

  test('an unknown word is an invalid command with letter E', async () => {
    const m = find('avalon', 'hashing')
    expect((await say(api(m), 'frobnicate')).bytes.toString()).toMatch(/^STATUS=E,.*Code=14/)
    expect(first((await command(api(m), { command: 'frobnicate' })).STATUS)).toMatchObject({ STATUS: 'E', Code: 14 })
  })
})

test('64 connections at once to one device are all answered', async () => {
  const m = find('avalon', 'hashing')
  const answers = await Promise.all(Array.from({ length: 64 }, () => say(api(m), 'summary')))
  expect(answers.every((a) => a.bytes.toString().startsWith('STATUS=S'))).toBe(true)
})

test('a request that comes in two pieces is one request', async () => {
  const m = find('whatsminer', 'hashing')
  const net = await import('node:net')
  const heard = await new Promise<string>((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port: api(m) }, () => {
      socket.write('{"cmd":')
      setTimeout(() => socket.write('"get_version"}'), 50)
    })
    socket.setTimeout(2000, () => socket.destroy(new Error('no answer')))
    socket.on('data', (c: Buffer) => {
      socket.destroy()
      resolve(c.toString())
    })
    socket.on('error', reject)
  })
  expect(heard).toContain('"api_ver":"2.0.5"')
})
