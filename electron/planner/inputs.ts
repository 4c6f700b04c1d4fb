/** What the decision of a site rests on, each value with unit, origin and age: made from the market and the readings. */
import type { Origin } from '#shared/economics/derivation.ts'
import type { Site } from '#shared/fleet/site.ts'
import { medianSpot } from '#shared/market/median-spot.ts'
import type { NetworkRow } from '#shared/market/rows.ts'
import { freshnessOf, type TracedInput } from '#shared/market/traced.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#shared/time.ts'
import { telemetryLimits } from '../poller/machine-state.ts'
import type { MeterConfig } from '../store/farm.ts'
import type { StoredPrice } from '../store/market.ts'
import type { Heard } from './fleet-now.ts'
import { dayAheadKey, type MarketNow, realTimeKey } from './market-now.ts'

export type Limits = { readonly staleAfterMs: number; readonly deadAfterMs: number }

/** `market-feeds.md` 1, third column of the keyless stack. */
const SPOT_LIMITS: Limits = { staleAfterMs: 3 * MINUTE_MS, deadAfterMs: 15 * MINUTE_MS }
const DIFFICULTY_LIMITS: Limits = { staleAfterMs: 30 * MINUTE_MS, deadAfterMs: DAY_MS }
const FEES_LIMITS: Limits = { staleAfterMs: 2 * HOUR_MS, deadAfterMs: DAY_MS }
/** A price feed that names none of its own. */
const PRICE_LIMITS: Limits = { staleAfterMs: 25 * MINUTE_MS, deadAfterMs: HOUR_MS }

export type MarketInputs = {
  readonly btcPrice: TracedInput
  readonly difficulty: TracedInput
  readonly feesPerBlock: TracedInput
  readonly height: number | null
  readonly heightOrigin?: Origin | undefined
}

export const marketInputs = (market: MarketNow, nowMs: number): MarketInputs => ({
  btcPrice: btcPriceInput(market, nowMs),
  difficulty: networkInput(
    'difficulty',
    'Difficulty',
    '',
    market.difficulty,
    market.difficulty?.difficulty ?? null,
    DIFFICULTY_LIMITS,
    nowMs,
  ),
  feesPerBlock: networkInput('fees', 'Fees per block', 'BTC/block', market.fees, market.fees?.feesBtcPerBlock ?? null, FEES_LIMITS, nowMs),
  height: market.height?.height ?? null,
  heightOrigin:
    market.height === null
      ? undefined
      : {
          source: market.height.source,
          observedAtMs: market.height.observedAtMs,
          quality: market.height.quality === 'estimated' ? 'estimated' : 'reported',
        },
})

const btcPriceInput = (market: MarketNow, nowMs: number): TracedInput => {
  const { value, observedAtMs, source, quality, problem } = medianSpot({ rows: market.spots, last: market.lastSpot, nowMs })
  return {
    id: 'btc_price',
    label: 'BTC price',
    value,
    unit: 'USD',
    source,
    quality,
    observedAtMs,
    limits: SPOT_LIMITS,
    freshness: freshnessOf(observedAtMs, SPOT_LIMITS, nowMs),
    problem,
  }
}

const networkInput = (
  id: string,
  label: string,
  unit: string,
  row: NetworkRow | null,
  value: number | null,
  limits: Limits,
  nowMs: number,
): TracedInput => ({
  id,
  label,
  value,
  unit,
  source: row?.source ?? 'no source yet',
  quality: row?.quality === 'estimated' ? 'estimated' : 'reported',
  observedAtMs: row?.observedAtMs ?? null,
  limits,
  freshness: freshnessOf(row?.observedAtMs ?? null, limits, nowMs),
  problem: row === null ? 'nothing received yet' : null,
})

/** The interval that runs now where it is published, else the newest settled one. Suspect values stay out of advice. */
export const priceNow = (prices: readonly StoredPrice[], nowMs: number): StoredPrice | null =>
  prices.findLast((p) => p.startMs <= nowMs && p.quality !== 'suspect') ?? null

export const powerPriceInput = (
  site: Site,
  market: MarketNow,
  limitsOf: (feedId: string) => Limits | null,
  nowMs: number,
): TracedInput | null => {
  const key = realTimeKey(site)
  if (site.settlement === null || key === null) return null
  const { prices } = market.series(key)
  const current = priceNow(prices, nowMs)
  const limits = limitsOf(site.settlement.realTimeFeed) ?? PRICE_LIMITS
  // An interval is as old as its end: until then its price is the price.
  const observedAtMs = current === null ? null : Math.min(current.endMs, nowMs)
  const held = prices.findLast((p) => p.startMs <= nowMs)?.quality === 'suspect'
  return {
    id: 'power_price',
    label: `${site.settlement.label} real-time price`,
    value: current?.price ?? null,
    unit: 'USD/MWh',
    source: site.settlement.realTimeFeed,
    quality: current?.quality === 'estimated' ? 'estimated' : current?.quality === 'manual' ? 'overridden' : 'reported',
    observedAtMs,
    limits,
    freshness: freshnessOf(observedAtMs, limits, nowMs),
    problem: current === null ? 'nothing received yet' : held ? 'a newer price is held back: it jumped as if its unit had changed' : null,
  }
}

/** Day-ahead prices from the interval that runs now on. */
export const forwardPrices = (site: Site, market: MarketNow, nowMs: number): StoredPrice[] => {
  const key = dayAheadKey(site)
  return key === null ? [] : market.series(key).prices.filter((p) => p.endMs > nowMs && p.quality !== 'suspect')
}

export const settledPrices = (site: Site, market: MarketNow, nowMs: number): StoredPrice[] => {
  const key = realTimeKey(site)
  return key === null ? [] : market.series(key).prices.filter((p) => p.startMs <= nowMs && p.quality !== 'suspect')
}

/** Active power at the site's revenue meters; unknown as a whole where one of several is silent. */
export const meterInput = (meters: readonly MeterConfig[], heard: Heard, pollIntervalMs: number, nowMs: number): TracedInput | null => {
  if (meters.length === 0) return null
  const limits = telemetryLimits(pollIntervalMs)
  const values = meters.map((m) => heard.meters.get(m.id) ?? null)
  const known = values.filter((v) => v !== null)
  const observedAtMs = known.length === meters.length ? Math.min(...known.map((v) => v.observedAtMs)) : null
  const powers = values.map((v) => v?.activePowerW ?? null)
  const miss = meters.map((m) => heard.meterMisses.get(m.id) ?? null).find((m) => m !== null)
  return {
    id: 'meter',
    label: 'Revenue meter',
    value: powers.reduce<number | null>((sum, w) => (sum === null || w === null ? null : sum + w), 0),
    unit: 'W',
    source: known[0]?.source ?? meters[0]?.type ?? 'meter',
    quality: 'measured',
    observedAtMs,
    limits,
    freshness: freshnessOf(observedAtMs, limits, nowMs),
    problem: miss?.failure.message ?? null,
  }
}
