/** Rates of machines of other algorithms than SHA-256d: H/s, and no TH/s. */
import { thFromMh } from '#shared/units.ts'
import { type Figures, OTHER_RATE_HS, positive } from './figures.ts'
import { asText, type Fields, own } from './own-fields.ts'

const PER_RATE_UNIT: Readonly<Record<string, number>> = { H: 1, KH: 1e3, MH: 1e6, GH: 1e9, TH: 1e12, SOL: 1, KSOL: 1e3 }
/** Hashes in one unit of a firmware's `rate_unit` (`GH/s`, `MH`); null where it names none that is known. */
export const hashesPerUnit = (raw: unknown): number | null => {
  const unit = asText(raw)?.toUpperCase().replace(/\/S$/, '')
  return unit !== undefined && Object.hasOwn(PER_RATE_UNIT, unit) ? (PER_RATE_UNIT[unit] ?? null) : null
}

/** Against a known expected rate this much more is the limit, as for TH/s. */
const RATE_HEADROOM = 1.5

export type OtherRates = {
  /** How many hashes one unit of the firmware's fields counts. */
  perUnit: number
  expected: readonly [field: string, raw: unknown]
  /** The most current figure first; fields the device did not send are not among them. */
  current: readonly (readonly [field: string, raw: unknown])[]
  average: readonly [field: string, raw: unknown]
  /** Switched off by configuration: an average says nothing of now. */
  asleep: boolean
}
/** The first believable figure; a lifetime average stands in only where nothing more current was sent (`cli.md`, Reading). */
export const otherRates = (figures: Figures, o: OtherRates) => {
  const hs = ([field, raw]: readonly [string, unknown]): number | null => {
    const n = figures.number(field, raw, { min: 0, max: OTHER_RATE_HS.max / o.perUnit }, '')
    return n === null ? null : n * o.perUnit
  }
  const expected = positive(hs(o.expected))
  const believed = (from: readonly [string, unknown]): number | null => {
    const rate = hs(from)
    if (rate === null || expected === null || rate <= expected * RATE_HEADROOM) return rate
    figures.problem(from[0], `implausible: above 1.5 times the expected ${Number(expected.toPrecision(4))} H/s`, from[1])
    return null
  }
  let current: number | null = null
  for (const from of o.current) current ??= believed(from)
  const average = believed(o.average)
  const standsIn = !o.asleep && o.current.length === 0 && average !== null
  if (standsIn) figures.problem('hashrate_hs', 'only a lifetime average was sent; it stands in', o.average[1])
  return { current: current ?? (standsIn ? average : null), expected, average }
}

/** For firmware that runs on machines of several algorithms: TH/s where it is SHA-256d (`algo` null), H/s where not. */
export const ratesByAlgorithm = (figures: Figures, algo: string | null, o: OtherRates) => {
  if (algo !== null) {
    const { current, expected } = otherRates(figures, o)
    return { rate: current, expected, fields: { algo, hashrateHs: current, expectedHashrateHs: expected } }
  }
  const from = ([field, raw]: readonly [string, unknown]) => ({ field, raw, toThs: (n: number) => thFromMh(n * (o.perUnit / 1e6)) })
  const expected = positive(figures.rate(from(o.expected), null))
  const average = figures.rate(from(o.average), expected)
  const current = figures.mostCurrent(o.current.map(from), expected)
  const standsIn = !o.asleep && o.current.length === 0 && average !== null
  if (standsIn) figures.problem('hashrate_ths', 'only a lifetime average was sent; it stands in', o.average[1])
  const hashrateThs = current ?? (standsIn ? average : null)
  return { rate: current, expected, fields: { hashrateThs, hashrateAvgThs: average, expectedHashrateThs: expected } }
}

/** Was a figure sent and not believed? Then the machine may well hash, though nobody knows how much. */
export const isUnbelieved = (figures: Figures, rate: number | null): boolean =>
  rate === null && figures.problems.some((p) => p.reason.startsWith('implausible'))

/** Fields of one answer that hold something, in the given order. */
export const sentOf = (from: Fields | null, keys: readonly string[]): readonly (readonly [field: string, raw: unknown])[] =>
  keys.flatMap((key) => {
    const raw = own(from, key)
    return raw === undefined || raw === null || raw === '' ? [] : [[key, raw] as const]
  })
