import { type MachineNow, type SiteReportInput, siteReport } from '#shared/economics/site/site-report.ts'
import type { TracedInput } from '#shared/market/traced.ts'
import { DAY_MS, MINUTE_MS } from '#shared/time.ts'
import { type Benchmark, below, shown } from './benchmark.ts'

const NOW = Date.UTC(2026, 10, 24, 22, 42)
const QUARTER_MS = 15 * MINUTE_MS

const input = (id: string, value: number): TracedInput => ({
  id,
  label: id,
  value,
  unit: '',
  source: 'benchmark',
  quality: 'reported',
  observedAtMs: NOW - MINUTE_MS,
  limits: { staleAfterMs: 30 * MINUTE_MS, deadAfterMs: DAY_MS },
  freshness: 'fresh',
  problem: null,
})

const machine = (k: number): MachineNow => ({
  id: `m-${k}`,
  model: `model ${k % 8}`,
  curtailment: 'inherit',
  state: 'hashing',
  hashrateThs: 100 + (k % 100),
  powerW: (100 + (k % 100)) * (15 + (k % 8) * 2),
  powerSource: 'reported',
  nameplateThs: 200,
  nameplateW: 3500,
  observedAtMs: NOW - 20_000,
  reason: null,
})

/** A site with a year of quarter-hour prices, as its screen asks for it after every sweep. */
const site = (machines: number): SiteReportInput => ({
  site: {
    id: 'bench',
    name: 'Bench',
    place: 'Texas',
    timeZone: 'America/Chicago',
    interconnectMw: 60,
    settlement: { label: 'ERCOT LZ_WEST', realTimeFeed: 'ercot.real-time', dayAheadFeed: 'ercot.day-ahead', location: 'LZ_WEST' },
    contract: { type: 'index', avoidableAdderPerMwh: 5 },
    contractOrigin: { source: 'benchmark', observedAtMs: NOW - DAY_MS },
    poolFee: 0.02,
    stale: 0.004,
    overheadRatio: 1.04,
    profile: {
      fiberRttMs: 10,
      diverseFiberRoutes: 2,
      firmShare: 0.999,
      firmMw: 60,
      interconnectMonths: 12,
      substationFeeds: 2,
      designWetBulbC: 22,
      regionScore: 70,
      backupGeneration: true,
      permanentSite: true,
    },
    profileOrigin: { source: 'benchmark', observedAtMs: NOW - DAY_MS },
  },
  machines: Array.from({ length: machines }, (_, k) => machine(k)),
  market: {
    btcPrice: input('btc_price', 71_000),
    difficulty: input('difficulty', 133.79e12),
    feesPerBlock: input('fees', 0.025),
    height: 941_472,
  },
  price: input('power_price', 48),
  forward: Array.from({ length: 48 }, (_, k) => ({
    startMs: NOW + k * 3_600_000,
    endMs: NOW + (k + 1) * 3_600_000,
    price: 30 + (k % 24) * 3,
  })),
  meter: null,
  powerHistory: {
    prices: Array.from({ length: 35_040 }, (_, k) => ({
      startMs: NOW - (k + 1) * QUARTER_MS,
      endMs: NOW - k * QUARTER_MS,
      price: 20 + ((k * 7919) % 700) / 10,
    })),
    source: 'benchmark',
  },
  overrides: {},
  nowMs: NOW,
  pollIntervalMs: MINUTE_MS,
})

export const bench: Benchmark = {
  name: 'site-screen',
  about: 'everything a site’s screen shows, conversion included, from readings and a year of prices',
  run: async ({ median }) => {
    const small = site(5_000)
    const large = site(10_000)
    const single = await median(() => void siteReport(small), 11)
    const doubled = await median(() => void siteReport(large), 11)
    return [
      below('one site, 5,000 machines', single, 'ms', 50),
      shown('one site, 10,000 machines', doubled, 'ms'),
      below('time for doubled machines', doubled / single, 'x', 3),
    ]
  },
}
