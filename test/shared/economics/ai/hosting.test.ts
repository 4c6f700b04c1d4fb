import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { type ColocationProject, colocationFlows, coloProject } from '#shared/economics/ai/colocation-project.ts'
import { dealMetrics, dealWithRenewals } from '#shared/economics/ai/deal-metrics.ts'
import { parityHashprice } from '#shared/economics/ai/parity-hashprice.ts'
import { siteScore } from '#shared/economics/ai/site-score.ts'
import { tornado } from '#shared/economics/ai/tornado.ts'
import { value } from '../value.ts'

/** 10 MW at PUE 1, $12M built in month 0, $1M of rent in each of months 1 to 12, nothing else: worth exactly nothing at 0 %. */
const plain: ColocationProject = {
  horizonMonths: 12,
  pue: 1,
  capexPerItMW: 1_200_000,
  tenantFundedCapexShare: 0,
  leasePerKwMonth: 100,
  escalatorAnnual: 0,
  occupancy: 1,
  opexPerItMWMonth: 0,
  opexInflationAnnual: 0,
  powerPassThrough: true,
  powerPricePerMWh: 50,
  itLoadFactor: 1,
  exitMultipleOfNoi: 0,
  asicSalvageUsd: 0,
  discountRateAnnual: 0,
  miningCashMarginPerMWMonth: 0,
  phases: [{ gridMW: 10, startMonth: 0, buildMonths: 1, rampMonths: 0 }],
}

test('$12M for twelve rents of $1M: worth nothing at 0 %, paid back in month 12, $12M a year on $12M', () =>
  expect(value(coloProject(plain))).toMatchObject({
    npvIncremental: expect.closeTo(0, 6),
    totalCapexUsd: 12_000_000,
    stabilisedNoiPerYear: 12_000_000,
    noiMargin: 1,
    irrIncrementalAnnual: expect.closeTo(0, 9),
    irrRoots: 1,
    paybackMonths: expect.closeTo(12, 9),
    breakEvenLeasePerKwMonth: expect.closeTo(100, 9),
  }))
test('mining given up, $10,000 a MW-month over 13 months, is $1.3M and lifts the break-even lease by $10.83', () => {
  const p = value(coloProject({ ...plain, miningCashMarginPerMWMonth: 10_000 }))
  expect(p.npvKeepMining).toBeCloseTo(1_300_000, 6)
  expect(p.breakEvenLeasePerKwMonth).toBeCloseTo(110.8333, 4)
})
test('a ramp of four months rents a quarter, a half, three quarters, then all', () => {
  const flows = colocationFlows({ ...plain, phases: [{ gridMW: 10, startMonth: 0, buildMonths: 1, rampMonths: 4 }] })
  expect(flows.rent.slice(0, 6)).toEqual([0, 250_000, 500_000, 750_000, 1_000_000, 1_000_000])
})
test('the escalator steps up twelve months after the first phase is ready', () => {
  const flows = colocationFlows({ ...plain, horizonMonths: 14, escalatorAnnual: 0.1 })
  expect(flows.rent[12]).toBe(1_000_000)
  expect(flows.rent[13]).toBeCloseTo(1_100_000, 6)
})
test('power that the tenant does not pay costs 730 hours at the load factor and the PUE', () => {
  const flows = colocationFlows({ ...plain, pue: 1.25, powerPassThrough: false, itLoadFactor: 0.8 })
  // 8 IT MW: rent 800,000; power 8 x 1.25 x 730 x 50 x 0.8 = 292,000.
  expect(flows.noi[5]).toBeCloseTo(508_000, 6)
})
test('a loan at 0 %: half of the capital drawn, repaid in ten instalments, covered 1.67 times', () => {
  const p = value(coloProject({ ...plain, debt: { loanToCost: 0.5, rateAnnual: 0, amortMonths: 10, feeShare: 0 } }))
  expect(p).toMatchObject({
    minDscr: expect.closeTo(1.6667, 4),
    avgDscr: expect.closeTo(1.6667, 4),
    balanceAtHorizon: 0,
    equityNeededUsd: expect.closeTo(6_000_000, 6),
    // 10 x 400,000 + 2 x 1,000,000 back on 6,000,000.
    equityMultiple: expect.closeTo(1, 9),
  })
})
test('what is not repaid at the horizon is owed there', () =>
  expect(
    value(coloProject({ ...plain, debt: { loanToCost: 1, rateAnnual: 0, amortMonths: 24, feeShare: 0 } })).balanceAtHorizon,
  ).toBeCloseTo(6_000_000, 6))
