import * as z from 'zod'
import { model, positive } from '../model.ts'
import { TARGET_BLOCK_SECONDS } from './retarget.ts'

/** A claim may miss by rounding of either figure; more than this is another epoch, or a wrong figure. */
const CONSISTENT_WITHIN = 0.02

/**
 * Whether a reported change of difficulty and a reported mean block interval can be of the same epoch, told in both
 * directions: the interval that the change needs, and the change that the interval would have caused.
 * `adjustment` is a fraction of 1 in the protocol's range -0.75..3; a figure in percent is refused.
 * Worked: -7.76 % needs 600 / 0.9224 = 650.5 s; "12m36s" = 756 s would be 600 / 756 - 1 = -20.6 %: not consistent.
 */
export const checkAdjustmentClaim = model(
  { id: 'network.checkAdjustmentClaim', section: '3.1' },
  z.object({ adjustment: z.number().min(-0.75).max(3), claimedBlockSeconds: positive }),
  (i, { step }) => {
    const impliedBlockSeconds = step('impliedBlockSeconds', TARGET_BLOCK_SECONDS / (1 + i.adjustment), '600 / (1 + adjustment)')
    const deviationShare = step(
      'deviationShare',
      impliedBlockSeconds / i.claimedBlockSeconds - 1,
      'impliedBlockSeconds / claimedBlockSeconds - 1',
    )
    return {
      impliedBlockSeconds,
      adjustmentImpliedByClaim: step(
        'adjustmentImpliedByClaim',
        TARGET_BLOCK_SECONDS / i.claimedBlockSeconds - 1,
        '600 / claimedBlockSeconds - 1',
      ),
      deviationShare,
      consistent: Math.abs(impliedBlockSeconds - i.claimedBlockSeconds) <= CONSISTENT_WITHIN * i.claimedBlockSeconds,
    }
  },
)
