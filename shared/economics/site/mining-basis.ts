import { count, date, decimal } from '../../format.ts'
import { HOUR_MS } from '../../time.ts'
import { W_PER_MW } from '../../units.ts'
import type { MiningBasis } from '../ai/conversion-defaults.ts'
import { marginAtHashprice, miningAhead } from '../ai/mining-ahead.ts'
import { miningOn, type PricePeriod } from '../ai/mining-baseline.ts'
import { termsOf } from '../curtailment/contract-terms.ts'
import type { Origin, Origins } from '../derivation.ts'
import { finiteOrNull } from '../model.ts'
import { sum } from '../sum.ts'
import { derived, knownOrigins, worked } from '../worked.ts'
import type { JudgedBlock } from './advice.ts'
import { blockLoads, type MachineNow } from './block-load.ts'
import { least, most, type SiteReportInput } from './site-inputs.ts'
import { blockEfficiency, sitePower } from './site-load.ts'
import { type SiteState, tracedOrigin } from './site-state.ts'

/** A machine that fell silent, as it was when last heard: a plan of years does not fall away because a network is down. */
const asLastKnown = (m: MachineNow): MachineNow => (m.state === 'stale' ? { ...m, state: (m.hashrateThs ?? 0) > 0 ? 'hashing' : 'off' } : m)

const sourceOf = (i: SiteReportInput, market: number | null): string => {
  const { site } = i
  const first = least(i.powerHistory.prices.map((p) => p.startMs))
  const last = most(i.powerHistory.prices.map((p) => p.endMs))
  return site.contract.type === 'fixed'
    ? site.contractOrigin.source
    : first !== null && last !== null
      ? `Mean of ${site.settlement?.label ?? 'market prices'} (${i.powerHistory.source}), ${date(first, site.timeZone)} to ${date(last, site.timeZone)}`
      : market !== null
        ? 'Price now only: no price history is stored'
        : 'no power price is known'
}

/** "98 hashing machines of block S21, as last heard" */
const loadOrigin = ({ load }: JudgedBlock): Origin => ({
  source: `sum of ${count(load.readings.power, 'reading')} of block ${load.label}, ${decimal(load.readings.power, 0)} of ${count(load.machines, 'machine')}, silent ones as last heard`,
  observedAtMs: load.readings.oldestAtMs,
  quality: load.readings.estimated > 0 ? 'estimated' : 'reported',
})

/** The blocks that mine, silent ones as they were when last heard. */
export const runningBlocks = (state: SiteState): JudgedBlock[] =>
  blockLoads(state.input.machines.map(asLastKnown))
    .flatMap(state.judge)
    .filter((b) => b.mw > 0)

/** Prices that mining on is valued at: all that is stored, else the one of now. */
export const pricesBehind = ({ input: i, market }: SiteState): readonly PricePeriod[] =>
  i.powerHistory.prices.length > 0
    ? i.powerHistory.prices
    : market === null
      ? []
      : [{ startMs: i.nowMs, endMs: i.nowMs + HOUR_MS, price: market }]

