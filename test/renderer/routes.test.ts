import { expect, test } from 'vitest'
import { readRoute, writeRoute } from '../../renderer/routes.ts'

test('a view is restored from its address alone', () => {
  const route = {
    screen: 'fleet',
    site: 'toyah-basin',
    machine: 'TB-A01-001',
    filter: 'model:S21 temp>75',
    why: false,
    figure: { id: 'irr', of: 'raquette-falls' },
  } as const
  expect(readRoute(writeRoute(route))).toEqual(route)
})
test('an address nobody wrote leads to Now over all sites', () => {
  expect(readRoute('#/nonsense?x=1')).toEqual({ screen: 'now', site: null, machine: null, filter: '', why: false, figure: null })
  expect(readRoute('').screen).toBe('now')
  expect(readRoute('#/now?figure=luck&of=toyah-basin').figure).toBeNull()
})
