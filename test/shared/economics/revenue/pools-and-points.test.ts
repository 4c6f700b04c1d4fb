import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { operatingPoints } from '#shared/economics/revenue/operating-points.ts'
import { poissonBand } from '#shared/economics/revenue/poisson-band.ts'
import { poolComparison } from '#shared/economics/revenue/pool-comparison.ts'
import { realisedHashrate } from '#shared/economics/revenue/realised-hashrate.ts'
import { value } from '../value.ts'

const market = { overheadRatio: 1, variablePerMWh: 50, poolFee: 0, hashpriceUsdPerPhDay: 30 }
const low = { id: 'low', hashratePHs: 60, efficiencyJTH: 15 }
const middle = { id: 'middle', hashratePHs: 80, efficiencyJTH: 20 }
const full = { id: 'full', hashratePHs: 100, efficiencyJTH: 20 }

test('80 PH/s at 20 J/TH lie 0.15 MW above a mix of 60 at 15 and 100 at 20, and are dropped by name', () => {
  const p = value(operatingPoints({ points: [full, middle, low], ...market }))
  expect(p.kept.map((k) => k.id)).toEqual(['low', 'full'])
  // Half way from 0.9 to 2 MW is 1.45; the mode draws 1.6.
  expect(p.dropped).toEqual([{ id: 'middle', betweenIds: ['low', 'full'], excessMW: expect.closeTo(0.15, 12) }])
  // 0.9 MW for 60 PH/s: 15 x 0.024 x 50 = $18; 1.1 MW for the last 40: 27.5 x 0.024 x 50 = $33.
  expect(p.kept.map((k) => k.paysFromHashpriceUsd)).toEqual([expect.closeTo(18, 9), expect.closeTo(33, 9)])
})
test('between $18 and $33 of hashprice the group runs low, above full, below off; paid to consume, always full', () => {
  const best = (more: object) => value(operatingPoints({ points: [low, full], ...market, ...more })).bestId
  expect([17.9, 18.1, 32.9, 33.1].map((h) => best({ hashpriceUsdPerPhDay: h }))).toEqual(['off', 'low', 'low', 'full'])
  expect(best({ variablePerMWh: -5, hashpriceUsdPerPhDay: 0 })).toBe('full')
})
test('a mode that hashes less for more power per hash than the full one is dropped', () =>
  expect(value(operatingPoints({ points: [{ ...low, efficiencyJTH: 21 }, full], ...market })).dropped).toEqual([
    { id: 'low', betweenIds: ['off', 'full'], excessMW: expect.closeTo(0.06, 12) },
  ]))
test('two modes on one line but for a rounding are never told with the same cost of the last PH/s', () => {
  const points = [
    { id: 'low', hashratePHs: 105, efficiencyJTH: 5 },
    { id: 'high', hashratePHs: 951.018524269723, efficiencyJTH: 5.000000000000001 },
  ]
  const told = value(operatingPoints({ points, ...market })).kept.map((p) => p.marginalEfficiencyJTH)
  expect(told.every((jth, at) => at === 0 || jth > (told[at - 1] ?? 0))).toBe(true)
})
property.prop([
  fc.array(
    fc.record({ hashratePHs: fc.double({ min: 1, max: 1000, noNaN: true }), efficiencyJTH: fc.double({ min: 5, max: 100, noNaN: true }) }),
    { minLength: 1, maxLength: 12 },
  ),
])('what is kept costs more for each further PH/s, and no dropped mode is under it', (points) => {
  const p = value(operatingPoints({ points: points.map((x, k) => ({ ...x, id: String(k) })), ...market }))
  for (const [k, mode] of p.kept.entries())
    if (k > 0) expect(mode.marginalEfficiencyJTH).toBeGreaterThan(p.kept[k - 1]?.marginalEfficiencyJTH ?? 0)
  for (const mode of p.dropped) expect(mode.excessMW).toBeGreaterThanOrEqual(-1e-9)
  expect(p.kept.length + p.dropped.length).toBe(points.length)
})

