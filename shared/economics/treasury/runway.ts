import * as z from 'zod'
import { atLeastZero, finite, model, share, shareBelowOne } from '../model.ts'
import { sameLength } from './same-length.ts'

/** 100 years. */
const LONGEST_MONTHS = 1200
const monthly = <T extends z.ZodType>(of: T) => z.array(of).min(1).max(LONGEST_MONTHS)

const SalePolicy = z.object({
  type: z.enum(['holdAll', 'sellAll', 'sellMined', 'sellFraction', 'sellToCover']),
  /** Of the coins mined in the month; `sellFraction` only. */
  fraction: share.optional(),
})

const RunwayInputs = z
  .object({
    cashUsd: atLeastZero,
    btcHeld: atLeastZero,
    /** Lost on every sale: spread, fee, slippage. */
    saleHaircut: shareBelowOne,
    minCashUsd: atLeastZero,
    btcPriceUsd: monthly(atLeastZero),
    btcMinedPerMonth: monthly(atLeastZero),
    /** Net of credits; a month may bring more than it costs. */
    cashCostsPerMonth: monthly(finite),
    debtServicePerMonth: monthly(atLeastZero),
    policy: SalePolicy,
  })
  .superRefine((i, refuse) => {
    sameLength(i, ['btcPriceUsd', 'btcMinedPerMonth', 'cashCostsPerMonth', 'debtServicePerMonth'], refuse)
    if (i.policy.type === 'sellFraction' && i.policy.fraction === undefined)
      refuse.addIssue({ code: 'custom', path: ['policy', 'fraction'], message: 'sellFraction needs its fraction' })
  })

/** Coins the policy sells in a month before the minimum of cash is looked at. Coins are not given away at a price of 0. */
const soldByPolicy = (policy: z.output<typeof SalePolicy>, o: { held: number; mined: number; need: number; proceeds: number }): number => {
  if (o.proceeds <= 0) return 0
  switch (policy.type) {
    case 'holdAll':
      return 0
    case 'sellAll':
      return o.held
    case 'sellMined':
      return o.mined
    case 'sellFraction':
      return o.mined * (policy.fraction ?? 0)
    case 'sellToCover':
      return Math.min(o.held, Math.max(0, o.need) / o.proceeds)
  }
}

/**
 * How long cash and coins last, month by month: mined coins come in, the policy sells, costs and debt service go out; below
 * the minimum of cash just enough more is sold. The first month that ends below zero with every coin sold is the runway (0: it
 * does not survive the first); null: it survives the horizon. At a price of 0 coins cannot help.
 * Worked: $10 of cash, costs of $4 a month, no coins: 6, 2, −2: runway 2.
 */
export const runway = model({ id: 'treasury.runway', section: '6.1' }, RunwayInputs, (i) => {
  let cash = i.cashUsd
  let held = i.btcHeld
  let sold = 0
  let runwayMonths: number | null = null
  const monthEndCashUsd: number[] = []
  const monthEndBtc: number[] = []
  for (const [m, price] of i.btcPriceUsd.entries()) {
    const mined = i.btcMinedPerMonth[m] ?? 0
    const need = (i.cashCostsPerMonth[m] ?? 0) + (i.debtServicePerMonth[m] ?? 0)
    const proceeds = price * (1 - i.saleHaircut)
    held += mined
    const first = soldByPolicy(i.policy, { held, mined, need, proceeds })
    held -= first
    sold += first
    cash += first * proceeds - need
    if (cash < i.minCashUsd && proceeds > 0) {
      const missing = (i.minCashUsd - cash) / proceeds
      const more = Math.min(held, missing)
      // Exactly the minimum where the coins suffice: a rounding error must not end a run.
      cash = more < missing ? cash + more * proceeds : i.minCashUsd
      held = more < missing ? 0 : held - more
      sold += more
    }
    monthEndCashUsd.push(cash)
    monthEndBtc.push(held)
    if (cash < 0) {
      runwayMonths = m
      break
    }
  }
  return {
    runwayMonths,
    endCashUsd: cash,
    endBtc: held,
    btcSold: sold,
    monthsSimulated: monthEndCashUsd.length,
    monthEndCashUsd,
    monthEndBtc,
  }
})
