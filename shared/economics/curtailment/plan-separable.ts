import type { PlanProblem } from './plan-problem.ts'

/**
 * The best schedule of every group alone, site rules left aside: exact, by dynamic programming over "on and free to stop" and
 * "off and free to start". Stopping and starting jump over the minimum run, so the work grows with the intervals only.
 */

/** Buffers that are filled again at every call; `on` holds the schedule, `[g * intervals + t]`. */
export type SeparableWork = {
  readonly on: Uint8Array
  /** Of each group. */
  readonly starts: Int32Array
  readonly earned: Float64Array
  readonly whenOn: Float64Array
  readonly whenOff: Float64Array
  readonly startsWhenOn: Int32Array
  readonly startsWhenOff: Int32Array
  readonly stops: Uint8Array
  readonly waits: Uint8Array
}

export const separableWork = (intervals: number, groups: number): SeparableWork => ({
  on: new Uint8Array(groups * intervals),
  starts: new Int32Array(groups),
  earned: new Float64Array(intervals + 1),
  whenOn: new Float64Array(intervals + 1),
  whenOff: new Float64Array(intervals + 1),
  startsWhenOn: new Int32Array(intervals + 1),
  startsWhenOff: new Int32Array(intervals + 1),
  stops: new Uint8Array(intervals),
  waits: new Uint8Array(intervals),
})

/** Two values closer than this share of all the money in the group's problem are equal: rounding must not cost a start. */
const EQUAL = 1e-12

/**
 * Fills `work.on` with the optimum over the first `count` intervals and answers its value in USD. Equal values: fewer starts,
 * then on in the earlier interval.
 * Worked: 10 MW earning 100, start 120, runs of 2; prices 30 30 180 260 40 30 30 30: off in the spike only,
 * 700 + 700 + 600 + 3 x 700 − 120 = 3,980.
 */
export const planSeparably = (p: PlanProblem, work: SeparableWork, count: number = p.intervals): number => {
  let total = 0
  for (let g = 0; g < p.groups; g++) total += planGroup(p, g, p.marginUsd, work, count)
  return total
}

/** One group of it, under margins that may differ from the problem's own (a relaxation's). */
export const planGroup = (p: PlanProblem, g: number, marginUsd: Float64Array, work: SeparableWork, count: number = p.intervals): number => {
  const { on, earned, whenOn, whenOff, startsWhenOn, startsWhenOff, stops, waits } = work
  const row = g * p.intervals
  const startCost = p.startCostUsd[g] ?? 0
  const minUp = p.minUp[g] ?? 1
  const minDown = p.minDown[g] ?? 1
  // earned[t]: sum of the margins before t.
  let scale = startCost
  let sumSoFar = 0
  earned[0] = 0
  for (let t = 0; t < count; t++) {
    const margin = marginUsd[row + t] ?? 0
    scale += Math.abs(margin)
    sumSoFar += margin
    earned[t + 1] = sumSoFar
  }
  const equal = EQUAL * scale
  whenOn[count] = 0
  whenOff[count] = 0
  startsWhenOn[count] = 0
  startsWhenOff[count] = 0
  for (let t = count - 1; t >= 0; t--) {
    const downTo = Math.min(count, t + minDown)
    const run = (marginUsd[row + t] ?? 0) + (whenOn[t + 1] ?? 0)
    const runStarts = startsWhenOn[t + 1] ?? 0
    const stop = whenOff[downTo] ?? 0
    const stopStarts = startsWhenOff[downTo] ?? 0
    const stopping = stop - run > equal || (stop - run >= -equal && stopStarts < runStarts)
    stops[t] = stopping ? 1 : 0
    whenOn[t] = stopping ? stop : run
    startsWhenOn[t] = stopping ? stopStarts : runStarts
    const upTo = Math.min(count, t + minUp)
    const start = (earned[upTo] ?? 0) - (earned[t] ?? 0) - startCost + (whenOn[upTo] ?? 0)
    const startStarts = 1 + (startsWhenOn[upTo] ?? 0)
    const wait = whenOff[t + 1] ?? 0
    const waitStarts = startsWhenOff[t + 1] ?? 0
    const waiting = wait - start > equal || (wait - start >= -equal && waitStarts < startStarts)
    waits[t] = waiting ? 1 : 0
    whenOff[t] = waiting ? wait : start
    startsWhenOff[t] = waiting ? waitStarts : startStarts
  }
  // Forward, from the interval in which the group is free for the first time.
  let state = p.initialOn[g] ?? 0
  let t = Math.min(count, p.locked[g] ?? 0)
  for (let k = 0; k < t; k++) on[row + k] = state
  const value = (state === 1 ? (earned[t] ?? 0) + (whenOn[t] ?? 0) : whenOff[t]) ?? 0
  work.starts[g] = (state === 1 ? startsWhenOn[t] : startsWhenOff[t]) ?? 0
  while (t < count) {
    const changes = (state === 1 ? stops[t] : 1 - (waits[t] ?? 1)) === 1
    if (changes) state = 1 - state
    const to = changes ? Math.min(count, t + (state === 1 ? minUp : minDown)) : t + 1
    for (; t < to; t++) on[row + t] = state
  }
  return value
}
