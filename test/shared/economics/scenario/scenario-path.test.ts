import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { shippedScenarios } from '#shared/economics/scenario/library.ts'
import { readScenario, type Scenario, type ScenarioFile } from '#shared/economics/scenario/scenario.ts'
import { scenarioCosts } from '#shared/economics/scenario/scenario-costs.ts'
import { scenarioPath } from '#shared/economics/scenario/scenario-path.ts'
import { value } from '../value.ts'

/** 133.79 T and the hashrate that it is calibrated for: nothing pulls at either. */
const CALIBRATED_EHS = (133.79e12 * 2 ** 32) / 600 / 1e18
const base = {
  btcPriceUsd: 71_000,
  difficulty: 133.79e12,
  networkEHs: CALIBRATED_EHS,
  height: 941_472,
  feesPerBlockBtc: 0.025,
  powerPricePerMWh: 48,
}
const shipped = (id: string): Scenario => {
  const found = shippedScenarios.find((s) => s.id === id)
  if (found === undefined) throw new Error(`no ${id}`)
  return found
}
const made = (more: Partial<ScenarioFile>): ScenarioFile => ({ id: 'made', title: 'made', source: 'a test', horizonMonths: 24, ...more })
const pathOf = (scenario: ScenarioFile, more: object = {}) => value(scenarioPath({ scenario, base: { ...base, ...more } }))

test('every row of the specification is there, with all its variants', () =>
  expect(shippedScenarios.map((s) => s.id)).toEqual([
    'seed-2026',
    'cost-88k',
    'oil-100',
    'retarget-7.76-flat',
    'retarget-7.76-rebound',
    'recovery',
    'china-2021',
    'ai-crowd-out-15',
    'ai-crowd-out-25',
    'ai-crowd-out-40',
    'ai-bust',
    'halving-2028-flat',
    'halving-2028-plus-50',
    'winter-storm',
  ]))
describe.each(shippedScenarios.map((s) => [s.id, s] as const))('%s', (_, s) => {
  test('runs from the figures of the founding note, with a price, a network and a hashprice in every month', () => {
    const path = pathOf(s, { networkEHs: 903 })
    for (const list of [path.btcPriceUsd, path.networkPHs, path.difficulty, path.hashpriceUsd, path.leasePerKwMonth]) {
      expect(list).toHaveLength(s.horizonMonths)
      expect(list.every((n) => n > 0)).toBe(true)
    }
  })
})

test('at rest nothing moves: $33.63 of hashprice in every month until the halving', () => {
  const path = pathOf(made({}))
  expect(path.hashpriceUsd.every((h) => Math.abs(h - 33.628) < 0.001)).toBe(true)
  expect(path.networkPHs.every((h) => Math.abs(h - 957_700) < 10)).toBe(true)
})
test('133.79 T and 903 EH/s: the first retarget is −5.7 %, as the shared simulation says, and machines come back from there', () => {
  const path = pathOf(shipped('seed-2026'))
  // 636.35 s a block: 600 / 636.35 − 1 = −5.71 %; a few machines return during the epoch.
  expect(path.retargets[0]?.change).toBeCloseTo(-0.057, 2)
  expect(path.networkPHs.at(-1)).toBeGreaterThan(903_000)
})
test('AI takes nobody: the flat scenario', () => {
  const nobody = { ...shipped('ai-crowd-out-25'), power: shipped('seed-2026').power, ai: shipped('seed-2026').ai }
  const exits = nobody.network.exits.map((e) => ({ ...e, exitShare: 0 }))
  const crowd = pathOf({ ...nobody, network: { ...nobody.network, exits } }, { networkEHs: 903 })
  expect(crowd).toEqual(pathOf({ ...shipped('seed-2026') }, { networkEHs: 903 }))
})
test('AI takes a quarter and nobody answers: after ten half-lives the rest earns a third more a PH/s', () => {
  const exits = [{ id: 'ai', cause: 'ai' as const, exitShare: 0.25, halfLifeMonths: 2 }]
  const path = pathOf(made({ network: { elasticity: 0, exits } }))
  expect((path.hashpriceUsd[20] ?? 0) / 33.628).toBeCloseTo(1 / 0.75, 2)
  expect(path.aiExitShare[20]).toBeCloseTo(0.25, 3)
  expect(path.priceExitShare.every((s) => s < 0.001)).toBe(true)
})
property.prop([fc.double({ min: 0, max: 0.6, noNaN: true }), fc.double({ min: 0, max: 3, noNaN: true })], { numRuns: 20 })(
  'the months settle where the elastic equilibrium says: h = h0 (1 − x)^(−1 / (1 + eps))',
  (exitShare, elasticity) => {
    const exits = [{ id: 'ai', cause: 'ai' as const, exitShare, halfLifeMonths: 0.2 }]
    const path = pathOf(made({ network: { elasticity, kOff: 1, kOn: 1, exits } }))
    expect((path.hashpriceUsd[23] ?? 0) / 33.6278).toBeCloseTo((1 - exitShare) ** (-1 / (1 + elasticity)), 3)
  },
)
test('machines that return come slowly, those that leave are gone at once', () => {
  const exit = { id: 'ai', cause: 'ai' as const, exitShare: 0.3, halfLifeMonths: 0.1, returnShare: 1, returnAfterMonths: 6 }
  const path = pathOf(made({ network: { elasticity: 0, kOn: 0.15, exits: [exit] } }))
  expect(path.networkPHs[3]).toBeCloseTo(0.7 * 957_700, -2)
  // A month after the return 15 % of the way is gone: 0.3 x 0.85 are still missing; in the month's mean about half of that.
  expect((path.networkPHs[6] ?? 0) / 957_700).toBeCloseTo(1 - 0.3 * 0.923, 2)
  expect((path.networkPHs[12] ?? 0) / 957_700).toBeCloseTo(1 - 0.3 * 0.85 ** 6.5, 2)
})

