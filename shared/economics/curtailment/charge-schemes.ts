import * as z from 'zod'

/**
 * How a grid bills its coincident peaks, as data: a rulemaking changes a row here, or a site file brings its own, and no code.
 */
export const ChargeScheme = z.strictObject({
  id: z.string().min(1).max(60),
  label: z.string().max(200),
  /** Calendar months that have a peak, 1 = January. */
  months: z.array(z.int().min(1).max(12)).min(1).max(12),
  peaksPerYear: z.int().min(1).max(10_000),
  intervalMinutes: z.int().min(1).max(1440),
  /** Part of the largest load that is billed at least, however small the load in the peaks. */
  minimumBillingShare: z.number().min(0).max(1),
  source: z.string().max(300),
})
export type ChargeScheme = z.infer<typeof ChargeScheme>

const EVERY_MONTH = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]

export const chargeSchemes: readonly ChargeScheme[] = [
  {
    id: 'ercot-4cp',
    label: 'ERCOT 4CP: the highest 15 minutes of each month from June to September',
    months: [6, 7, 8, 9],
    peaksPerYear: 4,
    intervalMinutes: 15,
    minimumBillingShare: 0,
    source: 'PUCT substantive rule 25.192; economics.md 4.4',
  },
  {
    id: '12cp-30min',
    label: '12CP: the highest 30 minutes of every month',
    months: EVERY_MONTH,
    peaksPerYear: 12,
    intervalMinutes: 30,
    minimumBillingShare: 0,
    source: 'Assumed: a rulemaking due by the end of 2026 may replace 4CP; economics.md 4.4',
  },
  {
    id: '4cp-minimum-share',
    label: '4CP with at least half of the largest load billed',
    months: [6, 7, 8, 9],
    peaksPerYear: 4,
    intervalMinutes: 15,
    minimumBillingShare: 0.5,
    source: 'Assumed: a rulemaking due by the end of 2026 may set a minimum charge; economics.md 4.4',
  },
]

export const chargeSchemeIds: readonly string[] = chargeSchemes.map((s) => s.id)
