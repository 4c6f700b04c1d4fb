import { expect, test } from 'vitest'
import { evaluateModel } from '#shared/economics/adapter.ts'

test('an unknown function, and one of a later version, is a typed refusal', () => {
  expect(evaluateModel({ module: 'ai', fn: 'gpuForecast', inputs: {} })).toMatchObject({ error: 'NOT_IMPLEMENTED', field: 'fn' })
  expect(evaluateModel({ module: 'network', fn: 'hashrateForecast', inputs: {} })).toMatchObject({ error: 'NOT_IMPLEMENTED', field: 'fn' })
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

const hosting = {
  ...{ horizonMonths: 60, pue: 1.25, capexPerItMW: 9.5e6, tenantFundedCapexShare: 0, leasePerKwMonth: 135, escalatorAnnual: 0.03 },
  ...{
    occupancy: 1,
    opexPerItMWMonth: 14_000,
    opexInflationAnnual: 0.025,
    powerPassThrough: true,
    powerPricePerMWh: 48,
    itLoadFactor: 0.85,
  },
  ...{ exitMultipleOfNoi: 0, asicSalvageUsd: 0, discountRateAnnual: 0.12, miningCashMarginPerMWMonth: 0 },
  phases: [{ gridMW: 10, startMonth: 0, buildMonths: 12, rampMonths: 0 }],
  debt: { loanToCost: 0.75, rateAnnual: 0.08, amortMonths: 120, feeShare: 0.01 },
}
const waiting = { valueNow: 100, investment: 90, years: 2, riskFreeRate: 0.04, payoutRate: 0.05, volAnnual: 0.3, steps: 50 }
const holding = {
  ...{ btcPriceUsd: 71_000, alternativeYieldAnnual: 0.095, haircutNow: 0, haircutLater: 0, years: 2, driftAnnual: 0, volAnnual: 0.55 },
}
test('a project may be discounted at its own return, whatever that is', () =>
  expect(evaluateModel({ fn: 'coloProject', inputs: { ...hosting, discountRateAnnual: 12 } })).toMatchObject({
    npvProject: expect.any(Number),
  }))
test.each([
  ['coloProject', 'escalatorAnnual', { ...hosting, escalatorAnnual: 3 }],
  ['coloProject', 'rateAnnual', { ...hosting, debt: { ...hosting.debt, rateAnnual: 8 } }],
  ['coloProject', 'feeShare', { ...hosting, debt: { ...hosting.debt, feeShare: 2 } }],
  ['waitOptionLattice', 'riskFreeRate', { ...waiting, riskFreeRate: 4 }],
  ['waitOptionLattice', 'volAnnual', { ...waiting, volAnnual: 30 }],
  ['holdVsSell', 'volAnnual', { ...holding, volAnnual: 55 }],
  ['holdVsSell', 'driftAnnual', { ...holding, driftAnnual: -30 }],
])('%s refuses %s in percent', (fn, field, inputs) =>
  expect(evaluateModel({ fn, inputs })).toMatchObject({ error: 'INVALID_INPUT', field }),
)
