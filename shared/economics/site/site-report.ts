import type { BlockReport, SiteReport } from '../../decision/site-report.ts'
import { MachineState } from '../../fleet/machine.ts'
import type { Site } from '../../fleet/site.ts'
import { clockTimeZone, count, date, decimal, signed } from '../../format.ts'
import { type Freshness, freshnessOf, type TracedInput } from '../../market/traced.ts'
import { SATS_PER_BTC, TH_PER_PH, W_PER_MW } from '../../units.ts'
import type { MiningBasis } from '../ai/conversion-defaults.ts'
import { type ConversionOverrides, conversionReport } from '../ai/conversion-report.ts'
import { miningBaseline, type PricePeriod } from '../ai/mining-baseline.ts'
import { groupBreakEven } from '../breakeven/break-even.ts'
import { opportunityTiers } from '../curtailment/opportunity-price.ts'
import { type DecidedBlock, decideLoads } from '../curtailment/real-time-rule.ts'
import { answered, finiteOrNull } from '../model.ts'
import { hashprice } from '../revenue/hashprice.ts'
import { subsidyAtHeight } from '../revenue/subsidy.ts'
import { sum } from '../sum.ts'
import { type Advice, advise, type JudgedBlock, withheld } from './advice.ts'
import { mwText } from './advice-words.ts'
import { type BlockLoad, blockLoads, isHeard, type MachineNow, overheadOf } from './block-load.ts'
import { complaint, contractInput, judged, worse } from './input-health.ts'
import { allInPrice } from './power-bill.ts'
import type { ForwardPrice } from './price-ahead.ts'

export type { MachineNow } from './block-load.ts'

export type SiteReportInput = {
  readonly site: Site
  /** The machines of this site. */
  readonly machines: readonly MachineNow[]
  readonly market: {
    readonly btcPrice: TracedInput
    readonly difficulty: TracedInput
    /** BTC per block. */
    readonly feesPerBlock: TracedInput
    /** Newest block. */
    readonly height: number | null
  }
  /** Market price now; null where the site has no market. */
  readonly price: TracedInput | null
  readonly forward: readonly ForwardPrice[]
  /** Active power, W; null without a meter. */
  readonly meter: TracedInput | null
  readonly powerHistory: { readonly prices: readonly PricePeriod[]; readonly source: string }
  readonly overrides: ConversionOverrides
  readonly nowMs: number
  readonly pollIntervalMs: number
}

/** `ux.md` 3.2, 5: a machine is stale after three missed polls and too old to act on after ten. */
const STALE_POLLS = 3
const DEAD_POLLS = 10

/**
 * The oldest reading that counts; with no machine heard, the newest that was, which then is at least stale: there is
 * nothing to advise about.
 */
const telemetryInput = (i: SiteReportInput): TracedInput => {
  const limits = { staleAfterMs: STALE_POLLS * i.pollIntervalMs, deadAfterMs: DEAD_POLLS * i.pollIntervalMs }
  const stamps = (list: readonly MachineNow[]) => list.flatMap((m) => (m.observedAtMs === null ? [] : [m.observedAtMs]))
  const heard = i.machines.filter(isHeard)
  const known = stamps(i.machines)
  const observedAtMs = heard.length > 0 ? least(stamps(heard)) : known.length > 0 ? most(known) : null
  const byAge = freshnessOf(observedAtMs, limits, i.nowMs)
  const freshness: Freshness =
    i.machines.length === 0 ? 'missing' : heard.length > 0 ? (byAge === 'missing' ? 'fresh' : byAge) : worse(byAge, 'dead')
  return {
    id: 'telemetry',
    label: 'Machines',
    value: i.machines.length === 0 ? null : heard.length,
    unit: `of ${count(i.machines.length, 'machine')}`,
    source: 'Polls of the machines',
    quality: 'reported',
    observedAtMs,
    limits,
    freshness,
    problem: i.machines.length === 0 ? 'no machine is entered for this site' : null,
  }
}
const orNull = (n: number | null | undefined): number | null => (n === null || n === undefined ? null : finiteOrNull(n))
const least = (list: readonly number[]): number | null => (list.length === 0 ? null : list.reduce((a, b) => Math.min(a, b)))
const most = (list: readonly number[]): number | null => (list.length === 0 ? null : list.reduce((a, b) => Math.max(a, b)))

type Coin = { readonly btcPerPhDay: number; readonly usdPerPhDay: number; readonly btcPriceUsd: number }

