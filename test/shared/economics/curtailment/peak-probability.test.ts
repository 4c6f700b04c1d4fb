import { expect, test } from 'vitest'
import { ASSUMED_COEFFICIENTS, peakProbability, peakProbabilityFit } from '#shared/economics/curtailment/peak-probability.ts'
import { value } from '../value.ts'

/** A generator of the test's own (mulberry32); every number in [0, 1). */
const draws = (seed: number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
const weather = (next: () => number) => ({ loadRatio: 0.9 + 0.14 * next(), temperatureC: 28 + 14 * next(), hourOfDay: 14 + 6 * next() })
const chance = (o: ReturnType<typeof weather>, coefficients = ASSUMED_COEFFICIENTS) =>
  value(
    peakProbability({
      forecastLoadMW: 80_000 * o.loadRatio,
      monthPeakSoFarMW: 80_000,
      temperatureC: o.temperatureC,
      hourOfDay: o.hourOfDay,
      coefficients,
    }),
  ).probability

test('the assumed coefficients: 4.74 % at the peak so far, 35 °C, 17:00; 0.091 % at 5 % less load', () => {
  const at = { monthPeakSoFarMW: 80_000, temperatureC: 35, hourOfDay: 17 }
  expect(value(peakProbability({ ...at, forecastLoadMW: 80_000 }))).toEqual({
    probability: expect.closeTo(0.047426, 6),
    coefficientsAssumed: true,
  })
  expect(value(peakProbability({ ...at, forecastLoadMW: 76_000 })).probability).toBeCloseTo(0.000911, 6)
})

test('labels that are the exact chances give the coefficients back', () => {
  const known = { intercept: -2.2, perLoadRatio: 55, perDegreeC: 0.18, perHourSquared: -0.4 }
  const next = draws(7)
  const observations = Array.from({ length: 200 }, () => weather(next)).map((o) => ({ ...o, wasPeak: chance(o, known) }))
  const fit = value(peakProbabilityFit({ observations }))
  expect(fit.status).toBe('OK')
  for (const [name, coefficient] of Object.entries(known))
    expect(fit.coefficients?.[name as keyof typeof known]).toBeCloseTo(coefficient, 6)
})

test('20,000 summers’ quarter-hours that were peaks or not, drawn with known chances, give them back within three standard errors', () => {
  const known = { intercept: -1, perLoadRatio: 40, perDegreeC: 0.1, perHourSquared: -0.3 }
  const next = draws(11)
  const observations = Array.from({ length: 20_000 }, () => weather(next)).map((o) => ({
    ...o,
    wasPeak: next() < chance(o, known) ? 1 : 0,
  }))
  const fit = value(peakProbabilityFit({ observations })).coefficients
  // Spread of the fits over 30 other seeds: 0.031, 0.94, 0.0085, 0.0114.
  expect(Math.abs((fit?.intercept ?? 0) - known.intercept)).toBeLessThan(0.093)
  expect(Math.abs((fit?.perLoadRatio ?? 0) - known.perLoadRatio)).toBeLessThan(2.82)
  expect(Math.abs((fit?.perDegreeC ?? 0) - known.perDegreeC)).toBeLessThan(0.0255)
  expect(Math.abs((fit?.perHourSquared ?? 0) - known.perHourSquared)).toBeLessThan(0.0342)
})

test('a history that a line splits perfectly, or that never changes its temperature, has no best coefficients', () => {
  const next = draws(3)
  const seen = Array.from({ length: 60 }, () => weather(next))
  expect(value(peakProbabilityFit({ observations: seen.map((o) => ({ ...o, wasPeak: o.loadRatio > 0.97 ? 1 : 0 })) }))).toMatchObject({
    status: 'SEPARABLE',
    coefficients: null,
  })
  const flat = seen.map((o, k) => ({ ...o, temperatureC: 36, wasPeak: k % 3 === 0 ? 1 : 0 }))
  expect(value(peakProbabilityFit({ observations: flat }))).toMatchObject({ status: 'SINGULAR', coefficients: null })
})
