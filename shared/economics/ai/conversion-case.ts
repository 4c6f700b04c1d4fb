import { type Assumption, ConversionAssumptions } from '../../decision/conversion.ts'
import type { Site } from '../../fleet/site.ts'
import { HOURS_PER_MINING_MONTH } from '../../units.ts'
import type { Derivation, Origin, Origins } from '../derivation.ts'
import { derived, knownOrigins, type Worked, worked } from '../worked.ts'
import { coloProject } from './colocation-project.ts'
import { type AheadInputs, assumptionOf, conversionDefaults, type Default, givenUpOf, type MiningBasis } from './conversion-defaults.ts'
import { firstFullYear } from './first-full-year.ts'
import { type MiningAhead, miningAheadOf } from './mining-ahead.ts'
import { parityHashprice } from './parity-hashprice.ts'

/** What a person changed; a field left out, or undefined, takes the default. */
export type ConversionOverrides = { readonly [K in keyof ConversionAssumptions]?: ConversionAssumptions[K] | undefined }
export type ConversionInput = { readonly site: Site; readonly overrides: ConversionOverrides; readonly mining: MiningBasis }

/** A conversion of one site before any money is computed: every assumption with its value and origin. */
export type ConversionCase = ConversionInput & {
  readonly given: Partial<ConversionAssumptions>
  readonly defaults: readonly Default[]
  readonly assumptions: readonly Assumption[]
  /** Null: one is outside its range, or what mining on is worth is not known. */
  readonly valid: ConversionAssumptions | null
  /** In words, where `valid` is null. */
  readonly problem: string | null
}

export const conversionCase = (i: ConversionInput): ConversionCase => {
  const { site, overrides, mining } = i
  const given = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined)) as Partial<ConversionAssumptions>
  const listed = conversionDefaults(site, mining, given)
  const margin = given.miningCashMarginPerMwMonthUsd
  const defaults = listed.flatMap((d) => d ?? (margin === undefined ? [] : [unknownMargin(margin)]))
  const assumptions = defaults.map((d) => assumptionOf(d, given[d.id]))
  const parsed = ConversionAssumptions.safeParse(Object.fromEntries(assumptions.map((a) => [a.id, a.value])))
  const problem = parsed.success
    ? null
    : listed.some((d) => d === null) && margin === undefined
      ? `what mining on is worth is not known (${mining.source})`
      : `an assumption is outside its range: ${outOfRange(parsed.error.issues[0]?.path[0], assumptions)}`
  return { ...i, given, defaults, assumptions, valid: parsed.success ? parsed.data : null, problem }
}

/** What makes the months of mining on: the case without what is computed from it. */
type Behind = Pick<ConversionCase, 'site' | 'mining' | 'given'>

/** Null where mining on is the same in every month: a person typed it, nothing mines, or no block height is known. */
const aheadInputs = ({ site, mining, given }: Behind, a: ConversionAssumptions): AheadInputs | null => {
  if (mining.course == null || given.miningCashMarginPerMwMonthUsd !== undefined) return null
  const givenUp = givenUpOf(site, mining, a.gridMw).value
  return givenUp === null
    ? null
    : { months: a.horizonMonths + 1, networkElasticity: a.networkElasticity, displacedShare: givenUp.displacedShare }
}

/**
 * Mining on of this case, month by month, on one MW that is converted: null as above, or past the last subsidy. Where today's
 * margin is another than the case's own, as in the tornado, all months move with it: in proportion, or by as much where
 * there is nothing to be in proportion to.
 */
export const keepMiningOf = (c: Behind, a: ConversionAssumptions): MiningAhead | null => {
  const inputs = aheadInputs(c, a)
  const ahead = inputs === null || c.mining.course == null ? null : miningAheadOf(c.mining.course, inputs)
  if (ahead === null) return null
  const own = givenUpOf(c.site, c.mining, a.gridMw).value?.miningCashMarginPerMWMonth ?? 0
  const today = a.miningCashMarginPerMwMonthUsd
  if (today === own) return ahead
  return {
    ...ahead,
    miningCashMarginPerMWByMonth: ahead.miningCashMarginPerMWByMonth.map((usd) => (own > 0 ? usd * (today / own) : usd + (today - own))),
  }
}

