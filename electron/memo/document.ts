import type { OutputOf } from '#shared/contract.ts'
import type { MemoBlock, MemoColumn, MemoSection, MemoStatement } from '#shared/memo/blocks.ts'
import { visibleText } from '#shared/memo/visible-text.ts'
import { canonicalHash, sha256 } from '../canonical-hash.ts'
import { chartSvg } from './charts.ts'
import { embeddedFonts } from './fonts.ts'
import { memoStyle, type PageStyle } from './style.ts'

/**
 * The memo as one HTML page that needs nothing else: faces and charts inside, paper size, running heads, page numbers and footer in its own
 * `@page` rules. What is previewed is what is printed. The words and figures are the statement's; added here are only the memo's id, the
 * hash of what it was made from, and the face it is set in. Equal statements give equal bytes.
 */
export type MemoDocument = OutputOf<'memo.document'>

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (c) => ESCAPES[c] ?? c)

/** Longer than any paragraph of ours; a name was cut to its own length where it entered the statement. */
const LONGEST_PARAGRAPH = 6000
/** A figure stays on one line with its unit. */
const joined = (text: string) => text.replace(/(\d) (?=(?:%|MW|MWh|kW|PH\/s|J\/TH|h|min|s|years|months|days)(?![A-Za-z]))/g, '$1\u00A0')
const attribute = (text: string) => escapeHtml(joined(visibleText(text, LONGEST_PARAGRAPH)))
/** A line may end after a minus sign; a negative amount may not. */
const say = (text: string) => attribute(text).replace(/−\$?\d[\d.,]*[KMB]?/g, '<span class="nw">$&</span>')

const SHAPE = { disc: '<circle cx="5" cy="5" r="4"/>', square: '<path d="M1 1h8v8H1z"/>', diamond: '<path d="M5 0l5 5-5 5-5-5z"/>' }
const shape = (c: MemoColumn) =>
  c.shape === null ? '' : `<svg class="shape" width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">${SHAPE[c.shape]}</svg>`

const classes = (...names: (string | false)[]) => {
  const kept = names.filter((n) => n !== false)
  return kept.length === 0 ? '' : ` class="${kept.join(' ')}"`
}

const heading = (text: string) => (text === '' ? '' : `<h3>${say(text)}</h3>`)

const table = (b: Extract<MemoBlock, { kind: 'table' }>) => {
  const col = (c: MemoColumn) => (c.width === null ? '<col>' : `<col style="width:${c.width}%">`)
  const head = (c: MemoColumn) =>
    c.head === ''
      ? `<td${classes(c.align === 'right' && 'num')}></td>`
      : `<th scope="col"${classes(c.align === 'right' && 'num', c.proposed && 'pick')}>${shape(c)}${say(c.head)}${c.sub === null ? '' : `<span>${say(c.sub)}</span>`}</th>`
  const rows = b.rows.map((r) => {
    const cells = r.cells.map((text, i) => {
      const c = b.columns[i]
      if (i === 0) return `<th scope="row">${say(text)}</th>`
      return `<td${classes(c?.align === 'right' && 'num', c?.proposed === true && 'pick')}>${say(text)}</td>`
    })
    return `<tr${classes(r.strong && 'strong')}>${cells.join('')}</tr>`
  })
  return `<section class="block" data-block="${b.id}">${heading(b.heading)}<table class="${b.look}">${b.caption === null ? '' : `<caption>${say(b.caption)}</caption>`}<colgroup>${b.columns
    .map(col)
    .join('')}</colgroup><thead><tr>${b.columns.map(head).join('')}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table>${
    b.note === null ? '' : `<p class="note">${say(b.note)}</p>`
  }</section>`
}

