import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { checkAdjustmentClaim } from '#shared/economics/network/adjustment-claim.ts'
import { retarget } from '#shared/economics/network/retarget.ts'
import { value } from '../value.ts'

test('an epoch of exactly two weeks leaves difficulty as it is', () =>
  expect(value(retarget({ difficulty: 133.79e12, timespanSeconds: 14 * 86_400 }))).toMatchObject({
    newDifficulty: 133.79e12,
    change: 0,
    clamped: false,
  }))
test('one of 28 days halves it; the protocol cuts off beyond 56 days and below 3.5', () => {
  const after = (days: number) => value(retarget({ difficulty: 100, timespanSeconds: days * 86_400 }))
  expect(after(28)).toMatchObject({ newDifficulty: 50, change: -0.5, clamped: false })
  expect(after(56)).toMatchObject({ newDifficulty: 25, clamped: false })
  expect(after(66)).toMatchObject({ newDifficulty: 25, change: -0.75, clamped: true, countedSeconds: 56 * 86_400 })
  expect(after(3.5)).toMatchObject({ newDifficulty: 400, clamped: false })
  expect(after(3)).toMatchObject({ newDifficulty: 400, change: 3, clamped: true })
})
test.each([
  ['difficulty', 0],
  ['difficulty', Number.NaN],
  ['timespanSeconds', 0],
  ['timespanSeconds', -1],
  ['timespanSeconds', Number.POSITIVE_INFINITY],
])('retarget refuses %s = %d', (field, bad) =>
  expect(retarget({ difficulty: 1e14, timespanSeconds: 1e6, [field]: bad })).toMatchObject({ ok: false, failure: { field } }),
)

const claim = (adjustment: number, claimedBlockSeconds: number) => value(checkAdjustmentClaim({ adjustment, claimedBlockSeconds }))
test('the press paired −7.76 % with blocks of 12m36s: −7.76 % needs 650.5 s, 756 s would have been −20.6 %', () => {
  expect(claim(-0.0776, 756)).toMatchObject({
    impliedBlockSeconds: expect.closeTo(650.477, 3),
    adjustmentImpliedByClaim: expect.closeTo(-0.20635, 5),
    consistent: false,
  })
})
test('rounding of either figure is no contradiction: −15.97 % and 11m54s of June 2021 are of one epoch', () =>
  expect(claim(-0.1597, 714).consistent).toBe(true))
test('two percent of the claim is the line', () => {
  // No change needs 600 s: 2 % of 588 is 11.76, short of 12; 2 % of 589 is 11.78, more than 11.
  expect(claim(0, 588).consistent).toBe(false)
  expect(claim(0, 589).consistent).toBe(true)
  expect(claim(0, 612).consistent).toBe(true)
  expect(claim(0, 613).consistent).toBe(false)
})
test.each([
  ['adjustment', -1],
  ['adjustment', -7.76], // in percent
  ['adjustment', 3.01],
  ['claimedBlockSeconds', 0],
  ['claimedBlockSeconds', -756],
])('a claim with %s = %d is refused', (field, bad) =>
  expect(checkAdjustmentClaim({ adjustment: -0.0776, claimedBlockSeconds: 650, [field]: bad })).toMatchObject({
    ok: false,
    failure: { field },
  }),
)
property.prop([fc.double({ min: -0.75, max: 3, noNaN: true })])('what a change needs, said back, is that change', (adjustment) => {
  const there = claim(adjustment, 600)
  const back = claim(adjustment, there.impliedBlockSeconds)
  expect(back.adjustmentImpliedByClaim).toBeCloseTo(adjustment, 9)
  expect(back.consistent).toBe(true)
})
