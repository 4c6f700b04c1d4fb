import * as z from 'zod'
import { groupBreakEven } from '../economics/breakeven/break-even.ts'
import { ChargeScheme, chargeSchemes } from '../economics/curtailment/charge-schemes.ts'
import { costPerMWIfHit } from '../economics/curtailment/coincident-peak.ts'
import type { PlanInputs } from '../economics/curtailment/plan-problem.ts'
import { type PowerContract, SiteProfile } from '../fleet/site.ts'
import { failed, ok, type Result } from '../result.ts'
import { HOUR_MS, isoInstant } from '../time.ts'
import { ConversionAssumptions } from './conversion.ts'
import { inSnakeCase, outOfSnakeCase } from './in-snake-case.ts'
import { roiKeys } from './roi-part.ts'

/**
 * The site file of the command line (`plan`, `backtest`, `roi`): what a person writes down about a site, in snake_case. A bad
 * value is refused with its place in the file; a key that nobody reads is named in `problems`, and what was left out and
 * assumed instead in `assumed`.
 */

/** `economics.md` 11: restart wear and warm-up, where a group names no start cost; minimum runs where it names none. */
const RESTART_WEAR_USD_PER_MW = 6
const WARM_UP_HOURS = 10 / 60
const MIN_UP_HOURS = 1
const MIN_DOWN_HOURS = 0.5

/** Of money, powers and rates: what lies beyond was mistyped, and its products would not be finite any more. */
const MOST = 1e9
const MOST_MW = 100_000
const amount = z.number().min(-MOST).max(MOST)
const atLeastZero = z.number().min(0).max(MOST)
const megawatts = z.number().min(0).max(MOST_MW)

/** 5 minutes are 0.0833 hours as people write them; whole minutes are meant. */
const wholeMinutes = (hours: number): number => {
  const minutes = Math.round(hours * 60)
  return minutes > 0 && Math.abs(hours * 60 - minutes) <= minutes * 0.002 ? minutes / 60 : hours
}
const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))
const isZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** Delivery is charged on what is consumed and so avoidable; a file may keep it apart from other avoidable charges. */
const avoidable = { avoidable_adder_per_mwh: amount.default(0), delivery_adder_per_mwh: amount.default(0) }
const Contract = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('index'), ...avoidable }),
  z.strictObject({ type: z.literal('fixed'), tariff_per_mwh: amount, ...avoidable }),
  z.strictObject({
    type: z.literal('ppa'),
    strike_per_mwh: amount,
    contract_mw: megawatts,
    resale_allowed: z.boolean(),
    resale_spread_per_mwh: atLeastZero.default(0),
    ...avoidable,
  }),
])

const Group = z
  .strictObject({
    id: z.string().min(1).max(200),
    mw: megawatts,
    /** At the wall plug; needs `hashprice_usd_per_ph_day`. */
    efficiency_jth: z.number().min(0.001).max(MOST).optional(),
    revenue_per_mwh: amount.optional(),
    start_cost_usd: atLeastZero.optional(),
    min_up_intervals: z.int().min(1).max(100_000).optional(),
    min_down_intervals: z.int().min(1).max(100_000).optional(),
    initial_on: z.union([z.boolean(), z.literal(0), z.literal(1)]).default(true),
    /** For how many intervals it has been in that state; left out: for long. */
    initial_intervals: z.int().min(0).optional(),
    /** Any part of it may run, not only all or nothing. */
    divisible: z.boolean().optional(),
  })
  .superRefine((g, refuse) => {
    if ((g.efficiency_jth === undefined) === (g.revenue_per_mwh === undefined))
      refuse.addIssue({
        code: 'custom',
        path: [g.efficiency_jth === undefined ? 'efficiency_jth' : 'revenue_per_mwh'],
        message: 'a group names either efficiency_jth or revenue_per_mwh',
      })
  })

const DrEvent = z
  .strictObject({
    type: z.literal('dr_event'),
    /** Instants, or intervals counted from 0 (`to_index` is the first one after it). */
    from: instant.optional(),
    to: instant.optional(),
    from_index: z.int().min(0).optional(),
    to_index: z.int().min(1).optional(),
    max_mw: megawatts,
    penalty_per_mwh: atLeastZero,
  })
  .superRefine((e, refuse) => {
    const byTime = e.from !== undefined && e.to !== undefined
    const byIndex = e.from_index !== undefined && e.to_index !== undefined
    if (byTime === byIndex)
      refuse.addIssue({ code: 'custom', path: ['from'], message: 'a call names from and to, or from_index and to_index' })
    else if (byTime ? Number(e.from) >= Number(e.to) : Number(e.from_index) >= Number(e.to_index))
      refuse.addIssue({ code: 'custom', path: [byTime ? 'to' : 'to_index'], message: 'it ends before it begins' })
  })

