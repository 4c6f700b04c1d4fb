/** The words of a derivation, one set for window, memo and command line: values with their unit, origins with their age. */
import { type Derivation, type DerivedStep, NAME, type Origin, type ShownValue } from './economics/derivation.ts'
import { age, decimal, UNKNOWN } from './format.ts'

const DIGITS = 7
/** Seven significant digits without trailing zeros, nothing in powers of ten: "0.768", "62.50513", "8,676,000". */
const plain = (n: number): string => {
  if (n === 0) return '0'
  const size = Math.floor(Math.log10(Math.abs(n)))
  const text = decimal(n, Math.min(15, Math.max(0, DIGITS - 1 - size)))
  return text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text
}

const TRILLION = 1e12

/** Of a share or a pure number the arithmetic needs the number; everything else is nothing without its unit. */
const silentUnits: ReadonlySet<string> = new Set(['', 'of 1', 'count'])
const withUnit = (text: string, unit: string) => (silentUnits.has(unit) ? text : `${text} ${unit}`)

export const shownText = (value: ShownValue, unit: string): string => {
  if (value === null) return UNKNOWN
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number')
    return unit === 'difficulty' && Math.abs(value) >= TRILLION ? `${plain(value / TRILLION)} T` : withUnit(plain(value), unit)
  const ends = value.least === null || value.most === null ? '' : `, ${plain(value.least)} to ${withUnit(plain(value.most), unit)}`
  return `${decimal(value.count, 0)} values${ends}`
}

export const originText = (o: Origin): string => `${o.source} (${o.quality})`
/** Null: it does not age (a convention, a default). */
export const ageText = (o: Origin, nowMs: number): string | null =>
  o.observedAtMs === null ? null : `${age(Math.max(0, nowMs - o.observedAtMs))} old`

/** "breakeven.groupBreakEven, section 2.1, version 2" */
export const formulaText = (d: Derivation): string => `${d.formula}, section ${d.section}, version ${d.version}`

/** "= efficiencyJTH × overheadRatio × 24 ÷ 1000": the signs of print in place of those of a keyboard. */
export const howText = (how: string): string => how.replaceAll(' * ', ' × ').replaceAll(' / ', ' ÷ ').replaceAll(' - ', ' − ')

/** The arithmetic of a step with the numbers in place of the names: "29.5 × 1.05 × 24 ÷ 1000". Null: the step is a loop. */
export const filledText = (d: Derivation, step: DerivedStep): string | null => {
  if (step.how === null) return null
  const before = d.steps.slice(0, d.steps.indexOf(step))
  const outputs = d.parts.flatMap((p) => p.derivation.outputs.flatMap((o) => [o, { ...o, name: `${p.of}.${o.name}` }]))
  const known = new Map([...outputs, ...d.inputs, ...before].map((x) => [x.name, x.value]))
  const filled = howText(step.how).replace(NAME, (name) => {
    const value = known.get(name)
    return typeof value !== 'number' ? name : value < 0 ? `(${plain(value)})` : plain(value)
  })
  return filled
}

/** Two derivations with the same key are the same: the second may be told as the first. */
export const derivationKey = (d: Derivation): string => JSON.stringify([d.formula, d.outputs, d.inputs.map((i) => [i.name, i.value])])
