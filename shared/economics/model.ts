import * as z from 'zod'
import { failed, ok, type Result } from '../result.ts'
import { type Derivation, type DerivedStep, ECONOMICS_VERSION, leavesOf, type Origin, type Origins } from './derivation.ts'
import { unitOf } from './unit-of.ts'

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
/** A yearly rate or growth as a fraction of 1, above -1; more than 1 was meant as percent and is refused. */
export const yearlyRate = z.number().gt(-1).max(1)
/** Up to 1,000 % a year; 12 was meant as percent. A project's own flows take any rate above -1: their IRR is one. */
export const discountRate = z.number().gt(-1).max(10)
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

export const firstProblem = (error: z.ZodError): Result<never> => {
  const issue = error.issues[0]
  const path = issue?.path ?? []
  const at = wayTo(path)
  return failed('invalid-input', `${at === '' ? 'inputs' : at}: ${issue?.message ?? 'not usable'}`, { field: fieldOf(path) || 'inputs' })
}

/** What a model tells about its way to the answer; silent unless somebody asked for the derivation. */
export interface Trace {
  /**
   * An intermediate value or an output under its name, whose ending carries the unit. `how` is arithmetic over names of
   * inputs and earlier steps, `(1 - poolFee) * (1 - stale)`, which tests evaluate again; left out where it is a loop.
   */
  step<T>(name: string, value: T, how?: string): T
  /** Another model inside this one; its derivation becomes a part of this one's. */
  use<I, T>(of: string, inner: Model<I, T>, given: I): Result<T>
}

const silent: Trace = { step: (_, value) => value, use: (_, inner, given) => inner(given) }

export type Formula = {
  /** `module.function`: the name under which `hashyard model` evaluates it. */
  readonly id: string
  /** Section of `economics.md`. */
  readonly section: string
}

export type Explained<T> = { readonly value: T; readonly derivation: Derivation }

export interface Model<I, T> {
  (given: I): Result<T>
  readonly formula: Formula
  readonly inputs: z.ZodType
  /** The same answer with its derivation; `origins` say where the inputs come from. */
  readonly explain: (given: I, origins?: Origins) => Result<Explained<T>>
}

/**
 * A model: its name, its declared inputs, then pure arithmetic. The answer is the computed value, or a failure
 * `invalid-input` that names the first bad field in declaration order. `compute` may itself refuse with a failure.
 */
export const model = <S extends z.ZodType, T>(
  formula: Formula,
  inputs: S,
  compute: (i: z.output<S>, trace: Trace) => T | Result<T>,
): Model<z.input<S>, T> => {
  const evaluate = (given: z.input<S>, trace: Trace): Result<T> => {
    const parsed = inputs.safeParse(given)
    if (!parsed.success) return firstProblem(parsed.error)
    const answer = compute(parsed.data, trace)
    return isResult(answer) ? answer : ok(answer)
  }
  return Object.assign((given: z.input<S>) => evaluate(given, silent), {
    formula,
    inputs,
    explain: (given: z.input<S>, origins: Origins = {}): Result<Explained<T>> => {
      const { trace, steps, parts } = recorder()
      const answer = evaluate(given, trace)
      if (!answer.ok) return answer
      const derivation: Derivation = {
        formula: formula.id,
        section: formula.section,
        version: ECONOMICS_VERSION,
        inputs: leavesOf(given).map(({ path, value }) => ({ name: path, unit: unitOf(path) ?? '', value, ...originOf(path, origins) })),
        steps,
        parts,
        outputs: leavesOf(answer.value).map(({ path, value }) => ({ name: path, unit: unitOf(path) ?? '', value })),
      }
      return ok({ value: answer.value, derivation })
    },
  })
}

const isDerivation = (x: Origin | Derivation): x is Derivation => 'formula' in x

/** An origin given for the whole path, else for the field's name alone, else for the list or object it stands in. */
const originOf = (path: string, origins: Origins): { origin: Origin | null; from: Derivation | null } => {
  const ways = [path, path.replace(/\[\d+\]/g, ''), path.split(/[.[]/)[0] ?? path]
  const found = ways.map((way) => (Object.hasOwn(origins, way) ? origins[way] : undefined)).find((o) => o !== undefined)
  if (found === undefined) return { origin: null, from: null }
  return isDerivation(found) ? { origin: null, from: found } : { origin: found, from: null }
}

const recorder = () => {
  const steps: DerivedStep[] = []
  const parts: { of: string; derivation: Derivation }[] = []
  const trace: Trace = {
    step: (name, value, how) => {
      for (const leaf of leavesOf(value, name))
        steps.push({ name: leaf.path, unit: unitOf(leaf.path) ?? '', value: leaf.value, how: how ?? null })
      return value
    },
    use: (of, inner, given) => {
      const explained = inner.explain(given)
      if (!explained.ok) return explained
      parts.push({ of, derivation: explained.value.derivation })
      return ok(explained.value.value)
    },
  }
  return { trace, steps, parts }
}

const isResult = <T>(x: T | Result<T>): x is Result<T> => typeof x === 'object' && x !== null && 'ok' in x

/** Where one model rests on another: the inner answer, or null where the inner model refuses. */
export const answered = <T>(r: Result<T>): T | null => (r.ok ? r.value : null)

/** A number that may be shown: overflow and 0/0 become unknown. */
export const finiteOrNull = (n: number): number | null => (Number.isFinite(n) ? n : null)
