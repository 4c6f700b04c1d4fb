/**
 * Reads a device's figures through the one number reader, each against the hard bounds of its quantity (threat model
 * D8, D9), and keeps note of what was said but not believed. A figure the device did not send is not a problem.
 */
import type { ReadingProblem } from '#shared/fleet/reading.ts'
import { type Bounds, readNumber } from '#shared/read-number.ts'
import { type TerahashPerSecond, thPerSecond } from '#shared/units.ts'
import { asText, isMac } from './own-fields.ts'

export const TEMPERATURE_C: Bounds = { min: -40, max: 150 }
/** The largest machine on sale draws about 12 kW; containers report through meters, not through this. */
export const POWER_W: Bounds = { min: 0, max: 100_000 }
export const FAN_RPM: Bounds = { min: 0, max: 50_000 }
/** Some firmwares drive fans above their rated speed. */
export const FAN_PCT: Bounds = { min: 0, max: 200 }
export const COUNT: Bounds = { min: 0, max: 1e15 }
export const CHIPS: Bounds = { min: 0, max: 10_000 }
export const BOARDS: Bounds = { min: 0, max: 1_000 }
/** 30 years: more than any of these machines has lived. */
export const UPTIME_S: Bounds = { min: 0, max: 946_080_000 }
/** Where no expected rate is known, no machine is believed above this, TH/s. */
const LARGEST_RATE_THS = 2_000
/** Against a known expected rate, 1.5 times that is the limit. */
const RATE_HEADROOM = 1.5
/** Others than SHA-256d span from solutions a second to TH/s; only finite and not negative can be asked. */
export const OTHER_RATE_HS: Bounds = { min: 0, max: 1e18 }

/** A problem list has an end, whatever a hostile device sends. */
const MAX_PROBLEMS = 50
const SHOWN_RAW = 80

const shown = (raw: unknown): string => {
  const text = typeof raw === 'string' ? raw : (JSON.stringify(raw) ?? String(raw))
  // A mebibyte of line breaks is not escaped only to be cut.
  const visible = text
    .slice(0, SHOWN_RAW + 1)
    .replace(
      /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
  return visible.length > SHOWN_RAW ? `${visible.slice(0, SHOWN_RAW - 1)}…` : visible
}

type RateCandidate = { field: string; raw: unknown; toThs: (n: number) => TerahashPerSecond }
export type Figures = {
  readonly problems: readonly ReadingProblem[]
  problem(field: string, reason: string, raw: unknown): void
  number(field: string, raw: unknown, bounds: Bounds, unit: string): number | null
  /** Readable numbers of a list, in order; `dropZero` where the firmware writes 0 for "no sensor". */
  numbers(field: string, raws: readonly unknown[], bounds: Bounds, unit: string, o?: { dropZero?: boolean }): number[]
  /** A rate in TH/s inside 0..1.5 × expected, or 0..2,000 where nothing is expected. */
  rate(candidate: RateCandidate, expectedThs: number | null): number | null
  /** The first believable of the candidates, the most current first (`cli.md`, Reading). */
  mostCurrent(candidates: readonly RateCandidate[], expectedThs: number | null): number | null
}

export const makeFigures = (): Figures => {
  const problems: ReadingProblem[] = []
  const problem = (field: string, reason: string, raw: unknown) => {
    if (problems.length < MAX_PROBLEMS) problems.push({ field, reason, raw: shown(raw) })
  }
  const number = (field: string, raw: unknown, bounds: Bounds, unit: string): number | null => {
    if (raw === undefined || raw === null || raw === '') return null
    const value = readNumber(raw, bounds)
    if (value === null) {
      const any = readNumber(raw, { min: -Number.MAX_VALUE, max: Number.MAX_VALUE })
      problem(field, any === null ? 'not a number' : `outside ${bounds.min}..${bounds.max} ${unit}`.trim(), raw)
    }
    return value
  }
  const rate = (c: RateCandidate, expectedThs: number | null): number | null => {
    const raw = number(c.field, c.raw, { min: -Number.MAX_VALUE, max: Number.MAX_VALUE }, '')
    if (raw === null) return null
    const ths = c.toThs(raw)
    const limit = expectedThs !== null && expectedThs > 0 ? expectedThs * RATE_HEADROOM : LARGEST_RATE_THS
    if (ths < 0) problem(c.field, 'a negative hashrate is implausible', c.raw)
    else if (ths > limit)
      problem(
        c.field,
        expectedThs !== null && expectedThs > 0
          ? `implausible: above 1.5 times the expected ${thPerSecond(Number(expectedThs.toPrecision(4)))} TH/s`
          : 'implausible: above 2,000 TH/s',
        c.raw,
      )
    else return ths
    return null
  }
  return {
    problems,
    problem,
    number,
    numbers: (field, raws, bounds, unit, o = {}) =>
      raws.flatMap((raw, i) => {
        const value = number(`${field}[${i}]`, raw, bounds, unit)
        return value === null || (o.dropZero && value === 0) ? [] : [value]
      }),
    rate,
    mostCurrent: (candidates, expectedThs) => {
      for (const candidate of candidates) {
        const value = rate(candidate, expectedThs)
        if (value !== null) return value
      }
      return null
    },
  }
}

/** An expected rate or a count of 0 says that the firmware does not know it. */
export const positive = (n: number | null): number | null => (n !== null && n > 0 ? n : null)

/** Watts of a machine that hashes are not 0, whatever its power supply says. */
export const believedPower = (figures: Figures, field: string, watts: number | null, isMining: boolean | null): number | null => {
  if (watts !== 0 || isMining !== true) return watts
  figures.problem(field, '0 W from a machine that hashes is not a measurement', 0)
  return null
}

/** A hardware address as the device writes it; anything else is no identity. */
export const macOf = (figures: Figures, raw: unknown): string | null => {
  const said = asText(raw)
  if (said === null || isMac(said)) return said
  figures.problem('mac', 'not a hardware address', said)
  return null
}
