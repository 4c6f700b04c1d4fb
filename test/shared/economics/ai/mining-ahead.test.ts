import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { readSiteFile } from '#shared/decision/site-file.ts'
import type { ConversionOverrides } from '#shared/economics/ai/conversion-case.ts'
import { byMonthOfEras, miningAhead, miningEras } from '#shared/economics/ai/mining-ahead.ts'
import { siteRoi } from '#shared/economics/ai/site-roi.ts'
import { siteReport } from '#shared/economics/site/site-report.ts'
import { farm, hourly, NOW, s21s, site } from '../site/farm.ts'
import { value } from '../value.ts'

/** One MW that earns 100 at a tariff of 40: $60 x 730.5 h = $43,830. The halving of 2028 comes 1,000 blocks into month 1. */
const given = {
  contractType: 'fixed' as const,
  tariffPerMWh: 40,
  avoidableAdderPerMWh: 0,
  loads: [{ id: 'a', runningMW: 1, revenuePerMWh: 100 }],
  prices: [],
  startHeight: 1_050_000 - 4383 - 1000,
  feesPerBlockBtc: 0.025,
  networkElasticity: 0,
  displacedShare: 1,
  months: 3,
}
const months = (more: Partial<Parameters<typeof miningAhead>[0]>) =>
  value(miningAhead({ ...given, ...more })).miningCashMarginPerMWByMonth ?? []

test('a halving that nobody answers: 3.15 BTC become 1.5875, $60 of margin $10.40, and the month between has of each its blocks', () => {
  // 100 x 1.5875 / 3.15 = 50.3968; x 730.5 after the tariff: 7,594.88. (1,000 x 43,830 + 3,383 x 7,594.88) / 4,383.
  const [before, between, after] = months({})
  expect(before).toBe(43_830)
  expect(between).toBeCloseTo(15_862.08, 1)
  expect(after).toBeCloseTo(7594.88, 2)
})
test('with an elasticity of 0.6 the others’ leaving gives part of it back: 0.50397^0.625 = 0.6516, a margin of $25.16', () => {
  const [before, , after] = months({ networkElasticity: 0.6 })
  expect(before).toBe(43_830)
  expect((after ?? 0) / 730.5).toBeCloseTo(25.163, 3)
})
test('of a converted MW, what mines today is given up: a tenth of it', () =>
  expect(months({ displacedShare: 0.1 })[0]).toBeCloseTo(4383, 9))
test('after a halving the fleet stands still in hours that it ran in before, and loses nothing there', () => {
  // 100 against 20 and 80: (80 + 20) / 2. 50.40 against them: (30.40 + 0) / 2, not (30.40 − 29.60) / 2.
  const [before, , after] = months({
    contractType: 'index',
    prices: [20, 80].map((pricePerMWh) => ({ hours: 1, pricePerMWh })),
  })
  expect(before).toBe(50 * 730.5)
  expect((after ?? 0) / 730.5).toBeCloseTo(15.1984, 4)
})
test('a tariff that a halved block does not pay for is a fleet that stands still: nothing, not a loss', () =>
  expect(months({ tariffPerMWh: 60 })).toEqual([40 * 730.5, expect.any(Number), 0]))
test('fifteen years from block 941,473 hold four halvings, in months 24, 72, 120 and 168', () => {
  // 108,527 blocks / 4,383 = 24.76; each era is 47.91 months.
  const eras = miningEras({ startHeight: 941_473, feesPerBlockBtc: 0 }, 181, 0) ?? []
  expect(eras.map((e) => e.fromMonth)).toEqual([0, 24, 72, 120, 168])
  expect(eras.map((e) => e.hashpriceFactor)).toEqual([1, 1 / 2, 1 / 4, 1 / 8, 1 / 16])
})
test('past the last subsidy nothing is told: the months are refused by name', () => {
  expect(miningEras({ startHeight: 6_929_000, feesPerBlockBtc: 0.1 }, 12, 0.6)).toBeNull()
  expect(miningAhead({ ...given, startHeight: 6_929_000 })).toMatchObject({ ok: false, failure: { field: 'months' } })
})
test('1,000 blocks of 12 and 3,383 of 4 are a month of 5.825', () =>
  expect(byMonthOfEras(1_049_000, 2, [12, 4])).toEqual([expect.closeTo(5.8252, 4), 4]))
