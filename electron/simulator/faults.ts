import { readNumber } from '#shared/read-number.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import { demoFaults, FAULT_KINDS, type FaultRates, noFaults } from './parameters.ts'

export const FAULTS_USAGE = `none | demo | KIND=PERCENT,…   KIND: ${FAULT_KINDS.join(', ')}; PERCENT of all machines at a time`

/** `none`, `demo`, or `silent=2,garbage=1`: per cent of machines at a time, in spells that come and go. */
export const readFaults = (text: string): Result<FaultRates> => {
  if (text === 'demo') return ok(demoFaults)
  if (text === 'none' || text === '') return ok(noFaults)
  const rates = { ...noFaults }
  for (const part of text.split(',')) {
    const [name = '', percent = ''] = part.split('=').map((x) => x.trim())
    const kind = FAULT_KINDS.find((k) => k === name)
    const value = readNumber(percent, { min: 0, max: 100 })
    if (!kind || value === null)
      return failed('invalid-input', `Faults "${part}" not understood. Form: ${FAULTS_USAGE}`, { field: 'faults' })
    rates[kind] = value / 100
  }
  const total = FAULT_KINDS.reduce((sum, k) => sum + rates[k], 0)
  return total > 1 ? failed('invalid-input', 'Faults add up to more than 100 % of the machines.', { field: 'faults' }) : ok(rates)
}
