import type { SiteReport } from '../decision/site-report.ts'
import { age, clockTimeZone, date, decimal, UNKNOWN } from '../format.ts'
import type { TracedInput } from '../market/traced.ts'
import { HOUR_MS } from '../time.ts'
import { column, type MemoSection, row } from './blocks.ts'
import { assumptionFigure, assumptionText, inputFigure } from './figure-text.ts'
import { visibleText } from './visible-text.ts'
import { capital, ended, mwOrUnknown, perMwh, scopeOf } from './words.ts'

const STATE_TEXT: Record<TracedInput['freshness'], string> = { fresh: '', stale: 'stale', dead: 'too old', missing: 'missing' }

const contractText = (c: SiteReport['contract']): string => {
  switch (c.type) {
    case 'index':
      return `Index: power is paid at the market price; ${perMwh(c.avoidableAdderPerMwh)} of delivery charges fall away with each MWh not drawn.`
    case 'ppa':
      return `PPA: ${mwOrUnknown(c.contractMw)} at ${perMwh(c.strikePerMwh)}, ${
        c.resaleAllowed ? `resale allowed at the market price less ${perMwh(c.resaleSpreadPerMwh)}` : 'no resale'
      }; ${perMwh(c.avoidableAdderPerMwh)} of delivery charges fall away with each MWh not drawn. The strike is on the bill and not in the decision.`
    case 'fixed':
      return `Fixed tariff of ${perMwh(c.tariffPerMwh)}; ${perMwh(c.avoidableAdderPerMwh)} of delivery charges fall away with each MWh not drawn.`
  }
}

export const asOf = (ms: number | null, timeZone: string, nowMs: number): string =>
  ms === null ? UNKNOWN : nowMs - ms < 24 * HOUR_MS ? clockTimeZone(ms, timeZone) : date(ms, timeZone)
const asOfAge = (ms: number | null, timeZone: string, nowMs: number): string =>
  ms === null ? UNKNOWN : `${asOf(ms, timeZone, nowMs)}, ${age(nowMs - ms)}`
export const ageOf = (ms: number | null, nowMs: number) => (ms === null ? UNKNOWN : age(nowMs - ms))

const inputMark = (i: TracedInput) => [capital(i.quality), STATE_TEXT[i.freshness]].filter((s) => s !== '').join(', ')

export const assumptionsSection = (r: SiteReport, nowMs: number): MemoSection => {
  const columns = (name: string) => [
    column(name, { width: 24 }),
    column('Value', { align: 'right', width: 12 }),
    column('Unit', { width: 13 }),
    column('Source', { width: 29 }),
    column('As of, age', { width: 12 }),
    column('Kind', { width: 10 }),
  ]
  const overridden = r.ai.assumptions.filter((a) => a.overridden).length
  return {
    id: `assumptions-${r.id}`,
    siteId: r.id,
    running: 'Assumptions',
    scope: scopeOf(r),
    heading: 'What the figures rest on',
    opening: false,
    blocks: [
      { kind: 'facts', id: 'contract', ruled: true, rows: [{ label: 'Power contract', text: contractText(r.contract) }] },
      {
        kind: 'table',
        id: 'inputs',
        heading: 'Inputs of the switching advice',
        caption: null,
        look: 'dense',
        columns: columns('Input'),
        rows: r.inputs.map((i) => {
          const figure = inputFigure(i)
          return row(
            visibleText(i.label, 80),
            figure.value,
            figure.unit,
            visibleText(i.source, 200),
            asOfAge(i.observedAtMs, r.timeZone, nowMs),
            inputMark(i),
          )
        }),
        note:
          r.inputs
            .filter((i) => i.problem !== null)
            .map((i) => ended(`${visibleText(i.label, 80)}: ${visibleText(i.problem ?? '', 200)}`))
            .join(' ') || null,
      },
      {
        kind: 'table',
        id: 'assumptions',
        heading: 'Assumptions of the conversion',
        caption:
          overridden === 0
            ? 'None is overridden.'
            : `${decimal(overridden, 0)} of ${decimal(r.ai.assumptions.length, 0)} set by hand; the value each replaced stands below it.`,
        look: 'dense',
        columns: columns('Assumption'),
        rows: r.ai.assumptions.map((a) => {
          const figure = assumptionFigure(a.id, a.value, a.unit)
          const mark = a.overridden ? 'Override' : a.quality === 'assumed' ? 'Default' : capital(a.quality)
          return {
            cells: [
              a.overridden
                ? `${visibleText(a.label, 80)} (default ${assumptionText(a.id, a.defaultValue, a.unit)})`
                : visibleText(a.label, 80),
              figure.value,
              figure.unit,
              visibleText(a.source, 240),
              asOfAge(a.observedAtMs, r.timeZone, nowMs),
              mark,
            ],
            strong: a.overridden,
          }
        }),
        note:
          r.ai.figures === null ? 'The conversion was not computed from these: a condition that money does not change is not met.' : null,
      },
    ],
  }
}
