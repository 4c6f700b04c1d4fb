import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { blocksPerPhDay, hashprice, impliedHashrate } from '#shared/economics/revenue/hashprice.ts'
import { poolPayout } from '#shared/economics/revenue/pool-payout.ts'
import { rollup } from '#shared/economics/revenue/roll-up.ts'
import { horizonBtc, subsidyAtHeight, supplyAtHeight } from '#shared/economics/revenue/subsidy.ts'
import { sum } from '#shared/economics/sum.ts'
import { value } from '../value.ts'

test('the subsidy halves at blocks 210,000 and 840,000 and ends at 6,930,000', () => {
  const at = (height: number) => value(subsidyAtHeight({ height })).subsidySats
  expect([at(209_999), at(210_000), at(840_000), at(6_929_999), at(6_930_000)]).toEqual([50e8, 25e8, 3.125e8, 1, 0])
  expect(at(2 ** 53 - 1)).toBe(0)
})
test('the first halving era makes 10.5 million coins; all of them together just under 21 million', () => {
  expect(value(supplyAtHeight({ height: 209_999 })).supplySats).toBe(10_500_000e8)
  // Sum of floored subsidies, known from the protocol: 20,999,999.9769 BTC.
  expect(value(supplyAtHeight({ height: 10_000_000 })).supplySats).toBe(2_099_999_997_690_000)
})
test('a halving inside a horizon is counted block by block', () => {
  const h = value(horizonBtc({ startHeight: 1_049_999, blocks: 2, networkShare: 1, feesPerBlockBtc: 0 }))
  expect(h).toMatchObject({ totalBtc: 3.125 + 1.5625, halvingsInside: 1 })
  expect(value(horizonBtc({ startHeight: 1_050_000, blocks: 2, networkShare: 1, feesPerBlockBtc: 0.5 }))).toMatchObject({
    subsidyBtc: 3.125,
    feesBtc: 1,
    halvingsInside: 0,
  })
  expect(value(horizonBtc({ startHeight: 5, blocks: 0, networkShare: 1, feesPerBlockBtc: 1 }))).toMatchObject({
    totalBtc: 0,
    halvingsInside: 0,
  })
})
test('a horizon ends with the last subsidy: one block further is refused by its count', () => {
  const all = (blocks: number) => horizonBtc({ startHeight: 0, blocks, networkShare: 1, feesPerBlockBtc: 0 })
  expect(value(all(6_930_000)).subsidyBtc).toBeCloseTo(20_999_999.9769, 4)
  expect(all(6_930_001)).toMatchObject({ ok: false, failure: { kind: 'invalid-input', field: 'blocks' } })
  expect(all(2 ** 53 - 2)).toMatchObject({ ok: false, failure: { field: 'blocks' } })
})

test('133.79 T is 957.7 EH/s at ten-minute blocks', () =>
  expect(value(impliedHashrate({ difficulty: 133.79e12, blockSeconds: 600 })).hashrateEHs).toBeCloseTo(957.7, 1))
test('on 7 August 2021 the hashprice was $383.55: 14.496 T, $43,629, 1.34 % fees', () =>
  expect(
    value(hashprice({ difficulty: 14.496e12, btcPriceUsd: 43_629, subsidyBtc: 6.25, feeShareOfReward: 0.0134 })).usdPerPhDay,
  ).toBeCloseTo(383.55, 2))
test('a difficulty of 2.0117e14 finds one block in 10,000 PH-days', () =>
  expect(blocksPerPhDay(201_165_676_116_943.38)).toBeCloseTo(1e-4, 15))
property.prop([fc.double({ min: 1, max: 1e6, noNaN: true }), fc.double({ min: 0.1, max: 10, noNaN: true })])(
  'hashprice is linear in the coin price',
  (price, factor) => {
    const at = (btcPriceUsd: number) =>
      value(hashprice({ difficulty: 1e14, btcPriceUsd, subsidyBtc: 3.125, feesPerBlockBtc: 0.02 })).usdPerPhDay
    expect(at(price * factor) / at(price)).toBeCloseTo(factor, 9)
  },
)

