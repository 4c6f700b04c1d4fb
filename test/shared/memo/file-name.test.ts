import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { memoFileName } from '#shared/memo/file-name.ts'

const bytes = (name: string) => new TextEncoder().encode(name).length

test('a plain title keeps its words', () => {
  expect(memoFileName('Hashyard memo Pecos Flat 2026-11-25')).toBe('Hashyard memo Pecos Flat 2026-11-25.pdf')
})
test('separators of either system cannot lead out of the folder', () => {
  expect(memoFileName('../../etc/passwd')).toBe('etc passwd.pdf')
  expect(memoFileName('..\\..\\Windows\\x')).toBe('Windows x.pdf')
  expect(memoFileName('C:\\memo')).toBe('C memo.pdf')
})
test('control and direction characters are removed, not shown: a file name is copied by hand', () => {
  expect(memoFileName('memo\u202Efdp.exe\u0000')).toBe('memofdp.exe.pdf')
})
test('names that open a device on Windows get a word in front', () => {
  expect(memoFileName('CON')).toBe('Memo CON.pdf')
  expect(memoFileName('nul.x')).toBe('Memo nul.x.pdf')
  expect(memoFileName('Lpt1')).toBe('Memo Lpt1.pdf')
  expect(memoFileName('Console')).toBe('Console.pdf')
})
test('an accent typed as two characters becomes one', () => {
  expect(memoFileName('Skelleftea\u030A')).toBe('Skellefteå.pdf')
})
test('nothing left is still a name', () => {
  expect(memoFileName('...')).toBe('Hashyard memo.pdf')
  expect(memoFileName('\u202E')).toBe('Hashyard memo.pdf')
})
test('255 bytes with its ending, and never half a character', () => {
  const name = memoFileName('鉱'.repeat(300))
  expect(bytes(name)).toBe(3 * 83 + 4)
  expect(name.endsWith('鉱.pdf')).toBe(true)
})
property.prop([fc.string({ unit: 'binary', maxLength: 400 })])('every title gives a name that any system takes', (title) => {
  const name = memoFileName(title)
  expect(bytes(name)).toBeLessThanOrEqual(255)
  expect(name).toMatch(/^[^/\\:*?"<>|\p{Cc}\p{Cf}]+\.pdf$/u)
  expect(name).not.toMatch(/^[. ]|[. ]\.pdf$/)
})
