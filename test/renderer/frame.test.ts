import { expect, test } from 'vitest'
import { engineBanner, freshnessChip, marketFoot, statusLine } from '../../renderer/frame-model.ts'
import { makeFakeBridge, type Variant } from '../fakes/bridge.ts'

const NOW = Date.UTC(2026, 10, 24, 22, 42)
const reportOf = async (variant: Variant) => {
  const result = await makeFakeBridge({ variant, nowMs: () => NOW }).ask['sites.report']({})
  if (!result.ok) throw new Error(result.failure.message)
  return result.value
}

test('the chip shows the worst input of what is on screen', async () => {
  expect(freshnessChip(await reportOf('live'), null, NOW)).toMatchObject({ state: 'live', text: 'Live' })
  const dead = await reportOf('dead')
  expect(freshnessChip(dead, null, NOW)?.text).toMatch(/^Too old: ERCOT.*price 74 min$/)
  expect(freshnessChip(dead, 'raquette-falls', NOW)?.text).toMatch(/^Stale: NYISO.*price 38 min$/)
  expect(freshnessChip(null, null, NOW)).toBeNull()
})
test('the rail’s foot is as old as the oldest of its figures', async () => {
  expect(marketFoot(await reportOf('live'), NOW)).toMatchObject({
    age: '4 min ago',
    lines: [{ label: 'Hashprice' }, { label: 'BTC', value: '$91,240' }, { label: 'Difficulty', value: '142.60 T' }],
  })
})
test('a stopped engine is said with its time, and that nothing is lost', () => {
  const restarting = { state: 'restarting', sinceMs: NOW, message: null } as const
  expect(engineBanner(restarting, 'America/Chicago', true)?.text).toMatch(
    /^The engine stopped at 16:42 CST and is starting again; nothing committed is lost\./,
  )
  expect(engineBanner({ ...restarting, state: 'running' }, 'America/Chicago', true)).toBeNull()
  expect(engineBanner({ ...restarting, state: 'failed', message: 'disk full' }, 'America/Chicago', true)).toMatchObject({ alarm: true })
})
test('the status line names the denominator of the sweep; before the first sweep it says so', async () => {
  const result = await makeFakeBridge({ nowMs: () => NOW }).ask['app.status']({})
  if (!result.ok) throw new Error(result.failure.message)
  const line = statusLine(result.value, { state: 'running', sinceMs: NOW, message: null }, 'America/Chicago', NOW)
  expect(line.left[0]).toBe('Engine running')
  expect(line.left[1]).toMatch(/^Last sweep 16:41:52 CST, [\d,]+ of 1,840 machines reported$/)
  expect(line.right).toEqual(['Tue 24 Nov 2026, 16:42 CST'])
  expect(statusLine({ ...result.value, lastSweep: null }, null, 'UTC', NOW).left).toEqual([
    'Engine not heard',
    'No sweep yet',
    '3 of 3 meters',
  ])
})
