import * as z from 'zod'
import { driftAnnual } from '../chance/gbm.ts'
import { atLeastZero, share } from '../model.ts'

/**
 * What is uncertain about a conversion, and how much (`economics.md` 5.6, defaults of 11 and 3.5). Every spread may be 0; with
 * all of them 0, no overrun, no delay and no default a draw is the project as planned.
 */
export const ConversionRisks = z.object({
  /** No view on the price: 0. */
  priceDriftAnnual: driftAnnual.default(0),
  priceVolAnnual: z.number().min(0).max(5).default(0.55),
  /** Merton's jumps, compensated in the drift. */
  jumpsPerYear: z.number().min(0).max(50).default(0),
  jumpMeanLog: z.number().min(-5).max(5).default(0),
  jumpSdLog: z.number().min(0).max(5).default(0),
  /** How the network's hashrate answers the hashprice (3.3), and how unsure that is. */
  elasticity: z.number().min(0).max(100).default(0.6),
  elasticitySd: atLeastZero.default(0.2),
  /** Share of the way to its equilibrium that the hashrate goes in a month: down fast, up slowly. */
  leavingSpeed: share.default(0.6),
  joiningSpeed: share.default(0.15),
  /** Long-run standard deviation of the logarithm of the power price, how fast it returns, how it goes with the coin. */
  powerSdLog: z.number().min(0).max(5).default(0.25),
  powerReversionPerYear: z.number().gt(0).max(100).default(1),
  powerCorrelation: z.number().min(-1).max(1).default(0),
  capexOverrunMean: z.number().gt(-1).max(2).default(0.08),
  capexOverrunSd: z.number().min(0).max(2).default(0.12),
  delayMeanMonths: z.number().min(0).max(240).default(3),
  delaySdMonths: z.number().min(0).max(240).default(3),
  /** Spread of the lease (or of the GPU-hour) that is signed, around the plan's: 0.1 is 10 %. */
  leaseSd: z.number().min(0).max(2).default(0.1),
  /** By credit: 0.002 hyperscale, 0.015 usual, 0.08 weak. */
  tenantDefaultsPerYear: z.number().min(0).max(12).default(0.015),
  reletMonths: z.int().min(0).max(240).default(12),
  /** New lease / old lease after a default. */
  reletLeaseRatio: z.number().min(0).max(10).default(0.85),
  /** Spread of the yearly fall of the GPU-hour. */
  gpuDeclineSd: z.number().min(0).max(1).default(0.08),
})
export type ConversionRisks = z.output<typeof ConversionRisks>
