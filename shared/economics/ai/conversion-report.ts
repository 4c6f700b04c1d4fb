import { type Assumption, ConversionAssumptions, type ConversionReport, type Gate, type Verdict } from '../../decision/conversion.ts'
import type { Site } from '../../fleet/site.ts'
import { decimal, dollars, money, percent } from '../../format.ts'
import { HOURS_PER_MINING_MONTH } from '../../units.ts'
import { answered } from '../model.ts'
import { sum } from '../sum.ts'
import { ColocationProject, evaluateColocation } from './colocation-project.ts'
import { assumptionOf, conversionDefaults, DEFAULT_POWER_PRICE, type Default, type MiningBasis } from './conversion-defaults.ts'
import { parityHashprice } from './parity-hashprice.ts'
import { type ComponentId, componentIds, type GateId, gateIds, gateLimits, siteScore } from './site-score.ts'
import { byFallingSwing } from './tornado.ts'

/** What a person changed; a field left out, or undefined, takes the default. */
export type ConversionOverrides = { readonly [K in keyof ConversionAssumptions]?: ConversionAssumptions[K] | undefined }
export type ConversionInput = { readonly site: Site; readonly overrides: ConversionOverrides; readonly mining: MiningBasis }

type Figures = NonNullable<ConversionReport['figures']>

const projectOf = (a: ConversionAssumptions) =>
  ColocationProject.safeParse({
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
  })

/** NPV against mining on, null where these assumptions make no project. */
const npvOf = (a: ConversionAssumptions): number | null => {
  const project = projectOf(a)
  return project.success ? evaluateColocation(project.data).figures.npvIncremental : null
}

/** Each assumption with a range at both of its ends, the rest as it is; a value outside its range widens it. */
const tornadoOf = (a: ConversionAssumptions, defaults: readonly Default[]): Figures['tornado'] =>
  defaults
    .flatMap((d) => {
      const value = a[d.id]
      if (!d.swings || d.range === null || typeof value !== 'number') return []
      const low = Math.min(d.range.min, value)
      const high = Math.max(d.range.max, value)
      const npvLowUsd = npvOf({ ...a, [d.id]: low })
      const npvHighUsd = npvOf({ ...a, [d.id]: high })
      if (npvLowUsd === null || npvHighUsd === null) return []
      return [{ id: d.id, label: d.label, unit: d.unit, low, high, npvLowUsd, npvHighUsd, swing: Math.abs(npvHighUsd - npvLowUsd) }]
    })
    .sort(byFallingSwing)
    .map(({ swing: _, ...row }) => row)

const running = (flows: readonly number[]): number[] => {
  let total = 0
  return flows.map((cf) => {
    total += cf
    return total
  })
}

/** Years from today; the single month after the last full year is counted into it. */
const byYear = (project: readonly number[], mining: readonly number[]): Figures['cashByYear'] => {
  const lastYear = Math.max(0, Math.ceil((project.length - 1) / 12) - 1)
  const years = Array.from({ length: lastYear + 1 }, (_, y) => ({ year: y + 1, projectUsd: 0, miningUsd: 0 }))
  for (const [m, cf] of project.entries()) {
    const year = years[Math.min(lastYear, Math.floor(m / 12))]
    if (year) {
      year.projectUsd += cf
      year.miningUsd += mining[m] ?? 0
    }
  }
  return years
}

/** Hashprice at which a MW full of today's fleet is worth as much as a converted one. */
const parityOf = (a: ConversionAssumptions, project: ColocationProject, site: Site, mining: MiningBasis): number | null => {
  if (mining.efficiencyJth === null) return null
  const parity = parityHashprice({
    project,
    fleet: {
      efficiencyJTH: mining.efficiencyJth,
      overheadRatio: mining.overheadRatio,
      poolFee: site.poolFee,
      stale: site.stale,
      variableCostPerMWh: a.powerPricePerMwh,
      hoursPerMonth: HOURS_PER_MINING_MONTH,
      uptime: 1,
    },
  })
  return answered(parity)?.parityHashpriceUsd ?? null
}

const allFinite = (value: unknown): boolean =>
  typeof value === 'number'
    ? Number.isFinite(value)
    : typeof value !== 'object' || value === null
      ? true
      : Object.values(value).every(allFinite)

/**
 * Rent and NOI of the first twelve months at full rent: what lenders and boards call margin and yield on cost. Those of the last
 * month, after fifteen escalations, would flatter the capital. Null where the horizon holds no such year.
 */
