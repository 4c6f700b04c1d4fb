import * as z from 'zod'
import { TH_PER_PH, W_PER_MW } from '../../units.ts'
import { atLeastZero, finite, model, positive } from '../model.ts'
import { sum } from '../sum.ts'

/** More blocks than this are not written out term by term. */
const LONGEST_SUM = 24
const summed = (n: number, term: string): string | undefined =>
  n === 0 || n > LONGEST_SUM ? undefined : Array.from({ length: n }, (_, k) => `blocks[${k}].${term}`).join(' + ')
const withHow = (how: string | undefined, after: string): [string] | [] => (how === undefined ? [] : [`(${how}) ${after}`])

/**
 * Hashrate of a site, PH/s: what the machines of its blocks report. A block of which nothing is known is not in the list.
 * Worked: 20,000 and 25,000 TH/s: 45 PH/s.
 */
export const siteHashrate = model(
  { id: 'site.siteHashrate', section: '1.5' },
  z.object({ blocks: z.array(z.object({ id: z.string(), hashrateTHs: atLeastZero })).max(10_000) }),
  ({ blocks }, { step }) => ({
    hashratePHs: step(
      'hashratePHs',
      sum(blocks.map((b) => b.hashrateTHs / TH_PER_PH)),
      ...withHow(summed(blocks.length, 'hashrateTHs'), '/ 1000'),
    ),
  }),
)

/**
 * Power of a site at its meter, MW: the machines of its blocks times the overhead ratio.
 * Worked: 400 kW and 800 kW of machines at 1.05: 1.26 MW.
 */
export const sitePower = model(
  { id: 'site.sitePower', section: '1.5' },
  z.object({ blocks: z.array(z.object({ id: z.string(), powerW: atLeastZero })).max(10_000), overheadRatio: z.number().min(1) }),
  ({ blocks, overheadRatio }, { step }) => ({
    powerMW: step(
      'powerMW',
      sum(blocks.map((b) => (b.powerW * overheadRatio) / W_PER_MW)),
      ...withHow(summed(blocks.length, 'powerW'), '* overheadRatio / 1e6'),
    ),
  }),
)

/** Energy a block needs for its hashes, J/TH = W per TH/s: of sums, never a mean of ratios. Worked: 400 kW / 20,000 TH/s = 20. */
export const blockEfficiency = model(
  { id: 'site.blockEfficiency', section: '1.5' },
  z.object({ powerW: atLeastZero, hashrateTHs: positive }),
  ({ powerW, hashrateTHs }, { step }) => ({ efficiencyJTH: step('efficiencyJTH', powerW / hashrateTHs, 'powerW / hashrateTHs') }),
)

/**
 * Metered site power / machine power, at least 1. Silent machines may or may not draw, which leaves a range: inside it the assumed
 * ratio stands, outside it is moved to the nearest end.
 * Worked: meter 1.05 MW, machines 1.00 MW, none silent: 1.05. With a silent one that drew 0.02 MW: 1.029 to 1.05; assumed 1.04 stands.
 */
export const meteredOverhead = model(
  { id: 'site.meteredOverhead', section: '1.5' },
  z.object({ meterW: atLeastZero, machinesW: positive, silentW: atLeastZero, assumedRatio: z.number().min(1) }),
  (i, { step }) => {
    const highest = step('highestRatio', i.meterW / i.machinesW, 'meterW / machinesW')
    const lowest = step('lowestRatio', i.meterW / (i.machinesW + i.silentW), 'meterW / (machinesW + silentW)')
    return {
      highestRatio: highest,
      lowestRatio: lowest,
      overheadRatio: step(
        'overheadRatio',
        Math.max(1, Math.min(highest, Math.max(lowest, i.assumedRatio))),
        'max(1, min(highestRatio, max(lowestRatio, assumedRatio)))',
      ),
    }
  },
)

/** What a MWh of the marginal block keeps against its price, USD/MWh. Worked: break-even 62.50, price 70: −7.50. */
export const siteMargin = model(
  { id: 'site.siteMargin', section: '4.1' },
  z.object({ breakEvenPowerPerMWh: finite, pricePerMWh: finite }),
  (i, { step }) => ({
    marginPerMWh: step('marginPerMWh', i.breakEvenPowerPerMWh - i.pricePerMWh, 'breakEvenPowerPerMWh - pricePerMWh'),
  }),
)
