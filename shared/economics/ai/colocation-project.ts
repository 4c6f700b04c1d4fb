import * as z from 'zod'
import { HOURS_PER_HOSTING_MONTH, KW_PER_MW } from '../../units.ts'
import { paybackOf, paymentOf } from '../finance/cash-flow.ts'
import { irrRoots } from '../finance/irr-roots.ts'
import { atLeastZero, finite, model, positive, share, type Trace, yearlyRate } from '../model.ts'
import { sum } from '../sum.ts'
import { depreciationByMonth, ProjectTax, taxByMonth } from './project-tax.ts'

/** 100 years; also what keeps one evaluation bounded. */
const LONGEST_MONTHS = 1200
const months = z.int().min(0).max(LONGEST_MONTHS)

export const ColocationProject = z
  .object({
    horizonMonths: z.int().min(1).max(LONGEST_MONTHS),
    pue: z.number().min(1),
    capexPerItMW: atLeastZero,
    tenantFundedCapexShare: share,
    /** USD per kW of critical IT load and month. */
    leasePerKwMonth: atLeastZero,
    escalatorAnnual: yearlyRate,
    occupancy: share,
    opexPerItMWMonth: atLeastZero,
    opexInflationAnnual: yearlyRate,
    powerPassThrough: z.boolean(),
    powerPricePerMWh: finite,
    itLoadFactor: share,
    exitMultipleOfNoi: atLeastZero,
    asicSalvageUsd: atLeastZero,
    discountRateAnnual: z.number().gt(-1),
    /** May be negative: mining that loses money is not missed. */
    miningCashMarginPerMWMonth: finite,
    phases: z
      .array(z.object({ gridMW: positive, startMonth: months, buildMonths: z.int().min(1).max(LONGEST_MONTHS), rampMonths: months }))
      .min(1)
      .max(100),
    debt: z
      .object({
        loanToCost: share,
        rateAnnual: yearlyRate,
        amortMonths: z.int().min(1).max(LONGEST_MONTHS),
        feeShare: share,
        /** Coverage below which the lender may act; else 1.20 where a hyperscaler backs the lease, 1.35 where none does. */
        covenantDscr: positive.optional(),
        hyperscaleBacked: z.boolean().optional(),
      })
      .optional(),
    /** In place of the constant: months 0..horizon of the scenario that the mining months were computed under. */
    miningCashMarginPerMWByMonth: z
      .array(finite)
      .max(LONGEST_MONTHS + 1)
      .optional(),
    tax: ProjectTax.optional(),
  })
  .superRefine((i, refuse) => {
    for (const [k, p] of i.phases.entries()) {
      if (p.startMonth + p.buildMonths > i.horizonMonths)
        refuse.addIssue({ code: 'custom', path: ['phases', k], message: 'is ready for service only after the horizon' })
    }
    const series = i.miningCashMarginPerMWByMonth
    if (series !== undefined && series.length !== i.horizonMonths + 1)
      refuse.addIssue({
        code: 'custom',
        path: ['miningCashMarginPerMWByMonth'],
        message: `has ${series.length} months, months 0 to ${i.horizonMonths} are needed`,
      })
  })
export type ColocationProject = z.output<typeof ColocationProject>

/** Monthly flows, months 0..horizon, USD. `project` = noi - capex + exit + salvage; `mining` is the margin given up. */
export type ColocationFlows = {
  readonly capex: readonly number[]
  readonly noi: readonly number[]
  readonly rent: readonly number[]
  readonly billingItMw: readonly number[]
  /** Rent at a lease of $1 per kW-month: the flows are linear in the lease. */
  readonly rentPerDollar: readonly number[]
  readonly project: readonly number[]
  readonly mining: readonly number[]
  /** MW-months of mining given up. */
  readonly miningMwMonths: readonly number[]
  readonly incremental: readonly number[]
}

