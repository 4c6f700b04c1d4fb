import type { ReactNode } from 'react'
import css from './Number.module.css'

type NumberProps = {
  label: ReactNode
  /** Already formatted; "—" for unknown, then `provenance` says why. */
  value: string
  unit?: string
  /** Arithmetic or source, age, and a link at most: one 11 px line. */
  provenance?: ReactNode
  /** one: the screen's number, 56 px. two: a second figure. */
  size?: 'one' | 'two'
  loss?: boolean
  /** Something that belongs beside the figure, such as a range. */
  beside?: ReactNode
}

/** A figure with its unit on one baseline and, below it, where it is from and how old it is. */
export function FigureNumber({ label, value, unit, provenance, size = 'one', loss = false, beside }: NumberProps) {
  return (
    <div className={css[size]}>
      <div className={css.label}>{label}</div>
      <div className={css.line}>
        <span className={[css.value, loss ? css.loss : ''].join(' ')}>{value}</span>
        {unit && value !== '—' && <span className={css.unit}>{unit}</span>}
        {beside}
      </div>
      {provenance && <div className={css.provenance}>{provenance}</div>}
    </div>
  )
}
