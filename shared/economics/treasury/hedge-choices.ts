import * as z from 'zod'
import { atLeastZero, model, positive, shareBelowOne } from '../model.ts'
import { sum } from '../sum.ts'
import { FundingMonths, sellAsNeeded } from './fund-from-coins.ts'
import { sameLength } from './same-length.ts'

const HedgeInputs = z
  .object({
    ...FundingMonths,
    /** Today's; the path begins when the first need is due. */
    btcPriceNowUsd: positive,
    /** What cash earns until it is due. */
    cashYieldAnnual: z.number().gt(-1).max(1).optional(),
    /** Bought floor and sold cap of the same coins, as bought for nothing (intrinsic values only). */
    collar: z.object({ floorBtcUsd: atLeastZero, capBtcUsd: positive }).optional(),
    loan: z.object({ loanToValue: positive.max(1), callLoanToValue: positive.max(1), rateAnnual: z.number().gt(-1).max(10) }).optional(),
    /** Share of what is sold today that is lost to tax and spread beyond the haircut. */
    saleNowHaircut: shareBelowOne.optional(),
  })
  .superRefine((i, refuse) => {
    sameLength(i, ['equityNeedUsd', 'btcPriceUsd'], refuse)
    if (i.collar !== undefined && i.collar.capBtcUsd < i.collar.floorBtcUsd)
      refuse.addIssue({ code: 'custom', path: ['collar', 'capBtcUsd'], message: 'the cap lies below the floor' })
    if (i.loan !== undefined && i.loan.callLoanToValue < i.loan.loanToValue)
      refuse.addIssue({ code: 'custom', path: ['loan', 'callLoanToValue'], message: 'the lender calls at once' })
  })
type HedgeInputs = z.output<typeof HedgeInputs>

export type HedgeChoice = {
  readonly choice: 'SELL_NOW' | 'SELL_AS_NEEDED' | 'COLLAR' | 'BORROW'
  readonly btcLeft: number
  readonly shortfallUsd: number
  /** Coins left at the last price of the path, less what is owed and what was missing. */
  readonly endWorthUsd: number
  readonly debtUsd: number
  /** First month in which the lender calls; null: never, or nothing was borrowed. */
  readonly calledInMonth: number | null
}

const lastOf = (list: readonly number[]): number => list.at(-1) ?? 0

const sold = (i: HedgeInputs, choice: HedgeChoice['choice'], prices: readonly number[]): HedgeChoice => {
  const { btcLeft, shortfallUsd } = sellAsNeeded({ ...i, btcPriceUsd: prices })
  const missing = sum(shortfallUsd)
  return { choice, btcLeft, shortfallUsd: missing, endWorthUsd: btcLeft * lastOf(prices) - missing, debtUsd: 0, calledInMonth: null }
}

/** Enough today for all that will be due, the cash earning its yield until then. */
const soldNow = (i: HedgeInputs): HedgeChoice => {
  const monthly = (1 + (i.cashYieldAnnual ?? 0)) ** (1 / 12)
  const needNow = sum(i.equityNeedUsd.map((need, m) => need / monthly ** m))
  const proceeds = i.btcPriceNowUsd * (1 - i.saleHaircut) * (1 - (i.saleNowHaircut ?? 0))
  const enough = needNow <= i.btcHeld * proceeds
  const btcLeft = enough ? i.btcHeld - needNow / proceeds : 0
  const shortfallUsd = enough ? 0 : needNow - i.btcHeld * proceeds
  return {
    choice: 'SELL_NOW',
    btcLeft,
    shortfallUsd,
    endWorthUsd: btcLeft * lastOf(i.btcPriceUsd) - shortfallUsd,
    debtUsd: 0,
    calledInMonth: null,
  }
}

/** All coins are pledged; a called loan is repaid from them at that month's price, what comes after is sold as needed. */
const borrowed = (i: HedgeInputs, loan: NonNullable<HedgeInputs['loan']>): HedgeChoice => {
  const monthly = (1 + loan.rateAnnual) ** (1 / 12)
  let debt = 0
  let coins = i.btcHeld
  let shortfallUsd = 0
  let calledInMonth: number | null = null
  for (const [m, need] of i.equityNeedUsd.entries()) {
    const price = i.btcPriceUsd[m] ?? 0
    const proceeds = price * (1 - i.saleHaircut)
    debt *= monthly
    if (calledInMonth === null && debt > loan.callLoanToValue * coins * price) {
      calledInMonth = m
      const repaid = Math.min(debt, coins * proceeds)
      coins -= proceeds > 0 ? repaid / proceeds : 0
      debt -= repaid
    }
    const room = calledInMonth === null ? Math.max(0, loan.loanToValue * coins * price - debt) : 0
    const drawn = Math.min(need, room)
    debt += drawn
    // What the loan does not give is sold, but only coins that it does not need.
    const free =
      calledInMonth === null && price > 0 ? Math.max(0, coins - debt / (loan.loanToValue * price)) : calledInMonth === null ? 0 : coins
    const missing = need - drawn
    const sale = proceeds > 0 ? Math.min(free, missing / proceeds) : 0
    coins -= sale
    shortfallUsd += Math.max(0, missing - sale * proceeds)
  }
  return {
    choice: 'BORROW',
    btcLeft: coins,
    shortfallUsd,
    endWorthUsd: coins * lastOf(i.btcPriceUsd) - debt - shortfallUsd,
    debtUsd: debt,
    calledInMonth,
  }
}

/**
 * Ways to pay a conversion's equity from coins, on one price path: sell all that is needed today, sell as it is due, sell as it
 * is due inside a collar (each sale at the path's price held between floor and cap; nothing for its time value), or borrow
 * against the coins. Coins left, what is missing, what is owed, and what is left at the end of the path.
 * Worked: 10 coins, $400 due next month, $100 today, $50 then: sold today 4 coins, as needed 8, with a floor of 80 five.
 */
export const hedgeChoices = model({ id: 'treasury.hedgeChoices', section: '6.3' }, HedgeInputs, (i) => {
  const { collar, loan } = i
  const choices: HedgeChoice[] = [soldNow(i), sold(i, 'SELL_AS_NEEDED', i.btcPriceUsd)]
  if (collar !== undefined) {
    const held = i.btcPriceUsd.map((price) => Math.min(collar.capBtcUsd, Math.max(collar.floorBtcUsd, price)))
    const inside = sold(i, 'COLLAR', held)
    // The collar ends with the last need: coins that are left are worth the market's price.
    choices.push({ ...inside, endWorthUsd: inside.btcLeft * lastOf(i.btcPriceUsd) - inside.shortfallUsd })
  }
  if (loan !== undefined) choices.push(borrowed(i, loan))
  return { choices, totalNeedUsd: sum(i.equityNeedUsd) }
})
