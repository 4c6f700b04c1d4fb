import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { evaluateModel, isModelError, models } from '#shared/economics/adapter.ts'
import { groupBreakEven } from '#shared/economics/breakeven/break-even.ts'
import { Derivation, derivationOf, leavesOf, namesIn } from '#shared/economics/derivation.ts'
import { atLeastZero, model } from '#shared/economics/model.ts'
import { unitOf } from '#shared/economics/unit-of.ts'
import { evaluate } from './arithmetic.ts'
import { exampleInputs } from './example-inputs.ts'
import { goldenCases, goldenIsThere } from './golden-cases.ts'
import { bareNumbers, disagreements } from './recompute.ts'
import { value } from './value.ts'

const nothing = (name: string): number => {
  throw new Error(name)
}

describe('the arithmetic of the tests itself', () => {
  test.each([
    ['2 + 3 * 4 - 6 / 2', 11],
    ['2 ^ 3 ^ 2', 512],
    ['-2 ^ 2', -4],
    ['(1 - 0.02) * (1 - 0.004)', 0.97608],
    ['86400 * 1e15 / (133.79e12 * 4294967296)', 0.00015035901],
    ['max(1, min(5, 3)) + floor(2.9) + sqrt(16) + ln(exp(2))', 11],
  ])('%s = %d', (how, expected) => expect(evaluate(how, nothing)).toBeCloseTo(expected, 9))
  test.each(['2 +', '(1', '1 2', 'a ? b : c', 'min(1', '"x"'])('%s is no arithmetic', (how) =>
    expect(() => evaluate(how, () => 1)).toThrow(),
  )
  test('names are the inputs, not the functions and not the exponent of a number', () =>
    expect(namesIn('max(fleet.stale, phases[0].gridMW) * 1e15 + _a2 / 86400')).toEqual(['fleet.stale', 'phases[0].gridMW', '_a2']))
})

type Explained = { readonly value: unknown; readonly derivation: Derivation }
const explained = (fn: string, inputs: unknown): Explained | null => {
  const answer = evaluateModel({ fn, inputs, explain: true })
  return isModelError(answer) ? null : (answer as Explained)
}

/** Besides the example of each function, the branches that it does not take. */
const pool = { subsidyBtc: 3.125, feesPerBlockBtc: 0.025, difficulty: 133.79e12, hashratePHs: 900, stale: 0.004, days: 31, poolFee: 0.01 }
const branches: readonly (readonly [string, unknown])[] = [
  ['hashprice', { difficulty: 14.496e12, btcPriceUsd: 43_629, subsidyBtc: 6.25, feeShareOfReward: 0.0134 }],
  ...['FPPS', 'PPS', 'SOLO'].map((scheme) => ['poolPayout', { scheme, ...pool, riskAversion: 3 }] as const),
  ['poolPayout', { scheme: 'PPLNS', ...pool, poolHashratePHs: 90_000, riskAversion: 3 }],
  ['groupBreakEven', { ...exampleInputs.groupBreakEven, powerPricePerMWh: -80 }],
  ['groupBreakEven', { ...exampleInputs.groupBreakEven, btcPerPhDay: 0 }],
  ['costPerBtc', { ...exampleInputs.costPerBtc, btcMinedNet: 0 }],
  ['levelPayment', { ratePerPeriod: 0, periods: 60, principal: 15_000 }],
  ['mirr', { cashFlows: [100, 30, 90], financeRate: 0.05, reinvestRate: 0.05 }],
  ['coloProject', { ...exampleInputs.coloProject, leasePerKwMonth: 0 }],
  ['dealMetrics', { criticalItMW: 200, years: 10, totalRevenueUsd: 3.7e9 }],
  ['rtRule', { groups: [{ id: 'a', mw: 3, revenuePerMWh: 60 }], pricePerMWh: 40 }],
]
const all: readonly (readonly [string, unknown])[] = [...Object.entries(exampleInputs), ...branches]

describe.each(all)('%s', (fn, inputs) => {
  const answer = explained(fn, inputs)
  test('gives its derivation, which says what the plain call says', () => {
    expect(answer?.value).toEqual(evaluateModel({ fn, inputs }))
    expect(Derivation.safeParse(answer?.derivation).error).toBeUndefined()
  })
  test('every arithmetic comes to the value it stands beside', () => expect(answer && disagreements(answer.derivation)).toEqual([]))
  test('no number is without its unit', () => expect(answer && bareNumbers(answer.derivation)).toEqual([]))
})

describe.skipIf(!goldenIsThere)('golden cases (not run where their folder is absent)', () => {
  test('the arithmetic of every derivation holds', () => {
    const worked = goldenCases.flatMap((c) => {
      const answer = explained(c.fn, c.inputs)
      return answer === null ? [] : [{ id: c.id, wrong: [...disagreements(answer.derivation), ...bareNumbers(answer.derivation)] }]
    })
    expect(worked.length).toBeGreaterThan(50)
    expect(worked.filter((w) => w.wrong.length > 0)).toEqual([])
  })
})

