import * as z from 'zod'
import { atLeastZero, model, share } from '../model.ts'
import { sum } from '../sum.ts'
import { equilibriumOf } from './equilibrium-supply.ts'
import { byBreakEven, type Tranche, tranches } from './tranches.ts'

const LONGEST_MONTHS = 1200
const MOST_TRANCHES = 10_000
/** Tranches x months; keeps one evaluation bounded. */
const MOST_CELLS = 2_000_000

const Inputs = z
  .object({
    tranches: tranches(MOST_TRANCHES),
    /** Of today: the equilibrium it carries is the start. */
    baseNetworkRevenueUsdPerDay: atLeastZero,
    /** A month an entry. */
    networkRevenueUsdPerDay: z.array(atLeastZero).min(1).max(LONGEST_MONTHS),
    /** Of a tranche's machines, the share gone to AI by the end of each month; a share that falls brings them back, switched off. */
    aiExits: z
      .array(z.object({ trancheId: z.string(), cumulativeShare: z.array(share) }))
      .max(MOST_TRANCHES)
      .default([]),
    /** Part of the way to the equilibrium that a month covers: machines switch off fast, sites and machines come slowly. */
    kOff: share.default(0.6),
    kOn: share.default(0.15),
  })
  .superRefine((i, refuse) => {
    const months = i.networkRevenueUsdPerDay.length
    if (months * i.tranches.length > MOST_CELLS)
      refuse.addIssue({ code: 'custom', path: ['networkRevenueUsdPerDay'], message: `more than ${MOST_CELLS} tranche-months` })
    const known = new Set(i.tranches.map((t) => t.id))
    const seen = new Set<string>()
    for (const [k, { trancheId, cumulativeShare }] of i.aiExits.entries()) {
      const bad = (message: string) => refuse.addIssue({ code: 'custom', path: ['aiExits', k], message })
      if (!known.has(trancheId)) bad(`no tranche is called "${trancheId}"`)
      if (seen.has(trancheId)) bad(`"${trancheId}" leaves twice`)
      if (cumulativeShare.length !== months) bad(`has ${cumulativeShare.length} months, revenue has ${months}`)
      seen.add(trancheId)
    }
  })
type Inputs = z.output<typeof Inputs>

type Month = {
  readonly hashratePHs: number
  readonly targetPHs: number
  readonly hashpriceUsd: number | null
  readonly availablePHs: number
}

const gone = (exits: Inputs['aiExits'], month: number): ReadonlyMap<string, number> =>
  new Map(exits.map((e) => [e.trancheId, e.cumulativeShare[month] ?? 0]))

const onAt = (ordered: readonly Tranche[], revenueUsdPerDay: number) => {
  const { on, onlinePHs } = equilibriumOf(ordered, revenueUsdPerDay)
  return { onlinePHs, byId: new Map(on.map((t) => [t.id, t.hashratePHs])) }
}

/** Month by month: first what goes to AI leaves, running or not in proportion, then each tranche moves towards the equilibrium. */
const months = (ordered: readonly Tranche[], i: Inputs, exits: Inputs['aiExits']): Month[] => {
  const start = onAt(ordered, i.baseNetworkRevenueUsdPerDay).byId
  const on = new Map(ordered.map((t) => [t.id, start.get(t.id) ?? 0]))
  let left = ordered
  return i.networkRevenueUsdPerDay.map((revenue, month) => {
    const exited = gone(exits, month)
    const now = ordered.map((t) => ({ ...t, hashratePHs: t.hashratePHs * (1 - (exited.get(t.id) ?? 0)) }))
    const target = onAt(now, revenue)
    for (const [k, t] of now.entries()) {
      const before = left[k]?.hashratePHs ?? 0
      const running = (on.get(t.id) ?? 0) * (t.hashratePHs < before ? t.hashratePHs / before : 1)
      const wanted = target.byId.get(t.id) ?? 0
      on.set(t.id, running + (wanted < running ? i.kOff : i.kOn) * (wanted - running))
    }
    left = now
    const hashratePHs = sum(on.values())
    return {
      hashratePHs,
      targetPHs: target.onlinePHs,
      hashpriceUsd: hashratePHs > 0 ? revenue / hashratePHs : null,
      availablePHs: sum(now.map((t) => t.hashratePHs)),
    }
  })
}

/**
 * The others over the months ahead, starting from today's equilibrium: each month a part `kOff` (fewer) or `kOn` (more) of
 * the way to that month's equilibrium, H += k (H* - H), tranche by tranche. AI exits are permanent (the machines are gone),
 * price exits are not (they stand there, off). Hashprice is revenue over the hashrate of the month, to which difficulty has
 * adjusted; null where nobody is left. Exits are counted against the start: `exitedByAiPHs` of what ran then,
 * `exitedByPricePHs` the rest (negative: price drew more in); `aiShareOfExits` is null where nothing left.
 * `gainOfStayersShare` compares hashprice with the same months without any AI exit: what others leaving does for those who stay.
 * Worked: 1,000 PH/s at break-even 50 run on $60,000/day; revenue falls to $30,000, which carries 600: after a month
 * 1,000 - 0.6 x 400 = 760 PH/s at 39.47, then 760 - 0.6 x 160 = 664.
 */
export const hashrateDynamics = model({ id: 'network.hashrateDynamics', section: '3.3' }, Inputs, (i) => {
  const ordered = byBreakEven(i.tranches)
  const start = onAt(ordered, i.baseNetworkRevenueUsdPerDay)
  const path = months(ordered, i, i.aiExits)
  const withoutAi = i.aiExits.length === 0 ? path : months(ordered, i, [])
  const exitedByAiPHs = path.map((_, month) => {
    const exited = gone(i.aiExits, month)
    return sum(ordered.map((t) => (exited.get(t.id) ?? 0) * (start.byId.get(t.id) ?? 0)))
  })
  const exitedByPricePHs = path.map((m, k) => start.onlinePHs - m.hashratePHs - (exitedByAiPHs[k] ?? 0))
  const aiShareOfExits = exitedByAiPHs.map((ai, k) => {
    const all = ai + Math.max(0, exitedByPricePHs[k] ?? 0)
    return all > 0 ? ai / all : null
  })
  return {
    startPHs: start.onlinePHs,
    startHashpriceUsd: start.onlinePHs > 0 ? i.baseNetworkRevenueUsdPerDay / start.onlinePHs : null,
    hashratePHs: path.map((m) => m.hashratePHs),
    targetPHs: path.map((m) => m.targetPHs),
    hashpriceUsd: path.map((m) => m.hashpriceUsd),
    idlePHs: path.map((m) => Math.max(0, m.availablePHs - m.hashratePHs)),
    exitedByAiPHs,
    exitedByPricePHs,
    aiShareOfExits,
    priceShareOfExits: aiShareOfExits.map((ai) => (ai === null ? null : 1 - ai)),
    hashpriceWithoutAiUsd: withoutAi.map((m) => m.hashpriceUsd),
    gainOfStayersShare: path.map((m, k) => {
      const without = withoutAi[k]?.hashpriceUsd ?? null
      return m.hashpriceUsd === null || without === null || without === 0 ? null : m.hashpriceUsd / without - 1
    }),
  }
})
