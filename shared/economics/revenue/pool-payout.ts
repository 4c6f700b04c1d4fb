import * as z from 'zod'
import { atLeastZero, model, positive, share, type Trace } from '../model.ts'
import { BLOCKS_PER_PH_DAY, blocksPerPhDay } from './hashprice.ts'

const common = {
  subsidyBtc: atLeastZero,
  feesPerBlockBtc: atLeastZero,
  hashratePHs: atLeastZero,
  difficulty: positive,
  stale: share,
  days: atLeastZero,
  poolFee: share,
  /** Weight of variance against mean; 0 (left out) compares by mean alone. */
  riskAversion: atLeastZero.optional(),
}
const PoolPayoutInputs = z.discriminatedUnion('scheme', [
  z.object({ scheme: z.enum(['FPPS', 'PPS', 'SOLO']), ...common }),
  z.object({ scheme: z.literal('PPS+'), ...common, txFeePoolFee: share, actualFeesPerBlockBtc: atLeastZero }),
  z.object({ scheme: z.literal('PPLNS'), ...common, poolHashratePHs: positive }),
])

/** What the pool pays for one expected block, BTC (`economics.md` 1.4). */
const paidPerBlock = (i: z.output<typeof PoolPayoutInputs>, { step }: Trace): number => {
  switch (i.scheme) {
    case 'PPS':
      return step('paidPerBlockBtc', i.subsidyBtc * (1 - i.poolFee), 'subsidyBtc * (1 - poolFee)')
    case 'PPS+':
      return step(
        'paidPerBlockBtc',
        i.subsidyBtc * (1 - i.poolFee) + i.actualFeesPerBlockBtc * (1 - i.txFeePoolFee),
        'subsidyBtc * (1 - poolFee) + actualFeesPerBlockBtc * (1 - txFeePoolFee)',
      )
    case 'FPPS':
    case 'PPLNS':
    case 'SOLO':
      return step('paidPerBlockBtc', (i.subsidyBtc + i.feesPerBlockBtc) * (1 - i.poolFee), '(subsidyBtc + feesPerBlockBtc) * (1 - poolFee)')
  }
}

/**
 * Coins a hashrate (PH/s) is expected to be paid in `days`, and their relative standard deviation: 0 where the pool
 * carries the luck, 1/sqrt(expected blocks) of the pool for PPLNS and of the miner for SOLO; null where no block at all is
 * expected. With `riskAversion` also the certainty equivalent and the fee premium at which FPPS would be worth the same.
 * Worked: FPPS, 1,500 PH/s at 133.79 T, 3.15 BTC, fee 2 %, stale 0.4 %, 30 days: 0.00015036 x 1,500 x 30 x 3.087 x 0.996 = 20.80 BTC.
 */
export const poolPayout = model({ id: 'revenue.poolPayout', section: '1.4' }, PoolPayoutInputs, (i, trace) => {
  const { step } = trace
  const perPhDay = step('blocksPerPhDay', blocksPerPhDay(i.difficulty), BLOCKS_PER_PH_DAY)
  const ownBlocks = step('ownBlocks', perPhDay * i.hashratePHs * i.days, 'blocksPerPhDay * hashratePHs * days')
  const btc = step('btc', ownBlocks * paidPerBlock(i, trace) * (1 - i.stale), 'ownBlocks * paidPerBlockBtc * (1 - stale)')
  const luckBlocks =
    i.scheme === 'SOLO'
      ? step('luckBlocks', ownBlocks * (1 - i.stale), 'ownBlocks * (1 - stale)')
      : i.scheme === 'PPLNS'
        ? step('luckBlocks', perPhDay * i.poolHashratePHs * i.days, 'blocksPerPhDay * poolHashratePHs * days')
        : null
  const relStdDev = luckBlocks === null ? 0 : luckBlocks > 0 ? step('relStdDev', 1 / Math.sqrt(luckBlocks), '1 / sqrt(luckBlocks)') : null
  const discount =
    i.riskAversion === undefined || relStdDev === null
      ? null
      : step('fppsPremium', 0.5 * i.riskAversion * relStdDev ** 2, luckBlocks === null ? '0' : '0.5 * riskAversion * relStdDev ^ 2')
  return {
    btc,
    relStdDev,
    ...(i.scheme === 'SOLO'
      ? { probabilityZeroBlocks: step('probabilityZeroBlocks', Math.exp(-(luckBlocks ?? 0)), 'exp(-luckBlocks)') }
      : {}),
    ...(discount === null
      ? {}
      : {
          certaintyEquivalentBtc: step('certaintyEquivalentBtc', btc * (1 - discount), 'btc * (1 - fppsPremium)'),
          fppsPremium: discount,
        }),
  }
})