const firstFullYear = (
  flows: { readonly rent: readonly number[]; readonly noi: readonly number[] },
  a: ConversionAssumptions,
): { rentUsd: number; noiUsd: number } | null => {
  const from = a.startMonth + a.buildMonths + Math.max(0, a.rampMonths - 1)
  return from + 12 > flows.noi.length
    ? null
    : { rentUsd: sum(flows.rent.slice(from, from + 12)), noiUsd: sum(flows.noi.slice(from, from + 12)) }
}

const figuresOf = (a: ConversionAssumptions, defaults: readonly Default[], site: Site, mining: MiningBasis): Figures | string => {
  const project = projectOf(a)
  if (!project.success) {
    const issue = project.error.issues[0]
    return issue?.path[0] === 'phases' ? 'the building is ready only after the horizon' : 'the assumptions make no project'
  }
  const { flows, figures: f } = evaluateColocation(project.data)
  const cash = running(flows.project)
  const lowestCashUsd = Math.min(0, ...cash)
  const year = firstFullYear(flows, a)
  const figures: Figures = {
    itMw: a.gridMw / a.pue,
    totalCapexUsd: f.totalCapexUsd,
    npvUsd: f.npvIncremental,
    npvProjectUsd: f.npvProject,
    npvKeepMiningUsd: f.npvKeepMining,
    irr: f.irrIncrementalAnnual,
    irrStatus: f.irrStatus,
    paybackMonths: f.paybackMonths,
    stabilisedNoiUsdPerYear: f.stabilisedNoiPerYear,
    noiMargin: year === null || year.rentUsd <= 0 ? null : year.noiUsd / year.rentUsd,
    yieldOnCost: year === null || f.totalCapexUsd <= 0 ? null : year.noiUsd / f.totalCapexUsd,
    breakEvenLeasePerKwMonthUsd: f.breakEvenLeasePerKwMonth,
    parityHashpriceUsd: parityOf(a, project.data, site, mining),
    lowestCashUsd,
    lowestCashMonth: Math.max(0, cash.indexOf(lowestCashUsd)),
    cashByYear: byYear(flows.project, flows.mining),
    cumulativeUsd: running(flows.incremental),
    tornado: tornadoOf(a, defaults),
  }
  return allFinite(figures) ? figures : 'the figures leave every possible range'
}

const gateTexts = (site: Site): Record<GateId, { reason: string; cure: string }> => {
  const p = site.profile
  const firmMissing = Math.max(0, gateLimits.firmMw - p.firmMw)
  return {
    FIRM_MW: {
      reason: `Firm power ${decimal(p.firmMw, 1)} MW, ${gateLimits.firmMw} MW needed`,
      cure: `${decimal(firmMissing, 1)} MW more of firm capacity from the utility`,
    },
    FIRMNESS: {
      reason: `Firm ${percent(p.firmShare)} of hours ${p.backupGeneration ? 'with' : 'without'} backup, ${percent(gateLimits.firmShare)} needed`,
      cure: 'Backup generation, or a firm supply contract',
    },
    FIBER: {
      reason: p.diverseFiberRoutes === 0 ? 'No diverse fibre route, 1 needed' : `${p.diverseFiberRoutes} diverse fibre routes, 1 needed`,
      cure: 'A diverse fibre route to the nearest exchange',
    },
    INTERCONNECT: {
      reason: `Grid ready in ${decimal(p.interconnectMonths, 0)} months, at most ${gateLimits.interconnectMonths}`,
      cure: 'An earlier place in the interconnection queue',
    },
    PERMANENCE: {
      reason: p.permanentSite ? 'A permanent site' : 'Not a permanent site',
      cure: 'A title or a lease for the length of the hosting contract',
    },
  }
}

