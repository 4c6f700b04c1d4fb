/** `hashyard plan FILE.json`: what each group of a site does in each interval of the prices in the file, and why. */
import { planInputOf, pricesOf, readSiteFile } from '#shared/decision/site-file.ts'
import type { Plan } from '#shared/economics/curtailment/plan.ts'
import { MOST_INTERVALS } from '#shared/economics/curtailment/plan-problem.ts'
import type { PlanReason } from '#shared/economics/curtailment/plan-reasons.ts'
import { failed, ok } from '#shared/result.ts'
import { HOUR_MS, isoInstant } from '#shared/time.ts'
import { compute } from '../compute/compute.ts'
import { type Command, printJson, wrongUsage } from './command.ts'
import { planCsv } from './plan-csv.ts'
import { type PlanOutcome, planText, reasonOf } from './plan-text.ts'
import { readJsonFile } from './read-json-file.ts'

const byGroup = <T>({ reasons }: Plan, of: (r: PlanReason) => T): Record<string, T[]> | null =>
  reasons === null ? null : Object.fromEntries(Object.entries(reasons).map(([id, list]) => [id, list.map(of)]))

const document = (o: PlanOutcome) => {
  const { file, input, startMs, plan: a, problems, assumed } = o
  const intervalMs = file.interval_hours * HOUR_MS
  return {
    site: file.site.name,
    time_zone: file.site.time_zone,
    interval_hours: file.interval_hours,
    status: a.status,
    engine: a.engine,
    objective_usd: a.objectiveUsd,
    bound_usd: a.boundUsd,
    gap: a.gap,
    seconds: a.seconds,
    time_limit_hit: a.timeLimitHit,
    always_on_usd: a.alwaysOnUsd,
    value_against_always_on_usd: a.objectiveUsd === null ? null : a.objectiveUsd - a.alwaysOnUsd,
    schedule: a.schedule,
    starts: a.starts,
    on_share: a.onShare,
    margin_usd: a.marginUsd,
    start_cost_usd: a.startCostUsd,
    demand_charge_usd: a.demandChargeUsd,
    floor_penalty_usd: a.floorPenaltyUsd,
    dr_penalty_usd: a.drPenaltyUsd,
    reasons: byGroup(a, (r) => reasonOf(o, r)),
    reason_codes: byGroup(a, (r) => r.code),
    conflicts: a.conflicts.map((c) => c.text),
    intervals: input.pricePerMWh.map((price, t) => ({
      start: startMs === null ? null : isoInstant(startMs + t * intervalMs),
      end: startMs === null ? null : isoInstant(startMs + (t + 1) * intervalMs),
      price_per_mwh: price,
      adder_per_mwh: input.adderPerMWh?.[t] ?? 0,
      load_mw: a.siteMW?.[t] ?? null,
      on: a.schedule === null ? null : input.groups.filter((g) => a.schedule?.[g.id]?.[t] === '1').map((g) => g.id),
    })),
    assumptions: assumed.map((x) => `${x.field}: ${x.reason}`),
    problems,
  }
}

export const command: Command = {
  name: 'plan',
  usage: 'plan FILE.json [--csv FILE.csv [--replace]]   a site file with its prices; - reads stdin',
  options: { csv: { type: 'string' }, replace: { type: 'boolean' } },
  run: async (c) => {
    const [path, ...rest] = c.args
    if (path === undefined || rest.length > 0)
      return wrongUsage(failed('invalid-input', 'plan wants one site file, or - for standard input').failure, c, command.usage)
    const { csv, replace } = c.flags
    if (csv === '') return wrongUsage(failed('invalid-input', 'plan wants --csv FILE.csv', { field: 'csv' }).failure, c, command.usage)
    // A path that cannot be written is said before the plan is made.
    const files = typeof csv === 'string' ? await import('../memo/write-file.ts') : null
    const free = files === null || typeof csv !== 'string' ? ok(undefined) : await files.checkOut(csv, { replace: replace === true })
    if (!free.ok) return free
    const json = await readJsonFile(path, c.signal)
    if (!json.ok) return json
    const site = readSiteFile(json.value)
    if (!site.ok) return site
    const { file, problems, assumed } = site.value
    const prices = pricesOf(file)
    if (!prices.ok) return prices
    if (prices.value === null || prices.value.pricePerMWh.length === 0)
      return failed('invalid-input', 'prices: a plan needs the prices of its intervals', { field: 'prices' })
    const { startMs, pricePerMWh } = prices.value
    if (pricePerMWh.length > MOST_INTERVALS)
      return failed('too-large', `prices: ${pricePerMWh.length} intervals, a plan has at most ${MOST_INTERVALS}`, { field: 'prices' })
    const input = planInputOf(file, prices.value)
    if (!input.ok) return input
    const planned = await compute('plan', input.value, { signal: c.signal })
    if (!planned.ok) return planned
    const outcome = { file, input: input.value, startMs, plan: planned.value, problems, assumed }
    const table = planCsv(outcome)
    if (files !== null && typeof csv === 'string' && table !== null) {
      const written = await files.writeMemo(csv, Buffer.from(table), { replace: replace === true })
      if (!written.ok) return written
      c.err(`schedule written to ${written.value.path}\n`)
    } else if (files !== null) c.err('no schedule, so no file was written\n')
    if (c.json) printJson(c.out, document(outcome))
    else c.out(planText(outcome))
    return ok(undefined)
  },
}
