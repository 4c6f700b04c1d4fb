import * as z from 'zod'
import { atLeastZero, model, positive, share } from '../model.ts'

/** Of all machines, the share gone after `month`: x (1 - 0.5^(month / half-life)). Worked: 25 % with 9 months: 12.5 % after 9. */
export const exitedShare = (finalShare: number, halfLifeMonths: number, month: number): number =>
  month <= 0 ? 0 : finalShare * (1 - 0.5 ** (month / halfLifeMonths))

/**
 * Network hashrate, EH/s, when a share of it leaves for AI for good, and nobody else moves: half of the leaving is done after
 * each half-life. What those who stay do about it is the answer of 3.3.
 * Worked: 903 EH/s, 25 %, half-life 9 months: after 18 months 903 x (1 - 0.25 x 0.75) = 733.7.
 */
export const aiCrowdOut = model(
  { id: 'scenario.aiCrowdOut', section: '7' },
  z.object({
    hashrateEHs: atLeastZero,
    finalExitShare: share,
    /** From now; need not ascend. */
    months: z.array(atLeastZero).min(1).max(1200),
    halfLifeMonths: positive,
  }),
  (i) => ({ hashrateEHs: i.months.map((month) => i.hashrateEHs * (1 - exitedShare(i.finalExitShare, i.halfLifeMonths, month))) }),
)
