/**
 * The market as the store knows it, held in memory so that a question is answered at once; read anew from the store when a
 * feed brought something. Values that a rule holds as suspect are kept, shown, and stay out of advice.
 */
import type { Site } from '#shared/fleet/site.ts'
import { type LastSpot, medianSpot } from '#shared/market/median-spot.ts'
import type { FeedDocument, FeedRow, NetworkRow, SpotRow } from '#shared/market/rows.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#shared/time.ts'
import type { SeriesKey, StoredPrice } from '../store/market.ts'
import type { Store } from '../store/open.ts'

/** A feed's id is `source.document`; its rows carry the source. */
export const sourceOfFeed = (feedId: string): string => feedId.split('.')[0] ?? feedId

/** Which of a site's two series a price feed fills; null where no site uses it. */
export const marketOfFeed = (sites: readonly Site[], feedId: string): SeriesKey['market'] | null =>
  sites.some((s) => s.settlement?.realTimeFeed === feedId) ? 'rt' : sites.some((s) => s.settlement?.dayAheadFeed === feedId) ? 'dam' : null

/** Settled prices that the conversion's power price rests on, and what the window can scroll back to. The store keeps all. */
const HISTORY_MS = 90 * DAY_MS
const AHEAD_MS = 3 * DAY_MS
/** Answers of exchanges that lie further apart say nothing about each other. */
const SPOT_MS = 6 * HOUR_MS
const PAIR = 'BTC-USD'
/** The clocks of a desk and an exchange differ by this much at most. */
const AHEAD_OF_US_MS = 2 * MINUTE_MS

export type PriceSeries = { readonly prices: readonly StoredPrice[]; readonly starts: ReadonlySet<number> }

export type MarketNow = {
  readonly spots: readonly SpotRow[]
  /** The last price that the rule of the median accepted. */
  readonly lastSpot: LastSpot | null
  readonly difficulty: NetworkRow | null
  readonly fees: NetworkRow | null
  readonly height: NetworkRow | null
  series(key: SeriesKey): PriceSeries
}

const EMPTY: PriceSeries = { prices: [], starts: new Set() }
const textOf = (key: SeriesKey) => `${key.source}\n${key.location}\n${key.market}`

export const realTimeKey = (site: Site): SeriesKey | null =>
  site.settlement === null ? null : { source: sourceOfFeed(site.settlement.realTimeFeed), location: site.settlement.location, market: 'rt' }
export const dayAheadKey = (site: Site): SeriesKey | null =>
  site.settlement?.dayAheadFeed == null
    ? null
    : { source: sourceOfFeed(site.settlement.dayAheadFeed), location: site.settlement.location, market: 'dam' }

export const makeMarketMemory = (o: { store: Store; sites: readonly Site[]; now: () => number }) => {
  const series = new Map<string, PriceSeries>()
  const keys = new Map<string, SeriesKey>()
  for (const site of o.sites) for (const key of [realTimeKey(site), dayAheadKey(site)]) if (key) keys.set(textOf(key), key)
  let spots: readonly SpotRow[] = []
  let lastSpot: LastSpot | null = null
  let difficulty: NetworkRow | null = null
  let fees: NetworkRow | null = null
  let height: NetworkRow | null = null

  const loadSeries = async (key: SeriesKey) => {
    const nowMs = o.now()
    const prices = await o.store.market.prices(key, nowMs - HISTORY_MS, nowMs + AHEAD_MS)
    series.set(textOf(key), { prices, starts: new Set(prices.map((p) => p.startMs)) })
  }
  /** Only what the document may have changed is read anew: a season of five-minute prices is not, each five minutes. */
  const mergeSeries = async (key: SeriesKey, rows: readonly FeedRow[]) => {
    const touched = rows.flatMap((r) => (r.kind === 'power_price' && r.location === key.location && r.market === key.market ? [r] : []))
    if (touched.length === 0) return
    const fromMs = touched.reduce((least, r) => Math.min(least, r.intervalStartMs), Number.POSITIVE_INFINITY)
    const toMs = touched.reduce((most, r) => Math.max(most, r.intervalEndMs), Number.NEGATIVE_INFINITY)
    const read = await o.store.market.prices(key, fromMs, toMs)
    const since = o.now() - HISTORY_MS
    const known = (series.get(textOf(key)) ?? EMPTY).prices
    const prices = [...known.filter((p) => p.endMs > since && p.endMs <= fromMs), ...read, ...known.filter((p) => p.startMs >= toMs)]
    series.set(textOf(key), { prices, starts: new Set(prices.map((p) => p.startMs)) })
  }
  const loadSpots = async () => {
    const untilMs = o.now() + AHEAD_OF_US_MS
    // After a night without sources the last price is old, and shown so; it is not unknown.
    const newestMs = await o.store.market.newestSpotMs(PAIR, untilMs)
    spots = newestMs === null ? [] : await o.store.market.spots(PAIR, Math.min(newestMs, o.now()) - SPOT_MS, untilMs)
    const { value, observedAtMs, marker, source } = medianSpot({ rows: spots, last: lastSpot, nowMs: o.now() })
    if (value !== null && observedAtMs !== null && marker !== 'kept') lastSpot = { price: value, observedAtMs, source }
  }
  const loadNetwork = async () => {
    difficulty = await o.store.market.newestNetwork('difficulty', o.now() + AHEAD_OF_US_MS)
    fees = await o.store.market.newestNetwork('fees_btc_per_block', o.now() + AHEAD_OF_US_MS)
    height = await o.store.market.newestNetwork('height', o.now() + AHEAD_OF_US_MS)
  }

  return {
    loadAll: async () => {
      for (const key of keys.values()) await loadSeries(key)
      await loadSpots()
      await loadNetwork()
    },
    /** Reads anew from the store what this document may have changed. */
    reload: async (feedId: string, document: FeedDocument) => {
      // One document may hold several kinds: mempool.prices is a network source that carries a spot price.
      const kinds = new Set(document.rows.map((r) => r.kind))
      if (kinds.has('spot')) await loadSpots()
      if (kinds.has('network')) await loadNetwork()
      if (kinds.has('power_price'))
        for (const key of keys.values()) if (key.source === sourceOfFeed(feedId)) await mergeSeries(key, document.rows)
    },
    now: (): MarketNow => ({ spots, lastSpot, difficulty, fees, height, series: (key) => series.get(textOf(key)) ?? EMPTY }),
  }
}
