import { sum } from '../sum.ts'
import type { PlanProblem } from './plan-problem.ts'

/** Every list over groups and intervals, `[g * intervals + t]`: 1 on, 0 off, between them the part of a divisible group that runs. */
export type Schedule = ArrayLike<number>

export type ScheduleValue = {
  /** Margin less everything below. */
  readonly totalUsd: number
  readonly marginUsd: number
  readonly startCostUsd: number
  readonly demandChargeUsd: number
  readonly floorPenaltyUsd: number
  readonly drPenaltyUsd: number
  /** Of each group; of a divisible one in parts of the whole. */
  readonly starts: readonly number[]
  readonly peakMW: number
}

/** Site load by interval. */
export const siteLoadMW = (p: PlanProblem, on: Schedule): Float64Array => {
  const load = new Float64Array(p.intervals).fill(p.site.baseMW)
  for (let g = 0; g < p.groups; g++) {
    const mw = p.mw[g] ?? 0
    for (let t = 0; t < p.intervals; t++) load[t] = (load[t] ?? 0) + mw * (on[g * p.intervals + t] ?? 0)
  }
  return load
}

/** How often a group comes on, its state before the plan included. Worked: on before, then 1 0 0 1 1: once. */
export const startsOf = (p: PlanProblem, g: number, on: Schedule): number => {
  let before = p.initialOn[g] ?? 0
  let starts = 0
  for (let t = 0; t < p.intervals; t++) {
    const now = on[g * p.intervals + t] ?? 0
    if (now > before) starts += now - before
    before = now
  }
  return starts
}

/**
 * What a schedule is worth under the problem's prices (`economics.md` 4.3): margins, less start costs, less the demand charge
 * over the peak so far, less the penalties of the floor and of demand-response calls. Hard rules are not looked at.
 * Worked: 10 MW earning 100 at prices 30, 180, 30 with one restart for 120: 700 + 700 − 120 = 1,280.
 */
export const scheduleValue = (p: PlanProblem, on: Schedule): ScheduleValue => {
  const { site, hours } = p
  const load = siteLoadMW(p, on)
  const starts = p.ids.map((_, g) => startsOf(p, g, on))
  const marginUsd = sum(p.marginUsd.map((margin, k) => margin * (on[k] ?? 0)))
  const startCostUsd = sum(starts.map((count, g) => (count === 0 ? 0 : count * (p.startCostUsd[g] ?? 0))))
  const peakMW = load.reduce((a, b) => Math.max(a, b), 0)
  const demandChargeUsd = site.demandChargePerMW * Math.max(0, peakMW - site.peakSoFarMW)
  const floorPenaltyUsd =
    site.floorPenaltyPerMWh === 0 ? 0 : site.floorPenaltyPerMWh * hours * sum(load.map((mw) => Math.max(0, site.minSiteMW - mw)))
  const drPenaltyUsd = sum(
    site.drEvents.map((e) => e.penaltyPerMWh * hours * sum(load.subarray(e.fromIndex, e.toIndex).map((mw) => Math.max(0, mw - e.maxMW)))),
  )
  return {
    totalUsd: sum([marginUsd, -startCostUsd, -demandChargeUsd, -floorPenaltyUsd, -drPenaltyUsd]),
    marginUsd,
    startCostUsd,
    demandChargeUsd,
    floorPenaltyUsd,
    drPenaltyUsd,
    starts,
    peakMW,
  }
}

/** Everything on from the first interval, whatever the hard rules say; groups that were off pay their start. */
export const alwaysOnUsd = (p: PlanProblem): number => scheduleValue(p, new Uint8Array(p.groups * p.intervals).fill(1)).totalUsd
