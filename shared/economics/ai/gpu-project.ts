import * as z from 'zod'
import { KW_PER_MW } from '../../units.ts'
import { paybackOf, presentValue } from '../finance/cash-flow.ts'
import { irrRoots } from '../finance/irr-roots.ts'
import { atLeastZero, finite, model, positive, share } from '../model.ts'
import { sum } from '../sum.ts'

const HOURS_PER_YEAR = 8760
/** A fall of 1 is a price gone after the first year; below 0 the price rises. */
const decline = z.number().gt(-1).max(1)

export const GpuProject = z
  .object({
    itMW: positive,
    /** All-in draw of one GPU with its share of host, network and storage, kW of IT load. */
    kwPerGpu: positive,
    capexPerGpu: atLeastZero,
    facilityCapexPerItMW: atLeastZero,
    pricePerGpuHour: atLeastZero,
    priceDeclineAnnual: decline,
    utilisation: share,
    /** Length of the contract. */
    years: z.int().min(1).max(100),
    opexShareOfRevenue: share,
    pue: z.number().min(1),
    itLoadFactor: share,
    powerPricePerMWh: finite,
    gpuResidualShare: share,
    facilityResidualShare: share,
    gpuLifeYears: z.int().min(1).max(100),
    discountRateAnnual: z.number().gt(-1),
    /** Received at signing, credited back evenly in the named years (1 = the first). */
    prepaymentShareOfContract: share.optional(),
    prepaymentCreditYears: z.array(z.int().min(1)).max(100).optional(),
  })
  .superRefine((i, refuse) => {
    const years = i.prepaymentCreditYears ?? []
    const complaint =
      (i.prepaymentShareOfContract ?? 0) > 0 && years.length === 0
        ? 'a prepayment is credited back in some year'
        : years.some((y) => y > i.years)
          ? 'a credit falls after the contract'
          : new Set(years).size < years.length
            ? 'a year is named twice'
            : null
    if (complaint !== null) refuse.addIssue({ code: 'custom', path: ['prepaymentCreditYears'], message: complaint })
  })
export type GpuProject = z.output<typeof GpuProject>

/** GPUs that the IT load can feed. Worked: 20 MW at 1.9 kW: floor(20,000 / 1.9) = 10,526. */
export const gpuCount = (p: Pick<GpuProject, 'itMW' | 'kwPerGpu'>): number => Math.floor((p.itMW * KW_PER_MW) / p.kwPerGpu)

/** Where a draw departs from the plan: all capital, and the power bill and the rent year by year, against it. */
type Departure = { readonly capexFactor: number; readonly powerFactor: ArrayLike<number>; readonly letFactor: ArrayLike<number> }

/** Revenue of year k (0 = the first) at a first-year price. */
const revenuesAt = (p: GpuProject, price: number): number[] =>
  Array.from({ length: p.years }, (_, k) => gpuCount(p) * HOURS_PER_YEAR * price * p.utilisation * (1 - p.priceDeclineAnnual) ** k)

/** Yearly flows at a price of the first year, years 0..N; linear in the price. */
export const gpuCashFlows = (p: GpuProject, price: number, from?: Departure): number[] => {
  const gpuCapex = gpuCount(p) * p.capexPerGpu
  const facilityCapex = p.itMW * p.facilityCapexPerItMW
  const power = p.itMW * p.pue * HOURS_PER_YEAR * p.itLoadFactor * p.powerPricePerMWh
  const residual = gpuCapex * p.gpuResidualShare + facilityCapex * p.facilityResidualShare
  const revenues = revenuesAt(p, price)
  const prepaid = (p.prepaymentShareOfContract ?? 0) * sum(revenues)
  const credited = p.prepaymentCreditYears ?? []
  return [
    prepaid - (gpuCapex + facilityCapex) * (from?.capexFactor ?? 1),
    ...revenues.map((revenue, k) => {
      const letShare = from?.letFactor[k] ?? 1
      return (
        revenue * letShare * (1 - p.opexShareOfRevenue) -
        power * (from?.powerFactor[k] ?? 1) -
        (credited.includes(k + 1) ? prepaid / credited.length : 0) +
        (k + 1 === p.years ? residual : 0)
      )
    }),
  ]
}

/** Worth at the end of each year of what is still to come, years 0..N. */
const remainingValues = (rate: number, flows: readonly number[]): number[] => {
  const values = flows.map(() => 0)
  for (let y = flows.length - 2; y >= 0; y -= 1) values[y] = ((values[y + 1] ?? 0) + (flows[y + 1] ?? 0)) / (1 + rate)
  return values
}

