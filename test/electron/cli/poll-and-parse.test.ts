import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Command } from '#electron/cli/command.ts'
import { command as parse } from '#electron/cli/parse.ts'
import { parsePlace, command as poll } from '#electron/cli/poll.ts'
import { command as simulate } from '#electron/cli/simulate.ts'
import { cgminerDevice } from '../../fakes/device.ts'
import { recording } from '../../fakes/recording.ts'

const cleanup: (() => void)[] = []
afterEach(() => {
  for (const step of cleanup.splice(0)) step()
})
const run = async (
  command: Command,
  args: string[],
  o: { json?: boolean; allowLoopback?: boolean; flags?: Record<string, string | boolean> } = {},
) => {
  const out: string[] = []
  const err: string[] = []
  const answer = await command.run({
    args,
    flags: o.flags ?? {},
    json: o.json ?? false,
    dataDir: '/nowhere',
    demo: false,
    allowLoopback: o.allowLoopback ?? false,
    seed: 1,
    now: () => Date.UTC(2026, 10, 22, 12),
    clock: null,
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    signal: new AbortController().signal,
  })
  return { answer, out: out.join(''), err: err.join('') }
}
const file = (content: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'hashyard-parse-'))
  cleanup.push(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'recording.json'), content)
  return join(folder, 'recording.json')
}
const fixture = (path: string) => new URL(`../../fixtures/${path}`, import.meta.url).pathname

/** Every name of `cli.md`, Reading. */
const NAMES =
  'family protocol model firmware_version api_version mac serial hostname state is_mining hashrate_ths hashrate_avg_ths expected_hashrate_ths wattage_w wattage_source power_limit_w power_target_w env_temp_c board_temps_c chip_temps_c all_temps_c fans_rpm fans_pct fan_count board_count board_chips uptime_s pools pool_count has_errors errors problems observed_at'.split(
    ' ',
  )

describe('parse', () => {
  test('a recording with its family becomes a reading under the contract’s names', async () => {
    const { answer, out } = await run(parse, [fixture('whatsminer/btminer-2.0/hashing.json')], { json: true })
    expect(answer).toEqual({ ok: true, value: undefined })
    const reading = JSON.parse(out)
    expect(Object.keys(reading).sort()).toEqual([...NAMES].sort())
    expect(reading).toMatchObject({
      family: 'whatsminer',
      hashrate_ths: 112.2,
      wattage_w: 3310,
      wattage_source: 'reported',
      observed_at: '2026-11-22T12:00:00.000Z',
    })
  })

  test.each([
    ['antminer/stock-2022/hashing.json', 'antminer'],
    ['antminer/stock-2022/web-sleeping.json', 'antminer'],
    ['whatsminer/btminer-2.0/hashing.json', 'whatsminer'],
    ['avalon/a12/sleeping-text.json', 'avalon'],
  ])('%s without its family is recognised by what it says', async (path, family) => {
    const { responses } = recording(path)
    const { out } = await run(parse, [file(JSON.stringify({ protocol: 'x', responses }))], { json: true })
    expect(JSON.parse(out)).toMatchObject({ family })
  })

  test('a machine of another algorithm has H/s and no TH/s at all', async () => {
    const stats = {
      STATUS: [{ STATUS: 'S', Code: 70 }],
      STATS: [{ Type: 'Antminer L7' }, { 'GHS 5s': '9300.5', 'GHS av': 9200, miner_count: 4, total_rateideal: 9500, rate_unit: 'MH' }],
    }
    const { out } = await run(parse, [file(JSON.stringify({ family: 'antminer', responses: { stats } }))], { json: true })
    const reading = JSON.parse(out)
    expect(reading).toMatchObject({ algo: 'scrypt', hashrate_hs: 9_300_500_000, expected_hashrate_hs: 9_500_000_000, state: 'hashing' })
    expect(Object.keys(reading).filter((key) => key.endsWith('_ths'))).toEqual([])
  })

  test('for people: a line a fact, unknown is a dash, power that is not reported says so', async () => {
    const { out } = await run(parse, [fixture('antminer/stock-2022/hashing.json')])
    expect(out).toContain('104.10 TH/s now')
    expect(out).toMatch(/^power +not reported$/m)
    expect(out).toContain('MAC —')
    expect(out).not.toMatch(/null|undefined|NaN/)
  })

  test('a device’s control characters are shown, not obeyed', async () => {
    const { responses } = recording('antminer/stock-2022/hashing.json')
    const version = { STATUS: [{ STATUS: 'S', Code: 22 }], VERSION: [{ API: '3.1', Type: 'Antminer \u001b[31mS19\u202e' }] }
    const { out } = await run(parse, [file(JSON.stringify({ family: 'antminer', responses: { ...responses, version } }))])
    expect(out).toContain('\\u001b[31mS19\\u202e')
    expect(out).not.toMatch(/[\u001b\u202e]/)
  })

  test.each([
    ['not JSON', '{"responses":', 'invalid-input'],
    ['nothing to read', '{"protocol":"cgminer"}', 'invalid-input'],
    ['a list', '[]', 'invalid-input'],
    ['nested beyond reason', `{"responses":{"stats":${'['.repeat(100)}${']'.repeat(100)}}}`, 'invalid-input'],
    ['a family of later', '{"family":"futurebit","responses":{"POST /api/graphql":{}}}', 'not-supported'],
    ['no answers', '{"family":"antminer","responses":{}}', 'unexpected-reply'],
  ])('%s is a failure with a reason', async (_, content, kind) => {
    const { answer, out } = await run(parse, [file(content)], { json: true })
    expect(answer).toMatchObject({ ok: false, failure: { kind } })
    expect(out).toBe('')
  })

  test('a missing file and a missing argument are told apart', async () => {
    expect((await run(parse, ['/no/such/file.json'])).answer).toMatchObject({ ok: false, failure: { kind: 'not-found' } })
    expect((await run(parse, [])).answer).toBe(2)
    expect((await run(parse, ['a', 'b'])).answer).toBe(2)
  })

  test('a recorded meter', async () => {
    // 0x453b8000 at registers 3060 and 3061 is 3,000 kW.
    const responses = {
      'FC3 3047 x16': Array.from({ length: 16 }, (_, i) => (3047 + i === 3059 ? 0x453b : 3047 + i === 3060 ? 0x8000 : 0)),
    }
    const path = file(JSON.stringify({ family: 'powermeter-schneider', model: 'PM5340', protocol: 'modbus-tcp', responses }))
    const { out } = await run(parse, [path], { json: true, flags: { meter: true } })
    expect(JSON.parse(out)).toEqual({
      type: 'schneider-pm5xxx',
      model: 'PM5340',
      active_power_w: 3_000_000,
      reactive_power_var: null,
      apparent_power_va: null,
      voltage_v: null,
      voltage_ll_v: null,
      current_a: null,
      frequency_hz: null,
      energy_import_wh: null,
      problems: [],
      observed_at: '2026-11-22T12:00:00.000Z',
    })
    expect((await run(parse, [path], { flags: { meter: true } })).out).toContain('3,000.00 kW')
  })
})

