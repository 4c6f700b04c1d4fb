import * as z from 'zod'
import { atLeastZero, model, positive } from '../model.ts'
import { CostPerBtcInputs, costPerBtc } from './cost-per-coin.ts'

const components = ['powerCostUsd', 'siteOpexUsd', 'hostingUsd', 'sgaUsd', 'cashInterestUsd', 'depreciationUsd', 'stockCompUsd'] as const

const CostMixInputs = CostPerBtcInputs.extend({
  btcMinedNet: positive,
  /** The fully loaded cost of a coin that a headline names. */
  targetFullyLoadedPerBtc: atLeastZero,
  /** The component that is not known: the others stay as given. */
  solveFor: z.enum(components),
})

/**
 * Which cost mix stands behind a headline such as "$88,000 a coin"? All components but one are given; the one left is what
 * the target leaves over. `possible` is false where the known ones alone are dearer than the target (the missing one would
 * be negative; the levels are then null). Levels and the loss or gain per coin at each are those of 2.2.
 * Worked: 400 coins; known costs 27.6M, target 88,000: 35.2M - 27.6M = $7.6M of depreciation. At $71,000 the fully loaded
 * margin is -17,000 a coin, while power alone, 20.3M / 400 = 50,750, still leaves 20,250.
 */
export const costMix = model({ id: 'breakeven.costMix', section: '2.2' }, CostMixInputs, (i, { step, use }) => {
  const { targetFullyLoadedPerBtc, solveFor, ...costs } = i
  const known = use('known', costPerBtc, { ...costs, [solveFor]: 0 })
  if (!known.ok) return known
  const knownPerBtc = step('knownPerBtc', known.value.fullyLoadedPerBtc ?? 0)
  const solvedPerBtc = step('solvedPerBtc', targetFullyLoadedPerBtc - knownPerBtc, 'targetFullyLoadedPerBtc - knownPerBtc')
  const solvedUsd = step('solvedUsd', solvedPerBtc * i.btcMinedNet, 'solvedPerBtc * btcMinedNet')
  // Only power may be below zero: a site that is paid to consume.
  if (solvedUsd < 0 && solveFor !== 'powerCostUsd') return { possible: false, solvedUsd, solvedPerBtc, levels: null, marginPerBtc: null }
  const levels = use('levels', costPerBtc, { ...costs, [solveFor]: solvedUsd })
  if (!levels.ok) return levels
  const { directPerBtc, siteCashPerBtc, corporateCashPerBtc, fullyLoadedPerBtc } = levels.value
  const marginAt = (cost: number | null) => (cost === null ? null : i.btcPriceUsd - cost)
  return {
    possible: true,
    solvedUsd,
    solvedPerBtc,
    levels: { directPerBtc, siteCashPerBtc, corporateCashPerBtc, fullyLoadedPerBtc },
    /** Gain or loss on a coin at each level; only the first says whether to switch off. */
    marginPerBtc: {
      directPerBtc: marginAt(directPerBtc),
      siteCashPerBtc: marginAt(siteCashPerBtc),
      corporateCashPerBtc: marginAt(corporateCashPerBtc),
      fullyLoadedPerBtc: marginAt(fullyLoadedPerBtc),
    },
  }
})
