import type { ConversionRisks } from '#shared/economics/ai/conversion-risks.ts'

/** Nothing is uncertain and nothing goes wrong. */
export const noRisk: ConversionRisks = {
  priceDriftAnnual: 0,
  priceVolAnnual: 0,
  jumpsPerYear: 0,
  jumpMeanLog: 0,
  jumpSdLog: 0,
  elasticity: 0,
  elasticitySd: 0,
  leavingSpeed: 0.6,
  joiningSpeed: 0.15,
  powerSdLog: 0,
  powerReversionPerYear: 1,
  powerCorrelation: 0,
  capexOverrunMean: 0,
  capexOverrunSd: 0,
  delayMeanMonths: 0,
  delaySdMonths: 0,
  leaseSd: 0,
  tenantDefaultsPerYear: 0,
  reletMonths: 0,
  reletLeaseRatio: 1,
  gpuDeclineSd: 0,
}
