import { expect, test } from 'vitest'
import { coloProject } from '#shared/economics/ai/colocation-project.ts'
import { conversionDraws, conversionDrawsJob } from '#shared/economics/ai/conversion-draws.ts'
import { gpuProject } from '#shared/economics/ai/gpu-project.ts'
import { exampleInputs } from '../example-inputs.ts'
import { value } from '../value.ts'
import { noRisk } from './no-risk.ts'

const project = {
  horizonMonths: 120,
  pue: 1.25,
  capexPerItMW: 10e6,
  tenantFundedCapexShare: 0.1,
  leasePerKwMonth: 140,
  escalatorAnnual: 0.03,
  occupancy: 0.95,
  opexPerItMWMonth: 24_000,
  opexInflationAnnual: 0.02,
  powerPassThrough: false,
  powerPricePerMWh: 20,
  itLoadFactor: 0.85,
  exitMultipleOfNoi: 5,
  asicSalvageUsd: 500_000,
  discountRateAnnual: 0.12,
  miningCashMarginPerMWMonth: 9000,
  phases: [
    { gridMW: 20, startMonth: 1, buildMonths: 12, rampMonths: 4 },
    { gridMW: 10, startMonth: 9, buildMonths: 14, rampMonths: 0 },
  ],
  debt: { loanToCost: 0.7, rateAnnual: 0.08, amortMonths: 90, feeShare: 0.01 },
}
const given = { project, variableCostPerMWh: 45, draws: 400, seed: 7 }
const relative = (a: number, b: number) => Math.abs(a - b) / Math.max(1, Math.abs(b))

test('where nothing is uncertain every draw is the plan itself', () => {
  const plan = value(coloProject(project))
  const drawn = value(conversionDraws({ ...given, risks: noRisk, draws: 3 }))
  expect(relative(drawn.npvIncremental.p05Usd, plan.npvIncremental)).toBeLessThan(1e-9)
  expect(relative(drawn.npvProject.p95Usd, plan.npvProject)).toBeLessThan(1e-9)
  expect(relative(drawn.npvKeepMining.meanUsd, plan.npvKeepMining)).toBeLessThan(1e-9)
  // Coverage of the plan, drawn the same way: below the covenant in all draws or in none.
  expect(drawn.probabilityBelowCovenant).toBe((plan.minDscr ?? 0) < 1.35 ? 1 : 0)
})
test('mining given up month by month is drawn month by month', () => {
  const miningCashMarginPerMWByMonth = Array.from({ length: 121 }, (_, m) => 12_000 - 50 * m)
  const falling = { ...project, miningCashMarginPerMWByMonth }
  const drawn = value(conversionDraws({ ...given, project: falling, risks: noRisk, draws: 1 }))
  expect(relative(drawn.npvKeepMining.meanUsd, value(coloProject(falling)).npvKeepMining)).toBeLessThan(1e-9)
})
test('a halving is answered by each draw’s own elasticity: rigid, half the reward is half the mining', () => {
  // All months after a halving, the plan's at an elasticity of 1: 0.5^(1 / 2) of $9,000; power costs nothing.
  const halved = {
    ...given,
    variableCostPerMWh: 0,
    project: { ...project, miningCashMarginPerMWByMonth: Array.from({ length: 121 }, () => 9000 * Math.SQRT1_2) },
    rewardFactorByMonth: [0.5],
    hashpriceFactorByMonth: [Math.SQRT1_2],
  }
  const today = value(coloProject(project)).npvKeepMining
  const planned = value(conversionDraws({ ...halved, risks: { ...noRisk, elasticity: 1 }, draws: 1 })).npvKeepMining.meanUsd
  expect(relative(planned, today * Math.SQRT1_2)).toBeLessThan(1e-9)
  const spread = value(conversionDraws({ ...halved, risks: { ...noRisk, elasticity: 1, elasticitySd: 5 }, draws: 500 })).npvKeepMining
  // Drawn below 0 it is 0: nobody leaves, and half is left; however many leave, never more than today's.
  expect(relative(spread.p05Usd, today / 2)).toBeLessThan(1e-9)
  expect(spread.p95Usd).toBeGreaterThan(planned)
  expect(spread.p95Usd).toBeLessThan(today)
})
test('GPUs where nothing is uncertain: their NPV less two years of mining on their power', () => {
  const gpu = {
    ...(exampleInputs.gpuProject as Parameters<typeof gpuProject>[0]),
    years: 2,
    prepaymentCreditYears: [2],
    discountRateAnnual: 0,
  }
  const drawn = value(conversionDraws({ ...given, gpu, risks: noRisk, draws: 2 }))
  // 20 MW at a PUE of 1.2, 24 months of $9,000.
  expect(relative(drawn.npvIncremental.meanUsd, value(gpuProject(gpu)).npv - 24 * 24 * 9000)).toBeLessThan(1e-9)
})

test('the same seed gives the same, another seed another; parts made in any order come to the same columns', () => {
  const one = value(conversionDraws(given))
  expect(value(conversionDraws(given))).toEqual(one)
  expect(value(conversionDraws({ ...given, seed: 8 })).npvIncremental.meanUsd).not.toBe(one.npvIncremental.meanUsd)
  const chunks = value(conversionDrawsJob.chunks(given))
  expect(chunks).toBeGreaterThan(1)
  const backwards = Array.from({ length: chunks }, (_, k) => chunks - 1 - k).map((k) => [k, conversionDrawsJob.part(given, k)] as const)
  const parts = backwards.sort(([a], [b]) => a - b).map(([, part]) => part)
  expect(value(conversionDrawsJob.combine(given, parts))).toEqual(one)
  expect(one).toMatchObject({ seed: 7, generator: expect.stringContaining('xoshiro128**') })
})