property.prop([fc.integer({ min: 0, max: 6_000_000 }), fc.integer({ min: 1, max: 200 }), fc.double({ min: 0, max: 3, noNaN: true })])(
  'the coins of the months are those of their blocks, wherever the halvings fall',
  (startHeight, count, feesPerBlockBtc) => {
    const eras = miningEras({ startHeight, feesPerBlockBtc }, count, 0) ?? []
    const ofMonths =
      byMonthOfEras(
        startHeight,
        count,
        eras.map((e) => e.subsidyBtc),
      ).reduce((a, b) => a + b, 0) * 4383
    let ofBlocks = 0
    for (let h = startHeight; h < startHeight + count * 4383; ) {
      const until = Math.min(startHeight + count * 4383, (Math.floor(h / 210_000) + 1) * 210_000)
      ofBlocks += ((until - h) * Math.floor(5e9 / 2 ** Math.floor(h / 210_000))) / 1e8
      h = until
    }
    expect(Math.abs(ofMonths - ofBlocks)).toBeLessThan(1e-6 * Math.max(1, ofBlocks))
  },
)

/** The paper farm's S21 alone: $100/MWh at 0.4 of 12 MW, a day of prices. */
const prices = hourly(...Array.from({ length: 24 }, (_, k) => 20 + 3 * k))
const at = (overrides: ConversionOverrides = {}, height: number | null = 970_000) =>
  siteReport(
    farm(40, {
      machines: s21s(),
      market: { ...farm(40).market, height },
      powerHistory: { prices, source: 'ercot.real-time' },
      overrides,
    }),
  ).ai
const figures = (report: ReturnType<typeof at>) => {
  if (report.figures === null) throw new Error(report.sentence)
  return report.figures
}
const assumption = (report: ReturnType<typeof at>, id: string) => report.assumptions.find((a) => a.id === id)

test('the report takes the halvings off mining on: what is given up is worth less, and cash falls from year to year with them', () => {
  const report = at()
  const f = figures(report)
  const typed = figures(at({ miningCashMarginPerMwMonthUsd: Number(assumption(report, 'miningCashMarginPerMwMonthUsd')?.value) }))
  expect(f.npvKeepMiningUsd).toBeLessThan(0.7 * typed.npvKeepMiningUsd)
  expect(f.npvUsd - typed.npvUsd).toBeCloseTo(typed.npvKeepMiningUsd - f.npvKeepMiningUsd, 3)
  expect(f.npvProjectUsd).toBe(typed.npvProjectUsd)
  expect(assumption(report, 'networkElasticity')).toMatchObject({
    value: 0.6,
    source: expect.stringContaining('halvings in months 18, 66, 114, 161 from block 970,001'),
  })
  // Rigid, the others stay and hashprice falls all the way.
  expect(figures(at({ networkElasticity: 0 })).npvKeepMiningUsd).toBeLessThan(f.npvKeepMiningUsd)
})
test('a margin that a person typed is the same in every month, and both assumptions say so', () => {
  const report = at({ miningCashMarginPerMwMonthUsd: 1000 })
  const { cashByYear } = figures(report)
  expect(cashByYear[5]?.miningUsd).toBe(12 * 12 * 1000)
  expect(cashByYear[9]?.miningUsd).toBe(12 * 12 * 1000)
  expect(assumption(report, 'miningCashMarginPerMwMonthUsd')?.source).toContain('the same in every month')
  expect(assumption(report, 'networkElasticity')?.source).toContain('not used: the typed mining margin')
  expect(figures(report).tornado.some((t) => t.id === 'networkElasticity')).toBe(false)
})
test('the tornado moves all months of mining together, and the elasticity from 0.2 to 1.2', () => {
  const report = at()
  const { tornado, npvProjectUsd, npvKeepMiningUsd } = figures(report)
  const margin = tornado.find((t) => t.id === 'miningCashMarginPerMwMonthUsd')
  const today = Number(assumption(report, 'miningCashMarginPerMwMonthUsd')?.value)
  expect(margin?.npvLowUsd).toBeCloseTo(npvProjectUsd, 3)
  expect(margin?.npvHighUsd).toBeCloseTo(npvProjectUsd - (npvKeepMiningUsd * (margin?.high ?? 0)) / today, 2)
  const elasticity = tornado.find((t) => t.id === 'networkElasticity')
  expect(elasticity).toMatchObject({ low: 0.2, high: 1.2 })
  // The more of the others leave, the more mining on keeps.
  expect(elasticity?.npvHighUsd).toBeLessThan(elasticity?.npvLowUsd ?? 0)
})

