import * as z from 'zod'
import { model, positive } from '../model.ts'
import { TARGET_BLOCK_SECONDS } from '../network/retarget.ts'
import { impliedHashrate } from './hashprice.ts'
import { poissonBand } from './poisson-band.ts'

const RealisedHashrateInputs = z.object({
  /** Of all blocks counted: the window lies inside one epoch. */
  difficulty: positive,
  /** Found in the window; none is a count, too. */
  blocksFound: z.int().min(0).max(1_000_000),
  windowSeconds: positive,
  /** Of the band; 0.95 leaves 2.5 % on either side. */
  confidence: z.number().gt(0).max(0.999_999),
})

/**
 * Hashrate of the network as its blocks tell it, EH/s, with the band that luck leaves: blocks come as a Poisson process, so
 * a day's 144 blocks say it to about 8 %, an epoch's 2,016 to about 2 %. `calibratedEHs` is what the difficulty was set for;
 * where it lies outside the band, `differs`, the network has truly changed and the next retarget will say so.
 * Worked: 2,016 blocks of 133.79 T in 14.848 days: 636.3 s a block, 903 EH/s; sd 1/sqrt(2016) = 2.2 %.
 */
export const realisedHashrate = model({ id: 'revenue.realisedHashrate', section: '1.2' }, RealisedHashrateInputs, (i, { step, use }) => {
  const calibrated = use('calibrated', impliedHashrate, { difficulty: i.difficulty, blockSeconds: TARGET_BLOCK_SECONDS })
  const onePerWindow = use('oneBlock', impliedHashrate, { difficulty: i.difficulty, blockSeconds: i.windowSeconds })
  if (!calibrated.ok) return calibrated
  if (!onePerWindow.ok) return onePerWindow
  const ofOneBlockEHs = step('ofOneBlockEHs', onePerWindow.value.hashrateEHs)
  const calibratedEHs = step('calibratedEHs', calibrated.value.hashrateEHs)
  const band = poissonBand(i.blocksFound, i.confidence)
  const lowEHs = step('lowEHs', band.low * ofOneBlockEHs)
  const highEHs = step('highEHs', band.high * ofOneBlockEHs)
  return {
    hashrateEHs: step('hashrateEHs', i.blocksFound * ofOneBlockEHs, 'blocksFound * ofOneBlockEHs'),
    lowEHs,
    highEHs,
    calibratedEHs,
    meanBlockSeconds: i.blocksFound > 0 ? step('meanBlockSeconds', i.windowSeconds / i.blocksFound, 'windowSeconds / blocksFound') : null,
    relStdDev: i.blocksFound > 0 ? step('relStdDev', 1 / Math.sqrt(i.blocksFound), '1 / sqrt(blocksFound)') : null,
    differs: calibratedEHs < lowEHs || calibratedEHs > highEHs,
  }
})
