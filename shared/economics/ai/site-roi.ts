import { assumptionText } from '../../decision/assumption-text.ts'
import type { ConversionReport, Verdict } from '../../decision/conversion.ts'
import { debtOf, gpuOf, risksOf, taxOf } from '../../decision/roi-part.ts'
import { contractOf, conversionOf, type FileNote, pricesOf, profileOf, revenuesOf, type SiteFile } from '../../decision/site-file.ts'
import type { Site, SiteProfile } from '../../fleet/site.ts'
import { decimal, percent } from '../../format.ts'
import { failed, ok, type Result } from '../../result.ts'
import { DAY_MS, HOUR_MS } from '../../time.ts'
import { HOURS_PER_MINING_MONTH, KW_PER_MW } from '../../units.ts'
import { answered } from '../model.ts'
import { sum } from '../sum.ts'
import { fundFromBtc } from '../treasury/fund-from-coins.ts'
import { fundingRisk } from '../treasury/funding-risk.ts'
import { coloProject } from './colocation-project.ts'
import { type ConversionCase, conversionCase, keepMiningOf, parityInputs, projectInputs } from './conversion-case.ts'
import { DEFAULT_ELASTICITY, type MiningBasis } from './conversion-defaults.ts'
import type { ConversionOutcome } from './conversion-draws.ts'
import { conversionReport } from './conversion-report.ts'
import { type DrawInputs, drawInputs } from './draw-inputs.ts'
import { gpuProject } from './gpu-project.ts'
import { type BlocksAhead, type MiningAhead, marginAtHashprice } from './mining-ahead.ts'
import { curtailedMargin, miningBaseline } from './mining-baseline.ts'
import { parityHashprice } from './parity-hashprice.ts'
import { valueOfWaiting } from './value-of-waiting.ts'

/**
 * A conversion from a site file: the report of the Plan screen with what lenders and treasurers ask for beside it, and the
 * inputs of the draws, which run elsewhere.
 */

/** A place in a profile that nobody surveyed: it fails no gate and its points are not told. */
const UNSURVEYED: SiteProfile = {
  fiberRttMs: 20,
  diverseFiberRoutes: 1,
  firmShare: 0.99,
  firmMw: 1e6,
  interconnectMonths: 15,
  substationFeeds: 1,
  designWetBulbC: 25,
  regionScore: 50,
  backupGeneration: true,
  permanentSite: true,
}
const behindGate: Readonly<Record<string, readonly (keyof SiteProfile)[]>> = {
  FIRM_MW: ['firmMw'],
  FIRMNESS: ['firmShare', 'backupGeneration'],
  FIBER: ['diverseFiberRoutes'],
  INTERCONNECT: ['interconnectMonths'],
  PERMANENCE: ['permanentSite'],
}

const siteOf = (file: SiteFile, profile: Partial<SiteProfile>, groupsMw: number, readAtMs: number): Site => ({
  id: 'site',
  name: file.site.name,
  place: '',
  timeZone: file.site.time_zone,
  interconnectMw: file.site.max_mw ?? groupsMw + file.site.base_mw,
  settlement: null,
  contract: contractOf(file),
  contractOrigin: { source: 'site file', observedAtMs: readAtMs },
  poolFee: file.site.pool_fee,
  stale: file.site.stale,
  overheadRatio: file.site.overhead_ratio,
  profile: { ...UNSURVEYED, ...profile },
  profileOrigin: { source: 'site file', observedAtMs: readAtMs },
})

/** Machines' power over hashrate of the groups that name an efficiency; null where one does not. */
const fleetEfficiency = (file: SiteFile): number | null => {
  const machineKw = file.groups.map((g) => (g.mw * KW_PER_MW) / file.site.overhead_ratio)
  const hashratePHs = sum(file.groups.map((g, k) => (g.efficiency_jth === undefined ? Number.NaN : (machineKw[k] ?? 0) / g.efficiency_jth)))
  return hashratePHs > 0 ? sum(machineKw) / hashratePHs : null
}

