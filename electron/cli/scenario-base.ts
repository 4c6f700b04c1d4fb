/** Today, from which a scenario starts: as typed, else as last stored with its age, else the founding note's figures, and said so. */
import type { ScenarioBase } from '#shared/economics/scenario/scenario-path.ts'
import { readNumber } from '#shared/read-number.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import { makeMarketMemory } from '../planner/market-now.ts'
import { assumedField, type BaseField, type BaseFieldId, baseFieldIds, heardBase } from '../planner/scenario-base.ts'
import { farmKindIn, openStore } from '../store/open.ts'
import type { CommandContext } from './command.ts'

const flags: Readonly<Record<BaseFieldId, { flag: string; min: number; max: number }>> = {
  btcPriceUsd: { flag: 'price', min: 1, max: 1e9 },
  difficulty: { flag: 'difficulty', min: 1, max: 1e20 },
  networkEHs: { flag: 'network-ehs', min: 1e-6, max: 1e9 },
  height: { flag: 'height', min: 0, max: 6_930_000 },
  feesPerBlockBtc: { flag: 'fees', min: 0, max: 50 },
  powerPricePerMWh: { flag: 'power-price', min: -1500, max: 25_000 },
  leasePerKwMonth: { flag: 'lease', min: 1, max: 10_000 },
}
export const baseOptions = Object.fromEntries(Object.values(flags).map(({ flag }) => [flag, { type: 'string' as const }]))

/**
 * What the data folder last heard; nothing where there is no farm yet. The demo's simulated prices count for the demo alone:
 * a real site's scenario never starts from them.
 */
const stored = async (c: CommandContext): Promise<Result<Partial<Record<BaseFieldId, BaseField>>>> => {
  if (!c.demo && farmKindIn(c.dataDir) !== 'farm') return ok({})
  const opened = openStore({ dataDir: c.dataDir, demo: c.demo, readOnly: true, nowMs: c.now() })
  if (!opened.ok) return opened.failure.kind === 'not-found' ? ok({}) : opened
  const store = opened.value
  try {
    const memory = makeMarketMemory({ store, sites: [], now: c.now })
    await memory.loadAll()
    return ok(heardBase(memory.now(), c.now(), c.demo))
  } finally {
    store.close()
  }
}

export const scenarioBase = async (c: CommandContext): Promise<Result<{ base: ScenarioBase; fields: readonly BaseField[] }>> => {
  const heard = await stored(c)
  if (!heard.ok) return heard
  const list: BaseField[] = []
  for (const field of baseFieldIds) {
    const { flag, min, max } = flags[field]
    const typed = c.flags[flag]
    if (typed === undefined) {
      list.push(heard.value[field] ?? assumedField(field))
      continue
    }
    const value = readNumber(typed, { min, max })
    if (value === null || (field === 'height' && !Number.isInteger(value)))
      return failed('invalid-input', `--${flag} wants a number from ${min} to ${max}`, { field: flag })
    list.push({ field, value, source: `--${flag}`, typed: true })
  }
  const base = Object.fromEntries(list.map(({ field, value }) => [field, value])) as Record<BaseFieldId, number>
  return ok({ base: { ...base, volAnnual: 0.55 }, fields: list })
}
