import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { ConversionReport } from '#shared/decision/conversion.ts'
import type { ConversionOverrides } from '#shared/economics/ai/conversion-case.ts'
import type { MiningBasis } from '#shared/economics/ai/conversion-defaults.ts'
import { conversionReport } from '#shared/economics/ai/conversion-report.ts'
import { siteReport } from '#shared/economics/site/site-report.ts'
import { btcPrice, farm, hourly, NOW, s21s, site } from '../site/farm.ts'

const mining: MiningBasis = {
  runningMw: 3,
  marginPerRunningMwMonthUsd: 12_000,
  efficiencyJth: 20,
  overheadRatio: 1,
  powerPricePerMwh: 45,
  source: 'Mean of ERCOT LZ_WEST, 1 Nov 2026 to 24 Nov 2026',
  observedAtMs: NOW,
}
/** 10 MW, PUE 1, $12M in month 0, $1M of rent in months 1 to 12, no discount: worth exactly nothing by itself. */
const plain: ConversionOverrides = {
  gridMw: 10,
  pue: 1,
  capexPerItMwUsd: 1_200_000,
  leasePerKwMonthUsd: 100,
  escalatorAnnual: 0,
  opexPerItMwMonthUsd: 0,
  discountRateAnnual: 0,
  startMonth: 0,
  buildMonths: 1,
  rampMonths: 0,
  horizonMonths: 12,
}
const of = (overrides: ConversionOverrides, basis: MiningBasis = mining, where = site) =>
  conversionReport({ site: where, overrides, mining: basis })
const figures = (overrides: ConversionOverrides, basis: MiningBasis = mining) => {
  const { figures: f, sentence } = of(overrides, basis)
  if (f === null) throw new Error(sentence)
  return f
}
const assumption = (report: ConversionReport, id: string) => report.assumptions.find((a) => a.id === id)

test('10 of 12 MW converted where 3 mine displace 1 MW: $12,000 a month, $1,200 per converted MW', () => {
  const report = of(plain)
  expect(assumption(report, 'miningCashMarginPerMwMonthUsd')).toMatchObject({
    value: 1200,
    quality: 'estimated',
    overridden: false,
    source: expect.stringContaining('1.0 of 10.0 converted MW mine today'),
  })
  // 12,000 a month over months 0 to 12.
  expect(figures(plain).npvKeepMiningUsd).toBeCloseTo(156_000, 6)
})
test('against mining it is worth $156,000 less, breaks even at $101.30, and the verdict is to keep mining', () => {
  const report = of(plain)
  expect(report).toMatchObject({
    verdict: 'KEEP_MINING',
    sentence: 'Keep mining: at $100.00/kW-month converting is worth $156K less than mining on; do not sign a lease below $101.30/kW-month.',
  })
  expect(report.figures).toMatchObject({
    itMw: 10,
    totalCapexUsd: 12_000_000,
    npvUsd: expect.closeTo(-156_000, 6),
    npvProjectUsd: expect.closeTo(0, 6),
    breakEvenLeasePerKwMonthUsd: expect.closeTo(101.3, 9),
    noiMargin: 1,
    yieldOnCost: 1,
    lowestCashUsd: -12_000_000,
    lowestCashMonth: 0,
    paybackMonths: null,
  })
})
test('at $120 it is worth $2.24M more, and the sentence says what not to sign', () => {
  // 12 x 1.2M − 12M − 0.156M
  const report = of({ ...plain, leasePerKwMonthUsd: 120 })
  expect(report.figures?.npvUsd).toBeCloseTo(2_244_000, 6)
  expect(report.verdict).toBe('CANDIDATE')
  expect(report.sentence).toBe(
    'Do not sign a lease below $101.30/kW-month: at $120.00/kW-month converting is worth $2.24M more than mining on.',
  )
})
test('a margin of 82 % is a yield of less: capital is in the one and not in the other', () => {
  const f = figures({})
  expect(f.noiMargin).toBeGreaterThan(0.8)
  expect(f.yieldOnCost).toBeLessThan(0.2)
})
test('margin and yield are those of the first year at full rent, worked for one IT MW of the defaults', () => {
  // Ready in month 15, full rent from 17 to 28. Rent 10 x 135,000 + 2 x 139,050 = 1,628,100; cost without power
  // 7 x 24,300 x 1.025 + 5 x 24,300 x 1.050625 = 302,003; NOI 1,326,097 of 1,628,100 and on $10.5M.
  const f = figures({})
  expect(f.noiMargin).toBeCloseTo(0.8145, 4)
  expect(f.yieldOnCost).toBeCloseTo(0.1263, 4)
})
test('a horizon without a whole year at full rent has neither', () => {
  expect(figures({ ...plain, buildMonths: 2 }).yieldOnCost).toBeNull()
})
test('cash by year holds every month once, month 12 with the first year', () => {
  const f = figures(plain)
  expect(f.cashByYear).toEqual([{ year: 1, projectUsd: expect.closeTo(0, 6), miningUsd: expect.closeTo(156_000, 6) }])
  expect(f.cumulativeUsd).toHaveLength(13)
  expect(f.cumulativeUsd.at(-1)).toBeCloseTo(-156_000, 6)
  expect(figures({}).cashByYear).toHaveLength(15)
})
test('parity: a MW of today’s fleet would need $21.60/PH/day to be worth as much as a project worth nothing', () =>
  // (0 / 730.5 + 45) x 0.48
  expect(figures(plain).parityHashpriceUsd).toBeCloseTo(21.6, 9))
