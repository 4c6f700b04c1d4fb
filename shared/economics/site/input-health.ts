import type { Site } from '../../fleet/site.ts'
import { age, decimal } from '../../format.ts'
import { Freshness, freshnessOf, type TracedInput } from '../../market/traced.ts'
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../time.ts'

/** Worst last. */
const order = Freshness.options
export const worse = (a: Freshness, b: Freshness): Freshness => (order.indexOf(a) >= order.indexOf(b) ? a : b)

/**
 * An input judged at this moment under its own id: without a value it is missing; otherwise its age against its limits.
 * Who handed it over may know a worse state (a feed that is off), never a better one.
 */
export const judged = (input: TracedInput, id: string, nowMs: number): TracedInput => {
  if (input.value === null || !Number.isFinite(input.value)) return { ...input, id, value: null, freshness: 'missing' }
  return { ...input, id, freshness: worse(input.freshness, freshnessOf(input.observedAtMs, input.limits, nowMs)) }
}

/** `ux.md` 4: tariff and contract inputs are stale after 90 days, too old after 365. */
const contractLimits = { staleAfterMs: 90 * DAY_MS, deadAfterMs: 365 * DAY_MS }

export const contractInput = (site: Site, nowMs: number): TracedInput => {
  const c = site.contract
  const [label, value] =
    c.type === 'index'
      ? ['Avoidable delivery', c.avoidableAdderPerMwh]
      : c.type === 'fixed'
        ? ['Tariff', c.tariffPerMwh]
        : ['Contract price', c.strikePerMwh]
  return {
    id: 'contract',
    label,
    value,
    unit: '$/MWh',
    source: site.contractOrigin.source,
    quality: 'reported',
    observedAtMs: site.contractOrigin.observedAtMs,
    limits: contractLimits,
    freshness: freshnessOf(site.contractOrigin.observedAtMs, contractLimits, nowMs),
    problem: null,
  }
}

/** How an input is spoken of in a sentence, and what to do about it. */
const words: Record<string, { name: string; remedy: string }> = {
  btc_price: { name: 'the BTC price', remedy: 'Retry, or enter a price.' },
  difficulty: { name: 'the difficulty', remedy: 'Retry the network source.' },
  fees: { name: 'the fee per block', remedy: 'Retry the network source.' },
  height: { name: 'the block height', remedy: 'Retry the network source.' },
  power_price: { name: 'the power price', remedy: 'Retry, or enter a price.' },
  telemetry: { name: 'the newest machine reading', remedy: 'Check the network between this computer and the machines.' },
  contract: { name: 'the power contract', remedy: 'Confirm its terms.' },
}
const spoken = (input: TracedInput): { name: string; remedy: string } => {
  const known = words[input.id] ?? { name: input.label, remedy: 'Retry.' }
  return input.id === 'power_price' ? { ...known, name: `the ${input.label}` } : known
}
export const remedyFor = (input: TracedInput): string => spoken(input).remedy

/** Exact where `age` would round: a limit of 100 s is not "1 min". */
const limitText = (ms: number): string => (ms < 120 * MINUTE_MS && ms % MINUTE_MS !== 0 ? `${decimal(ms / SECOND_MS, 0)} s` : age(ms))

const ageAgainst = (ms: number, limitMs: number): string =>
  ms < 120 * MINUTE_MS && limitMs < 120 * MINUTE_MS && ms >= MINUTE_MS && limitMs >= MINUTE_MS && limitMs % MINUTE_MS === 0
    ? `${age(ms)} old (limit ${limitMs / MINUTE_MS})`
    : `${age(ms)} old (limit ${limitText(limitMs)})`

/**
 * "the BTC price is 40 min old (limit 15)", "the BTC price is not known". The limit is one that the age has passed: the one to
 * act by, else the one to mention (machines count as silent from that one on).
 */
export const complaint = (input: TracedInput, nowMs: number): string => {
  const { name } = spoken(input)
  if (input.value === null || input.observedAtMs === null) return `${name} is not known`
  const ageMs = nowMs - input.observedAtMs
  const { deadAfterMs, staleAfterMs } = input.limits ?? {}
  const limit = input.freshness === 'dead' && deadAfterMs !== undefined && ageMs > deadAfterMs ? deadAfterMs : staleAfterMs
  return limit === undefined ? `${name} is ${age(ageMs)} old` : `${name} is ${ageAgainst(ageMs, limit)}`
}