/** Hashprice of the next block, from inputs of whatever age: their age withholds advice, not the figure. */
const coinOf = (btcPrice: TracedInput, difficulty: TracedInput, fees: TracedInput, height: number | null): Coin | null => {
  if (btcPrice.value === null || difficulty.value === null || fees.value === null || height === null) return null
  const subsidy = answered(subsidyAtHeight({ height: height + 1 }))
  if (subsidy === null) return null
  const answer = answered(
    hashprice({
      difficulty: difficulty.value,
      btcPriceUsd: btcPrice.value,
      subsidyBtc: subsidy.subsidySats / SATS_PER_BTC,
      feesPerBlockBtc: fees.value,
    }),
  )
  return answer && Number.isFinite(answer.usdPerPhDay) ? { ...answer, btcPriceUsd: btcPrice.value } : null
}

/** A computed value is as old as its oldest input. */
const hashpriceInput = (coin: Coin | null, inputs: readonly TracedInput[], height: number | null): TracedInput => {
  const oldest = inputs.reduce<TracedInput | null>((a, b) => (a === null || (b.observedAtMs ?? -1) < (a.observedAtMs ?? -1) ? b : a), null)
  const missing = inputs.filter((i) => i.value === null).map((i) => i.label)
  return {
    id: 'hashprice',
    label: 'Hashprice',
    value: coin?.usdPerPhDay ?? null,
    unit: '$/PH/day',
    source: 'Computed from BTC price, difficulty, fees and subsidy',
    quality: 'estimated',
    observedAtMs: coin === null ? null : (oldest?.observedAtMs ?? null),
    limits: oldest?.limits ?? null,
    freshness: coin === null ? 'missing' : inputs.map((i) => i.freshness).reduce(worse),
    problem:
      coin !== null
        ? null
        : missing.length > 0
          ? `not known: ${missing.join(', ')}`
          : height === null
            ? 'the block height is not known'
            : 'an input is out of range',
  }
}

const heightMissing: TracedInput = {
  id: 'height',
  label: 'Block height',
  value: null,
  unit: '',
  source: 'Network source',
  quality: 'reported',
  observedAtMs: null,
  limits: null,
  freshness: 'missing',
  problem: null,
}

const breakEvenAt = (site: Site, coin: Coin, efficiencyJth: number, overheadRatio: number, pricePerMwh: number) =>
  answered(
    groupBreakEven({
      efficiencyJTH: efficiencyJth,
      overheadRatio,
      powerPricePerMWh: pricePerMwh,
      otherVariablePerMWh: site.contract.avoidableAdderPerMwh,
      poolFee: site.poolFee,
      stale: site.stale,
      btcPerPhDay: coin.btcPerPhDay,
      btcPriceUsd: coin.btcPriceUsd,
    }),
  )

/**
 * The block's price is that of its MW, weighted where a contract's volume ends inside the block; at rest, that of the
 * next MW.
 */
const blockPrice = (decided: DecidedBlock | undefined, nextPrice: number | null): number | null => {
  const loads = decided?.loads ?? []
  const mw = sum(loads.map((l) => l.mw))
  return mw > 0 ? sum(loads.map((l) => l.mw * l.pricePerMwh)) / mw : nextPrice
}

/**
 * Everything the operator decides from, for one site at one moment: what runs, what it earns and costs, what to do, and
 * what it would be worth to host AI instead. Pure; the window, the report and the memo show this and compute nothing.
 *
 * The decision number is that of the marginal block, the least efficient one that hashes: `breakEvenPowerPerMwh` is its
 * revenue less delivery, `pricePerMwh` the opportunity price (`economics.md` 4.1) of its last MW, the margin their difference.
 * Where an input that the decision needs is missing or too old, advice and margins are null; figures from older inputs stay.
 */
