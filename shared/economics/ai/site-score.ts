import * as z from 'zod'
import { atLeastZero, finite, model, share, wholeAtLeastZero } from '../model.ts'
import { sum } from '../sum.ts'

export const gateIds = ['FIRM_MW', 'FIRMNESS', 'FIBER', 'INTERCONNECT', 'PERMANENCE'] as const
export type GateId = (typeof gateIds)[number]

/** What each gate asks for (`economics.md` 5.7). */
export const gateLimits = { firmMw: 10, firmShare: 0.97, interconnectMonths: 60 } as const

/** Points from which a site is a candidate, and conditional. */
export const scoreLimits = { candidate: 70, conditional: 50 } as const

export const componentIds = ['rtt', 'routes', 'firmness', 'firmMW', 'interconnect', 'redundancy', 'cooling', 'region', 'price'] as const
export type ComponentId = (typeof componentIds)[number]

/** Weights sum to 100, in the order of `componentIds`. */
export const scoreWeights = {
  training: { rtt: 8, routes: 12, firmness: 22, firmMW: 18, interconnect: 14, redundancy: 10, cooling: 6, region: 4, price: 6 },
  inference: { rtt: 20, routes: 14, firmness: 20, firmMW: 10, interconnect: 12, redundancy: 10, cooling: 5, region: 4, price: 5 },
} as const satisfies Record<string, Record<ComponentId, number>>

/** 0 at `worst`, 100 at `best`, linear between, flat outside. */
const ramp = (x: number, worst: number, best: number): number => Math.min(1, Math.max(0, (x - worst) / (best - worst))) * 100
const byCount = (n: number, scores: readonly number[]): number => scores[Math.min(n, scores.length - 1)] ?? 0

const weight = z.number().min(0).max(1000)
/** A person's weights in place of the workload's; only their proportions count. */
const Weights = z
  .object({
    rtt: weight,
    routes: weight,
    firmness: weight,
    firmMW: weight,
    interconnect: weight,
    redundancy: weight,
    cooling: weight,
    region: weight,
    price: weight,
  })
  .refine((w) => componentIds.some((id) => w[id] > 0), 'one weight at least is above 0')

/** What a person knows about the cost of curing a failed gate; what is left out stays unknown. */
const CureCosts = z.object({
  firmCapacityUsdPerMW: atLeastZero.optional(),
  backupGenerationUsdPerMW: atLeastZero.optional(),
  fiberRouteUsd: atLeastZero.optional(),
  interconnectUsdPerMonth: atLeastZero.optional(),
  permanenceUsd: atLeastZero.optional(),
})

const SiteScoreInputs = z.object({
  workload: z.enum(['training', 'inference']),
  fiberRttMs: atLeastZero,
  diverseFiberRoutes: wholeAtLeastZero,
  /** Share of hours with power available. */
  firmShare: share,
  firmMW: atLeastZero,
  interconnectMonths: atLeastZero,
  substationFeeds: wholeAtLeastZero,
  designWetBulbC: finite,
  regionScore: z.number().min(0).max(100),
  powerPricePerMWh: finite,
  backupGeneration: z.boolean(),
  permanentSite: z.boolean(),
  weights: Weights.optional(),
  cureCosts: CureCosts.optional(),
})
type SiteScoreInputs = z.output<typeof SiteScoreInputs>

/** Amount x price; unknown where the price is. */
const costOf = (amount: number, price: number | undefined): number | null => (price === undefined ? null : amount * price)
/**
 * What it takes to pass a gate, USD: the missing MW, backup for what must be firm, a first diverse route, the months too late.
 * Worked: 4 MW firm at $500,000 a MW: 6 missing, $3M.
 */
const cureCost = (gate: GateId, i: SiteScoreInputs): number | null => {
  switch (gate) {
    case 'FIRM_MW':
      return costOf(gateLimits.firmMw - i.firmMW, i.cureCosts?.firmCapacityUsdPerMW)
    case 'FIRMNESS':
      return costOf(Math.max(gateLimits.firmMw, i.firmMW), i.cureCosts?.backupGenerationUsdPerMW)
    case 'FIBER':
      return costOf(1, i.cureCosts?.fiberRouteUsd)
    case 'INTERCONNECT':
      return costOf(i.interconnectMonths - gateLimits.interconnectMonths, i.cureCosts?.interconnectUsdPerMonth)
    case 'PERMANENCE':
      return costOf(1, i.cureCosts?.permanenceUsd)
  }
}

/**
 * Is a site fit to host AI? Nine components of 0..100, weighted by workload or by a person (the weights used are part of the
 * answer); any failed gate overrides the score and names the cost of its cure where that is known.
 * Worked: 12 ms to the exchange for training: (60 − 12) / (60 − 5) = 87.3 points.
 */
export const siteScore = model({ id: 'ai.siteScore', section: '5.7' }, SiteScoreInputs, (i, { step }) => {
  const components: Record<ComponentId, number> = {
    rtt: i.workload === 'training' ? ramp(i.fiberRttMs, 60, 5) : ramp(i.fiberRttMs, 20, 2),
    routes: byCount(i.diverseFiberRoutes, [0, 40, 85, 100]),
    firmness: ramp(i.firmShare, 0.95, 0.9995),
    firmMW: ramp(i.firmMW, 10, 100),
    interconnect: ramp(i.interconnectMonths, 60, 12),
    redundancy: byCount(i.substationFeeds, [0, 40, 100]),
    cooling: ramp(i.designWetBulbC, 30, 15),
    region: i.regionScore,
    price: ramp(i.powerPricePerMWh, 90, 30),
  }
  const failedGate: Record<GateId, boolean> = {
    FIRM_MW: i.firmMW < gateLimits.firmMw,
    FIRMNESS: i.firmShare < gateLimits.firmShare && !i.backupGeneration,
    FIBER: i.diverseFiberRoutes === 0,
    INTERCONNECT: i.interconnectMonths > gateLimits.interconnectMonths,
    PERMANENCE: !i.permanentSite,
  }
  const weights: Readonly<Record<ComponentId, number>> = i.weights ?? scoreWeights[i.workload]
  for (const id of componentIds) {
    step(`${id}Points`, components[id])
    step(`${id}Weight`, weights[id])
  }
  const score = step(
    'score',
    sum(componentIds.map((id) => components[id] * weights[id])) / sum(componentIds.map((id) => weights[id])),
    `(${componentIds.map((id) => `${id}Points * ${id}Weight`).join(' + ')}) / (${componentIds.map((id) => `${id}Weight`).join(' + ')})`,
  )
  const gatesFailed = gateIds.filter((id) => failedGate[id])
  const verdict =
    gatesFailed.length > 0
      ? 'DO_NOT_CONVERT'
      : score >= scoreLimits.candidate
        ? 'CANDIDATE'
        : score >= scoreLimits.conditional
          ? 'CONDITIONAL'
          : 'KEEP_MINING'
  const cures = gatesFailed.map((gate) => ({ gate, costUsd: cureCost(gate, i) }))
  return {
    score,
    components,
    gatesFailed,
    verdict,
    weights,
    cures,
    /** Null where one of them is unknown. */
    cureCostUsd: cures.some((c) => c.costUsd === null) ? null : sum(cures.map((c) => c.costUsd ?? 0)),
  } as const
})
