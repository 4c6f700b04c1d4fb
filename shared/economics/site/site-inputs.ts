import type { Site } from '../../fleet/site.ts'
import { count } from '../../format.ts'
import { type Freshness, freshnessOf, type TracedInput } from '../../market/traced.ts'
import type { ConversionOverrides } from '../ai/conversion-case.ts'
import type { PricePeriod } from '../ai/mining-baseline.ts'
import { opportunityTiers } from '../curtailment/opportunity-price.ts'
import type { Origin } from '../derivation.ts'
import { isHeard, type MachineNow } from './block-load.ts'
import { contractInput, judged, worse } from './input-health.ts'
import type { ForwardPrice } from './price-ahead.ts'

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
    readonly heightOrigin?: Origin | undefined
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

/** Every input of a site's decision with its age at this moment. */
export const judgedInputs = (i: SiteReportInput) => ({
  btcPrice: judged(i.market.btcPrice, 'btc_price', i.nowMs),
  difficulty: judged(i.market.difficulty, 'difficulty', i.nowMs),
  fees: judged(i.market.feesPerBlock, 'fees', i.nowMs),
  telemetry: telemetryInput(i),
  terms: contractInput(i.site, i.nowMs),
  meter: i.meter === null ? null : judged(i.meter, 'meter', i.nowMs),
  marketPrice:
    i.site.settlement === null || i.price === null
      ? null
      : { ...judged(i.price, 'power_price', i.nowMs), label: `${i.site.settlement.label} price` },
})

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
export const least = (list: readonly number[]): number | null => (list.length === 0 ? null : list.reduce((a, b) => Math.min(a, b)))
export const most = (list: readonly number[]): number | null => (list.length === 0 ? null : list.reduce((a, b) => Math.max(a, b)))

/** A computed value is as old as its oldest input. */
export const hashpriceInput = (usdPerPhDay: number | null, inputs: readonly TracedInput[], height: number | null): TracedInput => {
  const oldest = inputs.reduce<TracedInput | null>((a, b) => (a === null || (b.observedAtMs ?? -1) < (a.observedAtMs ?? -1) ? b : a), null)
  const missing = inputs.filter((i) => i.value === null).map((i) => i.label)
  return {
    id: 'hashprice',
    label: 'Hashprice',
    value: usdPerPhDay,
    unit: '$/PH/day',
    source: 'Computed from BTC price, difficulty, fees and subsidy',
    quality: 'estimated',
    observedAtMs: usdPerPhDay === null ? null : (oldest?.observedAtMs ?? null),
    limits: oldest?.limits ?? null,
    freshness: usdPerPhDay === null ? 'missing' : inputs.map((i) => i.freshness).reduce(worse),
    problem:
      usdPerPhDay !== null
        ? null
        : missing.length > 0
          ? `not known: ${missing.join(', ')}`
          : height === null
            ? 'the block height is not known'
            : 'an input is out of range',
  }
}

export const heightMissing: TracedInput = {
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

/** Price of the MW after `loadMw`. */
export const priceOfNextMw = (tiers: ReturnType<typeof opportunityTiers>, loadMw: number): number | null => {
  let below = 0
  for (const tier of tiers) {
    below += tier.mw
    if (below > loadMw) return tier.pricePerMwh
  }
  return null
}

/** Whether some of the load, or the next MW where nothing runs, is worth the market price. */
export const needsMarket = (site: Site, loadMw: number): boolean => {
  let below = 0
  for (const tier of opportunityTiers(site.contract, null)) {
    if (tier.mw > 0 && (below < loadMw || (loadMw === 0 && below === 0)) && tier.pricePerMwh === null) return true
    below += tier.mw
  }
  return false
}

export const powerPriceMissing = (site: Site): TracedInput => ({
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
