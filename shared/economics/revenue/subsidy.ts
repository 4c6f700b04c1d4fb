import * as z from 'zod'
import { SATS_PER_BTC } from '../../units.ts'
import { atLeastZero, model, share, wholeAtLeastZero } from '../model.ts'

/** Protocol constants (Bitcoin Core, `GetBlockSubsidy`): 50 BTC, halved every 210,000 blocks by a shift. */
export const BLOCKS_PER_HALVING = 210_000
const FIRST_SUBSIDY_SATS = 5_000_000_000
/** From this height on (the 33rd halving) a block creates no coin: 5,000,000,000 / 2^33 is below one sat. No horizon reaches past it. */
export const FIRST_HEIGHT_WITHOUT_SUBSIDY = 33 * BLOCKS_PER_HALVING
/** A shift by 64 and more is undefined in the protocol's own code, which answers 0 there. */
const HALVINGS_UNTIL_ZERO = 64

/** Sats a block of this halving era creates; floor of an exact power-of-two division equals the protocol's shift. */
const eraSubsidySats = (halvings: number): number => (halvings >= HALVINGS_UNTIL_ZERO ? 0 : Math.floor(FIRST_SUBSIDY_SATS / 2 ** halvings))

/**
 * New coins of the block at `height` (integer >= 0), in sats.
 * Worked: height 840,000 is era 4: 5,000,000,000 / 16 = 312,500,000 sats = 3.125 BTC.
 */
export const subsidyAtHeight = model(
  { id: 'revenue.subsidyAtHeight', section: '1.1' },
  z.object({ height: wholeAtLeastZero }),
  ({ height }, { step }) => {
    const halvingIndex = step('halvingIndex', Math.floor(height / BLOCKS_PER_HALVING), 'floor(height / 210000)')
    const subsidySats = step('subsidySats', eraSubsidySats(halvingIndex), 'floor(5000000000 / 2 ^ halvingIndex)')
    return { subsidySats, subsidyBtc: step('subsidyBtc', subsidySats / SATS_PER_BTC, 'subsidySats / 1e8'), halvingIndex }
  },
)

/**
 * All coins created by blocks 0..`height`, in sats; below 2^53, so exact in a double.
 * Worked: height 209,999: 210,000 blocks x 50 BTC = 10,500,000 BTC.
 */
export const supplyAtHeight = model(
  { id: 'revenue.supplyAtHeight', section: '1.1' },
  z.object({ height: wholeAtLeastZero }),
  ({ height }) => ({
    supplySats: subsidyEras(0, height + 1).reduce((sats, era) => sats + era.blocks * era.subsidySats, 0),
  }),
)

/**
 * New coins of the blocks `[start, start + blocks)`, BTC.
 * Worked: 4,383 blocks from 1,047,000: 3,000 x 3.125 + 1,383 x 1.5625 = 11,535.9375.
 */
export const subsidyOfBlocksBtc = (start: number, blocks: number): number =>
  subsidyEras(start, start + blocks).reduce((sats, era) => sats + era.blocks * era.subsidySats, 0) / SATS_PER_BTC

/** Runs of equal subsidy in the heights `[start, end)`. */
export const subsidyEras = (start: number, end: number): { blocks: number; subsidySats: number }[] => {
  const runs: { blocks: number; subsidySats: number }[] = []
  let height = start
  while (height < end) {
    const index = Math.floor(height / BLOCKS_PER_HALVING)
    const subsidySats = eraSubsidySats(index)
    const eraEnd = subsidySats === 0 ? end : Math.min(end, (index + 1) * BLOCKS_PER_HALVING)
    runs.push({ blocks: eraEnd - height, subsidySats })
    height = eraEnd
  }
  return runs
}

/**
 * Expected coins of a share of the network over the heights `[startHeight, startHeight + blocks)`. A halving inside is
 * taken block by block, never by a calendar date. A horizon past the last subsidy (height 6,930,000) is refused.
 * Worked: 0.16 % of 4,320 blocks from 1,049,000, fees 0.03: (1,000 x 3.125 + 3,320 x 1.5625) x 0.0016 = 13.3 BTC, and 0.20736 of fees.
 */
export const horizonBtc = model(
  { id: 'revenue.horizonBtc', section: '1.6' },
  z
    .object({ startHeight: wholeAtLeastZero, blocks: wholeAtLeastZero, networkShare: share, feesPerBlockBtc: atLeastZero })
    .superRefine((i, refuse) => {
      if (i.startHeight + i.blocks > FIRST_HEIGHT_WITHOUT_SUBSIDY)
        refuse.addIssue({
          code: 'custom',
          path: ['blocks'],
          message: `reach past the last subsidy at height ${FIRST_HEIGHT_WITHOUT_SUBSIDY}`,
        })
    }),
  ({ startHeight, blocks, networkShare, feesPerBlockBtc }, { step }) => {
    const networkBtc = step('networkSubsidyBtc', subsidyOfBlocksBtc(startHeight, blocks))
    const subsidyBtc = step('subsidyBtc', networkBtc * networkShare, 'networkSubsidyBtc * networkShare')
    const feesBtc = step('feesBtc', blocks * feesPerBlockBtc * networkShare, 'blocks * feesPerBlockBtc * networkShare')
    const totalBtc = step('totalBtc', subsidyBtc + feesBtc, 'subsidyBtc + feesBtc')
    const firstInside = Math.floor(startHeight / BLOCKS_PER_HALVING) + 1
    const lastInside = Math.floor((startHeight + Math.max(blocks, 1) - 1) / BLOCKS_PER_HALVING)
    return { subsidyBtc, feesBtc, totalBtc, halvingsInside: Math.max(0, lastInside - firstInside + 1) }
  },
)
