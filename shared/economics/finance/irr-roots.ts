/**
 * All real internal rates of a cash flow, not the one an iteration happens to meet.
 *
 * With t = ln(1 + r) the present value is f(t) = Σ cf_i e^(−t·i). Take a sign change of the flows between i = k and k + 1:
 * the derivative of e^(t·(k+½)) f(t) has the terms cf_i (k + ½ − i) and exactly one sign change fewer. By Rolle at most one
 * root of f lies between two neighbouring roots of that derivative. So a chain as long as the number of sign changes ends
 * in a function without any root, and going back up it isolates every root of f; bisection then finds each to the last bit.
 * (Descartes' rule of signs, in its constructive form.)
 */

const LOWEST = Math.log(0.01) // r = −99 %, excluded
const HIGHEST = Math.log(1001) // r = 100,000 %, included
/** A stationary point this close to zero, against the sum of the terms' sizes, is a double root, not a miss. */
const TOUCHES = 1e-13

type Terms = readonly number[]

const signChangesOf = (terms: Terms): number[] => {
  const at: number[] = []
  let last = -1
  for (const [i, c] of terms.entries()) {
    if (c === 0) continue
    const before = terms[last]
    if (before !== undefined && before > 0 !== c > 0) at.push(last)
    last = i
  }
  return at
}

/** Value of Σ c_i e^(−t·i) and of Σ |c_i| e^(−t·i), both scaled by the same positive factor so that nothing overflows. */
const evaluate = (terms: Terms, t: number): { value: number; size: number } => {
  let value = 0
  let size = 0
  const n = terms.length - 1
  // For t >= 0 the powers fall with i: Horner from the far end. For t < 0 they rise: divide by the largest, start near.
  const x = Math.exp(-Math.abs(t))
  for (let k = 0; k <= n; k += 1) {
    const c = terms[t >= 0 ? n - k : k] ?? 0
    value = value * x + c
    size = size * x + Math.abs(c)
  }
  return { value, size }
}

const signAt = (terms: Terms, t: number): number => {
  const { value, size } = evaluate(terms, t)
  return Math.abs(value) <= TOUCHES * size ? 0 : Math.sign(value)
}

const bisect = (terms: Terms, from: number, to: number, signFrom: number): number => {
  let low = from
  let high = to
  for (let k = 0; k < 200; k += 1) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) break
    const sign = Math.sign(evaluate(terms, middle).value)
    if (sign === 0) return middle
    if (sign === signFrom) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Roots in [LOWEST, HIGHEST], given the points between which at most one lies. */
const rootsBetween = (terms: Terms, stationary: readonly number[]): number[] => {
  const points = [LOWEST, ...stationary.filter((t) => t > LOWEST && t < HIGHEST), HIGHEST]
  const signs = points.map((t) => signAt(terms, t))
  const roots: number[] = []
  for (const [k, point] of points.entries()) {
    const sign = signs[k] ?? 0
    if (sign === 0) roots.push(point)
    const next = points[k + 1]
    const nextSign = signs[k + 1] ?? 0
    if (next !== undefined && sign * nextSign < 0) roots.push(bisect(terms, point, next, sign))
  }
  return roots
}

const scaled = (terms: Terms): number[] => {
  const largest = terms.reduce((m, c) => Math.max(m, Math.abs(c)), 0)
  return largest === 0 ? [...terms] : terms.map((c) => c / largest)
}

const chainRoots = (terms: Terms): number[] => {
  const chain: number[][] = [scaled(terms)]
  for (;;) {
    const last = chain[chain.length - 1] ?? []
    const [change] = signChangesOf(last)
    if (change === undefined) break
    chain.push(scaled(last.map((c, i) => c * (change + 0.5 - i))))
  }
  let stationary: number[] = []
  for (const level of chain.reverse()) stationary = signChangesOf(level).length === 0 ? [] : rootsBetween(level, stationary)
  return stationary
}

/** Rates per period, ascending, in (−99 %, 100,000 %], and the number of sign changes (zeros skipped). */
export const irrRoots = (cashFlows: Terms): { roots: number[]; signChanges: number } => ({
  roots: chainRoots(cashFlows)
    .filter((t) => t > LOWEST)
    .map((t) => Math.expm1(t)),
  signChanges: signChangesOf(cashFlows).length,
})
