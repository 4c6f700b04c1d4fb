import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { cyclicalOrStructural } from '#shared/economics/scenario/cyclical-or-structural.ts'
import { chanceAbove, chanceTouching, type HashpriceLaw } from '#shared/economics/scenario/hashprice-odds.ts'
import { value } from '../value.ts'

const law: HashpriceLaw = {
  hashpriceUsd: 30,
  driftAnnual: 0,
  volAnnual: 0.55,
  elasticity: 0,
  rewardRatio: () => 1,
  stayingShare: () => 1,
}
test('a year on, hashprice is above where it is now with 39.2 %: the median of a driftless lognormal falls', () =>
  expect(chanceAbove(law, 30, 12)).toBeCloseTo(0.3917, 4))
test('with a flat median it touches a level 10 % above within a year with 86.2 %: twice P(Z > 0.1733)', () =>
  expect(chanceTouching({ ...law, driftAnnual: 0.55 ** 2 / 2 }, 33, 12)).toBeCloseTo(0.8624, 4))
test('machines that are gone for good lift the median: a quarter less of them and no volatility is a third more', () => {
  const gone = { ...law, volAnnual: 0, stayingShare: () => 0.75 }
  expect([chanceAbove(gone, 39.99, 12), chanceAbove(gone, 40.01, 12)]).toEqual([1, 0])
  // The others' answer leaves the square root of it at an elasticity of 1: 30 x 1.1547 = 34.64.
  expect([chanceAbove({ ...gone, elasticity: 1 }, 34.6, 12), chanceAbove({ ...gone, elasticity: 1 }, 34.7, 12)]).toEqual([1, 0])
})
test('reflection agrees with a walk of 4,000 steps, counted exactly', () => {
  // A random walk of ±sd/sqrt(n) with drift: the share of its mass that has met the barrier, step by step.
  const years = 1
  const [n, mean, sd, distance] = [4000, 0.1, 0.5, 0.3]
  const up = 0.5 * (1 + (mean / sd) * Math.sqrt(years / n))
  const step = sd / Math.sqrt(n)
  const barrier = Math.round(distance / step)
  let mass = new Map([[0, 1]])
  let touched = 0
  for (let k = 0; k < n; k += 1) {
    const next = new Map<number, number>()
    for (const [at, p] of mass) {
      if (p < 1e-14) continue
      next.set(at - 1, (next.get(at - 1) ?? 0) + p * (1 - up))
      if (at + 1 >= barrier) touched += p * up
      else next.set(at + 1, (next.get(at + 1) ?? 0) + p * up)
    }
    mass = next
  }
  // The same law in terms of a coin: mean = mu − sd²/2, level e^(barrier x step) above.
  const coin = { ...law, volAnnual: sd, driftAnnual: mean + sd ** 2 / 2 }
  expect(chanceTouching(coin, 30 * Math.exp(barrier * step), 12)).toBeCloseTo(touched, 3)
})
property.prop([
  fc.double({ min: 1, max: 300, noNaN: true }),
  fc.double({ min: -0.9, max: 3, noNaN: true }),
  fc.double({ min: 0, max: 5, noNaN: true }),
  fc.double({ min: 0, max: 10, noNaN: true }),
])('whoever is above in the end was there at some time, and both are chances', (level, driftAnnual, volAnnual, elasticity) => {
  const l = { ...law, driftAnnual, volAnnual, elasticity }
  const [end, within] = [chanceAbove(l, level, 24), chanceTouching(l, level, 24)]
  expect(end).toBeGreaterThanOrEqual(0)
  expect(within).toBeLessThanOrEqual(1)
  expect(within).toBeGreaterThanOrEqual(end - 1e-12)
})

const now = {
  height: 905_000,
  exitedByPricePHs: 90_000,
  exitedByAiPHs: 30_000,
  hashpriceUsd: 33,
  fleetBreakEvenHashpriceUsd: 38,
  feesPerBlockBtc: 0.025,
  driftAnnual: 0,
  volAnnual: 0.55,
  elasticity: 0.6,
  aiExitShare: 0,
  aiHalfLifeMonths: 9,
  parityHashpriceUsd: 80,
  valueOfWaitingUsd: 5,
  costOfLosingSlotUsd: 3,
}
const viewOf = (o: { evidence: readonly { id: string; supports: string }[] }, id: string) => o.evidence.find((e) => e.id === id)?.supports
test('65,000 blocks after a halving are 14.8 months: in the trough of earlier lows; a quarter of the exits went to AI', () => {
  const o = value(cyclicalOrStructural(now))
  expect(o.sinceHalvingMonths).toBeCloseTo(14.83, 2)
  expect(o).toMatchObject({ inHistoricalTrough: true, aiShareOfExits: 0.25, priceShareOfExits: 0.75 })
  expect([viewOf(o, 'halving'), viewOf(o, 'exits'), viewOf(o, 'waiting'), viewOf(o, 'assumed-drift')]).toEqual([
    'cyclical',
    'cyclical',
    'cyclical',
    'neither',
  ])
})
test('two thirds of the exits to AI, a slot worth more than waiting, parity out of reach: structural, each by itself', () => {
  const o = value(cyclicalOrStructural({ ...now, height: 941_472, exitedByAiPHs: 180_000, valueOfWaitingUsd: 2, aiExitShare: 0.2 }))
  expect(['halving', 'exits', 'waiting', 'parity', 'assumed-ai-exits'].map((id) => viewOf(o, id))).toEqual(
    Array.from({ length: 5 }, () => 'structural'),
  )
  // It lists views; it does not choose one.
  expect(Object.keys(o)).not.toContain('verdict')
})
test('what nobody computed supports neither view', () => {
  const o = value(
    cyclicalOrStructural({ ...now, parityHashpriceUsd: null, valueOfWaitingUsd: null, exitedByAiPHs: 0, exitedByPricePHs: 0 }),
  )
  expect(o).toMatchObject({ parity: null, aiShareOfExits: null })
  expect([viewOf(o, 'parity'), viewOf(o, 'waiting'), viewOf(o, 'exits')]).toEqual(['neither', 'neither', 'neither'])
})
test('a halving inside two years costs the chances of the end, and `within` is a lower bound there', () => {
  const o = value(cyclicalOrStructural({ ...now, height: 1_000_000 }))
  expect(o.recovery.map((r) => r.lowerBound)).toEqual([false, true, true])
  const without = value(cyclicalOrStructural({ ...now, height: 850_000 }))
  expect(o.recovery[2]?.atEndShare ?? 1).toBeLessThan(without.recovery[2]?.atEndShare ?? 0)
})
