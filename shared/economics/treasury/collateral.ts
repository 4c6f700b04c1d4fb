import * as z from 'zod'
import { atLeastZero, model, positive, share, shareBelowOne } from '../model.ts'

/**
 * A loan against coins: loan-to-value today, the coin price at which the lender calls, how far away that is, and how many coins
 * would have to be added at a given price to stay uncalled; and how much of the company is coins. Null: nothing to divide by.
 * Worked: $30,000 on one coin of $71,000: 42.3 % loan-to-value; called at 65 %: 30,000 / 0.65 = $46,153.85, a fall of 35 %.
 */
export const collateral = model(
  { id: 'treasury.collateral', section: '6.2' },
  z
    .object({
      btcPriceUsd: atLeastZero,
      /** All coins of the company. */
      btcHeld: atLeastZero,
      /** Those of them that secure the loan. */
      btcPledged: atLeastZero,
      loanUsd: atLeastZero,
      callLoanToValue: positive.max(1),
      /** Of the lender's sale; default 1, the loan in full. */
      liquidationLoanToValue: positive.max(1).optional(),
      /** Everything else the company owns, cash included. */
      otherAssetsUsd: atLeastZero,
      /** A fall of the coin to be survived: 0.5 is half. */
      stressFall: shareBelowOne.optional(),
      /** Largest share of assets that the treasury's rules allow to be coins. */
      concentrationLimit: share.optional(),
    })
    .superRefine((i, refuse) => {
      if (i.btcPledged > i.btcHeld) refuse.addIssue({ code: 'custom', path: ['btcPledged'], message: 'more is pledged than held' })
      if (i.liquidationLoanToValue !== undefined && i.liquidationLoanToValue < i.callLoanToValue)
        refuse.addIssue({ code: 'custom', path: ['liquidationLoanToValue'], message: 'the lender sells before calling' })
    }),
  (i, { step }) => {
    const pledgedUsd = step('pledgedUsd', i.btcPledged * i.btcPriceUsd, 'btcPledged * btcPriceUsd')
    const coinsUsd = step('coinsUsd', i.btcHeld * i.btcPriceUsd, 'btcHeld * btcPriceUsd')
    const assetsUsd = step('assetsUsd', coinsUsd + i.otherAssetsUsd, 'coinsUsd + otherAssetsUsd')
    const loanToValue = pledgedUsd > 0 ? step('loanToValue', i.loanUsd / pledgedUsd, 'loanUsd / pledgedUsd') : null
    const callBtcUsd =
      i.btcPledged > 0
        ? step('collateralCallBtcUsd', i.loanUsd / (i.btcPledged * i.callLoanToValue), 'loanUsd / (btcPledged * callLoanToValue)')
        : null
    const liquidationBtcUsd = i.btcPledged > 0 ? i.loanUsd / (i.btcPledged * (i.liquidationLoanToValue ?? 1)) : null
    const stressedBtcUsd = i.btcPriceUsd * (1 - (i.stressFall ?? 0))
    const neededBtc = stressedBtcUsd > 0 ? Math.max(0, i.loanUsd / (i.callLoanToValue * stressedBtcUsd) - i.btcPledged) : null
    const concentration = assetsUsd > 0 ? step('coinShare', coinsUsd / assetsUsd, 'coinsUsd / assetsUsd') : null
    return {
      loanToValue,
      called: loanToValue === null ? i.loanUsd > 0 : loanToValue >= i.callLoanToValue,
      collateralCallBtcUsd: callBtcUsd,
      liquidationBtcUsd,
      fallUntilCallShare: callBtcUsd === null || i.btcPriceUsd === 0 ? null : Math.max(0, 1 - callBtcUsd / i.btcPriceUsd),
      stressedBtcUsd,
      /** Coins to add at the stressed price so that the lender does not call; null at a price of 0, where no number of them would do. */
      topUpBtc: i.loanUsd === 0 ? 0 : neededBtc,
      topUpCovered: i.loanUsd === 0 || (neededBtc !== null && neededBtc <= i.btcHeld - i.btcPledged),
      concentrationShare: concentration,
      overConcentrationLimit: concentration === null || i.concentrationLimit === undefined ? null : concentration > i.concentrationLimit,
    }
  },
)
