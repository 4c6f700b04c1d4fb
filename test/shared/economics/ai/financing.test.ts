/** What lenders, the tax office and the owners see of a conversion, and what is left to mine. */
import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { coloProject } from '#shared/economics/ai/colocation-project.ts'
import { parityHashprice } from '#shared/economics/ai/parity-hashprice.ts'
import { partialConversion } from '#shared/economics/ai/partial-conversion.ts'
import { depreciationByMonth, taxByMonth } from '#shared/economics/ai/project-tax.ts'
import { componentIds, scoreWeights, siteScore } from '#shared/economics/ai/site-score.ts'
import { fundFromBtc } from '#shared/economics/treasury/fund-from-coins.ts'
import { value } from '../value.ts'

/** 10 MW, $12M built in month 0, $1M of rent in each of months 1 to 24. */
const plain = {
  horizonMonths: 24,
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
/** $9.6M without interest over twelve months: $800,000 a month against $1M. */
const debt = { loanToCost: 0.8, rateAnnual: 0, amortMonths: 12, feeShare: 0 }

test('coverage of 1.25 keeps a covenant of 1.20 that a hyperscaler backs, and breaks 1.35 in each of twelve months', () => {
  const backed = value(coloProject({ ...plain, debt: { ...debt, hyperscaleBacked: true } }))
  expect(backed).toMatchObject({ minDscr: 1.25, covenantDscr: 1.2, covenantBreachMonths: [] })
  const other = value(coloProject({ ...plain, debt }))
  expect(other).toMatchObject({ covenantDscr: 1.35, covenantBreachMonths: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] })
  expect(value(coloProject({ ...plain, debt: { ...debt, covenantDscr: 1.1 } }))).toMatchObject({ covenantBreachMonths: [] })
})
test('what the owners bring month by month is what coins have to pay for', () => {
  const p = value(coloProject({ ...plain, debt }))
  expect(p.equityNeedByMonthUsd[0]).toBeCloseTo(2_400_000, 6)
  const need = p.equityNeedByMonthUsd
  const paid = value(fundFromBtc({ btcHeld: 100, saleHaircut: 0, equityNeedUsd: need, btcPriceUsd: need.map(() => 60_000) }))
  expect(paid.btcLeft).toBeCloseTo(60, 9)
})

test('mining given up by month takes the place of the constant, and must have every month', () => {
  const margins = Array.from({ length: 25 }, (_, m) => (m === 3 ? 10_000 : 0))
  expect(value(coloProject({ ...plain, miningCashMarginPerMWMonth: 99, miningCashMarginPerMWByMonth: margins })).npvKeepMining).toBe(
    100_000,
  )
  expect(coloProject({ ...plain, miningCashMarginPerMWByMonth: margins.slice(1) })).toMatchObject({
    ok: false,
    failure: { field: 'miningCashMarginPerMWByMonth' },
  })
})

