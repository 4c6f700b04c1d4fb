import type { PowerContract } from '../../fleet/site.ts'
import { opportunityTiers } from '../curtailment/opportunity-price.ts'
import { decideLoads } from '../curtailment/real-time-rule.ts'

export type ForwardPrice = { readonly startMs: number; readonly endMs: number; readonly price: number }
export type PriceAhead = {
  /** First later moment at which the rule would decide differently, the price then, and which blocks change. */
  readonly change: { readonly atMs: number; readonly price: number; readonly off: readonly string[]; readonly on: readonly string[] } | null
  /** How far prices are known without a gap; null where nothing is. */
  readonly knownUntilMs: number | null
}

/**
 * Walks the known prices from now to the first gap and asks the real-time rule in each interval. After a gap nothing is
 * claimed: the price may have crossed twice in it.
 */
export const lookAhead = (i: {
  blocks: readonly { id: string; mw: number; revenuePerMwh: number }[]
  contract: PowerContract
  /** Ids of the blocks that the rule runs now. */
  running: ReadonlySet<string>
  forward: readonly ForwardPrice[]
  nowMs: number
}): PriceAhead => {
  const upcoming = i.forward.filter((f) => f.endMs > i.nowMs).sort((a, b) => a.startMs - b.startMs)
  let knownUntilMs: number | null = null
  for (const f of upcoming) {
    // The running interval's price is what the market price now replaces; only later intervals can bring a change.
    if (knownUntilMs === null ? f.startMs > i.nowMs + GAP_MS : f.startMs > knownUntilMs) break
    if (f.startMs > i.nowMs) {
      const decided = decideLoads(i.blocks, opportunityTiers(i.contract, f.price), i.contract.avoidableAdderPerMwh)
      if (decided === null) break
      const runs = new Set(decided.filter((b) => b.loads.some((l) => l.run)).map((b) => b.id))
      const off = [...i.running].filter((id) => !runs.has(id))
      const on = [...runs].filter((id) => !i.running.has(id))
      if (off.length + on.length > 0) return { change: { atMs: f.startMs, price: f.price, off, on }, knownUntilMs: f.endMs }
    }
    knownUntilMs = Math.max(knownUntilMs ?? f.endMs, f.endMs)
  }
  return { change: null, knownUntilMs }
}

/** The market's own price covers the running interval, an hour at most. */
const GAP_MS = 3_600_000
