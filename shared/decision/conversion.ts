import * as z from 'zod'
import { Quality } from '../market/traced.ts'

/**
 * What a conversion to AI hosting is computed from. Every field is editable on the Plan screen; a field left out takes
 * the site's default. Names, units and ranges as `economics.md` 5.2 and 11.
 */
export const ConversionAssumptions = z.strictObject({
  /** Grid power given to AI hosting, MW. */
  gridMw: z.number().positive().max(10_000),
  pue: z.number().min(1).max(3),
  /** USD per MW of critical IT load. */
  capexPerItMwUsd: z.number().min(0),
  tenantFundedShare: z.number().min(0).max(1),
  leasePerKwMonthUsd: z.number().min(0),
  escalatorAnnual: z.number().min(-0.2).max(0.2),
  occupancy: z.number().min(0).max(1),
  /** Operating cost without power, USD per IT MW and month. */
  opexPerItMwMonthUsd: z.number().min(0),
  opexInflationAnnual: z.number().min(-0.2).max(0.2),
  powerPassThrough: z.boolean(),
  powerPricePerMwh: z.number(),
  itLoadFactor: z.number().min(0).max(1),
  exitMultipleOfNoi: z.number().min(0),
  asicSalvageUsd: z.number().min(0),
  discountRateAnnual: z.number().gt(-1).max(1),
  startMonth: z.int().min(0).max(240),
  buildMonths: z.int().min(1).max(120),
  rampMonths: z.int().min(0).max(120),
  horizonMonths: z.int().min(12).max(480),
  /** Cash margin that a converted MW would have earned by mining on, USD per MW and month: today's, and every month's where a person typed it. */
  miningCashMarginPerMwMonthUsd: z.number(),
  /** Of the other miners' hashrate to the hashprice (`economics.md` 3.3), as a halving takes it down; 0: nobody leaves. */
  networkElasticity: z.number().min(0).max(100),
  workload: z.enum(['training', 'inference']),
})
export type ConversionAssumptions = z.infer<typeof ConversionAssumptions>

/** One assumption as it is shown: value, unit, where it comes from, the range it may be moved in. */
export const Assumption = z.strictObject({
  id: z.string(), // key of ConversionAssumptions
  label: z.string(),
  value: z.union([z.number(), z.boolean(), z.string()]),
  unit: z.string(),
  source: z.string(),
  quality: Quality,
  observedAtMs: z.number().nullable(),
  /** Set by a person on the Plan screen or the command line; `defaultValue` is what it replaced. */
  overridden: z.boolean(),
  defaultValue: z.union([z.number(), z.boolean(), z.string()]),
  range: z.strictObject({ min: z.number(), max: z.number(), step: z.number() }).nullable(),
})
export type Assumption = z.infer<typeof Assumption>

export const Verdict = z.enum(['CANDIDATE', 'CONDITIONAL', 'KEEP_MINING', 'DO_NOT_CONVERT'])
export type Verdict = z.infer<typeof Verdict>

/** A suitability gate (`economics.md` 5.7). A failed one forbids the conversion; `cure` says what would lift it. */
export const Gate = z.strictObject({
  id: z.enum(['FIRM_MW', 'FIRMNESS', 'FIBER', 'INTERCONNECT', 'PERMANENCE']),
  failed: z.boolean(),
  /** "Firm power 0.9 MW, 10 MW needed" */
  reason: z.string(),
  cure: z.string(),
})
export type Gate = z.infer<typeof Gate>

export const ConversionReport = z.strictObject({
  siteId: z.string(),
  verdict: Verdict,
  /** 0..100, weighted; `components` are 0..100 each, in the order of `economics.md` 5.7. */
  score: z.number(),
  components: z.array(z.strictObject({ id: z.string(), label: z.string(), score: z.number(), weight: z.number(), input: z.string() })),
  gates: z.array(Gate),
  /** Null where a gate forbids the conversion: its figures would answer a question that must not be asked. */
  figures: z
    .strictObject({
      itMw: z.number(),
      totalCapexUsd: z.number(),
      /** Conversion against mining on, under the same prices. */
      npvUsd: z.number(),
      npvProjectUsd: z.number(),
      npvKeepMiningUsd: z.number(),
      irr: z.number().nullable(),
      irrStatus: z.string(),
      paybackMonths: z.number().nullable(),
      stabilisedNoiUsdPerYear: z.number(),
      /** NOI / rent of the first twelve months at full rent: what a term sheet calls the margin. It holds no capital. */
      noiMargin: z.number().nullable(),
      /** NOI of the same twelve months / total capex: what the capital earns. */
      yieldOnCost: z.number().nullable(),
      breakEvenLeasePerKwMonthUsd: z.number().nullable(),
      /** Hashprice at which mining on and converting are worth the same, USD/PH/day. */
      parityHashpriceUsd: z.number().nullable(),
      lowestCashUsd: z.number(),
      lowestCashMonth: z.int(),
      /** Undiscounted cash by year from today; `project` conversion, `mining` given up. */
      cashByYear: z.array(z.strictObject({ year: z.int(), projectUsd: z.number(), miningUsd: z.number() })),
      /** Cumulative incremental cash by month, for the chart. */
      cumulativeUsd: z.array(z.number()),
      tornado: z.array(
        z.strictObject({
          id: z.string(),
          label: z.string(),
          unit: z.string(),
          low: z.number(),
          high: z.number(),
          npvLowUsd: z.number(),
          npvHighUsd: z.number(),
        }),
      ),
    })
    .nullable(),
  assumptions: z.array(Assumption),
  /** One sentence for the operator; the same on screen and on paper. */
  sentence: z.string(),
})
export type ConversionReport = z.infer<typeof ConversionReport>
