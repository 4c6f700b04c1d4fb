import { visibleText } from '#shared/memo/visible-text.ts'

/**
 * The memo's style sheet: the sheet of `design/memo.html` (21 pt decision, 48 pt number, 11 pt text on 15 pt, 10 pt tables) with the
 * running head, the footer and page n of m in `@page` margin boxes. Always light: paper is.
 */
export type PageStyle = { readonly name: string; readonly left: string; readonly right: string }

/** A CSS string for text from outside: everything but plain letters, digits and a few marks as an escape, so nothing can end the string or the style. */
const cssString = (text: string) =>
  `"${Array.from(visibleText(text, 200), (c) => (/[A-Za-z0-9 ,.:-]/.test(c) ? c : `\\${(c.codePointAt(0) ?? 0).toString(16)} `)).join('')}"`

const PAPER = { a4: { size: 'A4', width: '210mm', height: '297mm' }, letter: { size: 'Letter', width: '8.5in', height: '11in' } }

const INK = '#12161C'
const INK_2 = '#414A56'
const INK_3 = '#5A636F'
const LINE = '#DFE3E8'
const LINE_STRONG = '#B9C0C9'

export const memoStyle = (o: { paper: 'a4' | 'letter'; footer: string; pages: readonly PageStyle[]; demo: boolean }): string => {
  const paper = PAPER[o.paper]
  const running = `font:400 9pt/12pt "IBM Plex Sans",sans-serif;color:${INK_3};vertical-align:bottom;padding-bottom:6pt;margin-bottom:20pt;border-bottom:1px solid ${INK}`
  const foot = `font:400 8pt/12pt "IBM Plex Sans",sans-serif;vertical-align:top;padding-top:6pt;margin-top:14pt;border-top:1px solid ${LINE_STRONG}`
  const named = o.pages.map(
    (p) =>
      `@page ${p.name}{@top-left{content:${cssString(o.demo ? `${p.left}\u2003DEMO, simulated farm` : p.left)}}@top-right{content:${cssString(p.right)}}}`,
  )
  return `
@page{size:${paper.size};margin:1.16in .9in .94in;
@top-left{content:"";width:50%;text-align:left;${running}}
@top-right{content:"";width:50%;text-align:right;${running}}
@bottom-left{content:${cssString(o.footer)};width:85%;text-align:left;color:${INK_3};${foot}}
@bottom-right{content:counter(page) " of " counter(pages);width:15%;text-align:right;color:${INK};${foot}}}
${named.join('\n')}
*{box-sizing:border-box;margin:0;padding:0}
html{color-scheme:light;-webkit-print-color-adjust:exact;print-color-adjust:exact}
body{font:400 11pt/15pt "IBM Plex Sans","Segoe UI","Helvetica Neue","Noto Sans",sans-serif;font-variant-numeric:tabular-nums;color:${INK};background:#fff;overflow-wrap:anywhere}
/* pre-wrap keeps the space at a line's end, which the PDF's bookmarks would lose */
h1,h2,h3{break-after:avoid;text-wrap:balance;white-space:pre-wrap}
.title{font-size:16pt;line-height:21pt;font-weight:500;letter-spacing:-.012em}
.opening .title{font-size:21pt;line-height:27pt}
h3{font-size:10pt;line-height:15pt;font-weight:600}
p+p{margin-top:3pt}
.sheet{break-before:page}
.sheet:first-child{break-before:auto}
.block,figure{margin-top:15pt}
.cap,caption{font-size:9pt;line-height:12pt;color:${INK_3};text-align:left;caption-side:top}
caption{padding-bottom:3pt}
.note{font-size:8.5pt;line-height:12pt;color:${INK_3};margin-top:5pt}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;font-weight:400}
tr{break-inside:avoid}
.num{text-align:right;white-space:nowrap}
.nw{white-space:nowrap}
.facts{margin-top:18pt}
.facts th{width:1.5in;color:${INK_3};padding:0 8pt 6pt 0}
.facts td{padding:0 0 6pt}
.facts.ruled{font-size:10pt;line-height:14pt}
.facts.ruled th,.facts.ruled td{padding:6pt 0;border-bottom:1px solid ${LINE}}
.facts.ruled th{padding-right:8pt}
.facts.ruled tr:first-child>*{border-top:1px solid ${LINE}}
.opening .facts:not(.ruled){margin-top:21pt}
.verdict{border-top:1px solid ${LINE_STRONG};border-bottom:1px solid ${LINE_STRONG};margin:15pt 0;padding:12pt 0 14pt;break-inside:avoid}
.verdict h3,.alternative h3{font-weight:400;color:${INK_3}}
.verdict .v{font-size:14pt;line-height:20pt}
.one{display:flex;align-items:flex-end;gap:18pt;margin-top:14pt}
.big{font-size:48pt;line-height:45pt;font-weight:500;letter-spacing:-.025em;white-space:nowrap}
.range{color:${INK_2}}
.range p+p{margin-top:0}
.alternative{margin-top:0}
.options{table-layout:fixed;font-size:10pt;line-height:14pt}
.options th,.options td{padding:2pt 8pt 1.5pt;border-bottom:1px solid ${LINE};vertical-align:baseline}
.options tbody th{padding-left:0;color:${INK_2}}
.options td.num{white-space:normal}
.options thead th{font-weight:600;vertical-align:bottom;padding-top:5pt;padding-bottom:5pt}
.options thead th,.options thead td{border-bottom:1px solid ${INK}}
.options thead span{display:block;font-weight:400;color:${INK_3};font-size:9pt;line-height:12pt}
.options .pick{background:#F5F6F8}
.options .strong td{font-weight:600}
.shape{fill:${INK};margin-right:5px}
.dense{table-layout:fixed;font-size:8.5pt;line-height:11.5pt;margin-top:3pt;overflow-wrap:break-word}
.dense th,.dense td{padding:2.75pt 5pt 2.75pt 0;border-bottom:1px solid ${LINE}}
.dense thead th{font-weight:500;color:${INK_3};vertical-align:bottom;border-bottom:1px solid ${INK}}
.dense thead td{border-bottom:1px solid ${INK}}
.dense .num{padding-right:8pt;white-space:normal;overflow-wrap:normal}
.dense tr>:last-child{padding-right:0}
.dense .strong>*{font-weight:600}
.plot{margin-top:6pt}
.plot svg{display:block;width:100%;height:auto;overflow:visible}
figure,.block.formula,.block.drivers,.block.notes{break-inside:avoid}
figure figcaption{margin-top:5pt}
.drivers p{font-size:10pt;line-height:14pt}
.notes{margin-top:12pt;font-size:8.5pt;line-height:12pt;color:${INK_3}}
.notes h3{display:none}
.formula{font-size:10pt;line-height:14pt;margin-top:14pt}
.worked{padding-left:10pt;border-left:1px solid ${LINE_STRONG};color:${INK_2};margin-top:4pt}
.hash{font-family:"IBM Plex Mono",ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:8.5pt;word-break:break-all}
.watermark{position:fixed;inset:0;display:flex;align-items:center;justify-content:center;z-index:-1;font-size:150pt;line-height:1;font-weight:600;letter-spacing:.04em;color:#EDF0F3;transform:rotate(-52deg)}
@media print{.on-screen{display:none}
.decision{display:flex;flex-direction:column;min-height:99.5vh}
.decision>.facts.ruled{margin-top:auto}}
@media screen{html{background:#F1F3F5}body{background:none;padding:24px 0}
.watermark{color:#E3E7EB}
.sheet{position:relative;display:flex;flex-direction:column;width:${paper.width};min-height:${paper.height};margin:0 auto 24px;padding:.8in .9in .7in;background:#fff;outline:1px solid ${LINE_STRONG}}
${o.demo ? `.sheet::before{content:"DEMO";position:absolute;inset:0;display:flex;align-items:center;justify-content:center;font-size:150pt;font-weight:600;letter-spacing:.04em;color:#EDF0F3;transform:rotate(-52deg);pointer-events:none}.sheet>*{position:relative}.watermark{display:none}` : ''}
.run,.foot{display:flex;justify-content:space-between;gap:18pt;color:${INK_3}}
.run{font-size:9pt;line-height:12pt;border-bottom:1px solid ${INK};padding-bottom:6pt;margin-bottom:30pt}
.foot{justify-content:flex-start;font-size:8pt;line-height:12pt;border-top:1px solid ${LINE_STRONG};padding-top:6pt;margin-top:18pt}
.decision>.facts.ruled,.sheet>.foot{margin-top:auto}
.decision>.facts.ruled{margin-bottom:15pt}.decision>.foot{margin-top:0}}
`.trim()
}