/** The numeric fields that a schema declares, by their way: what no example happens to give is there, too. */
const numbersOf = (schema: unknown, way = ''): string[] => {
  if (typeof schema !== 'object' || schema === null) return []
  const s = schema as Record<string, unknown>
  if (s.type === 'number' || s.type === 'integer') return [way]
  const inner = (key: string) =>
    Object.entries((s[key] ?? {}) as Record<string, unknown>).flatMap(([k, v]) => numbersOf(v, way === '' ? k : `${way}.${k}`))
  const lists = ['anyOf', 'oneOf', 'allOf'].flatMap((k) => ((s[k] ?? []) as unknown[]).flatMap((v) => numbersOf(v, way)))
  return [...inner('properties'), ...lists, ...numbersOf(s.items, way), ...numbersOf(s.additionalProperties, way)]
}
test.each(models.map((m) => [m.formula.id, m] as const))('every number that %s takes has a unit', (_, m) => {
  const json = z.toJSONSchema(m.inputs, { unrepresentable: 'any', io: 'input' })
  expect(numbersOf(json).filter((name) => unitOf(name) === null)).toEqual([])
})

describe('an output’s own derivation', () => {
  const { derivation } = value(
    groupBreakEven.explain({
      efficiencyJTH: 20,
      overheadRatio: 1.04,
      powerPricePerMWh: 48,
      otherVariablePerMWh: 5,
      poolFee: 0.02,
      stale: 0.004,
      btcPerPhDay: 0.0005,
      btcPriceUsd: 91_000,
    }),
  )
  test('the break-even power price rests on the coin and the machine, not on the price it is held against', () => {
    const own = derivationOf(derivation, 'breakEvenPowerPerMWh')
    expect(own.outputs.map((o) => o.name)).toEqual(['breakEvenPowerPerMWh'])
    expect(own.inputs.map((i) => i.name)).not.toContain('powerPricePerMWh')
    expect(own.steps.map((s) => s.name)).toEqual(['energyMWhPerPhDay', 'netShare', 'hashpriceUsd', 'revenuePerMWh', 'breakEvenPowerPerMWh'])
    expect(disagreements(own)).toEqual([])
  })
  test('the break-even coin price does not rest on the coin price', () =>
    expect(derivationOf(derivation, 'breakEvenBtcUsd').inputs.map((i) => i.name)).not.toContain('btcPriceUsd'))
  test('an output that no step names leaves the derivation whole', () =>
    expect(derivationOf(derivation, 'no such').steps).toEqual(derivation.steps))
})

describe('where an input comes from', () => {
  const half = model(
    { id: 'test.half', section: '0' },
    z.object({ pairs: z.array(z.object({ mw: atLeastZero })), mw: atLeastZero }),
    (i, { step }) => ({
      halfMW: step('halfMW', i.mw / 2, 'mw / 2'),
    }),
  )
  const at = (source: string) => ({ source, observedAtMs: 1, quality: 'measured' as const })
  const sources = (origins: Parameters<typeof half.explain>[1]) =>
    value(half.explain({ pairs: [{ mw: 1 }, { mw: 2 }], mw: 3 }, origins)).derivation.inputs.map((i) => i.origin?.source)
  test('the exact place comes before the name, the name before the list', () =>
    expect(sources({ pairs: at('list'), 'pairs[1].mw': at('second'), mw: at('meter') })).toEqual(['list', 'second', 'meter']))
  test('an input that was computed brings its own derivation', () => {
    const inner = value(half.explain({ pairs: [], mw: 6 })).derivation
    const outer = value(half.explain({ pairs: [], mw: 3 }, { mw: inner })).derivation
    expect(outer.inputs.find((i) => i.name === 'mw')?.from?.outputs[0]).toMatchObject({ name: 'halfMW', value: 3 })
    expect(disagreements(outer)).toEqual([])
  })
  test('nobody named: no origin is invented', () => expect(sources({})).toEqual([undefined, undefined, undefined]))
})

test('a year of prices is told by its count and ends, field by field', () =>
  expect(leavesOf({ prices: Array.from({ length: 8760 }, (_, k) => ({ startMs: k, price: k % 100 })) })).toEqual([
    { path: 'prices.startMs', value: { count: 8760, least: 0, most: 8759 } },
    { path: 'prices.price', value: { count: 8760, least: 0, most: 99 } },
  ]))

property.prop([
  fc.double({ min: 1, max: 200, noNaN: true }),
  fc.double({ min: -500, max: 5000, noNaN: true }),
  fc.double({ min: 0, max: 0.99, noNaN: true }),
  fc.double({ min: 0, max: 0.001, noNaN: true }),
])('whatever the machine, explaining changes nothing and its arithmetic holds', (efficiencyJTH, powerPricePerMWh, poolFee, btcPerPhDay) => {
  const inputs = {
    efficiencyJTH,
    overheadRatio: 1.05,
    powerPricePerMWh,
    otherVariablePerMWh: 4,
    poolFee,
    stale: 0.004,
    btcPerPhDay,
    btcPriceUsd: 90_000,
  }
  const answer = value(groupBreakEven.explain(inputs))
  expect(answer.value).toEqual(value(groupBreakEven(inputs)))
  expect(disagreements(answer.derivation)).toEqual([])
})
