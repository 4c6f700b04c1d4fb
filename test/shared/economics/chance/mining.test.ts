import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { inChunks } from '#shared/economics/chance/in-chunks.ts'
import { mcMiningNpv } from '#shared/economics/chance/mc-mining-npv.ts'
import { miningMonths } from '#shared/economics/chance/mining-months.ts'
import { miningPaths } from '#shared/economics/chance/mining-paths.ts'
import { octavePower } from '#shared/economics/chance/octave-power.ts'
import { quantileOf } from '#shared/economics/chance/quantile.ts'
import { quantilesByReordering } from '#shared/economics/chance/select.ts'
import { value } from '../value.ts'

const fieldOf = (r: { ok: true } | { ok: false; failure: { field?: string } }) => (r.ok ? null : r.failure.field)

test('powers in 128ths of an octave', () => {
  expect([octavePower(0), octavePower(128), octavePower(-1280), octavePower(128 * 1000)]).toEqual([1, 2, 2 ** -10, 2 ** 1000])
  expect(octavePower(64)).toBeCloseTo(Math.SQRT2, 14)
  for (let x = -90_000; x < 90_000; x += 17.37) expect(Math.abs(octavePower(x) / Math.exp((x / 128) * Math.LN2) - 1)).toBeLessThan(1e-12)
  for (let x = -900; x < 900; x += 1.37) expect(Math.abs(octavePower(x) / Math.exp((x / 128) * Math.LN2) - 1)).toBeLessThan(3e-15)
  expect([octavePower(-1e9), octavePower(1e9)]).toEqual([expect.closeTo(0, 300), expect.any(Number)])
})

property.prop([fc.float64Array({ minLength: 1, maxLength: 200, noNaN: true, noDefaultInfinity: true, max: 1e9, min: -1e9 })])(
  'the quantiles found by selection are those of the sorted list',
  (values) => {
    const shares = [0, 0.05, 0.25, 0.5, 0.95, 1]
    const sorted = values.toSorted()
    const found = quantilesByReordering(values.slice(), shares)
    for (const [k, share] of shares.entries()) expect(found[k]).toBeCloseTo(quantileOf(sorted, share), 6)
  },
)

describe('mining month by month', () => {
  const one = { id: 'a', hashratePHs: 100, efficiencyJTH: 20, overheadRatio: 1, variablePerMWh: 50 }
  const site = {
    startHeight: 840_000,
    months: 1,
    feesPerBlockBtc: 0,
    poolFee: 0,
    fixedCostPerMonth: 1000,
    shutdownAllowed: true,
    btcPriceUsd: [1000],
    networkPHs: [10_000],
    groups: [one],
  }
  test('4,383 blocks of 3.125 BTC, one hundredth of them, against 1,461 MWh at 50 USD', () => {
    const { months, totalBtc, totalCashFlowUsd } = value(miningMonths(site))
    // 13,696.875 x 1 %; 136,968.75 - 73,050 - 1,000.
    expect(months).toEqual([
      { subsidyBtcNetwork: 13_696.875, btcMined: expect.closeTo(136.96875, 9), cashFlowUsd: expect.closeTo(62_918.75, 6), on: ['a'] },
    ])
    expect([totalBtc, totalCashFlowUsd]).toEqual([expect.closeTo(136.96875, 9), expect.closeTo(62_918.75, 6)])
  })
  test('a group that earns exactly its cost stops; where it may not stop it runs', () => {
    // 73,050 / 136.96875 USD a coin.
    const btcPriceUsd = [533.333]
    expect(value(miningMonths({ ...site, btcPriceUsd })).months[0]).toMatchObject({ on: [], cashFlowUsd: -1000, btcMined: 0 })
    expect(value(miningMonths({ ...site, btcPriceUsd, shutdownAllowed: false })).months[0]?.on).toEqual(['a'])
  })
  test('the halving falls on its block: 1,383 blocks of the month are after it', () => {
    const { months } = value(miningMonths({ ...site, startHeight: 1_047_000, months: 2, btcPriceUsd: [1, 1], networkPHs: [1, 1] }))
    // 3,000 x 3.125 + 1,383 x 1.5625; then 4,383 x 1.5625.
    expect(months.map((m) => m.subsidyBtcNetwork)).toEqual([11_535.9375, 6848.4375])
  })
  test('an empty site mines nothing and pays its fixed cost', () =>
    expect(value(miningMonths({ ...site, groups: [] }))).toMatchObject({ totalBtc: 0, totalCashFlowUsd: -1000 }))
  test.each([
    ['months', { startHeight: 6_930_000 - 4382 }],
    ['btcPriceUsd', { btcPriceUsd: [1, 2] }],
    ['networkPHs', { networkPHs: [] }],
    ['networkPHs', { networkPHs: [0] }],
    ['poolFee', { poolFee: 2 }],
    ['groups', { groups: [{ ...one, overheadRatio: 0.9 }] }],
    ['startHeight', { startHeight: 1.5 }],
  ])('bad %s is refused by name', (field, bad) => expect(fieldOf(miningMonths({ ...site, ...bad }))).toBe(field))
  test('the last block with a subsidy may be mined', () => expect(miningMonths({ ...site, startHeight: 6_930_000 - 4383 }).ok).toBe(true))
})

