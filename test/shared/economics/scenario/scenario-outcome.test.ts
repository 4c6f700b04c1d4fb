import { expect, test } from 'vitest'
import { coloProject } from '#shared/economics/ai/colocation-project.ts'
import { shippedScenarios } from '#shared/economics/scenario/library.ts'
import { priceOffsets } from '#shared/economics/scenario/price-offsets.ts'
import type { ScenarioFile } from '#shared/economics/scenario/scenario.ts'
import { scenarioOutcome } from '#shared/economics/scenario/scenario-outcome.ts'
import { project } from '../example-inputs.ts'
import { value } from '../value.ts'

const base = {
  btcPriceUsd: 71_000,
  difficulty: 133.79e12,
  networkEHs: (133.79e12 * 2 ** 32) / 600 / 1e18,
  height: 941_472,
  feesPerBlockBtc: 0.025,
  powerPricePerMWh: 48,
}
const rest: ScenarioFile = { id: 'rest', title: 'at rest', source: 'a test', horizonMonths: 12 }
const group = { id: 'g', hashratePHs: 1000, efficiencyJTH: 20, overheadRatio: 1, powerPricePerMWh: 50, otherVariablePerMWh: 0 }
const fleet = { groups: [group], poolFee: 0 }
const ask = { scenario: rest, base, fleet, discountRateAnnual: 0 }
const shipped = (id: string): ScenarioFile => {
  const found = shippedScenarios.find((s) => s.id === id)
  if (found === undefined) throw new Error(`no ${id}`)
  return found
}

test('1,000 PH/s at $24 of cost and $33.63 of hashprice keep $293,000 a month', () => {
  const o = value(scenarioOutcome(ask))
  // (33.6278 − 24) x 1,000 x 30.4375.
  expect(o.cashUsd.every((usd) => Math.abs(usd - 293_046) < 10)).toBe(true)
  expect(o).toMatchObject({ belowBreakEvenMonths: 0, npvConversionUsd: null, npvIncrementalUsd: null })
  expect(o.npvMiningUsd).toBeCloseTo(o.totalCashUsd, 3)
  expect(o.groups).toEqual([{ id: 'g', breakEvenHashpriceUsd: expect.closeTo(24, 9), firstOffMonth: null, offMonths: 0 }])
})
test('half of the time at $20, half at $80: it earns in the cheap half and rests in the other', () => {
  const spread = { ...fleet, priceOffsetsPerMWh: [-30, 30] }
  const o = value(scenarioOutcome({ ...ask, fleet: spread }))
  // (33.6278 − 0.48 x 20) / 2 x 1,000 x 30.4375, where the mean price of $50 leaves $293,046.
  expect(o.cashUsd[0]).toBeCloseTo(365_674, -2)
  expect(o.runningPHs[0]).toBe(500)
  expect(o.groups[0]).toMatchObject({ firstOffMonth: null, offMonths: 0 })
  // A tariff does not see the market; who may not stand still pays the mean.
  const tariff = { ...spread, groups: [{ ...group, marketPriced: false }] }
  expect(value(scenarioOutcome({ ...ask, fleet: tariff })).cashUsd[0]).toBeCloseTo(293_046, -2)
  expect(value(scenarioOutcome({ ...ask, fleet: { ...spread, shutdownAllowed: false } })).cashUsd[0]).toBeCloseTo(293_046, -2)
})
test('prices as offsets: four hours stand for themselves, a year in 24 parts, the mean kept', () => {
  const hours = (prices: readonly number[]) => prices.map((price, k) => ({ startMs: k, endMs: k + 1, price }))
  expect(priceOffsets(hours([110, 20, 40, 30]))).toEqual([-30, -20, -10, 60].map((x) => expect.closeTo(x, 12)))
  expect(priceOffsets([])).toEqual([])
  const year = priceOffsets(hours(Array.from({ length: 8760 }, (_, k) => 40 + (k % 100))))
  expect(year).toHaveLength(24)
  expect(year.reduce((a, b) => a + b)).toBeCloseTo(0, 9)
  // The cheapest 24th of 0..99: about the mean of 0 to 4.1.
  expect(year[0]).toBeCloseTo(-49.5 + 1.58, 0)
  // Three hours at 10, two hours in one period at 60: of four parts two are cheap, one is dear, one is 40 % cheap.
  const uneven = priceOffsets([...hours([10, 10, 10]), { startMs: 3, endMs: 5, price: 60 }])
  expect(uneven).toEqual([-20, -20, 10, 30].map((x) => expect.closeTo(x, 12)))
})
test('a group dearer than the hashprice stands still; the fleet’s break-even is that of all machines together', () => {
  const o = value(scenarioOutcome({ ...ask, fleet: { ...fleet, groups: [group, { ...group, id: 'old', efficiencyJTH: 40 }] } }))
  expect(o.fleetBreakEvenHashpriceUsd[0]).toBeCloseTo(36, 9)
  expect(o.belowBreakEvenMonths).toBe(12)
  expect(o.runningPHs.every((phs) => phs === 1000)).toBe(true)
  expect(o.groups[1]).toMatchObject({ id: 'old', firstOffMonth: 0, offMonths: 12 })
  expect(o.cashUsd[0]).toBeCloseTo(value(scenarioOutcome(ask)).cashUsd[0] ?? 0, 6)
})
test('who may not stand still pays for it: 48 − 33.63 a PH-day of the old machines', () => {
  const both = { ...fleet, groups: [group, { ...group, id: 'old', efficiencyJTH: 40 }] }
  const free = value(scenarioOutcome({ ...ask, fleet: both })).cashUsd[0] ?? 0
  const bound = value(scenarioOutcome({ ...ask, fleet: { ...both, shutdownAllowed: false } })).cashUsd[0] ?? 0
  expect(free - bound).toBeCloseTo((48 - 33.6278) * 1000 * 30.4375, -2)
})
test('the halving puts a group with a break-even of $24 out in the month after it, when nobody else leaves', () => {
  const flat = { ...shipped('halving-2028-flat'), network: { elasticity: 0 } }
  const o = value(scenarioOutcome({ ...ask, scenario: flat }))
  // 33.63 x 1.5875 / 3.15 = 16.95; month 24 still earns 33.63 x 2.7768 / 3.15 = 29.6.
  expect(o.groups[0]).toMatchObject({ firstOffMonth: 25, offMonths: 11 })
})
test('oil: an oil-indexed site breaks even at 1.29 times, a hydro contract where it was', () => {
  const sites = [
    { ...group, id: 'oil', passThrough: 0.75 },
    { ...group, id: 'hydro', passThrough: 0 },
    { ...group, id: 'grid' },
  ]
  const o = value(scenarioOutcome({ ...ask, scenario: shipped('oil-100'), fleet: { ...fleet, groups: sites } }))
  // 24 x (1 + 0.75 x 28/72), 24, 24 x (1 + 0.12 x 28/72).
  expect(o.groups.map((g) => g.breakEvenHashpriceUsd)).toEqual([expect.closeTo(31, 9), expect.closeTo(24, 9), expect.closeTo(25.12, 9)])
})
test('a storm takes three days from who pays the market’s price, and nothing from a tariff', () => {
  const of = (marketPriced: boolean) =>
    value(scenarioOutcome({ ...ask, scenario: shipped('winter-storm'), fleet: { ...fleet, groups: [{ ...group, marketPriced }] } })).cashUsd
  expect((of(true)[0] ?? 0) / (of(false)[0] ?? 1)).toBeCloseTo(27.4375 / 30.4375, 9)
  expect(of(true)[1]).toBe(of(false)[1])
})
test('a day at a negative price earns a market-priced site its revenue and the payment', () => {
  const windows = [{ id: 'wind', fromDay: 0, pricesPerMWh: [-10] }]
  const o = value(scenarioOutcome({ ...ask, scenario: { ...rest, power: { windows } } }))
  // One day at −10 in place of 50: 480 MWh x 60 = 28,800 more.
  expect((o.cashUsd[0] ?? 0) - (o.cashUsd[1] ?? 0)).toBeCloseTo(28_800, 4)
})

