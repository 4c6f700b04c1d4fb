import * as z from 'zod'
import { SATS_PER_BTC } from '../../units.ts'
import { atLeastZero, model, wholeAtLeastZero } from '../model.ts'
import { subsidyAtHeight } from '../revenue/subsidy.ts'

/** At the target of one block in 600 s. */
export const TARGET_BLOCKS_PER_DAY = 144

/** What all miners together earn a day at the target rate. */
export const revenueUsdPerDay = (subsidyBtc: number, feesPerBlockBtc: number, btcPriceUsd: number): number =>
  TARGET_BLOCKS_PER_DAY * (subsidyBtc + feesPerBlockBtc) * btcPriceUsd

/**
 * What all miners together earn a day, USD, at the target rate of 144 blocks: the V of the equilibrium.
 * Worked: height 941,472, 0.025 BTC of fees, $71,000: 144 x (3.125 + 0.025) x 71,000 = $32,205,600.
 */
export const networkRevenue = model(
  { id: 'network.networkRevenue', section: '3.3' },
  z.object({ height: wholeAtLeastZero, feesPerBlockBtc: atLeastZero, btcPriceUsd: atLeastZero }),
  (i, { step, use }) => {
    const subsidy = use('subsidy', subsidyAtHeight, { height: i.height })
    if (!subsidy.ok) return subsidy
    const subsidyBtc = step('subsidyBtc', subsidy.value.subsidySats / SATS_PER_BTC)
    return {
      subsidyBtc,
      networkRevenueUsdPerDay: step(
        'networkRevenueUsdPerDay',
        revenueUsdPerDay(subsidyBtc, i.feesPerBlockBtc, i.btcPriceUsd),
        '144 * (subsidyBtc + feesPerBlockBtc) * btcPriceUsd',
      ),
    }
  },
)
