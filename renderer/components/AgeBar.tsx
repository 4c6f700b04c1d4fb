import css from './AgeBar.module.css'

/** Age from the left on its own limits: thin tick stale, thick tick too old; grey, then hatched, then alarm. */
export function AgeBar({ age, stale, dead, label }: { age: number; stale: number; dead: number; label: string }) {
  const state = age > dead ? css.dead : age > stale ? css.stale : css.fresh
  return (
    <span className={css.bar} role="img" aria-label={label} title={label}>
      <span className={[css.age, state].join(' ')} style={{ width: `${age * 100}%` }} />
      <span className={css.thin} style={{ left: `${stale * 100}%` }} />
      <span className={css.thick} style={{ left: `${dead * 100}%` }} />
    </span>
  )
}
