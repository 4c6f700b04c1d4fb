/**
 * Prices, spot and network figures as they were published. A later value for the same interval is a further revision; the
 * newest one answers, the earlier ones stay readable (threat model F4). Intervals are `[start, end)` in UTC.
 */
import type Database from 'better-sqlite3'
import type { FeedDocument, NetworkRow, PowerPriceRow, RowQuality, SpotRow } from '#shared/market/rows.ts'
import { queriesOver, runnerOf } from './query.ts'
import type { TelemetryTables } from './tables.ts'

export type StoredPrice = {
  readonly startMs: number
  readonly endMs: number
  readonly price: number
  readonly quality: RowQuality
  readonly source: string
  readonly publishedAtMs: number | null
  readonly fetchedAtMs: number
  readonly revision: number
}
export type SeriesKey = { readonly source: string; readonly location: string; readonly market: 'rt' | 'dam' }

export type FeedStatus = {
  readonly feedId: string
  readonly lastTryMs: number | null
  readonly lastGoodMs: number | null
  readonly nextTryMs: number | null
  readonly failuresInARow: number
  readonly lastError: string | null
  readonly coverage: { readonly expected: number; readonly received: number } | null
}

const q = queriesOver<TelemetryTables>()

export const marketStore = (db: Database.Database) => {
  const run = runnerOf(db)
  const newestPrice = db.prepare<[string, string, string, number], TelemetryTables['price']>(
    `SELECT * FROM price WHERE source = ? AND location = ? AND market = ? AND interval_start_ms = ? ORDER BY revision DESC LIMIT 1`,
  )
  const insertPrice = db.prepare(
    `INSERT INTO price (source, location, market, interval_start_ms, revision, interval_end_ms, price_per_mwh, currency, published_at_ms,
       fetched_at_ms, quality) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const appendPrice = (r: PowerPriceRow, fetchedAtMs: number): boolean => {
    const known = newestPrice.get(r.source, r.location, r.market, r.intervalStartMs)
    if (known && known.price_per_mwh === r.pricePerMwh && known.interval_end_ms === r.intervalEndMs && known.quality === r.quality)
      return false
    // The newest publication answers: an old document that arrives late adds nothing.
    if (known?.published_at_ms != null && r.publishedAtMs !== null && r.publishedAtMs < known.published_at_ms) return false
    insertPrice.run(
      r.source,
      r.location,
      r.market,
      r.intervalStartMs,
      (known?.revision ?? 0) + 1,
      r.intervalEndMs,
      r.pricePerMwh,
      r.currency,
      r.publishedAtMs,
      fetchedAtMs,
      r.quality,
    )
    return true
  }
  const appendSpot = (r: SpotRow, fetchedAtMs: number) =>
    run.run(
      q
        .insertInto('spot')
        .values({
          source: r.source,
          pair: r.pair,
          observed_at_ms: r.observedAtMs,
          fetched_at_ms: fetchedAtMs,
          price: r.price,
          quality: r.quality,
        })
        .onConflict((c) => c.doNothing()),
    )
  const appendNetwork = (r: NetworkRow, fetchedAtMs: number) =>
    run.run(
      q.insertInto('network').values({
        source: r.source,
        observed_at_ms: r.observedAtMs,
        fetched_at_ms: fetchedAtMs,
        height: r.height,
        difficulty: r.difficulty,
        next_change: r.nextChange,
        next_retarget_at_ms: r.nextRetargetAtMs,
        hashrate_ehs: r.hashrateEhs,
        fees_btc_per_block: r.feesBtcPerBlock,
        quality: r.quality,
      }),
    )
  const append = db.transaction((document: FeedDocument, fetchedAtMs: number) => {
    for (const row of document.rows) {
      if (row.kind === 'power_price') appendPrice(row, fetchedAtMs)
      else if (row.kind === 'spot') appendSpot(row, fetchedAtMs)
      else appendNetwork(row, fetchedAtMs)
    }
  })

  return {
    append: async (document: FeedDocument, fetchedAtMs: number): Promise<void> => append.immediate(document, fetchedAtMs),

    /** Newest revision of every interval that touches `[fromMs, toMs)`, oldest first. Suspect prices only where asked for. */
    prices: async (key: SeriesKey, fromMs: number, toMs: number): Promise<StoredPrice[]> =>
      run
        .all(
          q
            .selectFrom('price as p')
            .selectAll()
            .where('source', '=', key.source)
            .where('location', '=', key.location)
            .where('market', '=', key.market)
            .where('interval_start_ms', '<', toMs)
            .where('interval_end_ms', '>', fromMs)
            .where('revision', '=', (e) =>
              e
                .selectFrom('price as newer')
                .select((f) => f.fn.max('newer.revision').as('newest'))
                .whereRef('newer.source', '=', 'p.source')
                .whereRef('newer.location', '=', 'p.location')
                .whereRef('newer.market', '=', 'p.market')
                .whereRef('newer.interval_start_ms', '=', 'p.interval_start_ms'),
            )
            .orderBy('interval_start_ms'),
        )
        .map((row) => ({
          startMs: row.interval_start_ms,
          endMs: row.interval_end_ms,
          price: row.price_per_mwh,
          quality: row.quality as RowQuality,
          source: row.source,
          publishedAtMs: row.published_at_ms,
          fetchedAtMs: row.fetched_at_ms,
          revision: row.revision,
        })),

    /** Every value ever published for one interval, first to newest. */
    revisions: async (key: SeriesKey, startMs: number): Promise<{ revision: number; price: number; publishedAtMs: number | null }[]> =>
      run
        .all(
          q
            .selectFrom('price')
            .select(['revision', 'price_per_mwh', 'published_at_ms'])
            .where('source', '=', key.source)
            .where('location', '=', key.location)
            .where('market', '=', key.market)
            .where('interval_start_ms', '=', startMs)
            .orderBy('revision'),
        )
        .map((row) => ({ revision: row.revision, price: row.price_per_mwh, publishedAtMs: row.published_at_ms })),

    /** Newest value of each source for a pair in `[sinceMs, untilMs]`: a stamp of the future (a clock put back) is not the newest. */
    spots: async (pair: string, sinceMs: number, untilMs: number): Promise<SpotRow[]> => {
      const rows = run.all(
        q
          .selectFrom('spot')
          .selectAll()
          .where('pair', '=', pair)
          .where('observed_at_ms', '>=', sinceMs)
          .where('observed_at_ms', '<=', untilMs)
          .orderBy('observed_at_ms')
          .orderBy('fetched_at_ms'),
      )
      const newest = new Map(rows.map((row) => [row.source, row]))
      return [...newest.values()].map((row) => ({
        kind: 'spot',
        source: row.source,
        pair: row.pair,
        price: row.price,
        observedAtMs: row.observed_at_ms,
        quality: row.quality as RowQuality,
      }))
    },

    /** Moment of the newest believed value of a pair, however old; null where there never was one. */
    newestSpotMs: async (pair: string, untilMs: number): Promise<number | null> =>
      run.first(
        q
          .selectFrom('spot')
          .select(({ fn }) => fn.max('observed_at_ms').as('newest_ms'))
          .where('pair', '=', pair)
          .where('quality', '!=', 'suspect')
          .where('observed_at_ms', '<=', untilMs),
      )?.newest_ms ?? null,

    /** Newest row that holds this figure; each document of a network source holds only some of them. */
    newestNetwork: async (figure: 'height' | 'difficulty' | 'fees_btc_per_block', untilMs: number): Promise<NetworkRow | null> => {
      const row = run.first(
        q
          .selectFrom('network')
          .selectAll()
          .where(figure, 'is not', null)
          .where('quality', '!=', 'suspect')
          .where('observed_at_ms', '<=', untilMs)
          .orderBy('observed_at_ms', 'desc')
          .orderBy('id', 'desc')
          .limit(1),
      )
      return row === null
        ? null
        : {
            kind: 'network',
            source: row.source,
            height: row.height,
            difficulty: row.difficulty,
            nextChange: row.next_change,
            nextRetargetAtMs: row.next_retarget_at_ms,
            hashrateEhs: row.hashrate_ehs,
            feesBtcPerBlock: row.fees_btc_per_block,
            observedAtMs: row.observed_at_ms,
            quality: row.quality as RowQuality,
          }
    },

    saveStatus: async (s: FeedStatus): Promise<void> => {
      const row = {
        last_try_ms: s.lastTryMs,
        last_good_ms: s.lastGoodMs,
        next_try_ms: s.nextTryMs,
        failures_in_a_row: s.failuresInARow,
        last_error: s.lastError,
        coverage_expected: s.coverage?.expected ?? null,
        coverage_received: s.coverage?.received ?? null,
      }
      run.run(
        q
          .insertInto('feed_status')
          .values({ feed_id: s.feedId, ...row })
          .onConflict((c) => c.column('feed_id').doUpdateSet(row)),
      )
    },

    statuses: async (): Promise<FeedStatus[]> =>
      run.all(q.selectFrom('feed_status').selectAll()).map((row) => ({
        feedId: row.feed_id,
        lastTryMs: row.last_try_ms,
        lastGoodMs: row.last_good_ms,
        nextTryMs: row.next_try_ms,
        failuresInARow: row.failures_in_a_row,
        lastError: row.last_error,
        coverage:
          row.coverage_expected === null || row.coverage_received === null
            ? null
            : { expected: row.coverage_expected, received: row.coverage_received },
      })),
  }
}