const obligationSchemas = [
  DrEvent,
  z.strictObject({ type: z.literal('minimum_load'), min_site_mw: megawatts, floor_penalty_per_mwh: atLeastZero }),
  z.strictObject({ type: z.literal('demand_charge'), demand_charge_per_mw: atLeastZero, peak_so_far_mw: megawatts.default(0) }),
  z.strictObject({ type: z.literal('ramp_limit'), max_ramp_mw: megawatts }),
  z.strictObject({
    type: z.literal('coincident_peak'),
    rate_per_kw_year: atLeastZero,
    /** A preset by its id, or a scheme of one's own; `peaks_per_year` alone bills nothing at least. */
    scheme: z.union([z.enum(chargeSchemes.map((c) => c.id)), inSnakeCase(ChargeScheme, 'every')]).optional(),
    peaks_per_year: z.int().min(1).optional(),
    /** Chance that the interval is one of the peaks, one for each price. */
    probability: z.array(z.number().min(0).max(1)).max(200_000),
  }),
] as const
const Obligation = z.discriminatedUnion('type', obligationSchemas)
export type Obligation = z.output<typeof Obligation>

/** The field that only this kind of obligation has: it tells the kind where `type` is missing or another word. */
const tellingField: Readonly<Record<Obligation['type'], string>> = {
  dr_event: 'max_mw',
  minimum_load: 'min_site_mw',
  demand_charge: 'demand_charge_per_mw',
  ramp_limit: 'max_ramp_mw',
  coincident_peak: 'probability',
}

const PriceRow = z.strictObject({ timestamp: instant, price_usd_per_mwh: amount, day_ahead_usd_per_mwh: amount.nullish() })

export const SiteFile = z
  .strictObject({
    site: z.strictObject({
      name: z.string().min(1).max(200).default('Site'),
      time_zone: z.string().refine(isZone, 'is not an IANA time zone such as America/Chicago').default('UTC'),
      /** Grid connection: load never goes above. */
      max_mw: megawatts.nullish(),
      base_mw: megawatts.default(0),
      pool_fee: z.number().min(0).lt(1).default(0),
      stale: z.number().min(0).lt(1).default(0),
      /** Metered MWh / machine MWh: `efficiency_jth` is at the machine, `mw` at the meter. */
      overhead_ratio: z.number().min(1).max(MOST).default(1),
    }),
    contract: Contract,
    hashprice_usd_per_ph_day: atLeastZero.optional(),
    /** Turns hashing that was not done into coins. */
    btc_price_usd: z.number().gt(0).max(MOST).optional(),
    groups: z.array(Group).max(64),
    obligations: z.array(Obligation).max(1000).default([]),
    interval_hours: z
      .number()
      .min(1 / 3600)
      .max(24)
      .transform(wholeMinutes),
    /** USD/MWh per interval from `prices_start` on, or rows with their own times. */
    prices: z.union([z.array(amount), z.array(PriceRow)]).optional(),
    prices_start: instant.optional(),
    /** What is avoided per MWh on top of the contract's adder, one for each price. */
    adder_per_mwh: z.array(amount).max(200_000).optional(),
    /** For `roi`: the fields of the Plan screen's assumptions, those left out take their defaults. */
    conversion: inSnakeCase(ConversionAssumptions, 'some').optional(),
    /** For `roi`: the survey that the suitability score rests on. */
    profile: inSnakeCase(SiteProfile, 'some').optional(),
    ...roiKeys,
  })
  .superRefine((f, refuse) => {
    const ids = new Set<string>()
    for (const [k, group] of f.groups.entries()) {
      if (ids.has(group.id)) refuse.addIssue({ code: 'custom', path: ['groups', k, 'id'], message: `"${group.id}" is there twice` })
      ids.add(group.id)
      if (group.efficiency_jth !== undefined && f.hashprice_usd_per_ph_day === undefined)
        refuse.addIssue({
          code: 'custom',
          path: ['hashprice_usd_per_ph_day'],
          message: `group "${group.id}" has an efficiency and needs it`,
        })
    }
    for (const [k, o] of f.obligations.entries())
      if (o.type === 'coincident_peak' && o.peaks_per_year === undefined && o.scheme === undefined)
        refuse.addIssue({ code: 'custom', path: ['obligations', k, 'peaks_per_year'], message: 'give peaks_per_year, or a scheme' })
    for (const kind of ['minimum_load', 'demand_charge', 'ramp_limit', 'coincident_peak'] as const)
      if (f.obligations.filter((o) => o.type === kind).length > 1)
        refuse.addIssue({ code: 'custom', path: ['obligations'], message: `there is more than one ${kind}` })
  })
