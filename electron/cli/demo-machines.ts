/** `--machines N`: a smaller simulated farm, for slow computers and for trying things out. */
import { readNumber } from '#shared/read-number.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import type { Flags } from './command.ts'

export const demoMachinesOption = { machines: { type: 'string' } } as const

export const readDemoMachines = (flags: Flags): Result<{ demoMachines?: number }> => {
  if (flags.machines === undefined) return ok({})
  const n = readNumber(flags.machines, { min: 1, max: 10_000 })
  return n === null || !Number.isInteger(n)
    ? failed('invalid-input', '--machines wants a whole number from 1 to 10000', { field: 'machines' })
    : ok({ demoMachines: n })
}
