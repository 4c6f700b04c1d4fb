import { useId, useRef } from 'react'
import type { PriceUnit } from '#shared/format.ts'
import { axisPrice, priceLabel } from '../price-text.ts'
import css from './Ruler.module.css'
import { type RulerModel, type RulerScale, type RulerTick, spreadLabels } from './ruler-layout.ts'
import { useSize } from './use-size.ts'

type RulerProps = { model: RulerModel; scale: RulerScale; unit: PriceUnit; large?: boolean; label: string }

const axisText = (perMwh: number, unit: PriceUnit) =>
  unit === 'usd_per_mwh' ? `$${axisPrice(perMwh, unit)}` : `${axisPrice(perMwh, unit)}¢`

/**
 * The gauge: an axis of power price with a tick for each block's break-even (wider for more MW) and a triangle for the
 * price. The bar between price and first tick is the margin: blue when the price lies left of it, orange when right,
 * hatched when the price is stale; a price that is too old turns grey.
 */
export function Ruler({ model, scale, unit, large = false, label }: RulerProps) {
  const host = useRef<HTMLDivElement>(null)
  const { width } = useSize(host)
  return (
    <div ref={host} className={large ? css.large : css.small} role="img" aria-label={label}>
      {width > 0 && <Drawing model={model} scale={scale} unit={unit} large={large} width={width} />}
    </div>
  )
}

function Drawing({ model, scale, unit, large, width }: Omit<RulerProps, 'label'> & { large: boolean; width: number }) {
  const hatch = useId()
  const y = large ? 30 : 20
  const bar = large ? 12 : 8
  const height = large ? 68 : 32
  const x = (v: number) => 0.5 + ((Math.min(scale.max, Math.max(scale.min, v)) - scale.min) / (scale.max - scale.min)) * (width - 1)
  const ticks = [...model.ticks].sort((a, b) => a.breakEven - b.breakEven)
  const lowest = ticks[0]?.breakEven ?? null
  const highest = ticks.at(-1)?.breakEven ?? null
  const most = Math.max(0, ...ticks.map((t) => t.mw ?? 0))
  const tickWidth = (t: RulerTick) => (large && most > 0 ? Math.max(2, Math.round(((t.mw ?? 0) / most) * 6)) : 2)
  const { price } = model
  const dead = model.freshness === 'dead' || model.freshness === 'missing'
  const px = price === null ? null : x(price)
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} className={css.drawing} aria-hidden="true">
      <defs>
        <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line x1=".5" y1="0" x2=".5" y2="5" className={css.hatch} />
        </pattern>
      </defs>
      <line x1="0" y1={y + bar + 0.5} x2={width} y2={y + bar + 0.5} className={css.axis} />
      {large && <Axis scale={scale} unit={unit} x={x} y={y + bar} avoid={px} />}
      {lowest !== null && highest !== null && <rect x={x(lowest)} y={y} width={x(highest) - x(lowest)} height={bar} className={css.band} />}
      {price !== null && lowest !== null && (
        <MarginBar
          from={x(Math.min(price, lowest))}
          to={x(Math.max(price, lowest))}
          y={y}
          bar={bar}
          loss={price > lowest}
          fill={model.freshness === 'fresh' ? null : `url(#${hatch})`}
        />
      )}
      {ticks.map((t) => (
        <rect key={t.id} x={x(t.breakEven) - tickWidth(t) / 2} y={y} width={tickWidth(t)} height={bar} className={css.tick} />
      ))}
      {large && <TickLabels ticks={ticks} x={x} y={y} width={width} unit={unit} />}
      {px !== null && price !== null && (
        <PriceMark
          x={px}
          y={y}
          bar={bar}
          large={large}
          dead={dead}
          width={width}
          text={`price ${priceLabel(price, unit)}${price > scale.max ? ' →' : price < scale.min ? ' ←' : ''}`}
        />
      )}
    </svg>
  )
}

function Axis({
  scale,
  unit,
  x,
  y,
  avoid,
}: {
  scale: RulerScale
  unit: PriceUnit
  x: (v: number) => number
  y: number
  avoid: number | null
}) {
  const values = Array.from({ length: Math.round((scale.max - scale.min) / scale.step) + 1 }, (_, i) => scale.min + i * scale.step)
  return values.map((v) => (
    <g key={v}>
      <line x1={x(v)} y1={y} x2={x(v)} y2={y + 4} className={css.axis} />
      {(avoid === null || Math.abs(x(v) - avoid) > 60) && (
        <text x={x(v)} y={y + 17} textAnchor={v === scale.min ? 'start' : v === scale.max ? 'end' : 'middle'} className={css.scale}>
          {axisText(v, unit)}
        </text>
      )}
    </g>
  ))
}

function MarginBar({
  from,
  to,
  y,
  bar,
  loss,
  fill,
}: {
  from: number
  to: number
  y: number
  bar: number
  loss: boolean
  fill: string | null
}) {
  if (fill) return <rect x={from} y={y + 1} width={to - from} height={bar - 1} fill={fill} />
  return <rect x={from} y={y + bar - 4} width={to - from} height={4} className={loss ? css.negative : css.positive} />
}

function TickLabels({
  ticks,
  x,
  y,
  width,
  unit,
}: {
  ticks: readonly RulerTick[]
  x: (v: number) => number
  y: number
  width: number
  unit: PriceUnit
}) {
  const texts = ticks.map((t) => ({ name: t.label, price: priceLabel(t.breakEven, unit), id: t.id, at: x(t.breakEven) }))
  const sized = texts.map((t) => ({ ...t, width: Math.max(t.name.length, t.price.length) * 6.3 }))
  const all = spreadLabels(
    sized.map((t) => ({ x: t.at, width: t.width })),
    width,
  )
  // Where not all names fit, the least and the most efficient block are the two that decide.
  const shown = all ? sized : sized.filter((_, i) => i === 0 || i === sized.length - 1)
  const left =
    all ??
    spreadLabels(
      shown.map((t) => ({ x: t.at, width: t.width })),
      width,
    ) ??
    []
  return shown.map((t, i) => (
    <g key={t.id}>
      <text x={(left[i] ?? t.at) + t.width / 2} y={y - 18} textAnchor="middle" className={css.name}>
        {t.name}
      </text>
      <text x={(left[i] ?? t.at) + t.width / 2} y={y - 5} textAnchor="middle" className={css.breakEven}>
        {t.price}
      </text>
    </g>
  ))
}

function PriceMark({
  x,
  y,
  bar,
  large,
  dead,
  width,
  text,
}: {
  x: number
  y: number
  bar: number
  large: boolean
  dead: boolean
  width: number
  text: string
}) {
  const half = text.length * 3.2
  if (!large)
    return (
      <g>
        <path d={`M${x} ${y - 1}l-4 -6h8z`} className={dead ? css.deadFill : css.priceFill} />
        <line x1={x} y1={y} x2={x} y2={y + bar} className={dead ? css.deadLine : css.priceLine} />
      </g>
    )
  return (
    <g>
      <path d={`M${x} ${y + bar - 1}l-5 8h10z`} className={dead ? css.deadFill : css.priceFill} />
      <line x1={x} y1={y - 2} x2={x} y2={y + bar} className={dead ? css.deadLine : css.priceLine} />
      <text
        x={Math.min(width - half, Math.max(half, x))}
        y={y + bar + 20}
        textAnchor="middle"
        className={dead ? css.deadText : css.priceText}
      >
        {text}
      </text>
    </g>
  )
}