export type SiteFile = z.output<typeof SiteFile>

export type FileNote = { readonly field: string; readonly reason: string }
export type ReadSiteFile = { readonly file: SiteFile; readonly problems: readonly FileNote[]; readonly assumed: readonly FileNote[] }

const wayTo = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (way, step) => (typeof step === 'number' ? `${way}[${step}]` : way === '' ? String(step) : `${way}.${String(step)}`),
    '',
  )

const isRecord = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null && !Array.isArray(x)

/** Obligations whose `type` is missing or unknown get the one that their fields tell. */
const withKinds = (json: Record<string, unknown>, problems: FileNote[]): Record<string, unknown> => {
  if (!Array.isArray(json.obligations)) return json
  const obligations = json.obligations.map((o: unknown, k): unknown => {
    if (!isRecord(o) || (typeof o.type === 'string' && Object.hasOwn(tellingField, o.type))) return o
    const kind = Object.entries(tellingField).find(([, field]) => Object.hasOwn(o, field))?.[0]
    if (kind === undefined) return o
    if (o.type !== undefined)
      problems.push({ field: `obligations[${k}].type`, reason: `"${String(o.type)}" is not a known type; read as ${kind} by its fields` })
    return { ...o, type: kind }
  })
  return { ...json, obligations }
}

/** A copy without the key at that way. */
const without = (value: unknown, path: readonly PropertyKey[], key: string): unknown => {
  const [step, ...rest] = path
  if (step === undefined) return isRecord(value) ? Object.fromEntries(Object.entries(value).filter(([name]) => name !== key)) : value
  if (Array.isArray(value)) return value.map((inner, k) => (k === step ? without(inner, rest, key) : inner))
  return isRecord(value) ? { ...value, [step]: without(value[String(step)], rest, key) } : value
}

type Unrecognised = { readonly path: readonly PropertyKey[]; readonly keys: readonly string[] }
const unrecognised = (issues: readonly z.core.$ZodIssue[]): Unrecognised[] =>
  issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? [{ path: issue.path, keys: issue.keys }] : []))

/** The deepest reason of an issue: a list that may be of two kinds complains as the kind that its first entry is of. */
const reasonOf = (issue: z.core.$ZodIssue, json: unknown): { path: readonly PropertyKey[]; message: string } => {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return { path: issue.path, message: issue.message }
  const at = issue.path.reduce<unknown>(
    (value, step) => (isRecord(value) ? value[String(step)] : Array.isArray(value) ? value[Number(step)] : undefined),
    json,
  )
  const rows = Array.isArray(at) && isRecord(at[0])
  const inner = issue.errors[rows ? issue.errors.length - 1 : 0]?.[0]
  return inner === undefined
    ? { path: issue.path, message: issue.message }
    : { path: [...issue.path, ...inner.path], message: inner.message }
}

/** A parsed JSON document as a site file. */
export const readSiteFile = (json: unknown): Result<ReadSiteFile> => {
  if (!isRecord(json))
    return failed('invalid-input', 'a site file is an object {"site", "contract", "groups", "interval_hours", …}', { field: 'site' })
  const problems: FileNote[] = []
  let document: unknown = withKinds(json, problems)
  let parsed = SiteFile.safeParse(document)
  // Unknown keys are taken out and named; what they leave is judged as if they had never been there.
  for (let unknown = unrecognised(parsed.error?.issues ?? []); unknown.length > 0; unknown = unrecognised(parsed.error?.issues ?? [])) {
    for (const { path, keys } of unknown)
      for (const key of keys) {
        problems.push({ field: wayTo([...path, key]), reason: 'nothing reads this key' })
        document = without(document, path, key)
      }
    parsed = SiteFile.safeParse(document)
  }
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const { path, message } = issue === undefined ? { path: [], message: 'not a site file' } : reasonOf(issue, document)
    const field = wayTo(path) || 'site'
    return failed('invalid-input', `${field}: ${message}`, { field })
  }
  return ok({ file: parsed.data, problems, assumed: assumedIn(parsed.data, json) })
}

