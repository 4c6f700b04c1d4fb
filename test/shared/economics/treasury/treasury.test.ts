import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { collateral } from '#shared/economics/treasury/collateral.ts'
import { fundFromBtc } from '#shared/economics/treasury/fund-from-coins.ts'
import { fundingRisk } from '#shared/economics/treasury/funding-risk.ts'
import { hedgeChoices } from '#shared/economics/treasury/hedge-choices.ts'
import { holdVsSell } from '#shared/economics/treasury/hold-or-sell.ts'
import { runway } from '#shared/economics/treasury/runway.ts'
import { sellPressure } from '#shared/economics/treasury/sell-pressure.ts'
import { value } from '../value.ts'

const flat = (months: number, n: number) => Array.from({ length: months }, () => n)
const poor = {
  cashUsd: 10,
  btcHeld: 0,
  saleHaircut: 0,
  minCashUsd: 0,
  btcPriceUsd: flat(6, 100),
  btcMinedPerMonth: flat(6, 0),
  cashCostsPerMonth: flat(6, 4),
  debtServicePerMonth: flat(6, 0),
  policy: { type: 'holdAll' as const },
}

test('$10 and costs of $4 a month: the third month ends below zero', () =>
  expect(value(runway(poor))).toMatchObject({ runwayMonths: 2, endCashUsd: -2, monthsSimulated: 3 }))
test('money that ends a month at exactly nothing survives it', () =>
  expect(value(runway({ ...poor, cashUsd: 24 }))).toMatchObject({ runwayMonths: null, endCashUsd: 0 }))
test('coins at a price of 0 cannot help, and are not given away', () =>
  expect(value(runway({ ...poor, btcHeld: 5, btcPriceUsd: flat(6, 0), policy: { type: 'sellAll' } }))).toMatchObject({
    runwayMonths: 2,
    btcSold: 0,
    endBtc: 5,
  }))
test.each([
  // One coin mined a month at $100, costs of $54 with the bank: what each policy has sold after six months, held 3 at first.
  ['holdAll', {}, 3.14], // only what the minimum asks for: (324 - 10) / 100
  ['sellMined', {}, 6],
  ['sellFraction', { fraction: 0.5 }, 3.14],
  ['sellToCover', {}, 3.24],
  ['sellAll', {}, 9],
] as const)('%s sells what it says', (type, more, btcSold) => {
  const r = value(
    runway({
      ...poor,
      btcHeld: 3,
      btcMinedPerMonth: flat(6, 1),
      cashCostsPerMonth: flat(6, 50),
      debtServicePerMonth: flat(6, 4),
      policy: { type, ...more },
    }),
  )
  expect(r.btcSold).toBeCloseTo(btcSold, 9)
  expect(r.endBtc + r.btcSold).toBeCloseTo(9, 9)
  expect(r.endCashUsd).toBeCloseTo(10 + 100 * btcSold - 324, 6)
})
property.prop([
  fc.double({ min: 0, max: 100, noNaN: true }),
  fc.double({ min: 0, max: 100, noNaN: true }),
  fc.double({ min: 0, max: 3, noNaN: true }),
  fc.constantFrom('holdAll', 'sellAll', 'sellMined', 'sellToCover'),
  fc.array(fc.double({ min: 0, max: 30, noNaN: true }), { minLength: 6, maxLength: 6 }),
])('more cash never shortens the runway', (a, b, btcHeld, type, cashCostsPerMonth) => {
  const months = (cashUsd: number) =>
    value(runway({ ...poor, cashUsd, btcHeld, btcPriceUsd: [30, 0, 10, 20, 5, 40], cashCostsPerMonth, policy: { type } })).runwayMonths ??
    99
  expect(months(Math.max(a, b))).toBeGreaterThanOrEqual(months(Math.min(a, b)))
})
test.each([
  ['saleHaircut', { saleHaircut: 1 }],
  ['btcPriceUsd', { btcPriceUsd: [] }],
  ['btcPriceUsd', { btcPriceUsd: [-1, 1, 1, 1, 1, 1] }],
  ['btcMinedPerMonth', { btcMinedPerMonth: [1] }],
  ['debtServicePerMonth', { debtServicePerMonth: flat(7, 0) }],
  ['type', { policy: { type: 'gamble' } }],
  ['fraction', { policy: { type: 'sellFraction' } }],
  ['fraction', { policy: { type: 'sellFraction', fraction: 50 } }],
])('bad %s of a runway is refused by name', (field, change) =>
  expect(runway({ ...poor, ...change } as typeof poor)).toMatchObject({ ok: false, failure: { field } }),
)

