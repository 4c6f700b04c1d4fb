import type { SourceRow } from '#shared/contract.ts'
import type { Assumption, ConversionReport } from '#shared/decision/conversion.ts'
import type { BlockReport, SiteReport } from '#shared/decision/site-report.ts'
import type { TracedInput } from '#shared/market/traced.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#shared/time.ts'

/**
 * Three sites as a memo meets them, worked by hand at 40.00 USD/PH/day, a pool fee of 2 % and 0.4 % stale shares, overhead 1.04:
 * an index site with one block below the price, a hydro site whose conversion pays, a flare-gas site with a price that is too old.
 * 29.5 J/TH × 1.04 × 24 / 1000 = 0.73632 MWh per PH and day; 40 × 0.98 × 0.996 / 0.73632 = 53.02 USD/MWh earned.
 */
export const SAMPLE_NOW_MS = Date.parse('2026-11-25T20:52:00Z') // Wednesday, 14:52 in Texas

const minutesAgo = (n: number) => SAMPLE_NOW_MS - n * MINUTE_MS

const input = (i: Partial<TracedInput> & Pick<TracedInput, 'id' | 'label' | 'value' | 'unit' | 'source'>): TracedInput => ({
  quality: 'reported',
  observedAtMs: minutesAgo(1),
  limits: { staleAfterMs: 30 * MINUTE_MS, deadAfterMs: DAY_MS },
  freshness: 'fresh',
  problem: null,
  ...i,
})

const marketInputs = (): TracedInput[] => [
  input({
    id: 'btc_price',
    label: 'BTC price',
    value: 83_063.4,
    unit: 'USD',
    source: 'median of coinbase, kraken, bitstamp',
    limits: { staleAfterMs: 3 * MINUTE_MS, deadAfterMs: 15 * MINUTE_MS },
  }),
  input({
    id: 'difficulty',
    label: 'Difficulty',
    value: 133_790_000_000_000,
    unit: '',
    source: 'mempool.space',
    observedAtMs: minutesAgo(6),
  }),
  input({
    id: 'fees',
    label: 'Transaction fees a block, mean of 144 blocks',
    value: 0.0251,
    unit: 'BTC/block',
    source: 'mempool.space',
    observedAtMs: minutesAgo(12),
  }),
]

const block = (b: Partial<BlockReport> & Pick<BlockReport, 'id' | 'label'>): BlockReport => ({
  machines: 0,
  reported: 0,
  hashing: 0,
  hashratePhs: null,
  powerMw: null,
  estimatedMw: 0,
  efficiencyJth: null,
  revenuePerMwh: null,
  breakEvenPowerPerMwh: null,
  breakEvenBtcUsd: null,
  breakEvenHashpriceUsd: null,
  marginPerMwh: null,
  marginUsdPerHour: null,
  advice: 'run',
  ...b,
})

const assumption = (id: string, label: string, value: Assumption['value'], unit: string, more: Partial<Assumption> = {}): Assumption => ({
  id,
  label,
  value,
  unit,
  source: 'Hashyard default, market range of late 2026',
  quality: 'assumed',
  observedAtMs: null,
  overridden: false,
  defaultValue: value,
  range: null,
  ...more,
})

