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
  if (Array.isArray(value))
    return value.length <= LONGEST_LIST ? value.flatMap((inner, k) => leavesOf(inner, `${path}[${k}]`)) : summedUp(value, path)
  return Object.entries(value as object).flatMap(([key, inner]) => leavesOf(inner, path === '' ? key : `${path}.${key}`))
}
const extreme = (list: readonly number[], pick: (a: number, b: number) => number) => list.reduce((a, b) => pick(a, b))

/** A long list of numbers by its count and ends; one of objects field by field: "prices.price", 2,880 of them. */
const summedUp = (list: readonly unknown[], path: string): Leaf[] => {
  const numbers = list.filter((inner): inner is number => typeof inner === 'number')
  if (numbers.length === list.length)
    return [{ path, value: { count: list.length, least: extreme(numbers, Math.min), most: extreme(numbers, Math.max) } }]
  const fields = [...new Set(list.flatMap((inner) => (typeof inner === 'object' && inner !== null ? Object.keys(inner) : [])))]
  const columns = fields.flatMap((field) => {
    const column = list.map((inner) => (inner as Record<string, unknown> | null)?.[field])
    return column.every((x) => typeof x === 'number') ? summedUp(column, `${path}.${field}`) : []
  })
  return columns.length > 0 ? columns : [{ path, value: { count: list.length, least: null, most: null } }]
}

/** A name in an arithmetic, its way included: not a function's, not the exponent of a number. */
export const NAME = /(?<![\w.])(?!(?:sqrt|exp|ln|min|max|floor)\b)[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\])*/g

/** The names that an arithmetic rests on: "(1 - poolFee) * project.pue" → poolFee, project.pue. */
export const namesIn = (how: string): string[] => how.match(NAME) ?? []

/** Lists and objects that a name stands for, or stands in: "phases[0].gridMW" is part of "phases". */
const belongs = (path: string, name: string): boolean => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`)

/**
 * Only what one output rests on: its steps back to the inputs. A step without arithmetic may rest on any input and part. An
 * output that no step names leaves the derivation whole.
 */
export const derivationOf = (whole: Derivation, output: string): Derivation => {
  const outputs = whole.outputs.filter((o) => o.name === output)
  const kept = new Set<DerivedStep>()
  const names = new Set<string>()
  let everything = false
  const follow = (name: string) => {
    if (names.has(name)) return
    names.add(name)
    for (const step of whole.steps.filter((s) => belongs(s.name, name))) {
      kept.add(step)
      if (step.how === null) everything = true
      else namesIn(step.how).forEach(follow)
    }
  }
  follow(output)
  if (kept.size === 0 || outputs.length === 0) return { ...whole, outputs: outputs.length === 0 ? whole.outputs : outputs }
  const isNamed = (path: string) => [...names].some((name) => belongs(path, name) || belongs(name, path))
  return {
    ...whole,
    // A word or a switch chooses the formula without standing in it.
    inputs: whole.inputs.filter((i) => everything || isNamed(i.name) || typeof i.value === 'string' || typeof i.value === 'boolean'),
    steps: whole.steps.filter((s) => kept.has(s)),
    parts: whole.parts.filter((p) => everything || p.derivation.outputs.some((o) => isNamed(o.name) || isNamed(`${p.of}.${o.name}`))),
    outputs,
  }
}
