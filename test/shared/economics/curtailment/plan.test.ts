import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { loadSolveMilp } from '#electron/compute/highs.ts'
import { planWith } from '#shared/economics/curtailment/plan.ts'
import type { PlanInputs } from '#shared/economics/curtailment/plan-problem.ts'
import { reasonText } from '#shared/economics/curtailment/plan-reasons.ts'
import { value } from '../value.ts'
import { bestOfAll, keepsSite, legalSchedules, worthOf } from './every-schedule.ts'

const solve = await loadSolveMilp()
const plan = planWith(solve)
const planWithoutSolver = planWith(null)

type Group = PlanInputs['groups'][number]
const group: Group = { id: 'new', mw: 10, revenuePerMWh: 100, startCostUsd: 120, minUpIntervals: 2, minDownIntervals: 2, initialOn: 1 }
const spike: PlanInputs = { intervalHours: 1, pricePerMWh: [30, 30, 180, 260, 40, 30, 30, 30], groups: [group] }
const said = (inputs: PlanInputs, id = 'new') => (value(plan(inputs)).reasons?.[id] ?? []).map(reasonText)
/** Schedules in the order of the groups. */
const schedulesOf = (inputs: PlanInputs, answer: { schedule: Readonly<Record<string, string>> | null }): string[] =>
  inputs.groups.map((g) => answer.schedule?.[g.id] ?? '')

// Small numbers with many ties on purpose.
const oneGroup = (id: string): fc.Arbitrary<Group> =>
  fc.record(
    {
      id: fc.constant(id),
      mw: fc.integer({ min: 0, max: 12 }),
      revenuePerMWh: fc.integer({ min: -10, max: 100 }),
      startCostUsd: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 300 })),
      minUpIntervals: fc.integer({ min: 1, max: 4 }),
      minDownIntervals: fc.integer({ min: 1, max: 4 }),
      initialOn: fc.constantFrom<0 | 1>(0, 1),
      initialIntervals: fc.integer({ min: 0, max: 4 }),
    },
    { requiredKeys: ['id', 'mw', 'revenuePerMWh', 'startCostUsd', 'minUpIntervals', 'minDownIntervals', 'initialOn'] },
  )
const problem = (most: { groups: number; intervals: number }, siteRules: boolean): fc.Arbitrary<PlanInputs> =>
  fc.integer({ min: 1, max: most.intervals }).chain((n) => {
    const event = fc
      .record({
        from: fc.nat(n - 1),
        length: fc.integer({ min: 1, max: n }),
        maxMW: fc.integer({ min: 0, max: 30 }),
        penaltyPerMWh: fc.integer({ min: 0, max: 400 }),
      })
      .map(({ from, length, ...rest }) => ({ fromIndex: from, toIndex: Math.min(n, from + length), ...rest }))
    const always = {
      intervalHours: fc.constantFrom(1, 0.25),
      pricePerMWh: fc.array(fc.integer({ min: -40, max: 250 }), { minLength: n, maxLength: n }),
      groups: fc.integer({ min: 0, max: most.groups }).chain((count) => fc.tuple(...['a', 'b', 'c'].slice(0, count).map(oneGroup))),
    }
    const sometimes = {
      baseMW: fc.integer({ min: 0, max: 3 }),
      maxSiteMW: fc.integer({ min: 0, max: 30 }),
      maxRampMW: fc.integer({ min: 0, max: 20 }),
      minSiteMW: fc.integer({ min: 0, max: 20 }),
      floorPenaltyPerMWh: fc.integer({ min: 0, max: 200 }),
      demandChargePerMW: fc.integer({ min: 0, max: 300 }),
      peakSoFarMW: fc.integer({ min: 0, max: 20 }),
      drEvents: fc.array(event, { maxLength: 2 }),
    }
    const adder = { adderPerMWh: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: n, maxLength: n }) }
    const requiredKeys = ['intervalHours', 'pricePerMWh', 'groups'] as const
    return siteRules
      ? fc.record({ ...always, ...adder, ...sometimes }, { requiredKeys: [...requiredKeys] })
      : fc.record({ ...always, ...adder }, { requiredKeys: [...requiredKeys] })
  }) as fc.Arbitrary<PlanInputs>

