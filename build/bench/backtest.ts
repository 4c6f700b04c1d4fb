import { loadSolveMilp } from '#electron/compute/highs.ts'
import type { BacktestPeriod } from '#shared/economics/curtailment/backtest-period.ts'
import { ruleBacktest, yearBacktest } from '#shared/economics/curtailment/year-backtest.ts'
import { type Benchmark, below, shown } from './benchmark.ts'

const QUARTERS_PER_DAY = 96
const PUBLISHED_AT_QUARTER = 14 * 4

/** Days of 15-minute prices with mornings, evenings and spikes, the same in every run; day-ahead is published at 14:00. */
const period = (days: number): BacktestPeriod => {
  const count = days * QUARTERS_PER_DAY
  let state = 12_345
  const draw = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
  const dayAhead = Float64Array.from({ length: count }, (_, t) => {
    const hour = (t % QUARTERS_PER_DAY) / 4
    return 28 + 14 * Math.sin(((hour - 10) / 24) * 2 * Math.PI) + (hour > 17 && hour < 21 && draw() < 0.3 ? 60 * draw() : 0)
  })
  const actual = Array.from(dayAhead, (price) => price + (draw() - 0.5) * 24 + (draw() < 0.01 ? 700 * draw() : 0))
  const groups = Array.from({ length: 8 }, (_, g) => ({
    id: `group-${g}`,
    mw: 5 + g,
    revenuePerMWh: 38 + g * 9,
    startCostUsd: 60 + 10 * g,
    minUpIntervals: 4,
    minDownIntervals: 2,
    initialOn: 1 as const,
  }))
  return {
    plan: { intervalHours: 0.25, pricePerMWh: actual, groups },
    dayAheadPerMWh: dayAhead,
    dayAheadKnownTo: Int32Array.from({ length: count }, (_, t) => {
      const day = Math.floor(t / QUARTERS_PER_DAY)
      return Math.min(count, (day + (t % QUARTERS_PER_DAY >= PUBLISHED_AT_QUARTER ? 2 : 1)) * QUARTERS_PER_DAY)
    }),
    revenuePerMWh: groups.map((g) => g.revenuePerMWh),
    owedUsd: new Float64Array(count),
    monthOf: Int32Array.from({ length: count }, (_, t) => Math.floor(t / (30 * QUARTERS_PER_DAY))),
    months: Array.from({ length: Math.ceil(days / 30) }, (_, m) => `month ${m + 1}`),
    informed: false,
    forecast: 'corrected',
  }
}

export const bench: Benchmark = {
  name: 'backtest',
  about: 'a realised 15-minute year (35,040 intervals) with 8 groups played again',
  run: async ({ median }) => {
    const year = period(365)
    const twoYears = period(730)
    const rule = await median(() => void ruleBacktest(year))
    const ruleTwice = await median(() => void ruleBacktest(twoYears))
    const plan = await median(() => void yearBacktest(year, null), 3)
    const planTwice = await median(() => void yearBacktest(twoYears, null), 3)
    // A connection of two thirds, a slow ramp and a demand charge: no group can be planned alone.
    const rules = { maxSiteMW: 46, maxRampMW: 30, demandChargePerMW: 3000 }
    const groups = year.plan.groups.map((g, k) => ({ ...g, initialOn: k < 4 ? (0 as const) : (1 as const) }))
    const together: BacktestPeriod = { ...year, plan: { ...year.plan, groups, ...rules } }
    const solve = await loadSolveMilp()
    const started = performance.now()
    yearBacktest(together, solve)
    const coupled = performance.now() - started
    return [
      below('threshold rule and always on, a year', rule / 1000, 's', 1),
      below('all four strategies, re-planned every interval, a year', plan / 1000, 's', 60),
      below('the same under limit, ramp and demand charge, a year', coupled / 1000, 's', 60),
      shown('rule, two years', ruleTwice / 1000, 's'),
      shown('four strategies, two years', planTwice / 1000, 's'),
      below('rule: time for twice the length', ruleTwice / rule, 'x', 3),
      below('plan: time for twice the length', planTwice / plan, 'x', 3),
    ]
  },
}
