import * as z from 'zod'
import { HOURS_PER_DAY, KW_PER_MW, TH_PER_PH } from '../../units.ts'
import { atLeastZero, model, positive, share, shareBelowOne, type Trace, wholeAtLeastZero } from '../model.ts'
import { sum } from '../sum.ts'

const Group = z.object({
  id: z.string(),
  site: z.string(),
  units: wholeAtLeastZero,
  /** Name plate of one unit, TH/s. */
  unitTHs: atLeastZero,
  efficiencyJTH: positive,
  /** Share of the time not lost to outages; curtailment is explicit elsewhere. */
  uptime: share,
})
const RollupInputs = z
  .object({
    groups: z.array(Group),
    /** Metered MWh / machine MWh of each site, >= 1. */
    siteOverheadRatio: z
      .record(z.string(), z.unknown())
      .refine(
        (ratios) => Object.values(ratios).every((r) => typeof r === 'number' && Number.isFinite(r) && r >= 1),
        'each ratio is at least 1',
      ),
    hashpriceUsdPerPhDay: atLeastZero,
    poolFee: shareBelowOne,
    stale: shareBelowOne.optional(),
    days: atLeastZero,
  })
  .superRefine((i, refuse) => {
    const ids = new Set<string>()
    for (const [index, group] of i.groups.entries()) {
      if (ids.has(group.id)) refuse.addIssue({ code: 'custom', path: ['groups', index, 'id'], message: `"${group.id}" is there twice` })
      ids.add(group.id)
      if (!Object.hasOwn(i.siteOverheadRatio, group.site))
        refuse.addIssue({ code: 'custom', path: ['groups', index, 'site'], message: `no overhead ratio is given for "${group.site}"` })
    }
  })

type GroupFigures = { effectivePHs: number; energyMWh: number; revenueUsd: number; efficiencyWeight: number }

/** Ratios are recomputed from the sums at every level, never averaged; null without energy or hashrate. */
const total = (members: readonly GroupFigures[]) => {
  const effectivePHs = sum(members.map((m) => m.effectivePHs))
  const energyMWh = sum(members.map((m) => m.energyMWh))
  const revenueUsd = sum(members.map((m) => m.revenueUsd))
  return {
    effectivePHs,
    energyMWh,
    revenueUsd,
    revenuePerMWh: energyMWh > 0 ? revenueUsd / energyMWh : null,
    fleetEfficiencyJTH: effectivePHs > 0 ? sum(members.map((m) => m.efficiencyWeight)) / effectivePHs : null,
  }
}

/** Sums over the groups, and what is recomputed from them; a group is its own `units x unitTHs / 1000 x uptime` and so on. */
const told = (portfolio: ReturnType<typeof total>, step: Trace['step']) => {
  step('effectivePHs', portfolio.effectivePHs)
  step('energyMWh', portfolio.energyMWh)
  step('revenueUsd', portfolio.revenueUsd)
  if (portfolio.revenuePerMWh !== null) step('revenuePerMWh', portfolio.revenuePerMWh, 'revenueUsd / energyMWh')
  return portfolio
}

/**
 * Devices to groups, sites and portfolio: PH/s, MWh, USD over `days`.
 * Worked: 3,000 x 200 TH/s at 97 % = 582 PH/s; at 17.5 J/TH and 1.04: 582 x 17.5 x 1.04 x 24 x 30 / 1000 = 7,626.528 MWh;
 * at $33.30/PH/day less 2 %: 582 x 33.3 x 0.98 x 30 = $569,789.64, $74.71/MWh.
 */
export const rollup = model({ id: 'revenue.rollup', section: '1.5' }, RollupInputs, (i, { step }) => {
  const net = step(
    'netShare',
    (1 - i.poolFee) * (1 - (i.stale ?? 0)),
    i.stale === undefined ? '1 - poolFee' : '(1 - poolFee) * (1 - stale)',
  )
  const rows = i.groups.map((g) => {
    const effectivePHs = ((g.units * g.unitTHs) / TH_PER_PH) * g.uptime
    const ratio = Number(i.siteOverheadRatio[g.site])
    const energyMWh = (effectivePHs * g.efficiencyJTH * ratio * HOURS_PER_DAY * i.days) / KW_PER_MW
    const revenueUsd = effectivePHs * i.hashpriceUsdPerPhDay * net * i.days
    return { id: g.id, site: g.site, effectivePHs, energyMWh, revenueUsd, efficiencyWeight: effectivePHs * g.efficiencyJTH }
  })
  const sites = [...new Set(rows.map((r) => r.site))]
  return {
    groups: Object.fromEntries(
      rows.map(({ id, effectivePHs, energyMWh, revenueUsd }) => [
        id,
        { effectivePHs, energyMWh, revenueUsd, revenuePerMWh: energyMWh > 0 ? revenueUsd / energyMWh : null },
      ]),
    ),
    sites: Object.fromEntries(sites.map((site) => [site, total(rows.filter((r) => r.site === site))])),
    portfolio: told(total(rows), step),
  }
})
