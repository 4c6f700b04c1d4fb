import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluateModel } from '#shared/economics/adapter.ts'

test('an unknown function, and one of a later version, is a typed refusal', () => {
  expect(evaluateModel({ module: 'ai', fn: 'gpuProject', inputs: {} })).toMatchObject({ error: 'NOT_IMPLEMENTED', field: 'fn' })
  expect(evaluateModel({ module: 'network', fn: 'retarget', inputs: {} })).toMatchObject({ error: 'NOT_IMPLEMENTED', field: 'fn' })
  expect(evaluateModel({ fn: 'constructor', inputs: {} })).toMatchObject({ error: 'NOT_IMPLEMENTED', field: 'fn' })
})
test('a module that does not hold the function does not answer for it', () =>
  expect(evaluateModel({ module: 'ai', fn: 'hashprice', inputs: {} })).toMatchObject({ error: 'NOT_IMPLEMENTED', field: 'fn' }))
test('what is no request is refused', () => {
  for (const request of [null, 7, 'hashprice', true])
    expect(evaluateModel(request)).toMatchObject({ error: 'INVALID_INPUT', field: 'request' })
  expect(evaluateModel({ inputs: {} })).toMatchObject({ error: 'INVALID_INPUT', field: 'fn' })
  expect(evaluateModel({ fn: 'npv' })).toMatchObject({ error: 'INVALID_INPUT', field: 'inputs' })
})
test('a list gives a list in the same order, refused cases in their place', () => {
  const height = { module: 'revenue', fn: 'subsidyAtHeight', inputs: { height: 840_000 } }
  const answers = evaluateModel([{ ...height, inputs: { height: -1 } }, height, { fn: 'no such' }])
  expect(answers).toMatchObject([
    { error: 'INVALID_INPUT', field: 'height' },
    { subsidySats: 312_500_000, halvingIndex: 4 },
    { error: 'NOT_IMPLEMENTED', field: 'fn' },
  ])
})

const even = {
  efficiencyJTH: 20,
  overheadRatio: 1,
  powerPricePerMWh: 50,
  otherVariablePerMWh: 0,
  poolFee: 0,
  stale: 0,
  btcPerPhDay: 0.0005,
  btcPriceUsd: 100_000,
}
const breakEven = (inputs: object) => evaluateModel({ module: 'breakeven', fn: 'groupBreakEven', inputs: { ...even, ...inputs } })

test('of several bad fields the first in declaration order is named, whatever their order in the request', () => {
  expect(evaluateModel({ fn: 'groupBreakEven', inputs: { ...even, stale: 2, poolFee: 1, overheadRatio: 0.5 } })).toMatchObject({
    field: 'overheadRatio',
  })
  expect(evaluateModel({ fn: 'groupBreakEven', inputs: { ...even, stale: 1, btcPriceUsd: -1, poolFee: -0.1 } })).toMatchObject({
    field: 'poolFee',
  })
})
test.each([
  ['efficiencyJTH', 0],
  ['efficiencyJTH', '20'],
  ['efficiencyJTH', null],
  ['overheadRatio', 0.99],
  ['powerPricePerMWh', Number.NaN],
  ['powerPricePerMWh', Number.POSITIVE_INFINITY],
  ['poolFee', 1],
  ['stale', -0.01],
  ['btcPerPhDay', -1e-9],
  ['btcPriceUsd', true],
])('%s = %s is refused under its own name', (field, value) =>
  expect(breakEven({ [field]: value })).toMatchObject({ error: 'INVALID_INPUT', field }),
)
test('a missing field is refused under its own name', () => expect(breakEven({ stale: undefined })).toMatchObject({ field: 'stale' }))