/** The same site as a file of the command line. */
const file = (more: object = {}) => {
  const p = site.profile
  const read = readSiteFile({
    site: { name: 'Paper Flat', time_zone: 'America/Chicago', max_mw: 12 },
    contract: { type: 'index' },
    groups: [{ id: 's21', mw: 0.4, revenue_per_mwh: 100 }],
    interval_hours: 1,
    prices: prices.map((x) => x.price),
    profile: {
      fiber_rtt_ms: p.fiberRttMs,
      diverse_fiber_routes: p.diverseFiberRoutes,
      firm_share: p.firmShare,
      firm_mw: p.firmMw,
      interconnect_months: p.interconnectMonths,
      substation_feeds: p.substationFeeds,
      design_wet_bulb_c: p.designWetBulbC,
      region_score: p.regionScore,
      backup_generation: p.backupGeneration,
      permanent_site: p.permanentSite,
    },
    block_height: 970_000,
    network: { difficulty: 201_165_676_116_943.38, fees_per_block_btc: 0.075 },
    ...more,
  })
  if (!read.ok) throw new Error(read.failure.message)
  return value(siteRoi(read.value.file, NOW))
}
test('a site file and the same site polled come to the same figures', () => {
  const ofFile = file().report.figures
  const polled = figures(at())
  for (const key of ['npvUsd', 'npvKeepMiningUsd', 'npvProjectUsd', 'breakEvenLeasePerKwMonthUsd'] as const)
    expect(Math.abs((ofFile?.[key] ?? 0) / (polled[key] ?? 1) - 1), key).toBeLessThan(1e-9)
})
test('without a block height mining on stays at today’s hashprice, in the report and in a file, and says so', () => {
  const ofFile = file({ block_height: null })
  const constant = at({ miningCashMarginPerMwMonthUsd: Number(assumption(ofFile.report, 'miningCashMarginPerMwMonthUsd')?.value) })
  expect(ofFile.keepMining).toBeNull()
  expect((ofFile.report.figures?.npvKeepMiningUsd ?? 0) / figures(constant).npvKeepMiningUsd).toBeCloseTo(1, 9)
  expect(assumption(ofFile.report, 'miningCashMarginPerMwMonthUsd')?.source).toContain('no halving is taken off')
  expect(assumption(ofFile.report, 'networkElasticity')?.source).toContain('the block height is not known')
  // A polled site without a height has no subsidy, so no hashprice either.
  expect(at({}, null).figures).toBeNull()
})
test('a file that names no height counts the blocks from its date, and lists that', () => {
  // 24 Nov 2026 is 948.94 days after block 840,000: 136,647 blocks.
  const roi = file({ block_height: undefined })
  expect(roi.assumed.find((n) => n.field === 'block_height')?.reason).toMatch(/^976,64\d: 144 blocks a day since block 840,000/)
})
