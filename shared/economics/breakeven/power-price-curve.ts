import { HOURS_PER_DAY } from '../../units.ts'
import { model } from '../model.ts'
import { MeritOrderInputs } from './merit-order.ts'

/**
 * The merit order in power price: groups by what a MWh earns them, dearest first (ties by id), against MW. It is the
 * fleet's demand curve: at a power price below `revenuePerMWh` less its other variable cost a group runs. Each group's own
 * energy price plays no part.
 * Worked: 50 USD/PH/day at 20 J/TH earn 50 / 0.48 = 104.17 USD/MWh; with 4 of other cost it runs below 100.17.
 */
export const powerPriceCurve = model({ id: 'breakeven.powerPriceCurve', section: '2.3' }, MeritOrderInputs, (i) => {
  const ranked = i.groups
    .map((g) => {
      const kwPerPHs = g.efficiencyJTH * g.overheadRatio
      const revenuePerMWh = (i.btcPerPhDay * i.btcPriceUsd * (1 - g.poolFee) * 1000) / (kwPerPHs * HOURS_PER_DAY)
      return {
        id: g.id,
        revenuePerMWh,
        runsBelowPerMWh: revenuePerMWh - g.otherVariablePerMWh,
        groupPHs: g.hashratePHs,
        groupMW: (g.hashratePHs * kwPerPHs) / 1000,
      }
    })
    .sort((a, b) => b.revenuePerMWh - a.revenuePerMWh || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  let cumulativeMW = 0
  let cumulativePHs = 0
  return {
    rows: ranked.map((row) => {
      cumulativeMW += row.groupMW
      cumulativePHs += row.groupPHs
      return { ...row, cumulativeMW, cumulativePHs }
    }),
  }
})
