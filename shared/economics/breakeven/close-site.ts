import * as z from 'zod'
import { atLeastZero, discountRate, finite, model } from '../model.ts'
import { sum } from '../sum.ts'

const CloseSiteInputs = z
  .object({
    /** Over which both ways are compared; the longest obligation, or how long the site would otherwise stay open. */
    horizonMonths: z.int().min(1).max(1200),
    /** Net of pool fees, a month. */
    revenueUsdPerMonth: atLeastZero,
    /** L1 after credits; negative where the site is paid to consume. */
    directCostUsdPerMonth: finite,
    /** What L2 adds. */
    siteOpexUsdPerMonth: atLeastZero,
    hostingUsdPerMonth: atLeastZero,
    /** Part of L2 that is owed whether the site runs or not: take-or-pay energy, lease. */
    obligations: z.array(z.object({ id: z.string(), usdPerMonth: atLeastZero, months: z.int().min(0).max(1200) })).max(100),
    /** Earned after closing, such as contract energy sold back, as long as the obligation for it runs. */
    afterClosingUsdPerMonth: atLeastZero,
    severanceUsd: atLeastZero,
    /** Sale of machines and what else closing sets free. */
    salvageUsd: atLeastZero,
    discountRateAnnual: discountRate,
  })
  .superRefine((i, refuse) => {
    for (const [k, o] of i.obligations.entries())
      if (o.months > i.horizonMonths)
        refuse.addIssue({ code: 'custom', path: ['obligations', k, 'months'], message: 'runs longer than the horizon' })
  })

/**
 * Close or stay: what the site earns over L2 while it stays, against what remains payable after closing (take-or-pay, lease,
 * severance) less salvage, over the remaining obligation, discounted at month ends. Only cost that closing avoids speaks for
 * closing. `monthlyRevenueToStay` is the revenue at which both are equal.
 * Worked: revenue 80, L1 70, opex 30, lease 25 for 12 months, no discounting: staying loses 20 x 12 = 240, closing pays
 * 25 x 12 = 300: stay, by 60, although L2 is above revenue; from a revenue of 75 on.
 */
export const closeSite = model({ id: 'breakeven.closeSite', section: '2.2' }, CloseSiteInputs, (i, { step }) => {
  const months = Array.from({ length: i.horizonMonths }, (_, m) => m)
  const discount = months.map((m) => (1 + i.discountRateAnnual) ** (-(m + 1) / 12))
  const annuity = step('annuityMonths', sum(discount))
  const siteCashUsdPerMonth = step(
    'siteCashUsdPerMonth',
    i.directCostUsdPerMonth + i.siteOpexUsdPerMonth + i.hostingUsdPerMonth,
    'directCostUsdPerMonth + siteOpexUsdPerMonth + hostingUsdPerMonth',
  )
  const stayUsd = step(
    'stayUsd',
    (i.revenueUsdPerMonth - siteCashUsdPerMonth) * annuity,
    '(revenueUsdPerMonth - siteCashUsdPerMonth) * annuityMonths',
  )
  const owedUsd = step('owedUsd', sum(i.obligations.flatMap((o) => discount.slice(0, o.months).map((d) => d * o.usdPerMonth))))
  const longest = i.obligations.reduce((most, o) => Math.max(most, o.months), 0)
  const soldBackUsd = step('soldBackUsd', i.afterClosingUsdPerMonth * sum(discount.slice(0, longest)))
  const closeUsd = step(
    'closeUsd',
    i.salvageUsd + soldBackUsd - i.severanceUsd - owedUsd,
    'salvageUsd + soldBackUsd - severanceUsd - owedUsd',
  )
  const gainOfClosingUsd = step('gainOfClosingUsd', closeUsd - stayUsd, 'closeUsd - stayUsd')
  return {
    siteCashUsdPerMonth,
    stayUsd,
    closeUsd,
    remainsPayableUsd: step('remainsPayableUsd', owedUsd + i.severanceUsd, 'owedUsd + severanceUsd'),
    gainOfClosingUsd,
    /** Equal: stay, nothing is gained by an irreversible step. */
    close: gainOfClosingUsd > 0,
    monthlyRevenueToStayUsd: step(
      'monthlyRevenueToStayUsd',
      siteCashUsdPerMonth + closeUsd / annuity,
      'siteCashUsdPerMonth + closeUsd / annuityMonths',
    ),
  }
})
