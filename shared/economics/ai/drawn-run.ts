import type { Assumption } from '../../decision/conversion.ts'
import type { DrawsRun, DrawsState } from '../../decision/draws.ts'
import type { ConversionOutcome } from './conversion-draws.ts'

/** Assumptions that are another value now. */
export const changesBetween = (was: readonly Assumption[], now: readonly Assumption[]): DrawsState['changes'] =>
  now.flatMap((a) => {
    const before = was.find((b) => b.id === a.id)
    return before === undefined || before.value === a.value
      ? []
      : [{ id: a.id, label: a.label, unit: a.unit, was: before.value, now: a.value }]
  })

const spreadOf = (d: ConversionOutcome['npvIncremental']): DrawsRun['npv'] => ({
  meanUsd: d.meanUsd,
  p05Usd: d.p05Usd,
  p10Usd: d.p10Usd,
  p50Usd: d.p50Usd,
  p90Usd: d.p90Usd,
  p95Usd: d.p95Usd,
  expectedShortfallUsd: d.expectedShortfallUsd,
})

/** An outcome as window and memo show it. */
export const drawnRun = (
  siteId: string,
  of: ConversionOutcome,
  about: Pick<DrawsRun, 'inputHash' | 'asOfMs' | 'durationMs' | 'enteredNpvUsd'>,
): DrawsRun => ({
  siteId,
  ...about,
  draws: of.draws,
  seed: of.seed,
  generator: of.generator,
  npv: spreadOf(of.npvIncremental),
  npvProject: spreadOf(of.npvProject),
  probabilityNpvNegative: of.probabilityNpvNegative,
  regretProbability: of.regretProbability,
  regretInterval95: of.regretInterval95,
  meanRegretUsd: of.meanRegretUsd,
  meanHalfWidthUsd: of.convergence.at(-1)?.halfWidthUsd ?? null,
  bins: of.bins,
})
