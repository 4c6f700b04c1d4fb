/** A plan as a trader reads it before gate closure: the money, then what to switch and when, then every interval. */
import type { FileNote, SiteFile } from '#shared/decision/site-file.ts'
import type { Plan } from '#shared/economics/curtailment/plan.ts'
import type { PlanInputs } from '#shared/economics/curtailment/plan-problem.ts'
import { type PlanReason, reasonText } from '#shared/economics/curtailment/plan-reasons.ts'
import { amount, count, date, dateTime, decimal, dollars, percent } from '#shared/format.ts'
import { visibleText } from '#shared/memo/visible-text.ts'
import { HOUR_MS } from '#shared/time.ts'
import { clockOf } from './plan-clock.ts'

export type PlanOutcome = {
  readonly file: SiteFile
  readonly input: PlanInputs
  readonly startMs: number | null
  readonly plan: Plan
  readonly problems: readonly FileNote[]
  readonly assumed: readonly FileNote[]
}

const nameOf = (o: PlanOutcome, t: number): string => clockOf(o).name(t)

/** A reason in words, with the site's clock in place of an interval's number. */
export const reasonOf = (o: PlanOutcome, r: PlanReason): string =>
  r.untilInterval === null || o.startMs === null
    ? reasonText(r)
    : reasonText(r).replace(`interval ${r.untilInterval}`, nameOf(o, r.untilInterval))

type Run = { readonly state: string; readonly from: number; readonly to: number }
const runsOf = (states: string): Run[] => {
  const runs: Run[] = []
  for (let t = 0; t < states.length; t++) {
    const last = runs.at(-1)
    const state = states[t] ?? '0'
    if (last !== undefined && last.state === state) runs[runs.length - 1] = { ...last, to: t + 1 }
    else runs.push({ state, from: t, to: t + 1 })
  }
  return runs
}

const statusText: Readonly<Record<string, string>> = {
  OPTIMAL: 'the best there is',
  FEASIBLE: 'legal, not proven to be the best',
  INFEASIBLE: 'no plan keeps all rules',
  UNKNOWN: 'no plan was found in time',
}

const switchesOf = (o: PlanOutcome, group: SiteFile['groups'][number]): string[] => {
  const runs = runsOf(o.plan.schedule?.[group.id] ?? '')
  const reasons = o.plan.reasons?.[group.id]
  return runs.map((run, k) => {
    const until = run.to < o.input.pricePerMWh.length ? ` to ${nameOf(o, run.to)}` : ' to the end'
    // One reason of each kind, in the order in which they come: a run may begin for its price and last for a call.
    const kinds = new Map<string, PlanReason>()
    for (const r of (reasons ?? []).slice(run.from, run.to)) if (!kinds.has(r.code)) kinds.set(r.code, r)
    const words = [...kinds.values()].map((r) => reasonOf(o, r).replace(/^(on|off): /, ''))
    return `  ${(k === 0 ? visibleText(group.id, 40) : '').padEnd(15)} ${run.state === '1' ? 'on ' : 'OFF'} ${nameOf(o, run.from)}${until}${words.length === 0 ? '' : `   ${words.join('; ')}`}`
  })
}

const days = (o: PlanOutcome, t: number): string | null => {
  if (o.startMs === null) return null
  const at = (k: number) => date((o.startMs ?? 0) + k * o.file.interval_hours * HOUR_MS, o.file.site.time_zone)
  return t === 0 || at(t) !== at(t - 1) ? at(t) : null
}

const table = (o: PlanOutcome): string[] => {
  const ids = o.input.groups.map((g) => visibleText(g.id, 10))
  const head = ['from'.padEnd(12), 'price'.padStart(9), 'adder'.padStart(8), 'MW'.padStart(8), ...ids.map((id) => id.padStart(11))].join('')
  const rows = o.input.pricePerMWh.flatMap((price, t) => {
    const day = days(o, t)
    const states = o.input.groups.map((g) => {
      const part = o.plan.onShare?.[g.id]?.[t]
      const isOn = o.plan.schedule?.[g.id]?.[t] === '1'
      return (part !== undefined && part > 0 && part < 1 ? percent(part, 0) : isOn ? 'on' : 'off').padStart(11)
    })
    const line = [
      nameOf(o, t).padEnd(12),
      decimal(price, 2).padStart(9),
      decimal(o.input.adderPerMWh?.[t] ?? 0, 2).padStart(8),
      decimal(o.plan.siteMW?.[t] ?? null, 1).padStart(8),
      ...states,
    ].join('')
    return day === null ? [line] : [day, line]
  })
  return [head, ...rows]
}

const money = (a: Plan): string[] =>
  a.objectiveUsd === null
    ? []
    : [
        `Value ${amount(a.objectiveUsd)}, always on ${amount(a.alwaysOnUsd)}: the plan is worth ${amount(a.objectiveUsd - a.alwaysOnUsd)} more.`,
        ...(a.gap !== null && a.gap > 0 ? [`Not more than ${percent(a.gap, 2)} below the best possible (${amount(a.boundUsd)}).`] : []),
      ]

export const planText = (o: PlanOutcome): string => {
  const { plan: a, file } = o
  const start = o.startMs === null ? '' : ` from ${dateTime(o.startMs, file.site.time_zone)}`
  return `${[
    `${visibleText(file.site.name, 60)}: plan for ${count(o.input.pricePerMWh.length, 'interval')} of ${decimal(file.interval_hours * 60, 0)} min${start}`,
    `${a.status}: ${statusText[a.status] ?? ''}. Engine ${a.engine}${a.seconds === null ? '' : `, ${decimal(a.seconds, 2)} s`}${a.timeLimitHit ? ', time limit reached' : ''}.`,
    ...money(a),
    ...a.conflicts.map((conflict) => `Conflict: ${conflict.text}`),
    ...(a.schedule === null ? [] : ['', ...file.groups.flatMap((g) => switchesOf(o, g)), '', ...table(o)]),
    '',
    ...o.assumed.map((x) => `Assumed: ${x.field}: ${x.reason}`),
    ...o.problems.map((x) => `Problem: ${x.field}: ${x.reason}`),
    ...(a.objectiveUsd === null
      ? []
      : [`Prices in USD/MWh${file.contract.type === 'fixed' ? ` (tariff ${dollars(file.contract.tariff_per_mwh)})` : ''}.`]),
  ].join('\n')}\n`
}
