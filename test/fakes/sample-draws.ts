import type { ScenarioReport } from '#shared/decision/scenario-report.ts'
import type { MemoDraws } from '#shared/memo/blocks.ts'
import { SAMPLE_NOW_MS } from './sample-reports.ts'

/** Ten thousand draws told by hand: 31 of 100 worse than mining on. */
const npv = {
  meanUsd: 5e6,
  p05Usd: -3e6,
  p10Usd: -1_200_000,
  p50Usd: 4_100_000,
  p90Usd: 9_800_000,
  p95Usd: 12e6,
  expectedShortfallUsd: -4e6,
}
export const drawn = (standing: MemoDraws['standing'] = 'same'): MemoDraws => ({
  standing,
  run: {
    siteId: 'granite-falls',
    inputHash: 'f00d',
    draws: 10_000,
    seed: 7,
    generator: 'a generator',
    asOfMs: SAMPLE_NOW_MS - 3_600_000,
    durationMs: 1234,
    enteredNpvUsd: 4_850_000,
    npv,
    npvProject: npv,
    probabilityNpvNegative: 0.22,
    regretProbability: 0.31,
    regretInterval95: { low: 0.3, high: 0.32 },
    meanRegretUsd: 2_500_000,
    meanHalfWidthUsd: 50_000,
    bins: [200, 900, 1500, 2400, 2200, 1500, 900, 400].map((count, k) => ({ fromUsd: (2 * k - 5) * 1e6, toUsd: (2 * k - 3) * 1e6, count })),
  },
})

const rowOf = (
  id: string,
  title: string,
  figures: { mining: number; conversion: number; below: number } | null,
): ScenarioReport['rows'][number] => ({
  id,
  title,
  source: 'told by hand',
  notes: [],
  file: null,
  problem: figures === null ? 'no price' : null,
  figures:
    figures === null
      ? null
      : {
          hashpriceFirstUsd: 40,
          hashpriceLeastUsd: 20,
          hashpriceMeanUsd: 30,
          hashpriceLastUsd: 25,
          npvMiningUsd: figures.mining,
          npvIncrementalUsd: figures.conversion,
          monthsBelowBreakEven: figures.below,
          breakEvenFirstUsd: 30,
          breakEvenLastUsd: 30,
        },
  hashpriceUsd: [],
  breakEvenHashpriceUsd: [],
})

export const scenariosOf = (siteId: string): ScenarioReport => ({
  siteId,
  asOfMs: SAMPLE_NOW_MS,
  months: 180,
  miningDiscountRate: 0.18,
  fleetMw: 8,
  noConversion: null,
  base: [],
  rows: [
    rowOf('today', 'Today goes on', { mining: 2.1e6, conversion: 4e6, below: 12 }),
    rowOf('retarget-7.76-flat', 'One retarget of -7.76 %', { mining: -1.5e6, conversion: -0.3e6, below: 40 }),
    rowOf('broken', 'A file of the folder', null),
  ],
  problems: [],
})
