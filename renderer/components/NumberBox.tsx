import { type KeyboardEvent, useState } from 'react'
import { decimal, signed as signedText } from '#shared/format.ts'
import css from './NumberBox.module.css'
import { readTyped } from './typed-number.ts'

type NumberBoxProps = {
  label: string
  value: number
  onChange: (value: number) => void
  min?: number | undefined
  max?: number | undefined
  step?: number
  decimals?: number
  signed?: boolean
  width?: number
  /** Said with the figure by assistive technology. */
  unit?: string
}

/**
 * A typed figure. It is kept on Enter or on leaving, what is not a number falls back to the last one, a value out of
 * range goes to its edge; arrows step it, with Shift ten times as far.
 */
export function NumberBox({ label, value, onChange, min, max, step = 1, decimals = 2, signed = false, width = 88, unit }: NumberBoxProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const shown = signed ? signedText(value, decimals) : decimal(value, decimals)
  const keep = (n: number) => {
    setTyped(null)
    const inside = Math.min(max ?? n, Math.max(min ?? n, n))
    if (inside !== value) onChange(inside)
  }
  const commit = () => {
    if (typed === null) return
    const n = readTyped(typed)
    if (n === null) setTyped(null)
    else keep(n)
  }
  const press = (event: KeyboardEvent) => {
    const way = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0
    if (way !== 0) {
      event.preventDefault()
      keep(Number((value + way * step * (event.shiftKey ? 10 : 1)).toFixed(10)))
    } else if (event.key === 'Enter') commit()
    else if (event.key === 'Escape' && typed !== null) {
      event.preventDefault()
      setTyped(null)
    }
  }
  return (
    <input
      className={css.box}
      style={{ width }}
      type="text"
      inputMode="decimal"
      role="spinbutton"
      aria-label={label}
      aria-valuenow={value}
      aria-valuetext={unit ? `${shown} ${unit}` : shown}
      aria-valuemin={min}
      aria-valuemax={max}
      spellCheck={false}
      maxLength={64}
      value={typed ?? shown}
      onChange={(event) => setTyped(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={commit}
      onKeyDown={press}
    />
  )
}
