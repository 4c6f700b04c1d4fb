import { addLoad, planAgainst, searchFrom, worth } from './plan-against.ts'
import type { PlanProblem } from './plan-problem.ts'
import { isLegal } from './schedule-rules.ts'
import { scheduleValue, siteLoadMW } from './schedule-value.ts'

/**
 * Of plans that are worth the same the one with fewer starts, then with machines on earlier, group by group; what a solver
 * left on the table within its gap is picked up by the way.
 */
export const settleTies = (p: PlanProblem, schedule: Uint8Array): Uint8Array => {
  const peakMW = siteLoadMW(p, schedule).reduce((a, b) => Math.max(a, b), p.site.peakSoFarMW)
  const s = searchFrom(p, schedule.slice(), p.site.demandChargePerMW > 0 ? Math.min(p.site.maxSiteMW, peakMW) : p.site.maxSiteMW)
  let now = worth(s)
  for (let g = 0; g < p.groups; g++) {
    s.kept.set(s.on)
    addLoad(s, g, -1)
    planAgainst(s, g)
    addLoad(s, g, 1)
    const then = worth(s)
    if (then >= now - s.equalUsd) now = Math.max(now, then)
    else {
      addLoad(s, g, -1)
      s.on.set(s.kept)
      addLoad(s, g, 1)
    }
  }
  const better = scheduleValue(p, s.on).totalUsd >= scheduleValue(p, schedule).totalUsd - s.equalUsd
  return better && isLegal(p, s.on) ? s.on : schedule
}
