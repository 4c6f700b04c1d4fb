/** A derivation as an indented tree: formula, inputs with source and age (a computed one unfolded in place), steps, parts. */
import type { FigureExplanation } from '#shared/decision/figure.ts'
import { ageText, derivationKey, formulaText, howText, originText, shownText } from '#shared/derivation-text.ts'
import type { Derivation, DerivedInput } from '#shared/economics/derivation.ts'

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`)

/** Of a derivation that stands further up, only its name is told again. */
type Told = { readonly nowMs: number; readonly keys: Set<string> }

const inputLines = (i: DerivedInput, told: Told): string[] => {
  const head = `${i.name} = ${shownText(i.value, i.unit)}`
  if (i.from !== null) return [`${head}, from`, ...indented(derivationLines(i.from, told))]
  if (i.origin === null) return [head]
  const old = ageText(i.origin, told.nowMs)
  return [`${head}   [${originText(i.origin)}${old === null ? '' : `, ${old}`}]`]
}

const derivationLines = (d: Derivation, told: Told): string[] => {
  const key = derivationKey(d)
  if (told.keys.has(key)) return [`${d.formula}, as above`]
  told.keys.add(key)
  return [formulaText(d), ...bodyLines(d, told)]
}

const bodyLines = (d: Derivation, told: Told): string[] => [
  ...indented(d.inputs.flatMap((i) => inputLines(i, told))),
  ...indented(d.parts.flatMap((p) => [`${p.of}, from`, ...indented(derivationLines(p.derivation, told))])),
  ...indented(d.steps.map((s) => `${s.name} ${s.how === null ? '' : `= ${howText(s.how)} `}= ${shownText(s.value, s.unit)}`)),
]

export const explainText = (e: FigureExplanation, siteName: string): string =>
  [
    `${e.label}, ${siteName}: ${shownText(e.value, e.unit)}`,
    ...(e.reason === null ? [] : indented([e.reason])),
    ...(e.derivation === null
      ? e.value === null
        ? []
        : indented(['Entered by a person, not computed'])
      : indented(derivationLines(e.derivation, { nowMs: e.asOfMs, keys: new Set() }))),
    '',
  ].join('\n')
