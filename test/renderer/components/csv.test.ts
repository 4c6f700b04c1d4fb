import { expect, test } from 'vitest'
import { csvText, fileName } from '../../../renderer/components/csv.ts'

test('unknown is an empty cell, never 0', () => {
  expect(csvText(['mw', 'price'], [[0, null]])).toBe('mw,price\r\n0,\r\n')
})
test('text that a spreadsheet would run is made inert; a negative number stays a number', () => {
  expect(csvText(['name', 'margin'], [['=cmd()', -3.35]])).toBe("name,margin\r\n'=cmd(),-3.35\r\n")
})
test('quotes, commas and line ends keep their cell', () => {
  expect(csvText(['a'], [['one, "two"\nthree']])).toBe('a\r\n"one, ""two""\nthree"\r\n')
})
test('a finding makes a file name that every system takes', () => {
  expect(fileName('Price passes 3 of 4 blocks at 17:00', 'csv')).toBe('price-passes-3-of-4-blocks-at-17-00.csv')
})