/** Month-by-month model of `economics.md` 5.2. */
export const colocationFlows = (p: ColocationProject): ColocationFlows => {
  const all = Array.from({ length: p.horizonMonths + 1 }, (_, m) => m)
  const firstReady = Math.min(...p.phases.map((f) => f.startMonth + f.buildMonths))
  const firstStart = Math.min(...p.phases.map((f) => f.startMonth))
  const capex = all.map((m) =>
    sum(
      p.phases.map((f) =>
        m >= f.startMonth && m < f.startMonth + f.buildMonths
          ? ((f.gridMW / p.pue) * p.capexPerItMW * (1 - p.tenantFundedCapexShare)) / f.buildMonths
          : 0,
      ),
    ),
  )
  const billingItMw = all.map((m) =>
    sum(
      p.phases.map((f) => {
        const k = m - f.startMonth - f.buildMonths
        return k < 0 ? 0 : (f.gridMW / p.pue) * (f.rampMonths === 0 ? 1 : Math.min(1, (k + 1) / f.rampMonths))
      }),
    ),
  )
  const rentPerDollar = billingItMw.map((itMw, m) =>
    itMw === 0 ? 0 : itMw * KW_PER_MW * (1 + p.escalatorAnnual) ** Math.floor((m - firstReady) / 12) * p.occupancy,
  )
  const rent = rentPerDollar.map((r) => r * p.leasePerKwMonth)
  const noi = billingItMw.map((itMw, m) => {
    const opex = itMw * p.opexPerItMWMonth * (1 + p.opexInflationAnnual) ** Math.floor(m / 12)
    const power = p.powerPassThrough ? 0 : itMw * p.pue * HOURS_PER_HOSTING_MONTH * p.powerPricePerMWh * p.itLoadFactor
    return (rent[m] ?? 0) - opex - power
  })
  const lastNoi = noi[p.horizonMonths] ?? 0
  const project = all.map(
    (m) =>
      (noi[m] ?? 0) -
      (capex[m] ?? 0) +
      (m === p.horizonMonths ? p.exitMultipleOfNoi * 12 * lastNoi : 0) +
      (m === firstStart ? p.asicSalvageUsd : 0),
  )
  const miningMwMonths = all.map((m) => sum(p.phases.map((f) => (m >= f.startMonth ? f.gridMW : 0))))
  const mining = miningMwMonths.map((mw, m) => mw * (p.miningCashMarginPerMWByMonth?.[m] ?? p.miningCashMarginPerMWMonth))
  return {
    capex,
    noi,
    rent,
    billingItMw,
    rentPerDollar,
    project,
    mining,
    miningMwMonths,
    incremental: project.map((cf, m) => cf - (mining[m] ?? 0)),
  }
}

/** Discounted at an annual rate, month m at (1 + r)^(−m/12). */
export const presentValueOfMonths = (annualRate: number, flows: readonly number[]): number =>
  sum(flows.map((cf, m) => (cf === 0 ? 0 : cf * (1 + annualRate) ** (-m / 12))))

const annualFromMonthly = (roots: readonly number[]): number | null => {
  const [only] = roots
  return roots.length === 1 && only !== undefined ? (1 + only) ** 12 - 1 : null
}

type Debt = NonNullable<ColocationProject['debt']>
const COVENANT_HYPERSCALE = 1.2
const COVENANT_OTHER = 1.35
/** The coverage that the lender asks for. */
export const covenantOf = (debt: Debt): number =>
  debt.covenantDscr ?? (debt.hyperscaleBacked === true ? COVENANT_HYPERSCALE : COVENANT_OTHER)
/** A remainder under half a cent is the arithmetic's, not the bank's. */
const HALF_A_CENT = 0.005

/** Construction loan, then level payments from the month the last phase is ready (`economics.md` 5.3). */
const financed = (p: ColocationProject, debt: Debt, f: ColocationFlows) => {
  const lastReady = Math.max(...p.phases.map((x) => x.startMonth + x.buildMonths))
  const monthlyRate = debt.rateAnnual / 12
  let balance = 0
  let payment = 0
  const coverage: number[] = []
  const covenantDscr = covenantOf(debt)
  const covenantBreachMonths: number[] = []
  const interestByMonth: number[] = []
  const equity = f.project.map((cf, m) => {
    const draw = debt.loanToCost * (f.capex[m] ?? 0)
    const interest = balance * monthlyRate
    let service = interest
    if (m === lastReady) payment = paymentOf(monthlyRate, debt.amortMonths, balance)
    if (m >= lastReady && m < lastReady + debt.amortMonths) {
      service = payment
      if (service > 0) {
        const covered = (f.noi[m] ?? 0) / service
        coverage.push(covered)
        if (covered < covenantDscr) covenantBreachMonths.push(m)
      }
    }
    interestByMonth.push(interest)
    balance = balance + interest - service + draw
    if (Math.abs(balance) < HALF_A_CENT) balance = 0
    const repaid = m === p.horizonMonths ? balance : 0
    return cf + draw - debt.feeShare * draw - service - repaid
  })
  const positiveSum = sum(equity.filter((e) => e > 0))
  const negativeSum = sum(equity.filter((e) => e < 0))
  const figures = {
    minDscr: coverage.length > 0 ? Math.min(...coverage) : null,
    avgDscr: coverage.length > 0 ? sum(coverage) / coverage.length : null,
    equityMultiple: negativeSum < 0 ? positiveSum / -negativeSum : null,
    equityIrrAnnual: annualFromMonthly(irrRoots(equity).roots),
    balanceAtHorizon: balance,
    equityNeededUsd: -negativeSum,
    covenantDscr,
    covenantBreachMonths,
  }
  return { figures, equity, interestByMonth }
}

