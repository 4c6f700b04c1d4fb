/**
 * Draws of the sites' conversions: started here, made on worker threads, kept by the hash of what they were drawn from until
 * the engine ends. A window that is left and opened again finds the run where it is; one site has one run at a time.
 */
import type { Assumption } from '#shared/decision/conversion.ts'
import type { DrawsProgress, DrawsRun, DrawsState } from '#shared/decision/draws.ts'
import type { ConversionOverrides } from '#shared/economics/ai/conversion-case.ts'
import { changesBetween, drawnRun } from '#shared/economics/ai/drawn-run.ts'
import type { SiteDraws } from '#shared/economics/site/site-draws.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import { canonicalHash } from '../canonical-hash.ts'
import { compute } from '../compute/compute.ts'

type Wanted = {
  readonly siteId: string
  readonly overrides: ConversionOverrides
  readonly draws: number
  readonly seed: number
  /** The moment whose figures are drawn from; left out: now. */
  readonly atMs?: number
}
type Kept = { readonly run: DrawsRun; readonly overrides: string; readonly assumptions: readonly Assumption[] }
type Working = { progress: DrawsProgress; readonly startedAt: number; readonly stop: AbortController }

export type DrawRuns = {
  /** Null without such a site. */
  state(siteId: string, overrides: ConversionOverrides, atMs?: number): DrawsState | null
  /** Starts it and returns; a run of the site that is on its way ends. */
  start(wanted: Wanted): DrawsState | null
  /** Starts it and waits; null where no draws are offered. */
  run(wanted: Wanted, signal?: AbortSignal): Promise<Result<DrawsRun | null>>
  cancel(siteId: string): boolean
  stop(): void
}

/** Of one site: enough to change an assumption, look, and take it back. */
const MOST_KEPT = 12

const withoutUndefined = (o: ConversionOverrides) => Object.fromEntries(Object.entries(o).filter(([, value]) => value !== undefined))

export const makeDrawRuns = (o: {
  sources: (siteId: string, overrides: ConversionOverrides, atMs?: number) => SiteDraws | null
  now: () => number
  monotonic: () => number
  onProgress?: (siteId: string, working: DrawsProgress | null) => void
  compute?: typeof compute
}): DrawRuns => {
  const computed = o.compute ?? compute
  const kept = new Map<string, Kept[]>()
  const working = new Map<string, Working>()
  const problems = new Map<string, string>()
  const tell = (siteId: string) => o.onProgress?.(siteId, working.get(siteId)?.progress ?? null)

  const stateOf = (siteId: string, overrides: ConversionOverrides, source: SiteDraws): DrawsState => {
    const inputHash = source.inputs === null ? null : canonicalHash(source.inputs)
    const own = canonicalHash(withoutUndefined(overrides))
    const list = kept.get(siteId) ?? []
    const same = list.find((k) => k.run.inputHash === inputHash)
    const nearest = source.inputs === null ? undefined : (same ?? list.find((k) => k.overrides === own) ?? list[0])
    const standing = nearest === undefined ? null : nearest === same ? 'same' : nearest.overrides === own ? 'moved' : 'other'
    return {
      siteId,
      refused: source.inputs === null ? source.report.sentence : null,
      working: working.get(siteId)?.progress ?? null,
      run: nearest?.run ?? null,
      standing,
      changes: nearest === undefined ? [] : changesBetween(nearest.assumptions, source.report.assumptions),
      problem: problems.get(siteId) ?? null,
    }
  }

  const begin = async (wanted: Wanted, source: SiteDraws, signal?: AbortSignal): Promise<Result<DrawsRun | null>> => {
    const { siteId, draws, seed } = wanted
    const { inputs, report } = source
    if (inputs === null || report.figures === null) return ok(null)
    working.get(siteId)?.stop.abort()
    problems.delete(siteId)
    const stop = new AbortController()
    const startedAt = o.monotonic()
    const mine: Working = { startedAt, stop, progress: { siteId, share: 0, elapsedMs: 0, draws, seed, running: null } }
    working.set(siteId, mine)
    const asOfMs = wanted.atMs ?? o.now()
    const answer = await computed(
      'conversionDraws',
      { ...inputs, draws, seed },
      {
        signal: signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]),
        onProgress: (share, running) => {
          const known = mine.progress.running
          // Parts end out of order: the look that rests on most draws stays.
          const best = running !== null && running.draws >= (known?.draws ?? 0) ? running : known
          mine.progress = { ...mine.progress, share, elapsedMs: o.monotonic() - startedAt, running: best }
          if (working.get(siteId) === mine) tell(siteId)
        },
      },
    )
    const superseded = working.get(siteId) !== mine
    if (!superseded) working.delete(siteId)
    if (answer.ok) {
      const run = drawnRun(siteId, answer.value, {
        inputHash: canonicalHash(inputs),
        asOfMs,
        durationMs: o.monotonic() - startedAt,
        enteredNpvUsd: report.figures.npvUsd,
      })
      const own = { run, overrides: canonicalHash(withoutUndefined(wanted.overrides)), assumptions: report.assumptions }
      kept.set(siteId, [own, ...(kept.get(siteId) ?? []).filter((k) => k.run.inputHash !== run.inputHash)].slice(0, MOST_KEPT))
      if (!superseded) tell(siteId)
      return ok(run)
    }
    if (!superseded) {
      if (answer.failure.kind !== 'cancelled') problems.set(siteId, answer.failure.message)
      tell(siteId)
    }
    return answer
  }

  return {
    state: (siteId, overrides, atMs) => {
      const source = o.sources(siteId, overrides, atMs)
      return source === null ? null : stateOf(siteId, overrides, source)
    },
    start: (wanted) => {
      const source = o.sources(wanted.siteId, wanted.overrides, wanted.atMs)
      if (source === null) return null
      void begin(wanted, source)
      return stateOf(wanted.siteId, wanted.overrides, source)
    },
    run: async (wanted, signal) => {
      const source = o.sources(wanted.siteId, wanted.overrides, wanted.atMs)
      return source === null ? failed('not-found', `no site "${wanted.siteId}"`, { field: 'site' }) : begin(wanted, source, signal)
    },
    cancel: (siteId) => {
      const mine = working.get(siteId)
      mine?.stop.abort()
      return mine !== undefined
    },
    stop: () => {
      for (const mine of working.values()) mine.stop.abort()
    },
  }
}
