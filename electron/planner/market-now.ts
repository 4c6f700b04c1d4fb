/**
 * The market as the store knows it, held in memory so that a question is answered at once; read anew from the store when a
 * feed brought something. Values that a rule holds as suspect are kept, shown, and stay out of advice.
 */
import type { Site } from '#shared/fleet/site.ts'
import { type LastSpot, medianSpot } from '#shared/market/median-spot.ts'
import type { NetworkRow, SpotRow } from '#shared/market/rows.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#shared/time.ts'
import type { SeriesKey, StoredPrice } from '../store/market.ts'
import type { Store } from '../store/open.ts'

/** A feed's id is `source.document`; its rows carry the source. */
export const sourceOfFeed = (feedId: string): string => feedId.split('.')[0] ?? feedId

/** Which of a site's two series a price feed fills; null where no site uses it. */
export const marketOfFeed = (sites: readonly Site[], feedId: string): SeriesKey['market'] | null =>
  sites.some((s) => s.settlement?.realTimeFeed === feedId) ? 'rt' : sites.some((s) => s.settlement?.dayAheadFeed === feedId) ? 'dam' : null

/** Settled prices that the conversion's power price rests on, and what the window can scroll back to. */
const HISTORY_MS = 365 * DAY_MS
const AHEAD_MS = 3 * DAY_MS
/** Older answers of an exchange say nothing about the price now. */
const SPOT_MS = 6 * HOUR_MS
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
  const loadSpots = async () => {
    spots = await o.store.market.spots('BTC-USD', o.now() - SPOT_MS, o.now() + AHEAD_OF_US_MS)
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
    /** Reads anew what a document of this kind may have changed. */
    reload: async (kind: 'spot' | 'network' | 'power_price', feedId: string) => {
      if (kind === 'spot') return loadSpots()
      if (kind === 'network') {
        // A network source may carry a price of its own as well (mempool.prices).
        await loadSpots()
        return loadNetwork()
      }
      for (const key of keys.values()) if (key.source === sourceOfFeed(feedId)) await loadSeries(key)
    },
    now: (): MarketNow => ({ spots, lastSpot, difficulty, fees, height, series: (key) => series.get(textOf(key)) ?? EMPTY }),
  }
}
