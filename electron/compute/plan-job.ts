import { type Plan, planWith } from '#shared/economics/curtailment/plan.ts'
import type { PlanInputs } from '#shared/economics/curtailment/plan-problem.ts'
import { loadSolveMilp } from './highs.ts'
import type { WholeJob } from './job.ts'

/** A curtailment plan beside the engine: HiGHS is synchronous, ending the thread cancels it. */
export const planJob: WholeJob<PlanInputs, Plan> = async (inputs) => planWith(await loadSolveMilp())(inputs)
