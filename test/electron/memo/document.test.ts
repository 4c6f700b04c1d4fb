import { expect, test } from 'vitest'
import { chartSvg } from '#electron/memo/charts.ts'
import { memoDocument } from '#electron/memo/document.ts'
import { embeddedFonts, FONT_FILES } from '#electron/memo/fonts.ts'
import type { SiteReport } from '#shared/decision/site-report.ts'
import type { MemoChart, MemoScenarios } from '#shared/memo/blocks.ts'
import { memoStatement } from '#shared/memo/statement.ts'
import { scenariosOf } from '../../fakes/sample-draws.ts'
import { graniteFalls, pecosFlat, SAMPLE_NOW_MS, sampleReports, sampleSources } from '../../fakes/sample-reports.ts'

const documentOf = (
  reports: SiteReport[],
  more: { demo?: boolean; nowMs?: number; version?: string; scenarios?: readonly MemoScenarios[] } = {},
) =>
  memoDocument(
    memoStatement({
      reports,
      explained: [],
      draws: [],
      scenarios: [],
      sources: sampleSources(),
      nowMs: SAMPLE_NOW_MS,
      version: '0.1.0',
      demo: false,
      ...more,
    }),
  )

test('the same reports at the same moment give the same bytes', () => {
  expect(documentOf(sampleReports()).html).toBe(documentOf(sampleReports()).html)
})
test('the hash follows every input, not the order in which a report was put together', () => {
  const { inputHash } = documentOf([pecosFlat()])
  expect(inputHash).toMatch(/^[0-9a-f]{64}$/)
  const reversed = Object.fromEntries(Object.entries(pecosFlat()).reverse()) as SiteReport
  expect(documentOf([reversed]).inputHash).toBe(inputHash)
  expect(documentOf([{ ...pecosFlat(), pricePerMwh: 61.21 }]).inputHash).not.toBe(inputHash)
  expect(documentOf([pecosFlat()], { version: '0.1.1' }).inputHash).not.toBe(inputHash)
  expect(documentOf([pecosFlat()], { demo: true }).inputHash).not.toBe(inputHash)
})
test('the scenarios are part of the hash: another shelf, another memo', () => {
  const report = scenariosOf('granite-falls')
  const hashOf = (scenarios: readonly MemoScenarios[]) => documentOf([graniteFalls()], { scenarios }).inputHash
  const whole = hashOf([{ siteId: 'granite-falls', report }])
  expect(hashOf([{ siteId: 'granite-falls', report: scenariosOf('granite-falls') }])).toBe(whole)
  expect(hashOf([{ siteId: 'granite-falls', report: { ...report, rows: report.rows.slice(1) } }])).not.toBe(whole)
  expect(hashOf([])).not.toBe(whole)
})
test('the same inputs an hour later are another memo with the same hash', () => {
  const now = documentOf([pecosFlat()])
  const later = documentOf([pecosFlat()], { nowMs: SAMPLE_NOW_MS + 3_600_000 })
  expect(later.inputHash).toBe(now.inputHash)
  expect(later.memoId).not.toBe(now.memoId)
  expect(now.memoId).toMatch(/^HY-2026-[0-9A-F]{6}$/)
})
test('the page holds one first heading, the decision, and its parts below it', () => {
  const { html, title } = documentOf([pecosFlat()])
  expect([...html.matchAll(/<h1/g)]).toHaveLength(1)
  expect(html).toContain(`<h1 class="title">${title}</h1>`)
  expect([...html.matchAll(/<h2 class="title">/g)]).toHaveLength(3)
  expect(html).toContain('<figcaption')
  expect(html).toContain('<th scope="col"')
  expect(html).toContain('<th scope="row">')
})
test('the page asks nothing of the network and runs nothing', () => {
  const { html } = documentOf(sampleReports(), { demo: true })
  expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; font-src data:"`)
  expect(html).not.toMatch(/<(script|link|img|iframe|object|embed|a) /i)
  const links = [...html.matchAll(/https?:[^\s"')<]*/gi)].map((m) => m[0]).filter((url) => !url.startsWith('http://www.w3.org/'))
  expect(links).toEqual([])
  expect([...html.matchAll(/url\((?!data:font\/woff2;base64,|#)/g)]).toEqual([])
})

test('a name in the running head cannot end the style sheet’s string', () => {
  const { html } = documentOf([{ ...pecosFlat(), name: `a"} body{display:none} \\`, place: '' }])
  const style = html.slice(html.indexOf('<style>'), html.indexOf('</style>'))
  expect(style).not.toContain('a"}')
  expect(style).toContain('content:"a\\22 \\7d  body\\7b display:none\\7d  \\5c , 20.0 MW"')
})

test('Plex lies inside the page, six faces of it', () => {
  const fonts = embeddedFonts()
  expect(fonts).not.toBeNull()
  expect([...(fonts ?? '').matchAll(/@font-face\{font-family:"IBM Plex Sans"/g)]).toHaveLength(6)
  expect(FONT_FILES).toHaveLength(6)
})
test('without the font files the memo is set in the system’s face', () => {
  expect(embeddedFonts('file:///nowhere/dist/engine.mjs')).toBeNull()
})

const charts: MemoChart[] = [
  {
    type: 'break-even',
    price: 61.2,
    priceText: 'price 61.20',
    bars: [
      { label: 'S21, 9.0 MW', value: 87.38, text: '87.38', below: false },
      { label: 'S19j Pro, 2.5 MW', value: -51.02, text: '−51.02', below: true },
    ],
  },
  {
    type: 'tornado',
    base: 4.85e6,
    baseText: '$4.85M',
    bars: [{ label: 'Lease', atLow: -13.1e6, atHigh: 36.9e6, lowText: '$100.00', highText: '$190.00' }],
  },
  {
    type: 'distribution',
    bins: [
      { fromUsd: -3e6, toUsd: -1e6, count: 30 },
      { fromUsd: -1e6, toUsd: 1e6, count: 50 },
      { fromUsd: 1e6, toUsd: 3e6, count: 20 },
    ],
    marks: [{ name: 'P50', usd: -0.4e6, text: '−$400K' }],
    lossText: 'worse: 62 of 100 draws',
    gainText: 'better: 38 of 100 draws',
  },
  { type: 'cumulative', monthly: [0, -10e6, -20e6, -15e6, 0, 10e6], lowestMonth: 2, lowestText: '−$20.0M, month 2' },
]
test.each(charts)('a chart ($type) is lines and words, never a picture', (chart) => {
  const svg = chartSvg(chart, 'c1')
  expect(svg).toMatch(/^<svg /)
  expect(svg).not.toMatch(/<image|<canvas|<script|data:/)
  const words = [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map((m) => m[1])
  for (const wanted of chart.type === 'break-even'
    ? ['price 61.20', 'S21, 9.0 MW', '−51.02']
    : chart.type === 'tornado'
      ? ['$4.85M', 'Lease', '$100.00', '$190.00']
      : chart.type === 'distribution'
        ? ['P50', '−$400K', 'worse: 62 of 100 draws', 'better: 38 of 100 draws']
        : ['−$20.0M, month 2', 'today'])
    expect(words).toContain(wanted)
  // A quote inside a quoted attribute would end it: the face would be lost, and worse things let in.
  expect(svg).not.toMatch(/style="[^"]*"[A-Z]/)
})
test('a chart drawn twice is the same drawing', () => {
  for (const chart of charts) expect(chartSvg(chart, 'c1')).toBe(chartSvg(chart, 'c1'))
})
test('the two kinds of bar differ without colour: a block above the price is filled, one below it outlined', () => {
  const [chart] = charts
  if (!chart) throw new Error('no chart')
  const svg = chartSvg(chart, 'c1')
  expect(svg).toMatch(/<path[^>]*fill="#C04F00"/)
  expect(svg).toMatch(/<path[^>]*fill="#FFFFFF"[^>]*stroke="#C04F00"/)
})
test('draws below zero are filled and those above outlined; the bin that holds zero is of both kinds', () => {
  const chart = charts.find((c) => c.type === 'distribution')
  if (!chart) throw new Error('no chart')
  const svg = chartSvg(chart, 'c1')
  expect([...svg.matchAll(/<path[^>]*fill="#A8538A"/g)]).toHaveLength(2)
  expect([...svg.matchAll(/<path[^>]*fill="#FFFFFF"[^>]*stroke="#A8538A"/g)]).toHaveLength(2)
})
test('names in a chart are escaped by the drawing library', () => {
  const svg = chartSvg(
    { type: 'break-even', price: null, priceText: '', bars: [{ label: '<script>&"', value: 1, text: '{b|x}', below: false }] },
    'c1',
  )
  expect(svg).not.toContain('<script')
  expect(svg).toContain('&lt;script&gt;')
  expect(svg).toContain('{b|x}')
})
