import { loadSolveMilp } from '#electron/compute/highs.ts'
import { type Plan, planWith } from '#shared/economics/curtailment/plan.ts'
import { type PlanInputs, planProblem } from '#shared/economics/curtailment/plan-problem.ts'
import { planSeparably, separableWork } from '#shared/economics/curtailment/plan-separable.ts'
import type { Result } from '#shared/result.ts'
import { type Benchmark, below, type Row, shown } from './benchmark.ts'

/** Numerical Recipes' linear congruential generator: the same sites in every run. */
const drawsFrom = (seed: number) => {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

type Rules = {
  readonly limit?: boolean
  readonly ramp?: boolean
  readonly call?: boolean
  readonly floor?: boolean
  /** Peak so far as a share of the installed load; every MW above it costs. */
  readonly peak?: number
  /** Noise of each interval for itself, USD/MWh, beside that of the hour. */
  readonly noise?: number
}
const everyRule: Rules = { limit: true, ramp: true, peak: 0.85, call: true, floor: true }

/** A day of a site: solar noon, evening peak, rare spikes; groups of 4 to 16 MW with minimum runs of up to two hours. */
const site = (perDay: number, groupCount: number, rules: Rules, seed: number): PlanInputs => {
  const draw = drawsFrom(seed)
  const hours = 24 / perDay
  const intervalsIn = (h: number) => Math.max(1, Math.round(h / hours))
  const groups = Array.from({ length: groupCount }, (_, g) => ({
    id: `g${g}`,
    mw: Math.round((4 + 12 * draw()) * 10) / 10,
    revenuePerMWh: 38 + 60 * draw(),
    startCostUsd: 20 + 130 * draw(),
    minUpIntervals: intervalsIn(0.5 + 1.5 * draw()),
    minDownIntervals: intervalsIn(0.25 + draw()),
    initialOn: draw() < 0.7 ? (1 as const) : (0 as const),
  }))
  const byHour = Array.from({ length: 24 }, () => (draw() - 0.5) * 16 + (draw() < 0.08 ? 150 + 400 * draw() : 0))
  const pricePerMWh = Array.from({ length: perDay }, (_, t) => {
    const h = t * hours
    const daily = 32 + 14 * Math.sin(((h - 9) / 12) * Math.PI) + 22 * Math.exp(-((h - 19) ** 2) / 3) - 14 * Math.exp(-((h - 13) ** 2) / 6)
    return daily + (byHour[Math.floor(h)] ?? 0) + (draw() - 0.5) * (rules.noise ?? 2)
  })
  const installed = groups.reduce((mw, g) => mw + g.mw, 0)
  const running = groups.reduce((mw, g) => mw + g.mw * g.initialOn, 0)
  const baseMW = 2
  return {
    intervalHours: hours,
    pricePerMWh,
    groups,
    baseMW,
    ...(rules.limit === true ? { maxSiteMW: Math.max(baseMW + running, Math.round(baseMW + 0.83 * installed)) } : {}),
    ...(rules.ramp === true ? { maxRampMW: Math.round(0.35 * installed) } : {}),
    ...(rules.floor === true ? { minSiteMW: Math.round(baseMW + 0.2 * installed), floorPenaltyPerMWh: 25 } : {}),
    ...(rules.peak === undefined ? {} : { demandChargePerMW: 9000, peakSoFarMW: Math.round(baseMW + rules.peak * installed) }),
    ...(rules.call === true
      ? { drEvents: [{ fromIndex: intervalsIn(16), toIndex: intervalsIn(19), maxMW: Math.round(0.3 * installed), penaltyPerMWh: 300 }] }
      : {}),
  }
}

type Day = readonly [what: string, rules: Rules, seed: number]
/** Days on which a plan is wanted; the bar is held by the slowest of them. */
const DAYS: readonly Day[] = [
  ['limit', { limit: true }, 7],
  ['ramp and demand-response call', { ramp: true, call: true }, 8],
  ['demand charge', { peak: 0.85 }, 8],
  ['every rule', everyRule, 7],
  ['every rule, another fleet', everyRule, 8],
]
/** As hard as it was found to get: a peak that only some sets of groups fit under, steep ramps, prices without any order. */
const HARD: Day = ['hard day (tight peak, noise)', { ...everyRule, peak: 0.6, noise: 16 }, 8]

const found = (r: Result<Plan>): Plan => {
  if (!r.ok) throw new Error(r.failure.message)
  return r.value
}

export const bench: Benchmark = {
  name: 'plan',
  about: 'curtailment plans of a day: HiGHS where rules join the groups, dynamic programme where they do not',
  run: async ({ median }) => {
    const plan = planWith(await loadSolveMilp())
    const timed = async (perDay: number, [, rules, seed]: Day) => {
      const inputs = site(perDay, 8, rules, seed)
      const answers: Plan[] = []
      const ms = await median(() => void answers.push(found(plan(inputs))), 3)
      return { seconds: ms / 1000, gap: Math.max(...answers.map((a) => a.gap ?? Number.POSITIVE_INFINITY)) }
    }
    const coupled = async (perDay: number, limitSeconds: number): Promise<Row[]> => {
      const rows: Row[] = []
      const days: { seconds: number; gap: number }[] = []
      for (const day of DAYS) {
        const took = await timed(perDay, day)
        days.push(took)
        rows.push(shown(`  ${day[0]}`, took.seconds, 's'))
      }
      const widest = Math.max(...days.map((d) => d.gap))
      const hard = await timed(perDay, HARD)
      return [
        below(`plan ${perDay} x 8, slowest of ${DAYS.length} days`, Math.max(...days.map((d) => d.seconds)), 's', limitSeconds),
        { what: `plan ${perDay} x 8, widest gap`, value: 100 * widest, unit: '%', bar: '<= 0.1 %', ok: widest <= 0.001 },
        ...rows,
        shown(`  ${HARD[0]}`, hard.seconds, 's'),
        shown(`  ${HARD[0]}, gap`, 100 * hard.gap, '%'),
      ]
    }
    const separable = async (intervals: number): Promise<number> => {
      const p = planProblem(site(intervals, 8, {}, 7))
      const work = separableWork(p.intervals, p.groups)
      // Too short to be timed alone.
      const calls = 200
      const taken = await median(() => {
        for (let k = 0; k < calls; k++) planSeparably(p, work)
      })
      return taken / calls
    }
    const dp = await separable(96)
    const dpTwice = await separable(192)
    const quarterHours = await coupled(96, 2)
    const fiveMinutes = await coupled(288, 5)
    const inputs = (perDay: number) => site(perDay, 8, everyRule, 7)
    const once = await median(() => void plan(inputs(96)), 3)
    const twice = await median(() => void plan(inputs(192)), 3)
    return [
      ...quarterHours,
      ...fiveMinutes,
      shown('plan 192 x 8 / 96 x 8, every rule', twice / once, 'times'),
      below('dynamic programme 96 x 8', dp, 'ms', 0.5),
      shown('dynamic programme 192 x 8 / 96 x 8', dpTwice / dp, 'times'),
    ]
  },
}
