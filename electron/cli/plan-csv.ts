/** A plan as a table to hand on: a line an interval, the MW of each group, times in UTC and on the site's clock. */
import { isoInstant } from '#shared/time.ts'
import { clockOf } from './plan-clock.ts'
import type { PlanOutcome } from './plan-text.ts'

/** A spreadsheet computes a cell that begins like a formula; behind an apostrophe it is text (`threat-model.md` I4). */
const textCell = (text: string): string => {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}

/** Null without a plan. Worked: 10 MW off from 18:00: `2025-06-01T23:00:00.000Z,…,2025-06-01T18:00:00-05:00,180,0,1,0`. */
export const planCsv = (o: PlanOutcome): string | null => {
  const { schedule, onShare, siteMW } = o.plan
  if (schedule === null || siteMW === null) return null
  const clock = clockOf(o)
  const head = ['interval', 'start', 'end', 'start_local', 'price_usd_per_mwh', 'adder_usd_per_mwh', 'site_mw']
  const lines = o.input.pricePerMWh.map((price, t) => {
    const [startMs, endMs] = [clock.startMs(t), clock.startMs(t + 1)]
    const times = startMs === null || endMs === null ? ['', '', ''] : [isoInstant(startMs), isoInstant(endMs), clock.local(startMs)]
    const mw = o.input.groups.map((g) => g.mw * (onShare?.[g.id]?.[t] ?? (schedule[g.id]?.[t] === '1' ? 1 : 0)))
    return [t, ...times, price, o.input.adderPerMWh?.[t] ?? 0, siteMW[t] ?? 0, ...mw].join(',')
  })
  return [[...head, ...o.input.groups.map((g) => textCell(`${g.id}_mw`))].join(','), ...lines, ''].join('\r\n')
}