export const siteReport = (i: SiteReportInput): SiteReport => {
  const { site, nowMs } = i
  const contract = site.contract
  const adder = contract.avoidableAdderPerMwh

  // Inputs, each with its age.
  const btcPrice = judged(i.market.btcPrice, 'btc_price', nowMs)
  const difficulty = judged(i.market.difficulty, 'difficulty', nowMs)
  const fees = judged(i.market.feesPerBlock, 'fees', nowMs)
  const telemetry = telemetryInput(i)
  const terms = contractInput(site, nowMs)
  const meter = i.meter === null ? null : judged(i.meter, 'meter', nowMs)
  const marketPrice =
    site.settlement === null || i.price === null
      ? null
      : { ...judged(i.price, 'power_price', nowMs), label: `${site.settlement.label} price` }
  const market = marketPrice?.value ?? null

  // What the machines draw and hash.
  const meterW = meter !== null && meter.freshness === 'fresh' ? meter.value : null
  const overhead = overheadOf(i.machines, meterW, site.overheadRatio)
  const atMeter = (watt: number) => (watt * overhead.ratio) / W_PER_MW
  const loads = blockLoads(i.machines)
  const coin = coinOf(btcPrice, difficulty, fees, i.market.height)
  const hashpriceNow = hashpriceInput(coin, [btcPrice, difficulty, fees], i.market.height)

  // What a MWh earns in each block, and what the rule says at the price now.
  const judge = (load: BlockLoad): JudgedBlock[] => {
    const even = coin === null || load.efficiencyJth === null ? null : breakEvenAt(site, coin, load.efficiencyJth, overhead.ratio, 0)
    if (even === null || !Number.isFinite(even.revenuePerMWh)) return []
    return [
      {
        load,
        mw: atMeter(load.runningW),
        protectedMw: atMeter(load.protectedRunningW),
        restingMw: atMeter(load.restingW),
        revenuePerMwh: even.revenuePerMWh,
        breakEvenPerMwh: even.breakEvenPowerPerMWh,
      },
    ]
  }
  const judgedBlocks = loads.flatMap(judge)
  const runningBlocks = judgedBlocks.filter((b) => b.mw > 0)
  const tiers = opportunityTiers(contract, market)
  const decided = decideLoads(
    runningBlocks.map((b) => ({ id: b.load.id, mw: b.mw, revenuePerMwh: b.revenuePerMwh })),
    tiers,
    adder,
  )
  const decidedOf = new Map((decided ?? []).map((d) => [d.id, d]))
  const marginal = runningBlocks.reduce<JudgedBlock | null>(
    (a, b) => (a === null || b.revenuePerMwh < a.revenuePerMwh || (b.revenuePerMwh === a.revenuePerMwh && b.load.id > a.load.id) ? b : a),
    null,
  )
  const runningMw = sum(runningBlocks.map((b) => b.mw))
  const nextPrice = priceOfNextMw(tiers, runningMw)
  const lastLoad = marginal === null ? undefined : decidedOf.get(marginal.load.id)?.loads.at(-1)
  const pricePerMwh = lastLoad?.pricePerMwh ?? (marginal === null ? nextPrice : null)

  // May anything be advised?
  const marketNeeded = needsMarket(site, runningMw)
  const missingMarket: TracedInput | null = marketNeeded && marketPrice === null ? powerPriceMissing(site) : null
  const needed = [
    telemetry,
    ...(marketNeeded && marketPrice !== null ? [marketPrice] : []),
    ...(missingMarket === null ? [] : [missingMarket]),
    btcPrice,
    difficulty,
    fees,
    ...(i.market.height === null ? [heightMissing] : []),
    terms,
  ]
  const blocking = needed.filter((input) => input.freshness === 'dead' || input.freshness === 'missing')
  const stale = needed.filter((input) => input.freshness === 'stale')
  const someRun = loads.some((l) => l.hashing > 0)
  const cause = loads.every((l) => l.runningW <= 0 && l.restingW <= 0)
    ? 'no machine has both a known power and a hashrate'
    : someRun && runningBlocks.length === 0
      ? 'what the hashing machines earn cannot be computed'
      : judgedBlocks.every((b) => b.mw <= 0 && b.restingMw <= 0)
        ? 'what the machines would earn cannot be computed'
        : null
  const advisable = blocking.length === 0 && cause === null && decided !== null && pricePerMwh !== null
  const coverage = { reported: i.machines.filter(isHeard).length, machines: i.machines.length }
  const advice: Advice = advisable
    ? advise({
        site,
        blocks: judgedBlocks,
        running: runningBlocks,
        decided,
        tiers,
        pricePerMwh,
        marginal,
        forward: i.forward,
        marketNeeded,
        stale,
        coverage,
        nowMs,
      })
    : withheld(
        blocking,
        cause,
        nowMs,
        stale.map((s) => s.label),
      )

  const blocks = loads.map((load): BlockReport => {
    const block = judgedBlocks.find((b) => b.load.id === load.id)
    const of = decidedOf.get(load.id)
    const price = blockPrice(of, nextPrice)
    const even =
      coin === null || load.efficiencyJth === null || price === null
        ? null
        : breakEvenAt(site, coin, load.efficiencyJth, overhead.ratio, price)
    const runs = (block?.mw ?? 0) > 0
    const marginPerMwh = advisable && even !== null ? finiteOrNull(even.marginPerMWh) : null
    return {
      id: load.id,
      label: load.label,
      machines: load.machines,
      reported: load.reported,
      hashing: load.hashing,
      hashratePhs: load.hashrateThs === null ? null : load.hashrateThs / TH_PER_PH,
      powerMw: load.powerW === null ? null : atMeter(load.powerW),
      estimatedMw: atMeter(load.estimatedW),
      efficiencyJth: load.efficiencyJth,
      revenuePerMwh: block?.revenuePerMwh ?? null,
      breakEvenPowerPerMwh: block?.breakEvenPerMwh ?? null,
      breakEvenBtcUsd: orNull(even?.breakEvenBtcUsd),
      breakEvenHashpriceUsd: orNull(even?.breakEvenHashpriceUsd),
      marginPerMwh,
      marginUsdPerHour: marginPerMwh === null ? null : runs ? marginPerMwh * (block?.mw ?? 0) : 0,
      advice: !advisable || !runs ? 'none' : advice.off.has(load.id) ? 'off' : 'run',
    }
  })

  const sumOfKnown = (values: readonly (number | null)[]): number | null => {
    const known = values.filter((v) => v !== null)
    return known.length > 0 ? sum(known) : null
  }
  const powerMw = sumOfKnown(blocks.map((b) => b.powerMw))
  const meterPowerMw = meter !== null && meter.value !== null && meter.freshness !== 'dead' ? meter.value / W_PER_MW : null
  const marginalReport = blocks.find((b) => b.id === marginal?.load.id)
  const marginalEven =
    coin === null || marginal === null || pricePerMwh === null || marginal.load.efficiencyJth === null
      ? null
      : breakEvenAt(site, coin, marginal.load.efficiencyJth, overhead.ratio, pricePerMwh)
  const breakEvenPowerPerMwh = marginal?.breakEvenPerMwh ?? null
  const marginPerMwh = advisable && marginal !== null && pricePerMwh !== null ? marginal.breakEvenPerMwh - pricePerMwh : null
  const margins = blocks.map((b) => b.marginUsdPerHour)
  const allDecided = advisable ? decided.flatMap((d) => d.loads) : []

  const report: Omit<SiteReport, 'alerts'> = {
    id: site.id,
    name: site.name,
    place: site.place,
    timeZone: site.timeZone,
    market: site.settlement?.label ?? 'Off grid',
    interconnectMw: site.interconnectMw,
    contract,
    asOfMs: nowMs,
    hashratePhs: sumOfKnown(blocks.map((b) => b.hashratePhs)),
    powerMw,
    meterPowerMw,
    overheadRatio: overhead.ratio,
    overheadMeasured: overhead.measured,
    hashpriceUsdPerPhDay: coin?.usdPerPhDay ?? null,
    btcPerPhDay: coin?.btcPerPhDay ?? null,
    pricePerMwh,
    marketPricePerMwh: market,
    allInPricePerMwh: allInPrice(contract, market, meterPowerMw ?? powerMw),
    breakEvenPowerPerMwh,
    marginalBlockId: marginal?.load.id ?? null,
    fleetBreakEvenPowerPerMwh: runningMw > 0 ? sum(runningBlocks.map((b) => b.breakEvenPerMwh * b.mw)) / runningMw : null,
    breakEvenBtcUsd: orNull(marginalEven?.breakEvenBtcUsd),
    breakEvenHashpriceUsd: orNull(marginalEven?.breakEvenHashpriceUsd),
    marginPerMwh,
    marginUsdPerHour: advisable ? sumOfKnown(margins) : null,
    atStakeUsdPerHour: advisable ? sumOfKnown(margins.map((m) => (m === null ? null : Math.abs(m)))) : null,
    uneconomicMw: advisable ? sum(allDecided.filter((l) => !l.run).map((l) => l.mw)) : null,
    recommendation: advice.recommendation,
    blocks,
    ai: conversionReport({
      site,
      overrides: i.overrides,
      mining: miningBasis(i, {
        // A plan of years does not fall away because the network to the machines is down for an hour.
        running: blockLoads(i.machines.map(asLastKnown))
          .flatMap(judge)
          .filter((b) => b.mw > 0),
        coin,
        coinAtMs: hashpriceNow.observedAtMs,
        overheadRatio: overhead.ratio,
        market,
      }),
    }),
    inputs: [
      btcPrice,
      difficulty,
      fees,
      hashpriceNow,
      ...(marketPrice === null ? (missingMarket === null ? [] : [missingMarket]) : [marketPrice]),
      telemetry,
      ...(meter === null ? [] : [meter]),
      terms,
    ],
    coverage,
    states: Object.fromEntries(MachineState.options.map((state) => [state, i.machines.filter((m) => m.state === state).length])),
  }
  return { ...report, alerts: alertsOf(i, report, { loads, overhead, marginalLabel: marginalReport?.label ?? null }) }
}

