import type * as z from 'zod'

/** Series of the same months: the first that is longer or shorter than the first of them is named. */
export const sameLength = <K extends string>(
  of: Readonly<Record<K, readonly unknown[]>>,
  names: readonly K[],
  refuse: z.RefinementCtx,
): void => {
  const [first, ...others] = names
  if (first === undefined) return
  const other = others.find((name) => of[name].length !== of[first].length)
  if (other !== undefined)
    refuse.addIssue({ code: 'custom', path: [other], message: `has ${of[other].length} entries, ${first} ${of[first].length}` })
}
