import * as z from 'zod'
import { Derivation } from '../economics/derivation.ts'

/**
 * Figures of a site that can be unfolded, by the names under which `hashyard report --json` prints them (the mining margin stands
 * among the assumptions there).
 */
export const FigureId = z.enum([
  'hashrate_phs',
  'power_mw',
  'hashprice_usd_per_ph_day',
  'price_per_mwh',
  'all_in_price_per_mwh',
  'break_even_power_per_mwh',
  'break_even_btc_usd',
  'break_even_hashprice_usd',
  'margin_per_mwh',
  'npv_usd',
  'irr',
  'payback_months',
  'noi_margin',
  'yield_on_cost',
  'break_even_lease',
  'parity_hashprice',
  'mining_margin_per_mw_month',
])
export type FigureId = z.infer<typeof FigureId>

/** How one figure of a site was computed. */
export const FigureExplanation = z.strictObject({
  siteId: z.string(),
  figure: FigureId,
  /** "Break-even power price" */
  label: z.string(),
  unit: z.string(),
  value: z.number().nullable(),
  /** Why there is no value, in words; null where there is one. */
  reason: z.string().nullable(),
  asOfMs: z.number(),
  /** Null where there is no value to come to, or where a person typed the value in. */
  derivation: Derivation.nullable(),
})
export type FigureExplanation = z.infer<typeof FigureExplanation>
