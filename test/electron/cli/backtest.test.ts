import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '#electron/cli/hashyard.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hashyard-backtest-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const group = { id: 'new', mw: 10, revenue_per_mwh: 100, start_cost_usd: 120, min_up_intervals: 1, min_down_intervals: 1, initial_on: 1 }
const site = {
  site: { name: 'West', time_zone: 'America/Chicago', max_mw: 30, base_mw: 0 },
  contract: { type: 'index' },
  groups: [group],
  obligations: [],
  interval_hours: 1,
}
const csv = (rows: readonly (readonly [string, number | '', number | ''])[]) =>
  `timestamp,price_usd_per_mwh,day_ahead_usd_per_mwh\n${rows.map((r) => r.join(',')).join('\n')}\n`
const fourHours = csv([
  ['2025-06-01T05:00:00Z', 30, 30],
  ['2025-06-01T06:00:00Z', 200, 180],
  ['2025-06-01T07:00:00Z', 90, 180],
  ['2025-06-01T08:00:00Z', 30, 30],
])

const cli = async (argv: readonly string[], signal = new AbortController().signal) => {
  const said = { out: '', err: '' }
  const code = await runCli(argv, {
    out: (text) => {
      said.out += text
    },
    err: (text) => {
      said.err += text
    },
    signal,
    env: process.env,
  })
  return { code, ...said }
}
const backtest = async (siteFile: object, prices: string, ...more: string[]) => {
  const file = join(folder, 'site.json')
  await Promise.all([writeFile(file, JSON.stringify(siteFile)), writeFile(join(folder, 'prices.csv'), prices)])
  return cli(['backtest', '--site-file', file, '--prices', join(folder, 'prices.csv'), ...more])
}
const json = async (siteFile: object, prices: string, ...more: string[]) => {
  const { code, out } = await backtest(siteFile, prices, '--json', ...more)
  return { code, answer: JSON.parse(out) }
}

test('four hours on paper come out of the command line: cost, saving, capture, starts, MWh', async () => {
  const { code, answer } = await json(site, fourHours)
  expect(code).toBe(0)
  expect(answer).toMatchObject({
    always_on: { cost_usd: 3500, saving_usd: 0, capture_ratio: 0, starts: 0, mwh: 40, lost_mwh: 0 },
    threshold_rule: { cost_usd: 3720, saving_usd: -220, capture_ratio: -0.25, starts: 1, mwh: 30, lost_mwh: 10 },
    rolling_plan: { cost_usd: 2720, saving_usd: 780, starts: 1, mwh: 20, lost_mwh: 20 },
    perfect_foresight: { cost_usd: 2620, saving_usd: 880, capture_ratio: 1, starts: 1, mwh: 30, lost_mwh: 10 },
    months: [{ month: '2025-06', rolling_plan: { cost_usd: 2720, saving_usd: 780 } }],
    complete: true,
    problems: [],
  })
  expect((await json(site, fourHours, '--informed')).answer).toMatchObject({ informed: true, rolling_plan: { cost_usd: 2620 } })
})

test('as text: the four strategies with their money, and what was assumed', async () => {
  const { code, out } = await backtest(site, fourHours)
  expect(code).toBe(0)
  expect(out).toMatch(/Rolling plan +\$2,720 +\$780\.00 +88\.6 % +1 +20 +20/)
  expect(out).toContain('Assumed: day-ahead prices of a day of America/Chicago are known from 14:00 of the day before')
})

test('dates are days of the site’s zone, both of them included; hours that are missing are named and never price 0', async () => {
  const { answer } = await json(site, fourHours, '--from', '2025-06-01', '--to', '2025-06-01')
  expect(answer).toMatchObject({
    from: '2025-06-01T05:00:00.000Z',
    to: '2025-06-02T05:00:00.000Z',
    intervals: 24,
    missing_intervals: 20,
    complete: false,
    always_on: { cost_usd: 3500, mwh: 40 },
    problems: [
      { from: '2025-06-01T09:00:00.000Z', to: '2025-06-02T05:00:00.000Z', intervals: 20, reason: expect.stringContaining('incomplete') },
    ],
  })
})

test('a contract’s owed energy is billed whatever runs: 10 MW at 40, resold at the market less 5', async () => {
  const contract = { type: 'ppa', strike_per_mwh: 40, contract_mw: 10, resale_allowed: true, resale_spread_per_mwh: 5 }
  const { answer } = await json({ ...site, contract }, fourHours)
  // Always on uses it all: 4 x 10 x 40. Off at 200, 10 MWh bring 195 each and lose 100 each, and a restart is paid.
  expect(answer.always_on.cost_usd).toBeCloseTo(1600, 9)
  expect(answer.perfect_foresight).toMatchObject({ lost_mwh: 10, saving_usd: expect.closeTo(1950 - 1000 - 120, 9) })
})