/** Price of the MW after `loadMw`. */
const priceOfNextMw = (tiers: ReturnType<typeof opportunityTiers>, loadMw: number): number | null => {
  let below = 0
  for (const tier of tiers) {
    below += tier.mw
    if (below > loadMw) return tier.pricePerMwh
  }
  return null
}

/** Whether some of the load, or the next MW where nothing runs, is worth the market price. */
const needsMarket = (site: Site, loadMw: number): boolean => {
  let below = 0
  for (const tier of opportunityTiers(site.contract, null)) {
    if (tier.mw > 0 && (below < loadMw || (loadMw === 0 && below === 0)) && tier.pricePerMwh === null) return true
    below += tier.mw
  }
  return false
}

const powerPriceMissing = (site: Site): TracedInput => ({
  id: 'power_price',
  label: site.settlement === null ? 'power price' : `${site.settlement.label} price`,
  value: null,
  unit: '$/MWh',
  source: site.settlement?.realTimeFeed ?? 'none',
  quality: 'reported',
  observedAtMs: null,
  limits: null,
  freshness: 'missing',
  problem: site.settlement === null ? 'the contract follows a market, and the site names no settlement point' : null,
})

/** A machine that fell silent, as it was when last heard. */
const asLastKnown = (m: MachineNow): MachineNow => (m.state === 'stale' ? { ...m, state: (m.hashrateThs ?? 0) > 0 ? 'hashing' : 'off' } : m)

