import { expect, test } from 'vitest'
import { makeDrawRuns } from '#electron/planner/draw-runs.ts'
import { drawsBehind } from '#electron/planner/draws-behind.ts'
import type { DrawsProgress } from '#shared/decision/draws.ts'
import type { ConversionOverrides } from '#shared/economics/ai/conversion-case.ts'
import { conversionDraws } from '#shared/economics/ai/conversion-draws.ts'
import { siteDraws } from '#shared/economics/site/site-draws.ts'
import { siteReport } from '#shared/economics/site/site-report.ts'
import { DAY_MS, HOUR_MS } from '#shared/time.ts'
import { machines, market, meterInput, powerPrice, settledPrices, sites } from '../../fakes/bridge-farm.ts'

const NOW = Date.UTC(2026, 10, 24, 22, 42)
const ages = { btcMs: 40_000, priceMs: 11 * 60_000, northMs: 8 * 60_000 }

/** The invented farm, its prices as of a moment. */
const inputOf = (siteId: string, overrides: ConversionOverrides, atMs = NOW) => {
  const site = sites.find((s) => s.id === siteId)
  if (site === undefined) return null
  const own = machines(NOW).filter((m) => m.siteId === siteId)
  return {
    site,
    machines: own,
    market: market(NOW, ages),
    price: powerPrice(site, NOW, ages),
    forward: [],
    meter: meterInput(site, own, NOW),
    powerHistory: { prices: site.settlement ? settledPrices(siteId, atMs - 30 * DAY_MS, atMs) : [], source: 'recorded' },
    overrides,
    nowMs: NOW,
    pollIntervalMs: 30_000,
  }
}
const runsOf = (onProgress?: (siteId: string, working: DrawsProgress | null) => void) => {
  let clock = 0
  return makeDrawRuns({
    sources: (siteId, overrides, atMs) => {
      const given = inputOf(siteId, overrides, atMs)
      return given === null ? null : siteDraws(given)
    },
    now: () => NOW,
    monotonic: () => (clock += 100),
    ...(onProgress === undefined ? {} : { onProgress }),
  })
}
const toyah = { siteId: 'toyah-basin', overrides: {}, draws: 600, seed: 7 }

test('draws made on threads beside the engine are those of the model on the report’s own assumptions, told as they grow', async () => {
  const told: (DrawsProgress | null)[] = []
  const runs = runsOf((_, working) => told.push(working))
  const made = await runs.run(toyah)
  const given = inputOf('toyah-basin', {})
  if (given === null || !made.ok || made.value === null) throw new Error('no run')
  const { inputs, report } = siteDraws(given)
  if (inputs === null) throw new Error('no inputs')
  const here = conversionDraws({ ...inputs, draws: 600, seed: 7 })
  if (!here.ok) throw new Error(here.failure.message)
  expect(made.value.npv).toMatchObject({ p10Usd: here.value.npvIncremental.p10Usd, p90Usd: here.value.npvIncremental.p90Usd })
  expect(made.value).toMatchObject({ draws: 600, seed: 7, enteredNpvUsd: siteReport(given).ai.figures?.npvUsd, asOfMs: NOW })
  expect(report.figures?.npvUsd).toBe(made.value.enteredNpvUsd)
  expect(made.value.bins.reduce((n, b) => n + b.count, 0)).toBe(600)
  // Three chunks of 250, then the end.
  expect(told.map((w) => w?.share ?? null)).toEqual([1 / 3, 2 / 3, 1, null])
})

test('a run stays with its assumptions: another lease makes it another’s, taking it back makes it current, a later price history only moves it', async () => {
  const runs = runsOf()
  await runs.run(toyah)
  expect(runs.state('toyah-basin', {})).toMatchObject({ standing: 'same', changes: [], working: null })
  expect(runs.state('toyah-basin', { leasePerKwMonthUsd: 190 })).toMatchObject({
    standing: 'other',
    changes: [{ id: 'leasePerKwMonthUsd', was: 135, now: 190 }],
  })
  expect(runs.state('toyah-basin', { leasePerKwMonthUsd: undefined })).toMatchObject({ standing: 'same' })
  expect(runs.state('toyah-basin', {}, NOW - 9 * HOUR_MS)).toMatchObject({ standing: 'moved', run: { seed: 7 } })
  expect(runs.state('raquette-falls', {})).toMatchObject({ run: null, standing: null })
})

test('one site has one run: a second ends the first, and Cancel ends the second without a trace', async () => {
  const runs = runsOf()
  const first = runs.run({ ...toyah, draws: 200_000 })
  const second = runs.run({ ...toyah, draws: 200_000, seed: 8 })
  expect(await first).toMatchObject({ ok: false, failure: { kind: 'cancelled' } })
  expect(runs.state('toyah-basin', {})).toMatchObject({ working: { seed: 8 }, run: null })
  expect(runs.cancel('toyah-basin')).toBe(true)
  expect(await second).toMatchObject({ ok: false, failure: { kind: 'cancelled' } })
  expect(runs.state('toyah-basin', {})).toMatchObject({ working: null, run: null, problem: null })
  expect(runs.cancel('toyah-basin')).toBe(false)
})

test('no draws of a conversion that a gate forbids: the sentence of the report says why', async () => {
  const runs = runsOf()
  expect(await runs.run({ ...toyah, siteId: 'little-muddy' })).toEqual({ ok: true, value: null })
  expect(runs.state('little-muddy', {})).toMatchObject({ refused: expect.stringContaining('firm power 0.9 MW'), run: null })
  expect(runs.start({ ...toyah, siteId: 'atlantis' })).toBeNull()
})

test('a memo prints the run of its own assumptions, and none of others', async () => {
  const runs = runsOf()
  await runs.run({ ...toyah, overrides: { leasePerKwMonthUsd: 190 } })
  const reportOf = (overrides: ConversionOverrides) => {
    const given = inputOf('toyah-basin', overrides)
    return given === null ? [] : [siteReport(given)]
  }
  const behind = (overrides: ConversionOverrides, wanted: { draws: number; seed: number } | null) =>
    drawsBehind({ runs, reports: reportOf(overrides), overrides, wanted })
  expect(await behind({}, null)).toEqual({ ok: true, value: [] })
  expect(await behind({ leasePerKwMonthUsd: 190 }, null)).toMatchObject({ value: [{ standing: 'same', run: { seed: 7 } }] })
  expect(await behind({}, { draws: 300, seed: 3 })).toMatchObject({ value: [{ standing: 'same', run: { seed: 3, draws: 300 } }] })
})
