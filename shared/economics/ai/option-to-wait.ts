import * as z from 'zod'
import { model, positive } from '../model.ts'

/** The work grows with the square of the steps. */
const MOST_STEPS = 5000

/**
 * Worth of the right to invest at any time until it ends (Cox, Ross and Rubinstein's lattice, exercised early where that is
 * worth more); rates are continuous. Null where the lattice cannot carry the drift at this volatility: more steps are needed.
 */
export const latticeValue = (o: {
  valueNow: number
  investment: number
  years: number
  riskFreeRate: number
  payoutRate: number
  volAnnual: number
  steps: number
}): number | null => {
  const dt = o.years / o.steps
  const up = Math.exp(o.volAnnual * Math.sqrt(dt))
  const down = 1 / up
  const probability = (Math.exp((o.riskFreeRate - o.payoutRate) * dt) - down) / (up - down)
  if (!(probability >= 0 && probability <= 1)) return null
  const discount = Math.exp(-o.riskFreeRate * dt)
  const upWeight = discount * probability
  const downWeight = discount * (1 - probability)
  // Node j of step n holds value x up^(2j − n): one table serves every step.
  const worth = Float64Array.from({ length: 2 * o.steps + 1 }, (_, k) => o.valueNow * up ** (k - o.steps) - o.investment)
  const option = new Float64Array(o.steps + 1)
  for (let j = 0; j <= o.steps; j += 1) option[j] = Math.max(0, worth[2 * j] ?? 0)
  for (let n = o.steps - 1; n >= 0; n -= 1) {
    for (let j = 0; j <= n; j += 1) {
      const hold = upWeight * (option[j + 1] ?? 0) + downWeight * (option[j] ?? 0)
      const invest = worth[o.steps + 2 * j - n] ?? 0
      option[j] = Math.max(hold, invest)
    }
  }
  return option[0] ?? 0
}

/**
 * Option to wait with an end: an American call on the conversion's value (CRR, `steps` up to 5,000), payout = rent forgone
 * while waiting or the risk of losing the place in the queue. `valueOfWaiting` is what it is worth above investing today or
 * never. Worked: one step, value 100, up 1.2, rate and payout 0, investment 100: p = (1 − 1/1.2) / (1.2 − 1/1.2) = 0.4545,
 * worth 0.4545 x 20 = 9.09.
 */
export const waitOptionLattice = model(
  { id: 'ai.waitOptionLattice', section: '5.6' },
  z.object({
    valueNow: positive,
    investment: positive,
    years: positive,
    riskFreeRate: z.number().min(-1).max(1),
    payoutRate: z.number().min(0),
    volAnnual: positive.max(10),
    steps: z.int().min(1).max(MOST_STEPS),
  }),
  (i, { step }) => {
    const optionValue = latticeValue(i)
    const npvNow = step('npvNow', i.valueNow - i.investment, 'valueNow - investment')
    return {
      optionValue,
      reason: optionValue === null ? 'rate less payout is too steep for this volatility and so few steps' : null,
      npvNow,
      investNow: optionValue === null ? null : npvNow >= optionValue,
      valueOfWaiting: optionValue === null ? null : optionValue - Math.max(0, npvNow),
    }
  },
)

/**
 * Option to wait without an end (McDonald and Siegel): invest once the value reaches `triggerValue = beta / (beta − 1) x
 * investment`. A payout of 0 or less is refused: such an option is never exercised.
 * Worked: payout = rate, so b = 0: with vol 0.2 and rate 0.04, beta = 0.5 + sqrt(0.25 + 2) = 2, trigger twice the investment.
 */
export const waitOptionPerpetual = model(
  { id: 'ai.waitOptionPerpetual', section: '5.6' },
  z.object({
    valueNow: positive,
    investment: positive,
    riskFreeRate: z.number().min(0).max(1),
    payoutRate: positive,
    volAnnual: positive.max(10),
  }),
  (i, { step }) => {
    const drift = step('driftRatio', (i.riskFreeRate - i.payoutRate) / i.volAnnual ** 2, '(riskFreeRate - payoutRate) / volAnnual^2')
    const root = step(
      'betaRoot',
      Math.sqrt((drift + 0.5) ** 2 + (2 * i.payoutRate) / i.volAnnual ** 2),
      'sqrt((driftRatio + 0.5)^2 + 2 * payoutRate / volAnnual^2)',
    )
    // beta − 1 is the positive root of x² + (2 drift + 1) x = 2 payout / vol²; written so that nothing cancels.
    const aboveOne =
      drift + 0.5 > 0
        ? step(
            'betaLessOne',
            (2 * i.payoutRate) / i.volAnnual ** 2 / (root + drift + 0.5),
            '2 * payoutRate / volAnnual^2 / (betaRoot + driftRatio + 0.5)',
          )
        : step('betaLessOne', root - drift - 0.5, 'betaRoot - driftRatio - 0.5')
    const beta = step('beta', 1 + aboveOne, '1 + betaLessOne')
    const triggerValue = step('triggerValue', (i.investment * beta) / aboveOne, 'investment * beta / betaLessOne')
    const npvNow = step('npvNow', i.valueNow - i.investment, 'valueNow - investment')
    const investNow = i.valueNow >= triggerValue
    return {
      beta,
      triggerValue,
      optionValue: investNow
        ? npvNow
        : step(
            'optionValue',
            (triggerValue - i.investment) * (i.valueNow / triggerValue) ** beta,
            '(triggerValue - investment) * (valueNow / triggerValue)^beta',
          ),
      npvNow,
      investNow,
    }
  },
)
