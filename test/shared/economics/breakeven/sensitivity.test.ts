import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { powerPriceCurve } from '#shared/economics/breakeven/power-price-curve.ts'
import { priceLadder } from '#shared/economics/breakeven/price-ladder.ts'
import { sensitivityGrid } from '#shared/economics/breakeven/sensitivity-grid.ts'
import { value } from '../value.ts'

// One block in 10,000 PH-days: 5 BTC a block are 0.0005 BTC/PH/day; at $100,000 a hashprice of $50.
const base = {
  difficulty: 201_165_676_116_943.38,
  subsidyBtc: 4,
  feesPerBlockBtc: 1,
  btcPriceUsd: 100_000,
  efficiencyJTH: 20,
  overheadRatio: 1,
  powerPricePerMWh: 40,
  otherVariablePerMWh: 0,
  poolFee: 0,
  stale: 0,
}
test('104.17 of revenue less 40 of power: price and power, each cell worked', () => {
  const g = value(sensitivityGrid({ ...base, kind: 'price x power', rowValues: [50_000, 100_000], columnValues: [40, 60] }))
  expect(g.baseMarginPerMWh).toBeCloseTo(64.17, 2)
  // Half the price: 52.08.
  expect(g.rows.map((r) => r.marginPerMWh.map((m) => Math.round(m * 100) / 100))).toEqual([
    [12.08, -7.92],
    [64.17, 44.17],
  ])
  expect(g.rows.map((r) => r.flips)).toEqual([
    [false, true],
    [false, false],
  ])
  expect(g.rows.map((r) => r.breakEvenColumn)).toEqual([expect.closeTo(52.083, 3), expect.closeTo(104.167, 3)])
})
test('one per cent of coin price is 1.62 % of margin, one of power −0.62 %; below zero margin there is no elasticity', () => {
  const ask = (more: object) => value(sensitivityGrid({ ...base, kind: 'price x power', rowValues: [1], columnValues: [1], ...more }))
  expect(ask({})).toMatchObject({
    btcPriceElasticity: expect.closeTo(1.6234, 4),
    difficultyElasticity: expect.closeTo(-1.6234, 4),
    powerPriceElasticity: expect.closeTo(-0.6234, 4),
  })
  expect(ask({ powerPricePerMWh: 120 })).toMatchObject({ btcPriceElasticity: null, powerPriceElasticity: null })
  expect(ask({ powerPricePerMWh: -10 })).toMatchObject({ powerPriceElasticity: null, btcPriceElasticity: expect.closeTo(0.9124, 4) })
})
test('hashprice and efficiency: 50 at 20 J/TH is 104.17, at 40 J/TH 52.08, and 52.08 J/TH is the line', () => {
  const g = value(sensitivityGrid({ ...base, kind: 'hashprice x efficiency', rowValues: [50], columnValues: [20, 40, 60] }))
  expect(g.rows[0]?.marginPerMWh).toEqual([expect.closeTo(64.167, 3), expect.closeTo(12.083, 3), expect.closeTo(-5.278, 3)])
  expect(g.rows[0]?.breakEvenColumn).toBeCloseTo(52.083, 3)
})
const axes = {
  'price x difficulty': fc.double({ min: 1e12, max: 1e15, noNaN: true }),
  'price x power': fc.double({ min: -100, max: 400, noNaN: true }),
  'hashprice x efficiency': fc.double({ min: 5, max: 120, noNaN: true }),
}
const grid = fc.constantFrom('price x difficulty' as const, 'price x power' as const, 'hashprice x efficiency' as const).chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    rowValues: fc.array(fc.double({ min: 0.01, max: kind === 'hashprice x efficiency' ? 500 : 500_000, noNaN: true }), {
      minLength: 1,
      maxLength: 5,
    }),
    columnValues: fc.array(axes[kind], { minLength: 1, maxLength: 5 }),
    otherVariablePerMWh: fc.double({ min: -20, max: 20, noNaN: true }),
  }),
)
property.prop([grid])('the sign of a row flips at its break-even line and nowhere else', (g) => {
  const answer = value(sensitivityGrid({ ...base, ...g }))
  for (const row of answer.rows) {
    for (const [k, column] of g.columnValues.entries()) {
      const margin = row.marginPerMWh[k] ?? 0
      const line = row.breakEvenColumn
      // Without a line energy costs nothing and every machine earns.
      if (line === null) expect(margin).toBeGreaterThan(0)
      else if (Math.abs(column / line - 1) > 1e-9) expect(margin > 0).toBe(column < line)
      expect(row.flips[k]).toBe(margin > 0 !== answer.baseMarginPerMWh > 0)
    }
  }
})

const row = { hashratePHs: 1000, overheadRatio: 1, otherVariablePerMWh: 0, poolFee: 0 }
const fleet = {
  groups: [
    { ...row, id: 'b', hashratePHs: 500, efficiencyJTH: 50, powerPricePerMWh: 50 }, // 60 per PH-day: $120,000, 25 MW
    { ...row, id: 'z', efficiencyJTH: 20, powerPricePerMWh: 50 }, // 24: $48,000, 20 MW
    { ...row, id: 'a', efficiencyJTH: 25, powerPricePerMWh: 40 }, // 24: $48,000, 25 MW
  ],
  btcPerPhDay: 0.0005,
  btcPriceUsd: 100_000,
}
test('below $120,000 the 500 PH/s at 50 J/TH are off, below $48,000 the two others together', () => {
  expect(value(priceLadder(fleet)).rungs).toMatchObject([
    { offIds: ['b'], offPHs: 500, offMW: expect.closeTo(25, 9), runningPHs: 2000, runningMW: expect.closeTo(45, 9) },
    { offIds: ['a', 'z'], offPHs: 2000, offMW: expect.closeTo(45, 9), runningPHs: 0, runningMW: 0 },
  ])
  expect(value(priceLadder(fleet)).rungs.map((r) => r.belowBtcUsd)).toEqual([expect.closeTo(120_000, 5), expect.closeTo(48_000, 5)])
  expect(value(priceLadder({ ...fleet, btcPerPhDay: 0 })).rungs).toEqual([])
})
test('in power price the best machine comes first, whatever it pays itself: 104.17, 83.33 and 41.67 USD/MWh', () => {
  const { rows } = value(powerPriceCurve(fleet))
  expect(rows.map((r) => [r.id, Math.round(r.revenuePerMWh * 100) / 100, Math.round(r.cumulativeMW)])).toEqual([
    ['z', 104.17, 20],
    ['a', 83.33, 45],
    ['b', 41.67, 70],
  ])
})
