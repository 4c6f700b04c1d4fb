import { useId, useRef } from 'react'
import css from './Spark.module.css'
import { useSize } from './use-size.ts'

export type SparkModel = {
  readonly fromMs: number
  readonly toMs: number
  readonly nowMs: number
  /** USD/MWh by interval, settled and forward; gaps stay gaps. */
  readonly settled: readonly { readonly startMs: number; readonly endMs: number; readonly price: number }[]
  readonly forward: readonly { readonly startMs: number; readonly endMs: number; readonly price: number }[]
  /** Price that does not move. */
  readonly flat: number | null
  /** Break-even of the marginal block. */
  readonly breakEven: number | null
}

type Step = { startMs: number; endMs: number; price: number }
/** Steps joined while they touch; a hole starts a new line. */
const stepPath = (steps: readonly Step[], x: (ms: number) => number, y: (v: number) => number): string => {
  let path = ''
  let end: number | null = null
  for (const s of steps) {
    path += end !== null && s.startMs <= end ? `V${y(s.price)}` : `M${x(s.startMs)} ${y(s.price)}`
    path += `H${x(s.endMs)}`
    end = s.endMs
  }
  return path
}

/** A day of price against the marginal break-even: solid where settled, dashed ahead, hatched where nothing came. */
export function Spark({ model, label }: { model: SparkModel; label: string }) {
  const host = useRef<HTMLDivElement>(null)
  const { width } = useSize(host)
  return (
    <div ref={host} className={css.spark} role="img" aria-label={label}>
      {width > 0 && <Drawing model={model} width={width} />}
    </div>
  )
}

function Drawing({ model, width }: { model: SparkModel; width: number }) {
  const hatch = useId()
  const height = 36
  const clip = (steps: readonly Step[]) =>
    steps
      .filter((s) => s.endMs > model.fromMs && s.startMs < model.toMs)
      .map((s) => ({ ...s, startMs: Math.max(s.startMs, model.fromMs), endMs: Math.min(s.endMs, model.toMs) }))
  const settled = model.flat === null ? clip(model.settled) : [{ startMs: model.fromMs, endMs: model.nowMs, price: model.flat }]
  const forward = model.flat === null ? clip(model.forward) : [{ startMs: model.nowMs, endMs: model.toMs, price: model.flat }]
  const level = model.breakEven ?? 0
  const all = [...settled, ...forward].map((s) => s.price)
  // A spike would flatten everything else: the top is where the decision is, three break-evens up at most.
  const max = Math.max(level * 1.3, Math.min(Math.max(0, ...all), Math.max(level * 3, 60)))
  const min = Math.min(0, ...all)
  const x = (ms: number) => Math.round(((ms - model.fromMs) / (model.toMs - model.fromMs)) * width * 2) / 2
  const y = (v: number) => Math.round((height - 3 - ((Math.min(max, v) - min) / (max - min || 1)) * (height - 6)) * 2) / 2
  const last = settled.at(-1)?.endMs ?? model.fromMs
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <defs>
        <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line x1=".5" y1="0" x2=".5" y2="5" className={css.hatch} />
        </pattern>
      </defs>
      {model.breakEven !== null && <line x1="0" x2={width} y1={y(level)} y2={y(level)} className={css.breakEven} />}
      {last < model.nowMs && model.flat === null && (
        <rect x={x(last)} y="3" width={Math.max(0, x(model.nowMs) - x(last))} height={height - 6} fill={`url(#${hatch})`} />
      )}
      <path d={stepPath(settled, x, y)} className={css.settled} />
      <path d={stepPath(forward, x, y)} className={css.forward} />
      <line x1={x(model.nowMs) + 0.5} x2={x(model.nowMs) + 0.5} y1="0" y2={height} className={css.now} />
    </svg>
  )
}
