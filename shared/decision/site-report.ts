import * as z from 'zod'
import { PowerContract } from '../fleet/site.ts'
import { TracedInput } from '../market/traced.ts'
import { ConversionReport } from './conversion.ts'

const Figure = z.number().nullable()

/** Machines of one model at one site: the unit that is switched. */
export const BlockReport = z.strictObject({
  id: z.string(),
  label: z.string(), // "S19j Pro"
  machines: z.int(),
  /** Machines whose reading is not stale: the denominator's honest part. */
  reported: z.int(),
  hashing: z.int(),
  hashratePhs: Figure,
  /** Machine power times the site's overhead ratio, MW at the site's meter. */
  powerMw: Figure,
  /** MW of `powerMw` that no machine reported (name plate or estimate used). */
  estimatedMw: z.number(),
  efficiencyJth: Figure,
  revenuePerMwh: Figure,
  breakEvenPowerPerMwh: Figure,
  breakEvenBtcUsd: Figure,
  breakEvenHashpriceUsd: Figure,
  marginPerMwh: Figure,
  marginUsdPerHour: Figure,
  /** none: advice withheld, or nothing runs. */
  advice: z.enum(['run', 'off', 'none']),
})
export type BlockReport = z.infer<typeof BlockReport>

export const Recommendation = z.strictObject({
  action: z.enum(['run', 'curtail', 'none']),
  /** Verb first: "Curtail the S19j Pro block, 0.7 MW, now." */
  headline: z.string(),
  /** Condition and value: "Price $61.20 against $45.25 break-even. Saves about $11 an hour." */
  reason: z.string(),
  /** MW to be switched off; 0 for run; null where no advice is given. */
  mw: Figure,
  /** Money saved against running on, USD per hour at the present price; null where no advice is given. */
  savingUsd: Figure,
  blockIds: z.array(z.string()),
  /** Labels of the stale inputs the advice rests on. */
  staleInputs: z.array(z.string()),
  /** Next moment the day-ahead price crosses a block's break-even; null where none is known. */
  nextChangeAtMs: z.number().nullable(),
})
export type Recommendation = z.infer<typeof Recommendation>

export const SiteReport = z.strictObject({
  id: z.string(),
  name: z.string(),
  place: z.string(),
  timeZone: z.string(),
  /** Settlement point in words, or "Off grid". */
  market: z.string(),
  interconnectMw: z.number(),
  contract: PowerContract,
  asOfMs: z.number(),
  hashratePhs: Figure,
  /** Sum of machines times overhead ratio, MW. */
  powerMw: Figure,
  /** What the revenue meter says, MW; null without a meter or with a silent one. */
  meterPowerMw: Figure,
  /** Measured meter / machines where both are whole, else the site's assumed ratio; `overheadMeasured` tells which. */
  overheadRatio: z.number(),
  overheadMeasured: z.boolean(),
  hashpriceUsdPerPhDay: Figure,
  btcPerPhDay: Figure,
  /** What not consuming one MWh is worth now (`economics.md` 4.1): the price the decision is made at. */
  pricePerMwh: Figure,
  /** Market price at the settlement point; null where the site has none. */
  marketPricePerMwh: Figure,
  /** What a consumed MWh costs on the bill, adders included. */
  allInPricePerMwh: Figure,
  /** Marginal (least efficient running) block: the decision number. */
  breakEvenPowerPerMwh: Figure,
  marginalBlockId: z.string().nullable(),
  /** Weighted by energy over all running blocks; secondary. */
  fleetBreakEvenPowerPerMwh: Figure,
  breakEvenBtcUsd: Figure,
  breakEvenHashpriceUsd: Figure,
  /** breakEvenPowerPerMwh - pricePerMwh. */
  marginPerMwh: Figure,
  /** Sum of the blocks' margins, USD per hour. */
  marginUsdPerHour: Figure,
  /** Money per hour that following or ignoring the advice decides about: sum of absolute block margins. */
  atStakeUsdPerHour: Figure,
  uneconomicMw: Figure,
  recommendation: Recommendation,
  blocks: z.array(BlockReport),
  ai: ConversionReport,
  inputs: z.array(TracedInput),
  coverage: z.strictObject({ reported: z.int(), machines: z.int() }),
  /** Machines by state, every state present. */
  states: z.record(z.string(), z.int()),
  /** Grouped causes that need someone: "12 of 240 machines: no answer within 5 s". */
  alerts: z.array(z.strictObject({ level: z.enum(['money', 'data', 'system']), text: z.string(), sinceMs: z.number().nullable() })),
})
export type SiteReport = z.infer<typeof SiteReport>
