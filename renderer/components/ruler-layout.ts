import type { Freshness } from '#shared/market/traced.ts'

/** A block on the ruler: break-even in USD/MWh, load in MW. */
export type RulerTick = { readonly id: string; readonly label: string; readonly breakEven: number; readonly mw: number | null }
export type RulerModel = {
  readonly ticks: readonly RulerTick[]
  /** USD/MWh; null where the site has no usable price. */
  readonly price: number | null
  /** How old the price is: hatched when stale, grey when too old. */
  readonly freshness: Freshness
}
export type RulerScale = { readonly min: number; readonly max: number; readonly step: number }

/** One axis for all sites, from 0 to a round number above the highest break-even; a price beyond it is drawn at its end. */
export const rulerScale = (rulers: readonly RulerModel[]): RulerScale => {
  const top = Math.max(20, ...rulers.flatMap((r) => r.ticks.map((t) => t.breakEven))) * 1.12
  const step = [5, 10, 20, 25, 30, 40, 50, 100, 200, 500].find((s) => top / s <= 5.5) ?? 1000
  return { min: 0, max: Math.ceil(top / step) * step, step }
}

export type Label = { readonly x: number; readonly width: number }
/**
 * Left edges for labels that want to be centred on `x`, in that order, without overlap and inside `[0, room]`.
 * null: they do not all fit.
 */
export const spreadLabels = (labels: readonly Label[], room: number, gap = 8): number[] | null => {
  const total = labels.reduce((sum, l) => sum + l.width, 0) + gap * Math.max(0, labels.length - 1)
  if (total > room) return null
  const left = labels.map((l) => l.x - l.width / 2)
  // Two neighbours that collide part evenly; a few rounds settle any group, then the ends are pushed inside.
  for (let round = 0; round < 12; round++) {
    for (let i = 1; i < labels.length; i++) {
      const a = labels[i - 1]
      const l = left[i - 1]
      const r = left[i]
      if (!a || l === undefined || r === undefined) continue
      const overlap = l + a.width + gap - r
      if (overlap > 0) {
        left[i - 1] = l - overlap / 2
        left[i] = r + overlap / 2
      }
    }
  }
  let edge = 0
  for (let i = 0; i < labels.length; i++) {
    left[i] = Math.max(left[i] ?? 0, edge)
    edge = (left[i] ?? 0) + (labels[i]?.width ?? 0) + gap
  }
  edge = room
  for (let i = labels.length - 1; i >= 0; i--) {
    const width = labels[i]?.width ?? 0
    left[i] = Math.min(left[i] ?? 0, edge - width)
    edge = (left[i] ?? 0) - gap
  }
  return left
}
