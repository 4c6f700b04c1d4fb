import type { SiteReport } from '#shared/decision/site-report.ts'
import type { ConversionOverrides } from '#shared/economics/ai/conversion-case.ts'
import type { MemoDraws } from '#shared/memo/blocks.ts'
import { ok, type Result } from '#shared/result.ts'
import type { DrawRuns } from './draw-runs.ts'

/**
 * The draws that a memo about these reports may print: made now from their very figures where they are wanted, else those
 * that were made before under the same assumptions. A run of other assumptions is left out, not printed with a caveat.
 */
export const drawsBehind = async (o: {
  runs: DrawRuns
  reports: readonly SiteReport[]
  overrides: ConversionOverrides
  wanted: { readonly draws: number; readonly seed: number } | null
  signal?: AbortSignal
}): Promise<Result<MemoDraws[]>> => {
  const found: MemoDraws[] = []
  for (const { id, asOfMs, ai } of o.reports) {
    if (ai.figures === null) continue
    if (o.wanted !== null) {
      const made = await o.runs.run({ siteId: id, overrides: o.overrides, atMs: asOfMs, ...o.wanted }, o.signal)
      if (!made.ok) return made
    }
    const state = o.runs.state(id, o.overrides, asOfMs)
    if (state === null || state.run === null || state.standing === 'other' || state.standing === null) continue
    found.push({ run: state.run, standing: state.standing })
  }
  return ok(found)
}