describe('against every legal schedule', () => {
  test('a best plan worth exactly nothing is still the best: a rounding of the bound is no gap', () => {
    // $78 earned in the first hour, 3 MW more of peak at $13: 78 - 6 x 13 = 0; off would pay 3 x 13 for the base alone.
    const group = { id: 'a', mw: 3, revenuePerMWh: 0, startCostUsd: 0, minUpIntervals: 1, minDownIntervals: 1, initialOn: 0 as const }
    const inputs = { intervalHours: 1, pricePerMWh: [-39, 0], adderPerMWh: [13, 0], groups: [group], baseMW: 3, demandChargePerMW: 13 }
    expect(value(plan(inputs))).toMatchObject({ status: 'OPTIMAL', gap: 0 })
  })
  property.prop([problem({ groups: 2, intervals: 8 }, false)], { numRuns: 400 })(
    'groups alone: the dynamic programme finds the best; of several the one with fewest starts, then on earliest',
    (inputs) => {
      const answer = value(plan(inputs))
      const best = bestOfAll(inputs)
      expect(answer).toMatchObject({ status: 'OPTIMAL', engine: 'dp', gap: 0, seconds: null })
      expect(answer.objectiveUsd).toBeCloseTo(best?.usd ?? Number.NaN, 6)
      expect(schedulesOf(inputs, answer)).toEqual(best?.plan)
    },
  )
  property.prop([problem({ groups: 3, intervals: 5 }, true)], { numRuns: 300 })(
    'rules of the site of every kind: the solver finds the best, or that there is none',
    (inputs) => {
      const answer = value(plan(inputs))
      const best = bestOfAll(inputs)
      if (best === null) {
        expect(answer).toMatchObject({ status: 'INFEASIBLE', objectiveUsd: null, schedule: null, reasons: null })
        return
      }
      expect(answer.status).toBe('OPTIMAL')
      expect(answer.objectiveUsd).toBeCloseTo(best.usd, 5)
      const schedules = schedulesOf(inputs, answer)
      expect(worthOf(inputs, schedules)).toBeCloseTo(best.usd, 5)
      expect(keepsSite(inputs, schedules)).toBe(true)
      for (const [k, g] of inputs.groups.entries()) expect(legalSchedules(g, inputs.pricePerMWh.length)).toContain(schedules[k])
      expect(answer.boundUsd ?? Number.NaN).toBeGreaterThanOrEqual(best.usd - 1e-5)
    },
  )
  property.prop([problem({ groups: 3, intervals: 5 }, true)], { numRuns: 300 })(
    'without a solver a plan is legal, never above its bound, and the bound never below the best',
    (inputs) => {
      const answer = value(planWithoutSolver(inputs))
      const best = bestOfAll(inputs)
      if (answer.status === 'INFEASIBLE') expect(best).toBeNull()
      if (answer.objectiveUsd === null) return
      const schedules = schedulesOf(inputs, answer)
      expect(keepsSite(inputs, schedules)).toBe(true)
      for (const [k, g] of inputs.groups.entries()) expect(legalSchedules(g, inputs.pricePerMWh.length)).toContain(schedules[k])
      expect(worthOf(inputs, schedules)).toBeCloseTo(answer.objectiveUsd, 6)
      expect(answer.boundUsd ?? Number.NaN).toBeGreaterThanOrEqual((best?.usd ?? Number.NaN) - 1e-6)
      if (answer.status === 'OPTIMAL') expect(answer.objectiveUsd).toBeCloseTo(best?.usd ?? Number.NaN, 5)
    },
  )
})

property.prop([problem({ groups: 3, intervals: 6 }, true)], { numRuns: 100 })('a rule more never makes a plan worth more', (inputs) => {
  const { maxSiteMW: _, ...free } = inputs
  const [bound, unbound] = [value(plan(inputs)), value(plan(free))]
  if (bound.objectiveUsd !== null) expect(unbound.objectiveUsd ?? Number.NaN).toBeGreaterThanOrEqual(bound.objectiveUsd - 1e-6)
})
property.prop([problem({ groups: 3, intervals: 4 }, true)], { numRuns: 50 })(
  'of an infeasible plan every conflict that stands alone tells how much it lacks: with that, there is a plan',
  (inputs) => {
    const answer = value(plan(inputs))
    fc.pre(answer.status === 'INFEASIBLE')
    expect(answer.conflicts.length).toBeGreaterThan(0)
    for (const c of answer.conflicts) {
      if (c.together || c.rule === 'baseMW') continue
      const groups = inputs.groups.map((g) =>
        g.id === c.group ? { ...g, initialIntervals: (g.initialIntervals ?? 0) + c.given - c.needed } : g,
      )
      const cured = c.rule === 'initialIntervals' ? { ...inputs, groups } : { ...inputs, [c.rule]: c.needed }
      expect(value(plan(cured)).status, c.text).toBe('OPTIMAL')
    }
  },
)