test('a phase that is ready only after the horizon, no phase, a PUE below 1: refused', () => {
  const late = { ...plain, phases: [{ gridMW: 10, startMonth: 6, buildMonths: 7, rampMonths: 0 }] }
  expect(coloProject(late)).toMatchObject({ ok: false, failure: { field: 'phases' } })
  expect(coloProject({ ...plain, phases: [] })).toMatchObject({ ok: false, failure: { field: 'phases' } })
  expect(coloProject({ ...plain, pue: 0.99 })).toMatchObject({ ok: false, failure: { field: 'pue' } })
})
property.prop([
  fc.double({ min: 60, max: 250, noNaN: true }),
  fc.double({ min: 0, max: 0.05, noNaN: true }),
  fc.double({ min: -5000, max: 30_000, noNaN: true }),
  fc.double({ min: 0, max: 12, noNaN: true }),
])('at its break-even lease a project is worth nothing against mining on', (leasePerKwMonth, escalatorAnnual, mining, exit) => {
  const project: ColocationProject = {
    ...plain,
    horizonMonths: 120,
    leasePerKwMonth,
    escalatorAnnual,
    exitMultipleOfNoi: exit,
    opexPerItMWMonth: 20_000,
    discountRateAnnual: 0.1,
    miningCashMarginPerMWMonth: mining,
    phases: [{ gridMW: 10, startMonth: 2, buildMonths: 12, rampMonths: 3 }],
  }
  const lease = value(coloProject(project)).breakEvenLeasePerKwMonth ?? 0
  if (lease < 0) return
  expect(Math.abs(value(coloProject({ ...project, leasePerKwMonth: lease })).npvIncremental)).toBeLessThan(1)
})

test('a project worth $1.3M over 130 MW-months is matched by $10,000 a MW-month: $13.70/MWh on top of the energy', () => {
  const worth = { ...plain, leasePerKwMonth: 100 + 1_300_000 / 120_000 }
  const parity = value(
    parityHashprice({
      project: worth,
      fleet: { efficiencyJTH: 20, overheadRatio: 1, poolFee: 0, stale: 0, variableCostPerMWh: 50, hoursPerMonth: 730, uptime: 1 },
    }),
  )
  expect(parity.parityMiningMarginPerMWMonth).toBeCloseTo(10_000, 6)
  // (10,000 / 730 + 50) x 0.48
  expect(parity.parityHashpriceUsd).toBeCloseTo(30.575, 3)
})
test('$3.7bn over 10 years for 200 MW is $154.17 per kW-month; at 85 % and $9M per MW it yields 17.5 % and pays back in 5.7 years', () =>
  expect(value(dealMetrics({ criticalItMW: 200, years: 10, totalRevenueUsd: 3.7e9, noiMargin: 0.85, capexPerItMW: 9e6 }))).toMatchObject({
    averageLeasePerKwMonth: expect.closeTo(154.17, 2),
    yieldOnCost: expect.closeTo(0.1747, 4),
    simplePaybackYears: expect.closeTo(5.72, 2),
  }))
test('$30 over two years, renewed for one at the same rent, is $45; with an escalator of 100 %, 10 + 20 + 40', () => {
  const deal = { criticalItMW: 1, years: 2, totalRevenueUsd: 30, renewalYears: 1 }
  expect(value(dealWithRenewals({ ...deal, escalatorAnnual: 0 })).totalWithRenewalsUsd).toBeCloseTo(45, 9)
  expect(value(dealWithRenewals({ ...deal, escalatorAnnual: 1 })).totalWithRenewalsUsd).toBeCloseTo(70, 9)
})

