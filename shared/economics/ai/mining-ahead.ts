import * as z from 'zod'
import { failed, ok, type Result } from '../../result.ts'
import { SATS_PER_BTC } from '../../units.ts'
import { BLOCKS_PER_MINING_MONTH } from '../chance/mining-paths.ts'
import { ContractTerms, contractOf } from '../curtailment/contract-terms.ts'
import { atLeastZero, finite, model, share, wholeAtLeastZero } from '../model.ts'
import { BLOCKS_PER_HALVING, FIRST_HEIGHT_WITHOUT_SUBSIDY, subsidyEras } from '../revenue/subsidy.ts'
import { type MiningLoad, miningBaseline, type PricePeriod } from './mining-baseline.ts'

/**
 * What mining on earns in months to come (`economics.md` 1.6, 3.3, 5.2): the reward falls at each halving on its block, the
 * others' machines answer, and the fleet of today, held as it is, stands still where power costs more. Coin price, fees and
 * power prices go on as they are.
 */
export type MiningEra = {
  /** Month in which it begins, counted from today. */
  readonly fromMonth: number
  readonly subsidyBtc: number
  /** Subsidy and fees of a block, against today's. */
  readonly rewardFactor: number
  /** Hashprice against today's, once the others have answered. */
  readonly hashpriceFactor: number
}

/** Where the blocks stand today. */
export type BlocksAhead = {
  /** Of the next block. */
  readonly startHeight: number
  readonly feesPerBlockBtc: number
}

/** The longest horizon: 40 years, the 480 months of a conversion. */
const MOST_MONTHS = 481

/**
 * Eras of equal subsidy in so many months of 4,383 blocks from `startHeight` on; the others leave until their hashrate has
 * answered: hashprice x rewardFactor^(1 / (1 + elasticity)). Null past the last subsidy.
 * Worked: 3.125 and 0.025 BTC: the first halving leaves 1.5875 / 3.15 = 0.50397; rigid it is the hashprice's factor, at 0.6
 * it is 0.50397^(1 / 1.6) = 0.6517.
 */
export const miningEras = (at: BlocksAhead, months: number, networkElasticity: number): MiningEra[] | null => {
  const end = at.startHeight + months * BLOCKS_PER_MINING_MONTH
  if (!Number.isSafeInteger(end) || at.startHeight < 0 || end > FIRST_HEIGHT_WITHOUT_SUBSIDY) return null
  const eras = subsidyEras(at.startHeight, end)
  const today = (eras[0]?.subsidySats ?? 0) / SATS_PER_BTC + at.feesPerBlockBtc
  let height = at.startHeight
  return eras.map(({ blocks, subsidySats }) => {
    const subsidyBtc = subsidySats / SATS_PER_BTC
    const rewardFactor = (subsidyBtc + at.feesPerBlockBtc) / today
    const fromMonth = Math.floor((height - at.startHeight) / BLOCKS_PER_MINING_MONTH)
    height += blocks
    return { fromMonth, subsidyBtc, rewardFactor, hashpriceFactor: rewardFactor ** (1 / (1 + networkElasticity)) }
  })
}

/**
 * A figure of each era as one of each month: a month with a halving inside has of each its part of the blocks.
 * Worked: 1,000 blocks to the halving, 12 before it and 4 after it: (1,000 x 12 + 3,383 x 4) / 4,383 = 5.825, then 4.
 */
export const byMonthOfEras = (startHeight: number, months: number, ofEra: readonly number[]): number[] => {
  const firstEra = Math.floor(startHeight / BLOCKS_PER_HALVING)
  return Array.from({ length: months }, (_, m) => {
    const from = startHeight + m * BLOCKS_PER_MINING_MONTH
    const to = from + BLOCKS_PER_MINING_MONTH
    const era = Math.floor(from / BLOCKS_PER_HALVING)
    const halving = (era + 1) * BLOCKS_PER_HALVING
    const before = ofEra[era - firstEra] ?? 0
    if (to <= halving) return before
    const blocksBefore = halving - from
    return (blocksBefore * before + (BLOCKS_PER_MINING_MONTH - blocksBefore) * (ofEra[era - firstEra + 1] ?? 0)) / BLOCKS_PER_MINING_MONTH
  })
}

/** Where mining stands, and what a running MW would earn a month were the hashprice so many times today's. */
export type MiningCourse = BlocksAhead & { readonly marginAt: (hashpriceFactor: number) => number | null }

/** Cash margin of a MW that mines today, USD a month, over today's prices with the hashprice changed; each level worked out once. */
export const marginAtHashprice = (
  ...[contract, loads, prices]: Parameters<typeof miningBaseline>
): ((hashpriceFactor: number) => number | null) => {
  const known = new Map<number, number | null>()
  return (factor) => {
    const found = known.get(factor)
    if (found !== undefined) return found
    const made =
      miningBaseline(
        contract,
        loads.map((l) => ({ mw: l.mw, revenuePerMwh: l.revenuePerMwh * factor })),
        prices,
      )?.marginPerMwMonthUsd ?? null
    known.set(factor, made)
    return made
  }
}

