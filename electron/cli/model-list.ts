/** What `hashyard model` can be asked for: each function with its section of the specification and its inputs, read from their declaration. */
import * as z from 'zod'
import { allModels } from '#shared/economics/adapter.ts'
import { unitOf } from '#shared/economics/unit-of.ts'

type Input = { name: string; type: string; unit: string | null; required: boolean }
export type ModelEntry = { module: string; fn: string; section: string; inputs: Input[] }

const Field = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  allOf: z.array(z.unknown()).optional(),
  $ref: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
})
const Shape = z.object({ properties: z.record(z.string(), z.unknown()).optional(), required: z.array(z.string()).optional() })

/** Bounds that only say what a double can hold are no bounds. */
const bound = (sign: string, n: number | undefined) => (n === undefined || Math.abs(n) >= Number.MAX_SAFE_INTEGER ? '' : ` ${sign} ${n}`)

const typeText = (schema: unknown): string => {
  const parsed = Field.safeParse(schema)
  if (!parsed.success) return 'any'
  const f = parsed.data
  if (f.enum) return f.enum.map(String).join('|')
  if (f.const !== undefined) return String(f.const)
  const choices = f.anyOf ?? f.oneOf ?? f.allOf
  if (choices) return [...new Set(choices.map(typeText))].join('|')
  const properties = Shape.safeParse(schema).data?.properties
  if (properties) return `{${Object.keys(properties).join(', ')}}`
  if (f.type === 'array') return `list of ${typeText(f.items)}`
  const name = f.type === undefined ? 'any' : [f.type].flat().join('|')
  return `${name}${bound('>=', f.minimum)}${bound('>', f.exclusiveMinimum)}${bound('<=', f.maximum)}${bound('<', f.exclusiveMaximum)}`
}

/** A choice of shapes (a pool's scheme) lists every field of any of them; required is what all of them require. */
const fieldsOf = (schema: z.ZodType): Input[] => {
  const whole = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' })
  const shapes = [whole.oneOf, whole.anyOf, whole.allOf].find((list) => list !== undefined) ?? [whole]
  const read = shapes.flatMap((s) => {
    const shape = Shape.safeParse(s)
    return shape.success ? [shape.data] : []
  })
  const names = [...new Set(read.flatMap((s) => Object.keys(s.properties ?? {})))]
  return names.map((name) => {
    const types = read.flatMap((s) => (s.properties && name in s.properties ? [typeText(s.properties[name])] : []))
    return {
      name,
      type: [...new Set(types)].join('|'),
      unit: unitOf(name),
      required: read.every((s) => s.required?.includes(name) === true),
    }
  })
}

/** All functions, or those whose name or module is `wanted`. */
export const modelList = (wanted: string | undefined): ModelEntry[] =>
  allModels
    .map((m) => ({ m, module: m.formula.id.split('.')[0] ?? '', fn: m.formula.id.split('.')[1] ?? '' }))
    .filter(({ m, module, fn }) => wanted === undefined || [m.formula.id, module, fn].includes(wanted))
    .sort((a, b) => (a.m.formula.id < b.m.formula.id ? -1 : 1))
    .map(({ m, module, fn }) => ({ module, fn, section: m.formula.section, inputs: fieldsOf(m.inputs) }))

export const modelListText = (entries: readonly ModelEntry[]): string => {
  const whole = entries.length <= 12
  return entries
    .map((e) => {
      const head = `${`${e.module}.${e.fn}`.padEnd(36)} economics ${e.section}`
      const inputs = e.inputs.map((i) => `  ${i.name}${i.required ? '' : '?'}: ${i.type}${i.unit === null ? '' : ` (${i.unit})`}`)
      return whole ? `${head}\n${inputs.join('\n')}\n` : `${head}\n`
    })
    .join('')
}
