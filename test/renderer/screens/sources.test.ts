import { expect, test } from 'vitest'
import { limitsText, sourcesView } from '../../../renderer/screens/sources/view-model.ts'
import { makeFakeBridge, type Variant } from '../../fakes/bridge.ts'

const NOW = Date.UTC(2026, 10, 24, 22, 42)
const rows = async (variant: Variant) => {
  const result = await makeFakeBridge({ variant, nowMs: () => NOW }).ask['sources.list']({})
  if (!result.ok) throw new Error(result.failure.message)
  return result.value
}
const MIN = 60_000

test('limits read as people say them', () => {
  expect(limitsText({ staleAfterMs: 15 * MIN, deadAfterMs: 60 * MIN })).toBe('15 / 60 min')
  expect(limitsText({ staleAfterMs: 30 * MIN, deadAfterMs: 1440 * MIN })).toBe('30 min / 1 d')
  expect(limitsText({ staleAfterMs: 90_000, deadAfterMs: 5 * MIN })).toBe('90 s / 5 min')
  expect(limitsText(null)).toBe('does not age')
})
test('the number counts the sources that hold back advice, the sentence names the first and what to do', async () => {
  const view = sourcesView(await rows('dead'), NOW, 'America/Chicago', '')
  expect(view.holding).toBe('2')
  expect(view.headline).toContain('nothing usable since 15:28')
  expect(view.rest).toContain('A web page arrived in place of the CSV file.')
  expect(view.worst).toBe('ercot.real-time')
})
test('a source never heard shows “never”, not an age of zero', async () => {
  const view = sourcesView(await rows('live'), NOW, 'America/Chicago', 'bitstamp')
  expect(view.groups.flatMap((g) => g.rows).map((r) => [r.lastGood, r.age, r.bar])).toEqual([['never', '—', null]])
})
test('a sweep with machines missing is partial, though its age is fresh', async () => {
  const view = sourcesView(await rows('live'), NOW, 'America/Chicago', 'devices.toyah')
  expect(view.groups[0]?.rows[0]).toMatchObject({ state: 'partial', word: 'Partial' })
})
test('the chip’s link shows only what needs someone', async () => {
  const view = sourcesView(await rows('stale'), NOW, 'America/Chicago', 'needs:someone')
  expect(view.groups.flatMap((g) => g.rows).every((r) => r.troubled)).toBe(true)
  expect(view.groups.flatMap((g) => g.rows).length).toBeGreaterThan(0)
})
