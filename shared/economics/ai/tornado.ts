import * as z from 'zod'
import { failed, type Result } from '../../result.ts'
import { finite, model } from '../model.ts'
import { ColocationProject, coloProject, evaluateColocation } from './colocation-project.ts'

type TornadoRow = { parameter: string; npvLow: number; npvHigh: number; swing: number }

/** Largest effect first; equal ones keep their order. */
export const byFallingSwing = (a: { swing: number }, b: { swing: number }) => b.swing - a.swing

/**
 * One input at a time at its low and its high, everything else as it is: how far the NPV against mining on moves.
 * `npvLow` is the NPV at `low`, whichever way it goes. Refuses a parameter that is not a number of the project, and a bound
 * that the project refuses.
 */
export const tornado = model(
  { id: 'ai.tornado', section: '5.6' },
  z.object({
    project: ColocationProject,
    ranges: z
      .array(z.object({ parameter: z.string(), low: finite, high: finite }))
      .min(1)
      .max(100),
  }),
  ({ project, ranges }, { step }): Result<{ baseNpvIncremental: number; rows: TornadoRow[] }> => {
    const rows: TornadoRow[] = []
    for (const { parameter, low, high } of ranges) {
      if (!Object.hasOwn(project, parameter) || typeof project[parameter as keyof ColocationProject] !== 'number')
        return failed('invalid-input', `ranges: "${parameter}" is not a number of the project`, { field: 'ranges' })
      const at = (value: number) => coloProject({ ...project, [parameter]: value })
      const atLow = at(low)
      const atHigh = at(high)
      if (!atLow.ok || !atHigh.ok) return failed('invalid-input', `ranges: the project cannot take that ${parameter}`, { field: 'ranges' })
      const npvLow = atLow.value.npvIncremental
      const npvHigh = atHigh.value.npvIncremental
      rows.push({ parameter, npvLow, npvHigh, swing: Math.abs(npvHigh - npvLow) })
    }
    const baseNpvIncremental = step('baseNpvIncremental', evaluateColocation(project).figures.npvIncremental)
    return { ok: true, value: { baseNpvIncremental, rows: rows.sort(byFallingSwing) } }
  },
)
