import * as z from 'zod'
import { atLeastZero, model, positive, shareBelowOne } from '../model.ts'
import { poolPayout } from './pool-payout.ts'

const fee = { id: z.string(), poolFee: shareBelowOne }
const PoolComparisonInputs = z.object({
  subsidyBtc: atLeastZero,
  feesPerBlockBtc: atLeastZero,
  hashratePHs: atLeastZero,
  difficulty: positive,
  stale: shareBelowOne,
  days: atLeastZero,
  /** Weight of variance against mean: 0 compares by mean alone; 2 gives up 1 % of the mean to lose 10 % of luck. */
  riskAversion: atLeastZero,
  pools: z
    .array(
      z.discriminatedUnion('scheme', [
        z.object({ scheme: z.enum(['FPPS', 'PPS', 'SOLO']), ...fee }),
        z.object({ scheme: z.literal('PPS+'), ...fee, txFeePoolFee: shareBelowOne, actualFeesPerBlockBtc: atLeastZero }),
        z.object({ scheme: z.literal('PPLNS'), ...fee, poolHashratePHs: positive }),
      ]),
    )
    .min(1)
    .max(100),
})

/** Dearest first; a pool that cannot be valued (no block is expected) comes last; ties by id. */
const byWorth = (a: { id: string; certaintyEquivalentBtc: number | null }, b: typeof a) =>
  a.certaintyEquivalentBtc === b.certaintyEquivalentBtc
    ? a.id < b.id
      ? -1
      : 1
    : (b.certaintyEquivalentBtc ?? Number.NEGATIVE_INFINITY) - (a.certaintyEquivalentBtc ?? Number.NEGATIVE_INFINITY)

/**
 * Pools by what they are worth to a miner who dislikes luck: certainty equivalent = mean x (1 - riskAversion / 2 x relSd^2).
 * `equalFppsFee` is the fee at which FPPS would be worth the same, `fppsPremium` what of it is the price of losing the luck
 * (above the pool's own fee). The certainty equivalent is a second-order figure: below half of the mean it says "too
 * lucky to compare" (`comparable` false). Null where no block is expected.
 * Worked: 1 block expected by the pool in the period, PPLNS at 1 %, riskAversion 0.1: 0.99 x (1 - 0.05) = 0.9405 of the
 * gross, so an FPPS fee of 5.95 % is equal: a premium of 4.95 points.
 */
export const poolComparison = model({ id: 'revenue.poolComparison', section: '1.4' }, PoolComparisonInputs, (i, { use, step }) => {
  const { pools, ...common } = i
  const gross = use('gross', poolPayout, { ...common, scheme: 'FPPS', poolFee: 0 })
  if (!gross.ok) return gross
  const grossBtc = step('grossBtc', gross.value.btc)
  const rows = []
  for (const pool of pools) {
    const { id, ...terms } = pool
    const paid = use(id, poolPayout, { ...common, ...terms })
    if (!paid.ok) return paid
    const { btc, relStdDev, certaintyEquivalentBtc = null } = paid.value
    const equalFppsFee = certaintyEquivalentBtc === null || grossBtc === 0 ? null : 1 - certaintyEquivalentBtc / grossBtc
    rows.push({
      id,
      scheme: pool.scheme,
      meanBtc: btc,
      relStdDev,
      certaintyEquivalentBtc,
      comparable: certaintyEquivalentBtc !== null && certaintyEquivalentBtc >= btc / 2,
      equalFppsFee,
      fppsPremium: equalFppsFee === null ? null : equalFppsFee - pool.poolFee,
    })
  }
  rows.sort(byWorth)
  return { rows, bestId: rows.find((r) => r.comparable)?.id ?? null }
})
