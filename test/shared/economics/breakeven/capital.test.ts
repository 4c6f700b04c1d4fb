import { expect, test } from 'vitest'
import { closeSite } from '#shared/economics/breakeven/close-site.ts'
import { costMix } from '#shared/economics/breakeven/cost-mix.ts'
import { impairment } from '#shared/economics/breakeven/impairment.ts'
import { machineDepreciation } from '#shared/economics/breakeven/machine-depreciation.ts'
import { machineValue } from '#shared/economics/breakeven/machine-value.ts'
import { relocateGroup } from '#shared/economics/breakeven/relocate-group.ts'
import { value } from '../value.ts'

test('$1,000,000 of machines, 10 % residual, 36 months: $25,000 a month, $700,000 left after a year, $100,000 from the third on', () => {
  const d = value(machineDepreciation({ method: 'straightLine', costUsd: 1_000_000, residualShare: 0.1, lifeMonths: 36, months: 40 }))
  expect(d.depreciationUsd[0]).toBeCloseTo(25_000, 6)
  expect(d.bookValueUsd[11]).toBeCloseTo(700_000, 6)
  expect(d.bookValueUsd.slice(35)).toEqual([100_000, 100_000, 100_000, 100_000, 100_000].map((n) => expect.closeTo(n, 6)))
  expect(d.depreciationUsd[38]).toBe(0)
  expect(d.writtenOffMonth).toBe(35)
})
test('where nobody says otherwise machines are written off over 36 months to a tenth', () =>
  expect(value(machineDepreciation({ method: 'straightLine', costUsd: 1000, months: 36 })).bookValueUsd.at(-1)).toBeCloseTo(100, 9))
test('by PH-days a curtailed month writes nothing off, and the last month only what is left', () => {
  const d = value(
    machineDepreciation({ method: 'unitsOfProduction', costUsd: 1000, residualShare: 0, lifetimePhDays: 100, phDays: [60, 0, 30, 30] }),
  )
  expect(d.depreciationUsd).toEqual([600, 0, 300, 100].map((n) => expect.closeTo(n, 9)))
  expect(d.writtenOffMonth).toBe(3)
})

test('a book value of 100 comes back in month 3 at L1, month 4 at L2 and never at L3: impaired by 40', () => {
  const flat = (n: number) => Array.from({ length: 6 }, () => n)
  const cash = { revenueUsd: flat(50), directCostUsd: flat(20), siteCostUsd: flat(10), corporateCostUsd: flat(10) }
  const i = value(impairment({ bookValueUsd: 100, residualUsd: 0, ...cash }))
  expect(i).toEqual({
    direct: { cashUsd: 180, recoveredMonth: 3 },
    siteCash: { cashUsd: 120, recoveredMonth: 4 },
    corporateCash: { cashUsd: 60, recoveredMonth: null },
    impaired: true,
    shortfallUsd: 40,
  })
  // Sold for 40 at the end, the last month brings it back.
  expect(value(impairment({ bookValueUsd: 100, residualUsd: 40, ...cash }))).toMatchObject({ impaired: false, shortfallUsd: 0 })
  expect(impairment({ bookValueUsd: 100, residualUsd: 0, ...cash, siteCostUsd: [1] })).toMatchObject({ failure: { field: 'siteCostUsd' } })
})

const machine = {
  unitTHs: 200,
  efficiencyJTH: 20,
  overheadRatio: 1,
  variablePerMWh: 40,
  poolFee: 0,
  stale: 0,
  uptime: 1,
  discountRateAnnual: 0,
  residualUsd: 10,
}
test('200 TH/s earn $187.50 a month at a hashprice of 50 and retire when it meets 19.20', () => {
  const v = value(machineValue({ ...machine, hashpriceUsd: [50, 50, 19.2, 50] }))
  // 2 x 0.2 PH/s x 30.4375 days x (50 − 19.2), then scrap; the recovery after is not waited for.
  expect(v).toMatchObject({
    breakEvenHashpriceUsd: expect.closeTo(19.2, 9),
    serviceMonths: 2,
    crossedMonth: 2,
    valueUsd: expect.closeTo(384.99, 2),
  })
  expect(v.valueUsdPerTH).toBeCloseTo(1.925, 3)
})
test('a machine under water is worth its scrap now', () =>
  expect(value(machineValue({ ...machine, discountRateAnnual: 0.2, hashpriceUsd: [15, 80] }))).toMatchObject({
    valueUsd: 10,
    serviceMonths: 0,
  }))

