import * as z from 'zod'
import { failed } from '../../result.ts'
import { finite, model, positive } from '../model.ts'
import { HashrateSteps } from './hashrate-steps.ts'
import { epochs, simulateEpochs } from './simulate-epochs.ts'

const PH_PER_EH = 1000

/** Changes of the own hashrate against what the network's steps already hold; the last one holds for ever. */
const OwnChangeSteps = z
  .array(z.object({ fromHour: z.number().min(0), changePHs: finite }))
  .min(1)
  .max(1000)
  .superRefine((steps, refuse) => {
    for (const [k, step] of steps.entries())
      if (k > 0 && step.fromHour <= (steps[k - 1]?.fromHour ?? 0))
        refuse.addIssue({ code: 'custom', path: [k], message: 'steps ascend in time' })
  })

/** The network's steps with the own change on top. */
const together = (network: HashrateSteps, own: z.output<typeof OwnChangeSteps>): HashrateSteps => {
  const hours = [...new Set([...network, ...own].map((s) => s.fromHour))].sort((a, b) => a - b)
  let n = 0
  let o = 0
  return hours.map((fromHour) => {
    while ((network[n + 1]?.fromHour ?? Number.POSITIVE_INFINITY) <= fromHour) n++
    while ((own[o]?.fromHour ?? Number.POSITIVE_INFINITY) <= fromHour) o++
    return { fromHour, hashrateEHs: (network[n]?.hashrateEHs ?? 0) + (own[o - 1]?.changePHs ?? 0) / PH_PER_EH }
  })
}

/**
 * What the own fleet does to difficulty by joining (positive PH/s) or leaving (negative), epoch by epoch: a change by a
 * share `s` of the network shifts difficulty by `s` once a whole epoch has seen it, and hashprice by 1 / (1 + s) - 1.
 * `ownChangeSteps` change the network of `hashrateSteps`, which holds the fleet as it stands; hour 0 starts an epoch.
 * Worked: 9,000 PH/s join 900 EH/s for good: s = 1 %, difficulty 1 % higher, hashprice 1 / 1.01 - 1 = 0.99 % lower.
 */
export const ownFleetEffect = model(
  { id: 'network.ownFleetEffect', section: '3.2' },
  z.object({ difficulty: positive, hashrateSteps: HashrateSteps, ownChangeSteps: OwnChangeSteps, epochs }),
  (i, { use }) => {
    const asItIs = use('withoutChange', simulateEpochs, { difficulty: i.difficulty, hashrateSteps: i.hashrateSteps, epochs: i.epochs })
    if (!asItIs.ok) return asItIs
    const hashrateSteps = together(i.hashrateSteps, i.ownChangeSteps)
    const changed = use('withChange', simulateEpochs, { difficulty: i.difficulty, hashrateSteps, epochs: i.epochs })
    if (!changed.ok) return failed('invalid-input', 'ownChangeSteps: more leaves than the network has', { field: 'ownChangeSteps' })
    const shift = changed.value.newDifficulty.map((d, k) => d / (asItIs.value.newDifficulty[k] ?? d) - 1)
    const last = i.ownChangeSteps.at(-1)?.changePHs ?? 0
    const network = i.hashrateSteps.at(-1)?.hashrateEHs ?? 0
    return {
      /** Of the last own change in the last network hashrate: where the shift ends. */
      ownShare: network > 0 ? last / PH_PER_EH / network : null,
      without: { endDay: asItIs.value.endDay, newDifficulty: asItIs.value.newDifficulty },
      with: { endDay: changed.value.endDay, newDifficulty: changed.value.newDifficulty },
      difficultyShiftShare: shift,
      hashpriceShiftShare: shift.map((s) => 1 / (1 + s) - 1),
    }
  },
)
