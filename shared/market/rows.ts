/**
 * Normalised rows of the market feeds; `cli.md` prints them in snake_case with ISO times. Every row has one origin.
 * Intervals are `[start, end)` in UTC. Absent is not zero: what could not be read is a problem, not a row.
 */
export type RowQuality = 'live' | 'corrected' | 'estimated' | 'carried' | 'manual' | 'suspect'

export type PowerPriceRow = {
  readonly kind: 'power_price'
  readonly source: string
  readonly location: string
  readonly market: 'rt' | 'dam'
  readonly intervalStartMs: number
  readonly intervalEndMs: number
  readonly pricePerMwh: number
  readonly currency: string
  /** When the source published it; null where the source does not say. */
  readonly publishedAtMs: number | null
  readonly quality: RowQuality
}

export type SpotRow = {
  readonly kind: 'spot'
  readonly source: string
  readonly pair: string
  readonly price: number
  readonly observedAtMs: number
  readonly quality: RowQuality
}

export type NetworkRow = {
  readonly kind: 'network'
  readonly source: string
  readonly height: number | null
  readonly difficulty: number | null
  /** Estimated change at the next retarget, a fraction (0.05 is +5 %). */
  readonly nextChange: number | null
  readonly nextRetargetAtMs: number | null
  readonly hashrateEhs: number | null
  readonly feesBtcPerBlock: number | null
  readonly observedAtMs: number
  readonly quality: RowQuality
}

export type FeedRow = PowerPriceRow | SpotRow | NetworkRow
export type FeedProblem = { readonly reason: string; readonly place: string; readonly raw: string }
export type FeedDocument = {
  readonly rows: readonly FeedRow[]
  readonly problems: readonly FeedProblem[]
  /** Intervals or values the document should hold and those it holds; null where no count is to be expected. */
  readonly coverage: { readonly expected: number; readonly received: number } | null
}
