import * as z from 'zod'
import { HOURS_PER_DAY, HOURS_PER_MINING_MONTH, KW_PER_MW } from '../../units.ts'
import { atLeastZero, discountRate, finite, model, positive, share, shareBelowOne } from '../model.ts'

const DAYS_PER_MONTH = HOURS_PER_MINING_MONTH / HOURS_PER_DAY

const place = z.object({
  powerPricePerMWh: finite,
  otherVariablePerMWh: finite,
  overheadRatio: z.number().min(1),
  poolFee: shareBelowOne,
  /** Rent and staff that come or go with this group. */
  fixedUsdPerMonth: atLeastZero,
})
const RelocateGroupInputs = z.object({
  units: z.int().min(1).max(10_000_000),
  hashratePHs: positive,
  efficiencyJTH: positive,
  hashpriceUsdPerPhDay: atLeastZero,
  from: place,
  to: place,
  /** MW that the other site can still take. */
  freeMW: atLeastZero,
  /** Taking down, freight, duty, putting up, of one machine. */
  moveUsdPerUnit: atLeastZero,
  /** Racks, cabling, transformers at the other site. */
  siteWorkUsd: atLeastZero,
  downtimeDays: atLeastZero,
  /** Machines that do not survive the journey. */
  lossShare: share,
  horizonMonths: z.int().min(1).max(1200),
  discountRateAnnual: discountRate,
})

/**
 * Moving a group to another site: what the move costs (with the margin lost on the way), what it gains a month and when that
 * has paid for it. At either site the group has its option to stand still, so a margin is never below zero; what stands
 * still here and runs there gains its whole margin. Payback null: the move never pays. `fits` is false where the other
 * site has not the MW; figures are then those of the whole group all the same.
 * Worked: 1,000 PH/s at 20 J/TH, hashprice 30; 60 against 40 USD/MWh: 30 - 0.48 x 60 = 1.2 against 10.8 USD/PH-day. Ten days
 * off lose 12,000; 5,000 machines at $60 are 300,000; gain 9.6 x 1,000 x 30.4375 = $292,200 a month: 312,000 / 292,200 = 1.07 months.
 */
export const relocateGroup = model({ id: 'breakeven.relocateGroup', section: '8' }, RelocateGroupInputs, (i, { step }) => {
  const marginAt = (name: 'from' | 'to') => {
    const p = i[name]
    return step(
      `${name}MarginUsdPerPhDay`,
      Math.max(
        0,
        i.hashpriceUsdPerPhDay * (1 - p.poolFee) -
          ((i.efficiencyJTH * p.overheadRatio * HOURS_PER_DAY) / KW_PER_MW) * (p.powerPricePerMWh + p.otherVariablePerMWh),
      ),
      `max(0, hashpriceUsdPerPhDay * (1 - ${name}.poolFee) - efficiencyJTH * ${name}.overheadRatio * 24 / 1000 * (${name}.powerPricePerMWh + ${name}.otherVariablePerMWh))`,
    )
  }
  const here = marginAt('from')
  const there = marginAt('to')
  const arrivingPHs = step('arrivingPHs', i.hashratePHs * (1 - i.lossShare), 'hashratePHs * (1 - lossShare)')
  const lostMarginUsd = step('lostMarginUsd', here * i.hashratePHs * i.downtimeDays, 'fromMarginUsdPerPhDay * hashratePHs * downtimeDays')
  const moveCostUsd = step(
    'moveCostUsd',
    i.units * i.moveUsdPerUnit + i.siteWorkUsd + lostMarginUsd,
    'units * moveUsdPerUnit + siteWorkUsd + lostMarginUsd',
  )
  const gainUsdPerMonth = step(
    'gainUsdPerMonth',
    (there * arrivingPHs - here * i.hashratePHs) * DAYS_PER_MONTH - i.to.fixedUsdPerMonth + i.from.fixedUsdPerMonth,
    '(toMarginUsdPerPhDay * arrivingPHs - fromMarginUsdPerPhDay * hashratePHs) * 30.4375 - to.fixedUsdPerMonth + from.fixedUsdPerMonth',
  )
  const neededMW = step(
    'neededMW',
    (arrivingPHs * i.efficiencyJTH * i.to.overheadRatio) / KW_PER_MW,
    'arrivingPHs * efficiencyJTH * to.overheadRatio / 1000',
  )
  let annuity = 0
  for (let m = 1; m <= i.horizonMonths; m += 1) annuity += (1 + i.discountRateAnnual) ** (-m / 12)
  step('annuityMonths', annuity)
  return {
    moveCostUsd,
    lostMarginUsd,
    gainUsdPerMonth,
    paybackMonths: gainUsdPerMonth > 0 ? step('paybackMonths', moveCostUsd / gainUsdPerMonth, 'moveCostUsd / gainUsdPerMonth') : null,
    npvUsd: step('npvUsd', gainUsdPerMonth * annuity - moveCostUsd, 'gainUsdPerMonth * annuityMonths - moveCostUsd'),
    neededMW,
    fits: neededMW <= i.freeMW,
    /** Whether it runs at all at either site. */
    runsHere: here > 0,
    runsThere: there > 0,
  }
})