export const sampleAssumptions = (gridMw: number): Assumption[] => [
  assumption('gridMw', 'Grid power given to AI hosting', gridMw, 'MW', {
    source: 'interconnect of the site',
    quality: 'measured',
    observedAtMs: SAMPLE_NOW_MS - 90 * DAY_MS,
  }),
  assumption('pue', 'PUE of the hosting building', 1.25, ''),
  assumption('capexPerItMwUsd', 'Capital per MW of critical IT load', 10_500_000, 'USD/IT MW'),
  assumption('tenantFundedShare', 'Share of capital paid by the tenant', 0.3, 'share', {
    overridden: true,
    quality: 'overridden',
    defaultValue: 0,
    source: 'set on the Plan screen',
    observedAtMs: minutesAgo(30),
  }),
  assumption('leasePerKwMonthUsd', 'Lease', 135, 'USD/kW-month'),
  assumption('escalatorAnnual', 'Escalator of the lease', 0.03, 'share/year'),
  assumption('occupancy', 'Occupancy', 1, 'share'),
  assumption('opexPerItMwMonthUsd', 'Operating cost without power', 22_000, 'USD/IT MW/month'),
  assumption('opexInflationAnnual', 'Inflation of operating cost', 0.025, 'share/year'),
  assumption('powerPassThrough', 'Tenant pays the power', true, ''),
  assumption('powerPricePerMwh', 'Power price', 41.7, 'USD/MWh', {
    source: 'mean of the last 365 days, nyiso.day-ahead',
    quality: 'reported',
    observedAtMs: minutesAgo(52),
  }),
  assumption('itLoadFactor', 'Load factor of the IT', 0.85, 'share'),
  assumption('exitMultipleOfNoi', 'Exit value in years of NOI', 8, 'x NOI'),
  assumption('asicSalvageUsd', 'Resale of the miners', 1_200_000, 'USD'),
  assumption('discountRateAnnual', 'Discount rate', 0.12, 'share/year'),
  assumption('startMonth', 'Start of building', 2, 'months'),
  assumption('buildMonths', 'Time to build', 15, 'months'),
  assumption('rampMonths', 'Ramp after handover', 6, 'months'),
  assumption('horizonMonths', 'Horizon', 180, 'months'),
  assumption('miningCashMarginPerMwMonthUsd', 'Cash margin of mining on', 13_300, 'USD/MW/month', {
    source: 'this site, present hashprice and price',
    quality: 'estimated',
    observedAtMs: minutesAgo(1),
  }),
  assumption('workload', 'Workload', 'training', ''),
]

const gates = (failed: Record<string, { reason: string; cure: string }>): ConversionReport['gates'] =>
  (
    [
      ['FIRM_MW', 'Firm power 12.0 MW, 10 MW needed'],
      ['FIRMNESS', 'Firm in 99.9 % of hours, 97 % needed'],
      ['FIBER', '2 diverse fibre routes, 1 needed'],
      ['INTERCONNECT', 'Interconnection in 18 months, 60 at most'],
      ['PERMANENCE', 'A permanent site'],
    ] as const
  ).map(([id, reason]) => ({ id, failed: id in failed, reason: failed[id]?.reason ?? reason, cure: failed[id]?.cure ?? '' }))

/** Build for 15 months from month 2, then 12 months' ramp into a level income: 0.62 M a month, the exit value at the end. */
const cumulative = (): number[] => {
  const flows: number[] = []
  for (let month = 0; month <= 180; month++)
    flows.push(
      month < 2
        ? 0
        : month < 17
          ? -3_136_000 - 106_400
          : Math.min(1, (month - 16) / 6) * 723_000 - 106_400 + (month === 180 ? 69_400_000 : 0),
    )
  let sum = 0
  return flows.map((f) => {
    sum += f
    return sum
  })
}

