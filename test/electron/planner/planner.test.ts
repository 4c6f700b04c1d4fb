import { expect, test } from 'vitest'
import { readFilter } from '#electron/planner/fleet-filter.ts'
import { type Heard, machineView } from '#electron/planner/fleet-now.ts'
import { priceNow } from '#electron/planner/inputs.ts'
import type { MarketNow } from '#electron/planner/market-now.ts'
import { makePlanner } from '#electron/planner/reports.ts'
import type { StoredPrice } from '#electron/store/market.ts'
import type { FleetRow } from '#shared/contract.ts'
import { failed } from '#shared/result.ts'
import { machine, reading, site } from '../store/sample.ts'

const NOW = Date.UTC(2026, 10, 24, 22, 42)
const MINUTE = 60_000
const QUARTER = 15 * MINUTE
const silence = { failure: failed('timeout', '10.0.0.5:4028: no answer within 5 s').failure, atMs: NOW }

const heard = (more: Partial<Heard> = {}): Heard => ({
  machines: new Map(),
  misses: new Map(),
  meters: new Map(),
  meterMisses: new Map(),
  ...more,
})
const price = (startMs: number, value: number, more: Partial<StoredPrice> = {}): StoredPrice => ({
  startMs,
  endMs: startMs + QUARTER,
  price: value,
  quality: 'live',
  source: 'ercot',
  publishedAtMs: null,
  fetchedAtMs: startMs,
  revision: 1,
  ...more,
})
/** Difficulty and fees as recorded on 5 October 2026; the price of three exchanges that agree. */
const market = (o: { spotAgeMs?: number; prices?: readonly StoredPrice[] } = {}): MarketNow => {
  const observedAtMs = NOW - (o.spotAgeMs ?? 10_000)
  const network = {
    kind: 'network',
    source: 'mempool',
    nextChange: null,
    nextRetargetAtMs: null,
    hashrateEhs: null,
    quality: 'live',
    observedAtMs: NOW - MINUTE,
  } as const
  const spot = (source: string, value: number) =>
    ({ kind: 'spot', source, pair: 'BTC-USD', price: value, observedAtMs, quality: 'live' }) as const
  return {
    spots: [spot('coinbase', 85_866.185), spot('kraken', 85_861.2), spot('bitstamp', 85_864)],
    lastSpot: null,
    difficulty: { ...network, height: null, difficulty: 132_716_002_350_731.3, feesBtcPerBlock: null },
    fees: { ...network, height: null, difficulty: null, feesBtcPerBlock: 0.0140726 },
    height: { ...network, height: 921_600, difficulty: null, feesBtcPerBlock: null },
    series: (key) => ({ prices: key.market === 'rt' ? (o.prices ?? [price(NOW - QUARTER, 31)]) : [], starts: new Set() }),
  }
}
const planner = (o: { heard: Heard; market?: MarketNow; machines?: ReturnType<typeof machine>[]; nowMs?: number }) =>
  makePlanner({
    farm: { sites: [site], machines: o.machines ?? [machine('a')], meters: [] },
    heard: () => o.heard,
    market: () => o.market ?? market(),
    limitsOf: () => ({ staleAfterMs: 25 * MINUTE, deadAfterMs: 60 * MINUTE }),
    pollIntervalMs: () => MINUTE,
    now: () => o.nowMs ?? NOW,
  })
const answered = (ids: string[], more: Parameters<typeof reading>[1] = {}) =>
  new Map(ids.map((id) => [id, { reading: reading(NOW - 5_000, more), receivedAtMs: NOW - 5_000 }]))

test('the recorded inputs of 5 October 2026 make 40.85 USD/PH/day; after fees, cooling and delivery an S21 then breaks even at 85.4 USD/MWh', () => {
  const report = planner({ heard: heard({ machines: answered(['a']) }) }).reports().sites[0]
  expect(report?.hashpriceUsdPerPhDay).toBeCloseTo(40.85, 2)
  // 17.5 J/TH x 1.05 x 24 / 1000 = 0.441 MWh/PH/day; 40.85 x 0.98 x 0.996 / 0.441 = 90.42; less 5 of delivery = 85.42.
  expect(report?.breakEvenPowerPerMwh).toBeCloseTo(85.42, 1)
  expect(report?.recommendation.action).toBe('run')
})

