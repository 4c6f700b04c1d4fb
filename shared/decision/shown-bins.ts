import type { DrawsRun } from './draws.ts'

/** Bins between which all but a few draws in a thousand lie; what lies outside is said, not drawn. */
const OUTSIDE = 0.005
export const shownBins = (run: Pick<DrawsRun, 'bins' | 'draws'>): { bins: DrawsRun['bins']; outside: number } => {
  let first = 0
  let last = run.bins.length - 1
  let left = 0
  let right = 0
  while (first < last && left + (run.bins[first]?.count ?? 0) <= OUTSIDE * run.draws) left += run.bins[first++]?.count ?? 0
  while (last > first && right + (run.bins[last]?.count ?? 0) <= OUTSIDE * run.draws) right += run.bins[last--]?.count ?? 0
  return { bins: run.bins.slice(first, last + 1), outside: left + right }
}