/** Block 840,000, the halving of 2024, and the pace that the protocol aims at. */
const KNOWN_HEIGHT = 840_000
const KNOWN_HEIGHT_MS = Date.UTC(2024, 3, 20, 0, 9, 27)
const BLOCKS_PER_DAY = 144
const DEFAULT_FEES_BTC = 0.025

/** Next block, and what of it the file does not say; null: the file wants no halving. */
const blocksOf = (file: SiteFile, readAtMs: number): { at: BlocksAhead; assumed: FileNote[] } | null => {
  if (file.block_height === null) return null
  const counted = Math.max(0, KNOWN_HEIGHT + Math.floor(((readAtMs - KNOWN_HEIGHT_MS) / DAY_MS) * BLOCKS_PER_DAY))
  const fees = file.network?.fees_per_block_btc
  return {
    at: { startHeight: (file.block_height ?? counted) + 1, feesPerBlockBtc: fees ?? DEFAULT_FEES_BTC },
    assumed: [
      ...(file.block_height === undefined
        ? [
            {
              field: 'block_height',
              reason: `${decimal(counted, 0)}: ${BLOCKS_PER_DAY} blocks a day since block ${decimal(KNOWN_HEIGHT, 0)} of 20 Apr 2024; null takes no halving off`,
            },
          ]
        : []),
      ...(fees === undefined
        ? [{ field: 'network.fees_per_block_btc', reason: `${DEFAULT_FEES_BTC} BTC a block, halvings leave them` }]
        : []),
    ],
  }
}

export type SuitabilityGate = {
  readonly id: string
  readonly failed: boolean | null
  readonly reason: string | null
  readonly cure: string
}

export type SiteRoi = {
  readonly file: SiteFile
  readonly report: ConversionReport
  /** Null where a gate's inputs were not surveyed and none of the others failed. */
  readonly verdict: Verdict | null
  readonly score: number | null
  readonly gates: readonly SuitabilityGate[]
  readonly notSurveyed: readonly (keyof SiteProfile)[]
  /** Null where the site must not be converted, or cannot be computed; the report's sentence says why. */
  readonly project: ReturnType<typeof projectFigures> | null
  /** Mining on, era by era; null where it is the same in every month. */
  readonly keepMining: MiningAhead | null
  readonly gpu: { readonly figures: NonNullable<ReturnType<typeof gpuFigures>>; readonly draws: DrawInputs } | null
  readonly draws: DrawInputs | null
  readonly assumed: readonly FileNote[]
}

type Case = { readonly c: ConversionCase; readonly file: SiteFile }

const projectInputsOf = ({ c, file }: Case) =>
  c.valid === null
    ? null
    : {
        ...projectInputs(c, c.valid),
        ...(file.debt === null ? {} : { debt: debtOf(file.debt) }),
        ...(file.tax === undefined ? {} : { tax: taxOf(file.tax) }),
      }

const networkOf = ({ file, c }: Case) =>
  file.network === undefined || file.btc_price_usd === undefined
    ? undefined
    : {
        difficulty: file.network.difficulty,
        subsidyBtc: file.network.subsidy_btc,
        feesPerBlockBtc: file.network.fees_per_block_btc,
        elasticity: file.network.elasticity ?? c.valid?.networkElasticity ?? DEFAULT_ELASTICITY,
        btcPriceUsd: file.btc_price_usd,
      }

const projectFigures = (o: Case) => {
  const given = projectInputsOf(o)
  const project = given === null ? null : answered(coloProject(given))
  if (project === null || o.c.valid === null) return null
  const parityGiven = parityInputs(o.c, o.c.valid)
  const network = networkOf(o)
  const parity = parityGiven === null ? null : answered(parityHashprice({ ...parityGiven, ...(network === undefined ? {} : { network }) }))
  return { ...project, parity }
}

const gpuFigures = (file: SiteFile) => {
  const given = file.gpu === undefined ? null : gpuOf(file.gpu)
  return given?.success ? answered(gpuProject(given.data)) : null
}

