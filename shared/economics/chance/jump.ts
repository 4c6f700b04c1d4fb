import * as z from 'zod'
import { finite, model, positive } from '../model.ts'
import { driftAnnual, volAnnual, years } from './gbm.ts'

/** Poisson jumps of normal logarithmic size on top of a volatility (Merton 1976). */
export const jumpTerms = {
  jumpsPerYear: z.number().min(0).max(1000),
  /** Mean and deviation of a jump's logarithm: -0.105 is a fall by a tenth. */
  jumpMeanLog: finite.min(-10).max(10),
  jumpSdLog: z.number().min(0).max(10),
}

/**
 * Jump diffusion at its end, in closed form. Compensated: the drift is lowered by what jumps add on average,
 * lambda (e^(m + d^2/2) - 1), so that the mean is S0 e^(mu T) whatever the jumps; otherwise they come on top.
 * Worked: 2 jumps a year of exactly -10 % in the logarithm, 1 year, no volatility, no drift, not compensated: mean of the
 * logarithm -0.2, variance 2 x 0.01, mean 100 exp(2 (e^-0.1 - 1)) = 82.67; no jump with e^-2 = 13.5 %.
 */
export const jumpStats = model(
  { id: 'network.jumpStats', section: '3.5' },
  z.object({ startPrice: positive, driftAnnual, volAnnual, ...jumpTerms, years, compensated: z.boolean() }),
  (i, { step }) => {
    const expectedJumps = step('expectedJumps', i.jumpsPerYear * i.years, 'jumpsPerYear * years')
    const meanJump = step('meanJumpShare', Math.exp(i.jumpMeanLog + i.jumpSdLog ** 2 / 2) - 1, 'exp(jumpMeanLog + jumpSdLog ^ 2 / 2) - 1')
    const gain = step('jumpGainLog', expectedJumps * meanJump, 'expectedJumps * meanJumpShare')
    const diffusion = '(driftAnnual - volAnnual ^ 2 / 2) * years + expectedJumps * jumpMeanLog'
    const grown = (i.driftAnnual - i.volAnnual ** 2 / 2) * i.years + expectedJumps * i.jumpMeanLog
    return {
      mean: i.compensated
        ? step('mean', i.startPrice * Math.exp(i.driftAnnual * i.years), 'startPrice * exp(driftAnnual * years)')
        : step('mean', i.startPrice * Math.exp(i.driftAnnual * i.years + gain), 'startPrice * exp(driftAnnual * years + jumpGainLog)'),
      meanLogReturn: i.compensated
        ? step('meanLogReturn', grown - gain, `${diffusion} - jumpGainLog`)
        : step('meanLogReturn', grown, diffusion),
      varLogReturn: step(
        'varLogReturn',
        i.volAnnual ** 2 * i.years + expectedJumps * (i.jumpMeanLog ** 2 + i.jumpSdLog ** 2),
        'volAnnual ^ 2 * years + expectedJumps * (jumpMeanLog ^ 2 + jumpSdLog ^ 2)',
      ),
      probNoJump: step('probNoJump', Math.exp(-expectedJumps), 'exp(-expectedJumps)'),
    }
  },
)
