import * as z from 'zod'
import { driftAnnual, volAnnual } from '../chance/gbm.ts'
import { portableExp } from '../chance/portable-math.ts'
import { quantileOf } from '../chance/quantile.ts'
import { GENERATOR, MOST_SEED, randomStream } from '../chance/random.ts'
import { model, positive, share } from '../model.ts'
import { sum } from '../sum.ts'
import { FundingMonths, sellAsNeeded } from './fund-from-coins.ts'

const MOST_DRAWS = 1_000_000
const MOST_WORK = 1e8

/**
 * "The price falls while the capital is due", as a joint distribution over seeded paths (GBM, monthly): how often the coin is
 * down by `fallShare` in a month in which money is needed, how often the coins do not pay for it all, and how often both. Month 0
 * is now, at today's price.
 * Worked: with a volatility of 0 the price stands: 10 coins of $50 pay $300 and $200, nothing is missing in any draw.
 */
export const fundingRisk = model(
  { id: 'treasury.fundingRisk', section: '6.3' },
  z
    .object({
      btcHeld: FundingMonths.btcHeld,
      saleHaircut: FundingMonths.saleHaircut,
      equityNeedUsd: FundingMonths.equityNeedUsd,
      startPrice: positive,
      driftAnnual,
      volAnnual,
      /** A fall against today that counts as one; default 0.3. */
      fallShare: share.optional(),
      draws: z.int().min(1).max(MOST_DRAWS),
      seed: z.int().min(0).max(MOST_SEED),
    })
    .superRefine((i, refuse) => {
      if (i.draws * i.equityNeedUsd.length > MOST_WORK)
        refuse.addIssue({ code: 'custom', path: ['draws'], message: `draws x months may be ${MOST_WORK} at most` })
    }),
  (i, { step }) => {
    const months = i.equityNeedUsd.length
    const drift = (i.driftAnnual - i.volAnnual ** 2 / 2) / 12
    const spread = i.volAnnual / Math.sqrt(12)
    const fallen = i.startPrice * (1 - (i.fallShare ?? 0.3))
    const normals = new Float64Array(months)
    const prices = new Float64Array(months)
    const shortfalls = new Float64Array(i.draws)
    const left = new Float64Array(i.draws)
    let falls = 0
    let misses = 0
    let both = 0
    for (let d = 0; d < i.draws; d += 1) {
      randomStream(i.seed, d).normals(normals, months)
      let log = 0
      let fell = false
      for (let m = 0; m < months; m += 1) {
        if (m > 0) log += drift + spread * (normals[m] as number)
        const price = i.startPrice * portableExp(log)
        prices[m] = price
        if (price < fallen && (i.equityNeedUsd[m] ?? 0) > 0) fell = true
      }
      const paid = sellAsNeeded({ ...i, btcPriceUsd: prices })
      const missing = sum(paid.shortfallUsd)
      shortfalls[d] = missing
      left[d] = paid.btcLeft
      if (fell) falls += 1
      if (missing > 0) misses += 1
      if (fell && missing > 0) both += 1
    }
    shortfalls.sort()
    left.sort()
    return {
      draws: i.draws,
      seed: i.seed,
      generator: GENERATOR,
      probabilityFallWhileDue: step('probabilityFallWhileDue', falls / i.draws),
      probabilityShortfall: step('probabilityShortfall', misses / i.draws),
      probabilityBoth: step('probabilityBoth', both / i.draws),
      /** Null where the price never falls that far. */
      probabilityShortfallGivenFall: falls === 0 ? null : both / falls,
      meanShortfallUsd: sum(shortfalls) / i.draws,
      p50ShortfallUsd: quantileOf(shortfalls, 0.5),
      p95ShortfallUsd: quantileOf(shortfalls, 0.95),
      p05LeftBtc: quantileOf(left, 0.05),
      p50LeftBtc: quantileOf(left, 0.5),
    }
  },
)