test('10 coins, $300 and $400 due at $50: six sold, then four, $200 missing; at $70 they pay it all', () =>
  expect(value(fundFromBtc({ btcHeld: 10, saleHaircut: 0, equityNeedUsd: [300, 400], btcPriceUsd: [50, 50] }))).toEqual({
    btcSold: [6, 4],
    shortfallUsd: [0, 200],
    btcLeft: 0,
    fullFundingBtcUsdFlat: 70,
  }))
test('no coins: all of it is missing and no price would pay', () =>
  expect(value(fundFromBtc({ btcHeld: 0, saleHaircut: 0, equityNeedUsd: [3], btcPriceUsd: [50] }))).toMatchObject({
    shortfallUsd: [3],
    fullFundingBtcUsdFlat: null,
  }))
property.prop([
  fc.double({ min: 0, max: 1000, noNaN: true }),
  fc.double({ min: 0, max: 0.5, noNaN: true }),
  fc.array(fc.tuple(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.double({ min: 0, max: 1e5, noNaN: true })), {
    minLength: 1,
    maxLength: 24,
  }),
])('coins sold and coins left are the coins held, and every dollar is paid or missing', (btcHeld, saleHaircut, months) => {
  const equityNeedUsd = months.map(([need]) => need)
  const btcPriceUsd = months.map(([, price]) => price)
  const f = value(fundFromBtc({ btcHeld, saleHaircut, equityNeedUsd, btcPriceUsd }))
  expect(f.btcSold.reduce((a, b) => a + b, f.btcLeft)).toBeCloseTo(btcHeld, 6)
  expect(f.btcLeft).toBeGreaterThanOrEqual(0)
  for (const [m, need] of equityNeedUsd.entries()) {
    const paid = (f.btcSold[m] ?? 0) * (btcPriceUsd[m] ?? 0) * (1 - saleHaircut)
    expect(Math.abs(paid + (f.shortfallUsd[m] ?? 0) - need)).toBeLessThanOrEqual(1e-9 * Math.max(1, need))
  }
})

const hold = { btcPriceUsd: 100, alternativeYieldAnnual: 0.1, haircutNow: 0, haircutLater: 0.5, years: 2, driftAnnual: 0.5, volAnnual: 0 }
test('half lost on the later sale: $121 of money is $242 of coin; without volatility drift alone decides', () => {
  expect(value(holdVsSell(hold))).toMatchObject({ breakEvenPriceUsd: expect.closeTo(242, 9), probHoldWins: 1 })
  expect(value(holdVsSell({ ...hold, driftAnnual: 0.4 })).probHoldWins).toBe(0)
})
test('with drift of half the variance the break-even of an idle dollar is the median: even odds', () =>
  expect(
    value(holdVsSell({ ...hold, alternativeYieldAnnual: 0, haircutLater: 0, driftAnnual: 0.125, volAnnual: 0.5 })).probHoldWins,
  ).toBeCloseTo(0.5, 12))
test('a coin of no worth has no rate and no odds', () =>
  expect(value(holdVsSell({ ...hold, btcPriceUsd: 0 }))).toMatchObject({ breakEvenAppreciationAnnual: null, probHoldWins: null }))

