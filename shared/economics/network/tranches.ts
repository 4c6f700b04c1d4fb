import * as z from 'zod'
import { atLeastZero, finite } from '../model.ts'

/**
 * A slice of the network's machines that switch at the same hashprice, USD/PH/day. A negative break-even is a slice that
 * is paid to consume.
 */
const Tranche = z.object({ id: z.string().min(1), hashratePHs: atLeastZero, breakEvenHashpriceUsd: finite })
export type Tranche = z.output<typeof Tranche>

/** Results name tranches by their id, so that no two share one. */
export const tranches = (most: number) =>
  z
    .array(Tranche)
    .min(1)
    .max(most)
    .superRefine((list, refuse) => {
      const seen = new Set<string>()
      for (const [k, { id }] of list.entries()) {
        if (seen.has(id)) refuse.addIssue({ code: 'custom', path: [k], message: `a second tranche is called "${id}"` })
        seen.add(id)
      }
    })

/** From the cheapest to the dearest, ties by id: the order in which they run. */
export const byBreakEven = (list: readonly Tranche[]): Tranche[] =>
  [...list].sort((a, b) => a.breakEvenHashpriceUsd - b.breakEvenHashpriceUsd || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
