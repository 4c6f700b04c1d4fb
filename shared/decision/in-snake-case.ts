import * as z from 'zod'

/** `powerPricePerMWh` as a file has it: `power_price_per_mwh`. */
const snake = (camel: string) => camel.replace(/MWh|MW|[A-Z]/g, (c) => `_${c.toLowerCase()}`)

/** The fields of a schema under their names in a file; `some`: each of them may be left out. */
export const inSnakeCase = (schema: z.ZodObject, needed: 'every' | 'some') =>
  z.strictObject(
    Object.fromEntries(Object.entries(schema.shape).map(([name, field]) => [snake(name), needed === 'every' ? field : z.optional(field)])),
  )

export const outOfSnakeCase = (schema: z.ZodObject, given: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.keys(schema.shape).flatMap((name) => (given[snake(name)] === undefined ? [] : [[name, given[snake(name)]]])))
