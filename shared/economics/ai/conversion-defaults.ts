import type { Assumption, ConversionAssumptions } from '../../decision/conversion.ts'
import type { Site } from '../../fleet/site.ts'
import { date, decimal, percent } from '../../format.ts'
import type { Quality } from '../../market/traced.ts'
import type { Derivation, Origin, Origins } from '../derivation.ts'
import { derived, knownOrigins, type Worked, worked } from '../worked.ts'
import { type BlocksAhead, type MiningCourse, type miningAhead, miningEras } from './mining-ahead.ts'
import { miningGivenUp } from './mining-given-up.ts'

/**
 * What a conversion is computed from where nobody said otherwise: from the site, from its mining, or a default with its
 * range (`economics.md` 11, 5.1). Each carries the sentence that is shown as its source.
 */
export type MiningBasis = {
  /** MW at the meter that mine today; null where no machine's power is known. */
  readonly runningMw: number | null
  /** Cash margin of one of them, USD a month; null where the hashprice or a needed price is not known. */
  readonly marginPerRunningMwMonthUsd: number | null
  /** What a MWh of them earns on average, before energy; left out or null where the hashprice is not known. */
  readonly revenuePerMwh?: number | null
  /** Sum of hashing machines: power / hashrate. */
  readonly efficiencyJth: number | null
  readonly overheadRatio: number
  /** Mean bill per MWh, delivery included; null where not known. */
  readonly powerPricePerMwh: number | null
  /** What margin and power price are means of: "ERCOT LZ_WEST, 24 Oct 2026 to 22 Nov 2026". */
  readonly source: string
  /** Oldest of what they rest on. */
  readonly observedAtMs: number | null
  /** For the months to come; left out where no block height is known: mining on then stays as it is today. */
  readonly course?: MiningCourse | null
  /** Said of the height where it is not a source's: "assumed from the date". */
  readonly heightNote?: string
  /** How margin, price, efficiency and overhead came about, where somebody may ask. */
  readonly on?: Worked<{ marginPerMWMonthUsd: number | null; meanBillPerMWh: number | null }>
  readonly ahead?: (o: AheadInputs, origins: Origins) => ReturnType<typeof worked<Parameters<typeof miningAhead>[0], MonthsAhead>>
  readonly efficiency?: Worked<{ efficiencyJTH: number }>
  readonly runningOrigin?: () => Derivation | null
  readonly overheadOrigin?: () => Origin | Derivation | null
}

export type AheadInputs = { readonly months: number; readonly networkElasticity: number; readonly displacedShare: number }
export type MonthsAhead = { miningCashMarginPerMWByMonth: readonly number[] | null; hashpriceFactorByMonth: readonly number[] | null }

type Key = keyof ConversionAssumptions
type Range = { readonly min: number; readonly max: number; readonly step: number }
export type Default = {
  readonly id: Key
  readonly label: string
  readonly unit: string
  readonly value: number | boolean | string
  readonly source: string
  readonly quality: Quality
  readonly observedAtMs: number | null
  readonly range: Range | null
  /** One of the inputs of the tornado. */
  readonly swings: boolean
}

/** Share of the site's rent that is left after operations, `economics.md` 11: 82 % (75 to 98 %) of $135. */
const DEFAULT_LEASE = 135
/** USD/MWh, range 20 to 90. */
export const DEFAULT_POWER_PRICE = 48
const opexAt = (noiMargin: number) => Math.round((1 - noiMargin) * DEFAULT_LEASE * 1000)

/** USD a month: what a MW of the newest machines kept at the hashprice of late 2024 and cheap power. */
const MOST_MINING_MARGIN = 40_000