export const convertibleReport = (siteId: string): ConversionReport => ({
  siteId,
  verdict: 'CANDIDATE',
  score: 74,
  components: [{ id: 'FIBER_RTT', label: 'Fibre round trip', score: 91, weight: 8, input: '10.0 ms' }],
  gates: gates({}),
  figures: {
    itMw: 6.4,
    totalCapexUsd: 47_040_000,
    npvUsd: 4_850_000,
    npvProjectUsd: 14_720_000,
    npvKeepMiningUsd: 9_870_000,
    irr: 0.139,
    irrStatus: 'SINGLE',
    paybackMonths: 99,
    stabilisedNoiUsdPerYear: 8_676_000,
    noiMargin: 0.837,
    yieldOnCost: 0.184,
    breakEvenLeasePerKwMonthUsd: 113.67,
    parityHashpriceUsd: 47.12,
    lowestCashUsd: -48_700_000,
    lowestCashMonth: 16,
    cashByYear: Array.from({ length: 15 }, (_, k) => ({
      year: k + 1,
      projectUsd: k === 0 ? -31_360_000 : k === 1 ? -12_100_000 : 8_676_000,
      miningUsd: 1_276_800,
    })),
    cumulativeUsd: cumulative(),
    tornado: [
      {
        id: 'leasePerKwMonthUsd',
        label: 'Lease',
        unit: 'USD/kW-month',
        low: 100,
        high: 190,
        npvLowUsd: -13_100_000,
        npvHighUsd: 36_900_000,
      },
      {
        id: 'capexPerItMwUsd',
        label: 'Capital per IT MW',
        unit: 'USD/IT MW',
        low: 8_000_000,
        high: 16_000_000,
        npvLowUsd: 15_200_000,
        npvHighUsd: -17_800_000,
      },
      {
        id: 'discountRateAnnual',
        label: 'Discount rate',
        unit: 'share/year',
        low: 0.09,
        high: 0.18,
        npvLowUsd: 18_400_000,
        npvHighUsd: -9_300_000,
      },
      {
        id: 'exitMultipleOfNoi',
        label: 'Exit value in years of NOI',
        unit: 'x NOI',
        low: 0,
        high: 12,
        npvLowUsd: -7_700_000,
        npvHighUsd: 11_100_000,
      },
      { id: 'buildMonths', label: 'Time to build', unit: 'months', low: 10, high: 30, npvLowUsd: 8_900_000, npvHighUsd: -6_400_000 },
    ],
  },
  assumptions: sampleAssumptions(8),
  sentence: 'Candidate: converting 8.0 MW is worth $4.85M more than mining on in the entered case',
})

const ruledOut = (siteId: string, failed: Parameters<typeof gates>[0]): ConversionReport => ({
  siteId,
  verdict: 'DO_NOT_CONVERT',
  score: 31,
  components: [],
  gates: gates(failed),
  figures: null,
  assumptions: sampleAssumptions(4),
  sentence: 'Do not convert: the site cannot host AI as it stands',
})

