import * as z from 'zod'
import { atLeastZero, finite, model, positive } from '../model.ts'

/**
 * Mining margin that a converted MW gives up, USD a month: a conversion takes the unused part of the grid connection first,
 * and what it displaces is spread over all that is converted.
 * Worked: 3 of 12 MW mine at $9,000; converting 10 takes the 9 unused MW and 1 that mines: 9,000 x 1 / 10 = $900.
 */
export const miningGivenUp = model(
  { id: 'ai.miningGivenUp', section: '5.2' },
  z.object({ marginPerRunningMWMonthUsd: finite, runningMW: atLeastZero, interconnectMW: atLeastZero, gridMW: positive }),
  (i, { step }) => {
    const unused = step('unusedMW', Math.max(0, i.interconnectMW - i.runningMW), 'max(0, interconnectMW - runningMW)')
    const displaced = step(
      'displacedMW',
      Math.min(i.runningMW, Math.max(0, i.gridMW - unused)),
      'min(runningMW, max(0, gridMW - unusedMW))',
    )
    const displacedShare = step('displacedShare', displaced / i.gridMW, 'displacedMW / gridMW')
    return {
      displacedMW: displaced,
      displacedShare,
      miningCashMarginPerMWMonth: step(
        'miningCashMarginPerMWMonth',
        i.marginPerRunningMWMonthUsd * displacedShare,
        'marginPerRunningMWMonthUsd * displacedShare',
      ),
    }
  },
)