const assumedIn = (file: SiteFile, json: Record<string, unknown>): FileNote[] => {
  const given = isRecord(json.site) ? json.site : {}
  const left = (['pool_fee', 'stale', 'overhead_ratio'] as const)
    .filter((key) => given[key] === undefined)
    .map((key) => `${key} ${file.site[key]}`)
  const startCosts = file.groups.filter((g) => g.start_cost_usd === undefined).map((g) => g.id)
  const ups = file.groups.filter((g) => g.min_up_intervals === undefined).map((g) => g.id)
  const downs = file.groups.filter((g) => g.min_down_intervals === undefined).map((g) => g.id)
  return [
    ...(given.time_zone === undefined ? [{ field: 'site.time_zone', reason: 'UTC: the file names no zone' }] : []),
    ...(file.groups.some((g) => g.efficiency_jth !== undefined) && left.length > 0
      ? [{ field: 'site', reason: `${left.join(', ')}: the file names none; usual are 0.02, 0.004 and 1.04` }]
      : []),
    ...(startCosts.length > 0
      ? [
          {
            field: 'groups.start_cost_usd',
            reason: `${startCosts.join(', ')}: ${RESTART_WEAR_USD_PER_MW} USD a MW of wear and 10 min of hashing lost`,
          },
        ]
      : []),
    ...(ups.length > 0 ? [{ field: 'groups.min_up_intervals', reason: `${ups.join(', ')}: an hour` }] : []),
    ...(downs.length > 0
      ? [{ field: 'groups.min_down_intervals', reason: `${downs.join(', ')}: half an hour, at least one interval` }]
      : []),
  ]
}

export const contractOf = ({ contract: c }: SiteFile): PowerContract => {
  const avoidableAdderPerMwh = c.avoidable_adder_per_mwh + c.delivery_adder_per_mwh
  switch (c.type) {
    case 'index':
      return { type: 'index', avoidableAdderPerMwh }
    case 'fixed':
      return { type: 'fixed', tariffPerMwh: c.tariff_per_mwh, avoidableAdderPerMwh }
    case 'ppa':
      return {
        type: 'ppa',
        strikePerMwh: c.strike_per_mwh,
        contractMw: c.contract_mw,
        resaleAllowed: c.resale_allowed,
        resaleSpreadPerMwh: c.resale_spread_per_mwh,
        avoidableAdderPerMwh,
      }
  }
}

/** The conversion's assumptions that the file names. */
export const conversionOf = (file: SiteFile): Partial<ConversionAssumptions> =>
  ConversionAssumptions.partial().parse(outOfSnakeCase(ConversionAssumptions, file.conversion ?? {})) as Partial<ConversionAssumptions>

export const profileOf = (file: SiteFile): Partial<SiteProfile> =>
  SiteProfile.partial().parse(outOfSnakeCase(SiteProfile, file.profile ?? {})) as Partial<SiteProfile>

/** USD that a MWh at the meter earns. Worked: 50 USD/PH/day at 20 J/TH: 50 / 0.48 = 104.17. */
const revenuePerMWh = (file: SiteFile, group: SiteFile['groups'][number]): number => {
  if (group.revenue_per_mwh !== undefined) return group.revenue_per_mwh
  const answer = groupBreakEven({
    efficiencyJTH: group.efficiency_jth ?? 1,
    overheadRatio: file.site.overhead_ratio,
    powerPricePerMWh: 0,
    otherVariablePerMWh: 0,
    poolFee: file.site.pool_fee,
    stale: file.site.stale,
    btcPerPhDay: 1,
    btcPriceUsd: file.hashprice_usd_per_ph_day ?? 0,
  })
  return answer.ok ? answer.value.revenuePerMWh : 0
}

/** Market prices of consecutive intervals; `startMs` where their times are known. */
export type IntervalPrices = { readonly pricePerMWh: readonly number[]; readonly startMs: number | null }

