import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { nodeProblem, runCli } from '#electron/cli/hashyard.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'hashyard-cli-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const hashyard = async (...argv: string[]) => {
  let out = ''
  let err = ''
  const code = await runCli(argv, {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    signal: new AbortController().signal,
    env: process.env,
  })
  return { code, out, err }
}
const errorOf = (out: string) => JSON.parse(out).error

test('no command, an unknown one and an unknown option are wrong usage: exit 2, how to call it on stderr, nothing on stdout', async () => {
  for (const argv of [
    [],
    ['frobnicate'],
    ['report', '--frobnicate'],
    ['run', '--for', 'soon'],
    ['demo', 'now'],
    ['demo', '--machines', '0'],
    ['report', '--seed', '-1'],
  ]) {
    const { code, out, err } = await hashyard(...argv)
    expect([argv, code, out]).toEqual([argv, 2, ''])
    expect(err).toMatch(/Usage: hashyard/)
    expect(err).not.toMatch(/\n\s+at /)
  }
})

test('under --json wrong usage is one document that names the option', async () => {
  const { code, out, err } = await hashyard('run', '--for', 'soon', '--json')
  expect([code, err]).toEqual([2, ''])
  expect(errorOf(out)).toMatchObject({ kind: 'invalid-input', field: 'for' })
  expect(errorOf((await hashyard('report', '--json', '--frobnicate')).out)).toMatchObject({ kind: 'invalid-input', field: 'frobnicate' })
})

test('a local time without its zone is no instant for the clock', async () => {
  const { code, out } = await hashyard('report', '--json', '--data', dir, '--clock', '2026-11-24T16:42:00')
  expect(code).toBe(2)
  expect(errorOf(out)).toMatchObject({ field: 'clock', message: expect.stringContaining('zone') })
})

test('a command of the contract that is not built yet answers a typed failure, exit 1', async () => {
  for (const name of ['import', 'restore', 'doctor', 'discover']) {
    const { code, out } = await hashyard(name, '--json', '--whatever', 'x')
    expect([name, code, errorOf(out).kind]).toEqual([name, 1, 'not-supported'])
  }
})

test('a data folder that cannot be written: one clear message, exit 1', async () => {
  const taken = join(dir, 'taken')
  writeFileSync(taken, '')
  const { code, out, err } = await hashyard('run', '--demo', '--data', taken, '--for', '1')
  expect([code, out]).toEqual([1, ''])
  expect(err.trim().split('\n')).toHaveLength(1)
  expect(err).toContain(`${taken}`)
  const json = await hashyard('demo', '--data', taken, '--for', '1', '--json')
  expect([json.code, errorOf(json.out).kind]).toEqual([1, 'unwritable'])
})

test('a report of a folder in which nothing was recorded is a failure that names the next step', async () => {
  const { code, out } = await hashyard('report', '--json', '--data', dir)
  expect(code).toBe(1)
  expect(errorOf(out)).toMatchObject({ kind: 'not-found', message: expect.stringContaining('hashyard demo') })
})

test('explain names its figures, and refuses one that it does not know', async () => {
  const list = await hashyard('explain', '--list')
  expect(list).toMatchObject({ code: 0, out: expect.stringMatching(/^margin_per_mwh$/m) })
  const { code, out } = await hashyard('explain', 'luck', '--json', '--data', dir)
  expect([code, errorOf(out)]).toEqual([2, { kind: 'invalid-input', message: expect.stringContaining('--list'), field: 'figure' }])
  expect((await hashyard('explain', '--data', dir)).code).toBe(2)
  expect(errorOf((await hashyard('explain', 'irr', '--json', '--data', dir)).out)).toMatchObject({ kind: 'not-found' })
})

test('a farm without a site has nothing to poll', async () => {
  const { code, out } = await hashyard('run', '--json', '--data', dir, '--for', '1')
  expect([code, errorOf(out).kind]).toEqual([1, 'not-found'])
})

test('a memo that cannot be written where it should be is said before the work is done', async () => {
  const startedAt = performance.now()
  const { code, out } = await hashyard('demo', '--json', '--data', dir, '--memo', join(dir, 'nowhere', 'memo.pdf'), '--for', '25')
  expect([code, errorOf(out).kind]).toEqual([1, 'unwritable'])
  expect(performance.now() - startedAt).toBeLessThan(5_000)
})

