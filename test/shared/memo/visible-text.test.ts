import { expect, test } from 'vitest'
import { visibleText } from '#shared/memo/visible-text.ts'

test('a name that would turn the reading direction shows the character instead', () => {
  expect(visibleText('Pecos \u202Etalf')).toBe('Pecos ‹U+202E›talf')
  expect(visibleText('a\u2066b\u2069c')).toBe('a‹U+2066›b‹U+2069›c')
})
test('control characters, zero-width marks and line separators are written out', () => {
  expect(visibleText('a\u0000b\tc\nd')).toBe('a‹U+0000›b‹U+0009›c‹U+000A›d')
  expect(visibleText('a\u200Bb\u2028c\uFEFF')).toBe('a‹U+200B›b‹U+2028›c‹U+FEFF›')
  expect(visibleText('tag\u{E0041}')).toBe('tag‹U+E0041›')
})
test('half of a surrogate pair is written out, a whole pair stays', () => {
  expect(visibleText('x\uD83Dy')).toBe('x‹U+D83D›y')
  expect(visibleText('x\uDE00y')).toBe('x‹U+DE00›y')
  expect(visibleText('⛏😀')).toBe('⛏😀')
})
test('names in any script and with accents stay as they are', () => {
  expect(visibleText('Skellefteå Добыча 鉱山 منجم')).toBe('Skellefteå Добыча 鉱山 منجم')
})
test('60,000 characters are cut to 1,024 and the cut is said', () => {
  const shown = visibleText('x'.repeat(60_000))
  expect(Array.from(shown)).toHaveLength(1024)
  expect(shown.endsWith('…')).toBe(true)
  expect(visibleText('x'.repeat(1024))).toBe('x'.repeat(1024))
})
