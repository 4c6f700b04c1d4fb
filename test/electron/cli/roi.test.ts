import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { command } from '#electron/cli/roi.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hashyard-roi-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** 10 MW at a tariff of $40 that earn $60 a MWh: $20 x 730.5 h = $14,610 a MW-month. */
const site = {
  site: { name: 'Reeves', max_mw: 10, time_zone: 'America/Chicago' },
  contract: { type: 'fixed', tariff_per_mwh: 40 },
  groups: [{ id: 's21', mw: 10, revenue_per_mwh: 60 }],
  interval_hours: 1,
  conversion: { pue: 1.25, lease_per_kw_month_usd: 160, exit_multiple_of_noi: 6 },
}
const profile = {
  fiber_rtt_ms: 12,
  diverse_fiber_routes: 2,
  firm_share: 0.999,
  firm_mw: 60,
  interconnect_months: 15,
  substation_feeds: 2,
  design_wet_bulb_c: 23,
  region_score: 70,
  backup_generation: true,
  permanent_site: true,
}
const noRisk = {
  price_vol_annual: 0,
  power_sd_log: 0,
  elasticity_sd: 0,
  capex_overrun_mean: 0,
  capex_overrun_sd: 0,
  delay_mean_months: 0,
  delay_sd_months: 0,
  lease_sd: 0,
  tenant_defaults_per_year: 0,
}

const run = async (file: object, o: { draws?: string; seed?: number; signal?: AbortSignal; json?: boolean } = {}) => {
  const path = join(folder, 'site.json')
  await writeFile(path, JSON.stringify(file))
  let out = ''
  let err = ''
  const code = await command.run({
    args: [path],
    flags: { draws: o.draws ?? '300' },
    json: o.json ?? true,
    dataDir: folder,
    demo: false,
    allowLoopback: false,
    seed: o.seed ?? 1,
    now: () => Date.UTC(2026, 10, 24),
    clock: null,
    out: (t) => {
      out += t
    },
    err: (t) => {
      err += t
    },
    signal: o.signal ?? new AbortController().signal,
  })
  return { code, err, out, answer: out.startsWith('{') ? JSON.parse(out) : null }
}

test('a site file gives NPV, IRR, payback, coverage, quantiles, tornado and suitability', async () => {
  const { answer, code } = await run({ ...site, profile })
  expect(code).toMatchObject({ ok: true })
  // 8 MW of IT at $10.5M.
  expect(answer).toMatchObject({ it_mw: 8, total_capex_usd: 84_000_000, covenant_dscr: 1.35, suitability: { not_surveyed: [] } })
  for (const key of [
    'npv_usd',
    'irr',
    'payback_months',
    'min_dscr',
    'p10_usd',
    'p50_usd',
    'p90_usd',
    'break_even_lease',
    'regret_probability',
  ])
    expect(answer[key], key).toEqual(expect.any(Number))
  expect(answer.p10_usd).toBeLessThan(answer.p50_usd)
  expect(answer.tornado[0].swing_usd).toBeGreaterThanOrEqual(answer.tornado[1].swing_usd)
  expect(answer.gates).toHaveLength(5)
  expect(answer.monte_carlo).toMatchObject({ draws: 300, seed: 1, generator: expect.stringContaining('xoshiro') })
})
test('with nothing uncertain in the file every quantile is the plan’s NPV, and regret is its sign', async () => {
  const { answer } = await run({ ...site, profile, risks: noRisk, block_height: null }, { draws: '3' })
  for (const key of ['p10_usd', 'p50_usd', 'p90_usd']) expect(Math.abs(answer[key] / answer.npv_usd - 1)).toBeLessThan(1e-9)
  expect(answer.regret_probability).toBe(answer.npv_usd < 0 ? 1 : 0)
  expect(answer.npv_keep_mining_usd).toBeCloseTo(
    10 * 14_610 * Array.from({ length: 181 }, (_, m) => 1.12 ** (-m / 12)).reduce((a, b) => a + b),
    0,
  )
})
test('with halvings ahead every quantile is the plan’s NPV all the same: both sides meet the same months', async () => {
  const { answer } = await run({ ...site, profile, risks: noRisk, block_height: 970_000 }, { draws: '3' })
  for (const key of ['p10_usd', 'p50_usd', 'p90_usd']) expect(Math.abs(answer[key] / answer.npv_usd - 1)).toBeLessThan(1e-9)
  // 60 x 0.6516 = $39.10 does not pay for $40: after block 1,050,000 the fleet stands still.
  expect(answer.keep_mining.map((e: { margin_per_mw_month_usd: number }) => e.margin_per_mw_month_usd)).toEqual([14_610, 0, 0, 0, 0])
  const days = Array.from({ length: 19 }, (_, m) => (m < 18 ? 1 : 79_999 / 4383 - 18) * 1.12 ** (-m / 12))
  expect(answer.npv_keep_mining_usd).toBeCloseTo(10 * 14_610 * days.reduce((a, b) => a + b), 0)
})
test('the same seed answers the same, another seed another', async () => {
  const one = (await run({ ...site, profile })).answer
  expect((await run({ ...site, profile })).answer).toEqual(one)
  expect((await run({ ...site, profile }, { seed: 2 })).answer.p50_usd).not.toBe(one.p50_usd)
})
test('a failed gate takes the figures away and names its cure', async () => {
  const { answer } = await run({ ...site, profile: { ...profile, firm_mw: 4 } })
  expect(answer).toMatchObject({ verdict: 'DO_NOT_CONVERT', npv_usd: null, p50_usd: null, tornado: null, monte_carlo: null })
  expect(answer.gates[0]).toMatchObject({ id: 'FIRM_MW', failed: true, cure: expect.stringContaining('6.0 MW') })
})
test('what nobody surveyed has no score and passes no gate, and a gate that is known to fail still fails', async () => {
  const { answer } = await run(site)
  expect(answer.suitability.score).toBeNull()
  expect(answer.gates.map((g: { failed: unknown }) => g.failed)).toEqual([null, null, null, null, null])
  const known = (await run({ ...site, profile: { permanent_site: false } })).answer
  expect(known).toMatchObject({ verdict: 'DO_NOT_CONVERT', npv_usd: null })
  expect(known.gates[4]).toMatchObject({ id: 'PERMANENCE', failed: true })
})
test('at the market, what mining on is worth needs prices', async () =>
  expect((await run({ ...site, contract: { type: 'index' } })).code).toMatchObject({ ok: false, failure: { field: 'prices' } }))
