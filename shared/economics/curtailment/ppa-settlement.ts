import * as z from 'zod'
import { atLeastZero, finite, model, positive } from '../model.ts'
import { sum } from '../sum.ts'

const MOST_INTERVALS = 1_000_000

/**
 * The bill of a take-or-pay contract: its volume at the strike, load beyond it at the market, delivery on what is consumed;
 * what was not consumed is sold back at the market less a spread where that is allowed. Effective price null without energy.
 * Worked: 100 MW at 38, delivery 5, one hour of 20 MW at 900 less 2: 3,800 + 100 owed, 80 x 898 = 71,840 earned.
 */
export const ppaSettlement = model(
  { id: 'curtailment.ppaSettlement', section: '4.5' },
  z
    .object({
      contractMW: atLeastZero,
      strikePerMWh: finite,
      deliveryAdderPerMWh: finite,
      resaleSpreadPerMWh: atLeastZero,
      resaleAllowed: z.boolean(),
      intervalHours: positive,
      loadMW: z.array(atLeastZero).min(1).max(MOST_INTERVALS),
      pricePerMWh: z.array(finite).min(1).max(MOST_INTERVALS),
    })
    .superRefine((i, refuse) => {
      if (i.pricePerMWh.length !== i.loadMW.length)
        refuse.addIssue({
          code: 'custom',
          path: ['pricePerMWh'],
          message: `has ${i.pricePerMWh.length} intervals, the load ${i.loadMW.length}`,
        })
    }),
  (i, { step }) => {
    const energyMWh = step('energyMWh', sum(i.loadMW) * i.intervalHours)
    const grossCostUsd = step(
      'grossCostUsd',
      sum(
        i.loadMW.flatMap((mw, t) => [
          i.contractMW * i.strikePerMWh,
          Math.max(0, mw - i.contractMW) * (i.pricePerMWh[t] ?? 0),
          mw * i.deliveryAdderPerMWh,
        ]),
      ) * i.intervalHours,
    )
    const powerCreditsUsd = step(
      'powerCreditsUsd',
      i.resaleAllowed
        ? sum(i.loadMW.map((mw, t) => Math.max(0, i.contractMW - mw) * ((i.pricePerMWh[t] ?? 0) - i.resaleSpreadPerMWh))) * i.intervalHours
        : 0,
    )
    const netCostUsd = step('netCostUsd', grossCostUsd - powerCreditsUsd, 'grossCostUsd - powerCreditsUsd')
    return {
      grossCostUsd,
      powerCreditsUsd,
      netCostUsd,
      energyMWh,
      effectivePerMWh: energyMWh > 0 ? step('effectivePerMWh', netCostUsd / energyMWh, 'netCostUsd / energyMWh') : null,
    }
  },
)
