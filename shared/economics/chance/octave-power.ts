import { portableExp } from './portable-math.ts'

/**
 * Exponentials of a whole simulation: logarithms are carried in 1/128 of an octave (factor 2), so that the whole part is a
 * table and a shift and the rest, at most half a 128th, four terms of the series. Relative error below 3e-15, the same
 * bits on every computer.
 */
const PARTS = 128
/** A logarithm to base e in these units. */
export const PARTS_PER_E = PARTS / Math.LN2

const LEAST_OCTAVE = -1074
const MOST_OCTAVE = 1023
const octaves = (() => {
  const powers = new Float64Array(MOST_OCTAVE - LEAST_OCTAVE + 1)
  for (let k = 0, power = 1; k <= MOST_OCTAVE; k++, power *= 2) powers[k - LEAST_OCTAVE] = power
  for (let k = -1, power = 0.5; k >= LEAST_OCTAVE; k--, power /= 2) powers[k - LEAST_OCTAVE] = power
  return powers
})()
const withinOctave = Float64Array.from({ length: PARTS }, (_, k) => portableExp((k / PARTS) * Math.LN2))

const R = Math.LN2 / PARTS
const R2 = (R * R) / 2
const R3 = (R * R * R) / 6
const R4 = (R * R * R * R) / 24
/** Adding and taking it away rounds to a whole number. */
const ROUND = 6_755_399_441_055_744

/**
 * 2^(x / 128) for |x| < 2^31; beyond a double's range it stays at its ends, 5e-324 and 1e308, so that no branch is needed.
 * Worked: x = 128 is 2; x = 64 is sqrt 2; x = -1280 is 2^-10 = 0.0009765625.
 */
export const octavePower = (x: number): number => {
  const whole = x + ROUND - ROUND
  const n = whole | 0
  const f = x - whole
  const square = f * f
  const octave = Math.min(Math.max(n >> 7, LEAST_OCTAVE), MOST_OCTAVE) - LEAST_OCTAVE
  return (withinOctave[n & 127] as number) * (octaves[octave] as number) * (1 + f * R + square * (R2 + f * R3 + square * R4))
}
