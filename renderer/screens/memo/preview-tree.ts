/**
 * The memo's HTML as a tree for a shadow root. The page's policy allows neither inline style sheets nor style
 * attributes nor data: fonts, and none of it is relaxed for the preview: sheets become constructed ones, attributes are
 * set through the object model, faces are the window's own. Scripts, links and handlers have no place in a memo and are
 * left out.
 */
/** `scope`: whose pages these are, "Toyah Basin, 12.0 MW"; a memo over several sites repeats its titles. */
export type PreviewSection = { readonly id: string; readonly title: string; readonly scope: string }
export type Preview = { readonly css: string; readonly nodes: DocumentFragment; readonly sections: readonly PreviewSection[] }

const STYLE = 'data-memo-style'
const forbidden = 'script, iframe, object, embed, link, meta, base, form, template, style'

/** Rules for the page as a whole hold for the host; faces are dropped, `@page` means nothing on a screen. */
const scoped = (css: string): string =>
  css
    .replace(/@font-face\s*\{[^}]*\}/g, '')
    .replace(/@import[^;]*;/g, '')
    .replace(/(^|[\s,{}])html(?=[\s,{])/g, '$1:host')
    .replace(/(^|[\s,{}])body(?=[\s,{>])/g, '$1.memo-body')

export const previewTree = (html: string): Preview => {
  let css = ''
  const inert = html
    .replace(/<style\b[^>]*>([\s\S]*?)<\/style>/gi, (_, sheet: string) => {
      css += `${sheet}\n`
      return ''
    })
    .replace(/(<[a-z][^>]*?)\sstyle=/gi, `$1 ${STYLE}=`)
  const parsed = new DOMParser().parseFromString(inert, 'text/html')
  for (const element of parsed.querySelectorAll(forbidden)) element.remove()
  const body = document.createElement('div')
  body.className = 'memo-body'
  for (const child of [...parsed.body.childNodes]) body.append(document.importNode(child, true))
  for (const element of body.querySelectorAll<HTMLElement | SVGElement>('*')) {
    for (const name of element.getAttributeNames())
      if (/^on|^href$|^xlink:href$|^src$/i.test(name) && !element.getAttribute(name)?.startsWith('#')) element.removeAttribute(name)
    const style = element.getAttribute(STYLE)
    if (style !== null) {
      element.removeAttribute(STYLE)
      element.style.cssText = style
    }
  }
  const nodes = document.createDocumentFragment()
  nodes.append(body)
  const sections = [...body.querySelectorAll<HTMLElement>('[data-section]')].map((s) => ({
    id: s.dataset.section ?? '',
    title: s.querySelector('.run span, h1, h2')?.textContent?.trim() ?? '',
    scope: s.querySelector('.run span:last-child:not(:first-child)')?.textContent?.trim() ?? '',
  }))
  return { css: scoped(css), nodes, sections }
}