test('a coin price without drift leaves the mean of mining where it was, if power costs nothing and nobody answers', () => {
  const risks = { ...noRisk, priceVolAnnual: 0.3 }
  const free = value(conversionDraws({ ...given, variableCostPerMWh: 0, risks, draws: 8000 }))
  const plan = value(coloProject(project)).npvKeepMining
  const standardError = (free.npvKeepMining.sdUsd ?? 0) / Math.sqrt(8000)
  expect(Math.abs(free.npvKeepMining.meanUsd - plan)).toBeLessThan(4 * standardError)
  // The coin moves mining and what the machines are sold for, not the tenant's rent.
  expect(free.npvProject.sdUsd).toBeLessThan(project.asicSalvageUsd)
})
test('jumps are compensated: they leave the mean where it was, too', () => {
  const risks = { ...noRisk, jumpsPerYear: 2, jumpMeanLog: -0.1, jumpSdLog: 0.15 }
  const drawn = value(conversionDraws({ ...given, variableCostPerMWh: 0, risks, draws: 8000 }))
  const standardError = (drawn.npvKeepMining.sdUsd ?? 0) / Math.sqrt(8000)
  expect(drawn.npvKeepMining.sdUsd).toBeGreaterThan(0)
  expect(Math.abs(drawn.npvKeepMining.meanUsd - value(coloProject(project)).npvKeepMining)).toBeLessThan(4 * standardError)
})
test('who may switch off gains from a price that moves; a network that answers takes part of it away', () => {
  const at = (elasticity: number) =>
    value(
      conversionDraws({ ...given, risks: { ...noRisk, priceVolAnnual: 0.55, elasticity, leavingSpeed: 1, joiningSpeed: 1 }, draws: 4000 }),
    )
  const plan = value(coloProject(project)).npvKeepMining
  const alone = at(0).npvKeepMining
  expect(alone.meanUsd).toBeGreaterThan(plan * 1.1)
  expect(alone.p05Usd).toBeGreaterThanOrEqual(0)
  expect(at(2).npvKeepMining.sdUsd).toBeLessThan((alone.sdUsd ?? 0) / 2)
})
test('capital 8 % above plan on average takes 8 % of its present worth', () => {
  const drawn = value(conversionDraws({ ...given, risks: { ...noRisk, capexOverrunMean: 0.08, capexOverrunSd: 0.12 }, draws: 8000 }))
  const lost = value(coloProject(project)).npvProject - drawn.npvProject.meanUsd
  expect(Math.abs(lost - 0.08 * drawn.investmentUsd)).toBeLessThan((4 * (drawn.npvProject.sdUsd ?? 0)) / Math.sqrt(8000))
})
test('a month of delay moves rent, ramp and escalator by a month', () => {
  const late = value(conversionDraws({ ...given, risks: { ...noRisk, delayMeanMonths: 1 }, draws: 1 }))
  const phases = project.phases.map((p) => ({ ...p, buildMonths: p.buildMonths + 1 }))
  expect(relative(late.npvProject.meanUsd, value(coloProject({ ...project, phases })).npvProject)).toBeLessThan(1e-9)
})
test('a tenant replaced at once at the same rent is no loss; half the rent for every default is', () => {
  const often = { ...noRisk, tenantDefaultsPerYear: 0.5, reletMonths: 0 }
  const plan = value(coloProject(project)).npvProject
  expect(relative(value(conversionDraws({ ...given, risks: often })).npvProject.meanUsd, plan)).toBeLessThan(1e-9)
  const halved = value(conversionDraws({ ...given, risks: { ...often, reletLeaseRatio: 0.5 } })).npvProject
  expect(halved.meanUsd).toBeLessThan(plan)
  // No default in nine years of service: one draw in about ninety keeps the whole plan.
  expect(halved.p95Usd).toBeLessThan(plan)
})
test('a delay beyond the horizon leaves a building without rent, and capital that is owed all the same', () => {
  const never = value(conversionDraws({ ...given, risks: { ...noRisk, delayMeanMonths: 119 }, draws: 1 }))
  expect(never.npvProject.meanUsd).toBeLessThan(-0.25 * never.investmentUsd)
})

test('quantiles ascend, bins hold every draw, the mean of the worst lies below the fifth hundredth', () => {
  const o = value(conversionDraws({ ...given, draws: 1000 }))
  const q = o.npvIncremental
  expect([q.p05Usd, q.p10Usd, q.p50Usd, q.p90Usd, q.p95Usd]).toEqual(
    [q.p05Usd, q.p10Usd, q.p50Usd, q.p90Usd, q.p95Usd].sort((a, b) => a - b),
  )
  expect(q.expectedShortfallUsd).toBeLessThan(q.p05Usd)
  expect(o.bins.reduce((n, b) => n + b.count, 0)).toBe(1000)
  expect(o.regretInterval95.low).toBeLessThan(o.regretProbability)
  expect(o.regretInterval95.high).toBeGreaterThan(o.regretProbability)
  expect(o.convergence.at(-1)).toMatchObject({ draws: 1000, meanUsd: q.meanUsd })
})

test.each([
  ['draws', { draws: 0 }],
  ['draws', { draws: 1e7 }],
  ['seed', { seed: -1 }],
  ['priceVolAnnual', { risks: { priceVolAnnual: -0.1 } }],
  ['leavingSpeed', { risks: { leavingSpeed: 60 } }],
  ['phases', { project: { ...project, phases: [] } }],
])('bad %s of the draws is refused by name', (field, change) =>
  expect(conversionDraws({ ...given, ...change })).toMatchObject({ ok: false, failure: { field } }),
)
