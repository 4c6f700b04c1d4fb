import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { gpuProject } from '#shared/economics/ai/gpu-project.ts'
import { npv } from '#shared/economics/finance/cash-flow.ts'
import { value } from '../value.ts'

/** 1,000 GPUs of $10,000, let every hour of two years at $1, the price halved in the second: $8.76M, then $4.38M, on $10M. */
const plain = {
  itMW: 1,
  kwPerGpu: 1,
  capexPerGpu: 10_000,
  facilityCapexPerItMW: 0,
  pricePerGpuHour: 1,
  priceDeclineAnnual: 0.5,
  utilisation: 1,
  years: 2,
  opexShareOfRevenue: 0,
  pue: 1,
  itLoadFactor: 1,
  powerPricePerMWh: 0,
  gpuResidualShare: 0,
  facilityResidualShare: 0,
  gpuLifeYears: 2,
  discountRateAnnual: 0,
}

test('1,000 GPUs on $10M earn $8.76M and $4.38M: worth $3.14M at 0 %, even at 76.1 cents an hour', () => {
  const p = value(gpuProject(plain))
  expect(p.cashFlows).toEqual([-10_000_000, 8_760_000, 4_380_000])
  expect(p.npv).toBeCloseTo(3_140_000, 6)
  expect(p.breakEvenGpuHour).toBeCloseTo(10 / 13.14, 9)
  expect(p.payback).toBeCloseTo(1 + 1.24 / 4.38, 9)
})
test('the books write off the same each year, the market two thirds in the first: that is the GPU that got older', () => {
  const p = value(gpuProject(plain))
  expect(p.bookDepreciationUsd).toEqual([5_000_000, 5_000_000])
  expect(p.economicDepreciationUsd.map(Math.round)).toEqual([8_760_000, 4_380_000])
  expect(p.warnings).toEqual([])
})
test('books over four years on a contract of two leave half the GPUs unpaid for, and say so', () => {
  const p = value(gpuProject({ ...plain, gpuLifeYears: 4 }))
  expect(p.gpuBookValueAtEndUsd).toBe(5_000_000)
  expect(p.warnings).toHaveLength(1)
})
test('with the price gone nothing brings the capital back: no break-even price', () =>
  expect(value(gpuProject({ ...plain, utilisation: 0 })).breakEvenGpuHour).toBeNull())

property.prop([
  fc.double({ min: 0.1, max: 10, noNaN: true }),
  fc.double({ min: -0.2, max: 0.5, noNaN: true }),
  fc.integer({ min: 1, max: 10 }),
])('the NPV is 0 at the IRR and at the break-even price', (pricePerGpuHour, priceDeclineAnnual, years) => {
  const given = {
    ...plain,
    pricePerGpuHour,
    priceDeclineAnnual,
    years,
    powerPricePerMWh: 40,
    gpuResidualShare: 0.1,
    discountRateAnnual: 0.1,
  }
  const p = value(gpuProject(given))
  if (p.irr !== null) {
    const size = p.cashFlows.reduce((sum, cf, y) => sum + Math.abs(cf) / (1 + (p.irr ?? 0)) ** y, 0)
    expect(Math.abs(value(npv({ rate: p.irr, cashFlows: p.cashFlows })).npv)).toBeLessThanOrEqual(1e-9 * size)
  }
  expect(Math.abs(value(gpuProject({ ...given, pricePerGpuHour: Math.max(0, p.breakEvenGpuHour ?? 0) })).npv)).toBeLessThan(1)
})

test.each([
  ['kwPerGpu', { kwPerGpu: 0 }],
  ['pue', { pue: 0.99 }],
  ['utilisation', { utilisation: 90 }],
  ['years', { years: 0 }],
  ['prepaymentCreditYears', { prepaymentShareOfContract: 0.2 }],
  ['prepaymentCreditYears', { prepaymentShareOfContract: 0.2, prepaymentCreditYears: [3] }],
  ['prepaymentCreditYears', { prepaymentShareOfContract: 0.2, prepaymentCreditYears: [1, 1] }],
])('bad %s is refused by name', (field, change) =>
  expect(gpuProject({ ...plain, ...change })).toMatchObject({ ok: false, failure: { field } }),
)
