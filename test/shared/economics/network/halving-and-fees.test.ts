import { expect, test } from 'vitest'
import { GENERATOR } from '#shared/economics/chance/random.ts'
import { feePath } from '#shared/economics/network/fee-path.ts'
import { nextHalving } from '#shared/economics/network/next-halving.ts'
import { value } from '../value.ts'

const halving = (height: number, blocksPerDay = 144) => value(nextHalving({ height, blocksPerDay }))
test('one block before a halving it is one block away; at the halving the next is 210,000 away', () => {
  expect(halving(1_049_999)).toMatchObject({ halvingHeight: 1_050_000, blocksRemaining: 1, subsidyAfterBtc: 1.5625 })
  expect(halving(1_050_000)).toMatchObject({ halvingHeight: 1_260_000, blocksRemaining: 210_000, subsidyAfterBtc: 0.78125 })
  expect(halving(0)).toMatchObject({ halvingHeight: 210_000, blocksRemaining: 210_000, subsidyAfterSats: 25e8 })
})
test('days need a rate of blocks: 1,440 blocks are 10 days at 144 and 9 at 160', () => {
  expect(halving(1_048_560).daysRemaining).toBe(10)
  expect(halving(1_048_560, 160).daysRemaining).toBe(9)
})
test('the last halvings leave one sat, then none', () => {
  expect(halving(6_719_999).subsidyAfterSats).toBe(1)
  expect(halving(6_929_999).subsidyAfterSats).toBe(0)
  expect(halving(50_000_000).subsidyAfterSats).toBe(0)
})
test.each([
  ['height', -1],
  ['height', 0.5],
  ['height', Number.NaN],
  ['blocksPerDay', 0],
  ['blocksPerDay', -144],
])('%s = %d is refused', (field, bad) =>
  expect(nextHalving({ height: 1, blocksPerDay: 144, [field]: bad })).toMatchObject({ ok: false, failure: { field } }),
)

const fees = { kind: 'meanReverting' as const, months: 3, seed: 5 }
const path = (more: object) => value(feePath({ ...fees, ...more })).feesPerBlockBtc
const close = (list: number[], digits = 9) => list.map((x) => expect.closeTo(x, digits))
const logs = (paths: number, more: object) =>
  Array.from({ length: paths }, (_, k) => Math.log((path({ ...more, path: k }).at(-1) ?? 0) / 0.025))
const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length
const variance = (list: number[]) => mean(list.map((x) => (x - mean(list)) ** 2))

test('without volatility fees of 0.10 BTC halve their distance to 0.025 a month, in logarithms', () =>
  // 12 ln 2 a year halves it a month: 0.025 x 4^(1/2), 4^(1/4), 4^(1/8).
  expect(path({ startBtc: 0.1, volAnnual: 0, reversionAnnual: 12 * Math.LN2 })).toEqual(close([0.05, 0.0353553391, 0.0297301779])))
test('fees that start at the level and are not shaken stay there', () =>
  expect(path({ volAnnual: 0 })).toEqual(close([0.025, 0.025, 0.025])))
test('in the long run the logarithm has the level as its mean and sd^2 / (2 speed) as its variance', () => {
  const x = logs(4000, { months: 24, volAnnual: 1.2, reversionAnnual: 4, startBtc: 0.2 })
  // 1.44 / 8 = 0.18; of 4,000 draws the mean errs by 0.0067, the variance by 0.004.
  expect(Math.abs(mean(x))).toBeLessThan(0.027)
  expect(Math.abs(variance(x) - 0.18)).toBeLessThan(0.016)
})
test('after one month the variance is that of a year’s speed, (1 - e^(-2/3)) of it', () => {
  const x = logs(4000, { months: 1, volAnnual: 1.2, reversionAnnual: 4 })
  expect(Math.abs(variance(x) - 0.18 * 0.4865829)).toBeLessThan(0.008)
})
test('spikes arrive as often as told and multiply their month only', () => {
  const calm = { volAnnual: 0, spikesPerYear: 6, spikeMeanLog: Math.LN2, spikeSdLog: 0, months: 1200 }
  const p = value(feePath({ ...fees, ...calm }))
  const count = p.spikeCount ?? []
  // Half a spike a month; of 1,200 months the sum errs by sqrt(600) = 24.
  expect(Math.abs(count.reduce((a, b) => a + b, 0) - 600)).toBeLessThan(98)
  expect(p.feesPerBlockBtc).toEqual(count.map((n) => expect.closeTo(0.025 * 2 ** n, 9)))
})
test('a path is its seed’s and its number’s, and says which generator drew it', () => {
  expect(path({})).toEqual(path({}))
  expect(path({ path: 1 })).not.toEqual(path({}))
  expect(path({ seed: 6 })).not.toEqual(path({}))
  expect(value(feePath(fees))).toMatchObject({ seed: 5, generator: GENERATOR, longRunMedianBtc: 0.025 })
})
test('fees of a constant share halve with the subsidy, block by block in the month of the halving', () => {
  // 2 % of the whole reward: S / 49. The second month has 1,000 blocks of 3.125 and 3,383 of 1.5625 BTC.
  const p = value(feePath({ kind: 'constantShare', startHeight: 1_050_000 - 4383 - 1000, months: 3, feeShareOfReward: 0.02 }))
  expect(p.feesPerBlockBtc).toEqual(close([3.125 / 49, (1000 * 3.125 + 3383 * 1.5625) / 4383 / 49, 1.5625 / 49]))
  expect(p).toMatchObject({ seed: null, generator: null })
})
test.each([
  ['kind', { kind: 'linear' }],
  ['months', { months: 0 }],
  ['months', { months: 1201 }],
  ['levelBtc', { levelBtc: 0 }],
  ['startBtc', { startBtc: -1 }],
  ['reversionAnnual', { reversionAnnual: 0 }],
  ['volAnnual', { volAnnual: -1 }],
  ['spikesPerYear', { spikesPerYear: -1 }],
  ['seed', { seed: 1.5 }],
])('fees: %s in %j is refused', (field, bad) =>
  expect(feePath({ ...fees, ...bad } as typeof fees)).toMatchObject({ ok: false, failure: { field } }),
)
test('a constant share past the last subsidy is refused by its months, one of 100 % by itself', () => {
  const ask = (months: number, feeShareOfReward: number) =>
    feePath({ kind: 'constantShare', startHeight: 6_930_000 - 2 * 4383, months, feeShareOfReward })
  expect(ask(2, 0.02).ok).toBe(true)
  expect(ask(3, 0.02)).toMatchObject({ ok: false, failure: { field: 'months' } })
  expect(ask(1, 1)).toMatchObject({ ok: false, failure: { field: 'feeShareOfReward' } })
})