/** Index contract, price 61.20 USD/MWh: the S19j Pro earns 51.02 and loses 10.18 on each MWh, 25.44 USD an hour on 2.5 MW. */
export const pecosFlat = (): SiteReport => ({
  id: 'pecos-flat',
  name: 'Pecos Flat',
  place: 'West Texas',
  timeZone: 'America/Chicago',
  market: 'ERCOT LZ_WEST',
  interconnectMw: 20,
  contract: { type: 'index', avoidableAdderPerMwh: 2 },
  asOfMs: SAMPLE_NOW_MS,
  hashratePhs: 844.33,
  powerMw: 17.5,
  meterPowerMw: 17.5,
  overheadRatio: 1.04,
  overheadMeasured: true,
  hashpriceUsdPerPhDay: 40,
  btcPerPhDay: 0.00048156,
  pricePerMwh: 61.2,
  marketPricePerMwh: 61.2,
  allInPricePerMwh: 63.2,
  breakEvenPowerPerMwh: 51.02477183833116,
  marginalBlockId: 's19j-pro',
  fleetBreakEvenPowerPerMwh: 76.48,
  breakEvenBtcUsd: 99_000,
  breakEvenHashpriceUsd: 47.68,
  marginPerMwh: -10.17522816166884,
  marginUsdPerHour: 267.5530624284652,
  atStakeUsdPerHour: 318.4292,
  uneconomicMw: 2.5,
  recommendation: {
    action: 'curtail',
    headline: 'Curtail the S19j Pro block, 2.5 MW, now.',
    reason: 'Price $61.20/MWh against a break-even of $51.02/MWh. Saves about $25 an hour.',
    mw: 2.5,
    savingUsd: 25.4380704041721,
    blockIds: ['s19j-pro'],
    staleInputs: [],
    nextChangeAtMs: Date.parse('2026-11-26T00:00:00Z'),
  },
  blocks: [
    block({
      id: 's21',
      label: 'S21',
      machines: 2473,
      reported: 2460,
      hashing: 2441,
      hashratePhs: 494.50549450549454,
      powerMw: 9,
      estimatedMw: 0.05,
      efficiencyJth: 17.5,
      revenuePerMwh: 89.38461538461539,
      breakEvenPowerPerMwh: 87.38461538461539,
      marginPerMwh: 26.184615384615384,
      marginUsdPerHour: 235.66153846153844,
    }),
    block({
      id: 's19-xp',
      label: 'S19 XP',
      machines: 1916,
      reported: 1902,
      hashing: 1880,
      hashratePhs: 268.33631484794273,
      powerMw: 6,
      efficiencyJth: 21.5,
      revenuePerMwh: 72.75491949910554,
      breakEvenPowerPerMwh: 70.75491949910554,
      marginPerMwh: 9.554919499105537,
      marginUsdPerHour: 57.32951699463322,
    }),
    block({
      id: 's19j-pro',
      label: 'S19j Pro',
      machines: 815,
      reported: 804,
      hashing: 801,
      hashratePhs: 81.48631029986961,
      powerMw: 2.5,
      efficiencyJth: 29.5,
      revenuePerMwh: 53.02477183833116,
      breakEvenPowerPerMwh: 51.02477183833116,
      marginPerMwh: -10.17522816166884,
      marginUsdPerHour: -25.4380704041721,
      advice: 'off',
    }),
  ],
  ai: ruledOut('pecos-flat', {
    FIBER: { reason: 'No diverse fibre route', cure: 'A second fibre route by another road, about 40 km' },
    FIRMNESS: { reason: 'Firm in 91.0 % of hours, 97 % needed', cure: 'Backup generation for the converted MW' },
  }),
  inputs: [
    ...marketInputs(),
    input({
      id: 'power_price',
      label: 'ERCOT LZ_WEST, real-time',
      value: 61.2,
      unit: 'USD/MWh',
      source: 'ercot.real-time',
      observedAtMs: minutesAgo(7),
      limits: { staleAfterMs: 25 * MINUTE_MS, deadAfterMs: 60 * MINUTE_MS },
    }),
    input({
      id: 'telemetry',
      label: 'Machines reporting',
      value: 5166,
      unit: 'of 5,204',
      source: 'devices',
      quality: 'measured',
      limits: { staleAfterMs: 90 * SECOND_MS, deadAfterMs: 300 * SECOND_MS },
      observedAtMs: SAMPLE_NOW_MS - 20 * SECOND_MS,
    }),
    input({
      id: 'meter',
      label: 'Revenue meter, active power',
      value: 17_500_000,
      unit: 'W',
      source: 'schneider-pm5xxx',
      quality: 'measured',
      limits: { staleAfterMs: 90 * SECOND_MS, deadAfterMs: 300 * SECOND_MS },
      observedAtMs: SAMPLE_NOW_MS - 20 * SECOND_MS,
    }),
    input({
      id: 'contract',
      label: 'Power contract',
      value: 2,
      unit: 'USD/MWh',
      source: 'demo contract, 2026',
      quality: 'assumed',
      limits: { staleAfterMs: 90 * DAY_MS, deadAfterMs: 365 * DAY_MS },
      observedAtMs: SAMPLE_NOW_MS - 40 * DAY_MS,
    }),
  ],
  coverage: { reported: 5166, machines: 5204 },
  states: { hashing: 5122, degraded: 31, off: 13, sleeping: 0, overheated: 0, stale: 32, unknown: 6 },
  alerts: [{ level: 'data', text: '38 of 5,204 machines: no answer within 5 s', sinceMs: minutesAgo(38) }],
})

