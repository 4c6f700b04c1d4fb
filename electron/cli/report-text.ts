/** The report as an operator reads it in a terminal: one block a site, columns aligned, unknown as an em dash. */
import type { SiteReport } from '#shared/decision/site-report.ts'
import {
  age,
  clockTimeZone,
  count,
  dateTime,
  decimal,
  dollars,
  megawattsText,
  money,
  percent,
  price,
  priceUnit,
  signed,
} from '#shared/format.ts'

const unit = ` ${priceUnit('usd_per_mwh')}`
const perMwh = (n: number | null) => price(n) + (n === null ? '' : unit)

const LABEL = 14
const WIDTH = 118
/** A label and its text, broken between words and set under itself. */
const line = (label: string, text: string): string => {
  const lines = text.split(' ').reduce<string[]>((all, word) => {
    const last = all.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= WIDTH - LABEL - 2) all[all.length - 1] = `${last} ${word}`
    else all.push(word)
    return all
  }, [])
  return lines.map((part, i) => `  ${(i === 0 ? label : '').padEnd(LABEL)}${part}`).join('\n')
}

const conversionText = (r: SiteReport): string[] => {
  const f = r.ai.figures
  const head = line('AI hosting', r.ai.sentence)
  if (f === null) return [head, ...r.ai.gates.filter((g) => g.failed).map((g) => line('', `${g.reason}. ${g.cure}`))]
  return [
    head,
    line(
      '',
      [
        `NPV ${money(f.npvUsd)} against mining on`,
        `IRR ${percent(f.irr)}`,
        `payback ${f.paybackMonths === null ? '—' : count(f.paybackMonths, 'month')}`,
        `margin ${percent(f.noiMargin)} (no capital in it)`,
        `yield on cost ${percent(f.yieldOnCost)} in the first full year`,
      ].join(' · '),
    ),
    line(
      '',
      `break-even lease ${dollars(f.breakEvenLeasePerKwMonthUsd)}/kW-month · parity hashprice ${dollars(f.parityHashpriceUsd)}/PH/day · lowest cash ${money(f.lowestCashUsd)} in month ${f.lowestCashMonth}`,
    ),
  ]
}

const agesText = (r: SiteReport): string =>
  r.inputs
    .filter((i) => i.limits !== null)
    .map((i) => {
      const text = i.observedAtMs === null ? 'nothing received' : age(r.asOfMs - i.observedAtMs)
      return `${i.label} ${text}${i.freshness === 'stale' ? ' (stale)' : i.freshness === 'dead' ? ' (too old)' : ''}`
    })
    .join(' · ')

const siteText = (r: SiteReport): string => {
  const meter = r.meterPowerMw === null ? '' : `, meter ${megawattsText(r.meterPowerMw, 2)}`
  return [
    `${r.name}, ${r.place} — ${r.market}, ${dateTime(r.asOfMs, r.timeZone)}`,
    line(
      'Running',
      `${megawattsText(r.powerMw, 2)}${meter} · ${decimal(r.hashratePhs, 2)} PH/s · ${r.coverage.reported} of ${count(r.coverage.machines, 'machine')} reported`,
    ),
    line(
      'Break-even',
      `${perMwh(r.breakEvenPowerPerMwh)} (fleet ${perMwh(r.fleetBreakEvenPowerPerMwh)}) · BTC ${dollars(r.breakEvenBtcUsd, 0)} · hashprice ${dollars(r.breakEvenHashpriceUsd)}/PH/day`,
    ),
    line(
      'Price',
      `${perMwh(r.pricePerMwh)} · all-in ${perMwh(r.allInPricePerMwh)} · hashprice now ${dollars(r.hashpriceUsdPerPhDay)}/PH/day`,
    ),
    line('Margin', `${signed(r.marginPerMwh)}${r.marginPerMwh === null ? '' : unit} · ${dollars(r.marginUsdPerHour)}/h`),
    line('Advice', r.recommendation.headline),
    line('', r.recommendation.reason),
    ...(r.recommendation.nextChangeAtMs === null
      ? []
      : [line('', `Next change ${clockTimeZone(r.recommendation.nextChangeAtMs, r.timeZone)}`)]),
    ...conversionText(r),
    line('Ages', agesText(r)),
    ...r.alerts.map((a, i) => line(i === 0 ? 'Alerts' : '', a.text)),
  ].join('\n')
}

export const reportText = (o: { sites: readonly SiteReport[]; demo: boolean }): string =>
  `${o.demo ? 'DEMO FARM — simulated machines and markets\n\n' : ''}${o.sites.map(siteText).join('\n\n')}\n`
