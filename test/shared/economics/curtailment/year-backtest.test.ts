import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { backtestWith, captureRatio } from '#shared/economics/curtailment/backtest.ts'
import { forecastFrom } from '#shared/economics/curtailment/backtest-forecast.ts'
import { type BacktestPeriod, type ForecastRule, periodProblem } from '#shared/economics/curtailment/backtest-period.ts'
import { alwaysOnSchedule, rollingSchedule, thresholdSchedule } from '#shared/economics/curtailment/backtest-strategies.ts'
import type { PlanInputs } from '#shared/economics/curtailment/plan-problem.ts'
import { yearBacktest } from '#shared/economics/curtailment/year-backtest.ts'
import { value } from '../value.ts'

const group = { id: 'new', mw: 10, revenuePerMWh: 100, startCostUsd: 120, minUpIntervals: 1, minDownIntervals: 1, initialOn: 1 as const }
const DAY = 24

/** Hours from a midnight on; a day's day-ahead prices are published at 14:00 of the day before. */
const period = (
  actual: number[],
  dayAhead: number[],
  o: { groups?: PlanInputs['groups']; informed?: boolean; forecast?: ForecastRule; rules?: Partial<PlanInputs>; monthHours?: number } = {},
): BacktestPeriod => {
  const groups = o.groups ?? [group]
  const count = actual.length
  const monthOf = Int32Array.from({ length: count }, (_, t) => Math.floor(t / (o.monthHours ?? count)))
  return {
    plan: { intervalHours: 1, pricePerMWh: actual, groups, ...o.rules },
    dayAheadPerMWh: Float64Array.from(dayAhead),
    dayAheadKnownTo: Int32Array.from({ length: count }, (_, t) => Math.min(count, (Math.floor(t / DAY) + (t % DAY >= 14 ? 2 : 1)) * DAY)),
    revenuePerMWh: groups.map((g) => g.revenuePerMWh),
    owedUsd: new Float64Array(count),
    monthOf,
    months: Array.from({ length: (monthOf.at(-1) ?? 0) + 1 }, (_, m) => `month ${m}`),
    informed: o.informed ?? false,
    forecast: o.forecast ?? 'day-ahead',
  }
}

describe('four hours on paper: 10 MW earning 100, restart 120; day-ahead 30 180 180 30, real-time 30 200 90 30', () => {
  const prices: [number[], number[]] = [
    [30, 200, 90, 30],
    [30, 180, 180, 30],
  ]
  test('the plan stays out for both hours that were forecast dear; the rule follows a price an hour late', () => {
    const played = yearBacktest(period(...prices), null)
    expect(played).toMatchObject({
      alwaysOn: { valueUsd: 500, costUsd: 3500, savingUsd: 0, captureRatio: 0, starts: 0, mwh: 40, lostMwh: 0 },
      thresholdRule: { valueUsd: 280, costUsd: 3720, savingUsd: -220, captureRatio: -0.25, starts: 1, mwh: 30, lostMwh: 10 },
      rollingPlan: {
        valueUsd: 1280,
        costUsd: 2720,
        savingUsd: 780,
        starts: 1,
        mwh: 20,
        lostMwh: 20,
        startCostUsd: 120,
        lostRevenueUsd: 2000,
      },
      perfectForesight: { valueUsd: 1380, costUsd: 2620, savingUsd: 880, captureRatio: 1, starts: 1, mwh: 30, lostMwh: 10 },
      engine: 'dp',
      replannedEvery: 'interval',
    })
    expect(played.rollingPlan.captureRatio).toBeCloseTo(780 / 880, 12)
    expect(played.rollingPlan.powerCostUsd).toBeCloseTo(600, 9)
  })
  test('who knows the running price leaves for the one dear hour only, by rule and by plan', () => {
    const played = yearBacktest(period(...prices, { informed: true }), null)
    expect([played.thresholdRule.valueUsd, played.rollingPlan.valueUsd]).toEqual([1380, 1380])
  })
  test('without the price of the second hour that hour counts for nobody', () => {
    const played = yearBacktest(period([30, Number.NaN, 90, 30], [30, 180, 180, 30]), null)
    expect(played).toMatchObject({
      missingIntervals: 1,
      alwaysOn: { mwh: 30, lostMwh: 0, costUsd: 1500 },
      perfectForesight: { valueUsd: 1500 },
    })
  })
  test('months add up to the period', () => {
    const played = yearBacktest(period(...prices, { monthHours: 2 }), null)
    expect(played.months.map((m) => [m.month, m.alwaysOn.costUsd, m.rollingPlan.costUsd])).toEqual([
      ['month 0', 2300, 1300],
      ['month 1', 1200, 1420],
    ])
  })
})

