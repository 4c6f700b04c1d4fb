/** The scenario library on one site: read from disk, computed beside the engine. */
import type { ScenarioReport } from '#shared/decision/scenario-report.ts'
import type { ConversionOverrides } from '#shared/economics/ai/conversion-case.ts'
import { MINING_DISCOUNT_RATE } from '#shared/economics/scenario/scenario-table.ts'
import { sum } from '#shared/economics/sum.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import { KW_PER_MW } from '#shared/units.ts'
import { compute } from '../compute/compute.ts'
import type { MarketNow } from './market-now.ts'
import type { Planner } from './reports.ts'
import { assumedField, type BaseField, type BaseFieldId, heardBase } from './scenario-base.ts'
import { readScenarios } from './scenario-files.ts'

const VOL_ANNUAL = 0.55
/** Without these there is no today to start from; the others have a default that says so. */
const needed: readonly (readonly [BaseFieldId, string])[] = [
  ['btcPriceUsd', 'the BTC price'],
  ['difficulty', 'the difficulty'],
  ['height', 'the block height'],
]

export const makeScenarioReports = (o: {
  planner: Pick<Planner, 'scenarios'>
  market: () => MarketNow
  folder: string
  simulated: boolean
}) => {
  const stop = new AbortController()
  return {
    report: async (siteId: string, overrides: ConversionOverrides): Promise<Result<ScenarioReport>> => {
      const given = o.planner.scenarios(siteId, overrides)
      if (given === null) return failed('not-found', `no site "${siteId}"`, { field: 'site' })
      const { site, asOfMs } = given
      if (site === null) return failed('stale', 'No machine of this site hashes: there is no fleet to put under a scenario')
      const heard = heardBase(o.market(), asOfMs, o.simulated)
      const missing = needed.filter(([field]) => heard[field] === undefined).map(([, name]) => name)
      if (missing.length > 0)
        return failed(
          'stale',
          `A scenario starts from today, and of today ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not known yet`,
        )
      const own = (field: BaseFieldId, value: number, source: string): BaseField => ({ field, value, source, typed: false })
      const fields = {
        btcPriceUsd: heard.btcPriceUsd ?? assumedField('btcPriceUsd'),
        difficulty: heard.difficulty ?? assumedField('difficulty'),
        networkEHs: heard.networkEHs ?? networkBehind(heard.difficulty),
        height: heard.height ?? assumedField('height'),
        feesPerBlockBtc: heard.feesPerBlockBtc ?? assumedField('feesPerBlockBtc'),
        powerPricePerMWh: own('powerPricePerMWh', site.powerPricePerMWh, 'mean that this site meets'),
        leasePerKwMonth: own('leasePerKwMonth', site.leasePerKwMonth, 'assumption of the conversion'),
      }
      const shelf = await readScenarios(o.folder, stop.signal)
      if (!shelf.ok) return shelf
      const value = (field: BaseFieldId) => fields[field].value
      const rows = await compute(
        'scenarioTable',
        {
          scenarios: shelf.value.known.map((k) => k.scenario),
          base: {
            btcPriceUsd: value('btcPriceUsd'),
            difficulty: value('difficulty'),
            networkEHs: value('networkEHs'),
            height: value('height'),
            feesPerBlockBtc: value('feesPerBlockBtc'),
            powerPricePerMWh: value('powerPricePerMWh'),
            leasePerKwMonth: value('leasePerKwMonth'),
            volAnnual: VOL_ANNUAL,
          },
          fleet: site.fleet,
          months: site.months,
          conversion: site.conversion,
          interconnectMW: site.interconnectMW,
        },
        { signal: stop.signal },
      )
      if (!rows.ok) return rows
      const fileOf = new Map(shelf.value.known.map((k) => [k.scenario.id, k.file]))
      return ok({
        siteId,
        asOfMs,
        months: site.months,
        miningDiscountRate: MINING_DISCOUNT_RATE,
        fleetMw: sum(site.fleet.groups.map((g) => (g.hashratePHs * g.efficiencyJTH * g.overheadRatio) / KW_PER_MW)),
        noConversion: site.noConversion,
        base: Object.values(fields).map(({ field, value, source }) => ({ field, value, source })),
        rows: rows.value.map((r) => ({
          ...r,
          notes: [...r.notes],
          hashpriceUsd: [...r.hashpriceUsd],
          breakEvenHashpriceUsd: [...r.breakEvenHashpriceUsd],
          file: fileOf.get(r.id) ?? null,
        })),
        problems: shelf.value.bad.map(({ file, failure }) => ({ file, reason: failure.message })),
      })
    },
    stop: () => stop.abort(),
  }
}
export type ScenarioReports = ReturnType<typeof makeScenarioReports>

/** Hashrate that finds a block in ten minutes at this difficulty: D x 2^32 / 600 H/s. */
const networkBehind = (difficulty: BaseField | undefined): BaseField => {
  if (difficulty === undefined) return assumedField('networkEHs')
  return { field: 'networkEHs', value: (difficulty.value * 2 ** 32) / 600 / 1e18, source: 'as the difficulty implies', typed: false }
}