test('fees per block and their share of the reward are given once', () => {
  const hashprice = { difficulty: 1e14, btcPriceUsd: 70_000, subsidyBtc: 3.125 }
  const ask = (more: object) => evaluateModel({ fn: 'hashprice', inputs: { ...hashprice, ...more } })
  expect(ask({})).toMatchObject({ error: 'INVALID_INPUT', field: 'feesPerBlockBtc' })
  expect(ask({ feesPerBlockBtc: 0.1, feeShareOfReward: 0.01 })).toMatchObject({ error: 'INVALID_INPUT', field: 'feeShareOfReward' })
  expect(ask({ feeShareOfReward: 1 })).toMatchObject({ error: 'INVALID_INPUT', field: 'feeShareOfReward' })
})
test('a bad entry of a list is named by the list, a bad field of a nested object by itself', () => {
  const group = { id: 'a', mw: 1, revenuePerMWh: 50 }
  expect(evaluateModel({ fn: 'rtRule', inputs: { groups: [group, { ...group, id: 'b', mw: -1 }], pricePerMWh: 40 } })).toMatchObject({
    field: 'groups',
  })
  expect(evaluateModel({ fn: 'parityHashprice', inputs: { project: { horizonMonths: 12, pue: 0.9 } } })).toMatchObject({ field: 'pue' })
})
test('a result too large for a number is refused, not Infinity', () =>
  expect(breakEven({ btcPerPhDay: 1e300, btcPriceUsd: 1e300 })).toMatchObject({ error: 'OUT_OF_RANGE' }))

const finiteOrTyped = (value: unknown): boolean =>
  typeof value === 'number'
    ? Number.isFinite(value)
    : typeof value !== 'object' || value === null || Object.values(value).every(finiteOrTyped)

// One good request a function; the fuzz replaces some of its fields by anything at all.
const project = {
  horizonMonths: 60,
  pue: 1.25,
  capexPerItMW: 9.5e6,
  tenantFundedCapexShare: 0.1,
  leasePerKwMonth: 135,
  escalatorAnnual: 0.03,
  occupancy: 0.97,
  opexPerItMWMonth: 14_000,
  opexInflationAnnual: 0.025,
  powerPassThrough: false,
  powerPricePerMWh: 50,
  itLoadFactor: 0.85,
  exitMultipleOfNoi: 6,
  asicSalvageUsd: 1e6,
  discountRateAnnual: 0.11,
  miningCashMarginPerMWMonth: 9000,
  phases: [{ gridMW: 10, startMonth: 1, buildMonths: 12, rampMonths: 3 }],
  debt: { loanToCost: 0.75, rateAnnual: 0.08, amortMonths: 40, feeShare: 0.01 },
}
const network = { difficulty: 133.79e12, subsidyBtc: 3.125, feesPerBlockBtc: 0.025 }
const pool = { ...network, hashratePHs: 1500, stale: 0.004, days: 30, poolFee: 0.02 }
const block = {
  id: 'a',
  hashratePHs: 100,
  efficiencyJTH: 20,
  overheadRatio: 1.05,
  powerPricePerMWh: 40,
  otherVariablePerMWh: 2,
  poolFee: 0.02,
}
const good: Record<string, Record<string, unknown>> = {
  subsidyAtHeight: { height: 840_000 },
  supplyAtHeight: { height: 840_000 },
  impliedHashrate: { difficulty: 133.79e12, blockSeconds: 600 },
  hashprice: { ...network, btcPriceUsd: 71_000 },
  poolPayout: { scheme: 'PPS+', ...pool, txFeePoolFee: 0.1, actualFeesPerBlockBtc: 0.03, poolHashratePHs: 1e5, riskAversion: 2 },
  horizonBtc: { startHeight: 1_049_000, blocks: 4320, networkShare: 0.01, feesPerBlockBtc: 0.03 },
  rollup: {
    groups: [{ id: 'g', site: 'A', units: 10, unitTHs: 100, efficiencyJTH: 20, uptime: 0.9 }],
    siteOverheadRatio: { A: 1.05 },
    hashpriceUsdPerPhDay: 33,
    poolFee: 0.02,
    days: 30,
  },
  groupBreakEven: { ...even, difficulty: 1e14 },
  costPerBtc: {
    powerCostUsd: 100,
    powerCreditsUsd: 1,
    siteOpexUsd: 10,
    hostingUsd: 0,
    sgaUsd: 5,
    cashInterestUsd: 5,
    depreciationUsd: 9,
    stockCompUsd: 1,
    btcMinedNet: 3,
    btcPriceUsd: 70,
  },
  meritOrder: { groups: [block, { ...block, id: 'b' }], btcPerPhDay: 0.0005, btcPriceUsd: 70_000 },
  rtRule: {
    groups: [{ id: 'a', mw: 10, revenuePerMWh: 60 }],
    pricePerMWh: 40,
    avoidableAdderPerMWh: 5,
    contractMW: 4,
    resaleAllowed: true,
    resaleSpreadPerMWh: 2,
  },
  irr: { cashFlows: [-100, 30, -5, 90] },
  npv: { rate: 0.05, cashFlows: [-100, 30, 90] },
  mirr: { cashFlows: [-100, 30, 90], financeRate: 0.05, reinvestRate: 0.05 },
  levelPayment: { ratePerPeriod: 0.01, periods: 12, principal: 1000 },
  payback: { cashFlows: [-100, 30, 90] },
  coloProject: project,
  dealMetrics: { criticalItMW: 100, years: 10, totalRevenueUsd: 1e9, escalatorAnnual: 0.03, noiMargin: 0.8, capexPerItMW: 1e7 },
  dealWithRenewals: { criticalItMW: 100, years: 10, totalRevenueUsd: 1e9, escalatorAnnual: 0.03, renewalYears: 5 },
  parityHashprice: {
    project,
    fleet: { efficiencyJTH: 20, overheadRatio: 1.05, poolFee: 0.02, stale: 0, variableCostPerMWh: 50, hoursPerMonth: 730, uptime: 0.95 },
  },
  siteScore: {
    workload: 'training',
    fiberRttMs: 12,
    diverseFiberRoutes: 2,
    firmShare: 0.99,
    firmMW: 50,
    interconnectMonths: 24,
    substationFeeds: 2,
    designWetBulbC: 23,
    regionScore: 70,
    powerPricePerMWh: 45,
    backupGeneration: true,
    permanentSite: true,
  },
  tornado: { project, ranges: [{ parameter: 'pue', low: 1.1, high: 1.5 }] },
}

