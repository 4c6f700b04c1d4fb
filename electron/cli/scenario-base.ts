/** Today, from which a scenario starts: as typed, else as last stored with its age, else the founding note's figures, and said so. */
import type { ScenarioBase } from '#shared/economics/scenario/scenario-path.ts'
import { age } from '#shared/format.ts'
import { medianSpot } from '#shared/market/median-spot.ts'
import { readNumber } from '#shared/read-number.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import { makeMarketMemory } from '../planner/market-now.ts'
import { farmKindIn, openStore } from '../store/open.ts'
import type { CommandContext } from './command.ts'

type Field = 'btcPriceUsd' | 'difficulty' | 'networkEHs' | 'height' | 'feesPerBlockBtc' | 'powerPricePerMWh' | 'leasePerKwMonth'
export type BaseField = { readonly field: Field; readonly value: number; readonly source: string; readonly typed: boolean }

/** The figures of the founding note, late 2026; fees, power and lease are the defaults of `economics.md` 11. */
const note: Readonly<Record<Field, number>> = {
  btcPriceUsd: 71_000,
  difficulty: 133.79e12,
  networkEHs: 903,
  height: 941_472,
  feesPerBlockBtc: 0.025,
  powerPricePerMWh: 48,
  leasePerKwMonth: 135,
}
const fields = Object.keys(note) as Field[]

const flags: Readonly<Record<Field, { flag: string; min: number; max: number }>> = {
  btcPriceUsd: { flag: 'price', min: 1, max: 1e9 },
  difficulty: { flag: 'difficulty', min: 1, max: 1e20 },
  networkEHs: { flag: 'network-ehs', min: 1e-6, max: 1e9 },
  height: { flag: 'height', min: 0, max: 6_930_000 },
  feesPerBlockBtc: { flag: 'fees', min: 0, max: 50 },
  powerPricePerMWh: { flag: 'power-price', min: -1500, max: 25_000 },
  leasePerKwMonth: { flag: 'lease', min: 1, max: 10_000 },
}
export const baseOptions = Object.fromEntries(Object.values(flags).map(({ flag }) => [flag, { type: 'string' as const }]))

/** What the data folder last heard; nothing where there is no farm yet. */
const stored = async (c: CommandContext): Promise<Result<Partial<Record<Field, BaseField>>>> => {
  const kind = c.demo ? 'demo' : farmKindIn(c.dataDir)
  if (kind === null) return ok({})
  const opened = openStore({ dataDir: c.dataDir, demo: kind === 'demo', readOnly: true, nowMs: c.now() })
  if (!opened.ok) return opened.failure.kind === 'not-found' ? ok({}) : opened
  const store = opened.value
  try {
    const memory = makeMarketMemory({ store, sites: [], now: c.now })
    await memory.loadAll()
    const market = memory.now()
    const spot = medianSpot({ rows: market.spots, last: market.lastSpot, nowMs: c.now() })
    const heard: Partial<Record<Field, BaseField>> = {}
    const put = (field: Field, value: number | null | undefined, source: string | undefined, atMs: number | null | undefined) => {
      if (value === null || value === undefined || value <= 0) return
      heard[field] = {
        field,
        value,
        source: `${source ?? 'stored'}, ${atMs == null ? 'of unknown age' : `${age(c.now() - atMs)} old`}`,
        typed: false,
      }
    }
    put('btcPriceUsd', spot.value, spot.source, spot.observedAtMs)
    put('difficulty', market.difficulty?.difficulty, market.difficulty?.source, market.difficulty?.observedAtMs)
    put('networkEHs', market.difficulty?.hashrateEhs, market.difficulty?.source, market.difficulty?.observedAtMs)
    put('height', market.height?.height, market.height?.source, market.height?.observedAtMs)
    put('feesPerBlockBtc', market.fees?.feesBtcPerBlock, market.fees?.source, market.fees?.observedAtMs)
    return ok(heard)
  } finally {
    store.close()
  }
}

export const scenarioBase = async (c: CommandContext): Promise<Result<{ base: ScenarioBase; fields: readonly BaseField[] }>> => {
  const heard = await stored(c)
  if (!heard.ok) return heard
  const list: BaseField[] = []
  for (const field of fields) {
    const { flag, min, max } = flags[field]
    const typed = c.flags[flag]
    if (typed === undefined) {
      list.push(heard.value[field] ?? { field, value: note[field], source: 'assumed: founding note and defaults', typed: false })
      continue
    }
    const value = readNumber(typed, { min, max })
    if (value === null || (field === 'height' && !Number.isInteger(value)))
      return failed('invalid-input', `--${flag} wants a number from ${min} to ${max}`, { field: flag })
    list.push({ field, value, source: `--${flag}`, typed: true })
  }
  const base = Object.fromEntries(list.map(({ field, value }) => [field, value])) as Record<Field, number>
  return ok({ base: { ...base, volAnnual: 0.55 }, fields: list })
}
