import * as z from 'zod'
import presets from './charge-schemes.json' with { type: 'json' }

/**
 * How a grid bills its coincident peaks, as data: a rulemaking changes a row of `charge-schemes.json`, or a site file brings a
 * scheme of its own, and no code.
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

/** A shipped row that is no scheme is our own mistake. */
export const chargeSchemes: readonly ChargeScheme[] = z.array(ChargeScheme).parse(presets)
