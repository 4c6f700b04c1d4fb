import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { countPages } from '#electron/memo/count-pages.ts'
import { memoDocument } from '#electron/memo/document.ts'
import { writeMemoFor } from '#electron/memo/make-memo.ts'
import { findChromium, printHtml } from '#electron/memo/print-with-chromium.ts'
import type { MemoBlock, MemoStatement } from '#shared/memo/blocks.ts'
import { memoStatement } from '#shared/memo/statement.ts'
import { drawn, scenariosOf } from '../../fakes/sample-draws.ts'
import { graniteFalls, pecosFlat, SAMPLE_NOW_MS, sampleReports, sampleSources } from '../../fakes/sample-reports.ts'

/** Spaces of any kind and width are one space: a line may be broken anywhere, a figure may be kept together. */
const flat = (text: string) => text.replace(/[\s\u00A0]+/g, ' ')
/** Without any space, for text that the page may break across lines or boxes. */
const dense = (text: string) => text.replace(/[\s\u00A0]+/g, '')

const open = (pdf: Uint8Array) => getDocument({ data: Uint8Array.from(pdf), verbosity: 0 }).promise
const pageTexts = async (doc: PDFDocumentProxy): Promise<string[]> => {
  const texts: string[] = []
  for (let n = 1; n <= doc.numPages; n++) {
    const { items } = await (await doc.getPage(n)).getTextContent()
    texts.push(items.map((item) => ('str' in item ? item.str + (item.hasEOL ? ' ' : '') : '')).join(' '))
  }
  return texts
}

/** A process that has ended may stay listed until somebody asks how; that is not running. */
const isRunning = async (pid: number): Promise<boolean> => {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return !/\) [ZX] /.test(stat)
}

const wordsOf = (b: MemoBlock): string[] => {
  switch (b.kind) {
    case 'facts':
      return b.rows.flatMap((r) => [r.label, r.text])
    case 'verdict':
      return [b.sentence, b.reason, b.figure, ...b.captions]
    case 'text':
      return b.paragraphs.slice()
    case 'table':
      return b.rows.flatMap((r) => r.cells)
    case 'chart':
      return [b.heading, b.caption, b.source]
    case 'formula':
      return [b.heading, b.words, ...b.worked]
  }
}

const installed = findChromium().ok

