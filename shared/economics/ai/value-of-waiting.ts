import * as z from 'zod'
import { atLeastZero, model, positive } from '../model.ts'
import { waitOptionLattice } from './option-to-wait.ts'

/**
 * Invest now, wait, or leave it: what the right to decide later is worth against what waiting may cost, the place in the
 * interconnection queue. `valueNow` is what the conversion brings above mining on before its capital, `investment` the capital,
 * `volAnnual` that of the draws. Rent forgone enters as payout. A place is lost with `slotLossPerYear` (a yearly hazard); then
 * the same project begins `requeueYears` later. All rates continuous.
 * Worked: NPV now $10M, hazard 0.2 over 2 years: lost with 1 − e^(−0.4) = 33 %; four years later at 8 % it is worth
 * 10 x e^(−0.32) = $7.26M, so the slot costs 0.33 x 2.74 = $0.90M.
 */
export const valueOfWaiting = model(
  { id: 'ai.valueOfWaiting', section: '5.6' },
  z.object({
    valueNow: positive,
    investment: positive,
    /** How long the decision can be put off. */
    years: positive.max(100),
    riskFreeRate: z.number().min(-1).max(1),
    /** Rent forgone a year / value; queue risk is counted apart. */
    payoutRate: atLeastZero,
    volAnnual: positive.max(10),
    slotLossPerYear: atLeastZero,
    requeueYears: atLeastZero.max(100),
    discountRate: atLeastZero,
    steps: z.int().min(1).max(5000).optional(),
  }),
  (i, { step, use }) => {
    const { slotLossPerYear: _, requeueYears: __, discountRate: ___, steps = 400, ...option } = i
    const lattice = use('lattice', waitOptionLattice, { ...option, steps })
    if (!lattice.ok) return lattice
    const { optionValue, reason } = lattice.value
    const npvNow = step('npvNow', i.valueNow - i.investment, 'valueNow - investment')
    const lostShare = step('slotLostShare', 1 - Math.exp(-i.slotLossPerYear * i.years), '1 - exp(-slotLossPerYear * years)')
    const worthKept = step('laterWorthShare', Math.exp(-i.discountRate * i.requeueYears), 'exp(-discountRate * requeueYears)')
    const costOfLosingSlot = step(
      'costOfLosingSlot',
      lostShare * Math.max(0, npvNow) * (1 - worthKept),
      'slotLostShare * max(0, npvNow) * (1 - laterWorthShare)',
    )
    const valueOfWaiting = optionValue === null ? null : Math.max(0, optionValue - Math.max(0, npvNow))
    const advice: 'INVEST' | 'WAIT' | 'LEAVE' | null =
      valueOfWaiting === null ? null : npvNow > 0 && valueOfWaiting <= costOfLosingSlot ? 'INVEST' : valueOfWaiting > 0 ? 'WAIT' : 'LEAVE'
    return {
      npvNow,
      optionValue,
      valueOfWaiting,
      costOfLosingSlot,
      slotLostShare: lostShare,
      netValueOfWaiting: valueOfWaiting === null ? null : valueOfWaiting - costOfLosingSlot,
      advice,
      reason,
    }
  },
)
