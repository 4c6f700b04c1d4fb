import * as z from 'zod'
import { Quality } from '../market/traced.ts'

/**
 * How a figure came about, as data: which formula, from which inputs with unit, source and moment, over which intermediate
 * values. Every model gives it through the same `explain` (`model.ts`); screens and memo unfold it and write no text beside it.
 */

/** Changes with any change of a formula; stored and printed with what was computed. */
export const ECONOMICS_VERSION = '2'

/** Where an input comes from. */
export const Origin = z.strictObject({ source: z.string(), observedAtMs: z.number().nullable(), quality: Quality })
export type Origin = z.infer<typeof Origin>

/** A value as it is unfolded; a long list is told by its count and ends, not repeated. */
export const ShownValue = z.union([
  z.number(),
  z.string(),
  z.boolean(),
  z.null(),
  z.strictObject({ count: z.int(), least: z.number().nullable(), most: z.number().nullable() }),
])
export type ShownValue = z.infer<typeof ShownValue>

const Named = { name: z.string(), unit: z.string(), value: ShownValue }

export type Derivation = {
  /** `module.function`, as `hashyard model` knows it. */
  readonly formula: string
  /** Section of the specification that holds the formula. */
  readonly section: string
  readonly version: string
  /** `from`: the input is itself computed, and this is how. */
  readonly inputs: readonly DerivedInput[]
  /** In the order of computation. `how` is arithmetic over names of inputs, earlier steps and parts; null where it is a loop. */
  readonly steps: readonly DerivedStep[]
  /** Models that this one rests on. */
  readonly parts: readonly { readonly of: string; readonly derivation: Derivation }[]
  readonly outputs: readonly { readonly name: string; readonly unit: string; readonly value: ShownValue }[]
}
export type DerivedInput = {
  readonly name: string
  readonly unit: string
  readonly value: ShownValue
  readonly origin: Origin | null
  readonly from: Derivation | null
}
export type DerivedStep = { readonly name: string; readonly unit: string; readonly value: ShownValue; readonly how: string | null }

export const Derivation: z.ZodType<Derivation> = z.strictObject({
  formula: z.string(),
  section: z.string(),
  version: z.string(),
  get inputs() {
    return z.array(z.strictObject({ ...Named, origin: Origin.nullable(), from: Derivation.nullable() }))
  },
  steps: z.array(z.strictObject({ ...Named, how: z.string().nullable() })),
  get parts() {
    return z.array(z.strictObject({ of: z.string(), derivation: Derivation }))
  },
  outputs: z.array(z.strictObject(Named)),
})

/** Origins of inputs by name or by path ("groups[2].efficiencyJTH"); a computed input brings its own derivation. */
export type Origins = Readonly<Record<string, Origin | Derivation>>

const LONGEST_LIST = 24

type Leaf = { readonly path: string; readonly value: ShownValue }

/** Every value below `value` with the way to it; lists that nobody would read are summed up. */
export const leavesOf = (value: unknown, path = ''): Leaf[] => {
  if (value === undefined || typeof value === 'function') return []
  if (value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return [{ path, value }]
  if (ArrayBuffer.isView(value)) return leavesOf(Array.from(value as Float64Array), path)
  if (Array.isArray(value)) {
    if (value.length <= LONGEST_LIST) return value.flatMap((inner, k) => leavesOf(inner, `${path}[${k}]`))
    const numbers = value.filter((inner): inner is number => typeof inner === 'number')
    const ends = numbers.length === value.length ? { least: extreme(numbers, Math.min), most: extreme(numbers, Math.max) } : null
    return [{ path, value: { count: value.length, least: ends?.least ?? null, most: ends?.most ?? null } }]
  }
  return Object.entries(value as object).flatMap(([key, inner]) => leavesOf(inner, path === '' ? key : `${path}.${key}`))
}
const extreme = (list: readonly number[], pick: (a: number, b: number) => number) => list.reduce((a, b) => pick(a, b))
