/**
 * The whole chain with one machine: a recorded reply over a socket, its driver, SQLite, the economics, the memo's page.
 * On paper:
 * - The reply says 112.2 TH/s (`HS RT`) and 3,310 W: 29.5009 J/TH. No meter, overhead 1.05, so 0.0034755 MW at the site.
 * - Difficulty 201,165,676,116,943.38 is one block in 10,000 days for 1 PH/s. A block pays 3.125 + 0.075 BTC at $150,000:
 *   hashprice 0.0001 x 3.2 x 150,000 = $48.00/PH/day.
 * - Pool fee 2 %, stale 0.4 %: 48 x 0.98 x 0.996 = $46.8518 is left.
 * - Energy of a PH-day: 29.5009 x 1.05 x 24 / 1000 = 0.743422 MWh; 46.8518 / 0.743422 = $63.02/MWh earned.
 * - Less $5 avoidable delivery: break-even $58.02/MWh. Power is at $80: a stop saves (80 - 58.02) x 0.0034755 = $0.08 an hour.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readDevice } from '#electron/drivers/read-device.ts'
import { deviceEgress } from '#electron/net/egress.ts'
import { openRecordedFarm } from '#electron/planner/from-store.ts'
import { openStore } from '#electron/store/open.ts'
import { evaluateModel } from '#shared/economics/adapter.ts'
import type { FeedDocument, FeedRow } from '#shared/market/rows.ts'
import { headlineFigures } from '#shared/memo/derivation-page.ts'
import { memoStatement } from '#shared/memo/statement.ts'
import { MINUTE_MS } from '#shared/time.ts'
import { cgminerDevice } from '../fakes/device.ts'
import { recording } from '../fakes/recording.ts'
import { machine, site } from './store/sample.ts'

const NOW = Date.UTC(2026, 10, 24, 22, 42)
const at = { observedAtMs: NOW - MINUTE_MS, quality: 'live' } as const

const network = (more: object) =>
  ({
    kind: 'network',
    source: 'mempool',
    height: null,
    difficulty: null,
    nextChange: null,
    nextRetargetAtMs: null,
    hashrateEhs: null,
    feesBtcPerBlock: null,
    ...at,
    ...more,
  }) as const
const market: readonly FeedRow[] = [
  ...['coinbase', 'kraken', 'bitstamp'].map((source) => ({ kind: 'spot', source, pair: 'BTC-USD', price: 150_000, ...at }) as const),
  network({ difficulty: 201_165_676_116_943.38 }),
  network({ feesBtcPerBlock: 0.075 }),
  network({ height: 969_999 }),
  {
    kind: 'power_price',
    source: 'ercot',
    location: 'LZ_WEST',
    market: 'rt',
    intervalStartMs: NOW - 12 * MINUTE_MS,
    intervalEndMs: NOW + 3 * MINUTE_MS,
    pricePerMwh: 80,
    currency: 'USD',
    publishedAtMs: NOW - 12 * MINUTE_MS,
    quality: 'live',
  },
]

test('from a recorded reply to the memo: 112.2 TH/s at 3,310 W bear $58.02/MWh, and at $80 the memo says stop', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'hashyard-chain-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  const device = await cgminerDevice({ answers: recording('whatsminer/btminer-2.0/hashing.json').responses })
  onTestFinished(device.close)

  const reading = await readDevice({
    address: { host: '127.0.0.1', apiPort: device.port, webPort: null },
    family: null,
    egress: deviceEgress({ allows: () => true, allowLoopback: true }),
    deadlineMs: 3_000,
    now: () => NOW - 20_000,
  })
  if (!reading.ok) throw new Error(reading.failure.message)
  expect([reading.value.hashrateThs, reading.value.wattageW]).toEqual([112.2, 3310])

  const opened = openStore({ dataDir, demo: false, readOnly: false, nowMs: NOW })
  if (!opened.ok) throw new Error(opened.failure.message)
  const store = opened.value
  const m = machine('a', { family: 'whatsminer', model: 'Whatsminer M30S++', nameplateThs: 112, nameplateW: 3472 })
  await store.farm.define({ sites: [site], machines: [m], meters: [] }, NOW)
  const document: FeedDocument = { rows: market, problems: [], coverage: null }
  await store.market.append(document, NOW - MINUTE_MS)
  await store.sweeps.commit({
    startedAtMs: NOW - 21_000,
    finishedAtMs: NOW - 20_000,
    intervalMs: MINUTE_MS,
    machines: [{ machineId: 'a', siteId: site.id, receivedAtMs: NOW - 20_000, outcome: { reading: reading.value } }],
    meters: [],
  })
  store.close()

  const farm = await openRecordedFarm({ dataDir, demo: false, now: () => NOW })
  if (!farm.ok) throw new Error(farm.failure.message)
  onTestFinished(farm.value.close)
  const reports = farm.value.planner.reports().sites
  const [report] = reports
  expect(report?.hashpriceUsdPerPhDay).toBeCloseTo(48, 6)
  expect(report?.breakEvenPowerPerMwh).toBeCloseTo(58.02, 2)
  expect(report?.powerMw).toBeCloseTo(0.0034755, 7)

  const explained = reports.flatMap((r) => farm.value.planner.explain(r.id, headlineFigures, {}, r.asOfMs) ?? [])
  const statement = memoStatement({
    reports,
    explained,
    draws: [],
    scenarios: [],
    sources: farm.value.sources(),
    nowMs: NOW,
    version: 'test',
    demo: false,
  })
  expect(statement.title).toContain('while power is worth more than $58.02/MWh')
  const verdict = statement.sections[0]?.blocks.find((b) => b.kind === 'verdict')
  expect(verdict?.kind === 'verdict' && verdict.figure).toBe('$0.08')

  // The paper unfolds that figure to the device's own reading: 3,310 W / 112.2 TH/s = 29.50089 J/TH.
  const appendix = statement.sections.at(-1)?.blocks[0]
  const rows = appendix?.kind === 'table' ? appendix.rows.map((r) => r.cells.map((c) => c.trim())) : []
  expect(rows.find(([name]) => name === 'efficiencyJTH')?.[1]).toBe('29.50089 J/TH')
  expect(rows.at(-1)).toEqual(['breakEvenPowerPerMWh', '58.02182 USD/MWh', 'revenuePerMWh − otherVariablePerMWh'])

  // The command line's model gives the same figure for the same inputs.
  const answer = evaluateModel({
    module: 'breakeven',
    fn: 'groupBreakEven',
    inputs: {
      efficiencyJTH: 3310 / 112.2,
      overheadRatio: 1.05,
      powerPricePerMWh: 80,
      otherVariablePerMWh: 5,
      poolFee: 0.02,
      stale: 0.004,
      btcPerPhDay: 0.0001 * 3.2,
      btcPriceUsd: 150_000,
    },
  })
  expect(answer).toMatchObject({ breakEvenPowerPerMWh: expect.closeTo(report?.breakEvenPowerPerMwh ?? 0, 6) })
})