test('China 2021: 25.05 T becomes 21.05, 19.93, 14.36 and 13.67 T, as the chain has it', () => {
  const path = pathOf(shipped('china-2021'), { difficulty: 25.046487590083e12, networkEHs: 179.3, height: 683_424, btcPriceUsd: 56_700 })
  const terahashes = path.retargets.slice(0, 4).map((r) => Math.round(r.newDifficulty / 1e10) / 100)
  expect(terahashes).toEqual([21.05, 19.93, 14.36, 13.67])
  expect(path.retargets.slice(0, 4).map((r) => r.day)).toEqual([16, 31, 51, 65])
  // −45 % in two months, back after six.
  expect([0, 2, 6, 9].map((m) => path.btcPriceUsd[m])).toEqual([56_700, expect.closeTo(31_185, 6), 56_700, 56_700])
  // Half of the network in the eighth week; month 6 is past its return.
  expect(Math.min(...path.networkPHs) / 179_300).toBeLessThan(0.6)
  expect((path.networkPHs[6] ?? 0) / 179_300).toBeCloseTo(1, 3)
})
test('one retarget of −7.76 %, then flat: 123.41 T from day 14 on, and a hashrate that fits it', () => {
  const path = pathOf(shipped('retarget-7.76-flat'))
  expect(path.retargets).toEqual([{ day: 14, change: -0.0776, newDifficulty: expect.closeTo(123.407896e12, -7) }])
  expect(path.difficulty[5]).toBeCloseTo(123.407896e12, -7)
  expect(path.networkPHs[5]).toBeCloseTo(957_700 * 0.9224, -2)
  // Month 0 earns 14 days at one and 16.4375 at the other.
  expect(path.hashpriceUsd[0]).toBeCloseTo(((14 + 16.4375 / 0.9224) / 30.4375) * 33.6278, 3)
})
test('then back: after three more retargets difficulty is where it was', () =>
  expect((pathOf(shipped('retarget-7.76-rebound')).difficulty[3] ?? 0) / 133.79e12).toBeCloseTo(1, 4))