const pool = { subsidyBtc: 3, feesPerBlockBtc: 1, hashratePHs: 1000, difficulty: 201_165_676_116_943.38, stale: 0, days: 10, poolFee: 0.1 }
test('1,000 PH/s that find one block in ten days are paid 3.6 BTC by FPPS, 2.7 by PPS and the fees as they came by PPS+', () => {
  expect(value(poolPayout({ scheme: 'FPPS', ...pool }))).toMatchObject({ relStdDev: 0, btc: expect.closeTo(3.6, 9) })
  expect(value(poolPayout({ scheme: 'PPS', ...pool })).btc).toBeCloseTo(2.7, 9)
  expect(value(poolPayout({ scheme: 'PPS+', ...pool, txFeePoolFee: 0.5, actualFeesPerBlockBtc: 2 })).btc).toBeCloseTo(3.7, 9)
})
test('a solo miner who expects one block finds none in 37 of 100 such periods', () => {
  const solo = value(poolPayout({ scheme: 'SOLO', ...pool }))
  expect(solo).toMatchObject({ relStdDev: expect.closeTo(1, 9), probabilityZeroBlocks: expect.closeTo(0.3679, 4) })
})
test('PPLNS in a pool of 100,000 PH/s that expects 100 blocks has a tenth of relative deviation; risk aversion 2 costs it 1 %', () => {
  const pplns = value(poolPayout({ scheme: 'PPLNS', ...pool, poolHashratePHs: 100_000, riskAversion: 2 }))
  expect(pplns).toMatchObject({
    relStdDev: expect.closeTo(0.1, 9),
    certaintyEquivalentBtc: expect.closeTo(3.6 * 0.99, 9),
    fppsPremium: expect.closeTo(0.01, 9),
  })
})
test('without hashrate a solo miner is paid nothing and has no relative deviation', () =>
  expect(value(poolPayout({ scheme: 'SOLO', ...pool, hashratePHs: 0 }))).toMatchObject({
    btc: 0,
    relStdDev: null,
    probabilityZeroBlocks: 1,
  }))

test('a fleet is rolled up from sums: 1 PH/s at 20 and 3 PH/s at 40 J/TH are 35 J/TH, not 30', () => {
  const unit = { units: 10, uptime: 1, site: 'A' }
  const r = value(
    rollup({
      groups: [
        { ...unit, id: 'new', unitTHs: 100, efficiencyJTH: 20 },
        { ...unit, id: 'old', unitTHs: 300, efficiencyJTH: 40 },
      ],
      siteOverheadRatio: { A: 1 },
      hashpriceUsdPerPhDay: 50,
      poolFee: 0,
      days: 1,
    }),
  )
  // 4 PH/s x $50 = $200 a day on 20 + 120 = 140 kW = 3.36 MWh.
  expect(r.sites.A).toMatchObject({ effectivePHs: 4, revenueUsd: 200, fleetEfficiencyJTH: 35, energyMWh: expect.closeTo(3.36, 9) })
  expect(r.portfolio.revenuePerMWh).toBeCloseTo(59.52, 2)
})
test('a group of a site without an overhead ratio is refused', () => {
  const groups = [{ id: 'a', site: 'B', units: 1, unitTHs: 100, efficiencyJTH: 20, uptime: 1 }]
  expect(rollup({ groups, siteOverheadRatio: { A: 1 }, hashpriceUsdPerPhDay: 50, poolFee: 0, days: 1 })).toMatchObject({
    ok: false,
    failure: { kind: 'invalid-input', field: 'groups', message: expect.stringContaining('groups[0].site') },
  })
})
test('an empty site earns nothing and has no ratios', () =>
  expect(value(rollup({ groups: [], siteOverheadRatio: {}, hashpriceUsdPerPhDay: 50, poolFee: 0, days: 1 })).portfolio).toEqual({
    effectivePHs: 0,
    energyMWh: 0,
    revenueUsd: 0,
    revenuePerMWh: null,
    fleetEfficiencyJTH: null,
  }))
test('a compensated sum keeps the cent beside ten quadrillion', () => expect(sum([1e16, 0.01, -1e16])).toBe(0.01))
test('a pool that keeps all, or nothing but stale shares, is odd and not wrong: it pays nothing', () => {
  const pool = { subsidyBtc: 3, feesPerBlockBtc: 1, hashratePHs: 1000, difficulty: 1e14, stale: 0, days: 10, poolFee: 0.1 }
  expect(value(poolPayout({ scheme: 'FPPS', ...pool, poolFee: 1 })).btc).toBe(0)
  expect(value(poolPayout({ scheme: 'SOLO', ...pool, stale: 1 }))).toMatchObject({ btc: 0, relStdDev: null, probabilityZeroBlocks: 1 })
  expect(poolPayout({ scheme: 'FPPS', ...pool, stale: 1.01 })).toMatchObject({ ok: false, failure: { field: 'stale' } })
})
