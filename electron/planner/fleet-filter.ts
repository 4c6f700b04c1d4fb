/**
 * The filter bar's text: `model:S21 state:stale temp>75 site:toyah` or free words over name, address and model. Every part
 * must hold. A part that is not understood is named and left out; the others still apply.
 */
import type { FleetRow } from '#shared/contract.ts'
import { readNumber } from '#shared/read-number.ts'

export type FleetFilter = { readonly matches: (row: FleetRow) => boolean; readonly problem: string | null }
type Test = (row: FleetRow) => boolean

const has = (text: string | null, wanted: string) => text?.toLowerCase().includes(wanted) ?? false

const words: Record<string, (row: FleetRow, wanted: string) => boolean> = {
  name: (row, w) => has(row.name, w),
  id: (row, w) => has(row.id, w),
  site: (row, w) => has(row.siteName, w) || has(row.siteId, w),
  model: (row, w) => has(row.model, w),
  family: (row, w) => has(row.family, w),
  address: (row, w) => has(row.address, w),
  ip: (row, w) => has(row.address, w),
  state: (row, w) => row.state === w,
  reason: (row, w) => has(row.reason, w),
  curtailment: (row, w) => row.curtailment === w,
}

const figures: Record<string, (row: FleetRow) => number | null> = {
  temp: (row) => row.tempC,
  hashrate: (row) => row.hashrateThs,
  power: (row) => row.powerW,
  efficiency: (row) => row.efficiencyJth,
  breakeven: (row) => row.breakEvenPerMwh,
  margin: (row) => row.marginPerMwh,
}

const compare: Record<string, (a: number, b: number) => boolean> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
}

/** Words apart by spaces; quotes hold a value with spaces together: `site:"Toyah Basin"`. */
const partsOf = (text: string): string[] => text.match(/(?:[^\s"]|"[^"]*")+/g) ?? []
const unquoted = (text: string) => text.replaceAll('"', '').toLowerCase()

const testOf = (part: string): Test | null => {
  const comparison = /^([a-z]+)(>=|<=|>|<)(.+)$/i.exec(part)
  if (comparison) {
    const [, key = '', operator = '', raw = ''] = comparison
    const figure = Object.hasOwn(figures, key.toLowerCase()) ? figures[key.toLowerCase()] : undefined
    const holds = compare[operator]
    const limit = readNumber(raw, { min: -1e9, max: 1e9 })
    if (!figure || !holds || limit === null) return null
    return (row) => {
      const value = figure(row)
      // Unknown is neither above nor below.
      return value !== null && holds(value, limit)
    }
  }
  const keyed = /^([a-z]+):(.+)$/i.exec(part)
  if (keyed) {
    const [, key = '', raw = ''] = keyed
    const test = Object.hasOwn(words, key.toLowerCase()) ? words[key.toLowerCase()] : undefined
    if (!test) return null
    const wanted = unquoted(raw)
    return (row) => test(row, wanted)
  }
  if (/^[a-z]+:$/i.test(part)) return null
  const wanted = unquoted(part)
  return (row) => has(row.name, wanted) || has(row.address, wanted) || has(row.model, wanted)
}

export const readFilter = (text: string): FleetFilter => {
  const parts = partsOf(text)
  const tests = parts.map((part) => ({ part, test: testOf(part) }))
  const unknown = tests.filter((t) => t.test === null).map((t) => t.part)
  return {
    matches: (row) => tests.every((t) => t.test?.(row) ?? true),
    problem:
      unknown.length === 0
        ? null
        : `Not understood: ${unknown.join(' ')}. Known are ${Object.keys(words).join(', ')} with ":" and ${Object.keys(figures).join(', ')} with > or <`,
  }
}
