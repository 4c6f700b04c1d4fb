import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { waitOptionLattice, waitOptionPerpetual } from '#shared/economics/ai/option-to-wait.ts'
import { valueOfWaiting } from '#shared/economics/ai/value-of-waiting.ts'
import { value } from '../value.ts'

test('one step up by 1.2 or down by as much: 5/11 of $20 is $9.09', () => {
  const one = { valueNow: 100, investment: 100, years: 1, riskFreeRate: 0, payoutRate: 0, volAnnual: Math.log(1.2), steps: 1 }
  expect(value(waitOptionLattice(one)).optionValue).toBeCloseTo(100 / 11, 9)
})
test('without payout the lattice comes to Black and Scholes: 100 at 100, a year, 5 %, 20 %: 10.4506', () => {
  const at = (steps: number) =>
    value(waitOptionLattice({ valueNow: 100, investment: 100, years: 1, riskFreeRate: 0.05, payoutRate: 0, volAnnual: 0.2, steps }))
      .optionValue ?? 0
  expect(Math.abs(at(2000) - 10.4506)).toBeLessThan(0.002)
  expect(Math.abs(at(2000) - 10.4506)).toBeLessThan(Math.abs(at(20) - 10.4506))
})
test('over a hundred and fifty years the lattice comes to the option without an end', () => {
  const o = { valueNow: 100, investment: 90, riskFreeRate: 0.05, payoutRate: 0.04, volAnnual: 0.3 }
  const forever = value(waitOptionPerpetual(o)).optionValue
  const long = value(waitOptionLattice({ ...o, years: 150, steps: 4000 })).optionValue ?? 0
  expect(Math.abs(long / forever - 1)).toBeLessThan(0.002)
})
test('rate and payout 4 %, volatility 20 %: beta is 2 and one waits for twice the capital', () => {
  const o = { investment: 100, riskFreeRate: 0.04, payoutRate: 0.04, volAnnual: 0.2 }
  // Half of the trigger: (200 - 100) / 4.
  expect(value(waitOptionPerpetual({ ...o, valueNow: 100 }))).toMatchObject({
    beta: expect.closeTo(2, 12),
    triggerValue: expect.closeTo(200, 9),
    optionValue: expect.closeTo(25, 9),
    investNow: false,
  })
  expect(value(waitOptionPerpetual({ ...o, valueNow: 250 }))).toMatchObject({ optionValue: 150, investNow: true })
})
test('a lattice that cannot carry its drift answers nothing, with the reason', () => {
  const steep = { valueNow: 100, investment: 100, years: 10, riskFreeRate: 0.2, payoutRate: 0, volAnnual: 0.05, steps: 1 }
  expect(value(waitOptionLattice(steep))).toMatchObject({ optionValue: null, reason: expect.stringContaining('steps') })
})

const some = fc.record({
  valueNow: fc.double({ min: 1, max: 500, noNaN: true }),
  investment: fc.double({ min: 1, max: 500, noNaN: true }),
  riskFreeRate: fc.double({ min: 0, max: 0.1, noNaN: true }),
  payoutRate: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
  volAnnual: fc.double({ min: 0.1, max: 1, noNaN: true }),
})
property.prop([some, fc.double({ min: 0.1, max: 20, noNaN: true })])(
  'the right to wait is worth what investing now brings, and never less than nothing',
  (o, years) => {
    const lattice = value(waitOptionLattice({ ...o, years, steps: 60 }))
    const forever = value(waitOptionPerpetual(o)).optionValue
    if (lattice.optionValue !== null) {
      expect(lattice.optionValue).toBeGreaterThanOrEqual(Math.max(0, o.valueNow - o.investment))
      expect(lattice.valueOfWaiting).toBeGreaterThanOrEqual(0)
    }
    expect(forever).toBeGreaterThanOrEqual(Math.max(0, o.valueNow - o.investment) - 1e-9 * o.valueNow)
  },
)

const wait = {
  valueNow: 110,
  investment: 100,
  years: 2,
  riskFreeRate: 0.04,
  payoutRate: 0.1,
  volAnnual: 0.15,
  slotLossPerYear: 0.2,
  requeueYears: 4,
  discountRate: 0.08,
}
test('a slot lost with 33 % for four years costs $0.90 of a $10 project', () =>
  // (1 - e^-0.4) x 10 x (1 - e^-0.32)
  expect(value(valueOfWaiting(wait)).costOfLosingSlot).toBeCloseTo(0.329679954 * 10 * 0.2738509629, 8))
test('little uncertainty and rent forgone: invest; much of it and no queue: wait; far out of the money and calm: leave it', () => {
  expect(value(valueOfWaiting({ ...wait, volAnnual: 0.02 })).advice).toBe('INVEST')
  expect(value(valueOfWaiting({ ...wait, volAnnual: 0.6, slotLossPerYear: 0 })).advice).toBe('WAIT')
  expect(value(valueOfWaiting({ ...wait, valueNow: 10, volAnnual: 0.05, payoutRate: 0.03 })).advice).toBe('LEAVE')
})

const lattice = { valueNow: 100, investment: 90, years: 5, riskFreeRate: 0.05, payoutRate: 0.04, volAnnual: 0.3, steps: 10 }
test.each([
  ['valueNow', { valueNow: 0 }],
  ['investment', { investment: -1 }],
  ['volAnnual', { volAnnual: 0 }],
  ['steps', { steps: 0 }],
  ['steps', { steps: 1e9 }],
])('bad %s of the lattice is refused by name', (field, change) =>
  expect(waitOptionLattice({ ...lattice, ...change })).toMatchObject({ ok: false, failure: { field } }),
)
test('a perpetual option without payout is never exercised, and refused', () =>
  expect(waitOptionPerpetual({ valueNow: 100, investment: 90, riskFreeRate: 0.05, payoutRate: 0, volAnnual: 0.3 })).toMatchObject({
    ok: false,
    failure: { field: 'payoutRate' },
  }))