test('$12 ready in month 3 over a year: $1 in months 3 to 14; at once: all of it in month 3', () => {
  const phases = [{ capexUsd: 12, readyMonth: 3 }]
  const line = depreciationByMonth({ depreciation: 'straightLine', depreciationYears: 1 }, phases, 20)
  expect(line.map((d, m) => [m, d]).filter(([, d]) => d !== 0)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14].map((m) => [m, 1]))
  expect(depreciationByMonth({ depreciation: 'bonus', depreciationYears: 1 }, phases, 5)).toEqual([0, 0, 0, 12, 0])
})
test('a loss of 100 and then 150: tax of 10 with it carried forward, 30 without; none comes back', () => {
  const income = [-100, ...Array.from({ length: 11 }, () => 0), 150]
  const paid = (lossCarryForward: boolean) => taxByMonth({ rate: 0.2, lossCarryForward }, income)
  expect(paid(true)).toEqual([...Array.from({ length: 12 }, () => 0), 10])
  expect(paid(false).at(-1)).toBe(30)
})
test('$24M of rent less $12M written off, at 20 %: $2.4M of tax; written off at once it is the same, paid later', () => {
  const tax = { rate: 0.2, depreciation: 'bonus', depreciationYears: 1, lossCarryForward: true } as const
  const bonus = value(coloProject({ ...plain, discountRateAnnual: 0.1, tax }))
  const line = value(
    coloProject({ ...plain, discountRateAnnual: 0.1, tax: { ...tax, depreciation: 'straightLine', depreciationYears: 1 } }),
  )
  expect(bonus.taxesUsd).toBeCloseTo(2_400_000, 6)
  expect(line.taxesUsd).toBeCloseTo(2_400_000, 6)
  expect(bonus.npvProjectAfterTax ?? 0).toBeGreaterThanOrEqual(line.npvProjectAfterTax ?? 0)
  // Before tax nothing has moved.
  expect(bonus.npvProject).toBe(value(coloProject({ ...plain, discountRateAnnual: 0.1 })).npvProject)
})
test('interest lowers the owners’ tax, and mining given up would have been taxed', () => {
  const tax = { rate: 0.25, depreciation: 'straightLine', depreciationYears: 2, lossCarryForward: true } as const
  const levered = value(coloProject({ ...plain, miningCashMarginPerMWMonth: 1000, debt: { ...debt, rateAnnual: 0.12 }, tax }))
  // 10 MW, 25 months of $1,000, three quarters of it kept.
  expect((levered.npvProjectAfterTax ?? 0) - (levered.npvIncrementalAfterTax ?? 0)).toBeCloseTo(187_500, 6)
  expect(levered.equityIrrAfterTaxAnnual ?? 0).toBeLessThan(levered.equityIrrAnnual ?? 0)
})

property.prop([fc.double({ min: 60, max: 300, noNaN: true }), fc.double({ min: 0, max: 40_000, noNaN: true })])(
  'discounted at its own IRR a conversion is worth what mining on is',
  (leasePerKwMonth, miningCashMarginPerMWMonth) => {
    const project = { ...plain, leasePerKwMonth, miningCashMarginPerMWMonth }
    const { irrIncrementalAnnual } = value(coloProject(project))
    if (irrIncrementalAnnual === null) return
    const there = value(coloProject({ ...project, discountRateAnnual: irrIncrementalAnnual }))
    expect(Math.abs(there.npvIncremental)).toBeLessThan(1e-3)
  },
)

const fleet = { efficiencyJTH: 20, overheadRatio: 1, poolFee: 0, stale: 0, variableCostPerMWh: 0, hoursPerMonth: 1000, uptime: 1 }
test('a parity hashprice twice today’s is twice the coin price, or four times where the network answers one to one', () => {
  // The project is worth $12M over 250 MW-months: $48,000, over 1,000 h $48 a MWh, x 0.48 MWh a PH-day: $23.04.
  const network = { difficulty: 86400e15 / 2 ** 32, subsidyBtc: 0.0005, feesPerBlockBtc: 0, btcPriceUsd: 23_040, elasticity: 1 }
  expect(value(parityHashprice({ project: plain, fleet, network }))).toMatchObject({
    parityHashpriceUsd: expect.closeTo(23.04, 9),
    parityBtcUsd: expect.closeTo(46_080, 4),
    parityAtEquilibriumBtcUsd: expect.closeTo(92_160, 4),
  })
})
test('no coin price makes mining worse than a project that loses money', () =>
  expect(
    value(
      parityHashprice({
        project: { ...plain, leasePerKwMonth: 1 },
        fleet,
        network: { difficulty: 1e14, subsidyBtc: 3, feesPerBlockBtc: 0, btcPriceUsd: 70_000 },
      }),
    ),
  ).toMatchObject({ parityBtcUsd: null, parityAtEquilibriumBtcUsd: null }))

const slots = {
  ...plain,
  discountRateAnnual: 0.1,
  phases: [
    { gridMW: 10, startMonth: 0, buildMonths: 1, rampMonths: 0 },
    { gridMW: 10, startMonth: 6, buildMonths: 1, rampMonths: 0 },
  ],
}
const partial = { project: slots, siteMW: 20, capitalLimitUsd: 12_000_000, debtLimitUsd: 0 }
test('capital for half the site goes into the phase that begins first', () =>
  expect(value(partialConversion(partial)).best).toMatchObject({ phaseMW: [10, 0], capexUsd: 12_000_000, equityUsd: 12_000_000 }))