test('energy that is owed either way: a miner who stops still pays the strike', async () => {
  const owed = { type: 'ppa', strike_per_mwh: 40, contract_mw: 10, resale_allowed: false }
  const risks = { ...noRisk, price_vol_annual: 2, elasticity: 0 }
  const { answer } = await run({ ...site, profile, contract: owed, prices: [30, 50], risks }, { draws: '400' })
  // $40 x 730.5 h x 10 MW a month is the most that can be lost, whatever the coin does.
  const floor = -10 * 40 * 730.5 * Array.from({ length: 181 }, (_, m) => 1.12 ** (-m / 12)).reduce((a, b) => a + b)
  expect(answer.monte_carlo.npv_keep_mining.p05_usd).toBeLessThan(floor * 0.8)
  expect(answer.monte_carlo.npv_keep_mining.p05_usd).toBeGreaterThanOrEqual(floor * 1.000001)
})
test('a fleet far out of the money stays off in nearly all draws: it does not stand at the brink of earning', async () => {
  const risks = { ...noRisk, price_vol_annual: 0.55 }
  const off = { ...site, profile, risks, groups: [{ id: 's9', mw: 10, revenue_per_mwh: 6 }] }
  const brink = { ...site, profile, risks, groups: [{ id: 's9', mw: 10, revenue_per_mwh: 40 }] }
  const far = (await run(off, { draws: '2000' })).answer
  const near = (await run(brink, { draws: '2000' })).answer
  expect([far.npv_keep_mining_usd, near.npv_keep_mining_usd]).toEqual([0, 0])
  // From 6 to 40 USD/MWh the hashprice rises 6.7-fold; a coin at 55 % does that late and seldom.
  expect(far.monte_carlo.npv_keep_mining.p50_usd).toBe(0)
  expect(near.monte_carlo.npv_keep_mining.p50_usd).toBeGreaterThan(1e5)
  expect(far.monte_carlo.npv_keep_mining.mean_usd).toBeLessThan(near.monte_carlo.npv_keep_mining.mean_usd / 3)
})
test('a mistake in the file is told with the file’s name', async () => {
  const path = join(folder, 'site.json')
  expect((await run({ ...site, conversion: { pue: 0.9 } })).code).toMatchObject({
    ok: false,
    failure: { field: 'conversion.pue', message: expect.stringMatching(/site\.json: conversion\.pue: /) },
  })
  expect((await run({ ...site, contract: { type: 'index' } })).code).toMatchObject({
    ok: false,
    failure: { message: expect.stringContaining(`${path}: prices`) },
  })
})
test('fees and overhead that the file leaves out are named, where machines are told by their efficiency', async () => {
  const told = { ...site, profile, hashprice_usd_per_ph_day: 40, groups: [{ id: 's21', mw: 10, efficiency_jth: 20 }] }
  const note = (answer: { assumed: { field: string; reason: string }[] }) => answer.assumed.find((a) => a.field === 'site')?.reason
  expect(note((await run(told)).answer)).toMatch(/^pool_fee 0, stale 0, overhead_ratio 1: /)
  expect(note((await run({ ...told, site: { ...site.site, pool_fee: 0.02, stale: 0.004 } })).answer)).toMatch(/^overhead_ratio 1: /)
  // Revenue per MWh is what is left after them.
  expect(note((await run({ ...site, profile })).answer)).toBeUndefined()
})
test('capital that the tenant pays: no debt falls due, nothing to put off', async () => {
  const { out } = await run({ ...site, profile, conversion: { tenant_funded_share: 1 } }, { json: false })
  expect(out).toContain('Debt service      none falls due')
  expect(out).toContain('Waiting           nothing is invested')
})
test('no debt, no coverage; keys that nobody reads are named', async () => {
  const { answer } = await run({ ...site, profile, debt: null, colour: 'blue' })
  expect(answer).toMatchObject({ min_dscr: null, equity_irr: null, problems: [{ field: 'colour' }] })
})
test('GPUs and coins are told beside it', async () => {
  const gpu = {
    it_mw: 8,
    kw_per_gpu: 1.9,
    capex_per_gpu: 52_000,
    facility_capex_per_it_mw: 11e6,
    price_per_gpu_hour: 3.1,
    price_decline_annual: 0.1,
    utilisation: 0.9,
    years: 5,
    opex_share_of_revenue: 0.08,
    pue: 1.25,
    it_load_factor: 0.8,
    power_price_per_mwh: 40,
    gpu_residual_share: 0.15,
    facility_residual_share: 0.7,
    gpu_life_years: 6,
    discount_rate_annual: 0.12,
  }
  const more = { profile, gpu, treasury: { btc_held: 10 }, btc_price_usd: 71_000 }
  const { answer } = await run({ ...site, ...more }, { draws: '50' })
  expect(answer.gpu).toMatchObject({ gpus: 4210, warnings: [expect.stringContaining('6 years')], monte_carlo: { draws: 50 } })
  const { out } = await run({ ...site, ...more }, { draws: '50', json: false })
  expect(out).toMatch(/NPV \S+ by itself/)
  expect(out).toMatch(/against mining on P10 \S+ · P50/)
  // $710,000 of coins against a quarter of $84M.
  expect(answer.treasury).toMatchObject({ probability_shortfall: 1, btc_left: 0 })
})
test('a board reads it as text', async () => {
  const { out } = await run({ ...site, profile }, { json: false })
  for (const word of ['Verdict', 'NPV', 'DSCR', 'Regret', 'Break-even lease', 'Waiting', 'P10', 'Assumed']) expect(out).toContain(word)
  expect(out).not.toMatch(/NaN|Infinity|undefined/)
  expect(out).toMatch(/Capital cost per IT MW +\$8\.00M\/MW to \$16\.0M\/MW: /)
  expect(out).toMatch(/Discount rate +9\.0 % a year to 25\.0 % a year: /)
  expect(out).toContain('conversion.escalator_annual 3.0 % a year: ')
  expect(out).toContain('conversion.power_pass_through yes: ')
  expect(out).toContain('a MW that mines on keeps $14,610/MW-month today, $0/MW-month from month 16')
  expect(out).toContain('block_height 976,511: 144 blocks a day')
  const held = (await run({ ...site, profile, block_height: null }, { json: false })).out
  expect(held).toContain('no halving is taken off')
  expect(out).not.toMatch(/\d\.\d{5}/)
})
test.each(['0', '2.5', 'many', '1000001'])('--draws %s is wrong usage', async (draws) => expect((await run(site, { draws })).code).toBe(2))
test('Ctrl-C ends the draws', async () => {
  const stop = new AbortController()
  const answer = run({ ...site, profile }, { draws: '1000000', signal: stop.signal })
  setTimeout(() => stop.abort(), 400)
  expect((await answer).code).toMatchObject({ ok: false, failure: { kind: 'cancelled' } })
})
