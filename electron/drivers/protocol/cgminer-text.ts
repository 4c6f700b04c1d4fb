/**
 * cgminer's text form: `STATUS=S,Code=11,…|SUMMARY,Elapsed=5,MHS av=1.0|`. Nothing is escaped: sections end at `|`,
 * pairs at `,`, a pair is cut at its first `=`. Avalon puts its whole telemetry into one value of `Key[values]`, with
 * commas inside the brackets (`SYSTEMSTATU[Work: In Work, Hash Board: 3 ]`), so commas count only outside brackets.
 */
import { MAX_DEPTH } from './malformed-json.ts'

/** `POOL=0,…` starts a member of POOLS, as the JSON form names it. */
const SECTION_OF: Record<string, string> = { POOL: 'POOLS', ASC: 'DEVS', PGA: 'DEVS', GPU: 'DEVS' }

/** At commas outside brackets. */
export const splitOutside = (text: string): string[] => {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (c === '[') depth++
    else if (c === ']') depth--
    else if (c === ',' && depth <= 0) {
      parts.push(text.slice(from, i))
      from = i + 1
    }
  }
  parts.push(text.slice(from))
  // A bracket that never closes belongs to somebody's password, not to telemetry.
  return depth > 0 ? text.split(',') : parts
}

type Section = { name: string; fields: Record<string, string> }

const readSection = (text: string): Section | null => {
  const parts = splitOutside(text)
  const first = parts[0]?.trim() ?? ''
  if (first === '') return null
  const fields = new Map<string, string>()
  for (const part of parts) {
    const cut = part.indexOf('=')
    if (cut > 0) fields.set(part.slice(0, cut).trim(), part.slice(cut + 1))
  }
  const name = first.split('=')[0]?.trim() ?? ''
  return { name: Object.hasOwn(SECTION_OF, name) ? (SECTION_OF[name] ?? name) : name, fields: Object.fromEntries(fields) }
}

export const looksLikeText = (text: string): boolean => /^\s*STATUS=/.test(text)

/** A text answer in the shape of the JSON one: `{STATUS:[…], SUMMARY:[…]}`, all values still text. */
export const parseCgminerText = (text: string): { value: Record<string, Record<string, string>[]> } | { reason: string } => {
  const sections = text.split('|').flatMap((part) => readSection(part) ?? [])
  if (sections.length > MAX_DEPTH * MAX_DEPTH) return { reason: 'it has too many sections' }
  const answer = new Map<string, Record<string, string>[]>()
  for (const { name, fields } of sections) {
    const list = answer.get(name)
    if (list) list.push(fields)
    else answer.set(name, [fields])
  }
  return answer.has('STATUS') ? { value: Object.fromEntries(answer) } : { reason: 'it has no STATUS' }
}
