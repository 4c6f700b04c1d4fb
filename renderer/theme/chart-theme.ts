import { useEffect, useState } from 'react'
import { onPreferences } from '../preferences.ts'

/** The tokens a canvas needs, read from the custom properties so that charts and page cannot differ. */
export type ChartTheme = {
  readonly page: string
  readonly shade: string
  readonly ink: string
  readonly ink2: string
  readonly ink3: string
  readonly line: string
  readonly lineStrong: string
  readonly hatch: string
  readonly band: string
  readonly price: string
  readonly priceSoft: string
  readonly breakEven: string
  readonly plan: string
  readonly actual: string
  readonly loss: string
  readonly positive: string
  readonly negative: string
  readonly stroke: number
  readonly strokeStrong: number
  readonly font: string
}

const property: Record<Exclude<keyof ChartTheme, 'stroke' | 'strokeStrong' | 'font'>, string> = {
  page: '--page',
  shade: '--shade',
  ink: '--ink',
  ink2: '--ink-2',
  ink3: '--ink-3',
  line: '--line',
  lineStrong: '--line-strong',
  hatch: '--hatch-line',
  band: '--band',
  price: '--c-price',
  priceSoft: '--price-soft',
  breakEven: '--c-breakeven',
  plan: '--c-plan',
  actual: '--c-actual',
  loss: '--loss',
  positive: '--margin-pos',
  negative: '--margin-neg',
}

export const readChartTheme = (): ChartTheme => {
  const style = getComputedStyle(document.documentElement)
  const read = (name: string) => style.getPropertyValue(name).trim()
  const colours = Object.fromEntries(Object.entries(property).map(([key, name]) => [key, read(name)])) as Record<
    keyof typeof property,
    string
  >
  return {
    ...colours,
    stroke: Number.parseFloat(read('--stroke')) || 1.5,
    strokeStrong: Number.parseFloat(read('--stroke-strong')) || 2,
    font: read('--font') || 'sans-serif',
  }
}

const settings = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)']

/** Read again when the person or the system changes theme or contrast. */
export const useChartTheme = (): ChartTheme => {
  const [theme, setTheme] = useState(readChartTheme)
  useEffect(() => {
    const renew = () => setTheme(readChartTheme())
    const media = settings.map((query) => window.matchMedia(query))
    for (const m of media) m.addEventListener('change', renew)
    const off = onPreferences(renew)
    return () => {
      for (const m of media) m.removeEventListener('change', renew)
      off()
    }
  }, [])
  return theme
}

/** Hatch as a canvas pattern, the same 5 px stripes as `--hatch`; sharp on dense displays. */
export const hatchPattern = (colour: string): HTMLCanvasElement => {
  const ratio = Math.max(1, Math.round(window.devicePixelRatio || 1))
  const step = 7 * ratio
  const tile = document.createElement('canvas')
  tile.width = step
  tile.height = step
  const draw = tile.getContext('2d')
  if (draw) {
    draw.strokeStyle = colour
    draw.lineWidth = ratio
    draw.beginPath()
    for (const shift of [-step, 0, step]) {
      draw.moveTo(shift, step)
      draw.lineTo(shift + step, 0)
    }
    draw.stroke()
  }
  return tile
}
