import type { Derivation, ShownValue } from '#shared/economics/derivation.ts'
import { evaluate } from './arithmetic.ts'

/** Of two ways to the same number the last bits may differ; of two long sums a few more. */
const AGREES = 1e-9

const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= AGREES * Math.max(1e-300, Math.abs(a), Math.abs(b)) || Object.is(a, b)

/** Every arithmetic of a derivation, its parts and its computed inputs, worked again; answers those that come out differently. */
export const disagreements = (d: Derivation, way = d.formula): string[] => {
  const known = new Map<string, ShownValue>(d.inputs.map((i) => [i.name, i.value]))
  for (const { of, derivation } of d.parts)
    for (const o of derivation.outputs) {
      known.set(`${of}.${o.name}`, o.value)
      if (!known.has(o.name)) known.set(o.name, o.value)
    }
  const named = (name: string): number => {
    const value = known.get(name)
    if (typeof value !== 'number') throw new Error(`${way}: no number is called "${name}"`)
    return value
  }
  const own = d.steps.flatMap((s): string[] => {
    const problem = (text: string) => [`${way}, ${s.name} = ${s.how}: ${text}`]
    try {
      if (s.how === null) return []
      const worked = evaluate(s.how, named)
      return typeof s.value === 'number' && isNear(worked, s.value) ? [] : problem(`${worked}, told ${String(s.value)}`)
    } catch (error) {
      return problem(error instanceof Error ? error.message : String(error))
    } finally {
      known.set(s.name, s.value)
    }
  })
  // An output that a step or an input names is that step's value.
  const outputs = d.outputs.flatMap((o) => {
    const step = d.steps.findLast((s) => s.name === o.name)
    return step !== undefined && !Object.is(step.value, o.value) && typeof o.value === 'number'
      ? [`${way}, ${o.name}: the step says ${String(step.value)}, the output ${String(o.value)}`]
      : []
  })
  const inputs = d.inputs.flatMap((i) => {
    if (i.from === null) return []
    const found = i.from.outputs.some((o) => Object.is(o.value, i.value) || JSON.stringify(o.value) === JSON.stringify(i.value))
    return [
      ...(found ? [] : [`${way}, ${i.name}: its own derivation does not come to ${JSON.stringify(i.value)}`]),
      ...disagreements(i.from, `${way} < ${i.from.formula}`),
    ]
  })
  return [...own, ...outputs, ...inputs, ...d.parts.flatMap((p) => disagreements(p.derivation, `${way} < ${p.derivation.formula}`))]
}

/** Numbers without a unit, anywhere in it. */
export const bareNumbers = (d: Derivation): string[] => {
  const isNumber = (v: ShownValue) => typeof v === 'number' || (typeof v === 'object' && v !== null)
  return [
    ...[...d.inputs, ...d.steps, ...d.outputs].filter((x) => isNumber(x.value) && x.unit === '').map((x) => `${d.formula}: ${x.name}`),
    ...d.inputs.flatMap((i) => (i.from === null ? [] : bareNumbers(i.from))),
    ...d.parts.flatMap((p) => bareNumbers(p.derivation)),
  ]
}