test('oil from 72 to 100 at a pass-through of 0.12 makes 50.24 of 48 USD/MWh, and the coin swings 10 points more', () => {
  const path = pathOf(shipped('oil-100'))
  // 28 / 72 x 0.12 = 4.667 %.
  expect(path.powerPricePerMWh.every((p) => Math.abs(p - 50.24) < 1e-9)).toBe(true)
  expect(path.volAnnual).toBeCloseTo(0.65, 12)
})
test('power grows by 5 % a year and leases by 4 % while AI crowds out', () => {
  const path = pathOf(shipped('ai-crowd-out-15'))
  expect(path.powerPricePerMWh[12]).toBeCloseTo(50.4, 9)
  expect(path.leasePerKwMonth[12]).toBeCloseTo(140.4, 9)
})
test('the halving falls on its block: 3,336 blocks at 3.125 and 1,047 at 1.5625 in month 24', () => {
  const path = pathOf(shipped('halving-2028-flat'))
  expect(path.subsidyBtc[23]).toBe(3.125)
  // (10,425 + 1,635.9375) / 4,383.
  expect(path.subsidyBtc[24]).toBeCloseTo(2.7517539, 6)
  expect(path.subsidyBtc[25]).toBe(1.5625)
})
test('a price that rises towards the halving follows it when the height is another', () => {
  const half = { ...shipped('halving-2028-plus-50') }
  // 108,528 blocks are 24.76 months: at month 24 the twelve months of rising have 0.76 to go.
  expect((pathOf(half).btcPriceUsd[24] ?? 0) / 71_000).toBeCloseTo(1 + 0.5 * (1 - 0.7611 / 12), 4)
  expect((pathOf(half, { height: 1_049_000 }).btcPriceUsd[1] ?? 0) / 71_000).toBe(1.5)
})
test('a scenario goes on as its last month where somebody asks for more', () => {
  const path = value(scenarioPath({ scenario: shipped('recovery'), base, months: 60 }))
  expect([17, 18, 59].map((m) => Math.round(path.btcPriceUsd[m] ?? 0))).toEqual([122_944, 126_000, 126_000])
})
test('past the last subsidy there is no scenario', () => {
  const late = { ...base, height: 6_900_000 }
  expect(scenarioPath({ scenario: made({}), base: late })).toMatchObject({ ok: false, failure: { field: 'horizonMonths' } })
  expect(scenarioPath({ scenario: made({}), base: late, months: 7 })).toMatchObject({ ok: false, failure: { field: 'months' } })
})
test('exits that leave nobody are refused', () => {
  const exit = { id: 'a', cause: 'ai' as const, exitShare: 0.5, halfLifeMonths: 1 }
  expect(scenarioPath({ scenario: made({ network: { exits: [exit, { ...exit, id: 'b' }] } }), base })).toMatchObject({
    failure: { kind: 'invalid-input', field: 'exits' },
  })
})

test('behind $88,000: power leaves $14,000 a coin, all of it together loses $17,000', () => {
  const costs = value(scenarioCosts({ scenario: shipped('cost-88k'), base }))
  // 0.4992 MWh x 53 = 26.4576 over 0.98 x 0.00047363 coins.
  expect(costs?.levels?.directPerBtc).toBeCloseTo(57_001, 0)
  expect(costs?.levels?.fullyLoadedPerBtc).toBeCloseTo(88_000, 6)
  expect(costs?.marginPerBtc).toMatchObject({ directPerBtc: expect.closeTo(13_999, 0), fullyLoadedPerBtc: expect.closeTo(-17_000, 6) })
  expect(costs?.impliedMachineUsdPerTH).toBeCloseTo(5.91, 2)
})

const mistakes: readonly (readonly [string, object, string])[] = [
  [
    'a share as per cent',
    { network: { exits: [{ id: 'a', cause: 'ai', exitShare: 25, halfLifeMonths: 9 }] } },
    'network.exits[0].exitShare',
  ],
  ['a word for a number', { power: { growthAnnual: 'five' } }, 'power.growthAnnual'],
  ['a field that nobody knows', { network: { elasticty: 0.6 } }, 'network.elasticty'],
  [
    'knots that do not ascend',
    {
      price: {
        kind: 'piecewise',
        knots: [
          { month: 3, factorOfStart: 1 },
          { month: 1, factorOfStart: 1 },
        ],
      },
    },
    'price.knots[1].month',
  ],
  ['a knot with a bad price', { price: { kind: 'piecewise', knots: [{ month: 3, btcPriceUsd: -1 }] } }, 'price.knots[0].btcPriceUsd'],
  ['a course of an unknown kind', { price: { kind: 'moon' } }, 'price.kind'],
  ['no source', { source: undefined }, 'source'],
  ['an id with a slash', { id: '../x' }, 'id'],
]
test.each(mistakes)('%s is named with its place', (_, more, field) => {
  const read = readScenario(JSON.parse(JSON.stringify({ ...made({}), ...more })))
  expect(read).toMatchObject({ ok: false, failure: { kind: 'invalid-input', field } })
})
