import { expect, test } from 'vitest'
import { type RulerModel, rulerScale, spreadLabels } from '../../../renderer/components/ruler-layout.ts'

const ruler = (breakEvens: number[], price: number | null): RulerModel => ({
  ticks: breakEvens.map((breakEven, i) => ({ id: String(i), label: `B${i}`, breakEven, mw: 1 })),
  price,
  freshness: 'fresh',
})

test('all sites share one axis from zero, so that rows compare', () => {
  const scale = rulerScale([ruler([45.25, 87.91], 48.6), ruler([43.57], 18)])
  expect(scale).toEqual({ min: 0, max: 100, step: 20 })
})
test('a scarcity price does not stretch the axis: it is drawn at its end', () => {
  expect(rulerScale([ruler([45.25, 87.91], 5000)]).max).toBe(100)
})
test('two labels that collide part evenly and none leaves the ruler', () => {
  const left =
    spreadLabels(
      [
        { x: 10, width: 40 },
        { x: 20, width: 40 },
        { x: 95, width: 40 },
      ],
      160,
    ) ?? []
  expect(left).toHaveLength(3)
  expect(left[0]).toBeGreaterThanOrEqual(0)
  expect((left[1] ?? 0) - (left[0] ?? 0)).toBeGreaterThanOrEqual(48 - 1e-9)
  expect((left[2] ?? 0) + 40).toBeLessThanOrEqual(160)
})
test('labels that cannot all fit are refused, not drawn over each other', () => {
  expect(
    spreadLabels(
      [
        { x: 10, width: 60 },
        { x: 20, width: 60 },
      ],
      100,
    ),
  ).toBeNull()
})
