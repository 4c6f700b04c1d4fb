import { describe, expect, test } from 'vitest'
import { GENERATOR } from '#shared/economics/chance/random.ts'
import { nextAdjustmentFan } from '#shared/economics/network/next-adjustment-fan.ts'
import { value } from '../value.ts'

/** 957.7061 EH/s at 133.79 T: a block every 600 s. */
const fitting = { difficulty: 133.79e12, hashrateSteps: [{ fromHour: 0, hashrateEHs: 957.7061 }], seed: 20261122 }
const fan = (more: object) => value(nextAdjustmentFan({ ...fitting, blocksFound: 0, elapsedSeconds: 0, paths: 5000, ...more }))
const Z = [-1.644854, -0.67449, 0, 0.67449, 1.644854]
/** Wilson and Hilferty (1931): the cube root of a Gamma(n) is close to normal. */
const gammaQuantile = (n: number, z: number) => n * (1 - 1 / (9 * n) + z / (3 * Math.sqrt(n))) ** 3

describe.each([
  ['a whole epoch', 0],
  ['a half epoch', 1008],
  ['48 blocks', 1968],
])('%s ahead', (_, blocksFound) => {
  const n = 2016 - blocksFound
  const drawn = fan({ blocksFound, elapsedSeconds: blocksFound * 600 })
  test('hours left are those of a sum of exponential intervals, a Gamma', () => {
    for (const [k, z] of Z.entries()) {
      // Six intervals an hour. Of 5,000 draws a 5 % quantile errs by 0.03 sd; four of these are allowed.
      const sdHours = Math.sqrt(n) / 6
      expect(Math.abs((drawn.quantiles[k]?.hoursLeft ?? 0) - gammaQuantile(n, z) / 6)).toBeLessThan(0.13 * sdHours)
    }
    expect(Math.abs(drawn.meanHoursLeft - n / 6)).toBeLessThan((4 * Math.sqrt(n)) / 6 / Math.sqrt(5000))
  })
  test('a change is what the slow or fast rest makes of the epoch, slow rests give falls', () => {
    for (const [k, z] of Z.entries()) {
      const seconds = blocksFound * 600 + gammaQuantile(n, -z) * 600
      expect(drawn.quantiles[k]?.change).toBeCloseTo(1_209_600 / seconds - 1, 2)
    }
    expect(drawn.expectedChange).toBeCloseTo(0, 6)
    expect(drawn.probabilityOfRise).toBeGreaterThan(0.45)
    expect(drawn.probabilityOfRise).toBeLessThan(0.57)
  })
})
test('the last block alone is an exponential wait: its median is ln 2 x 10 minutes', () => {
  const one = fan({ blocksFound: 2015, elapsedSeconds: 2015 * 600 })
  expect((one.quantiles[2]?.hoursLeft ?? 0) * 60).toBeCloseTo(6.93, 0)
  expect((one.quantiles[4]?.hoursLeft ?? 0) * 60).toBeGreaterThan(27.5)
  expect((one.quantiles[4]?.hoursLeft ?? 0) * 60).toBeLessThan(32.5) // −ln 0.05 x 10 = 29.96
})
test('the further the epoch, the narrower the fan', () => {
  const width = (blocksFound: number) => {
    const q = fan({ blocksFound, elapsedSeconds: blocksFound * 600, paths: 1000 }).quantiles
    return (q[4]?.change ?? 0) - (q[0]?.change ?? 0)
  }
  expect(width(1800)).toBeLessThan(width(1000))
  expect(width(1000)).toBeLessThan(width(0))
})
test('hashrate that halves while blocks are missing stretches what is missing', () => {
  const hashrateSteps = [
    { fromHour: 0, hashrateEHs: 957.7061 },
    { fromHour: 10, hashrateEHs: 957.7061 / 2 },
  ]
  // 120 blocks: 10 hours bring 60, the other 60 take 20 hours.
  expect(fan({ hashrateSteps, blocksFound: 1896, elapsedSeconds: 1896 * 600 }).expectedHoursLeft).toBeCloseTo(30, 3)
})
test('an epoch already older than 56 days falls by 75 % on every path', () =>
  expect(fan({ blocksFound: 2000, elapsedSeconds: 5_000_000, paths: 50 })).toMatchObject({
    probabilityOfClamp: 1,
    probabilityOfRise: 0,
    quantiles: Array.from({ length: 5 }, () => expect.objectContaining({ change: -0.75, newDifficulty: 133.79e12 / 4 })),
  }))
test('the seed decides, and is told with the generator', () => {
  const a = fan({ paths: 20 })
  expect(fan({ paths: 20 })).toEqual(a)
  expect(fan({ paths: 20, seed: 1 }).meanHoursLeft).not.toBe(a.meanHoursLeft)
  expect(a).toMatchObject({ seed: 20261122, generator: GENERATOR, paths: 20 })
})
test.each([
  ['difficulty', 0],
  ['hashrateSteps', [{ fromHour: 0, hashrateEHs: 0 }]],
  ['blocksFound', 2016],
  ['blocksFound', -1],
  ['elapsedSeconds', -1],
  ['paths', 0],
  ['paths', 20_001],
  ['seed', 0.5],
  ['seed', -1],
])('%s = %j is refused', (field, bad) =>
  expect(nextAdjustmentFan({ ...fitting, blocksFound: 0, elapsedSeconds: 0, paths: 10, [field]: bad })).toMatchObject({
    ok: false,
    failure: { field },
  }),
)
test('hashrate that ends before the epoch does is refused', () =>
  expect(
    nextAdjustmentFan({
      ...fitting,
      hashrateSteps: [
        { fromHour: 0, hashrateEHs: 957 },
        { fromHour: 1, hashrateEHs: 0 },
      ],
      blocksFound: 0,
      elapsedSeconds: 0,
      paths: 10,
    }),
  ).toMatchObject({ ok: false, failure: { field: 'hashrateSteps' } }))
