/**
 * Chance of the simulated world: counter based, never stepped. A draw is a pure function of (key, index), so any moment
 * of the world can be computed on its own and a restart continues the same world.
 * Hash: PCG-RXS-M-XS 32/32 (O'Neill, HMC-CS-2014-0905), used as a hash as in Jarzynski and Olano, JCGT 9(3), 2020.
 */
const pcg = (input: number): number => {
  const state = (Math.imul(input, 747796405) + 2891336453) >>> 0
  const word = Math.imul((state >>> ((state >>> 28) + 4)) ^ state, 277803737) >>> 0
  return ((word >>> 22) ^ word) >>> 0
}

/** A stream of draws of its own; 32 bits. */
export type ChanceKey = number

/** FNV-1a over the names, then PCG: one key per (seed, purpose, owner). */
export const chanceKey = (seed: number, ...names: readonly string[]): ChanceKey => {
  let h = pcg(seed >>> 0)
  for (const name of names) {
    for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 16777619) >>> 0
    h = pcg(h ^ 0x9e3779b9)
  }
  return h
}

/** Index: any integer below 2^53, negative too. */
const bits = (key: ChanceKey, index: number): number => pcg(pcg((index >>> 0) ^ key) + Math.floor(index / 4294967296))

/** Uniform in (0, 1), both ends excluded, so that its logarithm exists. */
export const uniform = (key: ChanceKey, index: number): number => (bits(key, index) + 0.5) / 4294967296

/** Uniform in [low, high). */
export const between = (key: ChanceKey, index: number, low: number, high: number): number => low + (high - low) * uniform(key, index)

/** Standard normal (Box-Muller). */
export const gaussian = (key: ChanceKey, index: number): number =>
  Math.sqrt(-2 * Math.log(uniform(key, 2 * index))) * Math.cos(2 * Math.PI * uniform(key, 2 * index + 1))

/**
 * Standard normal at every x, continuous, forgetting itself over about one unit of x: normals on the integers, joined by
 * a smooth step, divided so that the variance stays 1 between them. This is what makes a mean-reverting series that needs no start.
 */
export const smoothNoise = (key: ChanceKey, x: number): number => {
  const i = Math.floor(x)
  const f = x - i
  const w = f * f * (3 - 2 * f)
  return ((1 - w) * gaussian(key, i) + w * gaussian(key, i + 1)) / Math.sqrt((1 - w) * (1 - w) + w * w)
}

/** Noise with a given time scale and standard deviation, e.g. `{ overMs: 6 h, sd: 0.02 }`. */
export type Drift = { readonly overMs: number; readonly sd: number }
export const drift = (key: ChanceKey, d: Drift, ms: number): number => d.sd * smoothNoise(key, ms / d.overMs)

/**
 * Does a spell that takes `share` of all time run at this moment? Time is cut in windows of `windowMs` (each owner with
 * its own phase); a window holds one spell of 1/4 to 3/4 of its length or none. `at` is the window's number: use it for draws about that spell.
 */
export type Spell = { readonly at: number; readonly startMs: number; readonly endMs: number }
export const spell = (key: ChanceKey, share: number, windowMs: number, ms: number): Spell | null => {
  if (share <= 0) return null
  const phase = uniform(key, -1) * windowMs
  const at = Math.floor((ms + phase) / windowMs)
  // A spell fills half its window in the mean, hence twice the share of windows.
  if (uniform(key, 4 * at) >= 2 * share) return null
  const length = between(key, 4 * at + 1, 0.25, 0.75)
  const start = between(key, 4 * at + 2, 0, 1 - length)
  const startMs = (at + start) * windowMs - phase
  const endMs = startMs + length * windowMs
  return ms >= startMs && ms < endMs ? { at, startMs, endMs } : null
}