/** Mining margin given up per converted MW; null where nothing mines or what it keeps is not known. */
export const givenUpOf = (site: Site, mining: MiningBasis, gridMw: number, gridOrigin: Origin | null = null) =>
  worked(
    miningGivenUp,
    mining.runningMw === null || mining.runningMw === 0 || mining.marginPerRunningMwMonthUsd === null
      ? null
      : {
          marginPerRunningMWMonthUsd: mining.marginPerRunningMwMonthUsd,
          runningMW: mining.runningMw,
          interconnectMW: site.interconnectMw,
          gridMW: gridMw,
        },
    () => {
      const entered: Origin = { source: site.profileOrigin.source, observedAtMs: site.profileOrigin.observedAtMs, quality: 'reported' }
      return knownOrigins({
        marginPerRunningMWMonthUsd: mining.on === undefined ? null : derived(mining.on, 'marginPerMWMonthUsd'),
        runningMW: mining.runningOrigin?.() ?? null,
        interconnectMW: entered,
        gridMW: gridOrigin ?? entered,
      })
    },
  )

/** Mining given up per converted MW: the displaced MW, spread over all that are converted. */
const miningDefault = (
  site: Site,
  mining: MiningBasis,
  gridMw: number,
): { value: number | null; part: number; source: string; quality: Quality } => {
  if (mining.runningMw === 0) return { value: 0, part: 0, source: 'No machine hashes: nothing is given up', quality: 'measured' }
  if (mining.runningMw === null || mining.marginPerRunningMwMonthUsd === null)
    return { value: null, part: 0, source: mining.source, quality: 'estimated' }
  const givenUp = givenUpOf(site, mining, gridMw).value
  const displaced = givenUp?.displacedMW ?? 0
  return {
    value: givenUp?.miningCashMarginPerMWMonth ?? 0,
    part: givenUp?.displacedShare ?? 0,
    source: `${mining.source}, stopping when power costs more; ${decimal(displaced, 1)} of ${decimal(gridMw, 1)} converted MW mine today. ${
      mining.course == null
        ? 'The same throughout: no halving is taken off, the block height is not known'
        : 'Today\u2019s: the halvings take their part of later months, price and fleet are held'
    }`,
    quality: 'estimated',
  }
}

export const DEFAULT_ELASTICITY = 0.6
const DEFAULT_HORIZON = 180

const percents = (list: readonly number[]): string => list.map((x) => percent(x, 0)).join(', ')

/** "Halvings in months 17 and 65 from block 941,473 leave 65 % and 43 % of the hashprice" */
const halvingsText = (at: BlocksAhead, months: number, elasticity: number): string | null => {
  const later = miningEras(at, months, elasticity)?.slice(1)
  return later === undefined
    ? null
    : later.length === 0
      ? `no halving falls into the horizon from block ${decimal(at.startHeight, 0)}`
      : `halvings in months ${later.map((e) => e.fromMonth).join(', ')} from block ${decimal(at.startHeight, 0)} leave ${percents(later.map((e) => e.hashpriceFactor))} of today\u2019s hashprice`
}

/** Why an elasticity counts for nothing here; null where it counts. */
const unusedElasticity = (mining: MiningBasis, overrides: Partial<ConversionAssumptions>, part: number): string | null =>
  overrides.miningCashMarginPerMwMonthUsd !== undefined
    ? 'not used: the typed mining margin is the same in every month'
    : part === 0
      ? 'not used: no mining is given up'
      : mining.course == null
        ? 'not used: the block height is not known, no halving is taken off'
        : null

const elasticityDefault = (mining: MiningBasis, overrides: Partial<ConversionAssumptions>, part: number) => {
  const unused = unusedElasticity(mining, overrides, part)
  const within = (n: number | undefined, least: number, most: number, otherwise: number) =>
    n !== undefined && n >= least && n <= most ? n : otherwise
  const months = Math.floor(within(overrides.horizonMonths, 12, 480, DEFAULT_HORIZON)) + 1
  const halvings =
    mining.course == null ? null : halvingsText(mining.course, months, within(overrides.networkElasticity, 0, 100, DEFAULT_ELASTICITY))
  const note = mining.heightNote === undefined ? '' : ` (${mining.heightNote})`
  return {
    source: `Hashyard default, range 0.2\u20131.2, 0: no other miner leaves; ${unused ?? `${halvings ?? 'the horizon reaches past the last subsidy, no halving is taken off'}${note}, with today\u2019s fleet maintained and the coin price flat`}`,
    swings: unused === null,
  }
}

const from = (range: string) => `Hashyard default, range ${range}`

