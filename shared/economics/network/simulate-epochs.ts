import * as z from 'zod'
import { failed } from '../../result.ts'
import { HOURS_PER_DAY } from '../../units.ts'
import { model, positive } from '../model.ts'
import { FIRST_HEIGHT_WITHOUT_SUBSIDY } from '../revenue/subsidy.ts'
import { HashrateSteps, walkAlong, workPerBlockEhHours } from './hashrate-steps.ts'
import { BLOCKS_PER_EPOCH, retargetFactor } from './retarget.ts'

const SECONDS_PER_HOUR = 3600
/** All epochs from the first block to the last subsidy. */
const MOST_EPOCHS = Math.floor(FIRST_HEIGHT_WITHOUT_SUBSIDY / BLOCKS_PER_EPOCH)

export const epochs = z.int().min(1).max(MOST_EPOCHS)

/**
 * Difficulty over the next epochs for a network hashrate that is a step function of time; hour 0 is the start of an epoch.
 * An epoch takes 2016 x difficulty x 2^32 hashes; then difficulty is set anew. One list entry an epoch: the day it ends,
 * the difficulty from then on, the change (`clamped`: cut off at x4 or /4) and its mean block interval.
 * Worked: 133.79 T at a steady 957.7 EH/s: 2016 x 133.79e12 x 2^32 / 957.7e18 = 1,209,608 s = 14.0001 days, -0.0006 %.
 */
export const simulateEpochs = model(
  { id: 'network.simulateEpochs', section: '3.2' },
  z.object({ difficulty: positive, hashrateSteps: HashrateSteps, epochs }),
  (i, { step }) => {
    const walk = walkAlong(i.hashrateSteps)
    const endDay: number[] = []
    const newDifficulty: number[] = []
    const change: number[] = []
    const meanBlockSeconds: number[] = []
    const clamped: boolean[] = []
    let difficulty = i.difficulty
    step('firstEpochEhHours', BLOCKS_PER_EPOCH * workPerBlockEhHours(difficulty), '2016 * difficulty * 4294967296 / 1e18 / 3600')
    let start = 0
    for (let epoch = 0; epoch < i.epochs; epoch++) {
      const end = walk(BLOCKS_PER_EPOCH * workPerBlockEhHours(difficulty))
      if (end === null)
        return failed('invalid-input', `hashrateSteps: epoch ${epoch + 1} reaches a step whose hashrate cannot end it`, {
          field: 'hashrateSteps',
        })
      const seconds = (end - start) * SECONDS_PER_HOUR
      const next = retargetFactor(seconds)
      difficulty *= next.factor
      start = end
      endDay.push(end / HOURS_PER_DAY)
      newDifficulty.push(difficulty)
      change.push(next.factor - 1)
      meanBlockSeconds.push(seconds / BLOCKS_PER_EPOCH)
      clamped.push(next.clamped)
    }
    return { endDay, newDifficulty, change, meanBlockSeconds, clamped }
  },
)