/** Coins against the owners' part: on a flat price, and on drawn ones. */
export const treasuryFigures = (roi: SiteRoi, draws: number, seed: number) => {
  const { treasury, btc_price_usd: price } = roi.file
  const need = roi.project?.equityNeedByMonthUsd
  if (treasury === undefined || price === undefined || need === undefined) return null
  // Nothing is due after the last month in which something is.
  const equityNeedUsd = need.slice(0, Math.max(1, need.findLastIndex((x) => x > 0) + 1))
  const given = { btcHeld: treasury.btc_held, saleHaircut: treasury.sale_haircut, equityNeedUsd }
  const flat = answered(fundFromBtc({ ...given, btcPriceUsd: equityNeedUsd.map(() => price) }))
  const { priceDriftAnnual, priceVolAnnual } = roi.draws?.risks ?? risksOf(roi.file, {})
  const risk = answered(fundingRisk({ ...given, startPrice: price, driftAnnual: priceDriftAnnual, volAnnual: priceVolAnnual, draws, seed }))
  return flat === null || risk === null ? null : { flat, risk, totalNeedUsd: sum(equityNeedUsd) }
}

/** The decision to wait, on the worth and the volatility of the draws; null where the conversion is worth nothing on average. */
export const waitingFigures = (roi: SiteRoi, outcome: ConversionOutcome) => {
  const { draws: given, file } = roi
  if (given === null || outcome.volAnnual === null || outcome.volAnnual <= 0 || outcome.investmentUsd <= 0) return null
  const rate = given.project.discountRateAnnual
  const life = (given.project.horizonMonths + 1) / 12
  // What a year of waiting forgoes: the level yearly worth of all that is received, against its present worth.
  const payoutRate = rate > 0 ? Math.log1p(rate) / (1 - (1 + rate) ** -life) : 1 / life
  return answered(
    valueOfWaiting({
      valueNow: outcome.valueUsd,
      investment: outcome.investmentUsd,
      years: file.waiting.years,
      riskFreeRate: file.waiting.risk_free_rate,
      payoutRate: Math.max(0, payoutRate),
      volAnnual: outcome.volAnnual,
      slotLossPerYear: file.waiting.slot_loss_per_year,
      requeueYears: file.waiting.requeue_years,
      discountRate: Math.max(0, Math.log1p(rate)),
    }),
  )
}

const assumedOf = (file: SiteFile, c: ConversionCase, notSurveyed: readonly (keyof SiteProfile)[]): FileNote[] => [
  ...c.assumptions
    .filter((a) => !a.overridden)
    .map((a) => ({
      field: `conversion.${a.id.replace(/[A-Z]/g, (x) => `_${x.toLowerCase()}`)}`,
      reason: `${assumptionText(a.value, a.unit)}: ${
        a.id === 'startMonth' && notSurveyed.includes('interconnectMonths')
          ? 'the grid is taken to be ready with the building; profile.interconnect_months says when it is'
          : a.source
      }`,
    })),
  ...(file.debt === null
    ? []
    : [
        {
          field: 'debt',
          reason: `${percent(file.debt.loan_to_cost, 0)} of cost at ${percent(file.debt.rate_annual)} a year over ${file.debt.amort_months} months; null is none`,
        },
      ]),
  ...(notSurveyed.length === 0
    ? []
    : [
        {
          field: 'profile',
          reason: `no score without ${notSurveyed.map((key) => key.replace(/[A-Z]/g, (x) => `_${x.toLowerCase()}`)).join(', ')}`,
        },
      ]),
]

