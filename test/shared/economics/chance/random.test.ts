import { expect, test } from 'vitest'
import { portableExp, portableLn } from '#shared/economics/chance/portable-math.ts'
import { MOST_SEED, randomStream, streamFromState } from '#shared/economics/chance/random.ts'

const draws = (count: number, draw: () => number): Float64Array => Float64Array.from({ length: count }, draw)
const moment = (of: Float64Array, power: number): number => of.reduce((sum, x) => sum + x ** power, 0) / of.length
const shareBelow = (of: Float64Array, limit: number): number => of.filter((x) => x < limit).length / of.length
/** Five standard errors of a share: one wrong alarm in two million, and the seeds are fixed. */
const within = (share: number, count: number): number => 5 * Math.sqrt((share * (1 - share)) / count)

test('xoshiro128** 1.1 from the state 1, 2, 3, 4 gives the outputs published with its Rust port', () => {
  // rand_xoshiro, xoshiro128starstar.rs, "produced with the reference implementation (v1.1)".
  const stream = streamFromState([1, 2, 3, 4])
  expect(Array.from({ length: 10 }, () => stream.bits())).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ])
})

test('a uniform is made of the upper 27 and 26 bits of two draws', () => {
  // 11520 >> 5 = 360, 0 >> 6 = 0: 360 / 2^27.
  expect(streamFromState([1, 2, 3, 4]).uniform()).toBe(360 / 2 ** 27)
})

test('one seed and stream means the same draws again; another seed or stream means others', () => {
  const first = (seed: number, stream: number) => {
    const s = randomStream(seed, stream)
    return [s.bits(), s.uniform(), s.normal(), s.exponential()].join()
  }
  expect(first(7, 3)).toBe(first(7, 3))
  const all = [0, 1, 2, 3, 2 ** 32, 2 ** 32 + 1, MOST_SEED].flatMap((a) => [0, 1, 2, 2 ** 32, MOST_SEED].map((b) => first(a, b)))
  expect(new Set(all).size).toBe(all.length)
})

test('the draws of seed 1, stream 0 stay what they were in the first release, so that stored seeds keep their meaning', () => {
  const stream = randomStream(1, 0)
  expect([stream.bits(), stream.bits()]).toEqual([3308137916, 1271646890])
  expect([stream.uniform(), stream.normal(), stream.exponential()]).toEqual([0.9762983412720186, 0.4998714323140666, 0.29158241478251373])
})

test('uniforms fill [0, 1) evenly', () => {
  const stream = randomStream(11, 0)
  const all = draws(400_000, () => stream.uniform())
  expect(all.every((u) => u >= 0 && u < 1)).toBe(true)
  for (const limit of [0.001, 0.1, 0.25, 0.5, 0.9, 0.999])
    expect(Math.abs(shareBelow(all, limit) - limit)).toBeLessThan(within(limit, 400_000))
})

test('normals have the moments and the quantiles of the bell, tail included', () => {
  const stream = randomStream(12, 0)
  const count = 2_000_000
  const all = draws(count, () => stream.normal())
  const error = (variance: number) => 5 * Math.sqrt(variance / count)
  expect(Math.abs(moment(all, 1))).toBeLessThan(error(1))
  expect(Math.abs(moment(all, 2) - 1)).toBeLessThan(error(2))
  expect(Math.abs(moment(all, 3))).toBeLessThan(error(15))
  expect(Math.abs(moment(all, 4) - 3)).toBeLessThan(error(96))
  // Table of the standard normal: P(Z < z).
  const table = [
    [-3, 0.0013498980316300946],
    [-1.959963984540054, 0.025],
    [-1, 0.15865525393145705],
    [-0.25, 0.4012936743170763],
    [0, 0.5],
    [0.6744897501960817, 0.75],
    [2.3263478740408408, 0.99],
    // Beyond 3.6541528853610088 the tail is drawn another way.
    [3.7, 0.999892200266523],
    [4.2, 0.9999866542509841],
  ] as const
  for (const [z, share] of table) expect(Math.abs(shareBelow(all, z) - share)).toBeLessThan(within(share, count))
  expect(all.some((z) => z < -4.5) && all.some((z) => z > 4.5)).toBe(true)
})

test('successive normals, and the same places of two streams, do not go together', () => {
  const count = 400_000
  const [a, b] = [randomStream(5, 0), randomStream(5, 1)]
  let before = 0
  let [successive, across] = [0, 0]
  for (let k = 0; k < count; k++) {
    const z = a.normal()
    successive += z * before
    across += z * b.normal()
    before = z
  }
  expect(Math.abs(successive / count)).toBeLessThan(5 / Math.sqrt(count))
  expect(Math.abs(across / count)).toBeLessThan(5 / Math.sqrt(count))
})

test('a batch of normals is the same draws as one after another', () => {
  const [one, many] = [randomStream(3, 9), randomStream(3, 9)]
  const batch = new Float64Array(5000)
  many.normals(batch, 5000)
  expect(batch).toEqual(draws(5000, () => one.normal()))
  expect(many.bits()).toBe(one.bits())
})

test('exponentials: mean 1, variance 1, half of them below ln 2', () => {
  const stream = randomStream(13, 0)
  const count = 400_000
  const all = draws(count, () => stream.exponential())
  expect(all.every((x) => x >= 0)).toBe(true)
  expect(Math.abs(moment(all, 1) - 1)).toBeLessThan(5 / Math.sqrt(count))
  expect(Math.abs(moment(all, 2) - 2)).toBeLessThan(5 * Math.sqrt(20 / count))
  expect(Math.abs(shareBelow(all, Math.LN2) - 0.5)).toBeLessThan(within(0.5, count))
})

test('whole numbers below n are each as likely', () => {
  const stream = randomStream(14, 0)
  const seen = new Float64Array(7)
  for (let k = 0; k < 70_000; k++) {
    const n = stream.below(7)
    seen[n] = (seen[n] ?? Number.NaN) + 1
  }
  for (const count of seen) expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt((70_000 * 6) / 49))
})

test('the portable exponential and logarithm agree with published values to the last places', () => {
  // Abramowitz and Stegun, tables 4.2 and 4.4.
  expect(portableExp(1)).toBeCloseTo(Math.E, 15)
  expect(portableExp(-1)).toBeCloseTo(0.36787944117144233, 16)
  expect(portableExp(10) / 22026.465794806718).toBeCloseTo(1, 15)
  expect(portableLn(10)).toBeCloseTo(Math.LN10, 15)
  expect([portableExp(0), portableLn(1), portableLn(0), portableExp(-800), portableExp(800)]).toEqual([1, 0, -Infinity, 0, Infinity])
  for (let x = -700; x < 700; x += 1.37) expect(Math.abs(portableExp(x) / Math.exp(x) - 1)).toBeLessThan(5e-16)
  for (let x = -700; x < 700; x += 1.37)
    expect(Math.abs(portableLn(Math.exp(x)) - Math.log(Math.exp(x)))).toBeLessThan(5e-16 * Math.max(1, Math.abs(x)))
})
