import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from '#electron/cli/hashyard.ts'
import { openStore } from '#electron/store/open.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hashyard-scenario-'))
  await mkdir(join(folder, 'scenarios'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const runIn = async (dataDir: string, ...args: string[]) => {
  let out = ''
  let err = ''
  const code = await runCli(['scenario', ...args, '--data', dataDir], {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    signal: new AbortController().signal,
    env: {},
  })
  return { code, out, err, json: args.includes('--json') ? JSON.parse(out) : null }
}
const run = (...args: string[]) => runIn(folder, ...args)
const put = (name: string, content: unknown) =>
  writeFile(join(folder, 'scenarios', name), typeof content === 'string' ? content : JSON.stringify(content))
const own = { id: 'own', title: 'My own', source: 'typed in', horizonMonths: 3 }

test('the shipped library is listed, and what a person added after it', async () => {
  await put('mine.json', own)
  const { json } = await run('--list', '--json')
  expect(json.scenarios).toHaveLength(15)
  expect(json.scenarios[0]).toMatchObject({ id: 'seed-2026', file: null, overrides_shipped: false })
  expect(json.scenarios.at(-1)).toMatchObject({ id: 'own', file: join(folder, 'scenarios', 'mine.json') })
})
test('a file with the id of a shipped one stands in its place, and says so', async () => {
  await put('oil.json', { ...own, id: 'oil-100', title: 'Oil as I see it' })
  const { code, out } = await run('oil-100')
  expect(code).toBe(0)
  expect(out).toContain('Oil as I see it')
  expect(out).toContain(`from ${join(folder, 'scenarios', 'oil.json')}, in place of the shipped scenario`)
  await rm(join(folder, 'scenarios', 'oil.json'))
})
test('a mistake is named with file, place and reason; other scenarios still run and say that it is there', async () => {
  await put('bad.json', { ...own, id: 'bad', network: { exits: [{ id: 'a', cause: 'ai', exitShare: 25, halfLifeMonths: 9 }] } })
  const failed = await run('bad', '--json')
  expect(failed.code).toBe(1)
  expect(failed.json.error).toMatchObject({ kind: 'invalid-input', field: 'network.exits[0].exitShare' })
  expect(failed.json.error.message).toMatch(/bad\.json: network\.exits\[0\]\.exitShare: /)
  const other = await run('own')
  expect(other.code).toBe(0)
  expect(other.err).toContain('bad.json: network.exits[0].exitShare')
  expect((await run('--list', '--json')).json.problems).toHaveLength(1)
  await rm(join(folder, 'scenarios', 'bad.json'))
})
test('a file that is no JSON, asked for by its name, is refused with its line', async () => {
  await put('torn.json', '{\n "id": "torn",\n "title": }')
  const { code, json } = await run('torn', '--json')
  expect(code).toBe(1)
  expect(json.error).toMatchObject({ line: 3, message: expect.stringContaining('torn.json: not JSON') })
  await rm(join(folder, 'scenarios', 'torn.json'))
})
test('two files of the same id: the second is not silently the one', async () => {
  await put('z.json', own)
  const { json } = await run('--list', '--json')
  expect(json.problems).toEqual([{ file: join(folder, 'scenarios', 'z.json'), field: 'id', reason: expect.stringContaining('mine.json') }])
  await rm(join(folder, 'scenarios', 'z.json'))
})

const site = {
  site: { name: 'Reeves', overhead_ratio: 1 },
  contract: { type: 'fixed', tariff_per_mwh: 50 },
  hashprice_usd_per_ph_day: 33.6,
  groups: [
    { id: 'new', mw: 20, efficiency_jth: 20 },
    { id: 'old', mw: 4, efficiency_jth: 40 },
  ],
  interval_hours: 1,
}
test('20 MW at 20 J/TH are 1,000 PH/s: their months under a scenario, the old machines off from the start', async () => {
  const file = join(folder, 'site.json')
  await writeFile(file, JSON.stringify(site))
  const calibrated = String((133.79e12 * 2 ** 32) / 600 / 1e18)
  const { code, json } = await run('own', '--site-file', file, '--network-ehs', calibrated, '--json')
  expect(code).toBe(0)
  expect(json.months).toHaveLength(3)
  expect(json.base_sources).toMatchObject({ network_ehs: '--network-ehs', height: expect.stringContaining('assumed') })
  // (33.6278 − 24) x 1,000 x 30.4375.
  expect(json.months[0].mining_cash_usd).toBeCloseTo(293_046, -2)
  expect(json.months[0]).toMatchObject({ running_phs: 1000, subsidy_btc: 3.125 })
  expect(json.outcome.groups[1]).toMatchObject({ id: 'old', first_month_off: 0, off_months: 3 })
  expect((await run('own', '--site-file', file)).out).toContain('old: break-even $48.00/PH/day, off in 3 months, first in month 0')
})
test('a file that names a conversion gets it under the same months: a bust signs at $87.75 and is worth less', async () => {
  const file = join(folder, 'conversion.json')
  await writeFile(file, JSON.stringify({ ...site, conversion: { grid_mw: 20, start_month: 0 } }))
  const calm = (await run('seed-2026', '--site-file', file, '--json')).json.outcome
  const bust = (await run('ai-bust', '--site-file', file, '--json')).json.outcome
  expect(calm.npv_incremental_usd).toBeCloseTo(calm.npv_conversion_usd - calm.npv_keep_mining_usd, 2)
  expect([calm.lease_signed_usd_per_kw_month, bust.lease_signed_usd_per_kw_month]).toEqual([135, expect.closeTo(87.75, 9)])
  expect(bust.npv_conversion_usd).toBeLessThan(calm.npv_conversion_usd)
  // The scenario's horizon stays what is shown; the project's fifteen years are only worked through.
  expect((await run('seed-2026', '--site-file', file, '--json')).json.months).toHaveLength(24)
})
test('at the market a scenario counts what standing still in dear hours saves, as roi does', async () => {
  const file = join(folder, 'market.json')
  const market = { ...site, contract: { type: 'index' }, groups: [{ id: 'new', mw: 20, efficiency_jth: 20 }], interval_hours: 1 }
  await writeFile(file, JSON.stringify({ ...market, prices: [20, 80] }))
  const calibrated = String((133.79e12 * 2 ** 32) / 600 / 1e18)
  const { json } = await run('own', '--site-file', file, '--network-ehs', calibrated, '--json')
  // (70.06 − 20) / 2 x 20 MW x 730.5 h.
  expect(json.months[0].mining_cash_usd).toBeCloseTo(365_674, -2)
  expect(json.notes).toContainEqual({ field: 'prices', reason: expect.stringContaining('2 prices, $50.00/MWh on average') })
})
test('a group told by its revenue has the efficiency that earns it: 70 USD/MWh at a hashprice of 33.60 are 20 J/TH', async () => {
  const file = join(folder, 'revenue.json')
  await writeFile(file, JSON.stringify({ ...site, groups: [{ id: 'new', mw: 20, revenue_per_mwh: 70 }] }))
  expect((await run('own', '--site-file', file, '--json')).json.outcome).toMatchObject({ fleet_phs: expect.closeTo(1000, 6) })
  await writeFile(file, JSON.stringify({ ...site, groups: [{ id: 'new', mw: 20, revenue_per_mwh: 0 }] }))
  expect((await run('own', '--site-file', file, '--json')).json.error).toMatchObject({ field: 'groups[0].revenue_per_mwh' })
})
test('a figure typed on the command line stands above one that the scenario brings', async () => {
  expect((await run('seed-2026', '--json')).json.months[0].btc_price_usd).toBe(71_000)
  expect((await run('seed-2026', '--price', '80000', '--json')).json.months[0].btc_price_usd).toBe(80_000)
  expect((await run('seed-2026', '--price', 'cheap', '--json')).json.error).toMatchObject({ kind: 'invalid-input', field: 'price' })
})
test('the headline of $88,000 is printed with what a coin leaves at each level', async () => {
  const { json } = await run('cost-88k', '--json')
  expect(json.costs.levels_usd_per_btc).toMatchObject({ direct: expect.closeTo(57_001, 0), fully_loaded: expect.closeTo(88_000, 6) })
  expect((await run('cost-88k')).out).toMatch(/−17,000 USD; only the first says whether to switch off\n {2}Depreciation solved for: /)
})
test('simulated prices of the demo start the demo’s scenario alone; a real site’s starts from the assumed ones, then from its own with their age', async () => {
  const dataDir = join(folder, 'farms')
  const now = Date.parse('2026-11-24T12:00:00Z')
  const hear = async (demo: boolean, price: number, atMs: number) => {
    const store = openStore({ dataDir, demo, readOnly: false, nowMs: now })
    if (!store.ok) throw new Error(store.failure.message)
    await store.value.market.append(
      {
        rows: ['coinbase', 'kraken'].map((source) => ({
          kind: 'spot' as const,
          source,
          pair: 'BTC-USD',
          price,
          observedAtMs: atMs,
          quality: 'live' as const,
        })),
        problems: [],
        coverage: null,
      },
      atMs,
    )
    store.value.close()
  }
  const start = async (...args: string[]) => {
    const { json } = await runIn(dataDir, 'seed-2026', '--json', '--clock', '2026-11-24T12:00:00Z', ...args)
    return { price: json.base.btc_price_usd, source: json.base_sources.btc_price_usd }
  }
  await hear(true, 12_345, now)
  expect(await start()).toEqual({ price: 71_000, source: expect.stringContaining('assumed') })
  expect(await start('--demo')).toEqual({ price: 12_345, source: expect.stringMatching(/^demo, simulated: /) })
  await hear(false, 68_000, now - 3 * 3_600_000)
  expect(await start()).toEqual({ price: 68_000, source: expect.stringContaining('3 h old') })
  expect((await start('--demo')).price).toBe(12_345)
})
test('an unknown id, no id, two ids', async () => {
  expect((await run('nope', '--json')).json.error).toMatchObject({ kind: 'not-found', message: expect.stringContaining('seed-2026') })
  expect((await run()).code).toBe(2)
  expect((await run('a', 'b')).code).toBe(2)
})
test('cyclical or structural: with a fleet, what speaks for either is told, without a choice', async () => {
  const file = join(folder, 'cycle.json')
  await writeFile(file, JSON.stringify(site))
  const { json } = await run('ai-crowd-out-25', '--site-file', file, '--height', '941472', '--json')
  const panel = json.cyclical_or_structural
  // 101,472 blocks after the halving of 2024: 704.7 days of 144 blocks, in months of 30.4375 days.
  expect(panel.since_halving_months).toBeCloseTo(23.15, 2)
  // The scenario's machines leave for AI and none for price.
  expect([panel.ai_share_of_exits, panel.price_share_of_exits]).toEqual([1, 0])
  expect(panel.recovery.map((r: { months: number }) => r.months)).toEqual([6, 12, 24])
  expect(panel.parity).toBeNull()
  expect(new Set(panel.evidence.map((e: { supports: string }) => e.supports)).size).toBeGreaterThan(1)
  expect((await run('ai-crowd-out-25', '--json')).json.cyclical_or_structural).toBeNull()
  expect((await run('ai-crowd-out-25', '--site-file', file)).out).toContain('Cyclical or structural?')
})
