import * as z from 'zod'
import { atLeastZero, finite, model } from '../model.ts'
import { sum } from '../sum.ts'
import { type PriceTier, spreadOverTiers } from './opportunity-price.ts'

/** MW of one block inside one price tier: the smallest thing the rule decides about. */
export type DecidedLoad = {
  /** Which of the price tiers. */
  readonly tier: number
  readonly mw: number
  readonly pricePerMwh: number
  /** revenue - opportunity price - adder, USD/MWh. */
  readonly marginPerMwh: number
  /** Strictly above zero runs; a margin of exactly zero is off. */
  readonly run: boolean
}
export type DecidedBlock = { readonly id: string; readonly loads: readonly DecidedLoad[] }

const bestFirst = (a: { id: string; revenuePerMwh: number }, b: { id: string; revenuePerMwh: number }) =>
  b.revenuePerMwh - a.revenuePerMwh || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/**
 * The real-time rule (`economics.md` 4.1): run a MW when its revenue beats the opportunity price and the avoidable adder.
 * Contract energy goes to the blocks that earn most per MWh. Answers best block first; null where a load would rest on a
 * price that is not known.
 * Worked: revenue 76.40, price 62, adder 6: margin 8.40, runs; revenue 45.20: −22.80, off.
 */
export const decideLoads = (
  blocks: readonly { id: string; mw: number; revenuePerMwh: number }[],
  tiers: readonly PriceTier[],
  adderPerMwh: number,
): readonly DecidedBlock[] | null => {
  const ranked = [...blocks].sort(bestFirst)
  const spread = spreadOverTiers(
    ranked.map((b) => b.mw),
    tiers,
  )
  const decided: DecidedBlock[] = []
  for (const [k, block] of ranked.entries()) {
    const loads: DecidedLoad[] = []
    for (const [t, mw] of (spread[k] ?? []).entries()) {
      if (mw <= 0) continue
      const pricePerMwh = tiers[t]?.pricePerMwh ?? null
      if (pricePerMwh === null) return null
      const marginPerMwh = block.revenuePerMwh - pricePerMwh - adderPerMwh
      loads.push({ tier: t, mw, pricePerMwh, marginPerMwh, run: marginPerMwh > 0 })
    }
    decided.push({ id: block.id, loads })
  }
  return decided
}

const RtRuleInputs = z
  .object({
    groups: z.array(z.object({ id: z.string(), mw: atLeastZero, revenuePerMWh: finite })),
    pricePerMWh: finite,
    avoidableAdderPerMWh: finite.optional(),
    /** Take-or-pay volume; left out: everything at the market price. */
    contractMW: atLeastZero.optional(),
    resaleAllowed: z.boolean().optional(),
    resaleSpreadPerMWh: atLeastZero.optional(),
  })
  .superRefine((i, refuse) => {
    const ids = new Set<string>()
    for (const [index, group] of i.groups.entries()) {
      if (ids.has(group.id)) refuse.addIssue({ code: 'custom', path: ['groups', index, 'id'], message: `"${group.id}" is there twice` })
      ids.add(group.id)
    }
  })

/** The rule for one interval over groups: MW to run of each, USD per hour kept against the opportunity price, MW off. */
export const rtRule = model({ id: 'curtailment.rtRule', section: '4.1' }, RtRuleInputs, (i, { step }) => {
  const inside = i.resaleAllowed
    ? step(
        'insideContractPerMWh',
        i.pricePerMWh - (i.resaleSpreadPerMWh ?? 0),
        i.resaleSpreadPerMWh === undefined ? 'pricePerMWh' : 'pricePerMWh - resaleSpreadPerMWh',
      )
    : step('insideContractPerMWh', 0)
  const tiers: PriceTier[] = [
    { mw: i.contractMW ?? 0, pricePerMwh: inside },
    { mw: Number.POSITIVE_INFINITY, pricePerMwh: i.pricePerMWh },
  ]
  const blocks = i.groups.map((g) => ({ id: g.id, mw: g.mw, revenuePerMwh: g.revenuePerMWh }))
  const decided = decideLoads(blocks, tiers, i.avoidableAdderPerMWh ?? 0) ?? []
  const runMwOf = (b: DecidedBlock) => sum(b.loads.filter((l) => l.run).map((l) => l.mw))
  const runOf = new Map(decided.map((b) => [b.id, runMwOf(b)]))
  return {
    runMW: Object.fromEntries(i.groups.map((g) => [g.id, runOf.get(g.id) ?? 0])),
    marginUsdPerHour: step('marginUsdPerHour', sum(decided.flatMap((b) => b.loads.filter((l) => l.run).map((l) => l.marginPerMwh * l.mw)))),
    curtailedMW: step('curtailedMW', sum(decided.flatMap((b) => b.loads.filter((l) => !l.run).map((l) => l.mw)))),
  }
})
