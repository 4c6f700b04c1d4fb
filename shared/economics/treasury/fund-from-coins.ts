import * as z from 'zod'
import { atLeastZero, model, shareBelowOne } from '../model.ts'
import { sum } from '../sum.ts'
import { sameLength } from './same-length.ts'

export const FundingMonths = {
  btcHeld: atLeastZero,
  saleHaircut: shareBelowOne,
  /** What the owners must bring, month by month from now (`equityNeedByMonthUsd` of a project). */
  equityNeedUsd: z.array(atLeastZero).min(1).max(1200),
  btcPriceUsd: z.array(atLeastZero).min(1).max(1200),
}

/** Coins sold as the money is needed; what a price path does not pay for is the shortfall. */
export const sellAsNeeded = (i: {
  btcHeld: number
  saleHaircut: number
  equityNeedUsd: ArrayLike<number>
  btcPriceUsd: ArrayLike<number>
}) => {
  let btcLeft = i.btcHeld
  const btcSold: number[] = []
  const shortfallUsd: number[] = []
  for (let m = 0; m < i.equityNeedUsd.length; m += 1) {
    const need = i.equityNeedUsd[m] ?? 0
    const proceeds = (i.btcPriceUsd[m] ?? 0) * (1 - i.saleHaircut)
    const wanted = proceeds > 0 ? need / proceeds : Number.POSITIVE_INFINITY
    const enough = need === 0 || wanted <= btcLeft
    const sold = need === 0 ? 0 : enough ? wanted : proceeds > 0 ? btcLeft : 0
    btcLeft -= sold
    btcSold.push(sold)
    shortfallUsd.push(enough ? 0 : need - sold * proceeds)
  }
  return { btcSold, shortfallUsd, btcLeft }
}

/**
 * A conversion's equity paid from coins, month by month against a price path: coins sold, what is missing, coins left, and the
 * flat price at which the whole treasury pays for everything (null without coins). At a price of 0 nothing is sold.
 * Worked: 10 coins, needs of $300 and $400, prices 50 and 50, no haircut: 6 sold, then 4 and $200 missing; $70 flat pays it all.
 */
export const fundFromBtc = model(
  { id: 'treasury.fundFromBtc', section: '6.3' },
  z.object(FundingMonths).superRefine((i, refuse) => sameLength(i, ['equityNeedUsd', 'btcPriceUsd'], refuse)),
  (i) => {
    const total = sum(i.equityNeedUsd)
    return {
      ...sellAsNeeded(i),
      fullFundingBtcUsdFlat: total === 0 ? 0 : i.btcHeld > 0 ? total / (i.btcHeld * (1 - i.saleHaircut)) : null,
    }
  },
)