test('under a limit for the whole site the output says how the plans were made', async () => {
  const { answer } = await json({ ...site, site: { ...site.site, max_mw: 15 }, groups: [group, { ...group, id: 'second' }] }, fourHours)
  expect(answer).toMatchObject({
    replanned_every: 'interval',
    perfect_is_exact: false,
    engine: expect.any(String),
    always_on: { mwh: 40, lost_mwh: 40 },
  })
  expect(answer.perfect_foresight.cost_usd).toBeLessThanOrEqual(answer.rolling_plan.cost_usd + 1e-9)
})

test('what was not mined, and the price at which it would have been worth it', async () => {
  const { revenue_per_mwh: _, ...machines } = group
  const file = { ...site, hashprice_usd_per_ph_day: 48, btc_price_usd: 96_000, groups: [{ ...machines, efficiency_jth: 20 }] }
  const { answer } = await json(file, fourHours)
  // 48 USD/PH/day at 20 J/TH: 100 USD/MWh. 20 MWh off are 41.67 PH-days, 0.02083 BTC; 2,900 USD of power less a restart of 120.
  expect(answer.rolling_plan).toMatchObject({
    lost_ph_days: expect.closeTo(41.6667, 3),
    btc_not_mined: expect.closeTo(0.0208333, 6),
    worth_mining_btc_usd: expect.closeTo((2900 - 120) / 0.0208333, -1),
  })
})

describe('what is refused', () => {
  test.each([
    [2, 'site-file', ['backtest', '--prices', 'x.csv']],
    [2, 'prices', ['backtest', '--site-file', 'x.json']],
    [2, 'from', ['backtest', '--site-file', 'x.json', '--prices', 'x.csv', '--from', '2025-02-30']],
    [2, 'to', ['backtest', '--site-file', 'x.json', '--prices', 'x.csv', '--from', '2025-02-02', '--to', '2025-02-01']],
  ])('wrong usage ends with %i and names %s', async (code, field, argv) => {
    const answer = await cli([...argv, '--json'])
    expect([answer.code, JSON.parse(answer.out).error.field]).toEqual([code, field])
  })
  test('a bad site file by its place, prices that do not fall on its intervals, a period without prices', async () => {
    expect((await json({ ...site, groups: [{ ...group, mw: -1 }] }, fourHours)).answer.error).toMatchObject({ field: 'groups[0].mw' })
    expect((await json({ ...site, interval_hours: 0.7 }, fourHours)).answer.error).toMatchObject({ field: 'interval_hours' })
    expect((await json(site, fourHours, '--from', '2024-01-01', '--to', '2024-01-02')).answer.error).toMatchObject({ field: 'from' })
  })
  test('stopped by Ctrl+C it ends with a failure, not with half an answer', async () => {
    const file = join(folder, 'site.json')
    await Promise.all([writeFile(file, JSON.stringify(site)), writeFile(join(folder, 'prices.csv'), fourHours)])
    const answer = await cli(['backtest', '--json', '--site-file', file, '--prices', join(folder, 'prices.csv')], AbortSignal.abort())
    expect([answer.code, typeof JSON.parse(answer.out).error.message]).toEqual([1, 'string'])
  })
})

const recorded = fileURLToPath(
  new URL('../../../../shared/fixtures/feeds/history/ercot_hourly_lz_west_2024-01_2026-03.csv', import.meta.url),
)
test.skipIf(!existsSync(recorded))(
  'the recorded year of West Texas (not run where it is absent): the days of the clock change are named gaps',
  async () => {
    const file = join(folder, 'site.json')
    await writeFile(file, JSON.stringify(site))
    const { code, out } = await cli([
      'backtest',
      '--json',
      '--site-file',
      file,
      '--prices',
      recorded,
      '--from',
      '2024-03-01',
      '--to',
      '2024-03-31',
    ])
    const answer = JSON.parse(out)
    expect(code).toBe(0)
    // 31 days less the hour of spring; 10 March has one hour, 11 to 16 March none, 17 March no first two.
    expect(answer).toMatchObject({ intervals: 31 * 24 - 1, missing_intervals: 22 + 6 * 24 + 2, complete: false })
    expect(answer.problems).toMatchObject([
      { from: '2024-03-10T06:00:00.000Z', to: '2024-03-10T07:00:00.000Z', intervals: 1 },
      { from: '2024-03-10T08:00:00.000Z', to: '2024-03-17T07:00:00.000Z', intervals: 167 },
    ])
    const cost = (name: string) => answer[name].cost_usd
    expect(cost('perfect_foresight')).toBeLessThan(Math.min(cost('rolling_plan'), cost('threshold_rule'), cost('always_on')))
  },
)
