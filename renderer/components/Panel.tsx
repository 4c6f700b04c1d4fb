import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Button } from './Button.tsx'
import { Icon } from './Icon.tsx'
import css from './Panel.module.css'
import { ScrollRegion } from './ScrollRegion.tsx'

/** Details at the right, beside the work and not on top of its keys: no modal. Escape closes it and gives the focus back. */
export function Panel({
  title,
  subtitle,
  onClose,
  children,
}: {
  title: string
  subtitle?: ReactNode
  onClose: () => void
  children: ReactNode
}) {
  const heading = useId()
  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    const before = document.activeElement
    panel.current?.focus()
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) onClose()
    }
    window.addEventListener('keydown', close)
    return () => window.removeEventListener('keydown', close)
  }, [onClose])
  return (
    <aside ref={panel} className={css.panel} aria-labelledby={heading} tabIndex={-1}>
      <header className={css.head}>
        <div className={css.words}>
          <h2 id={heading} className={css.title}>
            {title}
          </h2>
          {subtitle && <div className={css.subtitle}>{subtitle}</div>}
        </div>
        <Button kind="tool" aria-label="Close panel" onPress={onClose}>
          <Icon name="cross" />
        </Button>
      </header>
      <ScrollRegion className={css.body} label={`${title}, details`}>
        {children}
      </ScrollRegion>
    </aside>
  )
}
