import * as z from 'zod'
import { atLeastZero, finite, positive, share, wholeAtLeastZero } from '../model.ts'

/** A month of 15-minute intervals; a day of them is 96, on the days of daylight saving 92 or 100. */
export const MOST_INTERVALS = 3000
export const MOST_GROUPS = 64
const LONGEST_RUN = 100_000

/** Machines that one breaker switches together, or, if divisible, a block so large that any part of it may run. */
export const PlanGroup = z.object({
  id: z.string().min(1).max(200),
  mw: atLeastZero,
  revenuePerMWh: finite,
  /** Wear, lost hashing and energy while booting, for the whole group. */
  startCostUsd: atLeastZero,
  minUpIntervals: z.int().min(1).max(LONGEST_RUN),
  minDownIntervals: z.int().min(1).max(LONGEST_RUN),
  initialOn: z.union([z.literal(0), z.literal(1)]),
  /** For how many intervals it has been in that state; left out: for long. */
  initialIntervals: wholeAtLeastZero.optional(),
  /** Any share from 0 to 1 may run: many equal machines, each with the same minimum runs. */
  divisible: z.boolean().optional(),
  /** Part of its energy that costs the market's price; the rest is owed either way and cannot be sold. Left out: all of it. */
  marketShare: share.optional(),
})
export type PlanGroup = z.output<typeof PlanGroup>

export const PlanGroups = z
  .array(PlanGroup)
  .max(MOST_GROUPS)
  .superRefine((groups, refuse) => {
    const ids = new Set<string>()
    for (const [index, { id }] of groups.entries()) {
      if (ids.has(id)) refuse.addIssue({ code: 'custom', path: [index, 'id'], message: `"${id}" is there twice` })
      ids.add(id)
    }
  })

/** What joins the groups of a site; a plan without any of these falls apart into one plan a group. */
export const siteRuleFields = {
  /** Load that is always there. */
  baseMW: atLeastZero.optional(),
  maxSiteMW: atLeastZero.optional(),
  /** Change of site load from one interval to the next, also into the first. */
  maxRampMW: atLeastZero.optional(),
  minSiteMW: atLeastZero.optional(),
  floorPenaltyPerMWh: atLeastZero.optional(),
  demandChargePerMW: atLeastZero.optional(),
  peakSoFarMW: atLeastZero.optional(),
  drEvents: z
    .array(z.object({ fromIndex: wholeAtLeastZero, toIndex: wholeAtLeastZero, maxMW: atLeastZero, penaltyPerMWh: atLeastZero }))
    .max(1000)
    .optional(),
}

export const PlanInputs = z
  .object({
    intervalHours: positive,
    pricePerMWh: z.array(finite).min(1).max(MOST_INTERVALS),
    adderPerMWh: z.array(finite).max(MOST_INTERVALS).optional(),
    groups: PlanGroups,
    ...siteRuleFields,
  })
  .superRefine((i, refuse) => {
    const intervals = i.pricePerMWh.length
    if (i.adderPerMWh !== undefined && i.adderPerMWh.length !== intervals)
      refuse.addIssue({ code: 'custom', path: ['adderPerMWh'], message: `has ${i.adderPerMWh.length} intervals, the price ${intervals}` })
    for (const [k, event] of (i.drEvents ?? []).entries())
      if (event.fromIndex >= event.toIndex || event.toIndex > intervals)
        refuse.addIssue({
          code: 'custom',
          path: ['drEvents', k],
          message: `intervals ${event.fromIndex} to ${event.toIndex} are not part of a plan of ${intervals}`,
        })
  })
export type PlanInputs = z.output<typeof PlanInputs>

export type DrEvent = { readonly fromIndex: number; readonly toIndex: number; readonly maxMW: number; readonly penaltyPerMWh: number }

/** Infinity where there is no such rule, so that the arithmetic needs no question. */
export type SiteRules = {
  readonly baseMW: number
  readonly maxSiteMW: number
  readonly maxRampMW: number
  /** Minus infinity: no floor. */
  readonly minSiteMW: number
  readonly floorPenaltyPerMWh: number
  readonly demandChargePerMW: number
  readonly peakSoFarMW: number
  readonly drEvents: readonly DrEvent[]
}

/**
 * A plan's inputs as the solvers read them. Lists over groups and intervals run group by group: `[g * intervals + t]`.
 * The arrays may be written to between two solves (a rolling plan moves on without building a new problem).
 */