const good = {
  workload: 'training' as const,
  fiberRttMs: 5,
  diverseFiberRoutes: 3,
  firmShare: 0.9995,
  firmMW: 100,
  interconnectMonths: 12,
  substationFeeds: 2,
  designWetBulbC: 15,
  regionScore: 100,
  powerPricePerMWh: 30,
  backupGeneration: false,
  permanentSite: true,
}
test('a site that is best in everything scores 100 for either workload once its fibre is near enough', () => {
  expect(value(siteScore(good))).toMatchObject({ score: expect.closeTo(100, 9), verdict: 'CANDIDATE', gatesFailed: [] })
  expect(value(siteScore({ ...good, workload: 'inference', fiberRttMs: 2 })).score).toBeCloseTo(100, 9)
})
test('each gate stands at its limit and falls beyond it', () => {
  const gates = (change: object) => value(siteScore({ ...good, ...change })).gatesFailed
  expect(gates({ firmMW: 10, firmShare: 0.97, diverseFiberRoutes: 1, interconnectMonths: 60 })).toEqual([])
  expect(gates({ firmMW: 9.99 })).toEqual(['FIRM_MW'])
  expect(gates({ firmShare: 0.9699 })).toEqual(['FIRMNESS'])
  expect(gates({ firmShare: 0.5, backupGeneration: true })).toEqual([])
  expect(gates({ diverseFiberRoutes: 0 })).toEqual(['FIBER'])
  expect(gates({ interconnectMonths: 60.1 })).toEqual(['INTERCONNECT'])
  expect(gates({ permanentSite: false })).toEqual(['PERMANENCE'])
})
test('a failed gate overrides a score of 96', () =>
  expect(value(siteScore({ ...good, permanentSite: false, regionScore: 0 }))).toMatchObject({
    score: expect.closeTo(96, 9),
    verdict: 'DO_NOT_CONVERT',
  }))
const better = {
  fiberRttMs: -1,
  diverseFiberRoutes: 1,
  firmShare: 1,
  firmMW: 1,
  interconnectMonths: -1,
  substationFeeds: 1,
  designWetBulbC: -1,
  regionScore: 1,
  powerPricePerMWh: -1,
} as const
const anySite = fc.record({
  fiberRttMs: fc.double({ min: 0, max: 100, noNaN: true }),
  diverseFiberRoutes: fc.nat(4),
  firmShare: fc.double({ min: 0, max: 1, noNaN: true }),
  firmMW: fc.double({ min: 0, max: 200, noNaN: true }),
  interconnectMonths: fc.double({ min: 0, max: 90, noNaN: true }),
  substationFeeds: fc.nat(3),
  designWetBulbC: fc.double({ min: 5, max: 40, noNaN: true }),
  regionScore: fc.double({ min: 0, max: 100, noNaN: true }),
  powerPricePerMWh: fc.double({ min: -20, max: 150, noNaN: true }),
})
property.prop([anySite, anySite, fc.constantFrom('training' as const, 'inference' as const)])(
  'improving any one property never lowers the score',
  (a, b, workload) => {
    const of = (site: typeof a) => value(siteScore({ ...good, ...site, workload })).score
    for (const key of Object.keys(better) as (keyof typeof better)[]) {
      const improved = { ...a, [key]: better[key] > 0 ? Math.max(a[key], b[key]) : Math.min(a[key], b[key]) }
      expect(of(improved)).toBeGreaterThanOrEqual(of(a) - 1e-9)
    }
  },
)

test('the tornado is sorted by swing and keeps the NPV at the low end on the low side', () => {
  const t = value(
    tornado({
      project: plain,
      ranges: [
        { parameter: 'leasePerKwMonth', low: 90, high: 110 }, // ±1.2M
        { parameter: 'capexPerItMW', low: 1_000_000, high: 1_400_000 }, // ∓2M
      ],
    }),
  )
  expect(t.baseNpvIncremental).toBeCloseTo(0, 6)
  expect(t.rows.map((r) => r.parameter)).toEqual(['capexPerItMW', 'leasePerKwMonth'])
  expect(t.rows[0]?.npvLow).toBeCloseTo(2_000_000, 6)
  expect(t.rows[0]?.npvHigh).toBeCloseTo(-2_000_000, 6)
  expect(t.rows[1]?.swing).toBeCloseTo(2_400_000, 6)
})
test('a range over what is no number of the project is refused', () => {
  for (const parameter of ['phases', 'powerPassThrough', 'toString', 'nothing'])
    expect(tornado({ project: plain, ranges: [{ parameter, low: 0, high: 1 }] })).toMatchObject({ ok: false, failure: { field: 'ranges' } })
  expect(tornado({ project: plain, ranges: [{ parameter: 'pue', low: 0.5, high: 1 }] })).toMatchObject({
    ok: false,
    failure: { field: 'ranges' },
  })
})
