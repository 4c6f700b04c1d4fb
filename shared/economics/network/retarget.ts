import * as z from 'zod'
import { model, positive } from '../model.ts'

/** Protocol constants: a block every 600 s, difficulty set anew every 2,016 blocks, by at most a factor 4 either way. */
export const TARGET_BLOCK_SECONDS = 600
export const BLOCKS_PER_EPOCH = 2016
const TARGET_EPOCH_SECONDS = BLOCKS_PER_EPOCH * TARGET_BLOCK_SECONDS
const LARGEST_FACTOR = 4

/** Factor by which difficulty changes after an epoch that took `timespanSeconds`, of which the protocol counts `countedSeconds`. */
export const retargetFactor = (timespanSeconds: number) => {
  const countedSeconds = Math.min(Math.max(timespanSeconds, TARGET_EPOCH_SECONDS / LARGEST_FACTOR), TARGET_EPOCH_SECONDS * LARGEST_FACTOR)
  return { factor: TARGET_EPOCH_SECONDS / countedSeconds, countedSeconds, clamped: countedSeconds !== timespanSeconds }
}

/**
 * Difficulty after an epoch that took `timespanSeconds` (> 0). `clamped`: the protocol cut the change off at x4 or /4.
 * The protocol measures 2,015 intervals; this and the simulation count 2,016 expected ones, a difference of 0.05 %.
 * Worked: 145.04 T after 1,311,362 s: 145.04 x 1,209,600 / 1,311,362 = 133.78 T, a change of -7.76 %.
 */
export const retarget = model(
  { id: 'network.retarget', section: '3.1' },
  z.object({ difficulty: positive, timespanSeconds: positive }),
  (i, { step }) => {
    const { factor, countedSeconds, clamped } = retargetFactor(i.timespanSeconds)
    step('countedSeconds', countedSeconds, 'max(302400, min(timespanSeconds, 4838400))')
    return {
      newDifficulty: step('newDifficulty', i.difficulty * factor, 'difficulty * 1209600 / countedSeconds'),
      change: step('change', factor - 1, '1209600 / countedSeconds - 1'),
      clamped,
      countedSeconds,
      meanBlockSeconds: step('meanBlockSeconds', i.timespanSeconds / BLOCKS_PER_EPOCH, 'timespanSeconds / 2016'),
    }
  },
)
