import * as z from 'zod'
import { HOURS_PER_DAY } from '../../units.ts'
import { finite } from '../model.ts'
import { blocksPerPhDay } from '../revenue/hashprice.ts'

const MOST_STEPS = 100_000
const PH_PER_EH = 1000

/**
 * Network hashrate as a step function of the hours from now: each step holds until the next begins, the last for ever.
 * The first begins at hour 0, the others ascend. A step without hashrate is refused only where it is reached: no block
 * would ever end it.
 */
export const HashrateSteps = z
  .array(z.object({ fromHour: finite, hashrateEHs: finite }))
  .min(1)
  .max(MOST_STEPS)
  .superRefine((steps, refuse) => {
    const bad = (k: number, message: string) => refuse.addIssue({ code: 'custom', path: [k], message })
    if (steps[0]?.fromHour !== 0) bad(0, 'the first step begins at hour 0')
    if ((steps[0]?.hashrateEHs ?? 0) <= 0) bad(0, 'without hashrate there is no block, ever')
    for (const [k, step] of steps.entries()) if (k > 0 && step.fromHour <= (steps[k - 1]?.fromHour ?? 0)) bad(k, 'steps ascend in time')
  })
export type HashrateSteps = z.output<typeof HashrateSteps>

/** Work that a block is expected to take, EH/s x hours. Worked: at 133.79 T, 133.79e12 x 2^32 / 1e18 / 3600 = 159.6. */
export const workPerBlockEhHours = (difficulty: number): number => HOURS_PER_DAY / (blocksPerPhDay(difficulty) * PH_PER_EH)

/**
 * A walk along the steps: each call does so much more work and answers the hour at which it is done, or null when it
 * reaches a step without hashrate (or would take longer than a number can say).
 */
export const walkAlong = (steps: HashrateSteps): ((workEhHours: number) => number | null) => {
  let k = 0
  let hour = 0
  return (workEhHours) => {
    let left = workEhHours
    for (;;) {
      const hashrate = steps[k]?.hashrateEHs ?? 0
      if (hashrate <= 0) return null
      const until = steps[k + 1]?.fromHour ?? Number.POSITIVE_INFINITY
      const possible = (until - hour) * hashrate
      if (left <= possible) {
        hour = Math.min(hour + left / hashrate, until)
        return Number.isFinite(hour) ? hour : null
      }
      left -= possible
      hour = until
      k++
    }
  }
}
