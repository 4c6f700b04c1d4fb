import * as z from 'zod'
import { HOURS_PER_DAY } from '../../units.ts'
import { atLeastZero, finite, model, positive, shareBelowOne } from '../model.ts'
import { sum } from '../sum.ts'

export const MeritOrderInputs = z.object({
  groups: z.array(
    z.object({
      id: z.string(),
      hashratePHs: atLeastZero,
      efficiencyJTH: positive,
      overheadRatio: z.number().min(1),
      powerPricePerMWh: finite,
      otherVariablePerMWh: finite,
      poolFee: shareBelowOne,
    }),
  ),
  btcPerPhDay: atLeastZero,
  btcPriceUsd: atLeastZero,
})

/** Code-unit order: the same on every computer, unlike a locale's. */
const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/**
 * Supply curve of a fleet: groups by the coin price at which each switches off, lowest first (ties by id), with cumulative
 * PH/s and MW at the meter. Read upwards it is the price ladder: below `breakEvenBtcUsd` that row is off.
 * Without coins (`btcPerPhDay` 0) no break-even exists (null, last); only energy that costs nothing is then in the money.
 * Worked: 1,200 PH/s at 17.5 J/TH x 1.04 draw 21.84 MW.
 */
export const meritOrder = model({ id: 'breakeven.meritOrder', section: '2.3' }, MeritOrderInputs, (i, { step }) => {
  const ranked = i.groups
    .map((g) => {
      const megawatt = (g.hashratePHs * g.efficiencyJTH * g.overheadRatio) / 1000
      const cost = g.powerPricePerMWh + g.otherVariablePerMWh
      const coinsPerMWh = ((i.btcPerPhDay * (1 - g.poolFee)) / (g.efficiencyJTH * g.overheadRatio * HOURS_PER_DAY)) * 1000
      const breakEvenBtcUsd = coinsPerMWh > 0 ? cost / coinsPerMWh : null
      return {
        id: g.id,
        hashratePHs: g.hashratePHs,
        megawatt,
        breakEvenBtcUsd,
        inTheMoney: breakEvenBtcUsd === null ? cost <= 0 : breakEvenBtcUsd <= i.btcPriceUsd,
        dailyMarginUsd: g.hashratePHs * i.btcPerPhDay * i.btcPriceUsd * (1 - g.poolFee) - megawatt * HOURS_PER_DAY * cost,
      }
    })
    .sort((a, b) => {
      if (a.breakEvenBtcUsd === null || b.breakEvenBtcUsd === null)
        return Number(a.breakEvenBtcUsd === null) - Number(b.breakEvenBtcUsd === null) || byId(a, b)
      return a.breakEvenBtcUsd - b.breakEvenBtcUsd || byId(a, b)
    })
  let cumulativePHs = 0
  let cumulativeMW = 0
  const rows = ranked.map(({ id, hashratePHs, megawatt, breakEvenBtcUsd, inTheMoney, dailyMarginUsd }) => {
    cumulativePHs += hashratePHs
    cumulativeMW += megawatt
    return { id, breakEvenBtcUsd, cumulativePHs, cumulativeMW, inTheMoney, dailyMarginUsd }
  })
  const profitable = ranked.filter((r) => r.inTheMoney)
  return {
    rows,
    profitablePHs: step('profitablePHs', sum(profitable.map((r) => r.hashratePHs))),
    profitableMW: step('profitableMW', sum(profitable.map((r) => r.megawatt))),
    portfolioShutdownBtcUsd: ranked[0]?.breakEvenBtcUsd ?? null,
    dailyMarginIfAllRun: step('dailyMarginIfAllRun', sum(ranked.map((r) => r.dailyMarginUsd))),
    dailyMarginIfOptimal: step('dailyMarginIfOptimal', sum(profitable.map((r) => r.dailyMarginUsd))),
  }
})