const plain = { ...project, debt: undefined, horizonMonths: 16 }
const conversion = (({ debt: _, ...p }) => p)(plain)
test('at rest converting is worth what the project alone says against the same margin', () => {
  const before = { ...base, height: 860_000 }
  const o = value(scenarioOutcome({ ...ask, base: before, conversion }))
  // 20 MW of machines; 10 MW are converted.
  const margin = (o.cashUsd[0] ?? 0) / 20
  const alone = value(coloProject({ ...conversion, miningCashMarginPerMWMonth: margin }))
  expect((o.npvKeepMiningUsd ?? 0) / alone.npvKeepMining).toBeCloseTo(1, 4)
  expect(o.npvConversionUsd).toBeCloseTo(alone.npvProject, 4)
  expect(o.npvIncrementalUsd).toBeCloseTo((o.npvConversionUsd ?? 0) - (o.npvKeepMiningUsd ?? 0), 4)
})
test('a project of twice the fleet’s power gives up the fleet, not twice the fleet', () => {
  const before = { ...base, height: 860_000 }
  const large = { ...conversion, phases: [{ gridMW: 40, startMonth: 0, buildMonths: 12, rampMonths: 0 }], discountRateAnnual: 0 }
  const o = value(scenarioOutcome({ ...ask, base: before, months: 17, conversion: large }))
  expect(o.npvKeepMiningUsd).toBeCloseTo(o.totalCashUsd, 2)
})
test('on a connection of 25 MW a project of 10 takes the 5 unused ones first, and gives up half as much mining', () => {
  const taken = value(scenarioOutcome({ ...ask, conversion }))
  const room = value(scenarioOutcome({ ...ask, conversion, interconnectMW: 25 }))
  expect((room.npvKeepMiningUsd ?? 0) / (taken.npvKeepMiningUsd ?? 1)).toBeCloseTo(0.5, 9)
})
test('in an AI bust the lease is signed at 35 % less and one tenant in five fails', () => {
  const calm = value(scenarioOutcome({ ...ask, conversion }))
  const bust = value(scenarioOutcome({ ...ask, scenario: shipped('ai-bust'), conversion }))
  expect(calm.leaseSignedPerKwMonth).toBe(135)
  expect(bust.leaseSignedPerKwMonth).toBeCloseTo(87.75, 9)
  expect(bust.npvConversionUsd ?? 0).toBeLessThan(calm.npvConversionUsd ?? 0)
})
test('while AI crowds out, later building signs a dearer lease: 4 % a year', () => {
  const late = { ...conversion, horizonMonths: 40, phases: [{ gridMW: 10, startMonth: 24, buildMonths: 12, rampMonths: 0 }] }
  const o = value(scenarioOutcome({ ...ask, scenario: shipped('ai-crowd-out-25'), conversion: late }))
  expect(o.leaseSignedPerKwMonth).toBeCloseTo(135 * 1.04 ** 2, 9)
})
