import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { equilibriumElastic } from '#shared/economics/network/equilibrium-elastic.ts'
import { equilibriumSupply } from '#shared/economics/network/equilibrium-supply.ts'
import { networkRevenue } from '#shared/economics/network/network-revenue.ts'
import type { Tranche } from '#shared/economics/network/tranches.ts'
import { value } from '../value.ts'

const at = (tranches: Tranche[], networkRevenueUsdPerDay: number) => value(equilibriumSupply({ tranches, networkRevenueUsdPerDay }))
const t = (id: string, hashratePHs: number, breakEvenHashpriceUsd: number): Tranche => ({ id, hashratePHs, breakEvenHashpriceUsd })
const three = [t('old', 100, 50), t('new', 100, 20), t('mid', 100, 40)]

describe('three tranches of 100 PH/s at 20, 40 and 50', () => {
  test.each([
    // [revenue, hashprice, online, marginal, partly on]
    [1000, 20, 50, 'new', true], // carries half of the cheapest
    [2000, 20, 100, 'new', false], // all of it, just
    [3000, 30, 100, 'new', false], // too little for the second
    [4000, 40, 100, 'new', false], // the second is at its break-even, and there is nothing to spare
    [6000, 40, 150, 'mid', true],
    [8000, 40, 200, 'mid', false],
    [9000, 45, 200, 'mid', false],
    [12_500, 50, 250, 'old', true],
    [30_000, 100, 300, 'old', false],
  ])('$%d a day: hashprice %d, %d PH/s, %s the last (partly: %s)', (revenue, hashpriceUsd, onlinePHs, marginalId, marginalIsPartlyOn) =>
    expect(at(three, revenue)).toMatchObject({ hashpriceUsd, onlinePHs, marginalId, marginalIsPartlyOn, offPHs: 300 - onlinePHs }),
  )
  test('only those running are listed', () => expect(at(three, 6000).onPHs).toEqual({ new: 100, mid: 50 }))
})
test('of two at the same break-even the first by id runs first', () =>
  expect(at([t('b', 100, 40), t('a', 100, 40)], 6000)).toMatchObject({ onPHs: { a: 100, b: 50 }, hashpriceUsd: 40, marginalId: 'b' }))
test('no revenue: nobody runs, at hashprice 0', () =>
  expect(at(three, 0)).toMatchObject({ hashpriceUsd: 0, onlinePHs: 0, marginalId: null, onPHs: {} }))
test('those paid to consume always run', () =>
  expect(at([t('flare', 100, -5), t('grid', 100, 40)], 1000)).toMatchObject({ hashpriceUsd: 10, onPHs: { flare: 100 } }))
test('without any hashrate there is no hashprice to tell', () =>
  expect(at([t('a', 0, 10), t('b', 0, 20)], 1000)).toMatchObject({ hashpriceUsd: null, onlinePHs: 0, marginalId: null }))
test.each([
  ['no tranche', 'tranches', { tranches: [] }],
  ['negative hashrate', 'tranches', { tranches: [t('a', -1, 10)] }],
  ['a break-even that is no number', 'tranches', { tranches: [t('a', 1, Number.NaN)] }],
  ['two of a name', 'tranches', { tranches: [t('a', 1, 10), t('a', 1, 20)] }],
  ['negative revenue', 'networkRevenueUsdPerDay', { networkRevenueUsdPerDay: -1 }],
])('%s is refused', (_, field, bad) =>
  expect(equilibriumSupply({ tranches: three, networkRevenueUsdPerDay: 1, ...bad })).toMatchObject({ ok: false, failure: { field } }),
)

const someTranches = fc
  .array(fc.tuple(fc.double({ min: 1, max: 1e6, noNaN: true }), fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 12 })
  .map((list) => list.map(([hashratePHs, breakEven], k) => t(`t${k}`, hashratePHs, breakEven)))
const revenue = fc.double({ min: 1, max: 1e8, noNaN: true })
property.prop([someTranches, revenue])('hashprice x online is the revenue, and what runs adds up', (tranches, v) => {
  const e = at(tranches, v)
  expect(((e.hashpriceUsd ?? 0) * e.onlinePHs) / v).toBeCloseTo(1, 9)
  expect(Object.values(e.onPHs).reduce((a, b) => a + b, 0) / e.onlinePHs).toBeCloseTo(1, 9)
})
property.prop([someTranches, revenue, fc.double({ min: 1.000001, max: 3, noNaN: true })])(
  'no other hashprice balances: above it those willing earn more than there is, below it less',
  (tranches, v, factor) => {
    const h = at(tranches, v).hashpriceUsd ?? 0
    const paidAt = (hashprice: number) =>
      hashprice * tranches.filter((x) => x.breakEvenHashpriceUsd <= hashprice).reduce((a, x) => a + x.hashratePHs, 0)
    expect(paidAt(h * factor)).toBeGreaterThan(v)
    expect(paidAt(h / factor)).toBeLessThan(v)
  },
)
property.prop([someTranches, revenue, fc.nat()])('a tranche that goes never lowers hashprice for those who stay', (tranches, v, which) => {
  fc.pre(tranches.length > 1)
  const left = tranches.filter((_, k) => k !== which % tranches.length)
  expect(at(left, v).hashpriceUsd ?? 0).toBeGreaterThanOrEqual((at(tranches, v).hashpriceUsd ?? 0) * (1 - 1e-12))
})