/** `readAtMs`: when the file was read, the moment of all that it says. Bad fields are named as the file names them. */
export const siteRoi = (file: SiteFile, readAtMs: number): Result<SiteRoi> => {
  const prices = pricesOf(file)
  if (!prices.ok) return prices
  const gpuGiven = file.gpu === undefined ? null : gpuOf(file.gpu)
  if (gpuGiven !== null && !gpuGiven.success)
    return failed('invalid-input', `gpu: ${gpuGiven.error.issues[0]?.message ?? 'not usable'}`, { field: 'gpu' })
  const groupsMw = sum(file.groups.map((g) => g.mw))
  const profile = profileOf(file)
  const site = siteOf(file, profile, groupsMw, readAtMs)
  if (site.interconnectMw <= 0)
    return failed('invalid-input', 'site.max_mw: a site without power has nothing to convert', { field: 'site.max_mw' })
  const revenues = revenuesOf(file)
  const loads = file.groups.map((g, k) => ({ mw: g.mw, revenuePerMwh: revenues[k] ?? 0 }))
  const hours = file.interval_hours * HOUR_MS
  const periods = (prices.value?.pricePerMWh ?? []).map((price, k) => ({ startMs: k * hours, endMs: (k + 1) * hours, price }))
  const baseline = miningBaseline(site.contract, loads, periods)
  const sizes = [groupsMw, site.interconnectMw, ...(baseline === null ? [] : [baseline.marginPerMwMonthUsd, baseline.meanBillPerMwh])]
  if (!sizes.every(Number.isFinite))
    return failed('invalid-input', 'groups: load, revenue and prices leave every possible range', { field: 'groups' })
  const named = conversionOf(file)
  const elasticity = named.networkElasticity ?? file.network?.elasticity
  const overrides = elasticity === undefined ? named : { ...named, networkElasticity: elasticity }
  const blocks = blocksOf(file, readAtMs)
  if (baseline === null && groupsMw > 0 && overrides.miningCashMarginPerMwMonthUsd === undefined)
    return failed(
      'invalid-input',
      'prices: what mining on is worth needs the prices of this contract, or conversion.mining_cash_margin_per_mw_month_usd',
      { field: 'prices' },
    )
  const mining: MiningBasis = {
    runningMw: groupsMw,
    marginPerRunningMwMonthUsd: baseline?.marginPerMwMonthUsd ?? null,
    revenuePerMwh: groupsMw > 0 ? sum(loads.map((l) => l.mw * l.revenuePerMwh)) / groupsMw : null,
    efficiencyJth: fleetEfficiency(file),
    overheadRatio: file.site.overhead_ratio,
    powerPricePerMwh: baseline?.meanBillPerMwh ?? null,
    source: site.contract.type === 'fixed' ? "the file's tariff" : `the file's ${periods.length} prices`,
    observedAtMs: null,
    course: blocks === null ? null : { ...blocks.at, marginAt: marginAtHashprice(site.contract, loads, periods) },
    ...(file.block_height === undefined ? { heightNote: 'counted from the date' } : {}),
  }
  const input = { site, overrides, mining }
  const report = conversionReport(input)
  const c = conversionCase(input)
  const notSurveyed = (Object.keys(UNSURVEYED) as (keyof SiteProfile)[]).filter((key) => profile[key] === undefined)
  const gates = report.gates.map((g): SuitabilityGate => {
    const known = (behindGate[g.id] ?? []).every((key) => profile[key] !== undefined)
    return known || g.failed ? g : { id: g.id, failed: null, reason: null, cure: '' }
  })
  const allowed = report.figures !== null
  const project = allowed ? projectFigures({ c, file }) : null
  const given = projectInputsOf({ c, file })
  const draws: DrawInputs | null =
    given === null || project === null
      ? null
      : drawInputs(c, {
          project: given,
          curtailedMarginPerMwMonthUsd: curtailedMargin(site.contract, loads, periods),
          hoursPerMonth: HOURS_PER_MINING_MONTH,
          // Only who buys at the market meets its price.
          risks: risksOf(file, {
            ...(c.valid === null ? {} : { elasticity: c.valid.networkElasticity }),
            ...(site.contract.type === 'index' ? {} : { powerSdLog: 0 }),
          }),
        })
  const gpu = gpuFigures(file)
  const keepMining = project === null || c.valid === null ? null : keepMiningOf(c, c.valid)
  return ok({
    file,
    report,
    verdict: notSurveyed.length === 0 || report.verdict === 'DO_NOT_CONVERT' || report.verdict === 'KEEP_MINING' ? report.verdict : null,
    score: notSurveyed.length === 0 ? report.score : null,
    gates,
    notSurveyed,
    project,
    gpu: gpu === null || draws === null || !gpuGiven?.success ? null : { figures: gpu, draws: { ...draws, gpu: gpuGiven.data } },
    draws,
    keepMining,
    assumed: [...assumedOf(file, c, notSurveyed), ...(keepMining === null ? [] : (blocks?.assumed ?? []))],
  })
}