test('a limit below what a minimum run holds on is a conflict of the two, each with what it would have to be', () => {
  const locked: PlanInputs = {
    intervalHours: 1,
    pricePerMWh: [30, 30, 30, 30],
    groups: [{ ...group, minUpIntervals: 4, initialIntervals: 1 }],
    maxSiteMW: 8,
  }
  const { status, conflicts } = value(plan(locked))
  expect(status).toBe('INFEASIBLE')
  expect(conflicts.map((c) => c.text)).toEqual([
    'maxSiteMW is 8 MW; a plan needs at least 10 MW',
    'new: its minimum run lasts 3 more intervals; a plan needs it over after 0',
  ])
  expect(value(planWithoutSolver(locked)).conflicts.map((c) => c.rule)).toEqual(['maxSiteMW', 'initialIntervals'])
})
test('three blocks of 10 MW cannot come down to 22 MW in steps of 8, though 8 MW would do for the sum', () => {
  const blocks = ['a', 'b', 'c'].map((id) => ({ ...group, id }))
  const { status, conflicts } = value(plan({ ...spike, groups: blocks, maxSiteMW: 22, maxRampMW: 8 }))
  expect(status).toBe('INFEASIBLE')
  expect(conflicts.map((c) => c.text)).toEqual([
    'maxSiteMW is 22 MW; a plan needs at least 30 MW',
    'maxRampMW is 8 MW an interval; a plan needs at least 10 MW',
  ])
})
test('a base load above the limit needs another limit or another base', () =>
  expect(value(plan({ ...spike, baseMW: 5, maxSiteMW: 4 })).conflicts.map((c) => [c.rule, c.needed])).toEqual([
    ['maxSiteMW', 5],
    ['baseMW', 4],
  ]))

test('a short spike is worth two hours off, and every hour says why', () => {
  expect(value(plan(spike))).toMatchObject({ objectiveUsd: 3980, alwaysOnUsd: 1700, schedule: { new: '11001111' }, starts: { new: 1 } })
  const reasons = said(spike)
  expect(reasons[0]).toBe('on: price 30.00 < 100.00 revenue')
  expect(reasons[2]).toBe('off: price 180.00 > 100.00 revenue')
})
test('a spike that is too short is run through for the sake of the restart', () =>
  expect(said({ ...spike, pricePerMWh: [30, 30, 30, 108, 30] })[3]).toBe('on: start cost not worth a stop'))