test('the tornado runs each main assumption through its range, largest swing first', () => {
  const { tornado } = figures({})
  expect(tornado.length).toBeGreaterThanOrEqual(8)
  const swings = tornado.map((t) => Math.abs(t.npvHighUsd - t.npvLowUsd))
  expect(swings).toEqual([...swings].sort((a, b) => b - a))
  expect(tornado.find((t) => t.id === 'leasePerKwMonthUsd')).toMatchObject({ low: 100, high: 190, unit: '$/kW-month' })
  // At its own value each input gives the base again: the lease at $135 in a range of 135 to 190.
  expect(figures({ leasePerKwMonthUsd: 190 }).npvUsd).toBeCloseTo(tornado.find((t) => t.id === 'leasePerKwMonthUsd')?.npvHighUsd ?? 0, 3)
})

test('every assumption has a source, a default and the value of a person in its place', () => {
  const report = of({ leasePerKwMonthUsd: 150 })
  expect(report.assumptions).toHaveLength(22)
  expect(report.assumptions.every((a) => a.source.length > 0)).toBe(true)
  expect(assumption(report, 'leasePerKwMonthUsd')).toMatchObject({ value: 150, defaultValue: 135, overridden: true, quality: 'overridden' })
  expect(assumption(report, 'pue')).toMatchObject({ value: 1.25, overridden: false, source: 'Hashyard default, range 1.15–1.45' })
})
test('the building is ready no earlier than the grid: 30 months of queue and 15 of building start in month 15', () =>
  expect(assumption(of({}, mining, { ...site, profile: { ...site.profile, interconnectMonths: 30 } }), 'startMonth')).toMatchObject({
    value: 15,
  }))

const flare = {
  ...site,
  interconnectMw: 0.9,
  profile: { ...site.profile, firmMw: 0.9, firmShare: 0.91, backupGeneration: false, diverseFiberRoutes: 0, permanentSite: false },
}
test('failed gates withdraw the figures and say why, and what would cure each', () => {
  const report = of({}, mining, flare)
  expect(report).toMatchObject({ verdict: 'DO_NOT_CONVERT', figures: null })
  expect(report.sentence).toBe(
    'Do not convert: firm power 0.9 MW, 10 MW needed; firm 91.0 % of hours without backup, 97.0 % needed; no diverse fibre route, 1 needed; not a permanent site. The site stays a miner.',
  )
  expect(report.gates.map((g) => [g.id, g.failed])).toEqual([
    ['FIRM_MW', true],
    ['FIRMNESS', true],
    ['FIBER', true],
    ['INTERCONNECT', false],
    ['PERMANENCE', true],
  ])
  expect(report.gates[0]?.cure).toBe('9.1 MW more of firm capacity from the utility')
})

