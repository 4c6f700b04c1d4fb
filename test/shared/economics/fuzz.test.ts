import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluateModel, modelNames } from '#shared/economics/adapter.ts'
import { exampleInputs, project } from './example-inputs.ts'

/** Numbers of the issue: this many requests, whatever is in them. */
const REQUESTS = 100_000
/** What a request may cost is the caller's to choose; the fuzz asks for little, many times. */
const costly = /^(paths|draws|steps|trials|epochs|months|years|horizonMonths|blocks)$/

const finiteOrTyped = (value: unknown): boolean =>
  typeof value === 'number'
    ? Number.isFinite(value)
    : typeof value !== 'object' || value === null || Object.values(value).every(finiteOrTyped)

const anyNumber = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.02, 0.5, 12, 180, 1e-300, 1e300, -1e300, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53),
  fc.double({ min: 0, max: 1 }),
  fc.integer({ min: -5, max: 2_000_000 }),
  fc.double(),
)
const smallNumber = fc.oneof(fc.integer({ min: -2, max: 40 }), fc.constantFrom(0.5, Number.NaN, -1e300, 1e300, 2 ** 53))
const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: anyNumber },
  { weight: 1, arbitrary: fc.constantFrom(undefined, null, '', 'FPPS', 'SOLO', 'PPLNS', 'inference', true, false, [], {}) },
  { weight: 1, arbitrary: fc.array(anyNumber, { maxLength: 30 }) },
  { weight: 1, arbitrary: fc.constant({ ...project, horizonMonths: 20, discountRateAnnual: -0.999 }) },
)

type Path = readonly (string | number)[]
/** The way to every value of an example, lists and objects included: each may be replaced. */
const pathsOf = (value: unknown, way: Path = []): Path[] =>
  typeof value !== 'object' || value === null
    ? [way]
    : [
        ...(way.length > 0 ? [way] : []),
        ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...way, Array.isArray(value) ? Number(key) : key])),
      ]
const replaced = (value: unknown, way: Path, by: unknown): unknown => {
  const [first, ...rest] = way
  if (first === undefined) return by
  if (Array.isArray(value)) return value.map((inner, k) => (k === first ? replaced(inner, rest, by) : inner))
  if (typeof value !== 'object' || value === null) return by
  return { ...value, [first]: replaced((value as Record<string, unknown>)[first], rest, by) }
}
const changeOf = (ways: readonly Path[]) =>
  fc.constantFrom(...ways).chain((way) => fc.tuple(fc.constant(way), costly.test(String(way.at(-1))) ? smallNumber : anyValue))
const mutated = (inputs: unknown) =>
  fc
    .array(changeOf(pathsOf(inputs)), { maxLength: 2 })
    .map((changes) => changes.reduce<unknown>((so, [way, by]) => replaced(so, way, by), inputs))

test('every function of the adapter has an example', () => expect(Object.keys(exampleInputs).sort()).toEqual([...modelNames].sort()))

const each = Math.ceil(REQUESTS / Object.keys(exampleInputs).length)
test.each(Object.entries(exampleInputs))(
  `%s: ${each} random requests, no exception and no number that is not finite`,
  (fn, inputs) => {
    let answered = 0
    let refused = 0
    fc.assert(
      fc.property(mutated(inputs), (changed) => {
        const answer = evaluateModel({ fn, inputs: changed })
        if (typeof answer === 'object' && answer !== null && 'error' in answer) refused++
        else answered++
        return finiteOrTyped(answer)
      }),
      { numRuns: each, seed: 20261124 },
    )
    // Both roads were walked: else the example is bad, or nothing was checked.
    expect(answered).toBeGreaterThan(0)
    expect(refused).toBeGreaterThan(0)
  },
  120_000,
)

test('arbitrary JSON as a request never throws', () =>
  fc.assert(
    fc.property(fc.jsonValue(), (request) => finiteOrTyped(evaluateModel(request))),
    { numRuns: 1000, seed: 1 },
  ))
