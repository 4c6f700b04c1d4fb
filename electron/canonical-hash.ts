import { createHash } from 'node:crypto'

/** Keys in one order at every depth, so that the hash depends on the values and not on how an object was put together. */
const canonical = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(canonical)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
            .map(([key, v]) => [key, canonical(v)]),
        )
      : value

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')
export const canonicalHash = (value: unknown): string => sha256(JSON.stringify(canonical(value)))