/** What mining on is worth, for the conversion to be compared with. */
export const miningBasis = (state: SiteState): MiningBasis => {
  const { input: i, coin, market, overhead } = state
  const { site, nowMs } = i
  const running = runningBlocks(state)
  const history = i.powerHistory.prices
  const prices = pricesBehind(state)
  const last = most(history.map((p) => p.endMs))
  const source = sourceOf(i, market)
  const terms = termsOf(site.contract)
  const contract: Origin = { ...site.contractOrigin, quality: 'reported' }
  const fleet: Origin = {
    source: `sum of the hashing machines of ${count(running.length, 'block')}, as last heard`,
    observedAtMs: least(running.flatMap((b) => b.load.readings.oldestAtMs ?? [])),
    quality: running.some((b) => b.load.readings.estimated > 0) ? 'estimated' : 'reported',
  }
  const atToday = {
    ...terms,
    avoidableAdderPerMWh: site.contract.avoidableAdderPerMwh,
    loads: running.map((b) => ({ id: b.load.id, runningMW: b.mw, revenuePerMWh: b.revenuePerMwh })),
    prices: prices
      .filter((p) => p.endMs > p.startMs && Number.isFinite(p.price))
      .map((p) => ({ hours: (p.endMs - p.startMs) / HOUR_MS, pricePerMWh: p.price })),
  }
  const origins = (): Origins => ({
    ...Object.fromEntries([...Object.keys(terms), 'avoidableAdderPerMWh'].map((name) => [name, contract])),
    // Of more blocks than are listed one by one.
    loads: fleet,
    prices: { source, observedAtMs: last ?? state.inputs.marketPrice?.observedAtMs ?? null, quality: 'reported' },
    ...knownOrigins(
      Object.fromEntries(
        running.flatMap((b, k) => [
          [`loads[${k}].runningMW`, loadOrigin(b)],
          [`loads[${k}].revenuePerMWh`, derived(state.breakEvenOf(b.load, 0), 'revenuePerMWh')],
        ]),
      ),
    ),
  })
  const on = worked(miningOn, atToday, origins)
  const { height, feesPerBlock } = i.market
  const blocks = height === null || feesPerBlock.value === null ? null : { startHeight: height + 1, feesPerBlockBtc: feesPerBlock.value }
  const course =
    coin === null || blocks === null
      ? null
      : {
          ...blocks,
          marginAt: marginAtHashprice(
            site.contract,
            atToday.loads.map((l) => ({ mw: l.runningMW, revenuePerMwh: l.revenuePerMWh })),
            atToday.prices.map((p) => ({ startMs: 0, endMs: p.hours, price: p.pricePerMWh })),
          ),
        }
  const runningMw = sum(running.map((b) => b.mw))
  const ths = running.map((b) => b.load.runningThs)
  const efficiency = worked(
    blockEfficiency,
    sum(ths) > 0 ? { powerW: (runningMw * W_PER_MW) / overhead.ratio, hashrateTHs: sum(ths) } : null,
    () => ({ powerW: fleet, hashrateTHs: fleet }),
  )
  const heardOnce = i.machines.some((m) => m.state !== 'unknown')
  const knownMw = coin !== null && heardOnce ? runningMw : null
  return {
    runningMw: knownMw,
    marginPerRunningMwMonthUsd: numberOf(on.value?.marginPerMWMonthUsd),
    revenuePerMwh: coin !== null && runningMw > 0 ? sum(running.map((b) => b.mw * b.revenuePerMwh)) / runningMw : null,
    efficiencyJth: efficiency.value?.efficiencyJTH ?? null,
    overheadRatio: overhead.ratio,
    powerPricePerMwh: numberOf(on.value?.meanBillPerMWh),
    source: coin === null ? 'the hashprice is not known' : heardOnce ? source : 'no machine was ever heard',
    observedAtMs: coin === null ? null : least([state.hashpriceNow.observedAtMs, last ?? nowMs].filter((x) => x !== null)),
    course,
    on,
    ahead: (inputs, more) =>
      worked(miningAhead, blocks === null ? null : { ...atToday, ...blocks, ...inputs }, () => ({
        ...origins(),
        startHeight: state.nextHeightOrigin,
        feesPerBlockBtc: tracedOrigin(state.inputs.fees),
        ...more,
      })),
    efficiency,
    overheadOrigin: state.overheadOrigin,
    runningOrigin: () =>
      derived(
        worked(
          sitePower,
          { blocks: running.map((b) => ({ id: b.load.id, powerW: b.load.runningW })), overheadRatio: overhead.ratio },
          () => ({
            blocks: fleet,
            ...Object.fromEntries(running.map((b, k) => [`blocks[${k}].powerW`, loadOrigin(b)])),
            ...knownOrigins({ overheadRatio: state.overheadOrigin() }),
          }),
        ),
        'powerMW',
      ),
  }
}

const numberOf = (n: number | null | undefined): number | null => (n === null || n === undefined ? null : finiteOrNull(n))
