import * as z from 'zod'
import { KW_PER_MW } from '../../units.ts'
import { atLeastZero, model, positive, share, yearlyRate } from '../model.ts'
import { sum } from '../sum.ts'

const wholeYears = z.int().min(1).max(100)

/** Σ (1 + e)^k for k = 0..years − 1. */
const escalated = (years: number, escalator: number): number => sum(Array.from({ length: years }, (_, k) => (1 + escalator) ** k))

/**
 * What a hosting headline ("$7.0bn over 15 years, 245 MW") means per kW-month, and, where the margin and the capital are
 * stated, the yield on cost and the simple payback. Null: not computable from what was given.
 * Worked: $3.7bn / (200,000 kW x 120 months) = $154.17/kW-month.
 */
export const dealMetrics = model(
  { id: 'ai.dealMetrics', section: '5.5' },
  z.object({
    criticalItMW: positive,
    years: wholeYears,
    totalRevenueUsd: atLeastZero,
    escalatorAnnual: yearlyRate.optional(),
    noiMargin: share.optional(),
    capexPerItMW: atLeastZero.optional(),
  }),
  (i, { step }) => {
    const kw = i.criticalItMW * KW_PER_MW
    const rents = step('escalatedYears', escalated(i.years, i.escalatorAnnual ?? 0))
    const firstYearRevenueUsd = step('firstYearRevenueUsd', i.totalRevenueUsd / rents, 'totalRevenueUsd / escalatedYears')
    const noiPerYear =
      i.noiMargin === undefined
        ? null
        : step('noiPerYear', (i.totalRevenueUsd / i.years) * i.noiMargin, 'totalRevenueUsd / years * noiMargin')
    const capital = i.capexPerItMW === undefined ? null : step('capitalUsd', i.criticalItMW * i.capexPerItMW, 'criticalItMW * capexPerItMW')
    return {
      averageLeasePerKwMonth: step(
        'averageLeasePerKwMonth',
        i.totalRevenueUsd / (kw * i.years * 12),
        'totalRevenueUsd / (criticalItMW * 1000 * years * 12)',
      ),
      firstYearRevenueUsd,
      firstYearLeasePerKwMonth: step(
        'firstYearLeasePerKwMonth',
        firstYearRevenueUsd / (kw * 12),
        'firstYearRevenueUsd / (criticalItMW * 1000 * 12)',
      ),
      revenuePerMWYear: step('revenuePerMWYear', i.totalRevenueUsd / i.years / i.criticalItMW, 'totalRevenueUsd / years / criticalItMW'),
      noiPerYear,
      yieldOnCost:
        noiPerYear !== null && capital !== null && capital > 0
          ? step('yieldOnCost', noiPerYear / capital, 'noiPerYear / capitalUsd')
          : null,
      simplePaybackYears:
        noiPerYear !== null && capital !== null && noiPerYear > 0
          ? step('simplePaybackYears', capital / noiPerYear, 'capitalUsd / noiPerYear')
          : null,
    }
  },
)

/**
 * Contract value with renewals, the escalator carrying on through them.
 * Worked: $30 over 2 years without escalator and 1 year of renewal: 15 a year, $45.
 */
export const dealWithRenewals = model(
  { id: 'ai.dealWithRenewals', section: '5.5' },
  z.object({
    criticalItMW: positive,
    years: wholeYears,
    totalRevenueUsd: atLeastZero,
    escalatorAnnual: yearlyRate,
    renewalYears: z.int().min(0).max(100),
  }),
  (i, { step }) => {
    const first = step('escalatedYears', escalated(i.years, i.escalatorAnnual))
    const all = step('escalatedWithRenewalYears', escalated(i.years + i.renewalYears, i.escalatorAnnual))
    return {
      totalWithRenewalsUsd: step(
        'totalWithRenewalsUsd',
        (i.totalRevenueUsd / first) * all,
        'totalRevenueUsd / escalatedYears * escalatedWithRenewalYears',
      ),
    }
  },
)
