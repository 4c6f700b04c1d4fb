import type { Site } from '../../fleet/site.ts'
import { count, decimal } from '../../format.ts'
import type { TracedInput } from '../../market/traced.ts'
import { W_PER_MW } from '../../units.ts'
import { groupBreakEven } from '../breakeven/break-even.ts'
import { termsOf } from '../curtailment/contract-terms.ts'
import { opportunityPrice, opportunityTiers } from '../curtailment/opportunity-price.ts'
import { decideLoads } from '../curtailment/real-time-rule.ts'
import type { Derivation, Origin } from '../derivation.ts'
import { hashprice } from '../revenue/hashprice.ts'
import { subsidyAtHeight } from '../revenue/subsidy.ts'
import { sum } from '../sum.ts'
import { derived, knownOrigins, type Worked, worked } from '../worked.ts'
import type { JudgedBlock } from './advice.ts'
import { type BlockLoad, blockLoads, type Overhead, overheadOf } from './block-load.ts'
import { allInPrice } from './power-bill.ts'
import { hashpriceInput, judgedInputs, priceOfNextMw, type SiteReportInput } from './site-inputs.ts'
import { blockEfficiency, meteredOverhead, siteHashrate, siteMargin, sitePower } from './site-load.ts'

/**
 * What a site's figures rest on, computed once: inputs with their age, blocks with their load, the decision at the price now, and
 * each figure as a model with its inputs (`worked.ts`). The report shows the answers, `explain-site.ts` unfolds them.
 */
export type SiteState = ReturnType<typeof siteState>

export const tracedOrigin = ({ source, observedAtMs, quality }: Pick<TracedInput, 'source' | 'observedAtMs' | 'quality'>): Origin => ({
  source,
  observedAtMs,
  quality,
})
/** Typed in with the site; the site keeps no date of it. */
const entered = (site: Site): Origin => ({ source: `Entered for ${site.name}`, observedAtMs: null, quality: 'assumed' })
const contractOrigin = (site: Site): Origin => ({ ...site.contractOrigin, quality: 'reported' })

/** "sum of 98 readings of block S21, 98 of 100 machines reported" */
const readingsOrigin = (load: BlockLoad, of: 'hashrate' | 'power'): Origin => ({
  source: `sum of ${count(load.readings[of], 'reading')} of block ${load.label}, ${decimal(load.reported, 0)} of ${count(load.machines, 'machine')} reported${
    of === 'power' && load.readings.estimated > 0 ? `, ${decimal(load.readings.estimated, 0)} estimated` : ''
  }`,
  observedAtMs: load.readings.oldestAtMs,
  quality: of === 'power' && load.readings.estimated > 0 ? 'estimated' : 'reported',
})

const efficiencyOrigin = (load: BlockLoad): Origin => ({
  source: `sum of ${count(load.efficiencyOf?.machines ?? 0, load.efficiencyFrom === 'nameplate' ? 'name plate' : 'hashing machine')} of block ${load.label}, ${decimal(load.reported, 0)} of ${count(load.machines, 'machine')} reported`,
  observedAtMs: load.readings.oldestAtMs,
  quality: load.efficiencyFrom === 'nameplate' ? 'nameplate' : load.readings.estimated > 0 ? 'estimated' : 'reported',
})

const efficiencyOf = (load: BlockLoad) =>
  worked(
    blockEfficiency,
    load.efficiencyOf === null ? null : { powerW: load.efficiencyOf.powerW, hashrateTHs: load.efficiencyOf.hashrateTHs },
    () => ({
      powerW: efficiencyOrigin(load),
      hashrateTHs: efficiencyOrigin(load),
    }),
  )

const nothing = <T>(): Worked<T> => ({ value: null, derive: () => null })

export type Coin = { readonly btcPerPhDay: number; readonly usdPerPhDay: number; readonly btcPriceUsd: number }