/** The prices that the file itself brings; null where it brings none. */
export const pricesOf = (file: SiteFile): Result<IntervalPrices | null> => {
  const list = file.prices
  if (list === undefined) return ok(null)
  const pricePerMWh = list.map((p) => (typeof p === 'number' ? p : p.price_usd_per_mwh))
  const times = list.flatMap((p) => (typeof p === 'number' ? [] : [p.timestamp]))
  const startMs = times[0] ?? file.prices_start ?? null
  for (const [k, at] of times.entries())
    if (startMs !== null && at !== startMs + k * file.interval_hours * HOUR_MS)
      return failed(
        'invalid-input',
        `prices[${k}]: ${isoInstant(at)}, where ${isoInstant(startMs + k * file.interval_hours * HOUR_MS)} comes next`,
        {
          field: `prices[${k}].timestamp`,
        },
      )
  return ok({ pricePerMWh, startMs })
}

/** What a MWh of each group earns, in the order of the file. */
export const revenuesOf = (file: SiteFile): number[] => file.groups.map((g) => revenuePerMWh(file, g))

/** Groups as the optimiser takes them, their contract's part in them, and the adder that all of them share. */
const groupsOf = (file: SiteFile): PlanInputs['groups'] => {
  const contract = contractOf(file)
  const dt = file.interval_hours
  const groups = file.groups.map((g) => ({ ...g, revenuePerMWh: revenuePerMWh(file, g) }))
  // Contract energy goes to the groups that earn most (4.1): the part of each group's load that it covers.
  const covered = new Map<string, number>()
  let left = contract.type === 'ppa' ? contract.contractMw : 0
  for (const g of [...groups].sort((a, b) => b.revenuePerMWh - a.revenuePerMWh || (a.id < b.id ? -1 : 1))) {
    const part = Math.min(left, g.mw)
    covered.set(g.id, g.mw > 0 ? part / g.mw : 0)
    left -= part
  }
  return groups.map((g) => {
    const part = covered.get(g.id) ?? 0
    const startCostUsd = g.start_cost_usd ?? g.mw * (RESTART_WEAR_USD_PER_MW + Math.max(0, g.revenuePerMWh) * WARM_UP_HOURS)
    return {
      id: g.id,
      mw: g.mw,
      // What the contract's part costs less than the market: the spread on resale where it may be sold.
      revenuePerMWh: g.revenuePerMWh + (contract.type === 'ppa' && contract.resaleAllowed ? part * contract.resaleSpreadPerMwh : 0),
      startCostUsd,
      minUpIntervals: g.min_up_intervals ?? Math.max(1, Math.round(MIN_UP_HOURS / dt)),
      minDownIntervals: g.min_down_intervals ?? Math.max(1, Math.round(MIN_DOWN_HOURS / dt)),
      initialOn: g.initial_on === true || g.initial_on === 1 ? (1 as const) : (0 as const),
      ...(g.initial_intervals === undefined ? {} : { initialIntervals: g.initial_intervals }),
      ...(g.divisible === undefined ? {} : { divisible: g.divisible }),
      // Energy that is owed either way and cannot be sold costs nothing more, whatever the market says.
      ...(contract.type === 'ppa' && !contract.resaleAllowed && part > 0 ? { marketShare: 1 - part } : {}),
    }
  })
}

/** First and last-but-one interval of a call within a plan of `count` intervals that begins at `startMs`; null: outside it. */
const indicesOf = (
  e: Extract<Obligation, { type: 'dr_event' }>,
  count: number,
  startMs: number | null,
  intervalMs: number,
): { fromIndex: number; toIndex: number } | null => {
  // An interval that the call touches is a part of it.
  const fromIndex = e.from_index ?? Math.floor((Number(e.from) - Number(startMs)) / intervalMs)
  const toIndex = e.to_index ?? Math.ceil((Number(e.to) - Number(startMs)) / intervalMs)
  const clipped = { fromIndex: Math.max(0, fromIndex), toIndex: Math.min(count, toIndex) }
  return clipped.fromIndex < clipped.toIndex ? clipped : null
}

const schemeOf = ({ scheme }: Extract<Obligation, { type: 'coincident_peak' }>): ChargeScheme | null =>
  scheme === undefined
    ? null
    : typeof scheme === 'string'
      ? (chargeSchemes.find((c) => c.id === scheme) ?? null)
      : ChargeScheme.parse(outOfSnakeCase(ChargeScheme, scheme))

