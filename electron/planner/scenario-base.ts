/** Today, from which a scenario starts: as the sources last said, each figure with its source and age. */
import { age } from '#shared/format.ts'
import { medianSpot } from '#shared/market/median-spot.ts'
import type { MarketNow } from './market-now.ts'

export type BaseFieldId =
  | 'btcPriceUsd'
  | 'difficulty'
  | 'networkEHs'
  | 'height'
  | 'feesPerBlockBtc'
  | 'powerPricePerMWh'
  | 'leasePerKwMonth'
export type BaseField = { readonly field: BaseFieldId; readonly value: number; readonly source: string; readonly typed: boolean }

/** The figures of the founding note, late 2026; fees, power and lease are the defaults of `economics.md` 11. */
export const foundingNote: Readonly<Record<BaseFieldId, number>> = {
  btcPriceUsd: 71_000,
  difficulty: 133.79e12,
  networkEHs: 903,
  height: 941_472,
  feesPerBlockBtc: 0.025,
  powerPricePerMWh: 48,
  leasePerKwMonth: 135,
}
export const baseFieldIds = Object.keys(foundingNote) as BaseFieldId[]
export const assumedField = (field: BaseFieldId): BaseField => ({
  field,
  value: foundingNote[field],
  source: 'assumed: founding note and defaults',
  typed: false,
})

/** What the market last said; a field that nobody said is left out. A simulated market's figures say so. */
export const heardBase = (market: MarketNow, nowMs: number, simulated: boolean): Partial<Record<BaseFieldId, BaseField>> => {
  const spot = medianSpot({ rows: market.spots, last: market.lastSpot, nowMs })
  const heard: Partial<Record<BaseFieldId, BaseField>> = {}
  const put = (field: BaseFieldId, value: number | null | undefined, source: string | undefined, atMs: number | null | undefined) => {
    if (value === null || value === undefined || value <= 0) return
    const old = atMs == null ? 'of unknown age' : `${age(nowMs - atMs)} old`
    heard[field] = { field, value, source: `${simulated ? 'demo, simulated: ' : ''}${source ?? 'stored'}, ${old}`, typed: false }
  }
  put('btcPriceUsd', spot.value, spot.source, spot.observedAtMs)
  put('difficulty', market.difficulty?.difficulty, market.difficulty?.source, market.difficulty?.observedAtMs)
  put('networkEHs', market.difficulty?.hashrateEhs, market.difficulty?.source, market.difficulty?.observedAtMs)
  put('height', market.height?.height, market.height?.source, market.height?.observedAtMs)
  put('feesPerBlockBtc', market.fees?.feesBtcPerBlock, market.fees?.source, market.fees?.observedAtMs)
  return heard
}