/**
 * GPUs let by the hour, by year 0..N: EBITDA, NPV, IRR (null unless there is one root), payback in years and the price of a
 * GPU-hour at which the NPV is 0 (exact: every flow is linear in it; null where nothing is let). `bookDepreciationUsd` writes
 * GPUs down to their residual over `gpuLifeYears` and the building to its own over the contract; `economicDepreciationUsd` is
 * the fall of the worth of all flows still to come. A book life beyond the contract keeps value on the books that no contract
 * pays for, which `warnings` says.
 * Worked: 20 MW at 1.9 kW: 10,526 GPUs; 10,526 x 8,760 h x $3.10 x 90 % = $257,259,650 in the first year; 15 % left after five
 * years: 52,000 x 10,526 x 0.85 / 5 = $93,049,840 of depreciation a year.
 */
export const gpuProject = model({ id: 'ai.gpuProject', section: '5.4' }, GpuProject, (p, { step }) => {
  const gpus = step('gpus', gpuCount(p), 'floor(itMW * 1000 / kwPerGpu)')
  const gpuCapexUsd = step('gpuCapexUsd', gpus * p.capexPerGpu, 'gpus * capexPerGpu')
  const facilityCapexUsd = step('facilityCapexUsd', p.itMW * p.facilityCapexPerItMW, 'itMW * facilityCapexPerItMW')
  const capexUsd = step('capexUsd', gpuCapexUsd + facilityCapexUsd, 'gpuCapexUsd + facilityCapexUsd')
  const powerUsd = step(
    'powerCostUsdPerYear',
    p.itMW * p.pue * HOURS_PER_YEAR * p.itLoadFactor * p.powerPricePerMWh,
    'itMW * pue * 8760 * itLoadFactor * powerPricePerMWh',
  )
  const revenueYear1 = step(
    'revenueYear1',
    gpus * HOURS_PER_YEAR * p.pricePerGpuHour * p.utilisation,
    'gpus * 8760 * pricePerGpuHour * utilisation',
  )
  const ebitdaYear1 = step(
    'ebitdaYear1',
    revenueYear1 * (1 - p.opexShareOfRevenue) - powerUsd,
    'revenueYear1 * (1 - opexShareOfRevenue) - powerCostUsdPerYear',
  )
  const cashFlows = gpuCashFlows(p, p.pricePerGpuHour)
  const npv = presentValue(p.discountRateAnnual, cashFlows)
  const free = gpuCashFlows(p, 0)
  const perDollar = presentValue(
    p.discountRateAnnual,
    gpuCashFlows(p, 1).map((cf, y) => cf - (free[y] ?? 0)),
  )
  const { roots } = irrRoots(cashFlows)
  const [only] = roots
  const gpuDepreciationPerYear = step(
    'gpuDepreciationPerYear',
    (gpuCapexUsd * (1 - p.gpuResidualShare)) / p.gpuLifeYears,
    'gpuCapexUsd * (1 - gpuResidualShare) / gpuLifeYears',
  )
  const facilityDepreciation = (facilityCapexUsd * (1 - p.facilityResidualShare)) / p.years
  const worth = remainingValues(p.discountRateAnnual, cashFlows)
  const bookLifeExceedsContract = p.gpuLifeYears > p.years
  return {
    gpus,
    capexUsd,
    revenueYear1,
    ebitdaYear1,
    ebitdaMarginYear1: revenueYear1 > 0 ? ebitdaYear1 / revenueYear1 : null,
    prepaymentUsd: (p.prepaymentShareOfContract ?? 0) * sum(revenuesAt(p, p.pricePerGpuHour)),
    npv,
    irr: roots.length === 1 && only !== undefined ? only : null,
    irrStatus: roots.length === 0 ? 'NO_REAL_ROOT' : roots.length === 1 ? 'OK' : 'MULTIPLE',
    gpuDepreciationPerYear,
    cashFlows,
    payback: paybackOf(cashFlows),
    breakEvenGpuHour: perDollar > 0 ? p.pricePerGpuHour - npv / perDollar : null,
    bookDepreciationUsd: Array.from(
      { length: p.years },
      (_, k) => (k < p.gpuLifeYears ? gpuDepreciationPerYear : 0) + facilityDepreciation,
    ),
    economicDepreciationUsd: Array.from({ length: p.years }, (_, k) => (worth[k] ?? 0) - (worth[k + 1] ?? 0)),
    gpuBookValueAtEndUsd: gpuCapexUsd - gpuDepreciationPerYear * Math.min(p.years, p.gpuLifeYears),
    warnings: bookLifeExceedsContract
      ? [
          `the books write the GPUs off over ${p.gpuLifeYears} years, the contract pays for ${p.years}: what is left after it rests on a new tenant`,
        ]
      : [],
  }
})
