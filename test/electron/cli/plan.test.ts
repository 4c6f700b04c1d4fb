import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '#electron/cli/hashyard.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hashyard-plan-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const group = { id: 'new', mw: 10, revenue_per_mwh: 100, start_cost_usd: 120, min_up_intervals: 2, min_down_intervals: 2, initial_on: 1 }
const site = {
  site: { name: 'West', time_zone: 'America/Chicago', base_mw: 1 },
  contract: { type: 'index' },
  groups: [group],
  interval_hours: 1,
  prices: [30, 30, 180, 260, 40, 30, 30, 30],
  prices_start: '2025-06-01T21:00:00Z',
}
const plan = async (file: object | string, ...more: string[]) => {
  const path = join(folder, 'site.json')
  await writeFile(path, typeof file === 'string' ? file : JSON.stringify(file))
  let out = ''
  let err = ''
  const code = await runCli(['plan', path, ...more], {
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
const json = async (file: object | string) => {
  const { code, out } = await plan(file, '--json')
  return { code, answer: JSON.parse(out) }
}

test('a spike of two hours is worth a restart: 3,980 against 1,700 always on, each interval with its start', async () => {
  const { code, answer } = await json(site)
  expect(code).toBe(0)
  expect(answer).toMatchObject({
    status: 'OPTIMAL',
    objective_usd: 3980,
    always_on_usd: 1700,
    value_against_always_on_usd: 2280,
    schedule: { new: '11001111' },
    starts: { new: 1 },
    problems: [],
  })
  expect(answer.intervals[2]).toEqual({
    start: '2025-06-01T23:00:00.000Z',
    end: '2025-06-02T00:00:00.000Z',
    price_per_mwh: 180,
    adder_per_mwh: 0,
    load_mw: 1,
    on: [],
  })
})

test('the text says on the site’s clock when to switch', async () => {
  const { out } = await plan(site)
  expect(out).toMatch(/Value \$3,980, always on \$1,700: the plan is worth \$2,280 more/)
  expect(out).toMatch(/OFF 18:00 to 20:00/)
})

test('the hour that autumn repeats is told apart, and an evening after it keeps its clock', async () => {
  // Midnight CDT on 1 November 2026; the spike is in the second 01:00, CST.
  const { out } = await plan({ ...site, prices: [30, 30, 500, 500, 30, 30], prices_start: '2026-11-01T05:00:00Z' })
  expect(out).toMatch(/OFF 01:00 CST to 03:00 CST/)
  expect(out).toMatch(/\n01:00 CDT .*\n01:00 CST /)
})

test('reasons of a run stand in the order in which they come', async () => {
  const call = { type: 'dr_event', from_index: 4, to_index: 6, max_mw: 2, penalty_per_mwh: 5000 }
  const { out } = await plan({ ...site, prices: [30, 30, 500, 500, 30, 30, 500, 30], obligations: [call] })
  expect(out).toMatch(/OFF 18:00 to 23:00 {3}price 500.00 > 100.00 revenue; demand-response event 2.0 MW/)
})

test('a schedule to hand on: UTC and the site’s clock, MW by group, a name that looks like a formula as text', async () => {
  const path = join(folder, 'schedule.csv')
  const file = { ...site, groups: [{ ...group, id: '=SUM(A1),"x"' }] }
  const first = await plan(file, '--csv', path)
  expect(first).toMatchObject({ code: 0, err: expect.stringContaining('schedule.csv') })
  const lines = (await readFile(path, 'utf8')).split('\r\n')
  expect(lines[0]).toBe(`interval,start,end,start_local,price_usd_per_mwh,adder_usd_per_mwh,site_mw,"'=SUM(A1),""x""_mw"`)
  expect(lines[3]).toBe('2,2025-06-01T23:00:00.000Z,2025-06-02T00:00:00.000Z,2025-06-01T18:00:00-05:00,180,0,1,0')
  expect(lines[5]).toBe('4,2025-06-02T01:00:00.000Z,2025-06-02T02:00:00.000Z,2025-06-01T20:00:00-05:00,40,0,11,10')
  expect(lines).toHaveLength(10)
  expect(await plan(file, '--csv', path)).toMatchObject({ code: 1, err: expect.stringContaining('is there already') })
  expect(await plan(file, '--csv', path, '--replace')).toMatchObject({ code: 0 })
})

test('each interval has its reason, on the site’s clock where it waits for one', async () => {
  const locked = { ...site, prices: [500, 500, 30, 30, 30, 30], groups: [{ ...group, initial_intervals: 1 }] }
  const { answer } = await json(locked)
  expect(answer.schedule).toEqual({ new: '100111' })
  expect(answer.reasons.new.slice(0, 4)).toEqual([
    'on: minimum run until 17:00',
    'off: price 500.00 > 100.00 revenue',
    'off: minimum run until 19:00',
    'on: price 30.00 < 100.00 revenue',
  ])
  const { prices_start: _, ...untimed } = locked
  expect((await json(untimed)).answer.reasons.new[0]).toBe('on: minimum run until interval 1')
})

test('a site that may draw less than its base load has no plan: a result that says what stands against what', async () => {
  const { code, answer } = await json({ ...site, site: { ...site.site, base_mw: 6, max_mw: 5 } })
  expect(code).toBe(0)
  expect(answer).toMatchObject({ status: 'INFEASIBLE', schedule: null, objective_usd: null, value_against_always_on_usd: null })
  expect(answer.conflicts.join(' ')).toContain('maxSiteMW is 5 MW')
  expect((await plan({ ...site, site: { ...site.site, base_mw: 6, max_mw: 5 } })).out).toContain('INFEASIBLE: no plan keeps all rules')
})

test('a limit below the installed load leaves the less valuable group out, planned by the solver', async () => {
  const { answer } = await json({
    ...site,
    site: { ...site.site, max_mw: 15 },
    groups: [group, { ...group, id: 'old', revenue_per_mwh: 50 }],
  })
  expect(answer).toMatchObject({ status: 'OPTIMAL', engine: 'highs' })
  expect(answer.intervals.every((i: { load_mw: number }) => i.load_mw <= 15)).toBe(true)
  expect(answer.reason_codes.old[0]).toBe('siteLimit')
})

test('prices without times are counted; a tariff leaves nothing to plan for', async () => {
  const { prices_start: _, ...untimed } = site
  const { answer } = await json(untimed)
  expect(answer.intervals[0]).toMatchObject({ start: null, end: null })
  expect((await json({ ...site, contract: { type: 'fixed', tariff_per_mwh: 44 } })).answer.schedule).toEqual({ new: '11111111' })
})

test('take-or-pay energy that cannot be sold runs through the spike: its price is owed either way', async () => {
  const contract = { type: 'ppa', strike_per_mwh: 40, contract_mw: 10, resale_allowed: false }
  expect((await json({ ...site, contract })).answer.schedule).toEqual({ new: '11111111' })
})

describe('what is refused', () => {
  test('a bad value by its place, a missing price list, text that is not JSON by its line', async () => {
    expect(await json({ ...site, groups: [{ ...group, start_cost_usd: -1 }] })).toMatchObject({
      code: 1,
      answer: { error: { kind: 'invalid-input', field: 'groups[0].start_cost_usd' } },
    })
    const { prices: _, ...priceless } = site
    expect(await json(priceless)).toMatchObject({ code: 1, answer: { error: { field: 'prices' } } })
    expect(await json('{"site":\n }')).toMatchObject({ code: 1, answer: { error: { line: 2 } } })
  })
  test('no file, or two, is wrong usage', async () => {
    const two = await plan(site, 'second.json', '--json')
    expect(two.code).toBe(2)
  })
})
