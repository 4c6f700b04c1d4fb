import { conversionDraws } from '#shared/economics/ai/conversion-draws.ts'
import { type Benchmark, below, shown } from './benchmark.ts'

/** Two phases over fifteen years with debt, as a board would be shown. */
const project = {
  horizonMonths: 180,
  pue: 1.25,
  capexPerItMW: 10.5e6,
  tenantFundedCapexShare: 0,
  leasePerKwMonth: 145,
  escalatorAnnual: 0.03,
  occupancy: 1,
  opexPerItMWMonth: 24_300,
  opexInflationAnnual: 0.025,
  powerPassThrough: false,
  powerPricePerMWh: 40,
  itLoadFactor: 0.85,
  exitMultipleOfNoi: 6,
  asicSalvageUsd: 1e6,
  discountRateAnnual: 0.12,
  miningCashMarginPerMWMonth: 9000,
  phases: [
    { gridMW: 50, startMonth: 0, buildMonths: 15, rampMonths: 3 },
    { gridMW: 50, startMonth: 12, buildMonths: 15, rampMonths: 3 },
  ],
  debt: { loanToCost: 0.75, rateAnnual: 0.08, amortMonths: 150, feeShare: 0.01 },
}

export const bench: Benchmark = {
  name: 'conversion-draws',
  about: 'a conversion of two phases drawn against mining on over 180 months, one thread',
  run: async ({ median }) => {
    const at = (draws: number) => median(() => void conversionDraws({ project, variableCostPerMWh: 45, draws, seed: 1 }))
    const single = await at(10_000)
    const doubled = await at(20_000)
    return [
      below('10,000 draws', single, 'ms', 5000),
      shown('20,000 draws', doubled, 'ms'),
      below('time for doubled draws', doubled / single, 'x', 3),
    ]
  },
}