describe.skipIf(!installed)('printed by the installed Chromium', () => {
  let statement: MemoStatement
  let made: ReturnType<typeof memoDocument>
  let pdf: Uint8Array
  let doc: PDFDocumentProxy
  let texts: string[]
  beforeAll(async () => {
    statement = memoStatement({
      reports: sampleReports(),
      explained: [],
      draws: [],
      scenarios: [],
      sources: sampleSources(),
      nowMs: SAMPLE_NOW_MS,
      version: '0.1.0',
      demo: true,
      paper: 'a4',
    })
    made = memoDocument(statement)
    const printed = await printHtml({ html: made.html })
    if (!printed.ok) throw new Error(printed.failure.message)
    pdf = printed.value
    doc = await open(pdf)
    texts = await pageTexts(doc)
  })
  afterAll(() => doc?.loadingTask.destroy())

  test('every page says which of how many it is', () => {
    expect(doc.numPages).toBeGreaterThanOrEqual(13)
    expect(countPages(pdf)).toBe(doc.numPages)
    for (const [i, text] of texts.entries()) expect(flat(text)).toContain(`${i + 1} of ${doc.numPages}`)
  })
  test('every page carries memo id, hash of inputs, version and the moment with its zone', () => {
    for (const text of texts) {
      expect(flat(text)).toContain(`Memo ${made.memoId}`)
      expect(flat(text)).toContain(`Inputs ${made.inputHash.slice(0, 4)} ${made.inputHash.slice(4, 8)}`)
      expect(flat(text)).toContain('Hashyard 0.1.0')
      expect(flat(text)).toContain('Wed 25 Nov 2026, 20:52 UTC')
    }
    expect(dense(texts.at(-1) ?? '')).toContain(made.inputHash)
  })
  test('demo stands across and above every page', () => {
    for (const text of texts) {
      expect(flat(text)).toContain('DEMO, simulated farm')
      expect(dense(text).match(/DEMO/g)?.length).toBe(2)
    }
  })
  test('every heading, sentence and figure of the statement is on paper, to the digit', () => {
    const all = dense(texts.join(' '))
    const words = statement.sections.flatMap((s) => [s.heading, ...s.blocks.flatMap(wordsOf)]).filter((w) => w !== '')
    expect(words.length).toBeGreaterThan(400)
    expect(words.filter((w) => !all.includes(dense(w)))).toEqual([])
  })
  test('each section begins a page and its running head names it and its site', () => {
    for (const section of statement.sections) {
      const pages = texts.map(flat).filter((t) => t.includes(section.running) && t.includes(section.scope))
      expect(
        pages.some((t) => dense(t).includes(dense(section.heading))),
        section.id,
      ).toBe(true)
    }
  })
  test('the outline lists the decision and below it each part', async () => {
    const [root, ...others] = await doc.getOutline()
    expect(others).toEqual([])
    expect(flat(root?.title ?? '')).toBe(statement.title)
    expect(root?.items.map((i: { title: string }) => flat(i.title))).toEqual(
      expect.arrayContaining(statement.sections.slice(1).map((s) => s.heading)),
    )
  })
  test('the PDF is tagged: headings, tables with header cells, figures with their alternative text', async () => {
    expect(Buffer.from(pdf).toString('latin1')).toMatch(/\/MarkInfo\s*<<[^>]*\/Marked true/)
    const roles = new Map<string, number>()
    const alts: string[] = []
    type Node = { readonly role?: string; readonly alt?: string; readonly children?: readonly object[] }
    const walk = (node: Node) => {
      if (node.role) roles.set(node.role, (roles.get(node.role) ?? 0) + 1)
      if (node.alt) alts.push(node.alt)
      for (const child of node.children ?? []) walk(child)
    }
    for (let n = 1; n <= doc.numPages; n++) {
      const tree: Node | null = await (await doc.getPage(n)).getStructTree()
      if (tree) walk(tree)
    }
    expect(roles.get('H1')).toBe(1)
    for (const role of ['H2', 'H3', 'Table', 'TR', 'TH', 'TD', 'Figure']) expect(roles.get(role) ?? 0, role).toBeGreaterThan(0)
    expect(alts.some((a) => a.includes('Break-even: S21 $87.38/MWh; S19 XP $70.75/MWh; S19j Pro $51.02/MWh'))).toBe(true)
  })
  test('the paper is A4; Letter where it was asked for', async () => {
    const [, , width, height] = (await doc.getPage(1)).view
    expect(width).toBeCloseTo(595.3, 0)
    expect(height).toBeCloseTo(841.9, 0)
    const letter = memoDocument(
      memoStatement({
        reports: [pecosFlat()],
        explained: [],
        draws: [],
        scenarios: [],
        sources: [],
        nowMs: SAMPLE_NOW_MS,
        version: '0.1.0',
        demo: false,
        paper: 'letter',
      }),
    )
    const printed = await printHtml({ html: letter.html })
    const other = await open(printed.ok ? printed.value : new Uint8Array())
    expect((await other.getPage(1)).view).toEqual([0, 0, 612, 792])
    expect(other.numPages).toBeGreaterThanOrEqual(4)
    expect((await pageTexts(other)).join(' ')).not.toContain('DEMO')
    await other.loadingTask.destroy()
  })
  test('the decision of a site stands on one page', () => {
    for (const id of ['pecos-flat', 'granite-falls', 'flare-six']) {
      const section = statement.sections.find((s) => s.id === `decision-${id}`)
      const page = dense(texts.find((t) => dense(t).includes(dense(section?.heading ?? '?'))) ?? '')
      expect(page).toContain('Askedoftheboard')
      expect(page).toContain('Readwithcare')
    }
  })
  test.each(['letter', 'a4'] as const)('with draws and scenarios, decision, numbers and draws stand on one %s page each', async (paper) => {
    const r = graniteFalls()
    const [block] = r.blocks
    const { figures } = r.ai
    if (!block || figures === null) throw new Error('the sample has a block and a conversion')
    const long = 'Price $53.80 against $39.62 to $45.56 break-even. Saves about $17 an hour. '
    const site = (id: string, name: string, npvUsd: number) => ({
      ...r,
      id,
      name,
      breakEvenBtcUsd: 93_100,
      breakEvenHashpriceUsd: 44.78,
      // A healthy fleet of many models, one of them losing, and advice with much to say.
      blocks: Array.from({ length: 9 }, (_, k) => ({
        ...block,
        id: `b${k}`,
        label: `Antminer S19j Pro ${k}`,
        breakEvenPowerPerMwh: 60 + k,
      })),
      recommendation: { ...r.recommendation, reason: long.repeat(5).trim() },
      ai: { ...r.ai, figures: { ...figures, npvUsd } },
    })
    const run = (siteId: string, sign: 1 | -1) => {
      const d = drawn()
      const p50Usd = sign * 21_700_000
      return { ...d, run: { ...d.run, siteId, npv: { ...d.run.npv, p10Usd: p50Usd - 43e6, p50Usd, p90Usd: p50Usd + 9e6 } } }
    }
    const cases = [
      ['both-pay', 10.4e6, 1],
      ['entered-alone', 10.4e6, -1],
      ['neither', -10.4e6, -1],
      ['p50-alone', -10.4e6, 1],
    ] as const
    const scenarios = scenariosOf('x')
    const [row] = scenarios.rows
    if (!row) throw new Error('the sample has rows')
    const rows = Array.from({ length: 24 }, (_, k) => ({
      ...row,
      id: `halving-2028-plus-${k}`,
      title: 'One retarget of -7.76 %, then back, and more',
    }))
    const s = memoStatement({
      reports: cases.map(([id, npv]) => site(id, `Site ${id}`, npv)),
      explained: [],
      draws: cases.map(([id, , sign]) => run(id, sign)),
      scenarios: cases.map(([id]) => ({ siteId: id, report: { ...scenarios, siteId: id, rows } })),
      sources: [],
      nowMs: SAMPLE_NOW_MS,
      version: '0.1.0',
      demo: true,
      paper,
    })
    const printed = await printHtml({ html: memoDocument(s).html })
    if (!printed.ok) throw new Error(printed.failure.message)
    const many = await open(printed.value)
    const pages = (await pageTexts(many)).map(dense)
    await many.loadingTask.destroy()
    const over = s.sections
      .filter((x) => /^(decision|numbers|draws)-/.test(x.id))
      .map((x) => ({ id: x.id, pages: pages.filter((t) => t.includes(dense(`${x.running}DEMO`)) && t.includes(dense(x.scope))).length }))
    expect(over).toHaveLength(12)
    expect(over.filter((x) => x.pages !== 1)).toEqual([])
  })
  test('a page that asks for the network gets nothing, and its script does not run', async () => {
    let asked = 0
    const server = createServer((_, response) => {
      asked += 1
      response.end('x')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    try {
      const html = `<!doctype html><title>t</title><link rel="stylesheet" href="http://127.0.0.1:${port}/a.css"><img src="http://127.0.0.1:${port}/b.png"><iframe src="http://127.0.0.1:${port}/c"></iframe><p>plain</p><script>document.querySelector('p').textContent = 'scripted'; fetch('http://127.0.0.1:${port}/d')</script>`
      const printed = await printHtml({ html })
      const page = await open(printed.ok ? printed.value : new Uint8Array())
      expect((await pageTexts(page)).join(' ')).toContain('plain')
      await page.loadingTask.destroy()
      expect(asked).toBe(0)
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
  })
  test('from reports to a file: what is answered is what lies there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hashyard-memo-'))
    try {
      const written = await writeMemoFor({
        reports: [pecosFlat()],
        explained: [],
        draws: [],
        scenarios: [],
        sources: [],
        nowMs: SAMPLE_NOW_MS,
        version: '0.1.0',
        demo: false,
        out: join(folder, 'memo.pdf'),
        replace: false,
      })
      expect(written).toMatchObject({ ok: true, value: { path: join(folder, 'memo.pdf'), title: expect.stringContaining('Pecos Flat') } })
      expect(await readdir(folder)).toEqual(['memo.pdf'])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})

test('without Chromium the failure says what to install', () => {
  const nothing = { env: { PATH: '/usr/bin' }, isProgram: () => false }
  const linux = findChromium({ ...nothing, platform: 'linux' })
  expect(linux).toMatchObject({ ok: false, failure: { kind: 'not-supported' } })
  expect(linux.ok ? '' : linux.failure.message).toContain('apt install chromium')
  const mac = findChromium({ ...nothing, platform: 'darwin' })
  expect(mac.ok ? '' : mac.failure.message).toContain('brew install')
})
test('CHROME_PATH wins, and a wrong one is named rather than passed over', () => {
  const isProgram = (path: string) => path === '/opt/my-chrome' || path === '/usr/bin/chromium'
  expect(findChromium({ env: { CHROME_PATH: '/opt/my-chrome', PATH: '/usr/bin' }, platform: 'linux', isProgram })).toEqual({
    ok: true,
    value: '/opt/my-chrome',
  })
  const wrong = findChromium({ env: { CHROME_PATH: '/opt/gone', PATH: '/usr/bin' }, platform: 'linux', isProgram })
  expect(wrong.ok ? '' : wrong.failure.message).toContain('/opt/gone')
  expect(findChromium({ env: { PATH: 'relative:/usr/bin' }, platform: 'linux', isProgram })).toEqual({
    ok: true,
    value: '/usr/bin/chromium',
  })
})

describe.skipIf(process.platform === 'win32')('a Chromium that misbehaves', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hashyard-fake-'))
    // Its own place for temporary profiles, so that a print next door is not taken for a leftover.
    vi.stubEnv('TMPDIR', folder)
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await rm(folder, { recursive: true, force: true })
  })
  const fake = async (script: string) => {
    const path = join(folder, 'chromium')
    await writeFile(path, `#!/bin/sh\n${script}\n`)
    await chmod(path, 0o755)
    return path
  }
  const profiles = async () => (await readdir(folder)).filter((name) => name.startsWith('hashyard-print-'))

  test('one that never answers is ended at the deadline, with what it started', async () => {
    const chromium = await fake(`sleep 60 & echo $! > ${join(folder, 'child')}; wait`)
    const startedAt = performance.now()
    const printed = await printHtml({ html: '<p>x</p>', chromium, deadlineMs: 400 })
    expect(printed).toMatchObject({ ok: false, failure: { kind: 'timeout' } })
    expect(performance.now() - startedAt).toBeLessThan(4_000)
    expect(await isRunning(Number(await readFile(join(folder, 'child'), 'utf8')))).toBe(false)
    expect(await profiles()).toEqual([])
  })
  test('one that ends at once is quoted', async () => {
    const printed = await printHtml({
      html: '<p>x</p>',
      chromium: await fake('echo "[1:1:FATAL:zygote.cc(1)] No usable sandbox!" >&2; exit 3'),
    })
    expect(printed).toMatchObject({ ok: false, failure: { kind: 'not-supported' } })
    expect(printed.ok ? '' : printed.failure.message).toContain('code 3')
    expect(printed.ok ? '' : printed.failure.message).toContain('No usable sandbox!')
    expect(await profiles()).toEqual([])
  })
  test('one too old for page numbers is told apart from one that is missing', async () => {
    const chromium = await fake(`printf '{"id":1,"result":{"product":"Chrome/120.0.1"}}\\000' >&4; cat <&3 >/dev/null`)
    const printed = await printHtml({ html: '<p>x</p>', chromium })
    expect(printed.ok ? '' : printed.failure.message).toContain('it is Chrome/120.0.1; page numbers and footers need release 131 or newer')
  })
  test('an answer that is no message ends the print, not the program', async () => {
    const chromium = await fake(`printf 'not json\\000' >&4; cat <&3 >/dev/null`)
    const printed = await printHtml({ html: '<p>x</p>', chromium })
    expect(printed.ok ? '' : printed.failure.message).toContain('an answer could not be read')
  })
  test('a program that cannot be started is a failure, not an exception', async () => {
    const printed = await printHtml({ html: '<p>x</p>', chromium: join(folder, 'absent') })
    expect(printed).toMatchObject({ ok: false, failure: { kind: 'not-supported' } })
    expect(await profiles()).toEqual([])
  })
  test('cancelled before it began, nothing is printed', async () => {
    const printed = await printHtml({ html: '<p>x</p>', chromium: await fake('cat <&3 >/dev/null'), signal: AbortSignal.abort() })
    expect(printed.ok ? '' : printed.failure.message).toContain('cancelled')
  })
})
