type Knot = { readonly at: number; readonly value: number }

/** Straight lines between ascending knots, flat before the first and after the last. Worked: (0, 1), (2, 0.55): 0.775 at 1. */
export const between = (knots: readonly Knot[], at: number): number => {
  const next = knots.findIndex((k) => k.at > at)
  const before = knots[next === -1 ? knots.length - 1 : next - 1]
  const after = knots[next === -1 ? knots.length - 1 : next]
  if (before === undefined) return after?.value ?? 0
  if (after === undefined || after.at === before.at) return before.value
  return before.value + ((after.value - before.value) * (at - before.at)) / (after.at - before.at)
}