const base = { baseHashpriceUsd: 33.3, baseHashratePHs: 957_700, networkRevenueUsdPerDay: 33.3 * 957_700, elasticity: 0.6 }
const elastic = (more: object) => value(equilibriumElastic({ ...base, exogenousExitShare: 0, ...more }))
test('at the base nothing changes', () =>
  expect(elastic({})).toMatchObject({
    hashpriceUsd: expect.closeTo(33.3, 9),
    hashpriceChange: expect.closeTo(0, 12),
    hashrateChange: expect.closeTo(0, 12),
  }))
test('elasticity 0 is rigid: a fifth less revenue is a fifth less hashprice, and nobody leaves', () =>
  expect(elastic({ elasticity: 0, networkRevenueUsdPerDay: 0.8 * base.networkRevenueUsdPerDay })).toMatchObject({
    hashpriceChange: expect.closeTo(-0.2, 12),
    hashrateChange: expect.closeTo(0, 12),
  }))
test('elasticity without bound pins hashprice at cost: hashrate takes the whole fifth', () => {
  for (const elasticity of [1e6, 1e300]) {
    const e = elastic({ elasticity, networkRevenueUsdPerDay: 0.8 * base.networkRevenueUsdPerDay })
    expect(e.hashpriceChange).toBeCloseTo(0, 6)
    expect(e.hashrateChange).toBeCloseTo(-0.2, 6)
  }
})
test('elasticity 1: four times the revenue doubles both', () =>
  expect(elastic({ elasticity: 1, networkRevenueUsdPerDay: 4 * base.networkRevenueUsdPerDay })).toMatchObject({
    hashpriceChange: expect.closeTo(1, 9),
    hashrateChange: expect.closeTo(1, 9),
  }))
test('where 15 % leave for AI and nobody else answers, those who stay share the same revenue: 1 / 0.85', () =>
  expect(elastic({ elasticity: 0, exogenousExitShare: 0.15 }).hashpriceChange).toBeCloseTo(0.17647, 5))
test('no revenue: hashprice 0, and hashrate only where nobody answers', () => {
  expect(elastic({ networkRevenueUsdPerDay: 0 })).toMatchObject({ hashpriceUsd: 0, hashratePHs: 0 })
  expect(elastic({ networkRevenueUsdPerDay: 0, elasticity: 0 })).toMatchObject({ hashpriceUsd: 0, hashratePHs: 957_700 })
})
test.each([
  ['baseHashpriceUsd', 0],
  ['baseHashratePHs', -1],
  ['networkRevenueUsdPerDay', -1],
  ['elasticity', -0.1],
  ['exogenousExitShare', 1],
  ['exogenousExitShare', 15],
])('elastic form: %s = %d is refused', (field, bad) =>
  expect(equilibriumElastic({ ...base, exogenousExitShare: 0, [field]: bad })).toMatchObject({ ok: false, failure: { field } }),
)
property.prop([fc.double({ min: 0, max: 5, noNaN: true }), fc.double({ min: 0, max: 0.9, noNaN: true }), revenue])(
  'the elastic form too conserves revenue and lies on its own supply curve',
  (elasticity, exogenousExitShare, networkRevenueUsdPerDay) => {
    const e = elastic({ elasticity, exogenousExitShare, networkRevenueUsdPerDay })
    expect((e.hashpriceUsd * e.hashratePHs) / networkRevenueUsdPerDay).toBeCloseTo(1, 9)
    expect(e.hashratePHs / (957_700 * (1 - exogenousExitShare) * (e.hashpriceUsd / 33.3) ** elasticity)).toBeCloseTo(1, 9)
  },
)

test('144 blocks of 3.15 BTC at $71,000 pay all miners $32,205,600 a day, from the halving on $16,230,600', () => {
  const on = (height: number) => value(networkRevenue({ height, feesPerBlockBtc: 0.025, btcPriceUsd: 71_000 })).networkRevenueUsdPerDay
  expect(on(1_049_999)).toBeCloseTo(32_205_600, 6)
  expect(on(1_050_000)).toBeCloseTo(16_230_600, 6)
})