test('the break-even of that report unfolds to the recorded inputs, each with its own source and moment', () => {
  const farm = planner({ heard: heard({ machines: answered(['a']) }) })
  const [explained] = farm.explain(site.id, ['break_even_power_per_mwh'], {}) ?? []
  expect(explained?.value).toBe(farm.reports().sites[0]?.breakEvenPowerPerMwh)
  const coins = explained?.derivation?.inputs.find((x) => x.name === 'btcPerPhDay')?.from
  const inputOf = (name: string) => coins?.inputs.find((x) => x.name === name)
  expect(inputOf('difficulty')).toMatchObject({ value: 132_716_002_350_731.3, origin: { source: 'mempool', observedAtMs: NOW - MINUTE } })
  expect(inputOf('subsidyBtc')?.from?.inputs[0]).toMatchObject({ name: 'height', value: 921_601, origin: { observedAtMs: NOW - MINUTE } })
  expect(farm.explain('atlantis', ['irr'], {})).toBeNull()
})
test('a BTC price too old to act on withdraws the advice and says so; the last value stays', () => {
  const report = planner({ heard: heard({ machines: answered(['a']) }), market: market({ spotAgeMs: 40 * MINUTE }) }).reports()
  const first = report.sites[0]
  expect(report.inputs[0]).toMatchObject({ id: 'btc_price', value: 85_864, freshness: 'dead' })
  expect(first?.recommendation).toMatchObject({ action: 'none', mw: null, savingUsd: null })
  expect(`${first?.recommendation.headline} ${first?.recommendation.reason}`).toContain('BTC price')
  expect(first?.marginPerMwh).toBeNull()
})

test('a machine row shows no margin where the advice it would rest on is withheld; its break-even stays', () => {
  const row = planner({ heard: heard({ machines: answered(['a']) }), market: market({ spotAgeMs: 40 * MINUTE }) }).machine('a')?.row
  expect(row?.breakEvenPerMwh).toBeCloseTo(85.42, 1)
  expect(row?.marginPerMwh).toBeNull()
})

test('a stock Antminer says no watts: 198 of 200 TH/s on a 3,500 W name plate is 3,465 W, marked as name plate', () => {
  const view = machineView(
    { ...machine('a'), nameplateThs: 200, nameplateW: 3500 },
    heard({ machines: answered(['a'], { hashrateThs: 198, wattageW: null, wattageSource: null }) }),
    NOW,
    MINUTE,
  )
  expect(view).toMatchObject({ powerW: 3465, powerSource: 'nameplate', efficiencyJth: 17.5 })
})

test('a power price that stopped an hour ago withdraws the advice', () => {
  const report = planner({
    heard: heard({ machines: answered(['a']) }),
    market: market({ prices: [price(NOW - 90 * MINUTE, 31)] }),
  }).reports().sites[0]
  expect(report?.recommendation.action).toBe('none')
  expect(report?.marketPricePerMwh).toBe(31)
})

test('a price held as suspect stays out of the advice', () => {
  expect(priceNow([price(NOW - 2 * QUARTER, 31), price(NOW - QUARTER, 3100, { quality: 'suspect' })], NOW)?.price).toBe(31)
  expect(priceNow([price(NOW + QUARTER, 40)], NOW)).toBeNull()
})

test('a silent machine is stale with its reason after three polls, and keeps its last figures', () => {
  const view = machineView(
    machine('a'),
    heard({ machines: new Map([['a', { reading: reading(NOW - 4 * MINUTE), receivedAtMs: NOW }]]), misses: new Map([['a', silence]]) }),
    NOW,
    MINUTE,
  )
  expect(view).toMatchObject({ state: 'stale', reason: 'no answer within 5 s', hashrateThs: 200, powerW: 3500 })
  expect(machineView(machine('b'), heard({ misses: new Map([['b', silence]]) }), NOW, MINUTE)).toMatchObject({
    state: 'unknown',
    hashrateThs: null,
    powerW: null,
    observedAtMs: null,
  })
})

test('a rate above 1.5 times the name plate is kept out of every total and named', () => {
  const lying = machineView(machine('a'), heard({ machines: answered(['a'], { hashrateThs: 301 }) }), NOW, MINUTE)
  expect(lying).toMatchObject({ hashrateThs: null, efficiencyJth: null, reason: expect.stringContaining('301 TH/s') })
  expect(
    machineView(machine('a', { nameplateThs: null }), heard({ machines: answered(['a'], { hashrateThs: 2_001 }) }), NOW, MINUTE)
      .hashrateThs,
  ).toBeNull()
  expect(machineView(machine('a'), heard({ machines: answered(['a'], { hashrateThs: 300 }) }), NOW, MINUTE).hashrateThs).toBe(300)
})

