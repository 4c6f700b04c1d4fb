import { SECOND_MS } from '../time.ts'
import type { SpotRow } from './rows.ts'
import type { Observed } from './traced.ts'

/** Answers of one round lie this close together in time; an older one has stopped. */
const SAME_ROUND_MS = 120 * SECOND_MS
/** Share of the median beyond which one of three or more is an outlier. */
const OUTLIER = 0.015
/** Share by which the price may move on the word of a single exchange. */
const SINGLE_MOVE = 0.05
/** A median of exchanges itself and renewed about hourly: never one of the voices, only the stand-in for all. */
const STAND_IN = 'mempool'
const NAMES: Readonly<Record<string, string>> = { coinbase: 'Coinbase', kraken: 'Kraken', bitstamp: 'Bitstamp', mempool: 'mempool.space' }

export type SpotVoice = {
  readonly source: string
  readonly price: number
  readonly observedAtMs: number
  readonly used: boolean
  /** Why it was left out; null where it counts. */
  readonly reason: string | null
}

/**
 * `marker` says how the price came about: median of two or more exchanges; single: one exchange, checked against the
 * last good price; stand-in: mempool.space; kept: the last good price with its own age; none: no price at all.
 */
export type MedianSpot = Observed & {
  readonly marker: 'median' | 'single' | 'stand-in' | 'kept' | 'none'
  readonly inputs: readonly SpotVoice[]
}

export type LastSpot = { readonly price: number; readonly observedAtMs: number; readonly source?: string }

const nameOf = (source: string) => NAMES[source] ?? source
const within = (price: number, reference: number, share: number) => Math.abs(price - reference) <= share * reference

const median = (sorted: readonly number[]): number => {
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN
  return (lower + upper) / 2
}
const medianOf = (rows: readonly SpotRow[]) => median(rows.map((r) => r.price).sort((a, b) => a - b))

/**
 * Bitcoin price from what the exchanges said in one round. Answers that are not above 0, held as suspect, ahead of our
 * clock or more than 120 s behind the newest are left out; of three or more those further than 1.5 % from the median;
 * the price is the median of the rest. One alone counts only within 5 % of the last good price, two that contradict each
 * other count as none. Otherwise the last good price stays, with its age.
 * Worked, 5 October 2026: 85866.185, 85861.20, 85864.00 → 85864.00; with 8586.40 for the last: 85863.69 of the first two.
 */
export const medianSpot = (i: { rows: readonly SpotRow[]; last: LastSpot | null; nowMs: number; pair?: string }): MedianSpot => {
  const newest = new Map<string, SpotRow>()
  for (const row of i.rows) {
    if (row.pair !== (i.pair ?? 'BTC-USD')) continue
    const known = newest.get(row.source)
    if (!known || row.observedAtMs >= known.observedAtMs) newest.set(row.source, row)
  }
  const leftOut = new Map<string, string>()
  const standing = [...newest.values()].filter((row) => {
    const reason = !(row.price > 0)
      ? 'not above 0'
      : row.quality === 'suspect'
        ? 'held as suspect until a second reading'
        : row.observedAtMs > i.nowMs + SAME_ROUND_MS
          ? 'its time lies ahead of the clock'
          : null
    if (reason !== null) leftOut.set(row.source, reason)
    return reason === null
  })
  const standIn = standing.find((r) => r.source === STAND_IN) ?? null
  const exchanges = standing.filter((r) => r.source !== STAND_IN)
  const roundMs = Math.max(...exchanges.map((r) => r.observedAtMs))
  const answered = exchanges.filter((row) => {
    const late = row.observedAtMs < roundMs - SAME_ROUND_MS
    if (late) leftOut.set(row.source, 'more than 120 s behind the newest')
    return !late
  })

  const middle = medianOf(answered)
  const agreeing =
    answered.length < 3
      ? answered
      : answered.filter((row) => {
          const far = !within(row.price, middle, OUTLIER)
          if (far) leftOut.set(row.source, 'more than 1.5 % away from the median')
          return !far
        })

  const result = (
    marker: MedianSpot['marker'],
    used: readonly SpotRow[],
    value: { price: number; observedAtMs: number; source: string } | null,
    problem: string | null,
  ): MedianSpot => ({
    value: value?.price ?? null,
    observedAtMs: value?.observedAtMs ?? null,
    source: value?.source ?? 'no source yet',
    quality: 'reported',
    problem,
    marker,
    inputs: [...newest.values()].map((row) => ({
      source: row.source,
      price: row.price,
      observedAtMs: row.observedAtMs,
      used: used.includes(row),
      reason: used.includes(row)
        ? null
        : (leftOut.get(row.source) ?? (row.source === STAND_IN ? 'stand-in only' : 'not confirmed by another')),
    })),
  })
  const oldest = (rows: readonly SpotRow[]) => Math.min(...rows.map((r) => r.observedAtMs))

  const price = medianOf(agreeing)
  const contradict = agreeing.length === 2 && !agreeing.every((r) => within(r.price, price, OUTLIER))
  if (agreeing.length >= 2 && (!contradict || (i.last !== null && within(price, i.last.price, SINGLE_MOVE))))
    return result(
      'median',
      agreeing,
      { price, observedAtMs: oldest(agreeing), source: `median of ${agreeing.map((r) => nameOf(r.source)).join(', ')}` },
      contradict ? 'two exchanges more than 3 % apart' : null,
    )

  // Without a last good price the stand-in is what a lone exchange is checked against.
  const reference = i.last?.price ?? standIn?.price ?? null
  const confirmed = reference === null ? [] : agreeing.filter((r) => within(r.price, reference, SINGLE_MOVE))
  const alone = confirmed.length === 1 ? (confirmed[0] ?? null) : null
  if (alone !== null)
    return result(
      'single',
      [alone],
      { price: alone.price, observedAtMs: alone.observedAtMs, source: `${nameOf(alone.source)} alone` },
      contradict ? 'two exchanges contradict each other; the one near the last good price counts' : 'only one exchange answered usably',
    )

  const why =
    agreeing.length === 0
      ? 'no exchange answered usably'
      : contradict
        ? 'the exchanges contradict each other'
        : 'one exchange alone, not confirmed'
  const believable = standIn !== null && (i.last === null || within(standIn.price, i.last.price, SINGLE_MOVE))
  if (standIn !== null && believable && standIn.observedAtMs > (i.last?.observedAtMs ?? Number.NEGATIVE_INFINITY))
    return result(
      'stand-in',
      [standIn],
      { price: standIn.price, observedAtMs: standIn.observedAtMs, source: nameOf(STAND_IN) },
      `${why}; price of mempool.space`,
    )
  if (i.last !== null)
    return result(
      'kept',
      [],
      { price: i.last.price, observedAtMs: i.last.observedAtMs, source: i.last.source ?? 'last good price' },
      `${why}; the last good price is kept`,
    )
  return result('none', [], null, why)
}
