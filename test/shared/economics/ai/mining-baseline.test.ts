import { expect, test } from 'vitest'
import { miningBaseline } from '#shared/economics/ai/mining-baseline.ts'
import { miningGivenUp } from '#shared/economics/ai/mining-given-up.ts'
import { termsOf } from '#shared/economics/curtailment/contract-terms.ts'
import { spreadOverTiers } from '#shared/economics/curtailment/opportunity-price.ts'
import { decideLoads } from '#shared/economics/curtailment/real-time-rule.ts'
import { allInPrice } from '#shared/economics/site/power-bill.ts'
import type { PowerContract } from '#shared/fleet/site.ts'
import { hourly } from '../site/farm.ts'
import { value } from '../value.ts'

const index: PowerContract = { type: 'index', avoidableAdderPerMwh: 5 }
const ppa: PowerContract = {
  type: 'ppa',
  strikePerMwh: 30,
  contractMw: 1,
  resaleAllowed: true,
  resaleSpreadPerMwh: 2,
  avoidableAdderPerMwh: 0,
}

test('one MW that earns $50 keeps $25 at a price of 20 and nothing at 80: $12.50 an hour, $9,131.25 a month', () => {
  const base = miningBaseline(index, [{ mw: 1, revenuePerMwh: 50 }], hourly(20, 80))
  expect(base).toEqual({ marginPerMwMonthUsd: 9131.25, meanBillPerMwh: 55 })
})
test('a tariff needs no prices: 50 − 18 − 2 = $30 an hour', () =>
  expect(miningBaseline({ type: 'fixed', tariffPerMwh: 18, avoidableAdderPerMwh: 2 }, [{ mw: 3, revenuePerMwh: 50 }], [])).toEqual({
    marginPerMwMonthUsd: 30 * 730.5,
    meanBillPerMwh: 20,
  }))
test('a take-or-pay contract earns the better of coins and resale, less its strike', () => {
  // Market 40: coins 50 − 30 = 20. Market 82: sold at 80, less 30 = 50. Mean 35.
  const base = miningBaseline(ppa, [{ mw: 1, revenuePerMwh: 50 }], hourly(40, 82))
  expect(base?.marginPerMwMonthUsd).toBeCloseTo(35 * 730.5, 6)
  expect(base?.meanBillPerMwh).toBe(30)
})
test('energy that is owed and cannot be sold costs its strike in hours that earn nothing, too', () =>
  expect(miningBaseline({ ...ppa, resaleAllowed: false }, [{ mw: 1, revenuePerMwh: 20 }], hourly(40))?.marginPerMwMonthUsd).toBeCloseTo(
    -10 * 730.5,
    6,
  ))
test('the second MW of a contract of one follows the market', () =>
  // First MW 50 − 30 = 20, second max(0, 50 − 60) = 0; bill 30 and 60.
  expect(miningBaseline(ppa, [{ mw: 2, revenuePerMwh: 50 }], hourly(52))).toMatchObject({
    marginPerMwMonthUsd: ((20 + 0) / 2) * 730.5,
    meanBillPerMwh: 41,
  }))
test('without load or without prices there is no baseline, not a zero', () => {
  expect(miningBaseline(index, [], hourly(20))).toBeNull()
  expect(miningBaseline(index, [{ mw: 1, revenuePerMwh: 50 }], [])).toBeNull()
})

test('a conversion takes the unused part of the grid connection first', () => {
  const displaced = (gridMW: number) => value(miningGivenUp({ marginPerRunningMWMonthUsd: 9000, runningMW: 3, interconnectMW: 12, gridMW }))
  expect(displaced(9).displacedMW).toBe(0)
  expect(displaced(10)).toMatchObject({ displacedMW: 1, miningCashMarginPerMWMonth: 900 })
  expect(displaced(12).displacedMW).toBe(3)
})
test('a bill of 4 MW at 34 and 1 MW at 60 with $2 of delivery is $41.20/MWh', () => {
  const contract: PowerContract = { ...ppa, strikePerMwh: 34, contractMw: 4, avoidableAdderPerMwh: 2 }
  const bill = (marketPricePerMWh: number | undefined, loadMW: number) =>
    value(allInPrice({ ...termsOf(contract), avoidableAdderPerMWh: 2, marketPricePerMWh, loadMW })).allInPricePerMWh
  expect(bill(60, 5)).toBeCloseTo(41.2, 12)
  expect(bill(undefined, 5)).toBeNull()
  expect(bill(undefined, 4)).toBe(36)
})
test('30 and 25 MW over 40 MW of contract: the second gets 10 inside and 15 beyond', () =>
  expect(
    spreadOverTiers(
      [30, 25],
      [
        { mw: 40, pricePerMwh: 1 },
        { mw: Number.POSITIVE_INFINITY, pricePerMwh: 2 },
      ],
    ),
  ).toEqual([
    [30, 0],
    [10, 15],
  ]))
test('contract energy goes to the block that earns most, whatever the order they come in', () => {
  const tiers = [
    { mw: 1, pricePerMwh: 0 },
    { mw: Number.POSITIVE_INFINITY, pricePerMwh: 60 },
  ]
  const decided = decideLoads(
    [
      { id: 'old', mw: 1, revenuePerMwh: 40 },
      { id: 'new', mw: 1, revenuePerMwh: 100 },
    ],
    tiers,
    0,
  )
  expect(decided).toEqual([
    { id: 'new', loads: [{ tier: 0, mw: 1, pricePerMwh: 0, marginPerMwh: 100, run: true }] },
    { id: 'old', loads: [{ tier: 1, mw: 1, pricePerMwh: 60, marginPerMwh: -20, run: false }] },
  ])
})
test('a load at a price that is not known is not decided', () =>
  expect(decideLoads([{ id: 'a', mw: 1, revenuePerMwh: 40 }], [{ mw: Number.POSITIVE_INFINITY, pricePerMwh: null }], 0)).toBeNull())
