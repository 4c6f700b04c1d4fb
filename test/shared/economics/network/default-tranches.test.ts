import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { assumedCostCurve } from '#shared/economics/network/assumed-cost-curve.ts'
import { defaultTranches } from '#shared/economics/network/default-tranches.ts'
import { equilibriumSupply } from '#shared/economics/network/equilibrium-supply.ts'
import { value } from '../value.ts'

// 133.79 T is 957,706 PH/s; at $32,205,600 a day a hashprice of 33.63.
const today = { difficulty: 133.79e12, networkRevenueUsdPerDay: 32_205_600 }

test('the assumed curve, calibrated, reproduces today’s difficulty: through the equilibrium itself', () => {
  const d = value(defaultTranches(today))
  const e = value(equilibriumSupply({ tranches: d.tranches, networkRevenueUsdPerDay: today.networkRevenueUsdPerDay }))
  expect(e.onlinePHs).toBeCloseTo(957_706, -1)
  expect(e.hashpriceUsd).toBeCloseTo(33.63, 2)
  expect(Math.abs(d.calibrationErrorShare)).toBeLessThan(1e-9)
  expect(d.reproducedDifficulty / 133.79e12).toBeCloseTo(1, 9)
  expect(d.basis).toMatch(/^assumed/)
})
test('and its cost level was not far off before: within a quarter', () => {
  const d = value(defaultTranches(today))
  expect(d.costScale).toBeGreaterThan(0.75)
  expect(d.costScale).toBeLessThan(1.25)
  expect(Math.abs(d.uncalibratedErrorShare)).toBeLessThan(0.25)
})
test('one machine in twenty stands off by default', () => {
  const d = value(defaultTranches(today))
  expect(d.installedPHs / d.networkPHs).toBeCloseTo(1 / 0.95, 9)
  const e = value(equilibriumSupply({ tranches: d.tranches, networkRevenueUsdPerDay: today.networkRevenueUsdPerDay }))
  expect(e.offPHs / d.installedPHs).toBeCloseTo(0.05, 9)
})

const plain = { basis: 'typed in', overheadRatio: 1, poolFee: 0, stale: 0 }
// 20 J/TH takes 0.48 MWh a PH-day: 20 at 41.67 USD/MWh, 40 at 83.33.
const half = { ...plain, powerPricesPerMWh: [20 / 0.48, 40 / 0.48], rows: [{ efficiencyJTH: 20, shares: [0.5, 0.5] }] }
test('two halves at 20 and 40, hashprice 33, nothing idle: the dearer must break even at 33', () => {
  // 1e12 x 2^32 / 600 s = 7,158.28 PH/s
  const d = value(defaultTranches({ difficulty: 1e12, networkRevenueUsdPerDay: 33 * 7158.2788266667, idleShare: 0, curve: half }))
  expect(d.hashpriceUsd).toBeCloseTo(33, 9)
  expect(d.costScale).toBeCloseTo(0.825, 9)
  expect(d.tranches.map((t) => t.breakEvenHashpriceUsd)).toEqual([expect.closeTo(16.5, 9), expect.closeTo(33, 9)])
  // As it stood, $33 x 7,158 would have carried 33/40 of them.
  expect(d.uncalibratedErrorShare).toBeCloseTo(33 / 40 - 1, 9)
})

property.prop([
  fc.double({ min: 0, max: 0.6, noNaN: true }),
  fc.double({ min: 1e6, max: 1e8, noNaN: true }),
  fc.double({ min: 1e13, max: 1e15, noNaN: true }),
])('whatever is idle, paid or difficult today, the tranches reproduce it', (idleShare, networkRevenueUsdPerDay, difficulty) => {
  const d = value(defaultTranches({ difficulty, networkRevenueUsdPerDay, idleShare }))
  expect(Math.abs(d.calibrationErrorShare)).toBeLessThan(1e-9)
})

const edited = (more: object) => ({ ...today, curve: { ...half, ...more } })
test.each([
  ['difficulty', { ...today, difficulty: 0 }],
  ['networkRevenueUsdPerDay', { ...today, networkRevenueUsdPerDay: 0 }],
  ['idleShare', { ...today, idleShare: 1 }],
  ['overheadRatio', edited({ overheadRatio: 0.9 })],
  ['poolFee', edited({ poolFee: 2 })],
  ['powerPricesPerMWh', edited({ powerPricesPerMWh: [] })],
  ['powerPricesPerMWh', edited({ powerPricesPerMWh: [50, 40] })],
  ['powerPricesPerMWh', edited({ powerPricesPerMWh: [-20, -10] })],
  ['rows', edited({ rows: [{ efficiencyJTH: 20, shares: [1] }] })],
  ['rows', edited({ rows: [{ efficiencyJTH: 20, shares: [0.5, 0.6] }] })],
  ['rows', edited({ rows: [{ efficiencyJTH: 20, shares: [50, 50] }] })],
  ['rows', edited({ rows: [] })],
])('%s: %j is refused', (field, bad) => expect(defaultTranches(bad)).toMatchObject({ ok: false, failure: { field } }))

test('the assumed table is one whole network', () => {
  const total = assumedCostCurve.rows.flatMap((r) => r.shares).reduce((a, b) => a + b, 0)
  expect(total).toBeCloseTo(1, 12)
})
