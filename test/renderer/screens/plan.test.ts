import { expect, test } from 'vitest'
import { shapeOf, shortValue, sourceWord, stepViews } from '../../../renderer/screens/plan/assumptions.ts'
import { planSentence, planSite, results, siteChecks, splitSentence } from '../../../renderer/screens/plan/view-model.ts'
import { makeFakeBridge } from '../../fakes/bridge.ts'
import { drawn } from '../../fakes/sample-draws.ts'

const NOW = Date.UTC(2026, 10, 24, 22, 42)
const bridge = makeFakeBridge({ nowMs: () => NOW })
const sites = async () => {
  const report = await bridge.ask['sites.report']({})
  if (!report.ok) throw new Error(report.failure.message)
  return report.value.sites
}
const plan = async (site: string, overrides = {}) => {
  const report = await bridge.ask['plan.conversion']({ site, overrides })
  if (!report.ok) throw new Error(report.failure.message)
  return report.value
}

test('a share is typed in percent, a power price follows the unit switch, capital is in millions a MW', () => {
  expect(shapeOf({ id: 'occupancy', unit: 'share' }, 'usd_per_mwh')).toEqual({ factor: 100, decimals: 1, unit: '%' })
  expect(shapeOf({ id: 'powerPricePerMwh', unit: '$/MWh' }, 'cents_per_kwh')).toEqual({ factor: 0.1, decimals: 2, unit: '¢/kWh' })
  expect(10_500_000 * shapeOf({ id: 'capexPerItMwUsd', unit: '$/MW' }, 'usd_per_mwh').factor).toBeCloseTo(10.5, 9)
})
test('bar ends are printed short: $115, 13.0 %, $13.3M, 12 mo, 9.0×', () => {
  expect([
    shortValue(115, '$/kW-month'),
    shortValue(0.13, 'a year'),
    shortValue(13_300_000, '$/MW'),
    shortValue(12, 'months'),
    shortValue(9, '×'),
  ]).toEqual(['$115', '13.0 %', '$13.3M', '12 mo', '9.0×'])
})
test('every assumption of a conversion has a place in one of the five steps', async () => {
  const report = await plan('toyah-basin')
  const views = stepViews(report.assumptions)
  expect(views).toHaveLength(5)
  expect(views.flatMap((v) => v.rows)).toHaveLength(report.assumptions.length)
})
test('a typed value is marked as override, a default as default', async () => {
  const report = await plan('toyah-basin', { leasePerKwMonthUsd: 150 })
  const lease = report.assumptions.find((a) => a.id === 'leasePerKwMonthUsd')
  const pue = report.assumptions.find((a) => a.id === 'pue')
  if (!lease || !pue) throw new Error('lease and PUE are assumptions')
  expect(sourceWord(lease)).toEqual({ kind: 'override', word: 'Override' })
  expect(sourceWord(pue)).toEqual({ kind: 'default', word: 'Default' })
})
test('margin and yield on cost stand side by side: 82 % of rent is far less of the capital', async () => {
  const report = await plan('toyah-basin')
  if (report.figures === null) throw new Error('Toyah Basin may be converted')
  const labels = results(report.figures, 40).map((r) => r.label)
  expect(labels.indexOf('Yield on cost')).toBe(labels.indexOf('NOI margin') + 1)
  expect(report.figures.yieldOnCost).toBeLessThan(report.figures.noiMargin ?? 0)
})
test('an IRR without a root is a dash with its reason, not 0 %', async () => {
  const report = await plan('toyah-basin')
  if (report.figures === null) throw new Error('Toyah Basin may be converted')
  const irr = results({ ...report.figures, irr: null, irrStatus: 'NO_REAL_ROOT', paybackMonths: null }, null).filter(
    (r) => r.label === 'IRR' || r.label === 'Payback',
  )
  expect(irr.map((r) => r.value)).toEqual(['—', '—'])
  expect(irr.map((r) => r.note)).toEqual(['no root', 'not within the horizon'])
})
test('a flare site must not be converted: its gates are the answer and no return is shown', async () => {
  const report = await plan('little-muddy')
  expect(report.figures).toBeNull()
  const check = siteChecks(await sites()).find((c) => c.id === 'little-muddy')
  expect(check).toMatchObject({ stop: true, verdict: 'Do not convert' })
  expect(check?.reason).toMatch(/^4 gates fail: firm power 0\.9 MW/)
})
test('with no site chosen the plan opens on one that may be converted', async () => {
  const all = await sites()
  expect(planSite(all, null)?.ai.figures).not.toBeNull()
  expect(planSite(all, 'little-muddy')?.id).toBe('little-muddy')
  expect(planSite([], null)).toBeNull()
})
test('the decision is the bold part of the sentence', () => {
  expect(splitSentence('Keep mining: at $135.00/kW-month converting is worth less.')).toEqual({
    headline: 'Keep mining:',
    rest: 'at $135.00/kW-month converting is worth less.',
  })
  expect(splitSentence('No sentence')).toEqual({ headline: 'No sentence', rest: '' })
})
test.each([
  [1, 'Do not convert the site to AI hosting: only the entered case pays.', 'the entered case alone pays'],
  [-1, 'Do not convert the site to AI hosting.', 'at P50 it is worth $21.7M less than mining on'],
])('with draws the headline rests on their P50 and names the chance of loss (entered case of sign %d)', async (sign, headline, words) => {
  const report = await plan('raquette-falls')
  if (report.figures === null) throw new Error('the invented site has a conversion')
  const { run } = drawn()
  const entered = { ...report, figures: { ...report.figures, npvUsd: sign * 10_400_000 } }
  const said = planSentence(entered, { ...run, npv: { ...run.npv, p10Usd: -43e6, p50Usd: -21.7e6, p90Usd: 7e5 } }, 16)
  expect(said.headline).toBe(headline)
  expect(said.rest).toContain(words)
  expect(said.rest).toContain('worse than mining on in 31 of 100 draws')
  // Without draws the report's own words.
  expect(planSentence(report, null, 16)).toEqual(splitSentence(report.sentence))
  expect(planSentence(entered, run, 1).rest).toMatch(/The grid connection delivers 1\.0 MW, not [\d.]+ MW\.$/)
})