export const siteState = (i: SiteReportInput) => {
  const { site } = i
  const contract = site.contract
  const adder = contract.avoidableAdderPerMwh
  const inputs = judgedInputs(i)
  const { btcPrice, difficulty, fees, meter, marketPrice } = inputs
  const market = marketPrice?.value ?? null

  // Hashprice of the next block, from inputs of whatever age: their age withholds advice, not the figure.
  const newest = i.market.heightOrigin ?? {
    source: 'Network source',
    observedAtMs: difficulty.observedAtMs,
    quality: 'reported' as const,
  }
  const nextHeightOrigin: Origin = { ...newest, source: `${newest.source}: the block after the newest` }
  const subsidy = worked(subsidyAtHeight, i.market.height === null ? null : { height: i.market.height + 1 }, () => ({
    height: nextHeightOrigin,
  }))
  const hashpriceNow = worked(
    hashprice,
    btcPrice.value === null || difficulty.value === null || fees.value === null || subsidy.value === null
      ? null
      : { difficulty: difficulty.value, btcPriceUsd: btcPrice.value, subsidyBtc: subsidy.value.subsidyBtc, feesPerBlockBtc: fees.value },
    () =>
      knownOrigins({
        difficulty: tracedOrigin(difficulty),
        btcPriceUsd: tracedOrigin(btcPrice),
        subsidyBtc: derived(subsidy, 'subsidyBtc'),
        feesPerBlockBtc: tracedOrigin(fees),
      }),
  )
  const coin: Coin | null =
    hashpriceNow.value !== null && btcPrice.value !== null && Number.isFinite(hashpriceNow.value.usdPerPhDay)
      ? { ...hashpriceNow.value, btcPriceUsd: btcPrice.value }
      : null

  // What the machines draw and hash.
  const meterW = meter !== null && meter.freshness === 'fresh' ? meter.value : null
  const overhead = overheadOf(i.machines, meterW, site.overheadRatio)
  const overheadOrigin = overheadOriginOf(i, overhead, meter)
  const atMeter = (watt: number) => (watt * overhead.ratio) / W_PER_MW
  const loads = blockLoads(i.machines)

  /** Break-even of a block at a power price; the price's own derivation where it has one. */
  const breakEvenOf = (load: BlockLoad, pricePerMwh: number, price: Worked<unknown> = nothing()) =>
    worked(
      groupBreakEven,
      coin === null || load.efficiencyJth === null
        ? null
        : {
            efficiencyJTH: load.efficiencyJth,
            overheadRatio: overhead.ratio,
            powerPricePerMWh: pricePerMwh,
            otherVariablePerMWh: adder,
            poolFee: site.poolFee,
            stale: site.stale,
            btcPerPhDay: coin.btcPerPhDay,
            btcPriceUsd: coin.btcPriceUsd,
          },
      () =>
        knownOrigins({
          efficiencyJTH: derived(efficiencyOf(load), 'efficiencyJTH'),
          overheadRatio: overheadOrigin(),
          powerPricePerMWh: derived(price, 'pricePerMWh'),
          otherVariablePerMWh: contractOrigin(site),
          poolFee: entered(site),
          stale: entered(site),
          btcPerPhDay: derived(hashpriceNow, 'btcPerPhDay'),
          btcPriceUsd: tracedOrigin(btcPrice),
        }),
    )

  // What a MWh earns in each block, and what the rule says at the price now.
  const judge = (load: BlockLoad): JudgedBlock[] => {
    const even = breakEvenOf(load, 0).value
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
  const runningMw = sum(runningBlocks.map((b) => b.mw))
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
  const nextPrice = priceOfNextMw(tiers, runningMw)

  // The price the decision is made at: that of the marginal block's last MW; at rest, of the next MW.
  const lastLoad = marginal === null ? undefined : decidedOf.get(marginal.load.id)?.loads.at(-1)
  const tier = lastLoad?.tier ?? (marginal === null ? tierOfNextMw(tiers, runningMw) : null)
  const marketGiven = market === null ? {} : { marketPricePerMWh: market }
  const marketOrigin = marketPrice === null ? {} : { marketPricePerMWh: tracedOrigin(marketPrice) }
  const terms = termsOf(contract)
  const termOrigins = Object.fromEntries([...Object.keys(terms), 'avoidableAdderPerMWh'].map((name) => [name, contractOrigin(site)]))
  const price = worked(
    opportunityPrice,
    tier === null ? null : { ...terms, ...(contract.type === 'ppa' ? { insideContract: tier === 0 } : {}), ...marketGiven },
    () => ({
      ...termOrigins,
      ...marketOrigin,
      insideContract: { source: 'Decided now: the last running MW', observedAtMs: i.nowMs, quality: 'estimated' },
    }),
  )
  const pricePerMwh = price.value?.pricePerMWh ?? null

  const known = (of: 'hashrate' | 'power') => loads.filter((l) => (of === 'hashrate' ? l.hashrateThs : l.powerW) !== null)
  // Of more blocks than are listed one by one, the machines together.
  const blockOrigins = (list: readonly BlockLoad[], of: 'hashrate' | 'power', field: string) => ({
    blocks: { ...tracedOrigin(inputs.telemetry), source: `${count(list.length, 'block')}: ${inputs.telemetry.source}` },
    ...Object.fromEntries(list.map((l, k) => [`blocks[${k}].${field}`, readingsOrigin(l, of)])),
  })
  const hashing = known('hashrate')
  const drawing = known('power')
  const hashrate = worked(
    siteHashrate,
    hashing.length === 0 ? null : { blocks: hashing.map((l) => ({ id: l.id, hashrateTHs: l.hashrateThs ?? 0 })) },
    () => blockOrigins(hashing, 'hashrate', 'hashrateTHs'),
  )
  const power = worked(
    sitePower,
    drawing.length === 0 ? null : { blocks: drawing.map((l) => ({ id: l.id, powerW: l.powerW ?? 0 })), overheadRatio: overhead.ratio },
    () => ({ ...blockOrigins(drawing, 'power', 'powerW'), ...knownOrigins({ overheadRatio: overheadOrigin() }) }),
  )
  const meterPowerMw = meter !== null && meter.value !== null && meter.freshness !== 'dead' ? meter.value / W_PER_MW : null
  const loadMw = meterPowerMw ?? power.value?.powerMW ?? 0
  const allIn = worked(allInPrice, { ...terms, avoidableAdderPerMWh: adder, ...marketGiven, loadMW: Math.max(0, loadMw) }, () => ({
    ...termOrigins,
    ...marketOrigin,
    ...knownOrigins({ loadMW: meterPowerMw !== null && meter !== null ? tracedOrigin(meter) : derived(power, 'powerMW') }),
  }))

  // The marginal block: by itself, and against the price.
  const breakEven = marginal === null ? nothing<BreakEven>() : breakEvenOf(marginal.load, 0)
  const breakEvenAtPrice = marginal === null || pricePerMwh === null ? nothing<BreakEven>() : breakEvenOf(marginal.load, pricePerMwh, price)
  const margin = worked(
    siteMargin,
    marginal === null || pricePerMwh === null ? null : { breakEvenPowerPerMWh: marginal.breakEvenPerMwh, pricePerMWh: pricePerMwh },
    () => knownOrigins({ breakEvenPowerPerMWh: derived(breakEven, 'breakEvenPowerPerMWh'), pricePerMWh: derived(price, 'pricePerMWh') }),
  )

  return {
    input: i,
    inputs,
    market,
    coin,
    overhead,
    overheadOrigin,
    atMeter,
    loads,
    judge,
    judgedBlocks,
    runningBlocks,
    runningMw,
    tiers,
    decided,
    decidedOf,
    marginal,
    nextPrice,
    pricePerMwh,
    /** As old as its oldest input. */
    hashpriceNow: hashpriceInput(coin?.usdPerPhDay ?? null, [btcPrice, difficulty, fees], i.market.height),
    meterPowerMw,
    breakEvenOf,
    nextHeightOrigin,
    figures: { hashprice: hashpriceNow, price, allIn, hashrate, power, breakEven, breakEvenAtPrice, margin },
  }
}

type BreakEven = NonNullable<ReturnType<typeof worked<Parameters<typeof groupBreakEven>[0], GroupAnswer>>['value']>
type GroupAnswer = Extract<ReturnType<typeof groupBreakEven>, { ok: true }>['value']

const overheadOriginOf = (i: SiteReportInput, overhead: Overhead, meter: TracedInput | null) => (): Origin | Derivation | null => {
  if (overhead.metered === null)
    return { source: `Assumed for ${i.site.name}: no fresh meter reading over nearly all machines`, observedAtMs: null, quality: 'assumed' }
  const machines: Origin = { source: 'sum of the machines’ power', observedAtMs: meter?.observedAtMs ?? null, quality: 'reported' }
  return derived(
    worked(meteredOverhead, overhead.metered, () =>
      knownOrigins({
        meterW: meter === null ? null : tracedOrigin(meter),
        machinesW: machines,
        silentW: { ...machines, source: 'power of the silent machines, as when last heard' },
        assumedRatio: entered(i.site),
      }),
    ),
    'overheadRatio',
  )
}

const tierOfNextMw = (tiers: ReturnType<typeof opportunityTiers>, loadMw: number): number | null => {
  let below = 0
  for (const [k, tier] of tiers.entries()) {
    below += tier.mw
    if (below > loadMw) return k
  }
  return null
}
