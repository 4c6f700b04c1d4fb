import type { FigureExplanation, FigureId } from '../decision/figure.ts'
import type { SiteReport } from '../decision/site-report.ts'
import { ageText, derivationKey, filledText, formulaText, howText, originText, shownText } from '../derivation-text.ts'
import type { Derivation, DerivedInput } from '../economics/derivation.ts'
import { column, type MemoBlock, type MemoInput, type MemoRow, type MemoSection, row, strongRow } from './blocks.ts'
import { visibleText } from './visible-text.ts'
import { ended, nameText, scopeOf } from './words.ts'

/** The figures a memo stands on; the conversion's where it was computed. */
export const headlineFigures: readonly FigureId[] = ['break_even_power_per_mwh', 'margin_per_mwh', 'npv_usd']

/** Deeper than this a computed input is told by its value and formula; the window and `hashyard explain` unfold all of it. */
const deepest = (figure: FigureId): number => (figure === 'npv_usd' ? 1 : 2)
const LONGEST_SOURCE = 240

type Told = { readonly nowMs: number; readonly keys: Set<string>; readonly deepest: number }
const indent = (depth: number, text: string) => `${'\u2003'.repeat(depth)}${text}`

const inputRows = (i: DerivedInput, depth: number, told: Told): MemoRow[] => {
  const head = (text: string) => row(indent(depth, i.name), visibleText(shownText(i.value, i.unit), 80), text)
  if (i.from === null) {
    // An id is the name of what follows it.
    if (i.origin === null || i.name.endsWith('.id')) return [head('')]
    const old = ageText(i.origin, told.nowMs)
    return [head(visibleText(`${originText(i.origin)}${old === null ? '' : `, ${old}`}`, LONGEST_SOURCE))]
  }
  const known = told.keys.has(derivationKey(i.from))
  if (known || depth >= told.deepest) return [head(`from ${i.from.formula}${known ? ', unfolded above' : ''}`)]
  return [head(`from ${i.from.formula}:`), ...derivationRows(i.from, depth + 1, told)]
}

const derivationRows = (d: Derivation, depth: number, told: Told): MemoRow[] => {
  told.keys.add(derivationKey(d))
  return [
    ...d.inputs.flatMap((i) => inputRows(i, depth, told)),
    ...d.parts.flatMap((p) => [
      row(indent(depth, p.of), '', `from ${p.derivation.formula}:`),
      ...derivationRows(p.derivation, depth + 1, told),
    ]),
    ...d.steps.map((s) =>
      row(indent(depth, s.name), shownText(s.value, s.unit), s.how === null ? 'a sum over months or loads' : howText(s.how)),
    ),
  ]
}

const figureTable = (e: FigureExplanation, told: Told): MemoBlock => ({
  kind: 'table',
  id: `derivation-${e.figure}`,
  heading: `${e.label}: ${shownText(e.value, e.unit)}`,
  caption: e.derivation === null ? ended(visibleText(e.reason ?? 'Entered by a person', 400)) : formulaText(e.derivation),
  look: 'dense',
  columns: [
    column('Input or step', { width: 33 }),
    column('Value', { align: 'right', width: 24 }),
    column('Source and age, or arithmetic'),
  ],
  rows:
    e.derivation === null
      ? []
      : derivationRows(e.derivation, 0, told).map((r, k, all) => (k === all.length - 1 ? strongRow(...r.cells) : r)),
  note: null,
})

/** Every headline figure of a site from its inputs, as data; a site without one (withheld, not computed) has the reason. */
export const derivationSections = (i: MemoInput, scope: string): MemoSection[] => {
  const ofSite = (r: SiteReport) => i.explained.filter((e) => e.siteId === r.id)
  return i.reports.flatMap((r): MemoSection[] => {
    const explained = ofSite(r)
    if (explained.length === 0) return []
    // What one figure has unfolded, the next one names.
    const keys = new Set<string>()
    return [
      {
        id: `derivation-${r.id}`,
        siteId: r.id,
        running: 'How the figures were computed',
        scope: i.reports.length > 1 ? scopeOf(r) : scope,
        heading: `How the headline figures of ${nameText(r.name)} were computed`,
        opening: false,
        blocks: explained
          .filter((e) => e.derivation !== null)
          .map((e) => figureTable(e, { nowMs: i.nowMs, keys, deepest: deepest(e.figure) })),
      },
    ].filter((s) => s.blocks.length > 0)
  })
}

/** The steps of one figure in a line, numbers in place: what a pocket calculator is given. */
export const workedLine = (i: MemoInput, r: SiteReport, figure: FigureId): string => {
  const explained = i.explained.find((e) => e.siteId === r.id && e.figure === figure)
  const name = nameText(r.name)
  const d = explained?.derivation ?? null
  if (d === null) return ended(`${name}: not worked. ${visibleText(explained?.reason ?? 'No derivation was handed over', 400)}`)
  const steps = d.steps.map((s) => {
    const filled = filledText(d, s)
    return `${s.name} = ${filled === null ? '' : `${filled} = `}${shownText(s.value, s.unit)}`
  })
  return `${name}: ${steps.join('; ')}.`
}
