import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { irr, levelPayment, mirr, npv, payback, presentValue } from '#shared/economics/finance/cash-flow.ts'
import { value } from '../value.ts'

const irrOf = (...cashFlows: number[]) => value(irr({ cashFlows }))

test('100 out and 110 back a period later is 10 %', () =>
  expect(irrOf(-100, 110)).toMatchObject({ irr: expect.closeTo(0.1, 12), status: 'OK', signChanges: 1 }))
test('the pump problem has two rates, 25 % and 400 %, and therefore none', () => {
  const pump = irrOf(-1600, 10_000, -10_000)
  expect(pump).toMatchObject({ irr: null, status: 'MULTIPLE', signChanges: 2 })
  expect(pump.roots).toEqual([expect.closeTo(0.25, 12), expect.closeTo(4, 12)])
})
test('a flow that only touches zero, 1 − 2x + x², has the one rate 0 %', () =>
  expect(irrOf(1, -2, 1).roots).toEqual([expect.closeTo(0, 6)]))
test('(x − 1/1.1)(x − 1/1.2)(x − 1/1.3) gives back 10, 20 and 30 %', () => {
  const [a, b, c] = [1 / 1.1, 1 / 1.2, 1 / 1.3]
  const flows = [-a * b * c, a * b + a * c + b * c, -(a + b + c), 1]
  const { roots } = irrOf(...flows)
  expect(roots).toHaveLength(3)
  for (const [k, rate] of [0.1, 0.2, 0.3].entries()) expect(roots[k]).toBeCloseTo(rate, 9)
})
test('inflows alone have no rate; zeros do not count as changes of sign', () => {
  expect(irrOf(1, 2, 3)).toMatchObject({ irr: null, status: 'NO_REAL_ROOT', signChanges: 0 })
  expect(irrOf(-5, 0, 0, 0, 5)).toMatchObject({ irr: expect.closeTo(0, 12), signChanges: 1 })
  expect(irrOf(0, 0, 0)).toMatchObject({ irr: null, signChanges: 0 })
})
test('a loss of more than 99 % a period, or a gain over 100,000 %, is outside the range that is searched', () => {
  expect(irrOf(-100, 0.5).status).toBe('NO_REAL_ROOT')
  expect(irrOf(-1, 2000).status).toBe('NO_REAL_ROOT')
  expect(irrOf(-1, 1001).irr).toBeCloseTo(1000, 9)
})
test('fifteen years of months with the capital at the front keep their precision', () => {
  const flows = [-1000, ...Array.from({ length: 180 }, () => 10)]
  const rate = irrOf(...flows).irr
  // The same present value by the closed form of an annuity: 10 x (1 − v^180) / r.
  expect(rate).not.toBeNull()
  expect((10 * (1 - (1 + (rate ?? 0)) ** -180)) / (rate ?? 1)).toBeCloseTo(1000, 8)
})
const flows = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 40 })
property.prop([flows])('NPV at every rate found is zero, against the size of its terms', (cashFlows) => {
  const { roots, signChanges } = value(irr({ cashFlows }))
  expect(roots.length).toBeLessThanOrEqual(signChanges)
  for (const rate of roots) {
    const size = presentValue(
      rate,
      cashFlows.map((cf) => Math.abs(cf)),
    )
    expect(Math.abs(presentValue(rate, cashFlows))).toBeLessThanOrEqual(1e-9 * size + 1e-9)
  }
})
property.prop([flows])('between two neighbouring rates of a fine grid no change of sign is missed', (cashFlows) => {
  const { roots } = value(irr({ cashFlows }))
  const grid = Array.from({ length: 400 }, (_, k) => Math.exp(Math.log(0.0101) + (k / 399) * (Math.log(1000) - Math.log(0.0101))) - 1)
  for (const [k, low] of grid.entries()) {
    const high = grid[k + 1]
    if (high === undefined) continue
    const crosses = presentValue(low, cashFlows) * presentValue(high, cashFlows) < 0
    if (crosses) expect(roots.some((r) => r >= low - 1e-9 && r <= high + 1e-9)).toBe(true)
  }
})

test('at 5 %, 105 in a year is worth 100 now', () => expect(value(npv({ rate: 0.05, cashFlows: [0, 105] })).npv).toBeCloseTo(100, 12))
test('a rate of −100 % or an empty flow is refused', () => {
  expect(npv({ rate: -1, cashFlows: [1] })).toMatchObject({ ok: false, failure: { field: 'rate' } })
  expect(payback({ cashFlows: [] })).toMatchObject({ ok: false, failure: { field: 'cashFlows' } })
})
test('100 out, 121 back after two periods: a modified rate of 10 %; without both signs none', () => {
  expect(value(mirr({ cashFlows: [-100, 0, 121], financeRate: 0.5, reinvestRate: 0.1 })).mirr).toBeCloseTo(0.1, 12)
  expect(value(mirr({ cashFlows: [100, 121], financeRate: 0.1, reinvestRate: 0.1 })).mirr).toBeNull()
})
test('a loan of 1,200 over 12 periods without interest is repaid by 100 a period, and a hair of interest changes little', () => {
  expect(value(levelPayment({ ratePerPeriod: 0, periods: 12, principal: 1200 })).payment).toBe(100)
  expect(value(levelPayment({ ratePerPeriod: 1e-13, periods: 12, principal: 1200 })).payment).toBeCloseTo(100, 9)
  // One period: principal and its interest.
  expect(value(levelPayment({ ratePerPeriod: 0.1, periods: 1, principal: 100 })).payment).toBeCloseTo(110, 9)
})
test('payback is the last crossing, linear inside its period', () => {
  const of = (...cashFlows: number[]) => value(payback({ cashFlows })).paybackPeriods
  expect(of(-100, 30, 40, 50, 20)).toBeCloseTo(2.6, 12)
  expect(of(-10, 20, -20, 20)).toBeCloseTo(2.5, 12) // back under water in period 2
  expect(of(5, 5)).toBe(0)
  expect(of(-10, 5)).toBeNull()
})
