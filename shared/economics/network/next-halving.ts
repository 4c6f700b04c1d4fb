import * as z from 'zod'
import { SATS_PER_BTC } from '../../units.ts'
import { model, positive, wholeAtLeastZero } from '../model.ts'
import { BLOCKS_PER_HALVING, subsidyAtHeight } from '../revenue/subsidy.ts'

/**
 * The first halving above `height` (an integer >= 0): blocks and, at `blocksPerDay` (> 0, the target is 144), days until then,
 * and the subsidy from then on. At the halving block itself the next one is 210,000 blocks away. After the last subsidy the
 * subsidy stays 0.
 * Worked: height 941,472: 1,050,000 - 941,472 = 108,528 blocks, / 144 = 753.67 days, then 1.5625 BTC.
 */
export const nextHalving = model(
  { id: 'network.nextHalving', section: '3.4' },
  // Above this height a sum with 210,000 is no exact integer any more.
  z.object({ height: wholeAtLeastZero.max(Number.MAX_SAFE_INTEGER - BLOCKS_PER_HALVING), blocksPerDay: positive }),
  (i, { step, use }) => {
    const halvingHeight = step(
      'halvingHeight',
      (Math.floor(i.height / BLOCKS_PER_HALVING) + 1) * BLOCKS_PER_HALVING,
      '(floor(height / 210000) + 1) * 210000',
    )
    const after = use('subsidyAfter', subsidyAtHeight, { height: halvingHeight })
    if (!after.ok) return after
    const blocksRemaining = step('blocksRemaining', halvingHeight - i.height, 'halvingHeight - height')
    return {
      halvingHeight,
      blocksRemaining,
      daysRemaining: step('daysRemaining', blocksRemaining / i.blocksPerDay, 'blocksRemaining / blocksPerDay'),
      subsidyAfterSats: after.value.subsidySats,
      subsidyAfterBtc: after.value.subsidySats / SATS_PER_BTC,
    }
  },
)