/** The project of the monthly model, in its own names. */
export const projectInputs = (c: Behind, a: ConversionAssumptions) => ({
  horizonMonths: a.horizonMonths,
  pue: a.pue,
  capexPerItMW: a.capexPerItMwUsd,
  tenantFundedCapexShare: a.tenantFundedShare,
  leasePerKwMonth: a.leasePerKwMonthUsd,
  escalatorAnnual: a.escalatorAnnual,
  occupancy: a.occupancy,
  opexPerItMWMonth: a.opexPerItMwMonthUsd,
  opexInflationAnnual: a.opexInflationAnnual,
  powerPassThrough: a.powerPassThrough,
  powerPricePerMWh: a.powerPricePerMwh,
  itLoadFactor: a.itLoadFactor,
  exitMultipleOfNoi: a.exitMultipleOfNoi,
  asicSalvageUsd: a.asicSalvageUsd,
  discountRateAnnual: a.discountRateAnnual,
  miningCashMarginPerMWMonth: a.miningCashMarginPerMwMonthUsd,
  phases: [{ gridMW: a.gridMw, startMonth: a.startMonth, buildMonths: a.buildMonths, rampMonths: a.rampMonths }],
  ...miningByMonth(keepMiningOf(c, a)),
})

const miningByMonth = (ahead: MiningAhead | null): { miningCashMarginPerMWByMonth?: number[] } =>
  ahead === null ? {} : { miningCashMarginPerMWByMonth: [...ahead.miningCashMarginPerMWByMonth] }

/** Hashprice at which a MW full of today's fleet is worth as much as a converted one: its inputs; null without a fleet. */
export const parityInputs = (c: Behind, a: ConversionAssumptions) =>
  c.mining.efficiencyJth === null
    ? null
    : {
        project: projectInputs(c, a),
        fleet: {
          efficiencyJTH: c.mining.efficiencyJth,
          overheadRatio: c.mining.overheadRatio,
          poolFee: c.site.poolFee,
          stale: c.site.stale,
          variableCostPerMWh: a.powerPricePerMwh,
          hoursPerMonth: HOURS_PER_MINING_MONTH,
          uptime: 1,
        },
      }

/** Which assumption stands behind which input of the monthly model. */
const assumptionBehind: Readonly<Record<string, keyof ConversionAssumptions>> = {
  horizonMonths: 'horizonMonths',
  pue: 'pue',
  capexPerItMW: 'capexPerItMwUsd',
  tenantFundedCapexShare: 'tenantFundedShare',
  leasePerKwMonth: 'leasePerKwMonthUsd',
  escalatorAnnual: 'escalatorAnnual',
  occupancy: 'occupancy',
  opexPerItMWMonth: 'opexPerItMwMonthUsd',
  opexInflationAnnual: 'opexInflationAnnual',
  powerPassThrough: 'powerPassThrough',
  powerPricePerMWh: 'powerPricePerMwh',
  itLoadFactor: 'itLoadFactor',
  exitMultipleOfNoi: 'exitMultipleOfNoi',
  asicSalvageUsd: 'asicSalvageUsd',
  discountRateAnnual: 'discountRateAnnual',
  miningCashMarginPerMWMonth: 'miningCashMarginPerMwMonthUsd',
  'phases[0].gridMW': 'gridMw',
  'phases[0].startMonth': 'startMonth',
  'phases[0].buildMonths': 'buildMonths',
  'phases[0].rampMonths': 'rampMonths',
}