/** Fixed PPA with resale, price 34.10: every block runs; the conversion of 8 MW pays in the entered case. */
export const graniteFalls = (): SiteReport => ({
  ...pecosFlat(),
  id: 'granite-falls',
  name: 'Granite Falls',
  place: 'St. Lawrence County, New York',
  timeZone: 'America/New_York',
  market: 'NYISO NORTH',
  interconnectMw: 12,
  contract: { type: 'ppa', strikePerMwh: 38, contractMw: 12, resaleAllowed: true, resaleSpreadPerMwh: 1.5, avoidableAdderPerMwh: 2 },
  hashratePhs: 494.50549450549454,
  powerMw: 9,
  meterPowerMw: null,
  overheadMeasured: false,
  pricePerMwh: 34.1,
  marketPricePerMwh: 35.6,
  allInPricePerMwh: 40,
  breakEvenPowerPerMwh: 87.38461538461539,
  marginalBlockId: 's21',
  fleetBreakEvenPowerPerMwh: 87.38461538461539,
  marginPerMwh: 53.28461538461539,
  marginUsdPerHour: 479.5615384615385,
  atStakeUsdPerHour: 479.5615384615385,
  uneconomicMw: 0,
  recommendation: {
    action: 'run',
    headline: 'Run. Margin $53.28/MWh.',
    reason: 'Price $34.10/MWh against a break-even of $87.38/MWh.',
    mw: 0,
    savingUsd: 0,
    blockIds: [],
    staleInputs: [],
    nextChangeAtMs: null,
  },
  blocks: pecosFlat()
    .blocks.slice(0, 1)
    .map((b) => ({ ...b, marginPerMwh: 53.28461538461539, marginUsdPerHour: 479.5615384615385 })),
  ai: convertibleReport('granite-falls'),
  inputs: [
    ...marketInputs(),
    input({
      id: 'power_price',
      label: 'NYISO NORTH, real-time',
      value: 35.6,
      unit: 'USD/MWh',
      source: 'nyiso.real-time',
      observedAtMs: minutesAgo(4),
      limits: { staleAfterMs: 15 * MINUTE_MS, deadAfterMs: 60 * MINUTE_MS },
    }),
  ],
  coverage: { reported: 2460, machines: 2460 },
  states: { hashing: 2460, degraded: 0, off: 0, sleeping: 0, overheated: 0, stale: 0, unknown: 0 },
  alerts: [],
})

/** Off grid, and the BTC price is 40 minutes old (limit 15): advice is withheld and says why. */
export const flareSix = (): SiteReport => ({
  ...pecosFlat(),
  id: 'flare-six',
  name: 'Flare Six',
  place: 'McKenzie County, North Dakota',
  market: 'Off grid',
  interconnectMw: 4,
  contract: { type: 'fixed', tariffPerMwh: 18, avoidableAdderPerMwh: 0 },
  hashratePhs: 81.48631029986961,
  powerMw: 2.5,
  meterPowerMw: 2.61,
  overheadMeasured: false,
  pricePerMwh: 18,
  marketPricePerMwh: null,
  allInPricePerMwh: 18,
  breakEvenPowerPerMwh: null,
  marginalBlockId: null,
  fleetBreakEvenPowerPerMwh: null,
  breakEvenBtcUsd: null,
  hashpriceUsdPerPhDay: null,
  btcPerPhDay: null,
  breakEvenHashpriceUsd: null,
  marginPerMwh: null,
  marginUsdPerHour: null,
  atStakeUsdPerHour: null,
  uneconomicMw: null,
  recommendation: {
    action: 'none',
    headline: 'No recommendation: the BTC price is 40 min old (limit 15 min).',
    reason: 'The BTC price is 40 min old (limit 15 min). Retry the source, or enter a price.',
    mw: null,
    savingUsd: null,
    blockIds: [],
    staleInputs: ['BTC price'],
    nextChangeAtMs: null,
  },
  blocks: pecosFlat()
    .blocks.slice(2)
    .map((b) => ({
      ...b,
      revenuePerMwh: null,
      breakEvenPowerPerMwh: null,
      marginPerMwh: null,
      marginUsdPerHour: null,
      advice: 'none' as const,
    })),
  ai: ruledOut('flare-six', {
    FIRM_MW: { reason: 'Firm power 2.0 MW, 10 MW needed', cure: 'A grid connection of 10 MW or more' },
    PERMANENCE: { reason: 'Not a permanent site: the wells decline', cure: 'Another site' },
  }),
  inputs: [
    ...marketInputs().map((i) =>
      i.id === 'btc_price'
        ? {
            ...i,
            observedAtMs: minutesAgo(40),
            freshness: 'dead' as const,
            problem: 'no answer from coinbase, kraken, bitstamp within 15 s',
          }
        : i,
    ),
  ],
  coverage: { reported: 796, machines: 815 },
  states: { hashing: 796, degraded: 0, off: 0, sleeping: 0, overheated: 0, stale: 19, unknown: 0 },
  alerts: [],
})