test('without a hashprice mining on has no value to compare with, and no figure pretends otherwise', () => {
  const report = siteReport(farm(40, { market: { ...farm(40).market, btcPrice: btcPrice(null) } })).ai
  expect(report.figures).toBeNull()
  expect(report.sentence).toBe('No conversion figures: what mining on is worth is not known (the hashprice is not known).')
  expect(assumption(report, 'miningCashMarginPerMwMonthUsd')).toBeUndefined()
})
test('unless a person enters it', () => {
  const unknown = { ...mining, marginPerRunningMwMonthUsd: null }
  const report = of({ miningCashMarginPerMwMonthUsd: 5000 }, unknown)
  expect(report.figures).not.toBeNull()
  expect(assumption(report, 'miningCashMarginPerMwMonthUsd')).toMatchObject({ value: 5000, overridden: true })
})
test('a coin price that is too old to act on is still good enough for fifteen years', () => {
  const old = siteReport(farm(40, { market: { ...farm(40).market, btcPrice: btcPrice(150_000, 40) } }))
  expect(old.recommendation.action).toBe('none')
  expect(old.ai.figures?.npvUsd).toBe(siteReport(farm(40)).ai.figures?.npvUsd)
})
test('machines that fell silent an hour ago still count as what mining is worth', () => {
  const silent = siteReport(farm(40, { machines: s21s({ state: 'stale' }) })).ai
  expect(silent.figures?.npvKeepMiningUsd).toBeCloseTo(siteReport(farm(40, { machines: s21s() })).ai.figures?.npvKeepMiningUsd ?? 0, 3)
})
test('the baseline is the mean over the stored prices, named with their span; without any, the price now', () => {
  const history = { prices: hourly(20, 80), source: 'ercot.real-time' }
  const withHistory = assumption(siteReport(farm(40, { machines: s21s(), powerHistory: history })).ai, 'miningCashMarginPerMwMonthUsd')
  // S21: 80 and 20 an hour, 50 x 730.5 = 36,525 on 0.4 of 12 MW.
  expect(withHistory?.value).toBeCloseTo((36_525 * 0.4) / 12, 6)
  expect(withHistory?.source).toContain('Mean of ERCOT LZ_WEST (ercot.real-time), 24 Nov 2026 to 24 Nov 2026')
  const now = assumption(siteReport(farm(40, { machines: s21s() })).ai, 'miningCashMarginPerMwMonthUsd')
  expect(now?.value).toBeCloseTo((60 * 730.5 * 0.4) / 12, 6)
  expect(now?.source).toContain('Price now only')
})
test('a site where nothing hashes gives nothing up', () =>
  expect(assumption(of({}, { ...mining, runningMw: 0 }), 'miningCashMarginPerMwMonthUsd')).toMatchObject({
    value: 0,
    source: 'No machine hashes: nothing is given up',
  }))

test('a building that is ready after the horizon, a site without grid, more than the grid: said in words', () => {
  expect(of({ horizonMonths: 12, buildMonths: 24 }).sentence).toBe('No conversion figures: the building is ready only after the horizon.')
  expect(of({}, mining, { ...site, interconnectMw: 0 }).sentence).toBe(
    'No conversion figures: an assumption is outside its range: grid power converted.',
  )
  expect(of({ gridMw: 50 }).sentence).toContain('The grid connection delivers 12.0 MW, not 50.0 MW.')
})
test('an undefined override is no override', () =>
  expect(assumption(of({ pue: undefined }), 'pue')).toMatchObject({ overridden: false, value: 1.25 }))

const wild = fc.oneof(fc.double({ noNaN: false }), fc.constantFrom(0, 1, 1e300, 0.5, 12))
property.prop([
  fc.dictionary(
    fc.constantFrom(
      'gridMw',
      'pue',
      'capexPerItMwUsd',
      'leasePerKwMonthUsd',
      'escalatorAnnual',
      'discountRateAnnual',
      'buildMonths',
      'horizonMonths',
      'exitMultipleOfNoi',
      'miningCashMarginPerMwMonthUsd',
      'powerPricePerMwh',
    ),
    wild,
    { maxKeys: 3, noNullPrototype: true },
  ),
])('whatever is entered, the report has figures that are finite or none', (overrides) => {
  const report = conversionReport({ site, overrides, mining })
  expect(ConversionReport.shape.figures.parse(report.figures)).toEqual(report.figures)
  expect(report.sentence.length).toBeGreaterThan(20)
})
property.prop([fc.double({ min: 100, max: 190, noNaN: true }), fc.double({ min: 0.5, max: 40, noNaN: true })])(
  'a higher lease is never worth less',
  (lease, more) => {
    expect(figures({ leasePerKwMonthUsd: lease + more }).npvUsd).toBeGreaterThan(figures({ leasePerKwMonthUsd: lease }).npvUsd)
  },
)