/** USD per MW kept by being off in one peak: a minimum share of the largest load is billed whatever one does. */
const avoidableUsdPerMw = (peak: Extract<Obligation, { type: 'coincident_peak' }>): number => {
  const scheme = schemeOf(peak)
  return costPerMWIfHit(peak.rate_per_kw_year, peak.peaks_per_year ?? scheme?.peaksPerYear ?? 1) * (1 - (scheme?.minimumBillingShare ?? 0))
}

/**
 * The optimiser's inputs for a file and market prices: the contract says what not consuming is worth (4.1), obligations become
 * rules of the site, the chance of a coincident peak becomes an adder: probability x USD per MW / hours (4.4).
 * Worked: 70 USD/kW-year over 4 peaks, chance 0.002 in an hour: 0.002 x 17,500 = 35 USD/MWh on top.
 */
export const planInputOf = (file: SiteFile, prices: IntervalPrices): Result<PlanInputs> => {
  const contract = contractOf(file)
  const count = prices.pricePerMWh.length
  const intervalMs = file.interval_hours * HOUR_MS
  const find = <K extends Obligation['type']>(type: K) =>
    file.obligations.find((o): o is Extract<Obligation, { type: K }> => o.type === type)
  const [floor, demand, ramp, peak] = [find('minimum_load'), find('demand_charge'), find('ramp_limit'), find('coincident_peak')]
  if (file.adder_per_mwh !== undefined && file.adder_per_mwh.length !== count)
    return failed('invalid-input', `adder_per_mwh: has ${file.adder_per_mwh.length} intervals, the prices ${count}`, {
      field: 'adder_per_mwh',
    })
  const at = file.obligations.findIndex((o) => o.type === 'coincident_peak')
  if (peak !== undefined && peak.probability.length !== count)
    return failed('invalid-input', `obligations[${at}].probability: has ${peak.probability.length} intervals, the prices ${count}`, {
      field: `obligations[${at}].probability`,
    })
  const drEvents: NonNullable<PlanInputs['drEvents']> = []
  for (const [k, e] of file.obligations.entries()) {
    if (e.type !== 'dr_event') continue
    if (e.from !== undefined && prices.startMs === null)
      return failed('invalid-input', `obligations[${k}].from: the prices carry no times; give prices_start, or from_index and to_index`, {
        field: `obligations[${k}].from`,
      })
    if (e.to_index !== undefined && e.to_index > count)
      return failed('invalid-input', `obligations[${k}].to_index: ${e.to_index}, where there are ${count} prices`, {
        field: `obligations[${k}].to_index`,
      })
    const indices = indicesOf(e, count, prices.startMs, intervalMs)
    if (indices !== null) drEvents.push({ ...indices, maxMW: e.max_mw, penaltyPerMWh: e.penalty_per_mwh })
  }
  const usdPerMwIfHit = peak === undefined ? 0 : avoidableUsdPerMw(peak)
  const adderPerMWh = prices.pricePerMWh.map(
    (_, t) =>
      contract.avoidableAdderPerMwh +
      (file.adder_per_mwh?.[t] ?? 0) +
      (peak === undefined ? 0 : ((peak.probability[t] ?? 0) * usdPerMwIfHit) / file.interval_hours),
  )
  // The market's price decides everywhere but under a fixed tariff; what a contract covers is told by each group.
  const spread = contract.type === 'fixed' ? prices.pricePerMWh.map(() => contract.tariffPerMwh) : [...prices.pricePerMWh]
  return ok({
    intervalHours: file.interval_hours,
    pricePerMWh: spread,
    adderPerMWh,
    groups: groupsOf(file),
    baseMW: file.site.base_mw,
    ...(file.site.max_mw === undefined || file.site.max_mw === null ? {} : { maxSiteMW: file.site.max_mw }),
    ...(ramp === undefined ? {} : { maxRampMW: ramp.max_ramp_mw }),
    ...(floor === undefined ? {} : { minSiteMW: floor.min_site_mw, floorPenaltyPerMWh: floor.floor_penalty_per_mwh }),
    ...(demand === undefined ? {} : { demandChargePerMW: demand.demand_charge_per_mw, peakSoFarMW: demand.peak_so_far_mw }),
    drEvents,
  })
}
