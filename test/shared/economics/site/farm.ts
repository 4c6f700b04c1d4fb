/**
 * A farm small enough for paper. One PH/s finds one block in 10,000 days at this difficulty; a block pays 3.125 + 0.075 BTC
 * at $150,000: a hashprice of $48/PH/day. No pool fee, no stale shares, no overhead, no delivery.
 * - S21: 100 machines, 200 TH/s at 20 J/TH: 20 PH/s, 0.4 MW; 48 / 0.48 = $100/MWh.
 * - S19j Pro: 250 machines, 100 TH/s at 32 J/TH: 25 PH/s, 0.8 MW; 48 / 0.768 = $62.50/MWh.
 */
import type { MachineNow, SiteReportInput } from '#shared/economics/site/site-report.ts'
import type { Site } from '#shared/fleet/site.ts'
import type { TracedInput } from '#shared/market/traced.ts'
import { MINUTE_MS, SECOND_MS } from '#shared/time.ts'

export const NOW = Date.parse('2026-11-24T22:42:00Z') // 16:42 CST

export const site: Site = {
  id: 'paper',
  name: 'Paper Flat',
  place: 'Nowhere County, Texas',
  timeZone: 'America/Chicago',
  interconnectMw: 12,
  settlement: { label: 'ERCOT LZ_WEST', realTimeFeed: 'ercot.real-time', dayAheadFeed: 'ercot.day-ahead', location: 'LZ_WEST' },
  contract: { type: 'index', avoidableAdderPerMwh: 0 },
  contractOrigin: { source: 'Index contract of 1 October 2026', observedAtMs: Date.parse('2026-10-01T12:00:00Z') },
  poolFee: 0,
  stale: 0,
  overheadRatio: 1,
  profile: {
    fiberRttMs: 12,
    diverseFiberRoutes: 2,
    firmShare: 0.999,
    firmMw: 12,
    interconnectMonths: 12,
    substationFeeds: 2,
    designWetBulbC: 20,
    regionScore: 75,
    backupGeneration: true,
    permanentSite: true,
  },
  profileOrigin: { source: 'Survey', observedAtMs: Date.parse('2026-10-01T12:00:00Z') },
}

export const input = (id: string, value: number | null, ageMinutes: number, staleMinutes: number, deadMinutes: number): TracedInput => ({
  id,
  label: id,
  value,
  unit: '',
  source: 'paper',
  quality: 'reported',
  observedAtMs: value === null ? null : NOW - ageMinutes * MINUTE_MS,
  limits: { staleAfterMs: staleMinutes * MINUTE_MS, deadAfterMs: deadMinutes * MINUTE_MS },
  freshness: 'fresh',
  problem: null,
})
export const btcPrice = (value: number | null, ageMinutes = 1) => input('btc_price', value, ageMinutes, 3, 15)
export const powerPrice = (value: number | null, ageMinutes = 12) => input('power_price', value, ageMinutes, 25, 60)

export const machine = (id: string, model: string, ths: number, jth: number, more: Partial<MachineNow> = {}): MachineNow => ({
  id,
  model,
  curtailment: 'inherit',
  state: 'hashing',
  hashrateThs: ths,
  powerW: ths * jth,
  powerSource: 'reported',
  nameplateThs: ths,
  nameplateW: ths * jth,
  observedAtMs: NOW - 20 * SECOND_MS,
  reason: null,
  ...more,
})
export const machines = (count: number, model: string, ths: number, jth: number, more: Partial<MachineNow> = {}): MachineNow[] =>
  Array.from({ length: count }, (_, k) => machine(`${model}-${k}`, model, ths, jth, more))

export const s21s = (more: Partial<MachineNow> = {}, count = 100) => machines(count, 'S21', 200, 20, more)
export const s19s = (more: Partial<MachineNow> = {}, count = 250) => machines(count, 'S19j Pro', 100, 32, more)

export const farm = (price: number | null, more: Partial<SiteReportInput> = {}): SiteReportInput => ({
  site,
  machines: [...s21s(), ...s19s()],
  market: {
    btcPrice: btcPrice(150_000),
    // 86400e15 / (D x 2^32) = 1e-4
    difficulty: input('difficulty', 201_165_676_116_943.38, 5, 30, 1440),
    feesPerBlock: input('fees', 0.075, 10, 120, 1440),
    height: 970_000,
  },
  price: powerPrice(price),
  forward: [],
  meter: null,
  powerHistory: { prices: [], source: 'ercot.real-time' },
  overrides: {},
  nowMs: NOW,
  pollIntervalMs: 30 * SECOND_MS,
  ...more,
})

/** Hourly day-ahead prices from 16:00 CST on. */
export const hourly = (...prices: number[]) =>
  prices.map((price, k) => {
    const startMs = Date.parse('2026-11-24T22:00:00Z') + k * 60 * MINUTE_MS
    return { startMs, endMs: startMs + 60 * MINUTE_MS, price }
  })