// One block in 10,000 PH-days: 1,000 PH/s find one in ten days.
const mine = {
  subsidyBtc: 3,
  feesPerBlockBtc: 1,
  hashratePHs: 1000,
  difficulty: 201_165_676_116_943.38,
  stale: 0,
  days: 10,
  riskAversion: 0.1,
}
test('a PPLNS pool that expects one block is worth an FPPS pool at 5.95 %: a premium of 4.95 points on its 1 %', () => {
  const c = value(
    poolComparison({
      ...mine,
      pools: [
        { id: 'fpps', scheme: 'FPPS', poolFee: 0.02 },
        { id: 'luck', scheme: 'PPLNS', poolFee: 0.01, poolHashratePHs: 1000 },
        { id: 'large', scheme: 'PPLNS', poolFee: 0.01, poolHashratePHs: 1_000_000 },
      ],
    }),
  )
  expect(c.rows.map((r) => r.id)).toEqual(['large', 'fpps', 'luck'])
  expect(c.bestId).toBe('large')
  expect(c.rows[2]).toMatchObject({ equalFppsFee: expect.closeTo(0.0595, 12), fppsPremium: expect.closeTo(0.0495, 12) })
  expect(c.rows[1]).toMatchObject({ meanBtc: expect.closeTo(3.92, 9), relStdDev: 0, fppsPremium: expect.closeTo(0, 12) })
})
test('luck that takes more than half of the mean is not compared; without hashrate there is nothing to compare', () => {
  const solo = { id: 'solo', scheme: 'SOLO' as const, poolFee: 0 }
  expect(value(poolComparison({ ...mine, riskAversion: 2, pools: [solo] }))).toMatchObject({ bestId: null, rows: [{ comparable: false }] })
  expect(value(poolComparison({ ...mine, hashratePHs: 0, pools: [solo] })).rows[0]).toMatchObject({
    meanBtc: 0,
    certaintyEquivalentBtc: null,
    equalFppsFee: null,
  })
})

test('the Poisson band of 0, 1 and 10 events at 95 % is the published table: 0–3.689, 0.0253–5.572, 4.795–18.390', () => {
  expect(poissonBand(0, 0.95)).toEqual({ low: 0, high: expect.closeTo(3.6889, 4) })
  expect(poissonBand(1, 0.95)).toEqual({ low: expect.closeTo(0.0253, 4), high: expect.closeTo(5.5716, 4) })
  expect(poissonBand(10, 0.95)).toEqual({ low: expect.closeTo(4.7954, 4), high: expect.closeTo(18.3904, 4) })
})
test('a million blocks have a band of about two per mille', () => {
  const { low: from, high: to } = poissonBand(1_000_000, 0.95)
  // Normal: 1.96 x 1,000 either side.
  expect(from).toBeCloseTo(1_000_000 - 1960, -2)
  expect(to).toBeCloseTo(1_000_000 + 1960, -2)
})
test('2,016 blocks at 636.3 s tell 903 EH/s, and that 957.7 is not luck; the 136 blocks of a day cannot tell', () => {
  const epoch = value(realisedHashrate({ difficulty: 133.79e12, blocksFound: 2016, windowSeconds: 2016 * 636.349584, confidence: 0.95 }))
  expect(epoch).toMatchObject({ hashrateEHs: expect.closeTo(903, 3), calibratedEHs: expect.closeTo(957.7, 1), differs: true })
  expect(epoch.relStdDev).toBeCloseTo(0.02227, 5)
  const day = value(realisedHashrate({ difficulty: 133.79e12, blocksFound: 136, windowSeconds: 86_400, confidence: 0.95 }))
  expect(day.hashrateEHs).toBeCloseTo(904.5, 0)
  expect(day.differs).toBe(false)
})
test('no block in half an hour, where three were due, bounds the hashrate from above only', () =>
  expect(value(realisedHashrate({ difficulty: 133.79e12, blocksFound: 0, windowSeconds: 1800, confidence: 0.95 }))).toMatchObject({
    hashrateEHs: 0,
    lowEHs: 0,
    meanBlockSeconds: null,
    differs: false,
  }))
