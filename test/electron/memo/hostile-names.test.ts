// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { memoDocument } from '#electron/memo/document.ts'
import type { SiteReport } from '#shared/decision/site-report.ts'
import { memoStatement } from '#shared/memo/statement.ts'
import { graniteFalls, pecosFlat, SAMPLE_NOW_MS, sampleSources } from '../../fakes/sample-reports.ts'

/** What a machine, a feed or a person may call itself: markup, both quotes, an end of style, direction and control characters, chart syntax. */
const HOSTILE = `<script>alert(1)</script>"' onload=x \u202Egnp.exe\u0000 </style><img src=x onerror=y> \\22 } &amp; {b|rich}`

const named = (name: string): SiteReport => {
  const r = pecosFlat()
  const ai = graniteFalls().ai
  return {
    ...graniteFalls(),
    id: `x"><script>${name}`,
    name,
    place: name,
    blocks: r.blocks.map((b) => ({ ...b, label: name })),
    recommendation: { ...r.recommendation, headline: name, reason: name },
    inputs: r.inputs.map((i) => ({ ...i, label: name, source: name, unit: name, problem: name })),
    states: { [name]: 3 },
    ai: {
      ...ai,
      sentence: name,
      components: ai.components.map((c) => ({ ...c, label: name, input: name })),
      gates: ai.gates.map((g) => ({ ...g, failed: true, reason: name, cure: name })),
      assumptions: ai.assumptions.map((a) => ({ ...a, label: name, source: name, unit: name })),
    },
  }
}
const pageFor = (name: string) => {
  const sources = sampleSources().map((s) => ({ ...s, id: name, purpose: name, lastError: name, coverage: name }))
  const made = memoDocument(
    memoStatement({
      reports: [named(name)],
      explained: [],
      draws: [],
      scenarios: [],
      sources,
      nowMs: SAMPLE_NOW_MS,
      version: '0.1.0',
      demo: true,
    }),
  )
  return { ...made, page: new DOMParser().parseFromString(made.html, 'text/html') }
}
const elementsOf = (page: Document) => [...page.querySelectorAll('*')]

test('a hostile name adds no element and no attribute anywhere on the page', () => {
  const hostile = elementsOf(pageFor(HOSTILE).page)
  const plain = elementsOf(pageFor('Plain name').page)
  expect(hostile.map((e) => e.tagName)).toEqual(plain.map((e) => e.tagName))
  expect(hostile.map((e) => e.getAttributeNames())).toEqual(plain.map((e) => e.getAttributeNames()))
  expect(hostile.filter((e) => /^(script|img|iframe|object|link)$/i.test(e.tagName))).toEqual([])
  expect(hostile.length).toBeGreaterThan(500)
})
test('it stands there as words, with its hidden characters written out', () => {
  const { page, title, html } = pageFor(HOSTILE)
  const heading = page.querySelector('h1')?.textContent ?? ''
  expect(heading).toContain('<script>alert(1)</script>"\' onload=x ‹U+202E›gnp.exe‹U+0000')
  expect(heading).toBe(title)
  expect(page.querySelector('[data-block="sources"] th[scope=row]')?.textContent).toContain('<img src=x onerror=y>')
  expect(html).not.toMatch(/[\u0000-\u0008\u200B-\u200F\u202A-\u202E\u2066-\u2069]/)
})
test('neither the style sheet nor the file name takes it over', () => {
  const { page, suggestedName } = pageFor(HOSTILE)
  const [style, ...more] = page.querySelectorAll('style')
  expect(more).toEqual([])
  expect(style?.textContent).not.toContain('<')
  expect(style?.textContent?.trim().endsWith('}')).toBe(true)
  expect(suggestedName).toMatch(/^Hashyard memo [^<>"/\\|\u0000-\u001F\u202E]+\.pdf$/)
})
