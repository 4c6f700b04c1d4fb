import * as z from 'zod'
import { model } from '../model.ts'
import { sum } from '../sum.ts'
import { type ColocationFlows, ColocationProject, colocationFlows } from './colocation-project.ts'

/** First month in which every phase pays its full rent. */
const fullFrom = (p: ColocationProject): number =>
  Math.max(...p.phases.map((f) => f.startMonth + f.buildMonths + Math.max(0, f.rampMonths - 1)))

/**
 * Rent, NOI, margin and yield of the first twelve months at full rent: what lenders and boards call margin and yield on cost.
 * Those of the last month, after fifteen escalations, would flatter the capital. Null where the horizon holds no such year.
 */
export const firstFullYearOf = (p: ColocationProject, flows: Pick<ColocationFlows, 'rent' | 'noi' | 'capex'>) => {
  const from = fullFrom(p)
  if (from + 12 > flows.noi.length) return null
  const rentUsd = sum(flows.rent.slice(from, from + 12))
  const noiUsd = sum(flows.noi.slice(from, from + 12))
  const capexUsd = sum(flows.capex)
  return {
    fromMonth: from,
    rentUsd,
    noiUsd,
    capexUsd,
    noiMargin: rentUsd > 0 ? noiUsd / rentUsd : null,
    yieldOnCost: capexUsd > 0 ? noiUsd / capexUsd : null,
  }
}

/**
 * Margin (it holds no capital) and yield on cost (it does) of a colocation project's first year at full rent.
 * Worked: 40 IT MW at $135 and $24,300 a MW-month: rent 64.8M, NOI 53.136M, 82 %; on $420M of capital 12.65 %.
 */
export const firstFullYear = model(
  { id: 'ai.firstFullYear', section: '5.5' },
  z.object({ project: ColocationProject }),
  ({ project }, { step }) => {
    const year = firstFullYearOf(project, colocationFlows(project))
    if (year === null) return { fromMonth: null, rentUsd: null, noiUsd: null, capexUsd: null, noiMargin: null, yieldOnCost: null }
    for (const name of ['fromMonth', 'rentUsd', 'noiUsd', 'capexUsd'] as const) step(name, year[name])
    if (year.noiMargin !== null) step('noiMargin', year.noiMargin, 'noiUsd / rentUsd')
    if (year.yieldOnCost !== null) step('yieldOnCost', year.yieldOnCost, 'noiUsd / capexUsd')
    return year
  },
)
