import { bitstampSpot } from './bitstamp.ts'
import { coinbaseSpot } from './coinbase.ts'
import { ercotDayAhead, ercotRealTime } from './ercot.ts'
import type { Feed } from './feed.ts'
import { krakenSpot } from './kraken.ts'
import { mempoolDifficultyAdjustment, mempoolHashrate, mempoolPrices, mempoolRewardStats, mempoolTipHeight } from './mempool.ts'
import { nyisoDayAhead, nyisoRealTime } from './nyiso.ts'

/** Every source a fresh install reads, all without a key (market-feeds 1). */
export const feedRegistry: readonly Feed[] = [
  coinbaseSpot,
  krakenSpot,
  bitstampSpot,
  mempoolPrices,
  mempoolDifficultyAdjustment,
  mempoolHashrate,
  mempoolRewardStats,
  mempoolTipHeight,
  ercotRealTime,
  ercotDayAhead,
  nyisoRealTime,
  nyisoDayAhead,
]

/** The compiled-in hosts the market egress may reach (threat model E1). */
export const feedHosts: ReadonlySet<string> = new Set(feedRegistry.map((f) => f.host))
