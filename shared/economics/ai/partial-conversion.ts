import * as z from 'zod'
import { failed, type Result } from '../../result.ts'
import { HOURS_PER_HOSTING_MONTH } from '../../units.ts'
import { atLeastZero, model, positive, share } from '../model.ts'
import { sum } from '../sum.ts'
import { ColocationProject, evaluateColocation, presentValueOfMonths } from './colocation-project.ts'

const DEFAULT_GRID_MW = 5
/** Each one is a project evaluated over all its months. */
const MOST_PLANS = 20_000

/** Flexible mining that stands by for the AI block: paid only while there is one, and only up to a share of it. */
const DemandResponse = z.object({
  usdPerMWMonth: atLeastZero,
  /** MW of mining paid for each MW of AI; 1 pays every AI MW a mining MW. */
  mwPerAiMW: atLeastZero,
  /** What being called takes away from mining, hours a month. */
  hoursCalledPerMonth: z.number().min(0).max(HOURS_PER_HOSTING_MONTH),
})

type Choice = {
  readonly phaseMW: readonly number[]
  readonly convertedMW: number
  readonly capexUsd: number
  readonly debtUsd: number
  readonly equityUsd: number
  readonly demandResponseUsd: number
  /** Against mining on everywhere. */
  readonly npvUsd: number
}

/** All splits of at most `total` steps over phases with their own maxima, the smaller first. */
const splits = (most: readonly number[], total: number): number[][] =>
  most.reduce<number[][]>(
    (all, limit) =>
      all.flatMap((so) => {
        const left = total - so.reduce((a, b) => a + b, 0)
        return Array.from({ length: Math.min(limit, left) + 1 }, (_, n) => [...so, n])
      }),
    [[]],
  )

/** Number of such splits without making them, at most a little above the limit. */
const countSplits = (most: readonly number[], total: number): number => {
  let ways = [1, ...Array.from({ length: total }, () => 0)]
  for (const limit of most) ways = ways.map((_, used) => ways.slice(Math.max(0, used - limit), used + 1).reduce((a, b) => a + b, 0))
  return ways.reduce((a, b) => a + b, 0)
}

/**
 * How many MW to convert in each phase, on a grid of 5 MW, where capital and debt are limited: every plan on the grid is
 * evaluated, so the best one is the best. Debt is drawn up to loan-to-cost and its limit, the rest is the owners' capital.
 * What is not converted mines on; where the tariff pays for it, it stands by as demand response for the AI block: paid per MW
 * and month from the first month of service, less the margin of the hours called.
 * Worked: two phases of 10 MW that are worth $1M and $2M a MW, capital for 10 MW: all of it goes to the second.
 */
export const partialConversion = model(
  { id: 'ai.partialConversion', section: '5.6' },
  z
    .object({
      /** Its phases are the slots: `gridMW` is the most a phase can take. */
      project: ColocationProject,
      /** MW of the site that could be converted at all. */
      siteMW: positive,
      gridStepMW: positive.optional(),
      capitalLimitUsd: atLeastZero,
      debtLimitUsd: atLeastZero,
      demandResponse: DemandResponse.optional(),
      /** Cost of each phase that is begun at all, apart from its MW: permits, substation, crews. */
      fixedCapexPerPhaseUsd: atLeastZero.optional(),
      /** Least MW of a phase that is begun, as a share of its most. */
      smallestPhaseShare: share.optional(),
    })
    .superRefine((i, refuse) => {
      const stepMW = i.gridStepMW ?? DEFAULT_GRID_MW
      const most = i.project.phases.map((p) => Math.floor(p.gridMW / stepMW + 1e-9))
      const total = Math.floor(i.siteMW / stepMW + 1e-9)
      if (total > MOST_PLANS || countSplits(most, total) > MOST_PLANS)
        refuse.addIssue({ code: 'custom', path: ['gridStepMW'], message: `makes more than ${MOST_PLANS} plans; take larger steps` })
    }),
  (
    i,
    { step },
  ): Result<{
    plansTried: number
    best: Choice
    alternatives: Choice[]
    largest: Choice | null
    nextBestDifferenceUsd: number | null
  }> => {
    const stepMW = i.gridStepMW ?? DEFAULT_GRID_MW
    const most = i.project.phases.map((p) => Math.floor(p.gridMW / stepMW + 1e-9))
    const all = splits(most, Math.floor(i.siteMW / stepMW + 1e-9)).filter((plan) =>
      plan.every((n, k) => n === 0 || n * stepMW >= (i.smallestPhaseShare ?? 0) * (i.project.phases[k]?.gridMW ?? 0) - 1e-9),
    )
    const choices = all.flatMap((plan) => {
      const choice = choiceOf(
        i,
        plan.map((n) => n * stepMW),
      )
      return choice === null ? [] : [choice]
    })
    const ranked = choices.sort((a, b) => b.npvUsd - a.npvUsd || a.convertedMW - b.convertedMW)
    const [best, second] = ranked
    if (best === undefined) return failed('invalid-input', 'no plan keeps to the limits', { field: 'capitalLimitUsd' })
    step('bestNpvUsd', best.npvUsd)
    return {
      ok: true,
      value: {
        plansTried: all.length,
        best,
        alternatives: ranked.slice(1, 6),
        largest: ranked.reduce<Choice | null>((w, c) => (w === null || c.convertedMW > w.convertedMW ? c : w), null),
        nextBestDifferenceUsd: second === undefined ? null : best.npvUsd - second.npvUsd,
      },
    }
  },
)

