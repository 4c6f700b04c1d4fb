import * as z from 'zod'
import { share } from '../model.ts'
import { sum } from '../sum.ts'

/** Tax on a project's income, for whoever pays it; the models before tax do not change. */
export const ProjectTax = z.object({
  rate: share,
  depreciation: z.enum(['straightLine', 'bonus']),
  /** Of the straight-line part, from the month a phase is ready. */
  depreciationYears: z.int().min(1).max(50),
  /** Written off when the phase is ready; `bonus` only, default 1. */
  bonusShare: share.optional(),
  /** A loss lowers the tax of later years; without it a loss is lost. */
  lossCarryForward: z.boolean(),
})
export type ProjectTax = z.output<typeof ProjectTax>

/** Depreciation by month of capital that is ready in known months. Worked: $12 ready in month 3, one year: $1 in months 3 to 14. */
export const depreciationByMonth = (
  tax: Pick<ProjectTax, 'depreciation' | 'depreciationYears' | 'bonusShare'>,
  phases: readonly { readonly capexUsd: number; readonly readyMonth: number }[],
  months: number,
): number[] => {
  const atOnce = tax.depreciation === 'bonus' ? (tax.bonusShare ?? 1) : 0
  const lineMonths = tax.depreciationYears * 12
  return Array.from({ length: months }, (_, m) =>
    sum(
      phases.map(({ capexUsd, readyMonth }) => {
        const line = m >= readyMonth && m < readyMonth + lineMonths ? (capexUsd * (1 - atOnce)) / lineMonths : 0
        return line + (m === readyMonth ? capexUsd * atOnce : 0)
      }),
    ),
  )
}

/**
 * Tax by month: worked out a year of twelve months at a time, paid in its last month; no refund, losses carried forward
 * where that is allowed. Worked: a year of −100, then one of 150, at 20 %: 10 with the loss carried forward, else 30.
 */
export const taxByMonth = (tax: Pick<ProjectTax, 'rate' | 'lossCarryForward'>, taxableByMonth: readonly number[]): number[] => {
  const paid = taxableByMonth.map(() => 0)
  let loss = 0
  for (let from = 0; from < taxableByMonth.length; from += 12) {
    const until = Math.min(from + 12, taxableByMonth.length)
    const income = sum(taxableByMonth.slice(from, until)) - loss
    paid[until - 1] = tax.rate * Math.max(0, income)
    loss = tax.lossCarryForward ? Math.max(0, -income) : 0
  }
  return paid
}
