import type { PlanProblem } from './plan-problem.ts'
import { type Schedule, siteLoadMW } from './schedule-value.ts'

/** Far below what any meter shows; a sum of group powers may differ from the limit by its rounding. */
export const TOLERANCE_MW = 1e-6

/** Site load in the moment before the plan begins. */
export const initialLoadMW = (p: PlanProblem): number => p.mw.reduce((load, mw, g) => load + mw * (p.initialOn[g] ?? 0), p.site.baseMW)

/**
 * Whether the group keeps its minimum runs, the one it was in before the plan included. A run that reaches the end is long
 * enough. Of a divisible group: the parts that came on (went off) within the last minimum run must still be on (off).
 * Worked: minimum up 2, off before: 0 1 0 is too short, 0 1 1 0 and 0 0 1 are not.
 */
export const keepsMinimumRuns = (p: PlanProblem, g: number, on: Schedule): boolean => {
  const row = g * p.intervals
  const initial = p.initialOn[g] ?? 0
  const at = (t: number) => (t < 0 ? initial : (on[row + t] ?? 0))
  for (let t = 0; t < p.intervals; t++) {
    if (t < (p.locked[g] ?? 0) && at(t) !== initial) return false
    let came = 0
    for (let k = Math.max(0, t - (p.minUp[g] ?? 1) + 1); k <= t; k++) came += Math.max(0, at(k) - at(k - 1))
    let went = 0
    for (let k = Math.max(0, t - (p.minDown[g] ?? 1) + 1); k <= t; k++) went += Math.max(0, at(k - 1) - at(k))
    if (came > at(t) + TOLERANCE_MW || went > 1 - at(t) + TOLERANCE_MW) return false
  }
  return true
}

/** Whether a schedule keeps every hard rule: minimum runs, site limit, ramp. */
export const isLegal = (p: PlanProblem, on: Schedule): boolean => {
  const load = siteLoadMW(p, on)
  let before = initialLoadMW(p)
  for (const mw of load) {
    if (mw > p.site.maxSiteMW + TOLERANCE_MW || Math.abs(mw - before) > p.site.maxRampMW + TOLERANCE_MW) return false
    before = mw
  }
  return p.ids.every((_, g) => keepsMinimumRuns(p, g, on))
}
