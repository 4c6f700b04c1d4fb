import { model } from '../model.ts'
import { MeritOrderInputs, meritOrder } from './merit-order.ts'

/**
 * The merit order read downwards: below each coin price, which groups switch off, what goes with them and what still runs.
 * Groups of equal break-even leave together. A group without a break-even (no coins) is on no rung.
 * Worked: groups at $48,000 (1,000 PH/s) and $120,000 (500 PH/s): below 120,000 the second is off and 1,000 PH/s run, below
 * 48,000 nothing does.
 */
export const priceLadder = model({ id: 'breakeven.priceLadder', section: '2.3' }, MeritOrderInputs, (i, { use }) => {
  const order = use('meritOrder', meritOrder, i)
  if (!order.ok) return order
  const { rows } = order.value
  const rungs: { belowBtcUsd: number; offIds: string[]; offPHs: number; offMW: number; runningPHs: number; runningMW: number }[] = []
  for (const [k, row] of [...rows.entries()].reverse()) {
    if (row.breakEvenBtcUsd === null) continue
    const before = rows[k - 1]
    const stillPHs = before?.cumulativePHs ?? 0
    const stillMW = before?.cumulativeMW ?? 0
    const offPHs = row.cumulativePHs - stillPHs
    const offMW = row.cumulativeMW - stillMW
    const rung = rungs.at(-1)
    if (rung?.belowBtcUsd === row.breakEvenBtcUsd) {
      rung.offIds.unshift(row.id)
      rung.offPHs += offPHs
      rung.offMW += offMW
      rung.runningPHs = stillPHs
      rung.runningMW = stillMW
    } else rungs.push({ belowBtcUsd: row.breakEvenBtcUsd, offIds: [row.id], offPHs, offMW, runningPHs: stillPHs, runningMW: stillMW })
  }
  return { rungs }
})
