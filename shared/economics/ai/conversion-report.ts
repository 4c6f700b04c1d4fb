import type { ConversionAssumptions, ConversionReport, Gate, Verdict } from '../../decision/conversion.ts'
import type { Site } from '../../fleet/site.ts'
import { decimal, dollars, money, percent } from '../../format.ts'
import { answered } from '../model.ts'
import { ColocationProject, evaluateColocation } from './colocation-project.ts'
import { type ConversionCase, type ConversionInput, conversionCase, parityInputs, projectInputs } from './conversion-case.ts'
import { DEFAULT_POWER_PRICE } from './conversion-defaults.ts'
import { firstFullYearOf } from './first-full-year.ts'
import { parityHashprice } from './parity-hashprice.ts'
import { type ComponentId, componentIds, type GateId, gateIds, gateLimits, siteScore } from './site-score.ts'
import { byFallingSwing } from './tornado.ts'

type Figures = NonNullable<ConversionReport['figures']>

const projectOf = (c: ConversionCase, a: ConversionAssumptions) => ColocationProject.safeParse(projectInputs(c, a))

/** NPV against mining on, null where these assumptions make no project. */
const npvOf = (c: ConversionCase, a: ConversionAssumptions): number | null => {
  const project = projectOf(c, a)
  return project.success ? evaluateColocation(project.data).figures.npvIncremental : null
}

/** Each assumption with a range at both of its ends, the rest as it is; a value outside its range widens it. */
const tornadoOf = (c: ConversionCase, a: ConversionAssumptions): Figures['tornado'] =>
  c.defaults
    .flatMap((d) => {
      const value = a[d.id]
      if (!d.swings || d.range === null || typeof value !== 'number') return []
      const low = Math.min(d.range.min, value)
      const high = Math.max(d.range.max, value)
      const npvLowUsd = npvOf(c, { ...a, [d.id]: low })
      const npvHighUsd = npvOf(c, { ...a, [d.id]: high })
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

const allFinite = (value: unknown): boolean =>
  typeof value === 'number'
    ? Number.isFinite(value)
    : typeof value !== 'object' || value === null
      ? true
      : Object.values(value).every(allFinite)

const figuresOf = (c: ConversionCase, a: ConversionAssumptions): Figures | string => {
  const project = projectOf(c, a)
  if (!project.success) {
    const issue = project.error.issues[0]
    return issue?.path[0] === 'phases' ? 'the building is ready only after the horizon' : 'the assumptions make no project'
  }
  const { flows, figures: f } = evaluateColocation(project.data)
  const cash = running(flows.project)
  const lowestCashUsd = Math.min(0, ...cash)
  const year = firstFullYearOf(project.data, flows)
  const parity = parityInputs(c, a)
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
    noiMargin: year?.noiMargin ?? null,
    yieldOnCost: year?.yieldOnCost ?? null,
    breakEvenLeasePerKwMonthUsd: f.breakEvenLeasePerKwMonth,
    parityHashpriceUsd: parity === null ? null : (answered(parityHashprice(parity))?.parityHashpriceUsd ?? null),
    lowestCashUsd,
    lowestCashMonth: Math.max(0, cash.indexOf(lowestCashUsd)),
    cashByYear: byYear(flows.project, flows.mining),
    cumulativeUsd: running(flows.incremental),
    tornado: tornadoOf(c, a),
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
export const conversionReport = (i: ConversionInput): ConversionReport => {
  const c = conversionCase(i)
  const { site, mining, given, valid } = c
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
  const figures: Figures | string = valid === null ? (c.problem ?? 'an assumption is missing') : figuresOf(c, valid)
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
    assumptions: [...c.assumptions],
    sentence: sentenceOf({ gates, figures, assumptions: valid, site, verdict }),
  }
}
