import * as z from 'zod'
import { ConversionRisks } from '../economics/ai/conversion-risks.ts'
import { GpuProject } from '../economics/ai/gpu-project.ts'
import { FIRST_HEIGHT_WITHOUT_SUBSIDY } from '../economics/revenue/subsidy.ts'
import { inSnakeCase, outOfSnakeCase } from './in-snake-case.ts'

/** The part of a site file that only `roi` reads, beside `conversion` and `profile`. */
const atLeastZero = z.number().min(0)
const share = z.number().min(0).max(1)

const Debt = z.strictObject({
  loan_to_cost: share.default(0.75),
  rate_annual: z.number().gt(-1).max(1).default(0.08),
  amort_months: z.int().min(1).max(1200).default(120),
  fee_share: share.default(0),
  covenant_dscr: z.number().gt(0).optional(),
  hyperscale_backed: z.boolean().default(false),
})
const Tax = z.strictObject({
  rate: share,
  depreciation: z.enum(['straight_line', 'bonus']).default('straight_line'),
  depreciation_years: z.int().min(1).max(50).default(15),
  bonus_share: share.default(1),
  loss_carry_forward: z.boolean().default(true),
})
/** Today's network, to say a hashprice as a coin price. */
const Network = z.strictObject({
  difficulty: z.number().gt(0),
  subsidy_btc: atLeastZero.default(3.125),
  fees_per_block_btc: atLeastZero.default(0.025),
  /** Left out: that of the conversion's assumptions. */
  elasticity: z.number().min(0).max(100).optional(),
})
const Waiting = z.strictObject({
  years: z.number().gt(0).max(30).default(2),
  risk_free_rate: z.number().min(-1).max(1).default(0.04),
  slot_loss_per_year: atLeastZero.default(0.1),
  requeue_years: atLeastZero.max(50).default(4),
})
const Treasury = z.strictObject({ btc_held: atLeastZero, sale_haircut: z.number().min(0).lt(1).default(0.005) })

export const roiKeys = {
  /** `null`: paid without debt. */
  debt: Debt.nullable().prefault({}),
  tax: Tax.optional(),
  gpu: inSnakeCase(GpuProject, 'every').optional(),
  network: Network.optional(),
  /** Of the newest block, for the halvings ahead; left out: counted from the date the file is read; `null`: none is taken off. */
  block_height: z.int().min(0).max(FIRST_HEIGHT_WITHOUT_SUBSIDY).nullish(),
  risks: inSnakeCase(ConversionRisks, 'some').optional(),
  waiting: Waiting.prefault({}),
  treasury: Treasury.optional(),
}
const RoiPart = z.object(roiKeys)
export type RoiPart = z.output<typeof RoiPart>

export const debtOf = (d: NonNullable<RoiPart['debt']>) => ({
  loanToCost: d.loan_to_cost,
  rateAnnual: d.rate_annual,
  amortMonths: d.amort_months,
  feeShare: d.fee_share,
  hyperscaleBacked: d.hyperscale_backed,
  ...(d.covenant_dscr === undefined ? {} : { covenantDscr: d.covenant_dscr }),
})
export const taxOf = (t: NonNullable<RoiPart['tax']>) => ({
  rate: t.rate,
  depreciation: t.depreciation === 'bonus' ? ('bonus' as const) : ('straightLine' as const),
  depreciationYears: t.depreciation_years,
  bonusShare: t.bonus_share,
  lossCarryForward: t.loss_carry_forward,
})
export const gpuOf = (g: NonNullable<RoiPart['gpu']>) => GpuProject.safeParse(outOfSnakeCase(GpuProject, g))

/** The risks that the file names; the others take their defaults, `unless` says which of them are other ones here. */
export const risksOf = (part: Pick<RoiPart, 'risks'>, unless: Partial<ConversionRisks>): ConversionRisks =>
  ConversionRisks.parse({ ...unless, ...outOfSnakeCase(ConversionRisks, part.risks ?? {}) })
