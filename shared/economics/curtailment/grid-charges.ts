import * as z from 'zod'
import { atLeastZero, model, share } from '../model.ts'
import { sum } from '../sum.ts'

const MONTHS_PER_YEAR = 12

/**
 * Transmission cost from the loads in the coincident peaks: their mean times the rate, paid in twelfths next year. `avoided` is
 * against the largest of the peaks in all of them (share null without load). A scheme may bill a part of the largest load at least.
 * Worked: 70 USD/kW-year and peaks 98, 3, 2.5, 100 MW: mean 50.875 x 70,000 = 3,561,250, where 100 MW would pay 7,000,000.
 */
export const transmissionCharge = model(
  { id: 'curtailment.transmissionCharge', section: '4.4' },
  z.object({
    ratePerKwYear: atLeastZero,
    peakMW: z.array(atLeastZero).min(1).max(10_000),
    minimumBillingShare: share.optional(),
    /** Largest load of the year, to which the minimum share applies; left out: the largest in a peak. */
    largestLoadMW: atLeastZero.optional(),
  }),
  (i, { step }) => {
    const largestPeakMW = step(
      'largestPeakMW',
      i.peakMW.reduce((a, b) => Math.max(a, b), 0),
    )
    const meanPeakMW = step('meanPeakMW', sum(i.peakMW) / i.peakMW.length)
    const leastMW = step('leastBilledMW', (i.minimumBillingShare ?? 0) * Math.max(i.largestLoadMW ?? 0, largestPeakMW))
    const billedMW = step('billedMW', Math.max(meanPeakMW, leastMW), 'max(meanPeakMW, leastBilledMW)')
    const annualUsd = step('annualUsd', i.ratePerKwYear * 1000 * billedMW, 'ratePerKwYear * 1000 * billedMW')
    const fullUsd = step('fullUsd', i.ratePerKwYear * 1000 * largestPeakMW, 'ratePerKwYear * 1000 * largestPeakMW')
    const avoidedVsFullUsd = step('avoidedVsFullUsd', fullUsd - annualUsd, 'fullUsd - annualUsd')
    return {
      billedMW,
      annualUsd,
      monthlyUsd: step('monthlyUsd', annualUsd / MONTHS_PER_YEAR, 'annualUsd / 12'),
      avoidedVsFullUsd,
      shareAvoided: fullUsd > 0 ? avoidedVsFullUsd / fullUsd : null,
    }
  },
)

/**
 * Demand charge of a month: its peak, or the ratchet's part of the highest of the eleven months before.
 * Worked: peak 20 MW after 50 MW, ratchet 0.8, 10 USD/kW-month: 40 MW billed, 400,000 USD.
 */
export const demandCharge = model(
  { id: 'curtailment.demandCharge', section: '4.4' },
  z.object({
    monthPeakMW: atLeastZero,
    previousPeaksMW: z.array(atLeastZero).max(1200),
    ratchet: share,
    pricePerKwMonth: atLeastZero,
  }),
  (i, { step }) => {
    const highestBeforeMW = step(
      'highestBeforeMW',
      i.previousPeaksMW.slice(1 - MONTHS_PER_YEAR).reduce((a, b) => Math.max(a, b), 0),
    )
    const billedMW = step('billedMW', Math.max(i.monthPeakMW, i.ratchet * highestBeforeMW), 'max(monthPeakMW, ratchet * highestBeforeMW)')
    return { billedMW, chargeUsd: step('chargeUsd', billedMW * 1000 * i.pricePerKwMonth, 'billedMW * 1000 * pricePerKwMonth') }
  },
)
