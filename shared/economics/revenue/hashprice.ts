import * as z from 'zod'
import { atLeastZero, model, positive, shareBelowOne } from '../model.ts'

/** Expected hashes per block at difficulty 1. */
const TWO32 = 4_294_967_296
const SECONDS_PER_DAY = 86_400
const HASHES_PER_PH = 1e15
const HASHES_PER_EH = 1e18

/** Blocks that 1 PH/s is expected to find in a day. Worked: at 133.79 T, 86400e15 / (133.79e12 x 2^32) = 0.00015036. */
export const blocksPerPhDay = (difficulty: number): number => (SECONDS_PER_DAY * HASHES_PER_PH) / (difficulty * TWO32)

/** The same in the names of a derivation. */
export const BLOCKS_PER_PH_DAY = '86400 * 1e15 / (difficulty * 4294967296)'

/**
 * Network hashrate, EH/s, that finds a block every `blockSeconds` at this difficulty. 600 s gives what the difficulty was
 * calibrated for, an observed mean interval the realised figure.
 * Worked: 133.79e12 x 2^32 / 600 = 957.7 EH/s.
 */
export const impliedHashrate = model(
  { id: 'revenue.impliedHashrate', section: '1.2' },
  z.object({ difficulty: positive, blockSeconds: positive }),
  ({ difficulty, blockSeconds }, { step }) => ({
    hashrateEHs: step('hashrateEHs', (difficulty * TWO32) / blockSeconds / HASHES_PER_EH, 'difficulty * 4294967296 / blockSeconds / 1e18'),
  }),
)

const HashpriceInputs = z
  .object({
    difficulty: positive,
    btcPriceUsd: atLeastZero,
    /** Of the next block, BTC. */
    subsidyBtc: atLeastZero,
    /** Mean fees of a block, BTC; or, where only that is known, their share of the whole reward. Not both. */
    feesPerBlockBtc: atLeastZero.optional(),
    feeShareOfReward: shareBelowOne.optional(),
  })
  .superRefine((i, refuse) => {
    if (i.feesPerBlockBtc === undefined && i.feeShareOfReward === undefined)
      refuse.addIssue({ code: 'custom', path: ['feesPerBlockBtc'], message: 'fees per block, or their share of the reward, is needed' })
    if (i.feesPerBlockBtc !== undefined && i.feeShareOfReward !== undefined)
      refuse.addIssue({ code: 'custom', path: ['feeShareOfReward'], message: 'fees are given twice' })
  })

/**
 * What 1 PH/s is expected to earn a day before pool fee: BTC and USD. The pool fee is never in here.
 * Worked: 14.496 T, $43,629, 6.25 BTC, fees 1.34 % of the reward: 86400e15 / (14.496e12 x 2^32) x 6.25/0.9866 x 43,629 = $383.55.
 */
export const hashprice = model({ id: 'revenue.hashprice', section: '1.3' }, HashpriceInputs, (i, { step }) => {
  const blocks = step('blocksPerPhDay', blocksPerPhDay(i.difficulty), BLOCKS_PER_PH_DAY)
  const reward =
    i.feeShareOfReward === undefined
      ? step('rewardBtc', i.subsidyBtc + (i.feesPerBlockBtc ?? 0), 'subsidyBtc + feesPerBlockBtc')
      : step('rewardBtc', i.subsidyBtc / (1 - i.feeShareOfReward), 'subsidyBtc / (1 - feeShareOfReward)')
  const btcPerPhDay = step('btcPerPhDay', blocks * reward, 'blocksPerPhDay * rewardBtc')
  return { btcPerPhDay, usdPerPhDay: step('usdPerPhDay', btcPerPhDay * i.btcPriceUsd, 'btcPerPhDay * btcPriceUsd') }
})
