import * as z from 'zod'
import { atLeastZero, model, positive, share } from '../model.ts'

/**
 * Coins that miners bring to market a day, and their worth; with `fundInflowUsdPerDay`, a figure the reader types, their share
 * of it. Context, never a price forecast.
 * Worked: 144 x 3.15 mined and sold, half of 95,000 coins a year: 453.6 + 130.14 = 583.74 BTC a day.
 */
export const sellPressure = model(
  { id: 'treasury.sellPressure', section: '6.4' },
  z.object({
    subsidyBtc: atLeastZero,
    feesPerBlockBtc: atLeastZero,
    soldShareOfProduction: share,
    treasuryBtc: atLeastZero,
    treasuryShareSoldPerYear: share,
    btcPriceUsd: atLeastZero,
    fundInflowUsdPerDay: positive.optional(),
  }),
  (i, { step }) => {
    const btcPerDay = step(
      'btcPerDay',
      144 * (i.subsidyBtc + i.feesPerBlockBtc) * i.soldShareOfProduction + (i.treasuryBtc * i.treasuryShareSoldPerYear) / 365,
      '144 * (subsidyBtc + feesPerBlockBtc) * soldShareOfProduction + treasuryBtc * treasuryShareSoldPerYear / 365',
    )
    const usdPerDay = step('usdPerDay', btcPerDay * i.btcPriceUsd, 'btcPerDay * btcPriceUsd')
    return { btcPerDay, usdPerDay, shareOfFundInflow: i.fundInflowUsdPerDay === undefined ? null : usdPerDay / i.fundInflowUsdPerDay }
  },
)
