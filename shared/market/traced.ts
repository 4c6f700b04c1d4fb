import * as z from 'zod'

/** measured … overridden as in the architecture; carried: the last good value of a feed that fails now. */
export const Quality = z.enum(['measured', 'reported', 'estimated', 'nameplate', 'assumed', 'overridden'])
export type Quality = z.infer<typeof Quality>

/** A value with its moment and its origin. `value` null: unknown, `problem` says why. */
export const Observed = z.strictObject({
  value: z.number().nullable(),
  observedAtMs: z.number().nullable(),
  source: z.string(),
  quality: Quality,
  problem: z.string().nullable(),
})
export type Observed = z.infer<typeof Observed>

export const Freshness = z.enum(['fresh', 'stale', 'dead', 'missing'])
export type Freshness = z.infer<typeof Freshness>

/** An input of a decision as it is shown: value, unit, origin, age against its limits. `limits` null: it does not age. */
export const TracedInput = z.strictObject({
  id: z.string(), // btc_price, difficulty, fees, power_price, telemetry, meter, contract, …
  label: z.string(),
  value: z.number().nullable(),
  unit: z.string(),
  source: z.string(),
  quality: Quality,
  observedAtMs: z.number().nullable(),
  limits: z.strictObject({ staleAfterMs: z.number(), deadAfterMs: z.number() }).nullable(),
  freshness: Freshness,
  problem: z.string().nullable(),
})
export type TracedInput = z.infer<typeof TracedInput>

/**
 * Past `staleAfterMs` a recommendation must say so; past `deadAfterMs` it must not be used to act. A stamp ahead of
 * our clock is no proof of freshness, but the clocks of a desk and an exchange differ: it counts as age 0.
 */
export const freshnessOf = (
  observedAtMs: number | null,
  limits: { staleAfterMs: number; deadAfterMs: number } | null,
  nowMs: number,
): Freshness => {
  if (observedAtMs === null) return 'missing'
  if (limits === null) return 'fresh'
  const age = nowMs - observedAtMs
  return age > limits.deadAfterMs ? 'dead' : age > limits.staleAfterMs ? 'stale' : 'fresh'
}
