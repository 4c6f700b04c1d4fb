import { expect, test } from 'vitest'
import { HOUR_MS } from '#shared/time.ts'
import { inputValue } from '../../../renderer/screens/now/input-value.ts'
import {
  hourMarks,
  labelShifts,
  type PriceChart,
  priceFinding,
  priceScale,
  priceTable,
  scaleMarks,
} from '../../../renderer/screens/now/price-chart.ts'
import { nowView, rulerOf, worstSite } from '../../../renderer/screens/now/view-model.ts'
import { makeFakeBridge, type Variant } from '../../fakes/bridge.ts'

const NOW = Date.UTC(2026, 10, 24, 22, 42)
const reportOf = async (variant: Variant) => {
  const result = await makeFakeBridge({ variant, nowMs: () => NOW }).ask['sites.report']({})
  if (!result.ok) throw new Error(result.failure.message)
  return result.value
}

test('the worst site stands first: Toyah Basin loses on every block while the others earn', async () => {
  const view = nowView(await reportOf('live'), null, 'usd_per_mwh', NOW)
  expect(view?.hero.site.name).toBe('Toyah Basin')
  expect(view?.hero.margin.startsWith('−')).toBe(true)
  expect(view?.others.map((s) => s.site.name)).toEqual(['Raquette Falls', 'Little Muddy'])
})

test('the margin is printed with its arithmetic: break-even of the last running block minus the price', async () => {
  const view = nowView(await reportOf('live'), 'raquette-falls', 'usd_per_mwh', NOW)
  const arithmetic = view?.hero.arithmetic.map((part) => part.text).join('') ?? ''
  const [breakEven = 0, price = 0] = (arithmetic.match(/\$([\d.]+)/g) ?? []).map((t) => Number(t.slice(1)))
  expect(arithmetic).toMatch(/^M63S break-even \$[\d.]+ − price \$[\d.]+$/)
  expect(Number(view?.hero.margin)).toBeCloseTo(breakEven - price, 1)
})

test('a price past its limit withholds the advice and says why; the site is no longer called the worst', async () => {
  const report = await reportOf('dead')
  const view = nowView(report, 'toyah-basin', 'usd_per_mwh', NOW)
  expect(view?.hero.margin).toBe('—')
  expect(view?.hero.withheld).toBe(true)
  expect(view?.hero.headline).toMatch(/^No recommendation: the ERCOT.* price is 74 min old \(limit 60\)\.$/)
  expect(view?.hero.oldest).toMatchObject({ state: 'too-old', word: 'Too old' })
  expect(rulerOf(view?.hero.site ?? report.sites[0] ?? ([] as never)).freshness).toBe('dead')
  expect(worstSite(report.sites)?.id).not.toBe('toyah-basin')
})

test('a stale input leaves the advice and names the input', async () => {
  const view = nowView(await reportOf('stale'), 'raquette-falls', 'usd_per_mwh', NOW)
  expect(view?.hero.withheld).toBe(false)
  expect(view?.hero.site.recommendation.staleInputs.length).toBeGreaterThan(0)
  expect(view?.hero.oldest.state).toBe('stale')
})

test('sites whose stake is unknown stand before those known: unknown is not zero', async () => {
  const view = nowView(await reportOf('dead'), 'little-muddy', 'usd_per_mwh', NOW)
  expect(view?.others[0]).toMatchObject({ stake: '—' })
  expect(view?.others[0]?.site.id).toBe('toyah-basin')
})

const at = (hour: number, minute = 0) => Date.UTC(2026, 10, 24, hour, minute)
const step = (startMs: number, price: number) => ({ startMs, endMs: startMs + HOUR_MS, price, quality: 'live' })
const chart = (settled: [number, number][], forward: [number, number][], breakEvens: number[], flat: number | null = null): PriceChart => ({
  series: {
    siteId: 's',
    label: 'ERCOT LZ_WEST',
    timeZone: 'America/Chicago',
    source: '',
    settled: settled.map(([h, p]) => step(at(h), p)),
    forward: forward.map(([h, p]) => step(at(h), p)),
    flatPerMwh: flat,
  },
  blocks: breakEvens.map((breakEven, i) => ({ id: String(i), label: `B${i}`, breakEven, mw: 1 })),
  fromMs: at(12),
  toMs: at(12) + 24 * HOUR_MS,
  nowMs: at(22, 42),
  unit: 'usd_per_mwh',
})

test('the chart’s title is the finding: which blocks the price passes, and when', () => {
  const blocks = [45.25, 52.15, 71.56, 87.91]
  // 23:00 UTC is 17:00 in Texas in November.
  expect(
    priceFinding(
      chart(
        [
          [21, 30],
          [22, 40],
        ],
        [
          [23, 86],
          [24, 182],
          [25, 41],
        ],
        blocks,
      ),
    ),
  ).toBe('Price passes three of four blocks at 17:00, all four at 18:00')
  expect(
    priceFinding(
      chart(
        [
          [21, 30],
          [22, 60],
        ],
        [[23, 40]],
        blocks,
      ),
    ),
  ).toBe('Price is above two of four blocks now until 17:00')
  expect(priceFinding(chart([[22, 30]], [[23, 40]], blocks))).toBe('Price stays below every block until 18:00')
  expect(priceFinding(chart([[22, 30]], [], blocks))).toBe('Price is below every block; no forward price is known')
  expect(priceFinding(chart([], [], blocks))).toBe('No price has arrived yet')
  expect(priceFinding(chart([], [], [43.57], 18))).toBe('$18.00 at any hour, below every block')
  expect(priceFinding(chart([[22, 30]], [], []))).toBe('No block is running, so no break-even is drawn')
})

test('a scarcity price of $5,000 does not flatten the band in which is decided; the scale says that it ends', () => {
  const scale = priceScale(chart([[22, 5000]], [], [45.25, 87.91]))
  expect(scale.cut).toBe(true)
  expect(scale.max).toBeLessThanOrEqual(500)
})
test('zero is among the marks, also when the price fell below it', () => {
  const scale = priceScale(chart([[22, -4.1]], [[23, 100]], [45.25]))
  expect(scale.min).toBeLessThan(-4.1)
  expect(scaleMarks(scale)).toContain(0)
})
test('the autumn day of 25 hours in Texas has seven marks of four hours from midnight to midnight, not six and a half', () => {
  // 1 November 2026: clocks go back at 02:00 CDT.
  const from = Date.UTC(2026, 10, 1, 5)
  const marks = hourMarks(from, from + 25 * HOUR_MS, 'America/Chicago', 4)
  expect(marks.map((m) => (m - from) / HOUR_MS)).toEqual([0, 5, 9, 13, 17, 21, 25])
})
test('labels at the end of lines keep a line’s height between them', () => {
  expect(labelShifts([10, 20, 60], 13)).toEqual([0, 3, 0])
})

test('the table of a price that never moves holds that price, not nothing', () => {
  const rows = priceTable(chart([], [], [35], 18)).rows
  expect(rows).toHaveLength(1)
  expect(rows[0]?.[1]).toMatchObject({ raw: 18, text: '$18.00' })
})
test('a count of machines has no decimals', async () => {
  const telemetry = (await reportOf('live')).sites[0]?.inputs.find((i) => i.id === 'telemetry')
  expect(telemetry && inputValue(telemetry, 'usd_per_mwh')).toMatch(/^[\d,]+ of [\d,]+ machines$/)
})