test('nothing to save has no capture ratio', () => {
  expect(yearBacktest(period([30, 30, 30], [30, 30, 30]), null).rollingPlan.captureRatio).toBeNull()
  expect(captureRatio(100, 100, 100)).toBeNull()
})
test('a demand charge is paid for each month’s peak, the first beyond the peak so far', () => {
  const played = yearBacktest(
    period([30, 30, 30, 30], [30, 30, 30, 30], { monthHours: 2, rules: { demandChargePerMW: 7, peakSoFarMW: 4 } }),
    null,
  )
  expect(played.alwaysOn.demandChargeUsd).toBe(7 * 6 + 7 * 10)
})
test('ten days earn 168,000 and pay 50,000 for their peak, though no day of 16,800 could: the plan runs', () => {
  const flat = new Array(240).fill(30)
  const played = yearBacktest(period(flat, flat, { rules: { demandChargePerMW: 5000 } }), null)
  expect(played.rollingPlan).toMatchObject({ mwh: 2400, demandChargeUsd: 50_000, valueUsd: 118_000 })
  expect(played.replannedEvery).toBe('interval')
})
test('six hours at 300 that nobody forecast: under a limit for the site, too, the plan leaves after the first and comes back', () => {
  const actual = [30, 30, 30, ...new Array(6).fill(300), ...new Array(15).fill(30)]
  const groups = [group, { ...group, id: 'worthless', revenuePerMWh: 20 }]
  const played = yearBacktest(period(actual, new Array(24).fill(30), { groups, forecast: 'corrected', rules: { maxSiteMW: 10 } }), null)
  // Five hours saved at 200, one hour too long away at 70, a restart.
  expect(played.rollingPlan.savingUsd).toBeCloseTo(5 * 10 * 200 - 10 * 70 - 120, 6)
})
test('above the site’s limit always on keeps the group that earns more', () => {
  const groups = [group, { ...group, id: 'better', mw: 6, revenuePerMWh: 150 }]
  const p = period([30, 30], [30, 30], { groups, rules: { maxSiteMW: 12 } })
  expect([...alwaysOnSchedule(p, periodProblem(p))]).toEqual([0, 0, 1, 1])
})
test('one plan on a forecast settles to 52.3 % of what foresight would have saved', () => {
  const groups = [
    { id: 'new', mw: 12, revenuePerMWh: 98, startCostUsd: 150, minUpIntervals: 2, minDownIntervals: 2, initialOn: 1 as const },
    { id: 'old', mw: 9, revenuePerMWh: 47.5, startCostUsd: 70, minUpIntervals: 2, minDownIntervals: 1, initialOn: 1 as const },
  ]
  const forecastPricePerMWh = [30, 33, 45, 60, 85, 120, 95, 40]
  const actualPricePerMWh = [28, 35, 52, 75, 140, 110, 60, 33]
  const one = value(backtestWith(null)({ intervalHours: 1, forecastPricePerMWh, actualPricePerMWh, groups }))
  const played = yearBacktest(period(actualPricePerMWh, forecastPricePerMWh, { groups }), null)
  // A forecast that never changes: planning again every hour is planning once.
  expect(one).toMatchObject({ alwaysOnUsd: 1635, plannedUsd: 2797.5, perfectUsd: 3858.5 })
  expect([played.alwaysOn.valueUsd, played.rollingPlan.valueUsd, played.perfectForesight.valueUsd]).toEqual([1635, 2797.5, 3858.5])
})

const price = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -40, max: 300 }) }, { weight: 1, arbitrary: fc.constant(Number.NaN) })
const someGroup = (id: string) =>
  fc.record({
    id: fc.constant(id),
    mw: fc.integer({ min: 1, max: 20 }),
    revenuePerMWh: fc.integer({ min: 20, max: 150 }),
    startCostUsd: fc.integer({ min: 0, max: 400 }),
    minUpIntervals: fc.integer({ min: 1, max: 4 }),
    minDownIntervals: fc.integer({ min: 1, max: 4 }),
    initialOn: fc.constantFrom(0 as const, 1 as const),
    initialIntervals: fc.integer({ min: 0, max: 5 }),
  })
const days = fc.integer({ min: 3, max: 70 }).chain((count) =>
  fc.record({
    actual: fc.array(price, { minLength: count, maxLength: count }),
    dayAhead: fc.array(price, { minLength: count, maxLength: count }),
    groups: fc.tuple(someGroup('a'), someGroup('b')),
    informed: fc.boolean(),
    forecast: fc.constantFrom('day-ahead' as const, 'corrected' as const),
  }),
)
const close = (usd: number) => 1e-6 * (1 + Math.abs(usd))

