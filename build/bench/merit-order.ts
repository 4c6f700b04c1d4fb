import { meritOrder } from '#shared/economics/breakeven/merit-order.ts'
import { type Benchmark, below, shown } from './benchmark.ts'

/** A fleet of groups spread over efficiencies and prices, the same in every run. */
const fleet = (count: number) => ({
  groups: Array.from({ length: count }, (_, k) => ({
    id: `group-${k}`,
    hashratePHs: 1 + (k % 17),
    efficiencyJTH: 13.5 + ((k * 7919) % 1000) / 40,
    overheadRatio: 1.04,
    powerPricePerMWh: 20 + ((k * 104_729) % 7000) / 100,
    otherVariablePerMWh: 5,
    poolFee: 0.02,
  })),
  btcPerPhDay: 0.00047,
  btcPriceUsd: 71_000,
})

export const bench: Benchmark = {
  name: 'merit-order',
  about: 'supply curve of a fleet, with its input checked',
  run: async ({ median }) => {
    const one = fleet(10_000)
    const two = fleet(20_000)
    const single = await median(() => void meritOrder(one))
    const doubled = await median(() => void meritOrder(two))
    return [
      below('10,000 groups', single, 'ms', 50),
      shown('20,000 groups', doubled, 'ms'),
      below('time for doubled groups', doubled / single, 'x', 3),
    ]
  },
}
