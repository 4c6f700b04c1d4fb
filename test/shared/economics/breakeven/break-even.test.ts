import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { groupBreakEven } from '#shared/economics/breakeven/break-even.ts'
import { costPerBtc } from '#shared/economics/breakeven/cost-per-coin.ts'
import { meritOrder } from '#shared/economics/breakeven/merit-order.ts'
import { value } from '../value.ts'

// 0.0005 BTC/PH/day at $100,000: a hashprice of $50.
const group = {
  efficiencyJTH: 20,
  overheadRatio: 1,
  powerPricePerMWh: 40,
  otherVariablePerMWh: 0,
  poolFee: 0,
  stale: 0,
  btcPerPhDay: 0.0005,
  btcPriceUsd: 100_000,
}

test('50 USD/PH/day at 20 J/TH breaks even at 104.17 USD/MWh', () =>
  expect(value(groupBreakEven(group)).breakEvenPowerPerMWh).toBeCloseTo(104.17, 2))
test('at 40 USD/MWh it breaks even at $19.20 of hashprice, $38,400 a coin, 52.08 J/TH, and has 61.6 % of safety', () =>
  expect(value(groupBreakEven({ ...group, difficulty: 1e14 }))).toMatchObject({
    breakEvenHashpriceUsd: expect.closeTo(19.2, 9),
    breakEvenBtcUsd: expect.closeTo(38_400, 6),
    breakEvenEfficiencyJTH: expect.closeTo(52.083, 3),
    marginOfSafety: expect.closeTo(0.616, 9),
    // Difficulty may rise by 50 / 19.20.
    breakEvenDifficulty: expect.closeTo(2.6041667e14, -8),
  }))
test('paid to consume: break-evens are negative and any machine is efficient enough', () => {
  const paid = value(groupBreakEven({ ...group, powerPricePerMWh: -10, difficulty: 1e14 }))
  expect(paid.breakEvenHashpriceUsd).toBeCloseTo(-4.8, 9)
  expect(paid.breakEvenEfficiencyJTH).toBeNull()
  expect(paid.breakEvenDifficulty).toBeNull()
})
test('without coins there is no coin price to break even at', () =>
  expect(value(groupBreakEven({ ...group, btcPerPhDay: 0 }))).toMatchObject({
    revenuePerMWh: 0,
    breakEvenBtcUsd: null,
    marginOfSafety: null,
  }))

const money = fc.double({ min: -500, max: 5000, noNaN: true })
const jth = fc.double({ min: 5, max: 120, noNaN: true })
property.prop([jth, money, fc.double({ min: -20, max: 50, noNaN: true })])(
  'margin is break-even minus price, and the break-even price is that of zero margin',
  (efficiencyJTH, powerPricePerMWh, otherVariablePerMWh) => {
    const g = { ...group, efficiencyJTH, powerPricePerMWh, otherVariablePerMWh }
    const at = value(groupBreakEven(g))
    expect(at.marginPerMWh).toBeCloseTo(at.breakEvenPowerPerMWh - powerPricePerMWh, 8)
    expect(value(groupBreakEven({ ...g, powerPricePerMWh: at.breakEvenPowerPerMWh })).marginPerMWh).toBeCloseTo(0, 8)
  },
)
property.prop([jth, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 1, max: 500, noNaN: true })])(
  'a more efficient group never has a higher coin break-even at the same price',
  (efficiency, better, powerPricePerMWh) => {
    const at = (efficiencyJTH: number) => value(groupBreakEven({ ...group, efficiencyJTH, powerPricePerMWh })).breakEvenBtcUsd ?? 0
    expect(at(Math.max(1, efficiency * better))).toBeLessThanOrEqual(at(Math.max(1, efficiency)) + 1e-9)
  },
)

test('a coin that costs 50 to power, 10 to run the site, 20 to govern and 15 to write off costs 95', () => {
  const cost = value(
    costPerBtc({
      powerCostUsd: 600,
      powerCreditsUsd: 100,
      siteOpexUsd: 100,
      hostingUsd: 0,
      sgaUsd: 150,
      cashInterestUsd: 50,
      depreciationUsd: 100,
      stockCompUsd: 50,
      btcMinedNet: 10,
      btcPriceUsd: 80,
    }),
  )
  expect(cost).toMatchObject({
    directBeforeCreditsPerBtc: 60,
    creditsPerBtc: 10,
    directPerBtc: 50,
    siteCashPerBtc: 60,
    corporateCashPerBtc: 80,
    fullyLoadedPerBtc: 95,
    fullyLoadedMarginPerBtc: -15,
  })
})

const row = { hashratePHs: 1000, overheadRatio: 1, otherVariablePerMWh: 0, poolFee: 0 }
test('the merit order runs from the cheapest coin to the dearest, ties by id', () => {
  const m = value(
    meritOrder({
      groups: [
        { ...row, id: 'b', efficiencyJTH: 50, powerPricePerMWh: 50 }, // 1.2 MWh x 50 = 60 per PH-day: $120,000
        { ...row, id: 'z', efficiencyJTH: 20, powerPricePerMWh: 50 }, // 24: $48,000
        { ...row, id: 'a', efficiencyJTH: 25, powerPricePerMWh: 40 }, // 24: $48,000
      ],
      btcPerPhDay: 0.0005,
      btcPriceUsd: 100_000,
    }),
  )
  expect(m.rows.map((r) => r.id)).toEqual(['a', 'z', 'b'])
  expect(m.rows.map((r) => r.inTheMoney)).toEqual([true, true, false])
  expect(m.rows.map((r) => Math.round(r.cumulativeMW))).toEqual([25, 45, 95])
  expect(m).toMatchObject({
    profitablePHs: 2000,
    profitableMW: expect.closeTo(45, 9),
    portfolioShutdownBtcUsd: expect.closeTo(48_000, 6),
    // Each of the first two keeps 50 − 24 = 26 per PH-day, the last loses 10.
    dailyMarginIfAllRun: expect.closeTo(42_000, 6),
    dailyMarginIfOptimal: expect.closeTo(52_000, 6),
  })
})
test('an empty fleet has an empty merit order', () =>
  expect(value(meritOrder({ groups: [], btcPerPhDay: 0.0005, btcPriceUsd: 1 }))).toMatchObject({ rows: [], portfolioShutdownBtcUsd: null }))
