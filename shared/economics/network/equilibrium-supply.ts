import * as z from 'zod'
import { atLeastZero, model } from '../model.ts'
import { sum } from '../sum.ts'
import { byBreakEven, type Tranche, tranches } from './tranches.ts'

export type Equilibrium = {
  /** Null where no tranche has any hashrate: there is no hashprice that balances. */
  readonly hashpriceUsd: number | null
  readonly onlinePHs: number
  readonly marginalId: string | null
  readonly marginalIsPartlyOn: boolean
  /** Only those running, from the cheapest to the dearest. */
  readonly on: readonly { readonly id: string; readonly hashratePHs: number }[]
}

/** Equilibrium of tranches that are already in order (`byBreakEven`). */
export const equilibriumOf = (ordered: readonly Tranche[], revenueUsdPerDay: number): Equilibrium => {
  const on: { id: string; hashratePHs: number }[] = []
  const answer = (hashpriceUsd: number | null, onlinePHs: number, marginalIsPartlyOn = false): Equilibrium => ({
    hashpriceUsd,
    onlinePHs,
    marginalId: on.at(-1)?.id ?? null,
    marginalIsPartlyOn,
    on,
  })
  if (revenueUsdPerDay === 0) return answer(0, 0)
  let online = 0
  for (const { id, hashratePHs, breakEvenHashpriceUsd } of ordered) {
    if (hashratePHs === 0) continue
    if (online > 0 && revenueUsdPerDay / online <= breakEvenHashpriceUsd) return answer(revenueUsdPerDay / online, online)
    const withAll = online + hashratePHs
    if (revenueUsdPerDay / withAll < breakEvenHashpriceUsd) {
      const carried = revenueUsdPerDay / breakEvenHashpriceUsd
      on.push({ id, hashratePHs: carried - online })
      return answer(breakEvenHashpriceUsd, carried, true)
    }
    on.push({ id, hashratePHs })
    online = withAll
  }
  return answer(online > 0 ? revenueUsdPerDay / online : null, online)
}

/**
 * Who runs, and the hashprice they get, when the whole network shares `networkRevenueUsdPerDay`: machines run while
 * hashprice >= their break-even, and hashprice x online = revenue. Always one solution; where revenue cannot carry all of a
 * tranche, that one is partly on and hashprice is its break-even. Ties run by id. No revenue: nobody runs at hashprice 0.
 * Hashprice is null where no tranche has hashrate.
 * Worked: $32,205,600 over 850,000 PH/s = 37.89 USD/PH/day: the tranche at 36.90 runs, the one at 47.50 does not.
 */
export const equilibriumSupply = model(
  { id: 'network.equilibriumSupply', section: '3.3' },
  z.object({ tranches: tranches(100_000), networkRevenueUsdPerDay: atLeastZero }),
  (i, { step }) => {
    const { on, ...e } = equilibriumOf(byBreakEven(i.tranches), i.networkRevenueUsdPerDay)
    const installedPHs = step('installedPHs', sum(i.tranches.map((t) => t.hashratePHs)))
    step('onlinePHs', e.onlinePHs)
    if (e.hashpriceUsd !== null && e.onlinePHs > 0) step('hashpriceUsd', e.hashpriceUsd, 'networkRevenueUsdPerDay / onlinePHs')
    return {
      ...e,
      onPHs: Object.fromEntries(on.map((t) => [t.id, t.hashratePHs])),
      installedPHs,
      offPHs: step('offPHs', Math.max(0, installedPHs - e.onlinePHs), 'max(0, installedPHs - onlinePHs)'),
    }
  },
)
