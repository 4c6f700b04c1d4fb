import { expect, test } from 'vitest'
import { readTyped } from '../../../renderer/components/typed-number.ts'

test.each([
  ['1,234.5', 1234.5],
  ['1 234,5', 1234.5],
  ['$31/MWh', 31],
  ['3.1c', 3.1],
  ['−4.10', -4.1],
  ['+10', 10],
  ['12 %', 12],
  ['10.5M', 10_500_000],
  ['4,5', 4.5],
  ['12,000', 12_000],
])('what people paste, %s, is %d', (typed, value) => {
  expect(readTyped(typed)).toBe(value)
})
test.each(['', 'about 5', '1.2.3', '0x1F', '--5', 'NaN', 'Infinity'])('“%s” is no figure', (typed) => {
  expect(readTyped(typed)).toBeNull()
})