describe('NPV over simulated prices', () => {
  const mining = {
    startPrice: 71_000,
    driftAnnual: 0.08,
    volAnnual: 0.55,
    months: 36,
    hashratePHs: 1000,
    networkPHs: 950_000,
    subsidyBtc: 3.125,
    feesPerBlockBtc: 0.03,
    poolFee: 0.02,
    efficiencyJTH: 17.5,
    overheadRatio: 1.04,
    variablePerMWh: 50,
    discountRateAnnual: 0.12,
    paths: 50_000,
    seed: 1,
  }
  test.each([1, 2, 3])('seed %d: mean and spread lie within four errors of their closed forms', (seed) => {
    const mc = value(mcMiningNpv({ ...mining, seed }))
    expect(Math.abs(mc.meanNpv - (mc.meanNpvClosedFormUsd ?? Number.NaN))).toBeLessThan(4 * (mc.standardErrorUsd ?? Number.NaN))
    // 55 % over three years; the error of a deviation is sd / sqrt(2 n).
    const sd = 0.55 * Math.sqrt(3)
    expect(Math.abs((mc.sdFinalLogPrice ?? Number.NaN) - sd)).toBeLessThan((4 * sd) / Math.sqrt(2 * mining.paths))
    expect(mc.p05NpvUsd < mc.p50NpvUsd && mc.p50NpvUsd < mc.meanNpv && mc.meanNpv < mc.p95NpvUsd).toBe(true)
    expect(mc).toMatchObject({ seed, paths: 50_000, generator: expect.stringContaining('xoshiro128**') })
  })
  test('one month on paper: 43,830 USD of coins less 7,305 of energy', () => {
    // 4,383 x 1 BTC x 10 % x 100 USD; 200 kW x 730.5 h x 50 USD/MWh.
    const month = {
      startPrice: 100,
      driftAnnual: 0,
      volAnnual: 0,
      months: 1,
      hashratePHs: 10,
      networkPHs: 100,
      subsidyBtc: 1,
      feesPerBlockBtc: 0,
    }
    const more = { poolFee: 0, efficiencyJTH: 20, overheadRatio: 1, variablePerMWh: 50, discountRateAnnual: 0, paths: 3, seed: 9 }
    const mc = value(mcMiningNpv({ ...month, ...more }))
    for (const usd of [mc.meanNpv, mc.p05NpvUsd, mc.p95NpvUsd, mc.meanNpvClosedFormUsd]) expect(usd).toBeCloseTo(36_525, 8)
    expect(mc).toMatchObject({ probabilityOfLoss: 0, sdFinalLogPrice: 0 })
    expect(mc.sdNpvUsd).toBeCloseTo(0, 8)
  })
  test('without volatility every path is miningMonths under the same prices, discounted, halving and stops included', () => {
    const startHeight = 1_040_000
    const months = 6
    const flat = { ...mining, driftAnnual: -0.6, volAnnual: 0, months, startHeight, shutdownAllowed: true, variablePerMWh: 40, paths: 2 }
    const byMonth = value(
      miningMonths({
        startHeight,
        months,
        feesPerBlockBtc: 0.03,
        poolFee: 0.02,
        fixedCostPerMonth: 0,
        shutdownAllowed: true,
        btcPriceUsd: Array.from({ length: months }, (_, m) => 71_000 * Math.exp((-0.6 * (m + 1)) / 12)),
        networkPHs: Array(months).fill(950_000),
        groups: [{ id: 'a', hashratePHs: 1000, efficiencyJTH: 17.5, overheadRatio: 1.04, variablePerMWh: 40 }],
      }),
    ).months
    // Some months run and some do not, else this would show little.
    expect(byMonth.map((m) => m.on.length)).toEqual([1, 1, 1, 0, 0, 0])
    const npv = byMonth.reduce((total, m, k) => total + m.cashFlowUsd / 1.12 ** ((k + 1) / 12), 0)
    expect(value(mcMiningNpv(flat)).meanNpv / npv).toBeCloseTo(1, 11)
  })
  test('the right to stop never costs: no path is worse, and the closed form no longer holds', () => {
    const runs = value(mcMiningNpv(mining))
    const stops = value(mcMiningNpv({ ...mining, shutdownAllowed: true }))
    expect(stops.meanNpv).toBeGreaterThan(runs.meanNpv)
    // The best paths never stop: equal but for the order of their additions.
    expect([stops.p05NpvUsd > runs.p05NpvUsd, stops.p95NpvUsd >= runs.p95NpvUsd * (1 - 1e-12)]).toEqual([true, true])
    expect(stops).toMatchObject({ probabilityOfLoss: 0, meanNpvClosedFormUsd: null })
  })
  test('a seed gives the same figures to the last bit, another seed others', () => {
    const small = { ...mining, paths: 10_000 }
    expect(value(mcMiningNpv(small))).toEqual(value(mcMiningNpv(small)))
    expect(value(mcMiningNpv({ ...small, seed: 2 })).meanNpv).not.toBe(value(mcMiningNpv(small)).meanNpv)
  })
  test('the first chunk of a longer run is the whole of a shorter one', () => {
    expect(miningPaths.part({ ...mining, paths: 30_000 }, 0)).toEqual(miningPaths.part({ ...mining, paths: 8192 }, 0))
    expect(value(inChunks(miningPaths, { ...mining, paths: 1 })).sdNpvUsd).toBeNull()
  })
  test('the interval of a running mean is mean -+ 1.96 s / sqrt(n)', () => {
    // 1, 2, 3, 4: mean 2.5, variance 5/3, error sqrt(5/12) = 0.6455.
    expect(miningPaths.running?.(mining, [4, 10, 30])).toEqual({
      paths: 4,
      meanNpvUsd: 2.5,
      lowUsd: expect.closeTo(2.5 - 1.26517, 4),
      highUsd: expect.closeTo(2.5 + 1.26517, 4),
    })
  })
  test.each([
    ['paths', { paths: 0 }],
    ['paths', { paths: 5_000_000, months: 300 }],
    ['seed', { seed: -1 }],
    ['seed', { seed: 2 ** 53 }],
    ['months', { months: 1200, startHeight: 3_000_000, subsidyBtc: 0.00152587 }],
    ['subsidyBtc', { startHeight: 1_050_000 }],
    ['volAnnual', { volAnnual: 55 }],
    ['discountRateAnnual', { discountRateAnnual: -1 }],
    ['networkPHs', { networkPHs: 0 }],
    ['volAnnual', { driftAnnual: 10, volAnnual: 0, months: 1200 }],
  ])('bad %s is refused by name', (field, bad) => expect(fieldOf(mcMiningNpv({ ...mining, paths: 100, ...bad }))).toBe(field))
})
