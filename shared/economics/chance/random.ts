import { portableExp, portableLn } from './portable-math.ts'

/**
 * Random numbers from a seed: the same on every computer, on one thread or many (`economics.md` 0.3). Integers of 32 bits,
 * and of floating point only what IEEE 754 fixes to the last bit.
 *
 * Generator: xoshiro128** 1.1 (Blackman and Vigna, ACM TOMS 47(4), 2021; period 2^128 - 1).
 * Seeding: the finaliser of splitmix32 over seed and stream, one word at a time; where two streams start is as good as chance among 2^128 states.
 * Normals: ziggurat of 256 layers (Marsaglia and Tsang, JSS 5(8), 2000), layer and position taken from separate bits
 * (Doornik 2005). A position has 24 bits with its sign: normals lie on a grid of at most 4.5e-7, finer towards the middle.
 */
export const GENERATOR = 'xoshiro128** 1.1, splitmix32 seeding, ziggurat normals'

/** The largest seed and stream: every integer a double holds exactly. */
export const MOST_SEED = Number.MAX_SAFE_INTEGER

export interface RandomStream {
  /** 32 random bits, 0..4294967295. */
  bits(): number
  /** In [0, 1), a multiple of 2^-53. */
  uniform(): number
  /** Mean 0, standard deviation 1. */
  normal(): number
  /** Mean 1. */
  exponential(): number
  /** A whole number in [0, n), n <= 2^32, each equally likely to within n/2^53. */
  below(n: number): number
  /** The next `count` normals into the front of `into`: the same draws as `count` calls of `normal`, four times as fast. */
  normals(into: Float64Array, count: number): void
}

const LAYERS = 256
/** Where the tail begins, and the area of each layer; for 256 layers. */
const TAIL = 3.6541528853610088
const LAYER_AREA = 0.00492867323399
const POSITIONS = 2 ** 23

/** Right end of each layer, outermost first; entry 0 is the base layer widened so that its area counts the tail. */
const layerEnd = (() => {
  const ends = new Float64Array(LAYERS + 1)
  ends[0] = LAYER_AREA / portableExp((-TAIL * TAIL) / 2)
  let end = TAIL
  for (let k = 1; k < LAYERS; k++) {
    ends[k] = end
    end = Math.sqrt(-2 * portableLn(LAYER_AREA / end + portableExp((-end * end) / 2)))
  }
  ends[LAYERS] = 0
  return ends
})()
const density = layerEnd.map((end) => portableExp((-end * end) / 2))
const positionWidth = layerEnd.map((end) => end / POSITIONS)
/** Left of it the layer lies wholly below the bell. */
const sureUpTo = layerEnd.slice(1)

const mix = (word: number): number => {
  let z = word | 0
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
  return z ^ (z >>> 15)
}

const GOLDEN = 0x9e3779b9
const TWO32 = 4_294_967_296
const high = (n: number): number => Math.floor(n / TWO32)

/** Draws from a state of four words, not all zero. */
export const streamFromState = (words: readonly [number, number, number, number]): RandomStream => {
  const state = Int32Array.from(words)

  const bits = (): number => {
    let [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = [state[0], state[1], state[2], state[3]]
    const scrambled = Math.imul(s1, 5)
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9)
    const shifted = s1 << 9
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = (s3 << 11) | (s3 >>> 21)
    state[0] = s0
    state[1] = s1
    state[2] = s2
    state[3] = s3
    return result >>> 0
  }
  const uniform = (): number => ((bits() >>> 5) * 67_108_864 + (bits() >>> 6)) / 9_007_199_254_740_992
  const exponential = (): number => -portableLn(1 - uniform())

  /** Beyond the sure part of a layer: the tail, or under the bell by chance; null is another try. */
  const unsure = (layer: number, x: number): number | null => {
    if (layer === 0) {
      for (;;) {
        const beyond = exponential() / TAIL
        if (2 * exponential() >= beyond * beyond) return x < 0 ? -TAIL - beyond : TAIL + beyond
      }
    }
    const low = density[layer] ?? 0
    const up = density[layer + 1] ?? 0
    return low + uniform() * (up - low) < portableExp((-x * x) / 2) ? x : null
  }

  const normals = (into: Float64Array, count: number): void => {
    let s0 = state[0] ?? 0
    let s1 = state[1] ?? 0
    let s2 = state[2] ?? 0
    let s3 = state[3] ?? 0
    let at = 0
    while (at < count) {
      const scrambled = Math.imul(s1, 5)
      const drawn = Math.imul((scrambled << 7) | (scrambled >>> 25), 9)
      const shifted = s1 << 9
      s2 ^= s0
      s3 ^= s1
      s1 ^= s2
      s0 ^= s3
      s2 ^= shifted
      s3 = (s3 << 11) | (s3 >>> 21)
      const layer = drawn & 255
      const x = ((drawn >> 8) + 0.5) * (positionWidth[layer] as number)
      if (Math.abs(x) < (sureUpTo[layer] as number)) {
        into[at] = x
        at++
        continue
      }
      state[0] = s0
      state[1] = s1
      state[2] = s2
      state[3] = s3
      const decided = unsure(layer, x)
      s0 = state[0]
      s1 = state[1]
      s2 = state[2]
      s3 = state[3]
      if (decided !== null) {
        into[at] = decided
        at++
      }
    }
    state[0] = s0
    state[1] = s1
    state[2] = s2
    state[3] = s3
  }

  const one = new Float64Array(1)
  const normal = (): number => {
    normals(one, 1)
    return one[0] as number
  }
  return { bits, uniform, normal, exponential, normals, below: (n) => Math.floor(uniform() * n) }
}

/**
 * The stream of draws number `stream` of a seed; both whole numbers from 0 to `MOST_SEED`. Give every independent use
 * (a block of paths, prices, power) its own stream number, then threads share nothing.
 */
export const randomStream = (seed: number, stream: number): RandomStream => {
  const word = (k: number): number => {
    const fromSeed = mix(mix((seed | 0) + Math.imul(k, GOLDEN)) + high(seed))
    return mix(mix(fromSeed + (stream | 0)) + high(stream))
  }
  const words: [number, number, number, number] = [word(1), word(2), word(3), word(4)]
  if (words.every((w) => w === 0)) words[0] = 1
  return streamFromState(words)
}
