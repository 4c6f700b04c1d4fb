import { planWith } from '#shared/economics/curtailment/plan.ts'
import type { PlanInputs } from '#shared/economics/curtailment/plan-problem.ts'
import type { WholeJob } from './job.ts'

/** A curtailment plan beside the engine. */
export const planJob: WholeJob<PlanInputs, unknown> = (inputs) => planWith(null)(inputs)