describe('poll', () => {
  test('one device, identified and read', async () => {
    const fake = await cgminerDevice({ answers: recording('antminer/stock-2022/hashing.json').responses })
    cleanup.push(fake.close)
    const { answer, out } = await run(poll, [`127.0.0.1:${fake.port}`], { json: true, allowLoopback: true })
    expect(answer).toEqual({ ok: true, value: undefined })
    expect(JSON.parse(out)).toMatchObject({ family: 'antminer', state: 'hashing', hashrate_ths: 104.10025 })
  })

  test('loopback is refused unless it was allowed', async () => {
    const fake = await cgminerDevice({ answers: recording('antminer/stock-2022/hashing.json').responses })
    cleanup.push(fake.close)
    const { answer } = await run(poll, [`127.0.0.1:${fake.port}`], { json: true })
    expect(answer).toMatchObject({ ok: false, failure: { kind: 'refused', message: expect.stringContaining('loopback') } })
    expect(fake.requests).toEqual([])
  })

  test.each([
    ['10.0.0.5', '10.0.0.5', null],
    ['10.0.0.5:4029', '10.0.0.5', 4029],
    ['miner-7.farm:80', 'miner-7.farm', 80],
    ['[2001:db8::5]:4028', '2001:db8::5', 4028],
    ['2001:db8::5', '2001:db8::5', null],
  ])('%s is a place', (text, host, port) => {
    expect(parsePlace(text)).toEqual({ host, port })
  })
  test.each([
    '',
    '10.0.0.5:',
    '10.0.0.5:0',
    '10.0.0.5:65536',
    'http://10.0.0.5',
    '10.0.0.5/x',
    'user@10.0.0.5',
    '[10.0.0.5]:80',
    '10.0.0.5:4028:1',
    'a b',
  ])('%j is none', (text) => {
    expect(parsePlace(text)).toBeNull()
  })

  test('under --json wrong usage is one document on stdout', async () => {
    for (const [command, args] of [
      [poll, []],
      [poll, ['127.0.0.1:99999']],
      [parse, []],
      [parse, ['a.json', 'b.json']],
      [simulate, ['30']],
    ] as const) {
      const { answer, out, err } = await run(command, [...args], { json: true })
      expect([command.name, answer, err]).toEqual([command.name, 2, ''])
      expect(JSON.parse(out).error).toMatchObject({ kind: 'invalid-input', message: expect.stringMatching(/[a-z]{3}/) })
    }
  })
  test('wrong usage is exit 2 with a sentence', async () => {
    expect((await run(poll, [])).answer).toBe(2)
    expect(await run(poll, ['10.0.0.5'], { flags: { user: 'root' } })).toMatchObject({
      answer: 2,
      err: expect.stringContaining('--password-env'),
    })
    expect(await run(poll, ['10.0.0.5'], { flags: { user: 'root', 'password-env': 'HASHYARD_TEST_NOT_SET' } })).toMatchObject({ answer: 2 })
    expect((await run(poll, ['10.0.0.5'], { flags: { 'web-port': '0' } })).answer).toBe(2)
  })
})
