import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { bootstrapPath } from '#shared/economics/chance/bootstrap.ts'
import { gbmPath, gbmStats } from '#shared/economics/chance/gbm.ts'
import { jumpStats } from '#shared/economics/chance/jump.ts'
import { value } from '../value.ts'

const fieldOf = (r: { ok: true } | { ok: false; failure: { field?: string } }) => (r.ok ? null : r.failure.field)
const coin = { startPrice: 71_000, driftAnnual: 0, volAnnual: 0.55, years: 2, threshold: 88_000 }

test('without volatility the price is one line, and probabilities are 0 or 1', () => {
  const flat = { startPrice: 100, driftAnnual: Math.LN2, volAnnual: 0, years: 1 }
  // ln 2 a year doubles it.
  const doubled = value(gbmStats({ ...flat, threshold: 150 }))
  for (const figure of [doubled.mean, doubled.median, doubled.p05, doubled.p95]) expect(figure).toBeCloseTo(200, 10)
  expect(doubled).toMatchObject({ probAboveAtEnd: 1, probTouchAbove: 1 })
  expect(value(gbmStats({ ...flat, threshold: 250 }))).toMatchObject({ probAboveAtEnd: 0, probTouchAbove: 0 })
  // It fell below the threshold where it began: touched, but not above at the end.
  expect(value(gbmStats({ ...flat, driftAnnual: -1, threshold: 100 }))).toMatchObject({ probAboveAtEnd: 0, probTouchAbove: 1 })
})

test('no time has passed: everything is today’s price', () => {
  expect(value(gbmStats({ ...coin, years: 0 }))).toMatchObject({ mean: 71_000, median: 71_000, p05: 71_000, probTouchAbove: 0 })
})

test('with a drift of half the variance the log price has none, and touching is twice as likely as ending above', () => {
  // The reflection principle in its simplest form.
  const { probAboveAtEnd, probTouchAbove } = value(gbmStats({ ...coin, driftAnnual: 0.55 ** 2 / 2 }))
  expect(probTouchAbove / probAboveAtEnd).toBeCloseTo(2, 12)
})

test('ever reaching a threshold, given all the time, is (S0 / K)^(1 - 2 mu / s^2)', () => {
  // Of a martingale (mu = 0) that ends at zero: S0 / K. After 100 years at 100 % the rest is below 1e-5.
  expect(value(gbmStats({ ...coin, volAnnual: 1, years: 100 })).probTouchAbove).toBeCloseTo(71 / 88, 5)
})

property.prop([
  fc.double({ min: -2, max: 2, noNaN: true }),
  fc.double({ min: 1e-4, max: 3, noNaN: true }),
  fc.double({ min: 0.01, max: 50, noNaN: true }),
  fc.double({ min: 1, max: 1e6, noNaN: true }),
])('a probability is one, however small the volatility, and touching is never rarer than ending above', (drift, vol, years, threshold) => {
  const s = value(gbmStats({ startPrice: 71_000, driftAnnual: drift, volAnnual: vol, years, threshold }))
  expect(s.probAboveAtEnd >= 0 && s.probTouchAbove <= 1).toBe(true)
  expect(s.probTouchAbove).toBeGreaterThanOrEqual(s.probAboveAtEnd - 1e-12)
})

test('a path of given normals', () => {
  // Volatility 20 % over years: 100 exp(-0.02 + 0.2 z): z = 0.1 stays, z = -0.4 gives exp(-0.1).
  expect(value(gbmPath({ startPrice: 100, driftAnnual: 0, volAnnual: 0.2, stepYears: 1, normals: [0.1, -0.4] })).path).toEqual([
    100,
    expect.closeTo(100, 10),
    expect.closeTo(90.4837418, 6),
  ])
})

test('jumps: two a year of exactly -10 % in the logarithm, nothing else', () => {
  const jumps = { startPrice: 100, driftAnnual: 0, volAnnual: 0, jumpsPerYear: 2, jumpMeanLog: -0.1, jumpSdLog: 0, years: 1 }
  // 2 (e^-0.1 - 1) = -0.190325: e^ of it is 0.826690.
  expect(value(jumpStats({ ...jumps, compensated: false }))).toEqual({
    mean: expect.closeTo(82.669, 3),
    meanLogReturn: -0.2,
    varLogReturn: expect.closeTo(0.02, 15),
    probNoJump: expect.closeTo(0.1353352832366127, 15),
  })
  // Compensated, the drift pays back what the jumps take: -0.2 + 0.190325.
  expect(value(jumpStats({ ...jumps, compensated: true }))).toMatchObject({ mean: 100, meanLogReturn: expect.closeTo(-0.009675, 6) })
})

test('jump size and spread: a jump of mean -d²/2 costs nothing on average, and its variance is m² + d²', () => {
  const s = value(
    jumpStats({
      startPrice: 50,
      driftAnnual: 0.1,
      volAnnual: 0.3,
      jumpsPerYear: 4,
      jumpMeanLog: -0.02,
      jumpSdLog: 0.2,
      years: 0.5,
      compensated: false,
    }),
  )
  // 50 e^0.05; (0.1 - 0.045) / 2 - 2 x 0.02; 0.09 / 2 + 2 (0.0004 + 0.04).
  expect([s.mean, s.meanLogReturn, s.varLogReturn]).toEqual([
    expect.closeTo(52.56355, 4),
    expect.closeTo(-0.0125, 12),
    expect.closeTo(0.1258, 12),
  ])
})

test('a block that runs past the end of history goes on at its beginning', () => {
  // 0.3 and round to 0.1, then 0.1 and 0.2: sums 0.3, 0.4, 0.5, 0.7.
  const { path } = value(bootstrapPath({ startPrice: 100, logReturns: [0.1, 0.2, 0.3], blockLength: 2, blockStarts: [2, 0] }))
  expect(path.map((p) => Math.log(p / 100))).toEqual([0, 0.3, 0.4, 0.5, 0.7].map((x) => expect.closeTo(x, 12)))
})

test.each([
  ['startPrice', () => gbmStats({ ...coin, startPrice: 0 })],
  ['volAnnual', () => gbmStats({ ...coin, volAnnual: -0.1 })],
  // 55 is the percentage; the share is 0.55.
  ['volAnnual', () => gbmStats({ ...coin, volAnnual: 55 })],
  ['years', () => gbmStats({ ...coin, years: -1 })],
  ['driftAnnual', () => gbmStats({ ...coin, driftAnnual: Number.NaN })],
  ['normals', () => gbmPath({ ...coin, stepYears: 1, normals: [0, Number.POSITIVE_INFINITY] })],
  ['jumpsPerYear', () => jumpStats({ ...coin, jumpsPerYear: -1, jumpMeanLog: 0, jumpSdLog: 0, compensated: true })],
  ['logReturns', () => bootstrapPath({ startPrice: 1, logReturns: [], blockLength: 1, blockStarts: [] })],
  ['blockLength', () => bootstrapPath({ startPrice: 1, logReturns: [0.1], blockLength: 2, blockStarts: [0] })],
  ['blockLength', () => bootstrapPath({ startPrice: 1, logReturns: [0.1], blockLength: 0, blockStarts: [0] })],
  ['blockStarts', () => bootstrapPath({ startPrice: 1, logReturns: [0.1, 0.2], blockLength: 1, blockStarts: [2] })],
])('bad %s is refused by name', (field, ask) => expect(fieldOf(ask())).toBe(field))