const site = {
  horizonMonths: 12,
  revenueUsdPerMonth: 80,
  directCostUsdPerMonth: 70,
  siteOpexUsdPerMonth: 30,
  hostingUsdPerMonth: 0,
  obligations: [{ id: 'lease', usdPerMonth: 25, months: 12 }],
  afterClosingUsdPerMonth: 0,
  severanceUsd: 0,
  salvageUsd: 0,
  discountRateAnnual: 0,
}
test('a site that loses 20 a month stays open while its lease of 25 runs on; without the lease it closes', () => {
  expect(value(closeSite(site))).toMatchObject({ stayUsd: -240, closeUsd: -300, gainOfClosingUsd: -60, close: false })
  expect(value(closeSite(site)).monthlyRevenueToStayUsd).toBeCloseTo(75, 9)
  expect(value(closeSite({ ...site, obligations: [] }))).toMatchObject({ close: true, gainOfClosingUsd: 240 })
})
test('severance of 241 keeps it open, salvage of 2 more closes it again', () => {
  expect(value(closeSite({ ...site, obligations: [], severanceUsd: 241 })).close).toBe(false)
  expect(value(closeSite({ ...site, obligations: [], severanceUsd: 241, salvageUsd: 2 })).close).toBe(true)
})
test('contract energy sold back counts only as long as something is owed for it', () => {
  const lease = { id: 'take-or-pay', usdPerMonth: 25, months: 6 }
  expect(value(closeSite({ ...site, obligations: [lease], afterClosingUsdPerMonth: 10 })).closeUsd).toBe(-150 + 60)
  expect(closeSite({ ...site, obligations: [{ ...lease, months: 13 }] })).toMatchObject({ failure: { field: 'obligations' } })
})

const books = {
  powerCostUsd: 21.5e6,
  powerCreditsUsd: 1.2e6,
  siteOpexUsd: 3e6,
  hostingUsd: 0,
  sgaUsd: 3.1e6,
  cashInterestUsd: 1.2e6,
  depreciationUsd: 0,
  stockCompUsd: 0,
  btcMinedNet: 400,
  btcPriceUsd: 71_000,
  targetFullyLoadedPerBtc: 88_000,
}
test('behind $88,000 a coin stand 7.6M of depreciation: −17,000 fully loaded, +20,250 on power alone', () => {
  const m = value(costMix({ ...books, solveFor: 'depreciationUsd' }))
  expect(m.solvedUsd).toBeCloseTo(7.6e6, 3)
  expect(m.levels).toMatchObject({ directPerBtc: 50_750, fullyLoadedPerBtc: expect.closeTo(88_000, 6) })
  expect(m.marginPerBtc).toMatchObject({ directPerBtc: 20_250, fullyLoadedPerBtc: expect.closeTo(-17_000, 6) })
})
test('a target below what is known cannot be met by a cost, and says by how much', () =>
  expect(value(costMix({ ...books, targetFullyLoadedPerBtc: 60_000, solveFor: 'depreciationUsd' }))).toMatchObject({
    possible: false,
    solvedUsd: expect.closeTo(-3.6e6, 3),
    levels: null,
  }))

const place = { otherVariablePerMWh: 0, overheadRatio: 1, poolFee: 0, fixedUsdPerMonth: 0 }
const move = {
  units: 5000,
  hashratePHs: 1000,
  efficiencyJTH: 20,
  hashpriceUsdPerPhDay: 30,
  from: { ...place, powerPricePerMWh: 60 },
  to: { ...place, powerPricePerMWh: 40 },
  freeMW: 20,
  moveUsdPerUnit: 60,
  siteWorkUsd: 0,
  downtimeDays: 10,
  lossShare: 0,
  horizonMonths: 12,
  discountRateAnnual: 0,
}
test('1,000 PH/s moved from 60 to 40 USD/MWh cost $312,000 and gain $292,200 a month: paid back in 1.07 months', () => {
  const r = value(relocateGroup(move))
  expect(r).toMatchObject({
    lostMarginUsd: expect.closeTo(12_000, 6),
    moveCostUsd: expect.closeTo(312_000, 6),
    gainUsdPerMonth: expect.closeTo(292_200, 6),
    npvUsd: expect.closeTo(12 * 292_200 - 312_000, 5),
    fits: true,
    runsHere: true,
  })
  expect(r.paybackMonths).toBeCloseTo(1.0678, 4)
})
test('a group that stands still here gains its whole margin there; one that stands still at both never pays', () => {
  // At 100 USD/MWh it is off: nothing is lost on the way, 10.8 x 1,000 x 30.4375 gained.
  const idle = value(relocateGroup({ ...move, from: { ...place, powerPricePerMWh: 100 } }))
  expect(idle).toMatchObject({ lostMarginUsd: 0, gainUsdPerMonth: expect.closeTo(328_725, 6), runsHere: false })
  expect(value(relocateGroup({ ...move, hashpriceUsdPerPhDay: 10 }))).toMatchObject({ paybackMonths: null, runsThere: false })
})
test('20 MW do not fit into 19', () => expect(value(relocateGroup({ ...move, freeMW: 19 }))).toMatchObject({ fits: false, neededMW: 20 }))
