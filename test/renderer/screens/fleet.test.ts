import { expect, test } from 'vitest'
import { meritPanels } from '../../../renderer/screens/fleet/merit-chart.ts'
import { footerParts, headView, meritFinding, meritOrder, rowText, whyUnknown } from '../../../renderer/screens/fleet/view-model.ts'
import { makeFakeBridge, type Variant } from '../../fakes/bridge.ts'

const NOW = Date.UTC(2026, 10, 24, 22, 42)
const answers = async (variant: Variant, filter = '') => {
  const bridge = makeFakeBridge({ variant, nowMs: () => NOW })
  const report = await bridge.ask['sites.report']({})
  const machines = await bridge.ask['fleet.machines']({ site: null, filter, sort: 'name', descending: false, offset: 0, limit: 500 })
  if (!report.ok || !machines.ok) throw new Error('the fake bridge failed')
  return { report: report.value, machines: machines.value }
}

test('blocks stand from the most efficient to the least, each as wide as its load', async () => {
  const [toyah] = meritOrder((await answers('live')).report.sites, 0, 'usd_per_mwh')
  expect(toyah?.blocks.map((b) => b.label)).toEqual(['S21', 'A1466', 'M50S', 'S19j Pro'])
  expect(toyah?.mw).toBeCloseTo(
    (toyah?.blocks ?? []).reduce((sum, b) => sum + b.mw, 0),
    9,
  )
})

test('what-if: $80 less a MWh and no block stands below its price any more', async () => {
  const { report } = await answers('live')
  expect(meritFinding(meritOrder(report.sites, 0, 'usd_per_mwh'), 0, 'usd_per_mwh')).toBe(
    'All 4 blocks at Toyah Basin stand below the price',
  )
  expect(meritFinding(meritOrder(report.sites, -80, 'usd_per_mwh'), -80, 'usd_per_mwh')).toBe(
    'At −80.00: every block stands above its price',
  )
})

test('a site without a usable price is not judged: its blocks are called neither above nor below', async () => {
  const { report } = await answers('dead')
  const toyah = meritOrder(report.sites, 0, 'usd_per_mwh').find((s) => s.id === 'toyah-basin')
  expect(toyah?.judged).toBe(false)
  expect(toyah?.blocks.some((b) => b.below)).toBe(false)
  expect(toyah?.note).toMatch(/^Not judged/)
  const head = headView(report, report.sites, NOW)
  expect(head.rest).toMatch(/^Judged on [\d.]+ of [\d.]+ MW; Toyah Basin has no usable price\.$/)
  expect(head.provenance).toContain('too old')
})

test('panels use one scale: a megawatt is as wide at one site as at another', async () => {
  const sites = meritOrder((await answers('live')).report.sites, 0, 'usd_per_mwh')
  const { panels, perMw } = meritPanels(sites, 1000)
  expect(panels.reduce((sum, p) => sum + p.width, 0) + 28 * (panels.length - 1)).toBeLessThanOrEqual(1000 + 1e-6)
  for (const p of panels) expect(p.site.mw * perMw).toBeLessThanOrEqual(p.width + 1e-9)
})

test('a machine that was never heard shows dashes, never zeros, and says why', async () => {
  const row = (await answers('live', 'state:unknown')).machines.rows[0]
  if (!row) throw new Error('the invented farm has a machine that was never heard')
  const text = rowText(row, 'usd_per_mwh')
  expect([text.hashrate, text.power, text.efficiency, text.temp, text.breakEven, text.margin]).toEqual(['—', '—', '—', '—', '—', '—'])
  expect(whyUnknown(row)).toBe('never heard: Connection refused')
})

test('a machine that rests has no efficiency and no break-even; its hashrate is a known zero', async () => {
  const row = (await answers('live', 'state:sleeping')).machines.rows[0]
  if (!row) throw new Error('the invented farm has a machine that rests')
  const text = rowText(row, 'usd_per_mwh')
  expect(text.hashrate).toBe('0.0')
  expect([text.efficiency, text.breakEven, text.margin]).toEqual(['—', '—', '—'])
})

test('a stale machine keeps its figures and is hatched', async () => {
  const row = (await answers('live', 'state:stale')).machines.rows[0]
  if (!row) throw new Error('the invented farm has a stale machine')
  const text = rowText(row, 'usd_per_mwh')
  expect(text.hatched).toBe(true)
  expect(text.hashrate).not.toBe('—')
})

test('totals name their denominator', async () => {
  const parts = footerParts((await answers('live')).machines.totals)
  expect(parts.some((p) => /^of [\d,]+ reported$/.test(p.text))).toBe(true)
  expect(parts.map((p) => p.text)).toContain('never heard')
})

test('power that stands on name plates is not called reported', async () => {
  const { totals } = (await answers('live')).machines
  expect(footerParts({ ...totals, powerMw: 8.18, estimatedMw: 3.7 })[0]).toEqual({
    strong: '8.18',
    text: 'MW, 3.70 by name plate or estimate',
  })
  expect(footerParts({ ...totals, powerMw: 8.18, estimatedMw: 0 })[0]).toEqual({ strong: '8.18', text: 'MW reported' })
})
