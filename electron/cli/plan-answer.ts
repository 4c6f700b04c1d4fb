/** What the command line reads of a plan, whichever engine made it. */
import * as z from 'zod'
import type { FileNote, SiteFile } from '#shared/decision/site-file.ts'
import type { PlanInputs } from '#shared/economics/curtailment/plan-problem.ts'

export const PlanAnswer = z.object({
  status: z.string(),
  engine: z.string(),
  objectiveUsd: z.number().nullable(),
  boundUsd: z.number().nullable(),
  gap: z.number().nullable(),
  seconds: z.number().nullable(),
  timeLimitHit: z.boolean(),
  alwaysOnUsd: z.number(),
  schedule: z.record(z.string(), z.string()).nullish().default(null),
  starts: z.record(z.string(), z.number()).nullish().default(null),
  /** Of each group, why it is on or off in each interval. */
  reasons: z.record(z.string(), z.array(z.string())).nullish().default(null),
  conflicts: z
    .array(z.string())
    .nullish()
    .transform((list) => list ?? []),
})
export type PlanAnswer = z.output<typeof PlanAnswer>

export type PlanOutcome = {
  readonly file: SiteFile
  readonly input: PlanInputs
  readonly startMs: number | null
  readonly answer: PlanAnswer
  readonly problems: readonly FileNote[]
  readonly assumed: readonly FileNote[]
}