const anyNumber = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.02, 0.5, 12, 180, 1e-300, 1e300, -1e300, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53),
  fc.double({ min: 0, max: 1 }),
  fc.integer({ min: -5, max: 2_000_000 }),
  fc.double(),
)
const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: anyNumber },
  { weight: 1, arbitrary: fc.constantFrom(undefined, null, '', 'FPPS', 'SOLO', 'PPLNS', 'inference', true, false, [], {}) },
  { weight: 1, arbitrary: fc.array(anyNumber, { maxLength: 30 }) },
  { weight: 1, arbitrary: fc.constant({ ...project, horizonMonths: 20, discountRateAnnual: -0.999 }) },
)
const mutated = (inputs: Record<string, unknown>) =>
  fc
    .dictionary(fc.constantFrom(...Object.keys(inputs)), anyValue, { maxKeys: 2, noNullPrototype: true })
    .map((changes) => ({ ...inputs, ...changes }))
const requests = fc.constantFrom(...Object.entries(good)).chain(([fn, inputs]) => mutated(inputs).map((m) => ({ fn, inputs: m })))

test('2,000 random requests: no exception, no number that is not finite; every function both answers and refuses', () => {
  const answered = new Set<string>()
  const refused = new Set<string>()
  fc.assert(
    fc.property(requests, (request) => {
      const answer = evaluateModel(request)
      const seen = typeof answer === 'object' && answer !== null && 'error' in answer ? refused : answered
      seen.add(request.fn)
      return finiteOrTyped(answer)
    }),
    { numRuns: 2000, seed: 20261124 },
  )
  expect([...answered].sort()).toEqual(Object.keys(good).sort())
  expect([...refused].sort()).toEqual(Object.keys(good).sort())
})
test('arbitrary JSON as a request never throws', () =>
  fc.assert(
    fc.property(fc.jsonValue(), (request) => finiteOrTyped(evaluateModel(request))),
    { numRuns: 300, seed: 1 },
  ))