export const sampleReports = (): SiteReport[] => [pecosFlat(), graniteFalls(), flareSix()]

const source = (s: Partial<SourceRow> & Pick<SourceRow, 'id' | 'purpose'>): SourceRow => ({
  kind: 'feed',
  licence: 'public',
  lastGoodMs: minutesAgo(1),
  nextTryMs: SAMPLE_NOW_MS + 30 * SECOND_MS,
  failuresInARow: 0,
  lastError: null,
  limits: { staleAfterMs: 30 * MINUTE_MS, deadAfterMs: DAY_MS },
  freshness: 'fresh',
  coverage: null,
  ...s,
})

export const sampleSources = (): SourceRow[] => [
  source({ id: 'coinbase.spot', purpose: 'BTC price', limits: { staleAfterMs: 3 * MINUTE_MS, deadAfterMs: 15 * MINUTE_MS } }),
  source({
    id: 'kraken.spot',
    purpose: 'BTC price',
    limits: { staleAfterMs: 3 * MINUTE_MS, deadAfterMs: 15 * MINUTE_MS },
    lastGoodMs: minutesAgo(40),
    failuresInARow: 38,
    lastError: 'no answer within 15 s',
    freshness: 'dead',
  }),
  source({ id: 'mempool.difficulty-adjustment', purpose: 'Difficulty and its next change', lastGoodMs: minutesAgo(6) }),
  source({
    id: 'mempool.reward-stats',
    purpose: 'Fees a block',
    lastGoodMs: minutesAgo(12),
    limits: { staleAfterMs: 2 * HOUR_MS, deadAfterMs: DAY_MS },
  }),
  source({
    id: 'ercot.real-time',
    purpose: 'Real-time price at LZ_WEST',
    lastGoodMs: minutesAgo(7),
    limits: { staleAfterMs: 25 * MINUTE_MS, deadAfterMs: HOUR_MS },
    coverage: '95 of 96 intervals',
  }),
  source({
    id: 'ercot.day-ahead',
    purpose: 'Day-ahead price at LZ_WEST',
    lastGoodMs: minutesAgo(95),
    limits: { staleAfterMs: 26 * HOUR_MS, deadAfterMs: 50 * HOUR_MS },
    coverage: '24 of 24 intervals',
  }),
  source({
    id: 'nyiso.real-time',
    purpose: 'Real-time price of zone NORTH',
    lastGoodMs: minutesAgo(4),
    limits: { staleAfterMs: 15 * MINUTE_MS, deadAfterMs: HOUR_MS },
    coverage: '288 of 288 intervals',
  }),
  source({
    id: 'devices',
    kind: 'devices',
    purpose: 'Machines',
    limits: { staleAfterMs: 90 * SECOND_MS, deadAfterMs: 300 * SECOND_MS },
    lastGoodMs: SAMPLE_NOW_MS - 20 * SECOND_MS,
    coverage: '8,422 of 8,479 machines reported',
  }),
  source({
    id: 'meter-pecos',
    kind: 'meter',
    purpose: 'Revenue meter at Pecos Flat',
    limits: { staleAfterMs: 90 * SECOND_MS, deadAfterMs: 300 * SECOND_MS },
    lastGoodMs: SAMPLE_NOW_MS - 20 * SECOND_MS,
  }),
]
