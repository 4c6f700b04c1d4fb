import { expect, test } from 'vitest'
import { shareText } from '#shared/decision/conversion-stance.ts'
import type { DrawsRun, DrawsState } from '#shared/decision/draws.ts'
import { shownBins } from '#shared/decision/shown-bins.ts'
import {
  currentRun,
  drawResults,
  histogramFinding,
  histogramSubtitle,
  movedWords,
  progressWords,
  staleWords,
} from '../../../renderer/screens/plan/draws-view.ts'

const spread = {
  meanUsd: 5e6,
  p05Usd: -3e6,
  p10Usd: -1_200_000,
  p50Usd: 4_100_000,
  p90Usd: 9_800_000,
  p95Usd: 12e6,
  expectedShortfallUsd: -4e6,
}
const run: DrawsRun = {
  siteId: 'north',
  inputHash: 'f00d',
  draws: 1000,
  seed: 1,
  generator: 'g',
  asOfMs: 0,
  durationMs: 900,
  enteredNpvUsd: 4_850_000,
  npv: spread,
  npvProject: spread,
  probabilityNpvNegative: 0.22,
  regretProbability: 0.31,
  regretInterval95: { low: 0.28, high: 0.34 },
  meanRegretUsd: 2_500_000,
  meanHalfWidthUsd: 50_000,
  // One stray draw on the left, three on the right: under 5 of 1,000.
  bins: [1, 0, 310, 400, 286, 0, 3].map((count, k) => ({ fromUsd: (k - 3) * 1e6, toUsd: (k - 2) * 1e6, count })),
}
const state = (more: Partial<DrawsState>): DrawsState => ({
  siteId: 'north',
  refused: null,
  working: null,
  run,
  standing: 'same',
  changes: [],
  problem: null,
  ...more,
})

test('a median is never told without its ends', () => {
  const [first] = drawResults(run)
  expect(first).toMatchObject({ value: '$4.10M', note: 'P10 −$1.20M, P90 $9.80M' })
})
test('a share that rounds to none or all of a hundred is told exactly', () => {
  expect([0, 0.0004, 0.31, 0.998, 1].map(shareText)).toEqual(['0 of 100', '0.04 %', '31 of 100', '99.80 %', '100 of 100'])
  expect(histogramFinding(run)).toBe('31 of 100 draws lose against mining')
})
test('a run of other assumptions leaves the headline and names what was changed', () => {
  const other = state({
    standing: 'other',
    changes: [{ id: 'leasePerKwMonthUsd', label: 'Lease', unit: '$/kW-month', was: 135, now: 190 }],
  })
  expect(currentRun(other)).toBeNull()
  expect(staleWords(other)).toBe('These draws belong to other assumptions: Lease $135 → $190.')
  expect(staleWords(state({}))).toBeNull()
})
test('where only the market moved the run stays, with its age and both entered cases', () => {
  const moved = state({ standing: 'moved' })
  expect(currentRun(moved)).toBe(run)
  expect(movedWords(moved, 4_900_000, 5 * 60_000)).toBe(
    'Drawn 5 min ago. Prices and machines have moved since: the entered case was $4.85M, it is $4.90M now.',
  )
  expect(currentRun(state({ refused: 'Do not convert.' }))).toBeNull()
})
test('an estimate comes after five seconds: 40 % in 6 s leaves 9', () => {
  const p = { siteId: 'north', share: 0.4, elapsedMs: 4_000, draws: 1000, seed: 1, running: null }
  expect(progressWords(p)).toBe('40 %, 4.0 s')
  expect(progressWords({ ...p, elapsedMs: 6_000 })).toBe('40 %, 6.0 s, about 9.0 s left')
})
test('the few draws far out are counted, not drawn', () => {
  expect(shownBins(run)).toMatchObject({ outside: 4, bins: { length: 3 } })
  expect(histogramSubtitle(run)).toContain('1,000 draws in bins of $1.00M; 4 draws outside')
})
