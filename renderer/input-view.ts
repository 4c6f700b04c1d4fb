import { age } from '#shared/format.ts'
import type { TracedInput } from '#shared/market/traced.ts'
import type { ChipState } from './components/Chip.tsx'

/** How an input is shown: chip, age and what is wrong with it, in words. */
const rank = { fresh: 0, stale: 1, missing: 2, dead: 3 } as const
export const chipStates = { fresh: 'live', stale: 'stale', missing: 'missing', dead: 'too-old' } as const satisfies Record<
  TracedInput['freshness'],
  ChipState
>
export const freshnessWords = { fresh: 'Live', stale: 'Stale', missing: 'Missing', dead: 'Too old' } as const

export const ageOf = (input: Pick<TracedInput, 'observedAtMs'>, nowMs: number): number | null =>
  input.observedAtMs === null ? null : Math.max(0, nowMs - input.observedAtMs)

/** Share of the way to "too old"; inputs that do not age come last. */
const wear = (input: TracedInput, nowMs: number): number => {
  const a = ageOf(input, nowMs)
  return a === null || input.limits === null ? 0 : a / input.limits.deadAfterMs
}

/** The input that decides how far a figure is to be trusted: worst state first, then nearest to its limit. */
export const worstInput = (inputs: readonly TracedInput[], nowMs: number): TracedInput | null =>
  inputs.reduce<TracedInput | null>((worst, input) => {
    if (worst === null) return input
    const step = rank[input.freshness] - rank[worst.freshness]
    return step > 0 || (step === 0 && wear(input, nowMs) > wear(worst, nowMs)) ? input : worst
  }, null)

/** "ERCOT price 26 min", "BTC price not heard" */
export const inputAge = (input: TracedInput, nowMs: number): string => {
  const a = ageOf(input, nowMs)
  return a === null ? `${input.label} not heard` : `${input.label} ${age(a)}`
}