test('totals count what was heard and name what was not', () => {
  const machines = ['a', 'b', 'c', 'd'].map((id) => machine(id, id === 'b' ? { curtailment: 'protected' } : {}))
  const known = new Map([...answered(['a', 'b']), ['c', { reading: reading(NOW - 10 * MINUTE), receivedAtMs: NOW }] as const])
  const { totals } = planner({ heard: heard({ machines: known }), machines }).fleet({
    site: null,
    filter: '',
    sort: 'name',
    descending: false,
    offset: 0,
    limit: 10,
  })
  expect(totals).toMatchObject({
    machines: 4,
    reported: 2,
    stale: 1,
    neverHeard: 1,
    hashratePhs: 0.4,
    nameplatePhs: 0.8,
    efficiencyJth: 17.5,
    uneconomicMw: 0,
  })
  // Two of 3,500 W at the site's assumed ratio of 1.05.
  expect(totals.powerMw).toBeCloseTo(0.00735, 9)
  expect(totals.estimatedMw).toBe(0)
  expect(totals.protectedMw).toBeCloseTo(0.003675, 9)
  expect(totals.staleMw).toBeCloseTo(0.003675, 9)
})

test('power of a machine that says no watts is in the total, and in its part that nobody measured', () => {
  const silentAboutPower = answered(['a'], { hashrateThs: 200, wattageW: null, wattageSource: null })
  const { totals } = planner({
    heard: heard({ machines: silentAboutPower }),
    machines: [{ ...machine('a'), nameplateThs: 200, nameplateW: 3500 }],
  }).fleet({ site: null, filter: '', sort: 'name', descending: false, offset: 0, limit: 10 })
  // 3,500 W by name plate at the assumed ratio of 1.05.
  expect(totals.powerMw).toBeCloseTo(0.003675, 9)
  expect(totals.estimatedMw).toBeCloseTo(0.003675, 9)
})

test('where nothing was heard the totals are unknown, not zero', () => {
  const { totals } = planner({ heard: heard() }).fleet({ site: null, filter: '', sort: 'name', descending: false, offset: 0, limit: 10 })
  expect(totals).toMatchObject({
    hashratePhs: null,
    powerMw: null,
    estimatedMw: null,
    efficiencyJth: null,
    uneconomicMw: null,
    neverHeard: 1,
  })
})

const row = (more: Partial<FleetRow>): FleetRow => ({
  id: 'TB-A01-001',
  name: 'TB-A01-001',
  siteId: 'toyah-basin',
  siteName: 'Toyah Basin',
  address: '10.0.0.5:4028',
  family: 'antminer',
  model: 'Antminer S21',
  state: 'hashing',
  reason: null,
  hashrateThs: 200,
  powerW: 3500,
  powerSource: 'reported',
  efficiencyJth: 17.5,
  tempC: 78,
  breakEvenPerMwh: 60,
  marginPerMwh: 20,
  curtailment: 'inherit',
  observedAtMs: 0,
  ...more,
})

test('the filter of the brief: model:S21 temp>75 site:toyah', () => {
  const { matches, problem } = readFilter('model:S21 temp>75 site:toyah')
  expect(problem).toBeNull()
  expect(matches(row({}))).toBe(true)
  expect(matches(row({ tempC: 75 }))).toBe(false)
  expect(matches(row({ model: 'Whatsminer M50S' }))).toBe(false)
  expect(matches(row({ siteId: 'x', siteName: 'Raquette Falls' }))).toBe(false)
})

test('unknown is neither above nor below; quotes hold a name together; bare words look at name, address and model', () => {
  expect(readFilter('temp>0').matches(row({ tempC: null }))).toBe(false)
  expect(readFilter('temp<200').matches(row({ tempC: null }))).toBe(false)
  expect(readFilter('site:"Toyah Basin" margin>=20').matches(row({}))).toBe(true)
  expect(readFilter('10.0.0').matches(row({}))).toBe(true)
  expect(readFilter('whatsminer').matches(row({}))).toBe(false)
  expect(readFilter('  ').matches(row({}))).toBe(true)
})

test('a part that is not understood is named, the rest still applies', () => {
  const { matches, problem } = readFilter('colour:red temp>hot constructor:x state:stale')
  expect(problem).toMatch(/Not understood: colour:red temp>hot constructor:x/)
  expect(matches(row({ state: 'stale' }))).toBe(true)
  expect(matches(row({ state: 'hashing' }))).toBe(false)
})