test('what was switched on an hour ago runs on through a spike until its minimum run is over', () => {
  const reasons = said({ ...spike, pricePerMWh: [500, 500, 30], groups: [{ ...group, initialIntervals: 1 }] })
  expect(reasons.slice(0, 2)).toEqual(['on: minimum run until interval 1', 'off: price 500.00 > 100.00 revenue'])
})
test('a group that pays goes off for the limit, the call, the peak or the adder, and says which', () => {
  const two = [group, { ...group, id: 'old', revenuePerMWh: 60 }]
  const flat: PlanInputs = { ...spike, pricePerMWh: [30, 30, 30], groups: two }
  expect(said({ ...flat, maxSiteMW: 15 }, 'old')[1]).toBe('off: site limit 15.0 MW')
  const call = { fromIndex: 0, toIndex: 3, maxMW: 12, penaltyPerMWh: 350 }
  expect(said({ ...flat, drEvents: [call] }, 'old')[1]).toBe('off: demand-response event 12.0 MW')
  expect(said({ ...flat, demandChargePerMW: 500, peakSoFarMW: 10 }, 'old')[1]).toBe('off: demand charge above a peak of 10.0 MW')
  expect(said({ ...flat, adderPerMWh: [0, 200, 0], groups: [{ ...group, startCostUsd: 0, minDownIntervals: 1 }] })[1]).toBe(
    'off: price 30.00 + 200.00 adder > 100.00 revenue',
  )
})
test('a part of a divisible group fills a limit that a whole one cannot', () => {
  // Ten megawatts at 70 an hour under a limit of 6 + 3 base: 6 of them, for two hours, 840; as one breaker none.
  const inputs: PlanInputs = { ...spike, pricePerMWh: [30, 30], baseMW: 3, maxSiteMW: 9, groups: [{ ...group, divisible: true }] }
  const part = value(plan(inputs))
  expect(part).toMatchObject({ status: 'OPTIMAL', objectiveUsd: expect.closeTo(840, 6), siteMW: [9, 9] })
  expect(part.onShare?.new?.map((x) => Math.round(1e6 * x) / 1e6)).toEqual([0.6, 0.6])
  expect(value(plan({ ...inputs, groups: [group] })).objectiveUsd).toBe(0)
})
test('equal plans: fewer starts, then machines on earlier', () => {
  // The margin is zero everywhere, so everything is worth the same: running from the start needs none.
  const even: PlanInputs = { ...spike, pricePerMWh: [100, 100, 100, 100], groups: [{ ...group, startCostUsd: 0 }] }
  expect(value(plan(even)).schedule).toEqual({ new: '1111' })
  // Only one of two hours may run (a rest of one between), both are worth the same.
  const late: PlanInputs = {
    ...even,
    pricePerMWh: [40, 200, 40],
    groups: [{ ...group, initialOn: 0, startCostUsd: 600, minUpIntervals: 1, minDownIntervals: 1 }],
  }
  expect(value(plan(late)).schedule).toEqual({ new: '000' })
  expect(value(plan({ ...late, groups: [{ ...group, initialOn: 0, startCostUsd: 599, minUpIntervals: 1 }] })).schedule).toEqual({
    new: '100',
  })
})
test('days of 23 and 25 hours are plans of 23 and 25 intervals', () => {
  for (const hours of [23, 25]) {
    const answer = value(plan({ ...spike, pricePerMWh: Array.from({ length: hours }, (_, t) => (t === 12 ? 900 : 30)), maxSiteMW: 5 }))
    expect(answer.schedule).toEqual({ new: '0'.repeat(hours) })
    expect(answer.reasons?.new).toHaveLength(hours)
  }
})
test('a site without groups pays the demand charge of its base load, and nothing can be planned about it', () =>
  expect(value(plan({ ...spike, groups: [], baseMW: 4, demandChargePerMW: 100, peakSoFarMW: 1 }))).toMatchObject({
    status: 'OPTIMAL',
    objectiveUsd: -300,
    alwaysOnUsd: -300,
    schedule: {},
  }))
test('a solver that comes to nothing, or to something illegal, is replaced by the greedy plan, with its label', () => {
  const inputs: PlanInputs = { ...spike, maxSiteMW: 9 }
  const nothing = planWith(() => ({ status: 'unknown', x: null, bound: Number.NEGATIVE_INFINITY, seconds: 5, timeLimitHit: true }))
  expect(value(nothing(inputs))).toMatchObject({ status: 'FEASIBLE', engine: 'greedy', timeLimitHit: true, seconds: 5, objectiveUsd: 0 })
  const wrong = planWith((milp) => ({
    status: 'optimal',
    x: new Float64Array(milp.columns.cost.length).fill(1),
    bound: -5000,
    seconds: 0,
    timeLimitHit: false,
  }))
  expect(value(wrong(inputs))).toMatchObject({ engine: 'greedy', objectiveUsd: 0 })
})

test('a month of 64 groups that start at once is no problem for a solver: it is not asked, and the label says so', () => {
  let asked = 0
  const plan = planWith(() => {
    asked++
    throw new Error('asked')
  })
  const groups = Array.from({ length: 64 }, (_, g) => ({
    id: `g${g}`,
    mw: 1,
    revenuePerMWh: 60,
    startCostUsd: 0,
    minUpIntervals: 1,
    minDownIntervals: 1,
    initialOn: 0 as const,
  }))
  const answer = value(plan({ intervalHours: 1, pricePerMWh: new Array(700).fill(30), groups, maxSiteMW: 40 }))
  expect(answer).toMatchObject({ engine: 'greedy', objectiveUsd: 700 * 40 * 30 })
  expect(asked).toBe(0)
})
