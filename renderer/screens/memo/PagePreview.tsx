import { useEffect, useMemo, useRef } from 'react'
import { ScrollRegion } from '../../components/ScrollRegion.tsx'
import { useSize } from '../../components/use-size.ts'
import css from './MemoScreen.module.css'
import { type PreviewSection, previewTree } from './preview-tree.ts'

const SHEET_PX = 816
const MARGIN_PX = 48

/** The memo as it will be printed, sheet by sheet, true to size up to the width there is. */
export function PagePreview({
  html,
  onSections,
  show,
}: {
  html: string
  onSections: (sections: readonly PreviewSection[]) => void
  show: string | null
}) {
  const scroller = useRef<HTMLElement>(null)
  const host = useRef<HTMLDivElement>(null)
  const { width } = useSize(scroller)
  const tree = useMemo(() => previewTree(html), [html])

  useEffect(() => {
    const element = host.current
    if (!element) return
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' })
    const sheet = new CSSStyleSheet()
    // The grey around the sheets is the window's own.
    sheet.replaceSync(`${tree.css}:host{display:block;background:none!important}`)
    root.adoptedStyleSheets = [sheet]
    root.replaceChildren(tree.nodes.cloneNode(true))
    onSections(tree.sections)
  }, [tree, onSections])

  useEffect(() => {
    if (show !== null) host.current?.shadowRoot?.querySelector(`[data-section="${CSS.escape(show)}"]`)?.scrollIntoView({ block: 'start' })
  }, [show])

  const zoom = width === 0 ? 1 : Math.min(1, (width - MARGIN_PX) / SHEET_PX)
  return (
    <ScrollRegion ref={scroller} className={css.preview} label="Preview">
      <div ref={host} style={{ zoom }} />
    </ScrollRegion>
  )
}
