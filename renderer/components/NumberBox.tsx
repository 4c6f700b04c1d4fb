import { type KeyboardEvent, useId, useState } from 'react'
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
  /** Why this figure cannot be taken, in words; null: it can. */
  refuse?: ((value: number) => string | null) | undefined
}

/**
 * A typed figure. It is kept on Enter or on leaving; what is no number or out of range is refused in words and the last
 * figure stays. Arrows step it as far as its range goes, with Shift ten times as far.
 */
export function NumberBox({
  label,
  value,
  onChange,
  min,
  max,
  step = 1,
  decimals = 2,
  signed = false,
  width = 88,
  unit,
  refuse,
}: NumberBoxProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const problemId = useId()
  const shown = signed ? signedText(value, decimals) : decimal(value, decimals)
  const keep = (n: number) => {
    setTyped(null)
    setProblem(null)
    const inside = Math.min(max ?? n, Math.max(min ?? n, n))
    if (inside !== value) onChange(inside)
  }
  const commit = () => {
    if (typed === null) return
    const n = readTyped(typed)
    const why =
      n === null
        ? typed.trim() === ''
          ? 'Nothing was typed'
          : `“${typed.trim()}” is not a number`
        : (beyond(n, min, max, decimals) ?? refuse?.(n) ?? null)
    if (n !== null && why === null) return keep(n)
    setTyped(null)
    setProblem(`${why}; ${shown} stays.`)
  }
  const press = (event: KeyboardEvent) => {
    const way = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0
    if (way !== 0) {
      event.preventDefault()
      keep(Number((value + way * step * (event.shiftKey ? 10 : 1)).toFixed(10)))
    } else if (event.key === 'Enter') commit()
    else if (event.key === 'Escape' && (typed !== null || problem !== null)) {
      event.preventDefault()
      setTyped(null)
      setProblem(null)
    }
  }
  return (
    <span className={css.field}>
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
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : problemId}
        spellCheck={false}
        maxLength={64}
        value={typed ?? shown}
        onChange={(event) => {
          setTyped(event.target.value)
          setProblem(null)
        }}
        onFocus={(event) => event.target.select()}
        onBlur={commit}
        onKeyDown={press}
      />
      {problem !== null && (
        <span className={css.problem} id={problemId} role="alert">
          {problem}
        </span>
      )}
    </span>
  )
}

const beyond = (n: number, min: number | undefined, max: number | undefined, decimals: number): string | null =>
  min !== undefined && n < min
    ? `${decimal(n, decimals)} is below ${decimal(min, decimals)}`
    : max !== undefined && n > max
      ? `${decimal(n, decimals)} is above ${decimal(max, decimals)}`
      : null
