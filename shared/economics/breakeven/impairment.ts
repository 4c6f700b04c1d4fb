import * as z from 'zod'
import { atLeastZero, finite, model } from '../model.ts'

const series = z.array(finite).min(1).max(1200)
const ImpairmentInputs = z
  .object({
    bookValueUsd: atLeastZero,
    /** What the machines fetch when the horizon ends. */
    residualUsd: atLeastZero,
    revenueUsd: series,
    /** Costs that each level adds (`economics.md` 2.2), by month. */
    directCostUsd: series,
    siteCostUsd: series,
    corporateCostUsd: series,
  })
  .superRefine((i, refuse) => {
    for (const name of ['directCostUsd', 'siteCostUsd', 'corporateCostUsd'] as const)
      if (i[name].length !== i.revenueUsd.length)
        refuse.addIssue({ code: 'custom', path: [name], message: `has ${i[name].length} months, revenueUsd ${i.revenueUsd.length}` })
  })

/**
 * Does the book value come back? Undiscounted cash of the base scenario, summed by month after the costs of each level, plus
 * the residual in the last month (the recoverability test of US GAAP, ASC 360). `impaired` when cash after all of L1 to L3
 * never reaches the book value; a level's `recoveredMonth` is null where it never does.
 * Worked: book 100, cash of 30 a month after L1, 20 after L2, 10 after L3, six months, no residual: back in month 3 (0-based),
 * month 4, and never (60 of 100): impaired, by 40.
 */
export const impairment = model({ id: 'breakeven.impairment', section: '2.5' }, ImpairmentInputs, (i) => {
  const level = (costs: readonly (readonly number[])[]) => {
    let total = 0
    let recoveredMonth: number | null = i.bookValueUsd === 0 ? 0 : null
    for (const [m, revenue] of i.revenueUsd.entries()) {
      total += revenue
      for (const cost of costs) total -= cost[m] ?? 0
      if (m === i.revenueUsd.length - 1) total += i.residualUsd
      if (recoveredMonth === null && total >= i.bookValueUsd) recoveredMonth = m
    }
    return { cashUsd: total, recoveredMonth }
  }
  const corporateCash = level([i.directCostUsd, i.siteCostUsd, i.corporateCostUsd])
  return {
    direct: level([i.directCostUsd]),
    siteCash: level([i.directCostUsd, i.siteCostUsd]),
    corporateCash,
    impaired: corporateCash.recoveredMonth === null,
    shortfallUsd: corporateCash.recoveredMonth === null ? i.bookValueUsd - corporateCash.cashUsd : 0,
  }
})