const componentTexts = (site: Site, powerPrice: number): Record<ComponentId, { label: string; input: string }> => {
  const p = site.profile
  return {
    rtt: { label: 'Fibre round trip to the exchange', input: `${decimal(p.fiberRttMs, 0)} ms` },
    routes: { label: 'Diverse fibre routes', input: decimal(p.diverseFiberRoutes, 0) },
    firmness: { label: 'Hours with firm power', input: percent(p.firmShare, 2) },
    firmMW: { label: 'Firm power', input: `${decimal(p.firmMw, 1)} MW` },
    interconnect: { label: 'Months to interconnection', input: decimal(p.interconnectMonths, 0) },
    redundancy: { label: 'Substation feeds', input: decimal(p.substationFeeds, 0) },
    cooling: { label: 'Design wet bulb', input: `${decimal(p.designWetBulbC, 0)} °C` },
    region: { label: 'Region', input: `${decimal(p.regionScore, 0)} of 100` },
    price: { label: 'Power price', input: `${dollars(powerPrice)}/MWh` },
  }
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

/** One sentence for screen and paper. */
const sentenceOf = (o: {
  gates: readonly Gate[]
  figures: Figures | string
  assumptions: ConversionAssumptions | null
  site: Site
  verdict: Verdict
}): string => {
  const failed = o.gates.filter((g) => g.failed)
  if (failed.length > 0) return `Do not convert: ${failed.map((g) => lowerFirst(g.reason)).join('; ')}. The site stays a miner.`
  if (typeof o.figures === 'string' || o.assumptions === null)
    return `No conversion figures: ${typeof o.figures === 'string' ? o.figures : 'an assumption is missing'}.`
  const lease = `${dollars(o.assumptions.leasePerKwMonthUsd)}/kW-month`
  const against = `converting is worth ${money(Math.abs(o.figures.npvUsd))} ${o.figures.npvUsd < 0 ? 'less' : 'more'} than mining on`
  const floor =
    o.figures.breakEvenLeasePerKwMonthUsd === null
      ? 'no lease makes up for it'
      : `do not sign a lease below ${dollars(o.figures.breakEvenLeasePerKwMonthUsd)}/kW-month`
  const oversize =
    o.assumptions.gridMw > o.site.interconnectMw
      ? ` The grid connection delivers ${decimal(o.site.interconnectMw, 1)} MW, not ${decimal(o.assumptions.gridMw, 1)} MW.`
      : ''
  return o.figures.npvUsd < 0
    ? `Keep mining: at ${lease} ${against}; ${floor}.${oversize}`
    : `${floor.charAt(0).toUpperCase()}${floor.slice(1)}: at ${lease} ${against}.${oversize}`
}

/**
 * AI hosting against mining on, for one site: suitability gates first, then the money. A failed gate withdraws the figures.
 * The verdict is the suitability's, made KEEP_MINING where converting is worth less than mining on.
 * Never throws on assumptions of any size; every figure is finite or null.
 */
export const conversionReport = ({ site, overrides, mining }: ConversionInput): ConversionReport => {
  const given = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined)) as Partial<ConversionAssumptions>
  const listed = conversionDefaults(site, mining, given)
  const margin = given.miningCashMarginPerMwMonthUsd
  const defaults = listed.flatMap((d) => d ?? (margin === undefined ? [] : [unknownMargin(margin)]))
  const assumptions = defaults.map((d) => assumptionOf(d, given[d.id]))
  const parsed = ConversionAssumptions.safeParse(Object.fromEntries(assumptions.map((a) => [a.id, a.value])))
  const typedPrice = given.powerPricePerMwh
  const powerPrice = typedPrice !== undefined && Number.isFinite(typedPrice) ? typedPrice : (mining.powerPricePerMwh ?? DEFAULT_POWER_PRICE)
  const score = answered(
    siteScore({
      ...site.profile,
      workload: given.workload ?? 'training',
      firmMW: site.profile.firmMw,
      powerPricePerMWh: powerPrice,
    }),
  )
  if (score === null) throw new Error(`the profile of site ${site.id} is outside its schema`)

  const texts = gateTexts(site)
  const gates: Gate[] = gateIds.map((id) => {
    const failed = score.gatesFailed.includes(id)
    // What stands needs no cure.
    return { id, failed, reason: texts[id].reason, cure: failed ? texts[id].cure : '' }
  })
  const forbidden = gates.some((g) => g.failed)
  const figures: Figures | string = parsed.success
    ? figuresOf(parsed.data, defaults, site, mining)
    : listed.some((d) => d === null) && margin === undefined
      ? `what mining on is worth is not known (${mining.source})`
      : `an assumption is outside its range: ${outOfRange(parsed.error.issues[0]?.path[0], assumptions)}`
  const worthLess = typeof figures !== 'string' && figures.npvUsd < 0
  const verdict: Verdict = forbidden ? 'DO_NOT_CONVERT' : worthLess ? 'KEEP_MINING' : score.verdict
  const labels = componentTexts(site, powerPrice)
  return {
    siteId: site.id,
    verdict,
    score: score.score,
    components: componentIds.map((id) => ({ id, ...labels[id], score: score.components[id], weight: score.weights[id] })),
    gates,
    figures: forbidden || typeof figures === 'string' ? null : figures,
    assumptions,
    sentence: sentenceOf({ gates, figures, assumptions: parsed.success ? parsed.data : null, site, verdict }),
  }
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
