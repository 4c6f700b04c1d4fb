import { sum } from '../sum.ts'

/** So many equal parts of the time tell a market's calm and its spikes closely enough. */
const PARTS = 24

type Period = { readonly startMs: number; readonly endMs: number; readonly price: number }

/**
 * A market's prices as how far they lie from their mean, USD/MWh, one for each of up to 24 equal parts of the time, ascending:
 * what a machine saves by standing still when power is dear. They add up to 0. Empty where there are no prices.
 * Worked: an hour each at 20, 30, 40 and 110: the mean is 50, and the four parts are -30, -20, -10 and 60.
 */
export const priceOffsets = (periods: readonly Period[]): number[] => {
  const sorted = periods.filter((p) => p.endMs > p.startMs && Number.isFinite(p.price)).sort((a, b) => a.price - b.price)
  const total = sum(sorted.map((p) => p.endMs - p.startMs))
  if (total <= 0) return []
  const mean = sum(sorted.map((p) => (p.endMs - p.startMs) * p.price)) / total
  const parts = Math.min(PARTS, sorted.length)
  const offsets = Array.from({ length: parts }, () => 0)
  let from = 0
  for (const p of sorted) {
    const to = from + (p.endMs - p.startMs) / total
    // The period's share of each part that it reaches into.
    for (let k = Math.floor(from * parts); k < parts && k / parts < to; k += 1)
      offsets[k] = (offsets[k] ?? 0) + (p.price - mean) * Math.max(0, Math.min(to, (k + 1) / parts) - Math.max(from, k / parts)) * parts
    from = to
  }
  return offsets
}
