import * as z from 'zod'
import { failed, ok, type Result } from '../../result.ts'

/**
 * A scenario is data (`economics.md` 7): what the coin, the network, power, fees and the AI market do from today on. Every
 * model runs on the same one, so that mining and AI are compared like with like. A part that is left out stays as it is
 * today. Shipped ones lie in `library/`; a person's own files have the same form.
 */
export const LONGEST_SCENARIO_MONTHS = 240

const positive = z.number().gt(0)
const share = z.number().min(0).max(1)
const shareBelowOne = z.number().min(0).lt(1)
const month = z.number().min(-240).max(600)
const day = z.number().min(0).max(18_300)

const ascending = (of: readonly number[], refuse: z.RefinementCtx, field: string) => {
  for (const [k, at] of of.entries())
    if (k > 0 && at <= (of[k - 1] ?? at))
      refuse.addIssue({ code: 'custom', path: [k, field], message: 'comes no later than the one before' })
}

const PricePath = z.discriminatedUnion('kind', [
  /** Stays where it starts. */
  z.strictObject({ kind: z.literal('flat'), volAddedAnnual: z.number().min(-1).max(5).optional() }),
  /** Straight lines between the knots, flat before the first and after the last; a month has the price of its beginning. */
  z.strictObject({
    kind: z.literal('piecewise'),
    /** What month 0 is: today, or the month in which the next halving falls. */
    monthsFrom: z.enum(['today', 'halving']).default('today'),
    knots: z
      .array(z.union([z.strictObject({ month, btcPriceUsd: positive }), z.strictObject({ month, factorOfStart: positive })]))
      .min(1)
      .max(240)
      .superRefine((knots, refuse) =>
        ascending(
          knots.map((k) => k.month),
          refuse,
          'month',
        ),
      ),
    volAddedAnnual: z.number().min(-1).max(5).optional(),
  }),
])

/** Machines that leave whatever the hashprice does: half of the way after each half-life. */
const Exit = z.strictObject({
  id: z.string().min(1).max(64),
  /** `ai`: the site hosts AI now. `price`: its own power got too dear (an oil-indexed tariff). */
  cause: z.enum(['ai', 'price']),
  /** Of today's network, in the end. */
  exitShare: shareBelowOne,
  halfLifeMonths: positive,
  fromMonth: z.number().min(0).max(600).default(0),
  /** Of those that left by then, who come back (slowly, with `kOn`); AI exits stay away by default. */
  returnShare: share.default(0),
  returnAfterMonths: z.number().min(0).max(600).default(0),
})

const Network = z.strictObject({
  /** Answer of the others' hashrate to hashprice (3.3); 0: they do not move. */
  elasticity: z.number().min(0).max(20).default(0.6),
  /** Part of the way to equilibrium in a month: machines switch off fast, sites and machines come slowly. */
  kOff: share.default(0.6),
  kOn: share.default(0.15),
  exits: z.array(Exit).max(20).default([]),
  /** A course of the network that is given, as a factor of what it would be: straight lines, flat after the last. */
  hashrateKnots: z
    .array(z.strictObject({ day, factor: positive }))
    .max(240)
    .superRefine((knots, refuse) =>
      ascending(
        knots.map((k) => k.day),
        refuse,
        'day',
      ),
    )
    .default([]),
  /** Retargets that are given. */
  difficultySteps: z
    .array(z.strictObject({ day, change: z.number().gt(-1).max(3) }))
    .max(240)
    .superRefine((steps, refuse) =>
      ascending(
        steps.map((s) => s.day),
        refuse,
        'day',
      ),
    )
    .default([]),
  /** After the given retargets: `simulate` the next ones from the hashrate, or `hold` the difficulty (and a hashrate that fits it). */
  afterSteps: z.enum(['simulate', 'hold']).default('simulate'),
})

const Power = z.strictObject({
  /** Each site follows with its own pass-through; `defaultPassThrough` where a site names none. */
  oil: z.strictObject({ before: positive, after: positive, defaultPassThrough: z.number().min(0).max(2) }).optional(),
  growthAnnual: z.number().gt(-1).max(5).default(0),
  /** Days at market prices of their own, USD/MWh, one entry a day. */
  windows: z
    .array(z.strictObject({ id: z.string().min(1).max(64), fromDay: day, pricesPerMWh: z.array(z.number()).min(1).max(366) }))
    .max(50)
    .default([]),
})