/** Defaults in the order of the schema. `null`: the mining margin that would be needed is not known. */
export const conversionDefaults = (
  site: Site,
  mining: MiningBasis,
  overrides: Partial<ConversionAssumptions>,
): readonly (Default | null)[] => {
  const gridMw = overrides.gridMw ?? site.interconnectMw
  const buildMonths = overrides.buildMonths ?? 15
  const profile = {
    source: `Site survey: ${site.profileOrigin.source}, ${date(site.profileOrigin.observedAtMs, site.timeZone)}`,
    observedAtMs: site.profileOrigin.observedAtMs,
  }
  const none = { observedAtMs: null, quality: 'assumed' as const, swings: false }
  const given = miningDefault(site, mining, gridMw)
  const power = mining.powerPricePerMwh
  return [
    {
      ...none,
      id: 'gridMw',
      label: 'Grid power converted',
      unit: 'MW',
      value: site.interconnectMw,
      source: 'The whole grid connection of the site',
      quality: 'reported',
      observedAtMs: profile.observedAtMs,
      range: { min: Math.min(1, site.interconnectMw), max: site.interconnectMw, step: 0.1 },
    },
    {
      ...none,
      id: 'pue',
      label: 'PUE',
      unit: '',
      value: 1.25,
      source: from('1.15–1.45'),
      range: { min: 1.15, max: 1.45, step: 0.01 },
      swings: true,
    },
    {
      ...none,
      id: 'capexPerItMwUsd',
      label: 'Capital cost per IT MW',
      unit: '$/MW',
      value: 10_500_000,
      source: from('$8M–16M, build-to-suit colocation'),
      range: { min: 8_000_000, max: 16_000_000, step: 100_000 },
      swings: true,
    },
    {
      ...none,
      id: 'tenantFundedShare',
      label: 'Capital paid by the tenant',
      unit: 'share',
      value: 0,
      source: 'Hashyard default: none',
      range: { min: 0, max: 1, step: 0.05 },
    },
    {
      ...none,
      id: 'leasePerKwMonthUsd',
      label: 'Lease',
      unit: '$/kW-month',
      value: DEFAULT_LEASE,
      source: from('$100–190 per kW of critical IT load'),
      range: { min: 100, max: 190, step: 1 },
      swings: true,
    },
    {
      ...none,
      id: 'escalatorAnnual',
      label: 'Lease escalator',
      unit: 'a year',
      value: 0.03,
      source: from('0–3.5 %'),
      range: { min: 0, max: 0.035, step: 0.001 },
      swings: true,
    },
    {
      ...none,
      id: 'occupancy',
      label: 'Occupancy',
      unit: 'share',
      value: 1,
      source: 'Hashyard default: one tenant takes all; range 85–100 %',
      range: { min: 0.85, max: 1, step: 0.01 },
      swings: true,
    },
    {
      ...none,
      id: 'opexPerItMwMonthUsd',
      label: 'Operating cost without power',
      unit: '$/MW-month',
      value: opexAt(0.82),
      source: `Hashyard default: NOI margin 82 % of the default lease, range 75–98 %`,
      range: { min: opexAt(0.98), max: opexAt(0.75), step: 100 },
      swings: true,
    },
    {
      ...none,
      id: 'opexInflationAnnual',
      label: 'Operating cost inflation',
      unit: 'a year',
      value: 0.025,
      source: 'Hashyard default, range 0–5 %',
      range: { min: 0, max: 0.05, step: 0.005 },
    },
    {
      ...none,
      id: 'powerPassThrough',
      label: 'Tenant pays the power',
      unit: '',
      value: true,
      source: 'Hashyard default: power is passed through at cost',
      range: null,
    },
    power === null
      ? {
          ...none,
          id: 'powerPricePerMwh',
          label: 'Power price',
          unit: '$/MWh',
          value: 48,
          source: from('$20–90'),
          range: { min: 20, max: 90, step: 0.5 },
        }
      : {
          ...none,
          id: 'powerPricePerMwh',
          label: 'Power price',
          unit: '$/MWh',
          value: power,
          source: `${mining.source}, delivery included`,
          quality: 'estimated',
          observedAtMs: mining.observedAtMs,
          range: { min: 20, max: 90, step: 0.5 },
        },
    {
      ...none,
      id: 'itLoadFactor',
      label: 'IT load factor',
      unit: 'share',
      value: 0.85,
      source: 'Hashyard default, range 60–100 %; counts only where the tenant does not pay the power',
      range: { min: 0.6, max: 1, step: 0.01 },
    },
    {
      ...none,
      id: 'exitMultipleOfNoi',
      label: 'Exit value, times yearly NOI',
      unit: '×',
      value: 0,
      source: 'Hashyard default: nothing is counted after the horizon',
      range: { min: 0, max: 12, step: 0.5 },
    },
    {
      ...none,
      id: 'asicSalvageUsd',
      label: 'Sale of the machines',
      unit: '$',
      value: 0,
      source: 'Hashyard default: nothing is counted',
      range: { min: 0, max: 10_000_000, step: 10_000 },
    },
    {
      ...none,
      id: 'discountRateAnnual',
      label: 'Discount rate',
      unit: 'a year',
      value: 0.12,
      source: from('9–25 %'),
      range: { min: 0.09, max: 0.25, step: 0.005 },
      swings: true,
    },
    {
      ...none,
      id: 'startMonth',
      label: 'Start of building, months from now',
      unit: 'months',
      value: Math.max(0, Math.ceil(site.profile.interconnectMonths) - buildMonths),
      source: `${profile.source}: grid ready in ${decimal(site.profile.interconnectMonths, 0)} months, no later than the building`,
      quality: 'reported',
      observedAtMs: profile.observedAtMs,
      range: { min: 0, max: 60, step: 1 },
    },
    {
      ...none,
      id: 'buildMonths',
      label: 'Build time',
      unit: 'months',
      value: 15,
      source: from('10–30 months'),
      range: { min: 10, max: 30, step: 1 },
      swings: true,
    },
    {
      ...none,
      id: 'rampMonths',
      label: 'Ramp to full rent',
      unit: 'months',
      value: 3,
      source: from('0–12 months'),
      range: { min: 0, max: 12, step: 1 },
    },
    {
      ...none,
      id: 'horizonMonths',
      label: 'Horizon',
      unit: 'months',
      value: DEFAULT_HORIZON,
      source: from('120–240 months; leases run 10 to 15 years'),
      range: { min: 120, max: 240, step: 12 },
    },
    given.value === null
      ? null
      : {
          ...none,
          id: 'miningCashMarginPerMwMonthUsd',
          label: 'Mining margin given up',
          unit: '$/MW-month',
          value: given.value,
          source: given.source,
          quality: given.quality,
          observedAtMs: mining.observedAtMs,
          range: { min: 0, max: Math.max(1_000, MOST_MINING_MARGIN * given.part, 2 * given.value), step: 100 },
          swings: true,
        },
    {
      ...none,
      ...elasticityDefault(mining, overrides, given.part),
      id: 'networkElasticity',
      label: 'Elasticity of the others\u2019 hashrate',
      unit: '',
      value: DEFAULT_ELASTICITY,
      range: { min: 0.2, max: 1.2, step: 0.05 },
    },
    {
      ...none,
      id: 'workload',
      label: 'Workload',
      unit: '',
      value: 'training',
      source: 'Hashyard default: training or inference',
      range: null,
    },
  ]
}

/** An assumption as it is shown, with a person's value in place of the default where there is one. */
export const assumptionOf = (d: Default, override: number | boolean | string | undefined): Assumption => ({
  id: d.id,
  label: d.label,
  unit: d.unit,
  value: override ?? d.value,
  source:
    override === undefined
      ? d.source
      : d.id === 'miningCashMarginPerMwMonthUsd'
        ? `Entered by a person, the same in every month; default: ${d.source}`
        : `Entered by a person; default: ${d.source}`,
  quality: override === undefined ? d.quality : 'overridden',
  observedAtMs: override === undefined ? d.observedAtMs : null,
  overridden: override !== undefined,
  defaultValue: d.value,
  range: d.range,
})
