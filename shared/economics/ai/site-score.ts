import * as z from 'zod'
import { atLeastZero, finite, model, share, wholeAtLeastZero } from '../model.ts'
import { sum } from '../sum.ts'

export const gateIds = ['FIRM_MW', 'FIRMNESS', 'FIBER', 'INTERCONNECT', 'PERMANENCE'] as const
export type GateId = (typeof gateIds)[number]

/** What each gate asks for (`economics.md` 5.7). */
export const gateLimits = { firmMw: 10, firmShare: 0.97, interconnectMonths: 60 } as const

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
})

/**
 * Is a site fit to host AI? Nine components of 0..100, weighted by workload; any failed gate overrides the score.
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
  const weights = scoreWeights[i.workload]
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
  const verdict = gatesFailed.length > 0 ? 'DO_NOT_CONVERT' : score >= 70 ? 'CANDIDATE' : score >= 50 ? 'CONDITIONAL' : 'KEEP_MINING'
  return { score, components, gatesFailed, verdict, weights } as const
})
