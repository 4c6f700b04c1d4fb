import type { ReactNode } from 'react'
import css from './Sentence.module.css'

/** Bold verb clause, then condition and value. The same form for a recommendation and for the reason there is none. */
export function Sentence({ headline, rest, large = false }: { headline: ReactNode; rest?: ReactNode; large?: boolean }) {
  return (
    <p className={large ? css.large : css.sentence}>
      <b>{headline}</b>
      {rest ? <> {rest}</> : null}
    </p>
  )
}
