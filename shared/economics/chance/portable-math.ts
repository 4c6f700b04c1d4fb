/**
 * Exponential and logarithm out of +, -, x and / only. `Math.exp` and `Math.log` are left to the engine by the language's
 * standard, so their last bit may differ between two computers; these do not, and a seed means the same draws everywhere.
 * Both within 2 units of the last place.
 */
const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
const PER_LN2 = Math.LOG2E
const SQRT_HALF = Math.SQRT1_2

const LEAST_POWER = -1074
const MOST_POWER = 1023
/** 2^k for every k a double has, by doubling and halving alone. */
const powersOfTwo = (() => {
  const powers = new Float64Array(MOST_POWER - LEAST_POWER + 1)
  for (let k = 0, power = 1; k <= MOST_POWER; k++, power *= 2) powers[k - LEAST_POWER] = power
  for (let k = -1, power = 0.5; k >= LEAST_POWER; k--, power /= 2) powers[k - LEAST_POWER] = power
  return powers
})()

/** 1/n!, n = 13 down to 2. */
const inverseFactorials = (() => {
  const all: number[] = []
  let factorial = 1
  for (let n = 2; n <= 13; n++) {
    factorial *= n
    all.unshift(1 / factorial)
  }
  return all
})()

/**
 * e^x. x = k ln 2 + r with |r| <= 0.35, e^r by its series to r^13 (the next term is below 5e-18).
 * Worked: e^0 = 1; e^1 = 2.718281828459045; below -745 it is 0, above 709.78 infinite, as `Math.exp`.
 */
export const portableExp = (x: number): number => {
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY
  if (x < -745.133219101941) return 0
  const k = Math.round(x * PER_LN2)
  const r = x - k * LN2_HIGH - k * LN2_LOW
  let series = 0
  for (const term of inverseFactorials) series = series * r + term
  const fraction = 1 + (r + r * r * series)
  const half = k >> 1
  return fraction * (powersOfTwo[half - LEAST_POWER] ?? 0) * (powersOfTwo[k - half - LEAST_POWER] ?? 0)
}

/** 1/(2n+1), n = 10 down to 1. */
const oddReciprocals = Array.from({ length: 10 }, (_, n) => 1 / (21 - 2 * n))

/**
 * Natural logarithm of x > 0. x = m 2^k with m in [0.707, 1.414), s = (m - 1)/(m + 1), ln m = 2 (s + s^3/3 + s^5/5 + ...).
 * Worked: ln 1 = 0; ln 2 = 0.6931471805599453; ln 0 = -infinity.
 */
export const portableLn = (x: number): number => {
  if (x === 0) return Number.NEGATIVE_INFINITY
  if (!(x > 0)) return Number.NaN
  if (x === Number.POSITIVE_INFINITY) return x
  let m = x
  let k = 0
  while (m < SQRT_HALF) {
    m *= 2
    k--
  }
  while (m >= 2 * SQRT_HALF) {
    m /= 2
    k++
  }
  const s = (m - 1) / (m + 1)
  const square = s * s
  let series = 0
  for (const term of oddReciprocals) series = series * square + term
  return k * LN2_HIGH + (2 * s + (2 * s * square * series + k * LN2_LOW))
}