type Limits = {
  readonly project: ColocationProject
  readonly siteMW: number
  readonly capitalLimitUsd: number
  readonly debtLimitUsd: number
  readonly fixedCapexPerPhaseUsd?: number | undefined
  readonly demandResponse?: z.output<typeof DemandResponse> | undefined
}

/** A plan's figures, or null where it breaks a limit. Nothing converted is worth nothing. */
const choiceOf = (i: Limits, phaseMW: readonly number[]): Choice | null => {
  const convertedMW = sum(phaseMW)
  const phases = i.project.phases.flatMap((p, k) => ((phaseMW[k] ?? 0) > 0 ? [{ ...p, gridMW: phaseMW[k] ?? 0 }] : []))
  if (phases.length === 0) return { phaseMW, convertedMW: 0, capexUsd: 0, debtUsd: 0, equityUsd: 0, demandResponseUsd: 0, npvUsd: 0 }
  const project = { ...i.project, phases }
  const { flows, figures } = evaluateColocation(project)
  const fixed = (i.fixedCapexPerPhaseUsd ?? 0) * phases.length
  const fixedWorth = sum(phases.map((p) => (i.fixedCapexPerPhaseUsd ?? 0) * (1 + project.discountRateAnnual) ** (-p.startMonth / 12)))
  const capexUsd = figures.totalCapexUsd + fixed
  const debtUsd = Math.min(i.debtLimitUsd, (project.debt?.loanToCost ?? 0) * capexUsd)
  const equityUsd = capexUsd - debtUsd
  // A cent of rounding breaks no limit.
  if (equityUsd > i.capitalLimitUsd + 0.01) return null
  const demandResponseUsd = standbyWorth(i, project, phaseMW, flows.miningMwMonths)
  return {
    phaseMW,
    convertedMW,
    capexUsd,
    debtUsd,
    equityUsd,
    demandResponseUsd,
    npvUsd: figures.npvIncremental - fixedWorth + demandResponseUsd,
  }
}

/** Present worth of mining's readiness to yield to the AI block; never below 0: nobody signs up to lose. */
const standbyWorth = (i: Limits, project: ColocationProject, phaseMW: readonly number[], convertedByMonth: readonly number[]): number => {
  const pay = i.demandResponse
  if (pay === undefined) return 0
  const monthly = convertedByMonth.map((converted, m) => {
    const aiMW = sum(i.project.phases.map((p, k) => (m >= p.startMonth + p.buildMonths ? (phaseMW[k] ?? 0) : 0)))
    const paidMW = Math.min(Math.max(0, i.siteMW - converted), pay.mwPerAiMW * aiMW)
    const margin = project.miningCashMarginPerMWByMonth?.[m] ?? project.miningCashMarginPerMWMonth
    const lost = (Math.max(0, margin) * pay.hoursCalledPerMonth) / HOURS_PER_HOSTING_MONTH
    return paidMW * Math.max(0, pay.usdPerMWMonth - lost)
  })
  return presentValueOfMonths(project.discountRateAnnual, monthly)
}
