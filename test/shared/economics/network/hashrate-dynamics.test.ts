import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { equilibriumSupply } from '#shared/economics/network/equilibrium-supply.ts'
import { hashrateDynamics } from '#shared/economics/network/hashrate-dynamics.ts'
import { value } from '../value.ts'

const one = [{ id: 'a', hashratePHs: 1000, breakEvenHashpriceUsd: 50 }]
const dynamics = (more: object) =>
  value(hashrateDynamics({ tranches: one, baseNetworkRevenueUsdPerDay: 60_000, networkRevenueUsdPerDay: [60_000], ...more }))
const two = [
  { id: 'cheap', hashratePHs: 600, breakEvenHashpriceUsd: 20 },
  { id: 'dear', hashratePHs: 400, breakEvenHashpriceUsd: 60 },
]

test('revenue that halves carries 600 of 1,000 PH/s: 60 % of the way a month down, 15 % a month up again', () => {
  const d = dynamics({ networkRevenueUsdPerDay: [30_000, 30_000, 60_000, 60_000] })
  expect(d).toMatchObject({ startPHs: 1000, startHashpriceUsd: 60, targetPHs: [600, 600, 1000, 1000] })
  // 1000 − 0.6 x 400; 760 − 0.6 x 160; 664 + 0.15 x 336; 714.4 + 0.15 x 285.6
  expect(d.hashratePHs).toEqual([760, 664, 714.4, 757.24].map((h) => expect.closeTo(h, 9)))
  expect(d.hashpriceUsd).toEqual([39.4737, 45.1807, 83.9866, 79.2351].map((h) => expect.closeTo(h, 4)))
  expect(d.idlePHs).toEqual([240, 336, 285.6, 242.76].map((h) => expect.closeTo(h, 9)))
  expect(d.priceShareOfExits).toEqual([1, 1, 1, 1])
})
test('speeds of 1 are the equilibrium itself, speeds of 0 stand still', () => {
  const networkRevenueUsdPerDay = [30_000, 90_000]
  expect(dynamics({ networkRevenueUsdPerDay, kOff: 1, kOn: 1 }).hashratePHs).toEqual([600, 1000])
  expect(dynamics({ networkRevenueUsdPerDay, kOff: 0, kOn: 0 }).hashratePHs).toEqual([1000, 1000])
})
test('price exits come back when the price does, AI exits do not', () => {
  const back = { networkRevenueUsdPerDay: Array.from({ length: 60 }, () => 60_000) }
  const low = { ...back, networkRevenueUsdPerDay: [30_000, ...back.networkRevenueUsdPerDay.slice(1)] }
  expect(dynamics(low).hashratePHs.at(-1)).toBeCloseTo(1000, 1)
  const ai = dynamics({ ...back, aiExits: [{ trancheId: 'a', cumulativeShare: Array.from({ length: 60 }, () => 0.4) }] })
  expect(ai.hashratePHs.at(-1)).toBeCloseTo(600, 9)
  expect(ai.aiShareOfExits.at(-1)).toBe(1)
  expect(ai.idlePHs.at(-1)).toBe(0)
})
test('what others leaving does for those who stay: 25 % of the network goes to AI, hashprice of the rest rises by a third', () => {
  const d = dynamics({ aiExits: [{ trancheId: 'a', cumulativeShare: [0.25] }] })
  expect(d).toMatchObject({
    hashratePHs: [750],
    hashpriceUsd: [80],
    hashpriceWithoutAiUsd: [60],
    exitedByAiPHs: [250],
    exitedByPricePHs: [0],
  })
  expect(d.gainOfStayersShare[0]).toBeCloseTo(1 / 3, 12)
})
test('where dearer machines wait, they fill the gap slowly and take the gain away', () => {
  // $24,000 over the cheap 600 is 40, too little for the dear at 60.
  const aiExits = [{ trancheId: 'cheap', cumulativeShare: [0.5, 0.5] }]
  const d = dynamics({ tranches: two, baseNetworkRevenueUsdPerDay: 24_000, networkRevenueUsdPerDay: [24_000, 24_000], aiExits })
  // 300 cheap stay, revenue carries 400 at 60: of the dear 100 are wanted, 15 come in the first month, 12.75 in the second.
  expect(d.targetPHs).toEqual([400, 400])
  expect(d.hashratePHs).toEqual([expect.closeTo(315, 9), expect.closeTo(327.75, 9)])
  expect(d.exitedByAiPHs).toEqual([300, 300])
  expect(d.exitedByPricePHs).toEqual([expect.closeTo(-15, 9), expect.closeTo(-27.75, 9)])
})
test('exits by price and by AI in one month are told apart', () => {
  // 20 % go to AI; of the 800 left, $30,000 carries 600, and 60 % of 200 switch off: 120 by price, 200 by AI.
  const d = dynamics({ networkRevenueUsdPerDay: [30_000], aiExits: [{ trancheId: 'a', cumulativeShare: [0.2] }] })
  expect(d.hashratePHs[0]).toBeCloseTo(680, 9)
  expect(d.aiShareOfExits[0]).toBeCloseTo(200 / 320, 12)
  expect(d.priceShareOfExits[0]).toBeCloseTo(120 / 320, 12)
})
test('machines that AI gives back stand there switched off, and join as slowly as any', () => {
  const d = dynamics({ networkRevenueUsdPerDay: [60_000, 60_000], aiExits: [{ trancheId: 'a', cumulativeShare: [0.4, 0.2] }] })
  expect(d.hashratePHs).toEqual([600, expect.closeTo(600 + 0.15 * 200, 9)])
})
test('where all go there is no hashprice', () =>
  expect(dynamics({ aiExits: [{ trancheId: 'a', cumulativeShare: [1] }] })).toMatchObject({
    hashratePHs: [0],
    hashpriceUsd: [null],
    gainOfStayersShare: [null],
  }))

