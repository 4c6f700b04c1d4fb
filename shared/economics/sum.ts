/**
 * Neumaier's compensated sum: money results of many terms agree to 1e-9 whatever their order (`economics.md` 9).
 * Worked: 1e16 + 1 − 1e16 = 1 (a plain loop answers 0).
 */
export const sum = (terms: Iterable<number>): number => {
  let total = 0
  let lost = 0
  for (const term of terms) {
    const next = total + term
    lost += Math.abs(total) >= Math.abs(term) ? total - next + term : term - next + total
    total = next
  }
  return total + lost
}
