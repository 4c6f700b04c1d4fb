import type { BlockReport, SiteReport } from '../../decision/site-report.ts'
import { MachineState } from '../../fleet/machine.ts'
import type { TracedInput } from '../../market/traced.ts'
import { TH_PER_PH } from '../../units.ts'
import type { MiningBasis } from '../ai/conversion-defaults.ts'
import { conversionReport } from '../ai/conversion-report.ts'
import type { DecidedBlock } from '../curtailment/real-time-rule.ts'
import { finiteOrNull } from '../model.ts'
import { sum } from '../sum.ts'
import { type Advice, advise, withheld } from './advice.ts'
import { isHeard } from './block-load.ts'
import { miningBasis } from './mining-basis.ts'
import { alertsOf } from './site-alerts.ts'
import { heightMissing, needsMarket, powerPriceMissing, type SiteReportInput } from './site-inputs.ts'
import { type SiteState, siteState } from './site-state.ts'

export type { MachineNow } from './block-load.ts'
export type { SiteReportInput } from './site-inputs.ts'

const orNull = (n: number | null | undefined): number | null => (n === null || n === undefined ? null : finiteOrNull(n))

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
  const state = siteState(i)
  return reportOf(state, miningBasis(state))
}

export const reportOf = (state: SiteState, mining: MiningBasis): SiteReport => {
  const i = state.input
  const { site, nowMs } = i
  const { inputs, overhead, loads, coin, atMeter, judgedBlocks, runningBlocks, runningMw, tiers, decided, decidedOf, marginal } = state
  const { market, nextPrice, pricePerMwh, hashpriceNow, meterPowerMw, figures } = state
  const { btcPrice, difficulty, fees, telemetry, terms, meter, marketPrice } = inputs
  const contract = site.contract

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
    const even = price === null ? null : state.breakEvenOf(load, price).value
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
  const marginalReport = blocks.find((b) => b.id === marginal?.load.id)
  const marginalEven = figures.breakEvenAtPrice.value
  const breakEvenPowerPerMwh = marginal?.breakEvenPerMwh ?? null
  const marginPerMwh = advisable ? (figures.margin.value?.marginPerMWh ?? null) : null
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
    hashratePhs: figures.hashrate.value?.hashratePHs ?? null,
    powerMw: figures.power.value?.powerMW ?? null,
    meterPowerMw,
    overheadRatio: overhead.ratio,
    overheadMeasured: overhead.measured,
    hashpriceUsdPerPhDay: coin?.usdPerPhDay ?? null,
    btcPerPhDay: coin?.btcPerPhDay ?? null,
    pricePerMwh,
    marketPricePerMwh: market,
    allInPricePerMwh: figures.allIn.value?.allInPricePerMWh ?? null,
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
      mining,
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