/** What mining on is worth, for the conversion to be compared with. */
const miningBasis = (
  i: SiteReportInput,
  o: { running: readonly JudgedBlock[]; coin: Coin | null; coinAtMs: number | null; overheadRatio: number; market: number | null },
): MiningBasis => {
  const { site, nowMs } = i
  const history = i.powerHistory.prices
  const present: readonly PricePeriod[] = o.market === null ? [] : [{ startMs: nowMs, endMs: nowMs + 1, price: o.market }]
  const prices = history.length > 0 ? history : present
  const loads = o.running.map((b) => ({ mw: b.mw, revenuePerMwh: b.revenuePerMwh }))
  const base = miningBaseline(site.contract, loads, prices)
  const first = least(history.map((p) => p.startMs))
  const last = most(history.map((p) => p.endMs))
  const source =
    site.contract.type === 'fixed'
      ? site.contractOrigin.source
      : first !== null && last !== null
        ? `Mean of ${site.settlement?.label ?? 'market prices'} (${i.powerHistory.source}), ${date(first, site.timeZone)} to ${date(last, site.timeZone)}`
        : o.market !== null
          ? 'Price now only: no price history is stored'
          : 'no power price is known'
  const runningThs = sum(o.running.map((b) => b.load.runningThs))
  const heardOnce = i.machines.some((m) => m.state !== 'unknown')
  // Power in MW at the meter, taken back to the machines: W per TH/s.
  const machineW = (sum(o.running.map((b) => b.mw)) * W_PER_MW) / o.overheadRatio
  return {
    runningMw: o.coin !== null && heardOnce ? sum(o.running.map((b) => b.mw)) : null,
    marginPerRunningMwMonthUsd: base === null ? null : finiteOrNull(base.marginPerMwMonthUsd),
    efficiencyJth: runningThs > 0 ? machineW / runningThs : null,
    overheadRatio: o.overheadRatio,
    powerPricePerMwh: base === null ? null : finiteOrNull(base.meanBillPerMwh),
    source: o.coin === null ? 'the hashprice is not known' : heardOnce ? source : 'no machine was ever heard',
    observedAtMs: o.coin === null ? null : least([o.coinAtMs, last ?? nowMs].filter((x) => x !== null)),
  }
}

