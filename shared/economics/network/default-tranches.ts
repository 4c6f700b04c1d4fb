import * as z from 'zod'
import { failed } from '../../result.ts'
import { HOURS_PER_DAY, KW_PER_MW } from '../../units.ts'
import { model, positive, share, shareBelowOne } from '../model.ts'
import { impliedHashrate } from '../revenue/hashprice.ts'
import { sum } from '../sum.ts'
import { assumedCostCurve } from './assumed-cost-curve.ts'
import { equilibriumOf } from './equilibrium-supply.ts'
import { TARGET_BLOCK_SECONDS } from './retarget.ts'
import { byBreakEven, type Tranche } from './tranches.ts'

const PH_PER_EH = 1000
/** Shares are typed by hand: their sum may miss 1 by rounding. */
const SUM_MAY_MISS = 1e-6

const CostCurve = z
  .object({
    /** Who says so; printed beside what is computed from it. */
    basis: z.string().min(1),
    overheadRatio: z.number().min(1),
    poolFee: shareBelowOne,
    stale: shareBelowOne,
    /** Variable price of power, ascending, one a column. */
    powerPricesPerMWh: z.array(z.number()).min(1).max(100),
    /** By ascending efficiency figure; shares of the whole installed hashrate, one a column. */
    rows: z
      .array(z.object({ efficiencyJTH: positive, shares: z.array(share) }))
      .min(1)
      .max(100),
  })
  .superRefine((curve, refuse) => {
    const bad = (path: PropertyKey[], message: string) => refuse.addIssue({ code: 'custom', path, message })
    const prices = curve.powerPricesPerMWh
    if (prices.some((p, k) => k > 0 && p <= (prices[k - 1] ?? p))) bad(['powerPricesPerMWh'], 'prices ascend')
    for (const [k, row] of curve.rows.entries()) {
      if (k > 0 && row.efficiencyJTH <= (curve.rows[k - 1]?.efficiencyJTH ?? 0)) bad(['rows', k], 'efficiency figures ascend')
      if (row.shares.length !== prices.length) bad(['rows', k], `has ${row.shares.length} shares for ${prices.length} power prices`)
    }
    const total = sum(curve.rows.flatMap((r) => r.shares))
    if (Math.abs(total - 1) > SUM_MAY_MISS) bad(['rows'], `shares add up to ${total}, not to 1`)
  })
type CostCurve = z.output<typeof CostCurve>

/** The curve's cells as tranches of `installedPHs`, dearest power last; cells without machines are left out. */
const cells = (curve: CostCurve, installedPHs: number): Tranche[] =>
  curve.rows.flatMap((row) =>
    row.shares.flatMap((part, k) => {
      const price = curve.powerPricesPerMWh[k] ?? 0
      const mwhPerPhDay = (row.efficiencyJTH * curve.overheadRatio * HOURS_PER_DAY) / KW_PER_MW
      const breakEvenHashpriceUsd = (mwhPerPhDay * price) / ((1 - curve.poolFee) * (1 - curve.stale))
      return part === 0
        ? []
        : [{ id: `${row.efficiencyJTH} J/TH at ${price} USD/MWh`, hashratePHs: part * installedPHs, breakEvenHashpriceUsd }]
    }),
  )

/**
 * Tranches of the whole network from a cost curve (default: an assumed one, which says so), calibrated so that their
 * equilibrium at today's network revenue reproduces today's difficulty: `idleShare` of the installed hashrate stands off at
 * today's hashprice, and all break-evens are scaled by `costScale` so that the dearest one running just earns its cost.
 * `uncalibratedErrorShare`: by how much the curve, taken as it is, would miss today's difficulty; `calibrationErrorShare`: what is left.
 * Worked: two tranches of equal size at 20 and 40, hashprice 33, nothing idle: the dearer one must break even at 33: scale 0.825.
 */
export const defaultTranches = model(
  { id: 'network.defaultTranches', section: '3.3' },
  z.object({
    difficulty: positive,
    networkRevenueUsdPerDay: positive,
    idleShare: shareBelowOne.default(0.05),
    curve: CostCurve.default(assumedCostCurve),
  }),
  (i, { step, use }) => {
    const today = use('networkHashrate', impliedHashrate, { difficulty: i.difficulty, blockSeconds: TARGET_BLOCK_SECONDS })
    if (!today.ok) return today
    const networkPHs = step('networkPHs', today.value.hashrateEHs * PH_PER_EH)
    const hashpriceUsd = step('hashpriceUsd', i.networkRevenueUsdPerDay / networkPHs, 'networkRevenueUsdPerDay / networkPHs')
    const installedPHs = step('installedPHs', networkPHs / (1 - i.idleShare), 'networkPHs / (1 - idleShare)')
    const raw = byBreakEven(cells(i.curve, installedPHs))
    let running = 0
    const marginal = raw.find((t) => {
      running += t.hashratePHs
      return running >= networkPHs * (1 - 1e-12)
    })
    const marginalUsd = step('uncalibratedMarginalHashpriceUsd', (marginal ?? raw.at(-1))?.breakEvenHashpriceUsd ?? 0)
    if (marginalUsd <= 0)
      return failed('invalid-input', 'powerPricesPerMWh: the dearest machines running pay nothing for power; no cost level can be found', {
        field: 'powerPricesPerMWh',
      })
    const costScale = step('costScale', hashpriceUsd / marginalUsd, 'hashpriceUsd / uncalibratedMarginalHashpriceUsd')
    const tranches = raw.map((t) => ({ ...t, breakEvenHashpriceUsd: t.breakEvenHashpriceUsd * costScale }))
    const reproducedPHs = step('reproducedPHs', equilibriumOf(tranches, i.networkRevenueUsdPerDay).onlinePHs)
    const uncalibratedPHs = step('uncalibratedPHs', equilibriumOf(raw, i.networkRevenueUsdPerDay).onlinePHs)
    return {
      tranches,
      basis: i.curve.basis,
      hashpriceUsd,
      networkPHs,
      installedPHs,
      costScale,
      uncalibratedErrorShare: step('uncalibratedErrorShare', uncalibratedPHs / networkPHs - 1, 'uncalibratedPHs / networkPHs - 1'),
      calibrationErrorShare: step('calibrationErrorShare', reproducedPHs / networkPHs - 1, 'reproducedPHs / networkPHs - 1'),
      reproducedDifficulty: step(
        'reproducedDifficulty',
        (i.difficulty * reproducedPHs) / networkPHs,
        'difficulty * reproducedPHs / networkPHs',
      ),
    }
  },
)