test.prop([days])(
  'no strategy beats foresight, and every cost differs from always on by its saving',
  ({ actual, dayAhead, groups, informed, forecast }) => {
    const played = yearBacktest(period(actual, dayAhead, { groups: [...groups], informed, forecast }), null)
    const best = played.perfectForesight.valueUsd
    for (const s of [played.alwaysOn, played.thresholdRule, played.rollingPlan, played.perfectForesight]) {
      expect(s.valueUsd).toBeLessThanOrEqual(best + close(best))
      expect(Math.abs(played.alwaysOn.costUsd - s.costUsd - s.savingUsd)).toBeLessThan(close(s.costUsd))
      expect(s.mwh + s.lostMwh).toBeCloseTo(played.perfectForesight.mwh + played.perfectForesight.lostMwh, 6)
      expect(Math.abs(s.powerCostUsd + s.startCostUsd + s.lostRevenueUsd - s.costUsd)).toBeLessThan(close(s.costUsd))
    }
  },
)

test.prop([days, fc.nat(), fc.integer({ min: -40, max: 300 }), fc.boolean()])(
  'what prices become later changes nothing that was decided before: neither the rule nor the plan looks ahead',
  ({ actual, dayAhead, groups, informed, forecast }, at, other, isJoined) => {
    const from = at % actual.length
    const later = actual.map((usd, t) => (t >= from ? other : usd))
    const decided = (prices: number[]) => {
      const p = period(prices, dayAhead, {
        groups: [...groups],
        informed,
        forecast,
        rules: isJoined ? { maxSiteMW: 15, maxRampMW: 12 } : {},
      })
      const problem = periodProblem(p)
      const upTo = informed ? from : from + 1
      return [thresholdSchedule(p, problem), rollingSchedule(p, problem).on].map((on) =>
        [0, 1].map((g) => [...on.subarray(g * actual.length, g * actual.length + upTo)]),
      )
    }
    expect(decided(later)).toEqual(decided(actual))
  },
)

test.prop([days, fc.integer({ min: 4, max: 30 })])(
  'under a limit for the whole site no strategy goes above it once it may switch, and none beats the best that was found',
  ({ actual, dayAhead, groups, informed, forecast }, maxSiteMW) => {
    const free = groups.map((g) => ({ ...g, initialOn: 0 as const, initialIntervals: 9 }))
    const p = period(actual, dayAhead, { groups: free, informed, forecast, rules: { maxSiteMW } })
    const problem = periodProblem(p)
    for (const on of [alwaysOnSchedule(p, problem), thresholdSchedule(p, problem)])
      for (let t = 0; t < actual.length; t++)
        expect((on[t] ?? 0) * (free[0]?.mw ?? 0) + (on[actual.length + t] ?? 0) * (free[1]?.mw ?? 0)).toBeLessThanOrEqual(maxSiteMW)
    const played = yearBacktest(p, null)
    for (const s of [played.alwaysOn, played.thresholdRule, played.rollingPlan])
      expect(s.valueUsd).toBeLessThanOrEqual(played.perfectForesight.valueUsd + close(s.valueUsd))
  },
)

test('without day-ahead prices the forecast is the price of the day before, the day before that, then the last one seen', () => {
  const nothing = new Array(50).fill(Number.NaN)
  const actual = Array.from({ length: 50 }, (_, t) => t)
  const expected = (t: number, end: number, o: { informed?: boolean; missing?: number } = {}) => {
    const forecast = new Float64Array(50)
    const prices = actual.map((usd, k) => (k === o.missing ? Number.NaN : usd))
    forecastFrom(period(prices, nothing, { informed: o.informed ?? false }), t, end, DAY, forecast)
    return [...forecast.subarray(t, end)]
  }
  expect(expected(30, 33)).toEqual([6, 7, 8])
  expect(expected(30, 32, { informed: true })).toEqual([30, 7])
  expect(expected(30, 32, { missing: 6 })).toEqual([29, 7])
  expect(expected(5, 7)).toEqual([4, 4])
  expect(expected(0, 2)).toEqual([Number.NaN, Number.NaN])
})

test('a real-time price 100 above its day-ahead price lifts the next hour by 80, the one after by 56, and then fades', () => {
  const forecast = new Float64Array(5)
  forecastFrom(period([30, 140, 30, 30, 30], [30, 40, 50, 50, 50], { forecast: 'corrected' }), 2, 5, DAY, forecast)
  expect([...forecast.subarray(2)]).toEqual([130, 106, expect.closeTo(89.2, 9)])
})
