import type { ReactNode } from 'react'
import css from './Chip.module.css'
import { Icon } from './Icon.tsx'

export type ChipState = 'live' | 'stale' | 'too-old' | 'missing' | 'offline' | 'partial' | 'demo' | 'plain'

/** Icon, word, shape: hatch when old, an alarm frame when advice is withheld. Live and partial have no frame and no hue. */
export function StateChip({ state, children, big = false }: { state: ChipState; children: ReactNode; big?: boolean }) {
  return (
    <span className={[css.chip, css[state], big ? css.big : ''].join(' ')}>
      {state === 'live' && <Icon name="check" small />}
      {(state === 'too-old' || state === 'missing') && <Icon name="warning" small />}
      {state === 'offline' && <Icon name="offline" small />}
      {state === 'partial' && <Icon name="partial" small />}
      {state === 'demo' && <Icon name="demo" small />}
      <span>{children}</span>
    </span>
  )
}

/** Where an assumption comes from: a default is dashed, a person's override has a solid frame, anything else is plain. */
export function SourceChip({ kind, children, title }: { kind: 'default' | 'override' | 'plain'; children: ReactNode; title?: string }) {
  return (
    <span className={[css.source, css[kind]].join(' ')} title={title}>
      {children}
    </span>
  )
}
