import type { ReactNode, Ref } from 'react'

/** A part that scrolls by itself can be reached and scrolled by keyboard (WCAG 2.1.1); it therefore has a name. */
export function ScrollRegion({
  label,
  className,
  children,
  ref,
}: {
  label: string
  className?: string | undefined
  children: ReactNode
  ref?: Ref<HTMLElement>
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard needs a place to scroll from
    <section ref={ref} className={className} aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