/**
 * After tax (`economics.md` 5.3): income is NOI less depreciation, plus the sale of the machines and, with an exit, its gain over
 * what is not yet written off. Mining given up would have been taxed, too. Interest counts against the owners' tax only.
 */
const afterTax = (p: ColocationProject, tax: ProjectTax, f: ColocationFlows, loan: ReturnType<typeof financed> | null) => {
  const phases = p.phases.map((x) => ({
    capexUsd: (x.gridMW / p.pue) * p.capexPerItMW * (1 - p.tenantFundedCapexShare),
    readyMonth: x.startMonth + x.buildMonths,
  }))
  const written = depreciationByMonth(tax, phases, f.noi.length)
  const notWrittenOff = p.exitMultipleOfNoi > 0 ? sum(phases.map((x) => x.capexUsd)) - sum(written) : 0
  // Project flow + capex is NOI, sale of machines and exit.
  const income = f.project.map((cf, m) => cf + (f.capex[m] ?? 0) - (written[m] ?? 0) - (m === p.horizonMonths ? notWrittenOff : 0))
  const taxes = taxByMonth(tax, income)
  const project = f.project.map((cf, m) => cf - (taxes[m] ?? 0))
  const incremental = project.map((cf, m) => cf - (f.mining[m] ?? 0) * (1 - tax.rate))
  const ownersTaxes = taxByMonth(
    tax,
    income.map((x, m) => x - (loan?.interestByMonth[m] ?? 0)),
  )
  return {
    npvProjectAfterTax: presentValueOfMonths(p.discountRateAnnual, project),
    npvIncrementalAfterTax: presentValueOfMonths(p.discountRateAnnual, incremental),
    irrIncrementalAfterTaxAnnual: annualFromMonthly(irrRoots(incremental).roots),
    taxesUsd: sum(taxes),
    equityIrrAfterTaxAnnual: loan === null ? null : annualFromMonthly(irrRoots(loan.equity.map((e, m) => e - (ownersTaxes[m] ?? 0))).roots),
  }
}

/** All figures of a project whose inputs are already known to be good. */
export const evaluateColocation = (p: ColocationProject) => {
  const flows = colocationFlows(p)
  const npvProject = presentValueOfMonths(p.discountRateAnnual, flows.project)
  const npvKeepMining = presentValueOfMonths(p.discountRateAnnual, flows.mining)
  const npvIncremental = npvProject - npvKeepMining
  const { roots } = irrRoots(flows.incremental)
  // NPV is linear in the lease, the exit value included: one division finds the lease at which it is zero.
  const perDollar = flows.rentPerDollar.map((r, m) => (m === p.horizonMonths ? r * (1 + 12 * p.exitMultipleOfNoi) : r))
  const npvPerDollar = presentValueOfMonths(p.discountRateAnnual, perDollar)
  const lastRent = flows.rent[p.horizonMonths] ?? 0
  const lastNoi = flows.noi[p.horizonMonths] ?? 0
  const loan = p.debt === undefined ? null : financed(p, p.debt, flows)
  return {
    flows,
    /** What the figures rest on, for their derivation. */
    workings: { npvPerLeaseDollar: npvPerDollar, lastMonthRentUsd: lastRent, lastMonthNoiUsd: lastNoi, irrPerMonth: roots[0] ?? null },
    figures: {
      npvProject,
      npvKeepMining,
      npvIncremental,
      totalCapexUsd: sum(flows.capex),
      stabilisedNoiPerYear: 12 * lastNoi,
      noiMargin: lastRent > 0 ? lastNoi / lastRent : null,
      irrIncrementalAnnual: annualFromMonthly(roots),
      irrRoots: roots.length,
      irrStatus: roots.length === 0 ? 'NO_REAL_ROOT' : roots.length === 1 ? 'OK' : 'MULTIPLE',
      paybackMonths: paybackOf(flows.incremental),
      breakEvenLeasePerKwMonth: npvPerDollar > 0 ? p.leasePerKwMonth - npvIncremental / npvPerDollar : null,
      /** What the owners bring, month by month: cash, shares or coins (`fundFromBtc`). */
      equityNeedByMonthUsd: (loan?.equity ?? flows.project).map((cf) => Math.max(0, -cf)),
      ...(loan === null ? {} : loan.figures),
      ...(p.tax === undefined ? {} : afterTax(p, p.tax, flows, loan)),
    },
  }
}

