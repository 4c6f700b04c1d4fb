import * as z from 'zod'
import { failed, ok, type Result } from '../result.ts'

/**
 * Every model declares its inputs once: names with units, ranges, order. The declaration is the type, the check and the
 * order in which the first bad field is found. A model never throws on its inputs and never answers NaN or Infinity.
 */
export const finite = z.number() // zod 4: NaN and both infinities are refused
export const atLeastZero = z.number().min(0)
export const positive = z.number().gt(0)
/** A fraction of 1: 2 % is 0.02. */
export const share = z.number().min(0).max(1)
/** A share that must leave something over: pool fee, stale shares, fee share of the reward. */
export const shareBelowOne = z.number().min(0).lt(1)
export const wholeAtLeastZero = z.int().min(0)

/**
 * The field that is named to the caller: fields inside a list are named by the list, fields of a nested object by
 * themselves. `at` keeps the whole way ("groups[2].units").
 */
const fieldOf = (path: readonly PropertyKey[]): string => {
  let field = ''
  for (const step of path) {
    if (typeof step === 'number') break
    field = String(step)
  }
  return field
}
const wayTo = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (way, step) => (typeof step === 'number' ? `${way}[${step}]` : way === '' ? String(step) : `${way}.${String(step)}`),
    '',
  )

const firstProblem = (error: z.ZodError): Result<never> => {
  const issue = error.issues[0]
  const path = issue?.path ?? []
  const at = wayTo(path)
  return failed('invalid-input', `${at === '' ? 'inputs' : at}: ${issue?.message ?? 'not usable'}`, { field: fieldOf(path) || 'inputs' })
}

/**
 * A model: declared inputs, then pure arithmetic. The answer is the computed value, or a failure `invalid-input` that
 * names the first bad field in declaration order. `compute` may itself refuse with a failure.
 */
export const model =
  <S extends z.ZodType, T>(inputs: S, compute: (i: z.output<S>) => T | Result<T>) =>
  (given: z.input<S>): Result<T> => {
    const parsed = inputs.safeParse(given)
    if (!parsed.success) return firstProblem(parsed.error)
    const answer = compute(parsed.data)
    return isResult(answer) ? answer : ok(answer)
  }

const isResult = <T>(x: T | Result<T>): x is Result<T> => typeof x === 'object' && x !== null && 'ok' in x

/** Where one model rests on another: the inner answer, or null where the inner model refuses. */
export const answered = <T>(r: Result<T>): T | null => (r.ok ? r.value : null)

/** A number that may be shown: overflow and 0/0 become unknown. */
export const finiteOrNull = (n: number): number | null => (Number.isFinite(n) ? n : null)
