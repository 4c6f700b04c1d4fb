/**
 * How a driver looks at what a device sent: only fields it names, only the object's own ones (`__proto__`, `toString`
 * as keys mean nothing here), and every value still unknown until something reads it. Nothing outside is ever spread
 * or merged into an object of ours (threat model D7).
 */
export type Fields = Readonly<Record<string, unknown>>

const isFields = (v: unknown): v is Fields => typeof v === 'object' && v !== null && !Array.isArray(v)
export const asFields = (v: unknown): Fields | null => (isFields(v) ? v : null)
export const asList = (v: unknown): readonly unknown[] => (Array.isArray(v) ? v : [])
export const own = (o: Fields | null | undefined, key: string): unknown => (o && Object.hasOwn(o, key) ? o[key] : undefined)
/** The first of several names a firmware family uses for one thing. */
export const ownOf = (o: Fields | null | undefined, ...keys: readonly string[]): unknown => {
  for (const key of keys) {
    const value = own(o, key)
    if (value !== undefined && value !== null && value !== '') return value
  }
  return undefined
}
export const firstFields = (v: unknown): Fields | null => asFields(asList(v)[0])

/** Longest text that is kept from a device (threat model D10). */
const MAX_TEXT = 1_024
/** Text as sent, cut to 1,024 characters; empty or blank text says nothing. */
export const asText = (v: unknown): string | null => (typeof v === 'string' && v.trim() !== '' ? v.trim().slice(0, MAX_TEXT) : null)
/** Text, or a number as the text it would print: serial numbers and versions come as either. */
export const asLabel = (v: unknown): string | null => (typeof v === 'number' && Number.isFinite(v) ? String(v) : asText(v))

const MAC = /^([0-9a-f]{2}[:-]?){5}[0-9a-f]{2}$/i
/** A hardware address in the form the device uses; anything else is no identity. */
export const isMac = (text: string): boolean => MAC.test(text)
