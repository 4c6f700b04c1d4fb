import { expect, test } from 'vitest'
import { explainFigures } from '#shared/economics/site/explain-site.ts'
import { type SiteReportInput, siteReport } from '#shared/economics/site/site-report.ts'
import type { MemoBlock, MemoStatement } from '#shared/memo/blocks.ts'
import { headlineFigures } from '#shared/memo/derivation-page.ts'
import { memoStatement } from '#shared/memo/statement.ts'
import { farm, NOW, powerPrice, site } from '../economics/site/farm.ts'

const memoOf = (...inputs: SiteReportInput[]): MemoStatement =>
  memoStatement({
    reports: inputs.map(siteReport),
    explained: inputs.flatMap((i) => explainFigures(i, headlineFigures)),
    draws: [],
    scenarios: [],
    sources: [],
    nowMs: NOW,
    version: '0.1.0',
    demo: false,
  })
const sectionOf = (s: MemoStatement, id: string) => s.sections.find((x) => x.id === id)
const tablesOf = (s: MemoStatement, id = 'derivation-paper') =>
  (sectionOf(s, id)?.blocks ?? []).filter((b): b is Extract<MemoBlock, { kind: 'table' }> => b.kind === 'table')
const table = (s: MemoStatement, figure: string) => {
  const found = tablesOf(s).find((t) => t.id === `derivation-${figure}`)
  if (!found) throw new Error(`no ${figure}`)
  return found
}
const rowOf = (t: ReturnType<typeof table>, name: string) => t.rows.find((r) => r.cells[0]?.trim() === name)?.cells

test('the appendix holds break-even, margin and NPV of a site, each headed by its figure and its formula', () => {
  const tables = tablesOf(memoOf(farm(70)))
  expect(tables.map((t) => [t.heading, t.caption])).toEqual([
    ['Break-even power price: 62.5 USD/MWh', 'breakeven.groupBreakEven, section 2.1, version 2'],
    ['Margin: −7.5 USD/MWh', 'site.siteMargin, section 4.1, version 2'],
    [expect.stringMatching(/^NPV against keep-mining: .*USD$/), 'ai.coloProject, section 5.2, version 2'],
  ])
})
test('each input stands with unit, source and age, each step with its arithmetic', () => {
  const t = table(memoOf(farm(70)), 'break_even_power_per_mwh')
  expect(rowOf(t, 'btcPriceUsd')).toEqual(['btcPriceUsd', '150,000 USD/BTC', 'paper (reported), 1 min old'])
  expect(rowOf(t, 'difficulty')).toEqual(['\u2003difficulty', '201.1657 T', 'paper (reported), 5 min old'])
  expect(rowOf(t, 'powerW')?.[2]).toBe('sum of 250 hashing machines of block S19j Pro, 250 of 250 machines reported (reported), 20 s old')
  expect(t.rows.at(-1)).toEqual({ cells: ['breakEvenPowerPerMWh', '62.5 USD/MWh', 'revenuePerMWh − otherVariablePerMWh'], strong: true })
})
test('what one figure has unfolded the next one only names', () => {
  const t = table(memoOf(farm(70)), 'margin_per_mwh')
  expect(rowOf(t, 'breakEvenPowerPerMWh')?.[2]).toBe('from breakeven.groupBreakEven, unfolded above')
  expect(rowOf(t, 'pricePerMWh')?.[2]).toBe('from curtailment.opportunityPrice:')
})
test('a typed assumption is told as one', () => {
  const t = table(memoOf(farm(70, { overrides: { leasePerKwMonthUsd: 150 } })), 'npv_usd')
  expect(rowOf(t, 'leasePerKwMonth')?.[2]).toMatch(/^Entered by a person; default: .* \(overridden\)$/)
})
test('a withheld margin has no table; the method page says why it is not worked', () => {
  const s = memoOf(farm(40, { price: powerPrice(40, 61) }))
  expect(tablesOf(s).map((t) => t.id)).not.toContain('derivation-margin_per_mwh')
  const method = sectionOf(s, 'freshness')?.blocks.find((b) => b.kind === 'formula' && b.id === 'margin')
  expect(method?.kind === 'formula' && method.worked[0]).toMatch(/^Paper Flat: not worked\. No recommendation: .* 61 min old/)
})
test('several sites have an appendix each; a site whose conversion is ruled out has no NPV in it', () => {
  const other = { ...site, id: 'flare', name: 'Flare', profile: { ...site.profile, diverseFiberRoutes: 0 } }
  const s = memoOf(farm(70), farm(70, { site: other }))
  expect(s.sections.map((x) => x.id).slice(-2)).toEqual(['derivation-paper', 'derivation-flare'])
  expect(tablesOf(s, 'derivation-flare').map((t) => t.id)).toEqual(['derivation-break_even_power_per_mwh', 'derivation-margin_per_mwh'])
})
test('the same inputs give the same pages', () => expect(memoOf(farm(70))).toEqual(memoOf(farm(70))))
