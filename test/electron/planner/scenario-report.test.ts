import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MarketNow } from '#electron/planner/market-now.ts'
import { makeScenarioReports } from '#electron/planner/scenario-report.ts'
import type { SiteScenarios } from '#shared/economics/site/site-scenarios.ts'

const NOW = Date.UTC(2026, 10, 24, 22, 42)
const network = {
  kind: 'network',
  source: 'mempool',
  nextChange: null,
  nextRetargetAtMs: null,
  hashrateEhs: null,
  quality: 'live',
  observedAtMs: NOW,
} as const
const spot = (source: string) => ({ kind: 'spot', source, pair: 'BTC-USD', price: 71_000, observedAtMs: NOW, quality: 'live' }) as const
const market: MarketNow = {
  spots: [spot('coinbase'), spot('kraken'), spot('bitstamp')],
  lastSpot: null,
  difficulty: { ...network, height: null, difficulty: 133.79e12, feesBtcPerBlock: null },
  fees: { ...network, height: null, difficulty: null, feesBtcPerBlock: 0.025 },
  height: { ...network, height: 941_472, difficulty: null, feesBtcPerBlock: null },
  series: () => ({ prices: [], starts: new Set() }),
}
/** 1,000 PH/s at 20 J/TH and 50 USD/MWh: break-even at 20 x 24 / 1000 x 50 = 24 USD/PH/day. */
const site: SiteScenarios = {
  fleet: {
    groups: [
      {
        id: 'a',
        hashratePHs: 1000,
        efficiencyJTH: 20,
        overheadRatio: 1,
        powerPricePerMWh: 50,
        otherVariablePerMWh: 0,
        marketPriced: false,
      },
    ],
    poolFee: 0,
    stale: 0,
  },
  months: 12,
  conversion: null,
  interconnectMW: 20,
  powerPricePerMWh: 50,
  leasePerKwMonth: 135,
  noConversion: 'Do not convert: no diverse fibre route, 1 needed.',
}
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hashyard-scenarios-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))
const reports = (o: { site?: SiteScenarios | null; market?: MarketNow } = {}) =>
  makeScenarioReports({
    planner: { scenarios: (id) => (id === 'north' ? { site: o.site === undefined ? site : o.site, asOfMs: NOW } : null) },
    market: () => o.market ?? market,
    folder,
    simulated: false,
  })

test('today goes on: a hashprice of 33.63 from the figures of the founding note, against a break-even of 24', async () => {
  const report = await reports().report('north', {})
  if (!report.ok) throw new Error(report.failure.message)
  const [today, ...library] = report.value.rows
  // 0.00015036 coins x 3.15 x 71,000.
  expect(today).toMatchObject({ id: 'today', file: null, problem: null })
  expect(today?.figures?.hashpriceFirstUsd).toBeCloseTo(33.63, 1)
  expect(today?.figures?.breakEvenFirstUsd).toBeCloseTo(24, 9)
  expect(today?.figures).toMatchObject({ monthsBelowBreakEven: 0, npvIncrementalUsd: null })
  expect(library).toHaveLength(14)
  expect(report.value).toMatchObject({ months: 12, noConversion: site.noConversion, problems: [] })
  expect(report.value.fleetMw).toBeCloseTo(20, 9)
  expect(report.value.base).toContainEqual({ field: 'networkEHs', value: expect.closeTo(957.7, 1), source: 'as the difficulty implies' })
})
test('a person’s own scenario stands in the table; a file that is none is named with its mistake', async () => {
  await mkdir(folder, { recursive: true })
  await writeFile(
    join(folder, 'crash.json'),
    JSON.stringify({ id: 'crash', title: 'A coin at half', source: 'me', horizonMonths: 12, pins: { btcPriceUsd: 35_500 } }),
  )
  await writeFile(join(folder, 'bad.json'), '{"id":"bad","title":"x","source":"y","horizonMonths":0}')
  const report = await reports().report('north', {})
  if (!report.ok) throw new Error(report.failure.message)
  const own = report.value.rows.at(-1)
  expect(own).toMatchObject({ id: 'crash', file: join(folder, 'crash.json') })
  // Half of 33.63 is below 24 in every month that the network has not left.
  expect(own?.figures?.monthsBelowBreakEven).toBeGreaterThan(0)
  expect(report.value.problems).toEqual([{ file: join(folder, 'bad.json'), reason: expect.stringContaining('horizonMonths') }])
})
test('without a price there is no today to start from, without a machine no fleet, without the site nothing', async () => {
  expect(await reports({ market: { ...market, spots: [] } }).report('north', {})).toMatchObject({
    ok: false,
    failure: { kind: 'stale', message: expect.stringContaining('the BTC price is not known yet') },
  })
  expect(await reports({ site: null }).report('north', {})).toMatchObject({
    ok: false,
    failure: { message: expect.stringContaining('hashes') },
  })
  expect(await reports().report('south', {})).toMatchObject({ ok: false, failure: { kind: 'not-found', field: 'site' } })
})