test('miners who sell all they make bring 453.6 BTC a day; beside $322M of inflow that is a tenth', () => {
  const s = value(
    sellPressure({
      subsidyBtc: 3.125,
      feesPerBlockBtc: 0.025,
      soldShareOfProduction: 1,
      treasuryBtc: 0,
      treasuryShareSoldPerYear: 0,
      btcPriceUsd: 71_000,
      fundInflowUsdPerDay: 322_056_000,
    }),
  )
  expect(s.btcPerDay).toBeCloseTo(453.6, 9)
  expect(s.shareOfFundInflow).toBeCloseTo(0.1, 9)
})

const loan = { btcPriceUsd: 100, btcHeld: 10, btcPledged: 5, loanUsd: 200, callLoanToValue: 0.5, otherAssetsUsd: 1000 }
test('$200 on five coins of $100 is 40 %; the lender calls at $80; half the price takes three coins more', () =>
  expect(value(collateral({ ...loan, stressFall: 0.5, concentrationLimit: 0.4 }))).toMatchObject({
    loanToValue: expect.closeTo(0.4, 12),
    called: false,
    collateralCallBtcUsd: expect.closeTo(80, 9),
    fallUntilCallShare: expect.closeTo(0.2, 12),
    topUpBtc: expect.closeTo(3, 9),
    topUpCovered: true,
    concentrationShare: expect.closeTo(0.5, 12),
    overConcentrationLimit: true,
  }))
test('more cannot be pledged than is held', () =>
  expect(collateral({ ...loan, btcPledged: 11 })).toMatchObject({ ok: false, failure: { field: 'btcPledged' } }))

const hedge = { btcHeld: 10, saleHaircut: 0, equityNeedUsd: [0, 400], btcPriceUsd: [100, 50], btcPriceNowUsd: 100 }
test('$400 next month, $100 today and $50 then: four coins today, eight as needed, five inside a floor of $80', () => {
  const { choices } = value(hedgeChoices({ ...hedge, collar: { floorBtcUsd: 80, capBtcUsd: 120 } }))
  expect(choices.map((c) => [c.choice, c.btcLeft])).toEqual([
    ['SELL_NOW', 6],
    ['SELL_AS_NEEDED', 2],
    ['COLLAR', 5],
  ])
})
test('a loan keeps the coins until it is called: at half the price the lender takes them', () => {
  const loan = { loanToValue: 0.5, callLoanToValue: 0.7, rateAnnual: 0 }
  const kept = value(hedgeChoices({ ...hedge, equityNeedUsd: [400, 0, 0], btcPriceUsd: [100, 100, 200], loan })).choices.at(-1)
  expect(kept).toMatchObject({ choice: 'BORROW', btcLeft: 10, debtUsd: 400, endWorthUsd: 1600, calledInMonth: null })
  const called = value(hedgeChoices({ ...hedge, equityNeedUsd: [400, 0, 0], btcPriceUsd: [100, 50, 200], loan })).choices.at(-1)
  expect(called).toMatchObject({ btcLeft: 2, debtUsd: 0, endWorthUsd: 400, calledInMonth: 1 })
})

const risk = {
  btcHeld: 10,
  saleHaircut: 0,
  equityNeedUsd: [300, 200],
  startPrice: 50,
  driftAnnual: 0,
  volAnnual: 0.5,
  draws: 20_000,
  seed: 3,
}
test('coins worth exactly what is due: short in every second month that falls, as the law of the price says', () => {
  const r = value(fundingRisk({ ...risk, fallShare: 0 }))
  // Four coins are left for $200: short when the price of month 1 is below $50. P(z < s sqrt(dt) / 2) = P(z < 0.07217) = 0.52877.
  expect(Math.abs(r.probabilityShortfall - 0.52877)).toBeLessThan(4 * Math.sqrt(0.25 / 20_000))
  expect(r.probabilityBoth).toBe(r.probabilityShortfall)
  expect(r.probabilityShortfallGivenFall).toBe(1)
})
test('a price that stands still pays, in every draw; the same seed draws the same', () => {
  expect(value(fundingRisk({ ...risk, volAnnual: 0, draws: 10 }))).toMatchObject({ probabilityShortfall: 0, p95ShortfallUsd: 0 })
  expect(value(fundingRisk(risk))).toEqual(value(fundingRisk(risk)))
})
