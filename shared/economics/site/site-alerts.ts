import type { SiteReport } from '../../decision/site-report.ts'
import { clockTimeZone, count, decimal, signed } from '../../format.ts'
import { sum } from '../sum.ts'
import { mwText } from './advice-words.ts'
import { type BlockLoad, isHeard, type MachineNow } from './block-load.ts'
import { complaint } from './input-health.ts'
import { least, type SiteReportInput } from './site-inputs.ts'

/** One line a cause, never one a machine. */
export const alertsOf = (
  i: SiteReportInput,
  report: Omit<SiteReport, 'alerts'>,
  o: { loads: readonly BlockLoad[]; overhead: { meterBelowMachines: boolean }; marginalLabel: string | null },
): SiteReport['alerts'] => {
  const money: SiteReport['alerts'] = []
  const r = report.recommendation
  if (r.action === 'none') {
    const part = report.powerMw === null ? '' : `, ${mwText(report.powerMw)},`
    money.push({ level: 'money', text: `Advice for ${report.name}${part} is off. ${r.headline}`, sinceMs: null })
  } else if (report.marginPerMwh !== null && report.marginPerMwh < 0)
    money.push({
      level: 'money',
      text: `Margin of the ${o.marginalLabel ?? 'marginal'} block at ${report.name} is ${signed(report.marginPerMwh)} $/MWh. ${r.headline}`,
      sinceMs: null,
    })

  const data: SiteReport['alerts'] = []
  const total = i.machines.length
  const ofAll = (n: number) => `${decimal(n, 0)} of ${count(total, 'machine')}`
  const silent = byReason(
    i.machines.filter((m) => !isHeard(m)),
    (m) => m.reason ?? (m.state === 'unknown' ? 'never heard' : 'no answer'),
  )
  // A line for "one other cause" would be as long as the cause itself.
  const shown = silent.length === MOST_CAUSES + 1 ? silent.length : MOST_CAUSES
  for (const c of silent.slice(0, shown)) data.push({ level: 'data', text: `${ofAll(c.machines)}: ${c.reason}`, sinceMs: c.sinceMs })
  const others = silent.slice(shown)
  if (others.length > 0)
    data.push({
      level: 'data',
      text: `${ofAll(sum(others.map((c) => c.machines)))} not heard, for ${count(others.length, 'other cause')}`,
      sinceMs: null,
    })
  const hot = i.machines.filter((m) => m.state === 'overheated').length
  if (hot > 0) data.push({ level: 'data', text: `${ofAll(hot)}: overheated`, sinceMs: null })
  const faults = byReason(
    i.machines.filter((m) => isHeard(m) && m.state !== 'overheated' && m.reason !== null),
    (m) => m.reason ?? '',
  )
  const [commonest] = faults
  if (commonest)
    data.push({
      level: 'data',
      text:
        faults.length === 1
          ? `${ofAll(commonest.machines)}: ${commonest.reason}`
          : `${ofAll(sum(faults.map((f) => f.machines)))} report a fault, ${count(faults.length, 'kind')}; most often: ${commonest.reason}`,
      sinceMs: null,
    })

  const unknownPower = sum(o.loads.map((l) => l.unknownPower))
  if (unknownPower > 0)
    data.push({
      level: 'data',
      text: `${decimal(unknownPower, 0)} of ${count(total, 'machine')}: hashing, but neither the machine nor a name plate says its power; in no MW here`,
      sinceMs: null,
    })
  if (o.overhead.meterBelowMachines)
    data.push({
      level: 'data',
      text: `The meter shows less power than the machines report (${mwText(report.meterPowerMw ?? 0)}): check which feeders it sees`,
      sinceMs: null,
    })
  for (const input of report.inputs) {
    if (input.id === 'hashprice') continue
    if (input.problem !== null && input.value !== null)
      data.push({ level: 'data', text: `${input.label}: ${input.problem}`, sinceMs: input.observedAtMs })
    else if (input.id === 'meter' && input.freshness !== 'fresh')
      data.push({
        level: 'data',
        text: `Meter: ${input.problem ?? (input.observedAtMs === null ? 'no reading' : `no reading since ${clockTimeZone(input.observedAtMs, report.timeZone)}`)}`,
        sinceMs: input.observedAtMs,
      })
    else if (input.freshness === 'stale')
      data.push({ level: 'data', text: capital(complaint(input, i.nowMs)), sinceMs: input.observedAtMs })
  }
  return [...money, ...data]
}
/** Causes of silence that get a line of their own. */
const MOST_CAUSES = 4

const byReason = (machines: readonly MachineNow[], reasonOf: (m: MachineNow) => string) =>
  [...Map.groupBy(machines, reasonOf)]
    .map(([reason, members]) => ({
      reason,
      machines: members.length,
      sinceMs: least(members.flatMap((m) => m.observedAtMs ?? [])),
    }))
    .sort((a, b) => b.machines - a.machines || (a.reason < b.reason ? -1 : 1))
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
