import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { readNumber } from '#shared/read-number.ts'

const any = { min: -1e12, max: 1e12 }

describe('the one number reader', () => {
  test('takes numbers and plain decimals', () => {
    expect(readNumber(95.3, any)).toBe(95.3)
    expect(readNumber('59756.06', any)).toBe(59756.06)
    expect(readNumber(' -31 ', any)).toBe(-31)
    expect(readNumber('.5', any)).toBe(0.5)
    expect(readNumber('1e3', any)).toBe(1000)
  })
  test.each(['', ' ', 'nan', 'inf', '0x10', '95,3', '1_000', '12 W', '1e999', '--1', '1.2.3', '٣', '1'.repeat(65)])(
    '%j is unknown, not a number',
    (raw) => expect(readNumber(raw, any)).toBeNull(),
  )
  test.each([null, undefined, true, [5], {}, Number.NaN, Number.POSITIVE_INFINITY, 1n])('%s is unknown, not zero', (raw) =>
    expect(readNumber(raw, any)).toBeNull(),
  )
  test('a value outside the hard bounds of its field is unknown', () => {
    expect(readNumber(151, { min: -40, max: 150 })).toBeNull()
    expect(readNumber(150, { min: -40, max: 150 })).toBe(150)
  })
  property.prop([fc.anything()])('whatever comes in, what goes out is null or finite and within bounds', (raw) => {
    const n = readNumber(raw, { min: 0, max: 10 })
    expect(n === null || (Number.isFinite(n) && n >= 0 && n <= 10)).toBe(true)
  })
})
