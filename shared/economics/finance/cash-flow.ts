import * as z from 'zod'
import { atLeastZero, finite, model } from '../model.ts'
import { sum } from '../sum.ts'
import { irrRoots } from './irr-roots.ts'

/** 100 years of months; nothing in the trade is longer. */
const flows = z.array(finite).min(1).max(1200)
const rate = z.number().gt(-1)

/** Present value: the first flow is not discounted. Worked: −100 now, 110 in a period, 10 %: −100 + 110/1.1 = 0. */
export const presentValue = (ratePerPeriod: number, cashFlows: readonly number[]): number =>
  sum(cashFlows.map((cf, i) => (cf === 0 ? 0 : cf / (1 + ratePerPeriod) ** i)))

/** Net present value at a rate > −1. */
export const npv = model({ id: 'finance.npv', section: '5.5' }, z.object({ rate, cashFlows: flows }), (i, { step }) => ({
  npv: step('npv', presentValue(i.rate, i.cashFlows)),
}))

/**
 * Internal rate of return with *all* real roots in (−99 %, 100,000 %], ascending. One root is the answer; several are none
 * (status MULTIPLE: they are listed, and MIRR is the figure to look at).
 * Worked: −100, 110: 10 %. −1600, 10000, −10000: 25 % and 400 %, so null.
 */
export const irr = model({ id: 'finance.irr', section: '5.5' }, z.object({ cashFlows: flows }), ({ cashFlows }, { step }) => {
  const { roots, signChanges } = irrRoots(cashFlows)
  step('roots', roots)
  const [only] = roots
  const status = roots.length === 0 ? 'NO_REAL_ROOT' : roots.length === 1 ? 'OK' : 'MULTIPLE'
  return { roots, irr: roots.length === 1 && only !== undefined ? only : null, status, signChanges } as const
})

/**
 * Modified IRR: outflows financed at one rate, inflows reinvested at another; null without both signs.
 * Worked: −100, 0, 121 at any finance rate, reinvested at 10 %: sqrt(121/100) − 1 = 10 %.
 */
export const mirr = model(
  { id: 'finance.mirr', section: '5.5' },
  z.object({ cashFlows: flows, financeRate: rate, reinvestRate: rate }),
  (i, { step }) => {
    const n = step('periods', i.cashFlows.length - 1)
    const spent = step(
      'presentValueOfOutflows',
      presentValue(
        i.financeRate,
        i.cashFlows.map((cf) => Math.min(cf, 0)),
      ),
    )
    const earned = step('finalValueOfInflows', sum(i.cashFlows.map((cf, k) => (cf > 0 ? cf * (1 + i.reinvestRate) ** (n - k) : 0))))
    return {
      mirr:
        spent < 0 && earned > 0
          ? step('mirr', (earned / -spent) ** (1 / n) - 1, '(finalValueOfInflows / (0 - presentValueOfOutflows)) ^ (1 / periods) - 1')
          : null,
    }
  },
)

/**
 * Level payment of a loan, positive; with rate 0 the principal in equal parts.
 * Worked: 15,000 over 60 months at 8 %/12: 304.15 a month.
 */
export const levelPayment = model(
  { id: 'finance.levelPayment', section: '5.5' },
  z.object({ ratePerPeriod: rate, periods: z.int().min(1), principal: atLeastZero }),
  ({ ratePerPeriod, periods, principal }, { step }) => ({
    payment: step(
      'payment',
      paymentOf(ratePerPeriod, periods, principal),
      ratePerPeriod === 0 ? 'principal / periods' : 'principal * ratePerPeriod / (1 - exp(0 - periods * ln(1 + ratePerPeriod)))',
    ),
  }),
)
/** expm1 and log1p keep a tiny rate from cancelling. */
export const paymentOf = (ratePerPeriod: number, periods: number, principal: number): number =>
  ratePerPeriod === 0 ? principal / periods : (principal * ratePerPeriod) / -Math.expm1(-periods * Math.log1p(ratePerPeriod))

/**
 * Periods until the running total last turns from negative to non-negative, linear inside the period: 0 if it never was
 * negative, null if it ends negative. Worked: −100, 30, 40, 50, 20: −30 before, +20 after the third: 2 + 30/50 = 2.6.
 */
export const payback = model({ id: 'finance.payback', section: '5.5' }, z.object({ cashFlows: flows }), ({ cashFlows }, { step }) => ({
  paybackPeriods: step('paybackPeriods', paybackOf(cashFlows)),
}))

export const paybackOf = (cashFlows: readonly number[]): number | null => {
  let total = 0
  let crossing: number | null = 0
  for (const [period, flow] of cashFlows.entries()) {
    const before = total
    total += flow
    if (total < 0) crossing = null
    else if (before < 0) crossing = period - 1 - before / flow
  }
  return crossing
}
