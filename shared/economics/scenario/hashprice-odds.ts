import { millsRatio, normalCdf, normalDensity } from '../chance/normal-law.ts'

/**
 * Hashprice as a lognormal, in closed form: the coin price is one, the reward halves at known blocks, machines that are gone
 * for good leave their share to the others, and of any of it the others' answer leaves 1 / (1 + elasticity) in hashprice (3.3).
 */
export type HashpriceLaw = {
  readonly hashpriceUsd: number
  readonly driftAnnual: number
  readonly volAnnual: number
  readonly elasticity: number
  /** Revenue a block against today's, and the share of machines that stay, after so many months. */
  readonly rewardRatio: (months: number) => number
  readonly stayingShare: (months: number) => number
}

/** Drift and spread of ln(hashprice) by then. */
const spreadOf = (law: HashpriceLaw, months: number) => {
  const years = months / 12
  const answer = 1 / (1 + law.elasticity)
  return {
    mean: answer * ((law.driftAnnual - law.volAnnual ** 2 / 2) * years + Math.log(law.rewardRatio(months) / law.stayingShare(months))),
    sd: answer * law.volAnnual * Math.sqrt(years),
  }
}

/**
 * P(hashprice >= level after so many months). Without volatility it is 0 or 1.
 * Worked: at the level itself, no drift, vol 55 %, a year: the median is 0.5 x 0.55^2 below it: P(Z >= 0.275) = 39.2 %.
 */
export const chanceAbove = (law: HashpriceLaw, levelUsd: number, months: number): number => {
  if (levelUsd <= 0) return 1
  const { mean, sd } = spreadOf(law, months)
  const distance = Math.log(levelUsd / law.hashpriceUsd) - mean
  if (!Number.isFinite(distance)) return distance < 0 ? 1 : 0
  return sd === 0 ? (distance <= 0 ? 1 : 0) : normalCdf(-distance / sd)
}

/**
 * P(hashprice reaches the level at some time within so many months), by reflection; 1 where it is there already. Exits are
 * spread evenly over the time.
 * Worked: level 10 % above, no drift of ln(hashprice): 2 P(Z >= ln(1.1) / sd).
 */
export const chanceTouching = (law: HashpriceLaw, levelUsd: number, months: number): number => {
  if (levelUsd <= law.hashpriceUsd) return 1
  const { mean, sd } = spreadOf(law, months)
  const distance = Math.log(levelUsd / law.hashpriceUsd)
  if (!Number.isFinite(mean)) return 0
  if (sd === 0) return mean >= distance ? 1 : 0
  // exp(2 mean distance / sd^2) x P(Z > z), written so that neither factor leaves the range of a number.
  const past = (mean - distance) / sd
  const z = (mean + distance) / sd
  const reflected =
    z >= 0 ? Math.exp((-past * past) / 2) * normalDensity(0) * millsRatio(z) : Math.exp(2 * (mean / sd) * (distance / sd)) * normalCdf(-z)
  return Math.min(1, normalCdf(past) + reflected)
}
