import * as z from 'zod'
import { driftAnnual, volAnnual } from '../chance/gbm.ts'
import { normalCdf } from '../chance/normal-law.ts'
import { atLeastZero, model, shareBelowOne } from '../model.ts'

/**
 * Hold a coin or sell it for the best other use of the money (debt saved, money market, the conversion's IRR, staking): the
 * price it must reach, the yearly rise that takes, and the probability that it gets there (lognormal). Null: at a price of 0, or
 * over no time, there is no rate; at a price of 0 there is nothing to hold.
 * Worked: $71,000 at 9.5 % for two years, 0.5 % lost on either sale: 71,000 x 1.095^2 = $85,130.78.
 */
export const holdVsSell = model(
  { id: 'treasury.holdVsSell', section: '6.2' },
  z.object({
    btcPriceUsd: atLeastZero,
    alternativeYieldAnnual: z.number().gt(-1).max(10),
    haircutNow: shareBelowOne,
    haircutLater: shareBelowOne,
    years: atLeastZero,
    driftAnnual,
    volAnnual,
  }),
  (i, { step }) => {
    const breakEvenPriceUsd = step(
      'breakEvenPriceUsd',
      (i.btcPriceUsd * (1 - i.haircutNow) * (1 + i.alternativeYieldAnnual) ** i.years) / (1 - i.haircutLater),
      'btcPriceUsd * (1 - haircutNow) * (1 + alternativeYieldAnnual) ^ years / (1 - haircutLater)',
    )
    const known = i.btcPriceUsd > 0
    const breakEvenAppreciationAnnual =
      known && i.years > 0
        ? step(
            'breakEvenAppreciationAnnual',
            (breakEvenPriceUsd / i.btcPriceUsd) ** (1 / i.years) - 1,
            '(breakEvenPriceUsd / btcPriceUsd) ^ (1 / years) - 1',
          )
        : null
    const spread = i.volAnnual * Math.sqrt(i.years)
    const middle = Math.log(i.btcPriceUsd / breakEvenPriceUsd) + (i.driftAnnual - i.volAnnual ** 2 / 2) * i.years
    return {
      breakEvenPriceUsd,
      breakEvenAppreciationAnnual,
      probHoldWins: !known ? null : spread > 0 ? normalCdf(middle / spread) : middle > 0 ? 1 : 0,
    }
  },
)
