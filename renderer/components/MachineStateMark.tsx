import type { MachineState } from '#shared/fleet/machine.ts'
import css from './MachineStateMark.module.css'

export const stateWords: Record<MachineState, string> = {
  hashing: 'Hashing',
  degraded: 'Degraded',
  off: 'Off',
  sleeping: 'Sleeping',
  overheated: 'Overheated',
  stale: 'Stale',
  unknown: 'Unknown',
}

/** Shape and word, no hue: disc, half disc, square, crescent, triangle, hatch, dotted ring. */
export function MachineStateMark({ state, reason }: { state: MachineState; reason: string | null }) {
  return (
    <span className={css.state} title={reason ?? undefined}>
      <svg className={css.shape} viewBox="0 0 10 10" aria-hidden="true">
        {state === 'hashing' && <circle cx="5" cy="5" r="4" className={css.full} />}
        {state === 'degraded' && (
          <>
            <circle cx="5" cy="5" r="3.5" className={css.line} />
            <path d="M5 1.5a3.5 3.5 0 0 1 0 7z" className={css.full} />
          </>
        )}
        {state === 'off' && <path d="M1.5 1.5h7v7h-7z" className={css.line} />}
        {state === 'sleeping' && <path d="M7.8 6.6A3.8 3.8 0 1 1 4.6 1.4a3.2 3.2 0 0 0 3.2 5.2z" className={css.full} />}
        {state === 'overheated' && <path d="M5 1l4.2 8H.8z" className={css.full} />}
        {state === 'stale' && <path d="M1 9L9 1M1 5l4-4M5 9l4-4" className={css.line} />}
        {state === 'unknown' && <circle cx="5" cy="5" r="3.5" className={css.dotted} />}
      </svg>
      {stateWords[state]}
    </span>
  )
}
