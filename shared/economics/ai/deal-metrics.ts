import * as z from 'zod'
import { KW_PER_MW } from '../../units.ts'
import { atLeastZero, model, positive, share } from '../model.ts'
import { sum } from '../sum.ts'

const wholeYears = z.int().min(1).max(100)
const growth = z.number().gt(-1)

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
    escalatorAnnual: growth.optional(),
    noiMargin: share.optional(),
    capexPerItMW: atLeastZero.optional(),
  }),
  (i) => {
    const kw = i.criticalItMW * KW_PER_MW
    const firstYearRevenueUsd = i.totalRevenueUsd / escalated(i.years, i.escalatorAnnual ?? 0)
    const noiPerYear = i.noiMargin === undefined ? null : (i.totalRevenueUsd / i.years) * i.noiMargin
    const capital = i.capexPerItMW === undefined ? null : i.criticalItMW * i.capexPerItMW
    return {
      averageLeasePerKwMonth: i.totalRevenueUsd / (kw * i.years * 12),
      firstYearRevenueUsd,
      firstYearLeasePerKwMonth: firstYearRevenueUsd / (kw * 12),
      revenuePerMWYear: i.totalRevenueUsd / i.years / i.criticalItMW,
      noiPerYear,
      yieldOnCost: noiPerYear !== null && capital !== null && capital > 0 ? noiPerYear / capital : null,
      simplePaybackYears: noiPerYear !== null && capital !== null && noiPerYear > 0 ? capital / noiPerYear : null,
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
    escalatorAnnual: growth,
    renewalYears: z.int().min(0).max(100),
  }),
  (i) => ({
    totalWithRenewalsUsd:
      (i.totalRevenueUsd / escalated(i.years, i.escalatorAnnual)) * escalated(i.years + i.renewalYears, i.escalatorAnnual),
  }),
)