const block = (b: MemoBlock, section: MemoSection): string => {
  switch (b.kind) {
    case 'facts':
      return `<table class="facts${b.ruled ? ' ruled' : ''}" data-block="${b.id}"><tbody>${b.rows
        .map((r) => `<tr><th scope="row">${say(r.label)}</th><td>${say(r.text)}</td></tr>`)
        .join('')}</tbody></table>`
    case 'verdict':
      return `<section class="verdict" data-block="${b.id}"><h3>${say(b.heading)}</h3><p class="v">${say(b.sentence)}</p>${
        b.reason === '' ? '' : `<p>${say(b.reason)}</p>`
      }<div class="one"><div class="big">${say(b.figure)}</div><div class="range">${b.captions.map((c) => `<p>${say(c)}</p>`).join('')}</div></div></section>`
    case 'text':
      return `<section class="block ${b.id}" data-block="${b.id}">${heading(b.heading)}${b.paragraphs.map((p) => `<p>${say(p)}</p>`).join('')}</section>`
    case 'table':
      return table(b)
    case 'chart':
      return `<figure data-block="${b.id}"><h3>${say(b.heading)}</h3><p class="cap">${say(b.caption)}</p><div class="plot" role="img" aria-label="${attribute(b.alt)}">${chartSvg(
        b.chart,
        `${section.id}-${b.id}`.replace(/[^A-Za-z0-9-]/g, '_'),
      )}</div><figcaption class="cap">${say(b.source)}</figcaption></figure>`
    case 'formula':
      return `<section class="block formula" data-block="${b.id}">${heading(b.heading)}<p>${say(b.words)}</p>${b.worked.map((w) => `<p class="worked">${say(w)}</p>`).join('')}</section>`
  }
}

export const memoDocument = (statement: MemoStatement): MemoDocument => {
  const inputHash = canonicalHash(statement.basis)
  // Two memos of the same inputs at different times are two memos.
  const memoId = `HY-${new Date(statement.generatedAtMs).getUTCFullYear()}-${sha256(`${inputHash} ${statement.generatedAtMs}`).slice(0, 6).toUpperCase()}`
  const fonts = embeddedFonts()
  const footer = [
    `Memo ${memoId}`,
    `Inputs ${inputHash.slice(0, 4)} ${inputHash.slice(4, 8)}`,
    `Hashyard ${visibleText(statement.version, 40)}`,
    statement.generatedAt,
  ]
  const pages: PageStyle[] = statement.sections.map((s, i) => ({ name: `page-${i + 1}`, left: s.running, right: s.scope }))
  const sections = statement.sections.map((s, i) => {
    const level = i === 0 ? 'h1' : 'h2'
    const last = i === statement.sections.length - 1
    return `<section class="sheet${s.opening ? ' opening' : ''}${s.blocks.some((b) => b.kind === 'verdict') ? ' decision' : ''}" style="page:page-${i + 1}" data-section="${escapeHtml(visibleText(s.id))}">
<div class="on-screen run" aria-hidden="true"><span>${say(s.running)}</span><span>${say(s.scope)}</span></div>
<${level} class="title">${say(s.heading)}</${level}>
${s.blocks.map((b) => block(b, s)).join('\n')}
${last ? colophon(memoId, inputHash, statement, fonts !== null) : ''}
<div class="on-screen foot" aria-hidden="true">${footer.map((f) => `<span>${say(f)}</span>`).join('')}</div>
</section>`
  })
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; font-src data:">
<meta name="viewport" content="width=device-width">
<meta name="generator" content="Hashyard ${attribute(statement.version)}">
<title>${attribute(statement.title)}</title>
<style>
${fonts ?? ''}
${memoStyle({ paper: statement.paper, footer: footer.join('\u2003'), pages, demo: statement.demo })}
</style>
</head>
<body>
${statement.demo ? '<div class="watermark" aria-hidden="true">DEMO</div>' : ''}
<main>
${sections.join('\n')}
</main>
</body>
</html>
`
  return { memoId, inputHash, title: statement.title, suggestedName: statement.suggestedName, html }
}

const colophon = (memoId: string, inputHash: string, statement: MemoStatement, plex: boolean) =>
  `<table class="facts ruled" data-block="colophon"><tbody>
<tr><th scope="row">Memo</th><td>${say(memoId)}, generated ${say(statement.generatedAt)}.${
    plex ? '' : ' IBM Plex Sans was not found beside the program; the memo is set in the system’s face.'
  }</td></tr>
<tr><th scope="row">Inputs, SHA-256</th><td class="hash">${inputHash}</td></tr>
</tbody></table>`