const AiMarket = z.strictObject({
  /** On today's lease from month 0 on, and its growth for leases signed later. */
  leaseFactor: positive.default(1),
  leaseGrowthAnnual: z.number().gt(-1).max(5).default(0),
  gpuHourFactor: positive.default(1),
  /** Chance that a tenant fails: the share of rent that is not counted on. */
  tenantDefaultShare: share.default(0),
})

/** Pins: a scenario that means a certain day brings its own figures; the rest is today's. */
export const Pins = z.strictObject({
  btcPriceUsd: positive.optional(),
  difficulty: positive.optional(),
  networkEHs: positive.optional(),
  feesPerBlockBtc: z.number().min(0).optional(),
  powerPricePerMWh: z.number().optional(),
  leasePerKwMonth: positive.optional(),
})

/** A headline's fully loaded cost of a coin, to be explained by a mix of the reference farm (`breakeven.costMix`). */
const CostTarget = z.strictObject({
  targetFullyLoadedPerBtc: positive,
  solveFor: z.enum(['powerCostUsd', 'siteOpexUsd', 'hostingUsd', 'sgaUsd', 'cashInterestUsd', 'depreciationUsd', 'stockCompUsd']),
  /** The known part, of one PH/s that runs all day. */
  efficiencyJTH: positive,
  overheadRatio: z.number().min(1),
  poolFee: shareBelowOne,
  deliveryPerMWh: z.number(),
  siteOpexPerMWh: z.number().min(0),
  sgaUsdPerPhDay: z.number().min(0),
  cashInterestUsdPerPhDay: z.number().min(0),
  depreciationUsdPerPhDay: z.number().min(0),
  stockCompUsdPerPhDay: z.number().min(0),
})

export const Scenario = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'is small letters, digits, dots and hyphens'),
  title: z.string().min(1).max(200),
  /** Where its figures come from, or whose assumption they are. */
  source: z.string().min(1).max(2000),
  notes: z.array(z.string().max(2000)).max(50).default([]),
  horizonMonths: z.int().min(1).max(LONGEST_SCENARIO_MONTHS),
  pins: Pins.default({}),
  price: PricePath.default({ kind: 'flat' }),
  network: Network.prefault({}),
  power: Power.prefault({}),
  /** BTC a block from today on. */
  feesPerBlockBtc: z.number().min(0).max(50).optional(),
  ai: AiMarket.prefault({}),
  costs: CostTarget.optional(),
})
export type Scenario = z.output<typeof Scenario>
export type ScenarioFile = z.input<typeof Scenario>

const wayTo = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (way, step) => (typeof step === 'number' ? `${way}[${step}]` : way === '' ? String(step) : `${way}.${String(step)}`),
    '',
  )

/** The place and reason of the deepest complaint; where a value may be of two kinds, of the kind that comes closest. */
const deepest = (issue: z.core.$ZodIssue): { path: readonly PropertyKey[]; message: string } => {
  if (issue.code === 'unrecognized_keys')
    return {
      path: [...issue.path, issue.keys[0] ?? ''],
      message: 'is not a field of a scenario; what a scenario does not know it cannot mean',
    }
  if (issue.code !== 'invalid_union') return issue
  const closest = [...issue.errors].sort((a, b) => a.length - b.length)[0]?.[0]
  if (closest === undefined) return issue
  const inner = deepest(closest)
  return { path: [...issue.path, ...inner.path], message: inner.message }
}

/** A parsed JSON document as a scenario; a mistake is named with its place in the file. */
export const readScenario = (json: unknown): Result<Scenario> => {
  const parsed = Scenario.safeParse(json)
  if (parsed.success) return ok(parsed.data)
  const issue = parsed.error.issues[0]
  const { path, message } = issue === undefined ? { path: [], message: 'not a scenario' } : deepest(issue)
  const field = wayTo(path) || 'scenario'
  return failed('invalid-input', `${field}: ${message}`, { field })
}
