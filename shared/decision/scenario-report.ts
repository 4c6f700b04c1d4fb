import * as z from 'zod'

/** The scenario library on one site: what each comes to for its machines and its conversion, the baseline first. */
export const ScenarioReport = z.strictObject({
  siteId: z.string(),
  asOfMs: z.number(),
  /** All figures are over these months, so that rows compare. */
  months: z.int(),
  miningDiscountRate: z.number(),
  fleetMw: z.number(),
  /** Why no conversion is compared; null where it is. */
  noConversion: z.string().nullable(),
  /** Today, from which each starts where it brings no figure of its own. */
  base: z.array(z.strictObject({ field: z.string(), value: z.number(), source: z.string() })),
  rows: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      source: z.string(),
      notes: z.array(z.string()),
      /** A file of the data folder; null: shipped, or the baseline. */
      file: z.string().nullable(),
      problem: z.string().nullable(),
      figures: z
        .strictObject({
          hashpriceFirstUsd: z.number(),
          hashpriceLeastUsd: z.number(),
          hashpriceMeanUsd: z.number(),
          hashpriceLastUsd: z.number(),
          npvMiningUsd: z.number(),
          npvIncrementalUsd: z.number().nullable(),
          monthsBelowBreakEven: z.int(),
          breakEvenFirstUsd: z.number(),
          breakEvenLastUsd: z.number(),
        })
        .nullable(),
      /** By month from today, USD/PH/day. */
      hashpriceUsd: z.array(z.number()),
      breakEvenHashpriceUsd: z.array(z.number()),
    }),
  ),
  /** Files of the data folder that are no scenario. */
  problems: z.array(z.strictObject({ file: z.string(), reason: z.string() })),
})
export type ScenarioReport = z.infer<typeof ScenarioReport>
