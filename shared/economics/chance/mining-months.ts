import * as z from 'zod'
import { HOURS_PER_MINING_MONTH, KW_PER_MW } from '../../units.ts'
import { atLeastZero, finite, model, positive, shareBelowOne, wholeAtLeastZero } from '../model.ts'
import { FIRST_HEIGHT_WITHOUT_SUBSIDY, subsidyOfBlocksBtc } from '../revenue/subsidy.ts'
import { sum } from '../sum.ts'
import { BLOCKS_PER_MINING_MONTH } from './mining-paths.ts'

const MiningMonthsInputs = z
  .object({
    startHeight: wholeAtLeastZero,
    months: z.int().min(1).max(1200),
    feesPerBlockBtc: atLeastZero,
    poolFee: shareBelowOne,
    fixedCostPerMonth: atLeastZero,
    shutdownAllowed: z.boolean(),
    /** One figure a month. */
    btcPriceUsd: z.array(atLeastZero).max(1200),
    networkPHs: z.array(positive).max(1200),
    groups: z
      .array(
        z.object({
          id: z.string(),
          hashratePHs: atLeastZero,
          efficiencyJTH: positive,
          overheadRatio: z.number().min(1),
          variablePerMWh: finite,
        }),
      )
      .max(10_000),
  })
  .superRefine((i, refuse) => {
    const add = (path: string, message: string) => refuse.addIssue({ code: 'custom', path: [path], message })
    if (i.startHeight + i.months * BLOCKS_PER_MINING_MONTH > FIRST_HEIGHT_WITHOUT_SUBSIDY)
      add('months', `reach past the last subsidy at height ${FIRST_HEIGHT_WITHOUT_SUBSIDY}`)
    for (const series of ['btcPriceUsd', 'networkPHs'] as const)
      if (i[series].length !== i.months) add(series, `has ${i[series].length} entries for ${i.months} months`)
    if (i.groups.length * i.months > 1_000_000) add('groups', 'times months must not exceed 1000000')
  })

/**
 * Mining month by month over given prices and network hashrates; month m is the heights [start + m 4383, start + (m + 1) 4383),
 * so a halving falls on its block. `btcMined` is net of the pool fee. A group runs if its coins earn more than its variable
 * cost of the month, or always where it may not stop.
 * Worked: 100 of 10,000 PH/s from height 840,000, no fees: 4,383 x 3.125 x 1 % = 136.97 BTC; at 20 J/TH 2,000 kW x 730.5 h
 * = 1,461 MWh, at 50 USD/MWh 73,050 USD.
 */
export const miningMonths = model({ id: 'network.miningMonths', section: '1.6' }, MiningMonthsInputs, (i, { step }) => {
  const groups = i.groups.map((g) => ({
    ...g,
    costUsd: ((g.hashratePHs * g.efficiencyJTH * g.overheadRatio * HOURS_PER_MINING_MONTH) / KW_PER_MW) * g.variablePerMWh,
  }))
  const feesBtc = BLOCKS_PER_MINING_MONTH * i.feesPerBlockBtc
  const months = i.btcPriceUsd.map((btcPriceUsd, m) => {
    const subsidyBtcNetwork = subsidyOfBlocksBtc(i.startHeight + m * BLOCKS_PER_MINING_MONTH, BLOCKS_PER_MINING_MONTH)
    const perPhBtc = ((subsidyBtcNetwork + feesBtc) * (1 - i.poolFee)) / (i.networkPHs[m] ?? Number.NaN)
    const earnedUsd = (g: { hashratePHs: number }) => g.hashratePHs * perPhBtc * btcPriceUsd
    const running = groups.filter((g) => !i.shutdownAllowed || earnedUsd(g) > g.costUsd)
    return {
      subsidyBtcNetwork,
      btcMined: sum(running.map((g) => g.hashratePHs)) * perPhBtc,
      cashFlowUsd: sum([...running.map((g) => earnedUsd(g) - g.costUsd), -i.fixedCostPerMonth]),
      on: running.map((g) => g.id),
    }
  })
  return {
    months,
    totalCashFlowUsd: step('totalCashFlowUsd', sum(months.map((m) => m.cashFlowUsd))),
    totalBtc: step('totalBtc', sum(months.map((m) => m.btcMined))),
  }
})
