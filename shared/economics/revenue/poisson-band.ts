/** P(a Poisson count of mean `mean` is at most `count`), summed from the mode outwards so that nothing under- or overflows. */
const atMost = (count: number, mean: number): number => {
  if (count < 0) return 0
  if (mean === 0) return 1
  const mode = Math.min(count, Math.floor(mean))
  let peak = -mean + mode * Math.log(mean)
  peak -= logFactorial(mode)
  const largest = Math.exp(peak)
  let total = largest
  for (let k = mode, term = largest; k > 0 && term > largest * 1e-17; k -= 1) {
    term *= k / mean
    total += term
  }
  for (let k = mode + 1, term = largest; k <= count && term > largest * 1e-17; k += 1) {
    term *= mean / k
    total += term
  }
  return Math.min(1, total)
}

/** Stirling's series from 256 on, where its next term is below 1e-17; below that the plain sum. */
const logFactorial = (n: number): number => {
  if (n >= 256) return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + 1 / (12 * n) - 1 / (360 * n ** 3)
  let total = 0
  for (let k = 2; k <= n; k += 1) total += Math.log(k)
  return total
}

/** Root of a falling function of the mean between `low` and `high`. */
const meanAt = (falling: (mean: number) => number, low: number, high: number): number => {
  let from = low
  let to = high
  for (let k = 0; k < 200; k += 1) {
    const middle = (from + to) / 2
    if (middle <= from || middle >= to) break
    if (falling(middle) > 0) from = middle
    else to = middle
  }
  return (from + to) / 2
}

/**
 * Exact (Garwood) confidence band of a Poisson mean after `count` events: below `low` so many would be too lucky, above
 * `high` so few too unlucky, each with half of `1 - confidence`.
 * Worked: no event at 95 %: exp(-high) = 0.025, high = 3.689; low = 0.
 */
export const poissonBand = (count: number, confidence: number): { low: number; high: number } => {
  const tail = (1 - confidence) / 2
  const far = count + 40 + 40 * Math.sqrt(count + 1)
  return {
    low: count === 0 ? 0 : meanAt((mean) => tail - (1 - atMost(count - 1, mean)), 0, count),
    high: meanAt((mean) => atMost(count, mean) - tail, count, far),
  }
}
