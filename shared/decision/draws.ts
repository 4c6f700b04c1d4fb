import * as z from 'zod'

/** The conversion drawn many times (`economics.md` 5.6), as window and memo show it. Sums in USD, conversion against mining on. */
const Spread = z.strictObject({
  meanUsd: z.number(),
  p05Usd: z.number(),
  p10Usd: z.number(),
  p50Usd: z.number(),
  p90Usd: z.number(),
  p95Usd: z.number(),
  /** Mean of the worst twentieth of the draws. */
  expectedShortfallUsd: z.number(),
})

export const DEFAULT_DRAWS = 10_000
export const DEFAULT_SEED = 1

export const DrawsRun = z.strictObject({
  siteId: z.string(),
  /** Of everything that was drawn from, without number and seed. */
  inputHash: z.string(),
  draws: z.int(),
  seed: z.int(),
  generator: z.string(),
  /** The moment whose prices and machines it was drawn from. */
  asOfMs: z.number(),
  durationMs: z.number(),
  /** The plan itself, without any spread. */
  enteredNpvUsd: z.number(),
  npv: Spread,
  npvProject: Spread,
  /** P(NPV of the project < 0), mining left aside. */
  probabilityNpvNegative: z.number(),
  /** P(converting was worse than mining on), with its 95 % interval. */
  regretProbability: z.number(),
  regretInterval95: z.strictObject({ low: z.number(), high: z.number() }),
  /** Mean of what was lost where it was regretted; null where it never was. */
  meanRegretUsd: z.number().nullable(),
  meanHalfWidthUsd: z.number().nullable(),
  bins: z.array(z.strictObject({ fromUsd: z.number(), toUsd: z.number(), count: z.int() })),
})
export type DrawsRun = z.infer<typeof DrawsRun>

const Value = z.union([z.number(), z.boolean(), z.string()])
/** How a run stands to what is asked about now. */
export const DrawsStanding = z.enum([
  /** Drawn from exactly this. */
  'same',
  /** Nobody changed an assumption; prices or machines have moved since. */
  'moved',
  /** An assumption was changed: the run answers another question. */
  'other',
])
export type DrawsStanding = z.infer<typeof DrawsStanding>

export const DrawsProgress = z.strictObject({
  siteId: z.string(),
  /** 0..1 of the draws. */
  share: z.number(),
  elapsedMs: z.number(),
  draws: z.int(),
  seed: z.int(),
  /** The answer so far with its 95 % interval; null before the first part is done. */
  running: z.strictObject({ draws: z.int(), meanUsd: z.number(), halfWidthUsd: z.number(), regretProbability: z.number() }).nullable(),
})
export type DrawsProgress = z.infer<typeof DrawsProgress>

export const DrawsState = z.strictObject({
  siteId: z.string(),
  /** Why no draws are offered: a gate forbids the conversion, or it cannot be computed. Null: they are. */
  refused: z.string().nullable(),
  /** A run of this site that is on its way, whatever its assumptions. */
  working: DrawsProgress.nullable(),
  /** The run that is nearest to these assumptions. */
  run: DrawsRun.nullable(),
  standing: DrawsStanding.nullable(),
  /** What differs from the assumptions of the run. */
  changes: z.array(z.strictObject({ id: z.string(), label: z.string(), unit: z.string(), was: Value, now: Value })),
  /** Why the last attempt came to nothing; null where it did not, or was cancelled. */
  problem: z.string().nullable(),
})
export type DrawsState = z.infer<typeof DrawsState>