export type PlanProblem = {
  readonly intervals: number
  readonly groups: number
  readonly hours: number
  readonly ids: readonly string[]
  readonly mw: Float64Array
  readonly revenuePerMWh: Float64Array
  /** USD that the group earns in the interval if it is on: (revenue − price − adder) × MW × hours. */
  readonly marginUsd: Float64Array
  readonly startCostUsd: Float64Array
  readonly minUp: Int32Array
  readonly minDown: Int32Array
  readonly initialOn: Uint8Array
  /** First intervals in which the group must stay as it was, because its minimum run is not over. */
  readonly locked: Int32Array
  readonly divisible: Uint8Array
  /** Of each group: the part of its energy that costs the market's price. */
  readonly marketShare: Float64Array
  readonly site: SiteRules
}

/**
 * Intervals left of a minimum run at the beginning. `held` undefined: it has been so for long.
 * Worked: on for 1 of at least 2 intervals: 1 left.
 */
export const lockedIntervals = (minimum: number, held: number | undefined): number => (held === undefined ? 0 : Math.max(0, minimum - held))

/**
 * Writes what each group earns per interval under `count` prices from `from` on. A missing adder is 0.
 * Worked: 10 MW at 100 USD/MWh revenue, price 30, an hour: (100 − 30) × 10 × 1 = 700.
 */
export const setPrices = (
  p: PlanProblem,
  pricePerMWh: ArrayLike<number>,
  adderPerMWh: ArrayLike<number> | null = null,
  from = 0,
  count: number = p.intervals,
): void => {
  for (let g = 0; g < p.groups; g++) {
    const mwh = (p.mw[g] ?? 0) * p.hours
    const revenue = p.revenuePerMWh[g] ?? 0
    const marketShare = p.marketShare[g] ?? 1
    const row = g * p.intervals
    for (let t = 0; t < count; t++) {
      const adder = adderPerMWh === null ? 0 : (adderPerMWh[from + t] ?? 0)
      p.marginUsd[row + t] = (revenue - marketShare * (pricePerMWh[from + t] ?? 0) - adder) * mwh
    }
  }
}

export const planProblem = (i: PlanInputs): PlanProblem => {
  const { groups: list } = i
  const intervals = i.pricePerMWh.length
  const p: PlanProblem = {
    intervals,
    groups: list.length,
    hours: i.intervalHours,
    ids: list.map((g) => g.id),
    mw: Float64Array.from(list, (g) => g.mw),
    revenuePerMWh: Float64Array.from(list, (g) => g.revenuePerMWh),
    marginUsd: new Float64Array(list.length * intervals),
    startCostUsd: Float64Array.from(list, (g) => g.startCostUsd),
    minUp: Int32Array.from(list, (g) => g.minUpIntervals),
    minDown: Int32Array.from(list, (g) => g.minDownIntervals),
    initialOn: Uint8Array.from(list, (g) => g.initialOn),
    locked: Int32Array.from(list, (g) => lockedIntervals(g.initialOn === 1 ? g.minUpIntervals : g.minDownIntervals, g.initialIntervals)),
    divisible: Uint8Array.from(list, (g) => (g.divisible === true ? 1 : 0)),
    marketShare: Float64Array.from(list, (g) => g.marketShare ?? 1),
    site: {
      baseMW: i.baseMW ?? 0,
      maxSiteMW: i.maxSiteMW ?? Number.POSITIVE_INFINITY,
      maxRampMW: i.maxRampMW ?? Number.POSITIVE_INFINITY,
      minSiteMW: i.minSiteMW ?? Number.NEGATIVE_INFINITY,
      floorPenaltyPerMWh: i.floorPenaltyPerMWh ?? 0,
      demandChargePerMW: i.demandChargePerMW ?? 0,
      peakSoFarMW: i.peakSoFarMW ?? 0,
      drEvents: i.drEvents ?? [],
    },
  }
  setPrices(p, i.pricePerMWh, i.adderPerMWh ?? null)
  return p
}

/** All groups on. */
export const installedMW = (p: PlanProblem): number => p.mw.reduce((a, b) => a + b, p.site.baseMW)

/** Whether some rule of the site can bind: only then does one group's best schedule depend on another's. */
export const isCoupled = (p: PlanProblem): boolean => {
  const { site } = p
  const most = installedMW(p)
  return (
    site.maxSiteMW < most ||
    site.maxRampMW < most - site.baseMW ||
    (site.floorPenaltyPerMWh > 0 && site.minSiteMW > site.baseMW) ||
    (site.demandChargePerMW > 0 && site.peakSoFarMW < most) ||
    site.drEvents.some((e) => e.penaltyPerMWh > 0 && e.maxMW < most)
  )
}
