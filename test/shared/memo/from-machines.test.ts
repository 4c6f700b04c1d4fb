import { expect, test } from 'vitest'
import { explainFigures } from '#shared/economics/site/explain-site.ts'
import { type MachineNow, type SiteReportInput, siteReport } from '#shared/economics/site/site-report.ts'
import type { TracedInput } from '#shared/market/traced.ts'
import { headlineFigures } from '#shared/memo/derivation-page.ts'
import { memoStatement } from '#shared/memo/statement.ts'
import { DAY_MS, MINUTE_MS } from '#shared/time.ts'

const NOW_MS = Date.parse('2026-11-25T20:52:00Z')

const traced = (id: string, label: string, value: number, unit: string, source: string): TracedInput => ({
  id,
  label,
  value,
  unit,
  source,
  quality: 'reported',
  observedAtMs: NOW_MS - MINUTE_MS,
  limits: { staleAfterMs: 30 * MINUTE_MS, deadAfterMs: DAY_MS },
  freshness: 'fresh',
  problem: null,
})

/** 100 TH/s at 2,950 W: 29.5 J/TH. */
const machine = (id: string): MachineNow => ({
  id,
  model: 'S19j Pro',
  curtailment: 'inherit',
  state: 'hashing',
  hashrateThs: 100,
  powerW: 2950,
  powerSource: 'reported',
  nameplateThs: 104,
  nameplateW: 3068,
  observedAtMs: NOW_MS - 20_000,
  reason: null,
})

/** 7 August 2021: difficulty 14.496 T, 43,629 USD, fees 1.34 % of the whole reward; the public hashprice index printed 383.5 USD/PH/day. */
const input: SiteReportInput = {
  site: {
    id: 'pecos-flat',
    name: 'Pecos Flat',
    place: 'West Texas',
    timeZone: 'America/Chicago',
    interconnectMw: 20,
    settlement: { label: 'ERCOT LZ_WEST', realTimeFeed: 'ercot.real-time', dayAheadFeed: null, location: 'LZ_WEST' },
    contract: { type: 'index', avoidableAdderPerMwh: 2 },
    contractOrigin: { source: 'contract of 2026', observedAtMs: NOW_MS - 10 * DAY_MS },
    poolFee: 0.02,
    stale: 0.004,
    overheadRatio: 1.04,
    profile: {
      fiberRttMs: 10,
      diverseFiberRoutes: 0,
      firmShare: 0.99,
      firmMw: 20,
      interconnectMonths: 20,
      substationFeeds: 1,
      designWetBulbC: 23,
      regionScore: 60,
      backupGeneration: false,
      permanentSite: true,
    },
    profileOrigin: { source: 'survey', observedAtMs: NOW_MS - 10 * DAY_MS },
  },
  machines: ['a', 'b', 'c', 'd'].map(machine),
  market: {
    btcPrice: traced('btc_price', 'BTC price', 43_629, 'USD', 'median of three'),
    difficulty: traced('difficulty', 'Difficulty', 14.496e12, '', 'mempool'),
    // 6.25 × 0.0134 / (1 − 0.0134)
    feesPerBlock: traced('fees', 'Fees per block', 0.0848875, 'BTC/block', 'mempool'),
    height: 694_000,
  },
  price: traced('power_price', 'ERCOT LZ_WEST', 600, '$/MWh', 'ercot.real-time'),
  forward: [],
  meter: null,
  powerHistory: { prices: [], source: 'ercot.real-time' },
  overrides: {},
  nowMs: NOW_MS,
  pollIntervalMs: MINUTE_MS,
}

test('from four machines to paper: 383.55 × 97.61 % ÷ 0.7363 is 508.44 earned, 506.44 to bear, against 600.00 a stop', () => {
  const statement = memoStatement({
    reports: [siteReport(input)],
    explained: explainFigures(input, headlineFigures),
    draws: [],
    scenarios: [],
    sources: [],
    nowMs: NOW_MS,
    version: '0.1.0',
    demo: false,
  })
  expect(statement.title).toBe(
    'Stop the S19j Pro block at Pecos Flat while power is worth more than $506.44/MWh; do not convert the site to AI hosting',
  )
  const method = statement.sections.find((s) => s.id === 'freshness')
  const worked = method?.blocks.flatMap((b) => (b.kind === 'formula' ? b.worked : []))
  // What a pocket calculator is given, in the same words as the window and the command line.
  expect(worked?.[0]).toMatch(
    /^Pecos Flat: energyMWhPerPhDay = 29\.5 × 1\.04 × 24 ÷ 1000 = 0\.73632 MWh\/PH\/day; netShare = \(1 − 0\.02\) × \(1 − 0\.004\) = 0\.97608; hashpriceUsd = 0\.008791[\d]* × 43,629 = 383\.5[\d]* USD\/PH\/day; revenuePerMWh = 383\.5\d* × 0\.97608 ÷ 0\.73632 = 508\.4\d* USD\/MWh; breakEvenPowerPerMWh = 508\.4\d* − 2 = 506\.4\d* USD\/MWh\.$/,
  )
  expect(worked?.[1]).toMatch(/^Pecos Flat: marginPerMWh = 506\.4\d* − 600 = −93\.5\d* USD\/MWh\.$/)
  // 4 × 2,950 W × 1.04 = 0.012272 MW; (506.44 − 600) × 0.012272 = −1.148 USD an hour, kept by stopping.
  const decision = statement.sections[0]?.blocks.find((b) => b.kind === 'verdict')
  expect(decision?.kind === 'verdict' && decision.figure).toBe('$1.15')
})
