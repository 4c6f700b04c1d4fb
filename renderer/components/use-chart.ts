import { BarChart, CustomChart, LineChart } from 'echarts/charts'
import { GridComponent, MarkAreaComponent, MarkLineComponent, MarkPointComponent, TooltipComponent } from 'echarts/components'
import { type EChartsType, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import type { EChartsOption } from 'echarts/types/dist/shared'
import { type RefObject, useEffect, useRef } from 'react'
import { type ChartTheme, useChartTheme } from '../theme/chart-theme.ts'

use([
  BarChart,
  CanvasRenderer,
  CustomChart,
  GridComponent,
  LineChart,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  TooltipComponent,
])

export type { EChartsOption }
export type ChartSize = { readonly width: number; readonly height: number }
/** Pure: colours and size in, option out. */
export type ChartBuilder = (theme: ChartTheme, size: ChartSize) => EChartsOption

/**
 * ECharts in an element: made once it has a size, drawn again on new data, theme or size, disposed with the element.
 * Nothing moves because data changed (no animation), and nothing changes under the pointer: an update that arrives while
 * someone reads the chart waits until the pointer has left it.
 */
export const useChart = (element: RefObject<HTMLDivElement | null>, build: ChartBuilder): RefObject<EChartsType | null> => {
  const chart = useRef<EChartsType | null>(null)
  const theme = useChartTheme()
  const draw = useRef(() => {})
  const read = useRef(false)

  useEffect(() => {
    const host = element.current
    if (!host) return
    draw.current = () => {
      const size = { width: host.clientWidth, height: host.clientHeight }
      if (size.width === 0 || size.height === 0) return
      chart.current ??= init(host, null, { renderer: 'canvas' })
      chart.current.resize()
      chart.current.setOption({ ...frameOption(theme), ...build(theme, size) }, { notMerge: true })
    }
    if (!read.current) draw.current()
  }, [element, build, theme])

  useEffect(() => {
    const host = element.current
    if (!host) return
    const observer = new ResizeObserver(() => draw.current())
    const enter = () => {
      read.current = true
    }
    const leave = () => {
      read.current = false
      draw.current()
    }
    observer.observe(host)
    host.addEventListener('pointerenter', enter)
    host.addEventListener('pointerleave', leave)
    return () => {
      observer.disconnect()
      host.removeEventListener('pointerenter', enter)
      host.removeEventListener('pointerleave', leave)
      chart.current?.dispose()
      chart.current = null
    }
  }, [element])

  return chart
}

const frameOption = (theme: ChartTheme): EChartsOption => ({
  animation: false,
  textStyle: { fontFamily: theme.font, fontSize: 11, color: theme.ink3 },
})

/**
 * Tooltip of one look: page colour, hairline, ink. Its content is an element, never markup: text with style attributes
 * is against the page's policy.
 */
export const tooltipOption = (theme: ChartTheme): EChartsOption['tooltip'] => ({
  trigger: 'axis',
  transitionDuration: 0,
  backgroundColor: theme.page,
  borderColor: theme.lineStrong,
  borderWidth: 1,
  borderRadius: 2,
  padding: [6, 8],
  extraCssText: 'box-shadow:none',
  textStyle: { color: theme.ink, fontFamily: theme.font, fontSize: 11 },
  axisPointer: { type: 'line', lineStyle: { color: theme.ink2, type: [2, 2], width: 1 } },
  confine: true,
})

/** Lines of a tooltip; the first is what the pointer is at. */
export const tooltipLines = (lines: readonly string[]): HTMLElement[] =>
  lines.map((line) => {
    const row = document.createElement('div')
    row.textContent = line
    row.style.lineHeight = '16px'
    return row
  })
