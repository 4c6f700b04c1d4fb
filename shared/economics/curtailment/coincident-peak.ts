import * as z from 'zod'
import { atLeastZero, finite, model, positive, share } from '../model.ts'
import { sum } from '../sum.ts'

const MOST_INTERVALS = 1_000_000

/** USD that one MW costs if it runs in a coincident peak. Worked: 70 USD/kW-year over 4 peaks: 70 x 1000 / 4 = 17,500. */
export const costPerMWIfHit = (ratePerKwYear: number, peaksPerYear: number): number => (ratePerKwYear * 1000) / peaksPerYear

/**
 * Whether to get out of the way of a coincident peak: off where the expected charge beats the margin of the interval. The
 * break-even probability tells how sure one must be (null where a peak costs nothing).
 * Worked: 70 USD/kW-year, 4 peaks, 50 USD/MWh, 15 min: 50 x 0.25 / 17,500 = 0.071 %.
 */
export const coincidentPeak = model(
  { id: 'curtailment.coincidentPeak', section: '4.4' },
  z
    .object({
      ratePerKwYear: atLeastZero,
      peaksPerYear: z.int().min(1).max(10_000),
      intervalHours: positive,
      probability: z.array(share).min(1).max(MOST_INTERVALS),
      marginPerMWh: z.array(finite).min(1).max(MOST_INTERVALS),
    })
    .superRefine((i, refuse) => {
      if (i.marginPerMWh.length !== i.probability.length)
        refuse.addIssue({
          code: 'custom',
          path: ['marginPerMWh'],
          message: `has ${i.marginPerMWh.length} intervals, the probability ${i.probability.length}`,
        })
    }),
  (i, { step }) => {
    const hit = step('costPerMWIfHit', costPerMWIfHit(i.ratePerKwYear, i.peaksPerYear), 'ratePerKwYear * 1000 / peaksPerYear')
    // USD per MW and interval kept by being off: the charge that is avoided less the margin that is lost.
    const kept = i.marginPerMWh.map((margin, t) => (i.probability[t] ?? 0) * hit - margin * i.intervalHours)
    return {
      costPerMWIfHit: hit,
      breakEvenProbability: i.marginPerMWh.map((margin) => (hit > 0 ? (margin * i.intervalHours) / hit : null)),
      curtail: kept.map((usd) => (usd > 0 ? 1 : 0)),
      expectedSavingUsdPerMW: sum(kept.filter((usd) => usd > 0)),
    }
  },
)