/** One line a cause, never one a machine. */
const alertsOf = (
  i: SiteReportInput,
  report: Omit<SiteReport, 'alerts'>,
  o: { loads: readonly BlockLoad[]; overhead: { meterBelowMachines: boolean }; marginalLabel: string | null },
): SiteReport['alerts'] => {
  const money: SiteReport['alerts'] = []
  const r = report.recommendation
  if (r.action === 'none') {
    const part = report.powerMw === null ? '' : `, ${mwText(report.powerMw)},`
    money.push({ level: 'money', text: `Advice for ${report.name}${part} is off. ${r.headline}`, sinceMs: null })
  } else if (report.marginPerMwh !== null && report.marginPerMwh < 0)
    money.push({
      level: 'money',
      text: `Margin of the ${o.marginalLabel ?? 'marginal'} block at ${report.name} is ${signed(report.marginPerMwh)} $/MWh. ${r.headline}`,
      sinceMs: null,
    })

  const data: SiteReport['alerts'] = []
  const total = i.machines.length
  const ofAll = (n: number) => `${decimal(n, 0)} of ${count(total, 'machine')}`
  const silent = byReason(
    i.machines.filter((m) => !isHeard(m)),
    (m) => m.reason ?? (m.state === 'unknown' ? 'never heard' : 'no answer'),
  )
  // A line for "one other cause" would be as long as the cause itself.
  const shown = silent.length === MOST_CAUSES + 1 ? silent.length : MOST_CAUSES
  for (const c of silent.slice(0, shown)) data.push({ level: 'data', text: `${ofAll(c.machines)}: ${c.reason}`, sinceMs: c.sinceMs })
  const others = silent.slice(shown)
  if (others.length > 0)
    data.push({
      level: 'data',
      text: `${ofAll(sum(others.map((c) => c.machines)))} not heard, for ${count(others.length, 'other cause')}`,
      sinceMs: null,
    })
  const hot = i.machines.filter((m) => m.state === 'overheated').length
  if (hot > 0) data.push({ level: 'data', text: `${ofAll(hot)}: overheated`, sinceMs: null })
  const faults = byReason(
    i.machines.filter((m) => isHeard(m) && m.state !== 'overheated' && m.reason !== null),
    (m) => m.reason ?? '',
  )
  const [commonest] = faults
  if (commonest)
    data.push({
      level: 'data',
      text:
        faults.length === 1
          ? `${ofAll(commonest.machines)}: ${commonest.reason}`
          : `${ofAll(sum(faults.map((f) => f.machines)))} report a fault, ${count(faults.length, 'kind')}; most often: ${commonest.reason}`,
      sinceMs: null,
    })

  const unknownPower = sum(o.loads.map((l) => l.unknownPower))
  if (unknownPower > 0)
    data.push({
      level: 'data',
      text: `${decimal(unknownPower, 0)} of ${count(total, 'machine')}: hashing, but neither the machine nor a name plate says its power; in no MW here`,
      sinceMs: null,
    })
  if (o.overhead.meterBelowMachines)
    data.push({
      level: 'data',
      text: `The meter shows less power than the machines report (${mwText(report.meterPowerMw ?? 0)}): check which feeders it sees`,
      sinceMs: null,
    })
  for (const input of report.inputs) {
    if (input.id === 'hashprice') continue
    if (input.problem !== null && input.value !== null)
      data.push({ level: 'data', text: `${input.label}: ${input.problem}`, sinceMs: input.observedAtMs })
    else if (input.id === 'meter' && input.freshness !== 'fresh')
      data.push({
        level: 'data',
        text: `Meter: ${input.problem ?? (input.observedAtMs === null ? 'no reading' : `no reading since ${clockTimeZone(input.observedAtMs, report.timeZone)}`)}`,
        sinceMs: input.observedAtMs,
      })
    else if (input.freshness === 'stale')
      data.push({ level: 'data', text: capital(complaint(input, i.nowMs)), sinceMs: input.observedAtMs })
  }
  return [...money, ...data]
}
/** Causes of silence that get a line of their own. */
const MOST_CAUSES = 4

const byReason = (machines: readonly MachineNow[], reasonOf: (m: MachineNow) => string) =>
  [...Map.groupBy(machines, reasonOf)]
    .map(([reason, members]) => ({
      reason,
      machines: members.length,
      sinceMs: least(members.flatMap((m) => m.observedAtMs ?? [])),
    }))
    .sort((a, b) => b.machines - a.machines || (a.reason < b.reason ? -1 : 1))
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
