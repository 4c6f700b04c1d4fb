import * as z from 'zod'
import { model, positive } from '../model.ts'

/**
 * A price path that a scenario tells by a few points, month by month from now (month 0) on; flat before the first point and
 * after the last. Between two points: `geometric` by an equal share each month, `linear` by an equal sum, `step` not at all.
 * Worked: 71,000 now, 126,000 in 18 months, geometric: month 9 is sqrt(71,000 x 126,000) = 94,583.
 */
export const piecewisePath = model(
  { id: 'network.piecewisePath', section: '3.5' },
  z
    .object({
      months: z.int().min(1).max(1200),
      between: z.enum(['geometric', 'linear', 'step']),
      points: z
        .array(z.object({ month: z.number().min(0).max(1200), btcPriceUsd: positive }))
        .min(1)
        .max(1000),
    })
    .superRefine((i, refuse) => {
      if (i.points.some((p, k) => k > 0 && p.month <= (i.points[k - 1]?.month ?? 0)))
        refuse.addIssue({ code: 'custom', path: ['points'], message: 'months must rise' })
    }),
  ({ months, between, points }) => {
    const at = (month: number): number => {
      const next = points.findIndex((p) => p.month > month)
      const before = points.at(next === -1 ? -1 : Math.max(0, next - 1))
      const after = points.at(next)
      if (before === undefined || after === undefined) return Number.NaN
      if (month <= before.month || before === after || between === 'step') return before.btcPriceUsd
      const way = (month - before.month) / (after.month - before.month)
      return between === 'linear'
        ? before.btcPriceUsd + way * (after.btcPriceUsd - before.btcPriceUsd)
        : before.btcPriceUsd * (after.btcPriceUsd / before.btcPriceUsd) ** way
    }
    return { path: Array.from({ length: months + 1 }, (_, month) => at(month)) }
  },
)
