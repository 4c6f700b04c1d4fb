/**
 * What a market source is to the rest of Hashyard: where it comes from, how often it may be asked, how old its answer
 * may grow, how it is fetched and what its bytes mean. Fetching and parsing are apart; parsing is pure.
 */

import type { FeedDocument, FeedRow } from '#shared/market/rows.ts'
import type { Result } from '#shared/result.ts'

export type FeedAnswer = {
  readonly body: Uint8Array
  readonly contentType: string | null
  /** Last-Modified as the server said it; null where it does not. */
  readonly publishedAtMs: number | null
  readonly fetchedAtMs: number
  /** The server said 304: the body is the one kept from last time. */
  readonly unchanged: boolean
}

/** The one way a feed reaches its host; built by `feed-http.ts` with all limits of politeness and safety inside. */
export type FeedHttp = {
  /**
   * `url` is HTTPS on the feed's own host. Anything but a good body is a failure; 404 is `not-found`. Never rejects.
   * `once`: a document that never changes, so nothing of it is kept for a conditional request.
   */
  get(url: string, o?: { deadlineMs?: number; once?: boolean; signal?: AbortSignal }): Promise<Result<FeedAnswer>>
  /** Before this moment the host is not asked again (its Retry-After, or our back-off); null: at any time. */
  notBeforeMs(host: string): number | null
  /** A person wants a try now: forgets our own back-off, never a wait the host asked for. */
  forgive(host: string): void
}

export type FeedAsk = {
  readonly nowMs: number
  /** Backfill window in UTC ms, half-open. Sources of the present moment ignore it. */
  readonly fromMs: number
  readonly toMs: number
  /** Settlement points or zones wanted; sources without places ignore it. */
  readonly locations: readonly string[]
  /** True where every wanted location has a price for the interval that starts then. */
  readonly have: (intervalStartMs: number) => boolean
  /** Most documents to download in one read; null: the feed's own bound. */
  readonly maxDocuments: number | null
  /** Documents of this run that could not serve all wanted locations: not asked for again. The feed adds to it. */
  readonly fruitless: Set<string>
}

/** `again`: the feed asks to be read sooner than its cadence; backfill: more documents wait in the list. */
export type FeedReadout = FeedDocument & {
  readonly again: { readonly inMs: number; readonly reason: 'backfill' | 'not-yet-published' } | null
}

export type ParseMeta = {
  /** Our clock when the bytes arrived; the moment of a figure whose source gives none. */
  readonly nowMs: number
  readonly status: number
  readonly contentType: string | null
  readonly publishedAtMs: number | null
  /** Wanted locations; null: every one in the document. */
  readonly locations: readonly string[] | null
  /** Rows read before, for the jump rules (threat model F2). */
  readonly previous: readonly FeedRow[]
}

export type Feed = {
  /** `source.document` */
  readonly id: string
  readonly kind: 'spot' | 'network' | 'power_price'
  readonly purpose: string
  readonly needsKey: boolean
  readonly licence: string
  readonly everyMs: number
  /** Asked this long after each full multiple of `everyMs` in UTC (plus jitter); null: from the last answer on. */
  readonly alignedToMs: number | null
  /** Age of the newest figure past which advice must say so, and past which it must not be acted upon. */
  readonly limits: { readonly staleAfterMs: number; readonly deadAfterMs: number }
  /** False: built from documents and recordings, never checked against the live host. */
  readonly verifiedLive: boolean
  readonly host: string
  read(http: FeedHttp, ask: FeedAsk): Promise<Result<FeedReadout>>
  parse(body: Uint8Array, meta: ParseMeta): Result<FeedDocument>
}

export const metaOf = (answer: FeedAnswer, locations: readonly string[] | null): ParseMeta => ({
  nowMs: answer.fetchedAtMs,
  status: 200,
  contentType: answer.contentType,
  publishedAtMs: answer.publishedAtMs,
  locations,
  previous: [],
})

/** A source whose whole answer is one document at one address. */
export const readOne =
  (url: string, parse: Feed['parse'], o: { deadlineMs?: number } = {}): Feed['read'] =>
  async (http) => {
    const answer = await http.get(url, o)
    if (!answer.ok) return answer
    const document = parse(answer.value.body, metaOf(answer.value, null))
    return document.ok ? { ok: true, value: { ...document.value, again: null } } : document
  }
