import type { ReactNode } from 'react'
import css from './ScreenHead.module.css'

/** The same corner on every screen: number at the left, sentence beside it, second figures and the one action at the right. */
export function ScreenHead({
  number,
  sentence,
  provenance,
  children,
}: {
  number: ReactNode
  sentence: ReactNode
  provenance?: ReactNode
  children?: ReactNode
}) {
  return (
    <section className={css.head}>
      <div className={css.number}>{number}</div>
      <div className={css.text}>
        {sentence}
        {provenance && <div className={css.provenance}>{provenance}</div>}
      </div>
      {children}
    </section>
  )
}

export function SecondFigure({ label, value, title }: { label: string; value: string; title?: string }) {
  return (
    <div className={css.second} title={title}>
      <div className={css.label}>{label}</div>
      <div className={css.value}>{value}</div>
    </div>
  )
}
