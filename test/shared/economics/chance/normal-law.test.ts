import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { millsRatio, normalCdf, normalDensity, normalQuantile } from '#shared/economics/chance/normal-law.ts'

test.each([
  // mpmath.ncdf at 40 digits; the first six also in Abramowitz and Stegun, table 26.1.
  [0, 0.5],
  [0.5, 0.6914624612740131],
  [1, 0.8413447460685429],
  [1.96, 0.9750021048517795],
  [2.5, 0.9937903346742238],
  [-1, 0.15865525393145705],
  [-1.9999, 0.02275553158476719],
  [-2, 0.0227501319481792],
  [-3, 0.0013498980316300946],
  [-6, 9.865876450376981e-10],
  [-10, 7.619853024160527e-24],
  [-20, 2.7536241186062337e-89],
  [-37, 5.725571222524577e-300],
])('P(Z < %d) = %d', (z, share) => expect(normalCdf(z) / share).toBeCloseTo(1, 12))

test.each([
  [0.5, 0],
  [0.75, 0.6744897501960817],
  [0.95, 1.6448536269514722],
  [0.975, 1.959963984540054],
  [0.995, 2.5758293035489004],
  [0.0001, -3.719016485455709],
  [1e-12, -7.034483825301131],
  [1e-100, -21.273453560965326],
])('a share %d lies below %d', (p, z) => expect(normalQuantile(p)).toBeCloseTo(z, 12))

test('the ends of the law', () => {
  expect([normalCdf(-Infinity), normalCdf(Infinity), normalQuantile(0), normalQuantile(1)]).toEqual([0, 1, -Infinity, Infinity])
  expect([normalQuantile(-0.1), normalQuantile(1.1), normalQuantile(Number.NaN), normalCdf(Number.NaN)]).toEqual(Array(4).fill(Number.NaN))
  expect(normalDensity(0)).toBeCloseTo(0.3989422804014327, 15)
  expect(millsRatio(0)).toBeCloseTo(1.2533141373155003, 14)
  // 1/z - 1/z^3 + 3/z^5 - 15/z^7 + 105/z^9, its asymptotic series at 10.
  expect(millsRatio(100)).toBeCloseTo(0.01 - 1e-6 + 3e-10 - 1.5e-13, 15)
})

property.prop([fc.double({ min: 1e-300, max: 0.5, noNaN: true })])('quantile and law undo each other', (p) => {
  expect(normalCdf(normalQuantile(p)) / p).toBeCloseTo(1, 10)
})
property.prop([fc.double({ min: -37, max: 8, noNaN: true }), fc.double({ min: 1e-6, max: 3, noNaN: true })])('the law rises', (z, more) => {
  expect(normalCdf(z + more)).toBeGreaterThanOrEqual(normalCdf(z))
})
