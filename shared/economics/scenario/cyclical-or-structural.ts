import * as z from 'zod'
import { HOURS_PER_DAY, HOURS_PER_MINING_MONTH, SATS_PER_BTC } from '../../units.ts'
import { BLOCKS_PER_MINING_MONTH } from '../chance/mining-paths.ts'
import { atLeastZero, finite, model, positive, shareBelowOne } from '../model.ts'
import { BLOCKS_PER_HALVING, FIRST_HEIGHT_WITHOUT_SUBSIDY, subsidyAtHeight } from '../revenue/subsidy.ts'
import { exitedShare } from './ai-crowd-out.ts'
import { chanceAbove, chanceTouching, type HashpriceLaw } from './hashprice-odds.ts'

/** Looked at: half a year, one, two. */
const HORIZONS = [6, 12, 24] as const
const LAST_HORIZON = 24
const DAYS_PER_MONTH = HOURS_PER_MINING_MONTH / HOURS_PER_DAY
/** Months after a halving in which the lows of 2012 to 2024 fell. */
const TROUGH = { from: 12, to: 18 }

const Inputs = z
  .object({
    height: z.int().min(0),
    /** What left since the last high, of the network: off for price (still standing there), gone to AI. */
    exitedByPricePHs: atLeastZero,
    exitedByAiPHs: atLeastZero,
    hashpriceUsd: positive,
    fleetBreakEvenHashpriceUsd: finite,
    feesPerBlockBtc: atLeastZero,
    /** Assumptions about the coin price and the others. */
    driftAnnual: z.number().gt(-1).max(10),
    volAnnual: z.number().min(0).max(10),
    elasticity: z.number().min(0).max(20),
    /** Machines that AI is still expected to take, of today's network. */
    aiExitShare: shareBelowOne,
    aiHalfLifeMonths: positive,
    /** Of 5.6; null where the site cannot be converted. */
    parityHashpriceUsd: finite.nullable(),
    /** Of the option to wait, and what waiting may lose; null where nobody computed them. */
    valueOfWaitingUsd: atLeastZero.nullable(),
    costOfLosingSlotUsd: atLeastZero.nullable(),
  })
  .superRefine((i, refuse) => {
    if (i.height + LAST_HORIZON * BLOCKS_PER_MINING_MONTH > FIRST_HEIGHT_WITHOUT_SUBSIDY)
      refuse.addIssue({
        code: 'custom',
        path: ['height'],
        message: `two years on lie past the last subsidy at ${FIRST_HEIGHT_WITHOUT_SUBSIDY}`,
      })
  })

type View = 'cyclical' | 'structural' | 'neither'
const viewOf = (forCyclical: boolean, forStructural: boolean): View => (forCyclical ? 'cyclical' : forStructural ? 'structural' : 'neither')

const subsidyBtc = (height: number): number => {
  const answer = subsidyAtHeight({ height })
  return answer.ok ? answer.value.subsidySats / SATS_PER_BTC : 0
}

/**
 * Is this low a phase or the new state? Everything that speaks for either on one page, computed, with the view that each
 * assumption supports. It does not choose. Chances are those of a lognormal coin price with the given drift and volatility,
 * through the others' answer and the halving on its block: `atEnd` after so many months, `within` at any time until
 * then (by reflection; where a halving lies between, the time before it or the end, whichever is likelier: a lower bound).
 * Worked: height 941,472 is 101,472 blocks after the halving of 2024, 704.7 days, 23.2 months: past the 12 to 18 of earlier lows.
 */