/**
 * Build-to-suit colocation against mining on, by month: NPV, IRR (annual effective, null unless there is one root),
 * payback, break-even lease, and with `debt` coverage and equity figures. Refuses a PUE below 1, no phase, a phase that is
 * ready only after the horizon, shares outside 0..1. A negative NPV is a result.
 * Worked: 50 MW at PUE 1.25 and $9.5M per IT MW: 40 IT MW, $380M; at $135 the first full month rents 40,000 kW x 135 = $5.4M.
 */
export const coloProject = model({ id: 'ai.coloProject', section: '5.2' }, ColocationProject, (p, trace) => {
  const answer = evaluateColocation(p)
  tellColocation(p, answer, trace)
  return answer.figures
})

/** The way from the flows to the figures; the flows themselves are a loop over months. */
const tellColocation = (
  p: ColocationProject,
  { flows, figures: f, workings: w }: ReturnType<typeof evaluateColocation>,
  { step }: Trace,
): void => {
  const phases = p.phases.map((_, k) => `phases[${k}].gridMW`).join(' + ')
  step('itMW', sum(p.phases.map((x) => x.gridMW)) / p.pue, `(${phases}) / pue`)
  step('totalCapexUsd', f.totalCapexUsd, 'itMW * capexPerItMW * (1 - tenantFundedCapexShare)')
  step('lastMonthRentUsd', w.lastMonthRentUsd)
  step('lastMonthNoiUsd', w.lastMonthNoiUsd)
  step('stabilisedNoiPerYear', f.stabilisedNoiPerYear, '12 * lastMonthNoiUsd')
  if (f.noiMargin !== null) step('noiMargin', f.noiMargin, 'lastMonthNoiUsd / lastMonthRentUsd')
  const worth = (flows: readonly number[]) => presentValueOfMonths(p.discountRateAnnual, flows)
  const firstStart = Math.min(...p.phases.map((x) => x.startMonth))
  step('presentValueOfNoi', worth(flows.noi))
  step('presentValueOfCapex', worth(flows.capex))
  const later = (month: string) => `(1 + discountRateAnnual) ^ (0 - ${month} / 12)`
  if (p.exitMultipleOfNoi !== 0)
    step(
      'presentValueOfExit',
      (p.exitMultipleOfNoi * f.stabilisedNoiPerYear) / (1 + p.discountRateAnnual) ** (p.horizonMonths / 12),
      `exitMultipleOfNoi * stabilisedNoiPerYear * ${later('horizonMonths')}`,
    )
  if (p.asicSalvageUsd !== 0) {
    step('firstStartMonth', firstStart, `min(${p.phases.map((_, k) => `phases[${k}].startMonth`).join(', ')})`)
    step(
      'presentValueOfSalvage',
      p.asicSalvageUsd / (1 + p.discountRateAnnual) ** (firstStart / 12),
      `asicSalvageUsd * ${later('firstStartMonth')}`,
    )
  }
  step(
    'npvProject',
    f.npvProject,
    `presentValueOfNoi - presentValueOfCapex${p.exitMultipleOfNoi === 0 ? '' : ' + presentValueOfExit'}${p.asicSalvageUsd === 0 ? '' : ' + presentValueOfSalvage'}`,
  )
  if (p.miningCashMarginPerMWByMonth === undefined) {
    step('presentMWMonthsGivenUp', worth(flows.miningMwMonths))
    step('npvKeepMining', f.npvKeepMining, 'presentMWMonthsGivenUp * miningCashMarginPerMWMonth')
  } else step('npvKeepMining', f.npvKeepMining)
  step('npvIncremental', f.npvIncremental, 'npvProject - npvKeepMining')
  if (f.irrIncrementalAnnual !== null) {
    step('irrPerMonth', w.irrPerMonth)
    step('irrIncrementalAnnual', f.irrIncrementalAnnual, '(1 + irrPerMonth) ^ 12 - 1')
  }
  step('paybackMonths', f.paybackMonths)
  if (f.breakEvenLeasePerKwMonth !== null) {
    step('npvPerLeaseDollar', w.npvPerLeaseDollar)
    step('breakEvenLeasePerKwMonth', f.breakEvenLeasePerKwMonth, 'leasePerKwMonth - npvIncremental / npvPerLeaseDollar')
  }
}
