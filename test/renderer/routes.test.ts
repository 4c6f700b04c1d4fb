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
    view: 'entered',
  } as const
  expect(readRoute(writeRoute(route))).toEqual(route)
})
test.each(['entered', 'draws', 'scenarios'] as const)('the view of Plan is in its address: %s', (view) => {
  expect(readRoute(writeRoute({ ...readRoute('#/plan?site=raquette-falls'), view }))).toMatchObject({ screen: 'plan', view })
})
test('an address nobody wrote leads to Now over all sites', () => {
  expect(readRoute('#/nonsense?x=1&view=luck')).toEqual({
    screen: 'now',
    site: null,
    machine: null,
    filter: '',
    why: false,
    figure: null,
    view: 'entered',
  })
  expect(readRoute('').screen).toBe('now')
  expect(readRoute('#/now?figure=luck&of=toyah-basin').figure).toBeNull()
})