export const cyclicalOrStructural = model({ id: 'scenario.cyclicalOrStructural', section: '7' }, Inputs, (i, { step }) => {
  const sinceHalvingMonths = step('sinceHalvingMonths', (i.height % BLOCKS_PER_HALVING) / 144 / DAYS_PER_MONTH)
  const toHalvingMonths = step('toHalvingMonths', (BLOCKS_PER_HALVING - (i.height % BLOCKS_PER_HALVING)) / BLOCKS_PER_MINING_MONTH)
  const exited = i.exitedByPricePHs + i.exitedByAiPHs
  const aiShareOfExits =
    exited > 0 ? step('aiShareOfExitsShare', i.exitedByAiPHs / exited, 'exitedByAiPHs / (exitedByPricePHs + exitedByAiPHs)') : null
  const rewardBtc = (months: number) => subsidyBtc(i.height + Math.round(months * BLOCKS_PER_MINING_MONTH)) + i.feesPerBlockBtc
  const law: HashpriceLaw = {
    hashpriceUsd: i.hashpriceUsd,
    driftAnnual: i.driftAnnual,
    volAnnual: i.volAnnual,
    elasticity: i.elasticity,
    rewardRatio: (months) => (rewardBtc(0) > 0 ? rewardBtc(months) / rewardBtc(0) : 1),
    stayingShare: (months) => 1 - exitedShare(i.aiExitShare, i.aiHalfLifeMonths, months),
  }
  const oddsOf = (levelUsd: number) =>
    HORIZONS.map((months) => {
      const atEnd = chanceAbove(law, levelUsd, months)
      const halvingInside = toHalvingMonths <= months
      // Up to the block before the halving.
      const until = halvingInside ? Math.max(0, toHalvingMonths - 1 / BLOCKS_PER_MINING_MONTH) : months
      const touching = until > 0 ? chanceTouching(law, levelUsd, until) : levelUsd <= i.hashpriceUsd ? 1 : 0
      return { months, atEndShare: atEnd, withinShare: Math.max(atEnd, touching), lowerBound: halvingInside }
    })
  const recovery = oddsOf(i.fleetBreakEvenHashpriceUsd)
  const parity = i.parityHashpriceUsd === null ? null : oddsOf(i.parityHashpriceUsd)
  const parityInTheEnd = parity?.at(-1)?.atEndShare ?? null
  const waitingIsDearer =
    i.valueOfWaitingUsd === null || i.costOfLosingSlotUsd === null ? null : i.valueOfWaitingUsd > i.costOfLosingSlotUsd
  const inTrough = sinceHalvingMonths >= TROUGH.from && sinceHalvingMonths <= TROUGH.to
  const evidence: { id: string; supports: View; because: string }[] = [
    {
      id: 'halving',
      supports: viewOf(inTrough, sinceHalvingMonths > TROUGH.to && i.hashpriceUsd < i.fleetBreakEvenHashpriceUsd),
      because: inTrough
        ? 'earlier lows fell 12 to 18 months after a halving, as this one'
        : sinceHalvingMonths < TROUGH.from
          ? 'earlier lows came later, 12 to 18 months after a halving'
          : i.hashpriceUsd < i.fleetBreakEvenHashpriceUsd
            ? 'earlier lows were over by now, and hashprice is still below break-even'
            : 'the months of earlier lows are past, and hashprice is not below break-even',
    },
    {
      id: 'exits',
      supports: viewOf(aiShareOfExits !== null && aiShareOfExits < 0.5, aiShareOfExits !== null && aiShareOfExits > 0.5),
      because:
        aiShareOfExits === null
          ? 'nothing has left'
          : aiShareOfExits < 0.5
            ? 'most of what left is off for price, and comes back with it'
            : aiShareOfExits > 0.5
              ? 'most of what left hosts AI now, and does not come back'
              : 'as much left for AI as for price',
    },
    ...recovery.map((r): (typeof evidence)[number] => ({
      id: `break-even-within-${r.months}`,
      supports: viewOf(r.withinShare > 0.5, r.withinShare < 0.5),
      because: `under these assumptions hashprice sees the fleet's break-even within ${r.months} months ${r.withinShare > 0.5 ? 'more' : 'less'} likely than not`,
    })),
    {
      id: 'parity',
      supports: viewOf(parityInTheEnd !== null && parityInTheEnd > 0.5, parityInTheEnd !== null && parityInTheEnd < 0.5),
      because:
        parityInTheEnd === null
          ? 'there is no conversion to compare with'
          : `in two years mining is ${parityInTheEnd > 0.5 ? 'more' : 'less'} likely than not to earn what AI would`,
    },
    {
      id: 'waiting',
      supports: viewOf(waitingIsDearer === true, waitingIsDearer === false),
      because:
        waitingIsDearer === null
          ? 'the value of waiting was not computed'
          : waitingIsDearer
            ? 'waiting is worth more than the slot that it may lose'
            : 'the slot that waiting may lose is worth more than waiting',
    },
    {
      id: 'assumed-drift',
      supports: viewOf(i.driftAnnual > 0, i.driftAnnual < 0),
      because:
        i.driftAnnual > 0 ? 'a rising coin is assumed' : i.driftAnnual < 0 ? 'a falling coin is assumed' : 'no view on the coin is assumed',
    },
    {
      id: 'assumed-ai-exits',
      supports: viewOf(false, i.aiExitShare > 0),
      because: i.aiExitShare > 0 ? 'more machines are assumed to give way to AI for good' : 'no further exits to AI are assumed',
    },
    {
      id: 'assumed-elasticity',
      supports: viewOf(i.elasticity > 0, false),
      because:
        i.elasticity > 0
          ? 'the others are assumed to follow hashprice, which brings it back to cost'
          : 'the others are assumed not to move',
    },
  ]
  return {
    sinceHalvingMonths,
    toHalvingMonths,
    inHistoricalTrough: inTrough,
    aiShareOfExits,
    priceShareOfExits: aiShareOfExits === null ? null : 1 - aiShareOfExits,
    fleetBreakEvenHashpriceUsd: i.fleetBreakEvenHashpriceUsd,
    recovery,
    parityHashpriceUsd: i.parityHashpriceUsd,
    parity,
    valueOfWaitingUsd: i.valueOfWaitingUsd,
    costOfLosingSlotUsd: i.costOfLosingSlotUsd,
    evidence,
  }
})
