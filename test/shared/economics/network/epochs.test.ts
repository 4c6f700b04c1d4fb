import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { ownFleetEffect } from '#shared/economics/network/own-fleet-effect.ts'
import { simulateEpochs } from '#shared/economics/network/simulate-epochs.ts'
import { value } from '../value.ts'

const steady = (hashrateEHs: number) => [{ fromHour: 0, hashrateEHs }]
const difficulty = 133.79e12
/** What 133.79 T was set for: 133.79e12 x 2^32 / 600 s. */
const FITTING_EHS = 957.7061

test('a hashrate that fits the difficulty finds 2,016 blocks in 14 days and changes nothing', () => {
  const e = value(simulateEpochs({ difficulty, hashrateSteps: steady(FITTING_EHS), epochs: 3 }))
  expect(e.endDay.map((d) => Math.round(d * 1e4) / 1e4)).toEqual([14, 28, 42])
  for (const change of e.change) expect(change).toBeCloseTo(0, 6)
})
test('half the hashrate: blocks of 20 minutes, an epoch of 28 days, half the difficulty, then 14 days again', () =>
  expect(value(simulateEpochs({ difficulty, hashrateSteps: steady(FITTING_EHS / 2), epochs: 2 }))).toMatchObject({
    endDay: [expect.closeTo(28, 4), expect.closeTo(42, 4)],
    change: [expect.closeTo(-0.5, 6), expect.closeTo(0, 6)],
    meanBlockSeconds: [expect.closeTo(1200, 2), expect.closeTo(600, 2)],
  }))
test('80 % leave after a day: the epoch takes 66 days, and difficulty may fall to a quarter only', () => {
  const left = [
    { fromHour: 0, hashrateEHs: FITTING_EHS },
    { fromHour: 24, hashrateEHs: FITTING_EHS / 5 },
  ]
  const e = value(simulateEpochs({ difficulty, hashrateSteps: left, epochs: 3 }))
  // One day does 1/14 of the epoch; the other 13 take five days each.
  expect(e.endDay[0]).toBeCloseTo(1 + 13 * 5, 3)
  expect(e.clamped).toEqual([true, false, false])
  expect(e.change).toEqual([-0.75, expect.closeTo(-0.2, 6), expect.closeTo(0, 6)])
})
test('China 2021: 151 EH/s falling to 98 gives the published steps of −15.97, −5.30, −27.94 and −4.81 % on their days', () => {
  // From 25.046 T on 13 May (block 683,424). Hashrate of an epoch = difficulty x 2^32 / its mean interval (714, 634, 833, 630 s).
  const hashrateSteps = [
    { fromHour: 0, hashrateEHs: 150.7 },
    { fromHour: 399.9, hashrateEHs: 142.7 },
    { fromHour: 754.7, hashrateEHs: 102.8 },
    { fromHour: 1220.9, hashrateEHs: 97.9 },
  ]
  const e = value(simulateEpochs({ difficulty: 25.046e12, hashrateSteps, epochs: 4 }))
  const published = [-0.1597, -0.053, -0.2794, -0.0481]
  for (const [k, change] of e.change.entries()) expect(Math.abs(change - (published[k] ?? 0))).toBeLessThan(0.001)
  // 29/30 May, 13/14 June, 3 July, 17/18 July.
  expect(e.endDay.map(Math.floor)).toEqual([16, 31, 50, 65])
  expect((e.newDifficulty[3] ?? 0) / 1e12).toBeCloseTo(13.67, 1)
})

/** Steps at whole hours, so that small steps of a twentieth of an hour never straddle one. */
const stepsAtHours = fc
  .tuple(
    fc.double({ min: 300, max: 2000, noNaN: true }),
    fc.array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.double({ min: 300, max: 2000, noNaN: true })), { maxLength: 8 }),
  )
  .map(([first, later]) => {
    let hour = 0
    return [
      { fromHour: 0, hashrateEHs: first },
      ...later.map(([hours, hashrateEHs]) => {
        hour += hours
        return { fromHour: hour, hashrateEHs }
      }),
    ]
  })
