import * as z from 'zod'
import { atLeastZero, model, positive, shareBelowOne } from '../model.ts'

const common = {
  costUsd: atLeastZero,
  /** What a machine still fetches at the end; the trade counts 0.05 to 0.15. */
  residualShare: shareBelowOne.default(0.1),
}
const MachineDepreciationInputs = z.discriminatedUnion('method', [
  z.object({
    method: z.literal('straightLine'),
    ...common,
    /** The trade counts 24 to 60. */
    lifeMonths: z.int().min(1).max(600).default(36),
    months: z.int().min(1).max(1200),
  }),
  z.object({
    method: z.literal('unitsOfProduction'),
    ...common,
    /** PH-days the machines are expected to hash in their whole life. */
    lifetimePhDays: positive,
    /** Hashed in each month. */
    phDays: z.array(atLeastZero).min(1).max(1200),
  }),
])

const runningTotal = (terms: readonly number[]): number[] => {
  let total = 0
  return terms.map((term) => {
    total += term
    return total
  })
}

/**
 * Book depreciation of machines by month, USD, never below the residual: in equal parts over the life, or by the PH-days
 * hashed (a machine that is curtailed does not wear in the books).
 * Worked: $1,000,000, 10 % residual, 36 months: 900,000 / 36 = $25,000 a month; $700,000 in the books after a year.
 */
export const machineDepreciation = model(
  { id: 'breakeven.machineDepreciation', section: '2.5' },
  MachineDepreciationInputs,
  (i, { step }) => {
    const residualUsd = step('residualUsd', i.costUsd * i.residualShare, 'costUsd * residualShare')
    const depreciableUsd = step('depreciableUsd', i.costUsd * (1 - i.residualShare), 'costUsd * (1 - residualShare)')
    const usedUp =
      i.method === 'straightLine'
        ? Array.from({ length: i.months }, (_, m) => (m + 1) / i.lifeMonths)
        : runningTotal(i.phDays).map((phDays) => phDays / i.lifetimePhDays)
    const bookValueUsd = usedUp.map((used) => residualUsd + depreciableUsd * Math.max(0, 1 - used))
    return {
      depreciationUsd: bookValueUsd.map((book, m) => (m === 0 ? i.costUsd : (bookValueUsd[m - 1] ?? 0)) - book),
      /** At the end of each month. */
      bookValueUsd,
      residualUsd,
      /** First month at whose end nothing is left to write off; null inside the given months. */
      writtenOffMonth: usedUp.some((used) => used >= 1) ? usedUp.findIndex((used) => used >= 1) : null,
    }
  },
)
