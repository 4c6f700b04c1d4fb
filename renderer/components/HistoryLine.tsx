import { useRef } from 'react'
import css from './HistoryLine.module.css'
import { useSize } from './use-size.ts'

type HistoryLineProps = {
  label: string
  points: readonly { readonly atMs: number; readonly value: number | null }[]
  /** Name plate: drawn as a line; the scale reaches at least up to it. */
  top: number | null
  format: (value: number) => string
}

/** A figure over time from zero; where nothing was heard the line is broken. */
export function HistoryLine({ label, points, top, format }: HistoryLineProps) {
  const host = useRef<HTMLDivElement>(null)
  const { width } = useSize(host)
  const values = points.flatMap((p) => (p.value === null ? [] : [p.value]))
  const max = Math.max(1, ...values, top ?? 0) * 1.08
  const first = points[0]?.atMs ?? 0
  const span = (points.at(-1)?.atMs ?? first) - first || 1
  const height = 72
  const left = 36
  const x = (ms: number) => left + ((ms - first) / span) * (width - left)
  const y = (v: number) => height - 4 - (v / max) * (height - 12)
  let open = false
  const path = points
    .map((p) => {
      if (p.value === null) {
        open = false
        return ''
      }
      const step = `${open ? 'L' : 'M'}${x(p.atMs).toFixed(1)} ${y(p.value).toFixed(1)}`
      open = true
      return step
    })
    .join('')
  return (
    <div
      ref={host}
      className={css.line}
      role="img"
      aria-label={`${label}: ${values.length === 0 ? 'nothing heard' : `last ${format(values.at(-1) ?? 0)}`}`}
    >
      {width > 0 && (
        <svg width={width} height={height} aria-hidden="true">
          <line x1={left} x2={width} y1={y(0)} y2={y(0)} className={css.axis} />
          <text x={left - 6} y={y(0) + 4} textAnchor="end">
            0
          </text>
          {top !== null && (
            <>
              <line x1={left} x2={width} y1={y(top)} y2={y(top)} className={css.plate} />
              <text x={left - 6} y={y(top) + 4} textAnchor="end">
                {format(top)}
              </text>
            </>
          )}
          <path d={path} className={css.path} />
        </svg>
      )}
    </div>
  )
}