const CONVENTION: Origin = { source: 'Convention: 365.25 days / 12, in hours', observedAtMs: null, quality: 'assumed' }
const WHOLE_TIME: Origin = { source: 'Convention: the fleet runs the whole month', observedAtMs: null, quality: 'assumed' }

/** The models of a conversion with their inputs: what the report shows, each with its derivation. */
export const workedConversion = (c: ConversionCase) => {
  const a = c.valid
  const project = a === null ? null : projectInputs(c, a)
  const originOf = (id: keyof ConversionAssumptions): Origin | null => {
    const found = c.assumptions.find((x) => x.id === id)
    return found === undefined ? null : { source: found.source, observedAtMs: found.observedAtMs, quality: found.quality }
  }
  const givenUp = givenUpOf(c.site, c.mining, c.given.gridMw ?? c.site.interconnectMw, originOf('gridMw'))
  const behind = (id: keyof ConversionAssumptions): Origin | Derivation | null => {
    const assumption = c.assumptions.find((x) => x.id === id)
    if (assumption === undefined) return null
    const { overridden, value } = assumption
    // A default that was computed shows how; nothing is shown that does not come to the value.
    const computed = overridden
      ? null
      : id === 'miningCashMarginPerMwMonthUsd'
        ? derived(givenUp, 'miningCashMarginPerMWMonth')
        : id === 'powerPricePerMwh' && c.mining.on !== undefined
          ? derived(c.mining.on, 'meanBillPerMWh')
          : null
    return computed?.outputs.some((o) => o.value === value) ? computed : originOf(id)
  }
  const aheadGiven = a === null ? null : aheadInputs(c, a)
  const ahead =
    aheadGiven === null
      ? null
      : (c.mining.ahead?.(
          aheadGiven,
          knownOrigins({
            months: originOf('horizonMonths'),
            networkElasticity: originOf('networkElasticity'),
            displacedShare: derived(givenUp, 'displacedShare'),
          }),
        ) ?? null)
  const origins = (prefix: string): Origins =>
    knownOrigins({
      ...Object.fromEntries(Object.entries(assumptionBehind).map(([path, id]) => [prefix + path, behind(id)])),
      // Whole: a list by month has no arithmetic that would name its eras.
      [`${prefix}miningCashMarginPerMWByMonth`]: ahead?.derive() ?? null,
    })
  const entered: Origin = { source: `Entered for ${c.site.name}`, observedAtMs: null, quality: 'assumed' }
  return {
    givenUp,
    project: worked(coloProject, project, () => origins('')),
    year: worked(firstFullYear, project === null ? null : { project }, () => origins('project.')),
    parity: worked(parityHashprice, a === null ? null : parityInputs(c, a), () => ({
      ...origins('project.'),
      ...knownOrigins({
        'fleet.efficiencyJTH': c.mining.efficiency === undefined ? null : derived(c.mining.efficiency, 'efficiencyJTH'),
        'fleet.overheadRatio': c.mining.overheadOrigin?.() ?? null,
        'fleet.poolFee': entered,
        'fleet.stale': entered,
        'fleet.variableCostPerMWh': behind('powerPricePerMwh'),
        'fleet.hoursPerMonth': CONVENTION,
        'fleet.uptime': WHOLE_TIME,
      }),
    })),
  } satisfies Record<string, Worked<unknown>>
}
const outOfRange = (id: PropertyKey | undefined, assumptions: readonly Assumption[]): string =>
  assumptions.find((a) => a.id === id)?.label.toLowerCase() ?? String(id ?? 'unknown')

/** Without a hashprice there is no default to replace: the person's own figure stands alone. */
const unknownMargin = (value: number): Default => ({
  id: 'miningCashMarginPerMwMonthUsd',
  label: 'Mining margin given up',
  unit: '$/MW-month',
  value,
  source: 'Not known from the site: the hashprice or a power price is missing',
  quality: 'assumed',
  observedAtMs: null,
  range: { min: 0, max: Math.max(1_000, 2 * Math.abs(value)), step: 100 },
  swings: true,
})
