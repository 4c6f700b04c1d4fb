// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { NumberBox } from '#renderer/components/NumberBox.tsx'

afterEach(cleanup)

const typeInto = (text: string, more: { min?: number; max?: number; refuse?: (n: number) => string | null } = {}) => {
  const kept = vi.fn()
  render(<NumberBox label="Lease, $/kW-month" value={135} onChange={kept} {...more} />)
  const box = screen.getByRole('spinbutton', { name: 'Lease, $/kW-month' })
  fireEvent.change(box, { target: { value: text } })
  fireEvent.keyDown(box, { key: 'Enter' })
  return { kept, box, said: screen.queryByRole('alert')?.textContent ?? null }
}

test('a figure that is understood is kept and nothing is said', () => {
  const { kept, said } = typeInto('$150')
  expect(kept).toHaveBeenCalledWith(150)
  expect(said).toBeNull()
})
test.each([
  ['abc', '“abc” is not a number; 135.00 stays.'],
  ['', 'Nothing was typed; 135.00 stays.'],
  ['-5', '−5.00 is below 0.00; 135.00 stays.'],
  ['1,234', '1,234.00 is above 500.00; 135.00 stays.'],
])('%j is refused in words and the last figure stays', (text, words) => {
  const { kept, box, said } = typeInto(text, { min: 0, max: 500 })
  expect(said).toBe(words)
  expect(kept).not.toHaveBeenCalled()
  expect(box).toHaveProperty('value', '135.00')
  expect(box.getAttribute('aria-invalid')).toBe('true')
})
test('what the field’s owner cannot take is refused with the owner’s reason', () => {
  expect(typeInto('1e9', { refuse: () => 'Too large for a plan' }).said).toBe('Too large for a plan; 135.00 stays.')
})
test('the words go when typing goes on', () => {
  const { box } = typeInto('abc')
  fireEvent.change(box, { target: { value: '14' } })
  expect(screen.queryByRole('alert')).toBeNull()
})