test('Node below 22.14 gets one clear line', () => {
  expect(nodeProblem('v20.19.2')).toMatch(/needs Node 22\.14 or newer, this is v20\.19\.2/)
  expect(nodeProblem('v22.13.1')).not.toBeNull()
  expect(nodeProblem('v22.14.0')).toBeNull()
  expect(nodeProblem('v24.21.0')).toBeNull()
})

test('the demo does the whole job and its report keeps the names of the command line’s contract; report reads it back', async () => {
  const { code, out } = await hashyard('demo', '--machines', '14', '--for', '1', '--json', '--data', dir)
  expect(code).toBe(0)
  const document = JSON.parse(out)
  expect(document.sites.map((s: { id: string }) => s.id)).toEqual(['toyah-basin', 'raquette-falls', 'little-muddy'])
  expect(document).toMatchObject({ version: expect.any(String), runtime: expect.stringContaining('node'), demo: true })
  for (const site of document.sites) {
    for (const name of [
      'hashrate_phs',
      'power_mw',
      'hashprice_usd_per_ph_day',
      'price_per_mwh',
      'break_even_power_per_mwh',
      'break_even_btc_usd',
      'break_even_hashprice_usd',
      'margin_per_mwh',
    ])
      expect([site.id, name, typeof site[name]]).toEqual([site.id, name, 'number'])
    expect(site.recommendation).toMatchObject({
      action: expect.stringMatching(/^(run|curtail)$/),
      reason: expect.any(String),
      mw: expect.any(Number),
    })
    expect(Object.keys(site.ai)).toEqual(
      expect.arrayContaining([
        'verdict',
        'npv_usd',
        'irr',
        'payback_months',
        'noi_margin',
        'yield_on_cost',
        'break_even_lease',
        'parity_hashprice',
        'gates',
      ]),
    )
    expect(site.ages).toMatchObject({
      btc_price_age_s: expect.any(Number),
      difficulty_age_s: expect.any(Number),
      telemetry_age_s: expect.any(Number),
    })
    expect(site.coverage.machines).toBeGreaterThan(0)
  }
  const muddy = document.sites[2]
  expect(muddy.ai).toMatchObject({ verdict: 'DO_NOT_CONVERT', npv_usd: null })
  expect(muddy.ai.gates.some((g: { failed: boolean }) => g.failed)).toBe(true)

  const one = await hashyard('report', '--json', '--data', dir, '--site', 'little-muddy')
  expect(one.code).toBe(0)
  expect(JSON.parse(one.out).sites.map((s: { id: string }) => s.id)).toEqual(['little-muddy'])
  const text = await hashyard('report', '--data', dir)
  expect(text.out).toMatch(/^DEMO FARM/)
  expect(text.out).toMatch(/Toyah Basin[\s\S]*Break-even[\s\S]*\$\/MWh[\s\S]*Raquette Falls[\s\S]*Little Muddy/)
  expect(await hashyard('report', '--json', '--data', dir, '--site', 'atlantis')).toMatchObject({ code: 1 })

  // The same folder: each figure of the report unfolds to what the report printed.
  const figure = async (name: string) => JSON.parse((await hashyard('explain', name, '--json', '--data', dir, '--site', 'toyah-basin')).out)
  const margin = await figure('margin_per_mwh')
  expect(margin).toMatchObject({ figure: 'margin_per_mwh', unit: 'USD/MWh', derivation: { formula: 'site.siteMargin' } })
  expect(margin.derivation.outputs).toEqual([{ name: 'marginPerMWh', unit: 'USD/MWh', value: margin.value }])
  const told = await hashyard('explain', 'margin_per_mwh', '--data', dir)
  expect(told.out.match(/^Margin, /gm)).toHaveLength(3)
  expect(told.out).toMatch(/revenue\.hashprice, section 1\.3[\s\S]*difficulty = [\d.]+ T {3}\[mempool \(reported\), \d+ s old\]/)
  expect(told.out).toContain('marginPerMWh = breakEvenPowerPerMWh − pricePerMWh = ')
  const npv = await figure('npv_usd')
  expect(npv.value).toBe(npv.derivation.outputs[0].value)
  expect((await hashyard('explain', 'npv_usd', '--data', dir, '--site', 'little-muddy')).out).toContain('Do not convert')
})