test('debt makes room for the other half, up to its limit', () => {
  const project = { ...slots, debt: { loanToCost: 0.5, rateAnnual: 0.08, amortMonths: 12, feeShare: 0 } }
  expect(value(partialConversion({ ...partial, project, debtLimitUsd: 1e9 })).best).toMatchObject({ convertedMW: 20, debtUsd: 12_000_000 })
  expect(value(partialConversion({ ...partial, project, debtLimitUsd: 6e6 })).best).toMatchObject({ convertedMW: 15, debtUsd: 6_000_000 })
})
test('a conversion that loses against mining leaves the whole site mining', () =>
  expect(value(partialConversion({ ...partial, project: { ...slots, leasePerKwMonth: 10 } })).best).toMatchObject({
    convertedMW: 0,
    npvUsd: 0,
  }))
test('a block that may yield is paid for as long as there is one: half the site is kept for it', () => {
  const demandResponse = { usdPerMWMonth: 200_000, mwPerAiMW: 1, hoursCalledPerMonth: 0 }
  const kept = value(partialConversion({ ...partial, capitalLimitUsd: 1e9, demandResponse })).best
  expect(kept.convertedMW).toBe(10)
  expect(value(partialConversion({ ...partial, capitalLimitUsd: 1e9 })).best.convertedMW).toBe(20)
})
property.prop([fc.double({ min: 0, max: 3e7, noNaN: true }), fc.double({ min: 0, max: 3e7, noNaN: true })])(
  'more capital never makes the best plan worse',
  (a, b) => {
    const worth = (capitalLimitUsd: number) => value(partialConversion({ ...partial, capitalLimitUsd })).best.npvUsd
    expect(worth(Math.max(a, b))).toBeGreaterThanOrEqual(worth(Math.min(a, b)))
  },
)
test('a grid too fine to try every plan is refused by its step', () =>
  expect(partialConversion({ ...partial, gridStepMW: 0.01 })).toMatchObject({ ok: false, failure: { field: 'gridStepMW' } }))

const site = {
  workload: 'training',
  fiberRttMs: 12,
  diverseFiberRoutes: 0,
  firmShare: 0.9,
  firmMW: 4,
  interconnectMonths: 72,
  substationFeeds: 1,
  designWetBulbC: 23,
  regionScore: 70,
  powerPricePerMWh: 45,
  backupGeneration: false,
  permanentSite: false,
} as const
test('what each failed gate costs to cure: 6 MW, backup for 10 MW, a route, a year, a title', () => {
  const cureCosts = {
    firmCapacityUsdPerMW: 500_000,
    backupGenerationUsdPerMW: 900_000,
    fiberRouteUsd: 2_000_000,
    interconnectUsdPerMonth: 100_000,
    permanenceUsd: 250_000,
  }
  const score = value(siteScore({ ...site, cureCosts }))
  expect(score.cures.map((c) => [c.gate, c.costUsd])).toEqual([
    ['FIRM_MW', 3_000_000],
    ['FIRMNESS', 9_000_000],
    ['FIBER', 2_000_000],
    ['INTERCONNECT', 1_200_000],
    ['PERMANENCE', 250_000],
  ])
  expect(score.cureCostUsd).toBe(15_450_000)
  expect(value(siteScore({ ...site, cureCosts: { permanenceUsd: 1 } })).cureCostUsd).toBeNull()
})
test('a person’s weights are used and stored with the score; ten times all of them is the same score', () => {
  const only = Object.fromEntries(componentIds.map((id) => [id, id === 'region' ? 1 : 0])) as Record<(typeof componentIds)[number], number>
  expect(value(siteScore({ ...site, weights: only }))).toMatchObject({ score: 70, weights: only })
  const tenfold = Object.fromEntries(componentIds.map((id) => [id, scoreWeights.training[id] * 10])) as typeof only
  expect(value(siteScore({ ...site, weights: tenfold })).score).toBeCloseTo(value(siteScore(site)).score, 9)
  const none = Object.fromEntries(componentIds.map((id) => [id, 0])) as typeof only
  expect(siteScore({ ...site, weights: none })).toMatchObject({ ok: false, failure: { field: 'weights' } })
})
