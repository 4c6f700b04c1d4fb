import type { Notice, PayloadOf } from '#shared/contract.ts'
import type { Assumption } from '#shared/decision/conversion.ts'
import type { DrawsProgress, DrawsRun, DrawsState } from '#shared/decision/draws.ts'
import type { ConversionOverrides } from '#shared/economics/ai/conversion-case.ts'
import { conversionDraws } from '#shared/economics/ai/conversion-draws.ts'
import { changesBetween, drawnRun } from '#shared/economics/ai/drawn-run.ts'
import { shippedScenarios } from '#shared/economics/scenario/library.ts'
import { MINING_DISCOUNT_RATE, scenarioTable } from '#shared/economics/scenario/scenario-table.ts'
import { siteDraws } from '#shared/economics/site/site-draws.ts'
import type { SiteReportInput } from '#shared/economics/site/site-report.ts'
import { siteScenarios } from '#shared/economics/site/site-scenarios.ts'
import type { Result } from '#shared/result.ts'
import type { Bridge } from '../../renderer/api.ts'
import { BTC_USD, DIFFICULTY } from './bridge-farm.ts'

/** Fewer than the engine makes: every number of the window, in the time of a test. */
const DRAWS = 400
/** A run of this site ends by `Cancel` alone. */
const LONG = 'raquette-falls'
type PlanAsk = Pick<Bridge['ask'], 'plan.draws' | 'plan.drawsState' | 'plan.cancelDraws' | 'plan.scenarios'>
type Kept = { readonly run: DrawsRun; readonly inputs: string; readonly overrides: string; readonly assumptions: readonly Assumption[] }

/** The draws and scenarios of the invented farm, through the real economics, on the page's own thread. */
export const fakePlan = (o: {
  inputOf: (site: string, overrides: ConversionOverrides) => SiteReportInput
  clock: () => number
  answer: <T>(question: string, make: () => T) => Promise<Result<T>>
  emit: <N extends Notice>(notice: N, payload: PayloadOf<N>) => void
}): PlanAsk => {
  const kept = new Map<string, Kept>()
  let working: DrawsProgress | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const key = (overrides: ConversionOverrides) => JSON.stringify(Object.entries(overrides).filter(([, v]) => v !== undefined))

  const state = (site: string, overrides: ConversionOverrides): DrawsState => {
    const source = siteDraws(o.inputOf(site, overrides))
    const known = source.inputs === null ? undefined : kept.get(site)
    return {
      siteId: site,
      refused: source.inputs === null ? source.report.sentence : null,
      working: working?.siteId === site ? working : null,
      run: known?.run ?? null,
      standing:
        known === undefined
          ? null
          : known.inputs === JSON.stringify(source.inputs)
            ? 'same'
            : known.overrides === key(overrides)
              ? 'moved'
              : 'other',
      changes: known === undefined ? [] : changesBetween(known.assumptions, source.report.assumptions),
      problem: null,
    }
  }
  const finish = (site: string, overrides: ConversionOverrides, seed: number) => {
    const { inputs, report } = siteDraws(o.inputOf(site, overrides))
    const outcome = inputs === null ? null : conversionDraws({ ...inputs, draws: DRAWS, seed })
    if (outcome?.ok && inputs !== null)
      kept.set(site, {
        run: drawnRun(site, outcome.value, {
          inputHash: key(overrides),
          asOfMs: o.clock(),
          durationMs: 420,
          enteredNpvUsd: report.figures?.npvUsd ?? 0,
        }),
        inputs: JSON.stringify(inputs),
        overrides: key(overrides),
        assumptions: report.assumptions,
      })
    working = null
    o.emit('plan.drawsProgress', { siteId: site, working: null })
  }

  return {
    'plan.drawsState': ({ site, overrides }) => o.answer('plan.drawsState', () => state(site, overrides)),
    'plan.draws': ({ site, overrides, draws, seed }) =>
      o.answer('plan.draws', () => {
        working = {
          siteId: site,
          share: 0.4,
          elapsedMs: 6_200,
          draws,
          seed,
          running: { draws: 160, meanUsd: 4.1e6, halfWidthUsd: 1.2e6, regretProbability: 0.31 },
        }
        o.emit('plan.drawsProgress', { siteId: site, working })
        if (site !== LONG) timer = setTimeout(() => finish(site, overrides, seed), 60)
        return state(site, overrides)
      }),
    'plan.cancelDraws': ({ site }) =>
      o.answer('plan.cancelDraws', () => {
        clearTimeout(timer)
        working = null
        o.emit('plan.drawsProgress', { siteId: site, working: null })
        return { cancelled: true }
      }),
    'plan.scenarios': ({ site, overrides }) =>
      o.answer('plan.scenarios', () => {
        const given = siteScenarios(o.inputOf(site, overrides))
        if (given === null) throw new Error(`no machine of ${site} hashes`)
        const base = {
          btcPriceUsd: BTC_USD,
          difficulty: DIFFICULTY,
          networkEHs: (DIFFICULTY * 2 ** 32) / 600 / 1e18,
          height: 925_300,
          feesPerBlockBtc: 0.025,
          powerPricePerMWh: given.powerPricePerMWh,
          leasePerKwMonth: given.leasePerKwMonth,
          volAnnual: 0.55,
        }
        const rows = scenarioTable({ scenarios: shippedScenarios, base, ...given })
        if (!rows.ok) throw new Error(rows.failure.message)
        return {
          siteId: site,
          asOfMs: o.clock(),
          months: given.months,
          miningDiscountRate: MINING_DISCOUNT_RATE,
          fleetMw: 1.7,
          noConversion: given.noConversion,
          base: Object.entries(base).map(([field, value]) => ({ field, value, source: 'the invented market' })),
          rows: rows.value.map((r) => ({
            ...r,
            notes: [...r.notes],
            hashpriceUsd: [...r.hashpriceUsd],
            breakEvenHashpriceUsd: [...r.breakEvenHashpriceUsd],
            file: null,
          })),
          problems: [],
        }
      }),
  }
}