export type MiningAhead = {
  readonly eras: readonly (MiningEra & { readonly marginPerRunningMwMonthUsd: number })[]
  /** Of a converted MW, of which `displacedShare` mines today. */
  readonly miningCashMarginPerMWByMonth: readonly number[]
  readonly rewardFactorByMonth: readonly number[]
  readonly hashpriceFactorByMonth: readonly number[]
}

/** Null where nothing runs, a price is missing, or the months reach past the last subsidy. */
export const miningAheadOf = (
  course: MiningCourse,
  o: { readonly months: number; readonly networkElasticity: number; readonly displacedShare: number },
): MiningAhead | null => {
  const eras = miningEras(course, o.months, o.networkElasticity)?.map((era) => ({ ...era, margin: course.marginAt(era.hashpriceFactor) }))
  if (eras === undefined || !eras.every((era) => era.margin !== null && Number.isFinite(era.margin) && Number.isFinite(era.rewardFactor)))
    return null
  const told = eras.map(({ margin, ...era }) => ({ ...era, marginPerRunningMwMonthUsd: margin ?? 0 }))
  const byMonth = (of: (era: (typeof told)[number]) => number) => byMonthOfEras(course.startHeight, o.months, told.map(of))
  return {
    eras: told,
    miningCashMarginPerMWByMonth: byMonth((era) => era.marginPerRunningMwMonthUsd * o.displacedShare),
    rewardFactorByMonth: byMonth((era) => era.rewardFactor),
    hashpriceFactorByMonth: byMonth((era) => era.hashpriceFactor),
  }
}

/**
 * The same as a model: month by month what a converted MW would have earned by mining on. Over `prices`, each for its hours,
 * under the contract's terms, with today's fleet kept as it is.
 * Worked: one MW that earns 50 at index prices 20 and 80, no adder: (30 + 0) / 2 x 730.5 = $10,957.50. Rigid and without
 * fees the halving leaves 25: (5 + 0) / 2 x 730.5 = $1,826.25.
 */
export const miningAhead = model(
  { id: 'ai.miningAhead', section: '5.2' },
  z.object({
    ...ContractTerms,
    avoidableAdderPerMWh: finite,
    loads: z.array(z.object({ id: z.string(), runningMW: atLeastZero, revenuePerMWh: finite })).max(10_000),
    prices: z.array(z.object({ hours: atLeastZero, pricePerMWh: finite })).max(400_000),
    /** Of the next block. */
    startHeight: wholeAtLeastZero,
    feesPerBlockBtc: atLeastZero,
    /** Of the others' hashrate (3.3); 0: nobody leaves. */
    networkElasticity: z.number().min(0).max(100),
    /** Of a converted MW, what mines today. */
    displacedShare: share,
    months: z.int().min(1).max(MOST_MONTHS),
  }),
  (i, { step }): Result<{ miningCashMarginPerMWByMonth: readonly number[] | null; hashpriceFactorByMonth: readonly number[] | null }> => {
    const contract = contractOf(i, i.avoidableAdderPerMWh)
    if (typeof contract === 'string') return failed('invalid-input', `${contract}: this contract needs it`, { field: contract })
    if (miningEras(i, i.months, i.networkElasticity) === null)
      return failed('invalid-input', `months: reach past the last subsidy at height ${FIRST_HEIGHT_WITHOUT_SUBSIDY}`, { field: 'months' })
    const loads: MiningLoad[] = i.loads.map((l) => ({ mw: l.runningMW, revenuePerMwh: l.revenuePerMWh }))
    const periods: PricePeriod[] = i.prices.map((p) => ({ startMs: 0, endMs: p.hours, price: p.pricePerMWh }))
    const ahead = miningAheadOf({ ...i, marginAt: marginAtHashprice(contract, loads, periods) }, i)
    if (ahead === null) return ok({ miningCashMarginPerMWByMonth: null, hashpriceFactorByMonth: null })
    for (const [k, era] of ahead.eras.entries()) {
      step(`eras[${k}].fromMonth`, era.fromMonth)
      step(`eras[${k}].subsidyBtc`, era.subsidyBtc)
      step(
        `eras[${k}].rewardFactor`,
        era.rewardFactor,
        `(eras[${k}].subsidyBtc + feesPerBlockBtc) / (eras[0].subsidyBtc + feesPerBlockBtc)`,
      )
      step(`eras[${k}].hashpriceFactor`, era.hashpriceFactor, `eras[${k}].rewardFactor ^ (1 / (1 + networkElasticity))`)
      // Mean over loads and hours with the fleet's revenue times the factor: as `ai.miningOn`.
      step(`eras[${k}].marginPerRunningMWMonth`, era.marginPerRunningMwMonthUsd)
      step(
        `eras[${k}].miningCashMarginPerMWMonth`,
        era.marginPerRunningMwMonthUsd * i.displacedShare,
        `eras[${k}].marginPerRunningMWMonth * displacedShare`,
      )
    }
    return ok({
      // A month with a halving inside has of each era its part of the blocks.
      miningCashMarginPerMWByMonth: step('miningCashMarginPerMWByMonth', ahead.miningCashMarginPerMWByMonth),
      hashpriceFactorByMonth: ahead.hashpriceFactorByMonth,
    })
  },
)
