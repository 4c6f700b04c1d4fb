/** The standard normal law to 1e-13 relative, far tails included: what the closed forms beside a simulation rest on. */
const ROOT_TWO_PI = 2.5066282746310007
/** From here outwards the tail is its continued fraction; nearer the middle the series is exact and short. */
const TAIL_FROM = 2
const FRACTION_DEPTH = 120

/** Height of the bell at z. Worked: at 0, 1 / sqrt(2 pi) = 0.3989422804014327. */
export const normalDensity = (z: number): number => Math.exp((-z * z) / 2) / ROOT_TWO_PI

/**
 * P(Z > z) / bell(z) for z >= 0 (Mills' ratio): a tail without its exponential, so that products of a huge and a tiny
 * factor can be formed. Laplace's continued fraction 1/(z + 1/(z + 2/(z + 3/...))), near the middle the tail itself.
 * Worked: at 0, 0.5 x sqrt(2 pi) = 1.2533141373155003; at 10, close to 1/10.
 */
export const millsRatio = (z: number): number => {
  if (z < TAIL_FROM) return (0.5 - aboveMiddle(z)) / normalDensity(z)
  let fraction = z
  for (let n = FRACTION_DEPTH; n >= 1; n--) fraction = z + n / fraction
  return 1 / fraction
}

/** P(0 < Z < z) = bell(z) (z + z^3/3 + z^5/15 + z^7/105 + ...), all terms of one sign. */
const aboveMiddle = (z: number): number => {
  let term = z
  let total = z
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(total); odd += 2) {
    term *= (z * z) / odd
    total += term
  }
  return total * normalDensity(z)
}

/**
 * P(Z < z). Infinite z is 0 or 1.
 * Worked: P(Z < 1.96) = 0.9750021048517795; P(Z < -6) = 9.865876450377018e-10.
 */
export const normalCdf = (z: number): number => {
  if (Number.isNaN(z)) return z
  if (Math.abs(z) < TAIL_FROM) return 0.5 + aboveMiddle(z)
  if (Math.abs(z) > 40) return z < 0 ? 0 : 1
  const tail = millsRatio(Math.abs(z)) * normalDensity(z)
  return z < 0 ? tail : 1 - tail
}

/**
 * The z below which a share `p` lies, 0 <= p <= 1; the ends are infinite. A rational start (Abramowitz and Stegun 26.2.23,
 * good to 4.5e-4), then Halley's method on the lower tail, each step tripling the digits.
 * Worked: p = 0.975 is 1.959963984540054; p = 0.5 is 0.
 */
export const normalQuantile = (p: number): number => {
  if (!(p >= 0 && p <= 1)) return Number.NaN
  if (p === 0) return Number.NEGATIVE_INFINITY
  if (p === 1) return Number.POSITIVE_INFINITY
  if (p > 0.5) return -normalQuantile(1 - p)
  const t = Math.sqrt(-2 * Math.log(p))
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328)
  const denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
  let z = numerator / denominator - t
  for (let step = 0; step < 3; step++) {
    const off = (normalCdf(z) - p) / normalDensity(z)
    z -= off / (1 + (z * off) / 2)
  }
  return z
}