const curve = fc
  .array(fc.tuple(fc.double({ min: 1, max: 1000, noNaN: true }), fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 8 })
  .map((list) => list.map(([hashratePHs, breakEvenHashpriceUsd], k) => ({ id: `t${k}`, hashratePHs, breakEvenHashpriceUsd })))
const revenue = fc.double({ min: 10, max: 1e5, noNaN: true })
property.prop([curve, revenue, revenue], { numRuns: 60 })(
  'under a revenue that stays, the months end in its equilibrium',
  (tranches, baseNetworkRevenueUsdPerDay, v) => {
    const d = dynamics({ tranches, baseNetworkRevenueUsdPerDay, networkRevenueUsdPerDay: Array.from({ length: 300 }, () => v) })
    const end = value(equilibriumSupply({ tranches, networkRevenueUsdPerDay: v }))
    expect((d.hashratePHs.at(-1) ?? 0) / end.onlinePHs).toBeCloseTo(1, 8)
  },
)
property.prop([curve, revenue, fc.array(fc.double({ min: 0, max: 0.2, noNaN: true }), { minLength: 24, maxLength: 24 })], { numRuns: 60 })(
  'while revenue stays, no exit to AI ever makes those who stay poorer',
  (tranches, v, rises) => {
    let gone = 0
    const cumulativeShare = rises.map((r) => {
      gone = Math.min(0.95, gone + r)
      return gone
    })
    const aiExits = tranches.filter((_, k) => k % 2 === 0).map((t) => ({ trancheId: t.id, cumulativeShare }))
    const d = dynamics({ tranches, baseNetworkRevenueUsdPerDay: v, networkRevenueUsdPerDay: cumulativeShare.map(() => v), aiExits })
    for (const gain of d.gainOfStayersShare) expect(gain).toBeGreaterThanOrEqual(-1e-9)
  },
)

test.each([
  ['tranches', { tranches: [] }],
  ['tranches', { tranches: [{ id: 'a', hashratePHs: -1, breakEvenHashpriceUsd: 1 }] }],
  ['baseNetworkRevenueUsdPerDay', { baseNetworkRevenueUsdPerDay: -1 }],
  ['networkRevenueUsdPerDay', { networkRevenueUsdPerDay: [] }],
  ['networkRevenueUsdPerDay', { networkRevenueUsdPerDay: [1, Number.NaN] }],
  ['networkRevenueUsdPerDay', { networkRevenueUsdPerDay: Array.from({ length: 1201 }, () => 1) }],
  ['aiExits', { aiExits: [{ trancheId: 'b', cumulativeShare: [0.1] }] }],
  ['aiExits', { aiExits: [{ trancheId: 'a', cumulativeShare: [0.1, 0.2] }] }],
  ['aiExits', { aiExits: [{ trancheId: 'a', cumulativeShare: [15] }] }],
  ['kOff', { kOff: 60 }],
  ['kOn', { kOn: -0.1 }],
])('%s: %j is refused', (field, bad) =>
  expect(hashrateDynamics({ tranches: one, baseNetworkRevenueUsdPerDay: 1, networkRevenueUsdPerDay: [1], ...bad })).toMatchObject({
    ok: false,
    failure: { field },
  }),
)
