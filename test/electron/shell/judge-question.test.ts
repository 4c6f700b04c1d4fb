import { expect, test } from 'vitest'
import { judgeQuestion } from '#electron/shell/judge-question.ts'

const asked = {
  question: 'fleet.machine' as const,
  args: [{ id: 'm1' }],
  senderUrl: 'app://hashyard/index.html#/fleet',
  fromMainFrame: true,
}

test('our own page is answered', () => {
  expect(judgeQuestion(asked)).toEqual({ ok: true, value: { id: 'm1' } })
})

test.each([
  [null],
  ['app://memo/index.html'],
  ['app://hashyard.evil/index.html'],
  ['https://hashyard/index.html'],
  ['file:///index.html'],
  ['nonsense'],
])('a sender at %s is refused', (senderUrl) => {
  expect(judgeQuestion({ ...asked, senderUrl })).toMatchObject({ ok: false, failure: { kind: 'refused' } })
})

test('a frame inside our page is refused', () => {
  expect(judgeQuestion({ ...asked, fromMainFrame: false })).toMatchObject({ ok: false, failure: { kind: 'refused' } })
})

test('more than 1 MiB is refused before it is read', () => {
  expect(judgeQuestion({ ...asked, args: [{ id: 'x'.repeat(1024 * 1024) }] })).toMatchObject({ ok: false, failure: { kind: 'too-large' } })
})

test('unknown fields, missing inputs and a second argument are refused, with the field named', () => {
  expect(judgeQuestion({ ...asked, args: [{ id: 7 }] })).toMatchObject({ ok: false, failure: { kind: 'invalid-input', field: 'id' } })
  expect(judgeQuestion({ ...asked, args: [{ id: 'm1', more: 1 }] })).toMatchObject({ ok: false, failure: { kind: 'invalid-input' } })
  expect(judgeQuestion({ ...asked, args: [] })).toMatchObject({ ok: false, failure: { kind: 'invalid-input' } })
  expect(judgeQuestion({ ...asked, args: [{ id: 'm1' }, {}] })).toMatchObject({ ok: false, failure: { kind: 'invalid-input' } })
})