const bruteForce = (start: number, steps: readonly { fromHour: number; hashrateEHs: number }[], epochs: number) => {
  const PER_HOUR = 20
  const out: { endDay: number; difficulty: number }[] = []
  let d = start
  let tick = 0
  let blocks = 0
  let startHour = 0
  while (out.length < epochs) {
    const hashrate = steps.findLast((s) => s.fromHour <= tick / PER_HOUR)?.hashrateEHs ?? 0
    const blocksPerTick = (hashrate * 1e18 * 3600) / PER_HOUR / (d * 2 ** 32)
    if (blocks + blocksPerTick < 2016) {
      blocks += blocksPerTick
      tick++
      continue
    }
    // The epoch ends inside this tick; the rest of the tick belongs to the next one, at the new difficulty.
    const part = (2016 - blocks) / blocksPerTick
    const endHour = (tick + part) / PER_HOUR
    d *= Math.min(4, Math.max(0.25, 336 / (endHour - startHour)))
    out.push({ endDay: endHour / 24, difficulty: d })
    blocks = ((1 - part) * hashrate * 1e18 * 3600) / PER_HOUR / (d * 2 ** 32)
    startHour = endHour
    tick++
  }
  return out
}
property.prop([stepsAtHours, fc.double({ min: 50e12, max: 250e12, noNaN: true })], { numRuns: 60 })(
  'small steps in time come to the same days and difficulties, whatever the hashrate does',
  (hashrateSteps, start) => {
    const exact = value(simulateEpochs({ difficulty: start, hashrateSteps, epochs: 4 }))
    for (const [k, brute] of bruteForce(start, hashrateSteps, 4).entries()) {
      expect(exact.endDay[k]).toBeCloseTo(brute.endDay, 6)
      expect((exact.newDifficulty[k] ?? 0) / brute.difficulty).toBeCloseTo(1, 8)
    }
  },
)

const refusal = (hashrateSteps: unknown, epochs: unknown = 1) =>
  simulateEpochs({ difficulty, hashrateSteps: hashrateSteps as [], epochs: epochs as number })
const inSteps = { ok: false, failure: { kind: 'invalid-input', field: 'hashrateSteps' } }
test('steps that begin later, do not ascend, stand still or are none are refused', () => {
  const at = (...hours: number[]) => hours.map((fromHour) => ({ fromHour, hashrateEHs: 900 }))
  for (const bad of [[], at(1), at(-1, 0), at(0, 100, 50), at(0, 50, 50), at(0, Number.NaN)]) expect(refusal(bad)).toMatchObject(inSteps)
  expect(simulateEpochs({ difficulty: 0, hashrateSteps: at(5), epochs: 0 })).toMatchObject({ failure: { field: 'difficulty' } })
})
test('a step without hashrate is refused where an epoch needs it, and only there', () => {
  const off = (fromHour: number, hashrateEHs = 0) => [
    { fromHour: 0, hashrateEHs: FITTING_EHS },
    { fromHour, hashrateEHs },
  ]
  expect(refusal(off(335))).toMatchObject(inSteps)
  expect(refusal(off(335, -5))).toMatchObject(inSteps)
  expect(refusal(off(337)).ok).toBe(true)
  expect(refusal(off(337), 2)).toMatchObject(inSteps)
  expect(refusal(steady(0))).toMatchObject(inSteps)
})
test('epochs are a whole number from 1 to the last subsidy, 3,437 epochs away from the first block', () => {
  for (const bad of [0, -1, 1.5, 3438, Number.NaN]) expect(refusal(steady(900), bad)).toMatchObject({ failure: { field: 'epochs' } })
  expect(refusal(steady(900), 3437).ok).toBe(true)
})

test('a fleet of one percent joining for good makes difficulty one percent higher and hashprice 0.99 % lower', () => {
  const joins = (fromHour: number) =>
    value(ownFleetEffect({ difficulty, hashrateSteps: steady(900), ownChangeSteps: [{ fromHour, changePHs: 9000 }], epochs: 3 }))
  const now = joins(0)
  expect(now.ownShare).toBeCloseTo(0.01, 12)
  expect(now.difficultyShiftShare).toEqual([expect.closeTo(0.01, 9), expect.closeTo(0.01, 9), expect.closeTo(0.01, 9)])
  expect(now.hashpriceShiftShare[2]).toBeCloseTo(-0.00990099, 8)
  // Halfway through the first epoch (14.9 days at 900 EH/s), half of it is seen; the next epoch sees all.
  const midway = joins(179)
  expect(midway.difficultyShiftShare[0]).toBeCloseTo(0.005, 4)
  expect(midway.difficultyShiftShare[1]).toBeCloseTo(0.01, 9)
})
test('a fleet that leaves and returns shifts difficulty for a while', () => {
  const ownChangeSteps = [
    { fromHour: 0, changePHs: -90_000 },
    { fromHour: 400, changePHs: 0 },
  ]
  const e = value(ownFleetEffect({ difficulty, hashrateSteps: steady(900), ownChangeSteps, epochs: 4 }))
  expect(e.difficultyShiftShare[0]).toBeLessThan(-0.09)
  expect(e.difficultyShiftShare[3]).toBeCloseTo(0, 9)
  expect(e.ownShare).toBe(0)
})
test('more than the network has cannot leave', () =>
  expect(
    ownFleetEffect({ difficulty, hashrateSteps: steady(1), ownChangeSteps: [{ fromHour: 0, changePHs: -1000 }], epochs: 1 }),
  ).toMatchObject({ ok: false, failure: { field: 'ownChangeSteps' } }))
