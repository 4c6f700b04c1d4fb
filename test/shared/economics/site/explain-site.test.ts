import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { FigureExplanation, FigureId } from '#shared/decision/figure.ts'
import type { SiteReport } from '#shared/decision/site-report.ts'
import type { Derivation, DerivedInput } from '#shared/economics/derivation.ts'
import { explainFigure, explainFigures } from '#shared/economics/site/explain-site.ts'
import { type SiteReportInput, siteReport } from '#shared/economics/site/site-report.ts'
import type { PowerContract } from '#shared/fleet/site.ts'
import { HOUR_MS, MINUTE_MS } from '#shared/time.ts'
import { bareNumbers, disagreements } from '../recompute.ts'
import { btcPrice, farm, input, machine, NOW, powerPrice, s19s, s21s, site } from './farm.ts'

/** Where the report shows each figure: written here again, so that the table of the product is held against it. */
const inReport: Record<FigureId, (r: SiteReport) => number | null | undefined> = {
  hashrate_phs: (r) => r.hashratePhs,
  power_mw: (r) => r.powerMw,
  hashprice_usd_per_ph_day: (r) => r.hashpriceUsdPerPhDay,
  price_per_mwh: (r) => r.pricePerMwh,
  all_in_price_per_mwh: (r) => r.allInPricePerMwh,
  break_even_power_per_mwh: (r) => r.breakEvenPowerPerMwh,
  break_even_btc_usd: (r) => r.breakEvenBtcUsd,
  break_even_hashprice_usd: (r) => r.breakEvenHashpriceUsd,
  margin_per_mwh: (r) => r.marginPerMwh,
  npv_usd: (r) => r.ai.figures?.npvUsd,
  irr: (r) => r.ai.figures?.irr,
  payback_months: (r) => r.ai.figures?.paybackMonths,
  noi_margin: (r) => r.ai.figures?.noiMargin,
  yield_on_cost: (r) => r.ai.figures?.yieldOnCost,
  break_even_lease: (r) => r.ai.figures?.breakEvenLeasePerKwMonthUsd,
  parity_hashprice: (r) => r.ai.figures?.parityHashpriceUsd,
  mining_margin_per_mw_month: (r) => {
    const value = r.ai.assumptions.find((a) => a.id === 'miningCashMarginPerMwMonthUsd')?.value
    return typeof value === 'number' ? value : null
  },
}
const every = FigureId.options

const inputsOf = (d: Derivation): DerivedInput[] => [
  ...d.inputs.flatMap((i) => (i.from === null ? [i] : inputsOf(i.from))),
  ...d.parts.flatMap((p) => inputsOf(p.derivation)),
]
/** A name or a switch of the model, not a figure: "id", "contractType". */
const isFigure = (i: DerivedInput) => typeof i.value !== 'string'

/** What is wrong with the explanations of a farm: nothing. */
const faults = (i: SiteReportInput): string[] => {
  const report = siteReport(i)
  return explainFigures(i, every).flatMap((e) => {
    const shown = inReport[e.figure](report) ?? null
    if (!Object.is(e.value, shown)) return [`${e.figure}: explains ${String(e.value)}, the report shows ${String(shown)}`]
    if (e.value === null) return e.reason === null || e.derivation !== null ? [`${e.figure}: unknown without a reason`] : []
    const d = e.derivation
    if (d === null) return e.figure === 'mining_margin_per_mw_month' ? [] : [`${e.figure}: no derivation`]
    return [
      ...(FigureExplanation.safeParse(e).success ? [] : [`${e.figure}: not as declared`]),
      ...(d.outputs.length === 1 && Object.is(d.outputs[0]?.value, shown) ? [] : [`${e.figure}: comes to another number`]),
      ...disagreements(d),
      ...bareNumbers(d),
      ...inputsOf(d)
        .filter((x) => isFigure(x) && x.origin === null)
        .map((x) => `${e.figure}: ${x.name} has no source`),
    ]
  })
}

const under = (contract: PowerContract) => ({ site: { ...site, contract } })
const ppa: PowerContract = {
  type: 'ppa',
  strikePerMwh: 30,
  contractMw: 1,
  resaleAllowed: true,
  resaleSpreadPerMwh: 4,
  avoidableAdderPerMwh: 2,
}
const history = {
  prices: Array.from({ length: 2880 }, (_, k) => ({
    startMs: NOW - (2880 - k) * 15 * MINUTE_MS,
    endMs: NOW - (2879 - k) * 15 * MINUTE_MS,
    price: 20 + (k % 60),
  })),
  source: 'ercot.real-time',
}
const meter = (watt: number) => ({ ...input('meter', watt, 0, 2, 5), unit: 'W', source: 'Revenue meter' })
const farms: Record<string, SiteReportInput> = {
  'at a price below break-even': farm(40),
  'above break-even': farm(70),
  'below zero': farm(-20),
  'with a month of prices': farm(40, { powerHistory: history }),
  'with a meter': farm(40, { meter: meter(1_260_000) }),
  'with a meter and a silent machine': farm(40, {
    meter: meter(1_260_000),
    machines: [...s21s({}, 99), machine('x', 'S21', 200, 20, { state: 'stale' }), ...s19s()],
  }),
  'with pool fee, stale shares and overhead': farm(40, { site: { ...site, poolFee: 0.02, stale: 0.004, overheadRatio: 1.04 } }),
  'under a fixed tariff': farm(null, { ...under({ type: 'fixed', tariffPerMwh: 18, avoidableAdderPerMwh: 2 }), price: null }),
  'under take-or-pay with resale': farm(65, under(ppa)),
  'under take-or-pay without resale': farm(65, under({ ...ppa, resaleAllowed: false, contractMw: 5 })),
  'with estimated power': farm(40, { machines: [...s21s({ powerW: null, powerSource: null }), ...s19s()] }),
  'at rest': farm(40, { machines: s21s({ state: 'sleeping', hashrateThs: 0, powerW: 900 }) }),
  'with a BTC price that is too old': farm(40, { market: { ...farm(40).market, btcPrice: btcPrice(150_000, 40) } }),
  'without a BTC price': farm(40, { market: { ...farm(40).market, btcPrice: btcPrice(null) } }),
  'without a power price': farm(null),
  'without a block height': farm(40, { market: { ...farm(40).market, height: null } }),
  'without machines': farm(40, { machines: [] }),
  'with assumptions of a person': farm(40, { overrides: { leasePerKwMonthUsd: 190, miningCashMarginPerMwMonthUsd: 5000, gridMw: 11 } }),
  'whose AI conversion a gate forbids': farm(40, { site: { ...site, profile: { ...site.profile, diverseFiberRoutes: 0 } } }),
}
test.each(Object.entries(farms))('a site %s: each figure is the report’s, and its arithmetic and sources are whole', (_, i) =>
  expect(faults(i)).toEqual([]),
)

describe('the paper farm: $48/PH/day, S19j Pro at 32 J/TH break even at $62.50', () => {
  const breakEven = explainFigure(farm(40), 'break_even_power_per_mwh')
  test('the steps are those of paper: 0.768 MWh a PH-day, 48 / 0.768', () =>
    expect(breakEven.derivation?.steps.map((s) => [s.name, s.value, s.how])).toEqual([
      ['energyMWhPerPhDay', 0.768, 'efficiencyJTH * overheadRatio * 24 / 1000'],
      ['netShare', 1, '(1 - poolFee) * (1 - stale)'],
      ['hashpriceUsd', expect.closeTo(48, 9), 'btcPerPhDay * btcPriceUsd'],
      ['revenuePerMWh', expect.closeTo(62.5, 9), 'hashpriceUsd * netShare / energyMWhPerPhDay'],
      ['breakEvenPowerPerMWh', expect.closeTo(62.5, 9), 'revenuePerMWh - otherVariablePerMWh'],
    ]))
  const leaf = (name: string) => inputsOf(breakEven.derivation ?? ([] as never)).find((i) => i.name === name)
  test('an input of the market keeps its source and moment', () =>
    expect(leaf('difficulty')?.origin).toEqual({ source: 'paper', observedAtMs: NOW - 5 * MINUTE_MS, quality: 'reported' }))
  test('the machines are told as a sum with its denominator', () => {
    const quiet = farm(40, { machines: [...s21s(), ...s19s({}, 240), ...s19s({ state: 'stale' }, 10)] })
    const power = explainFigure(quiet, 'power_mw').derivation?.inputs.find((i) => i.name === 'blocks[0].powerW')
    expect(power?.origin?.source).toBe('sum of 240 readings of block S19j Pro, 240 of 250 machines reported')
  })
  test('the price it is held against is not among the inputs of a break-even', () => expect(leaf('marketPricePerMWh')).toBeUndefined())
  test('a margin unfolds into break-even and price, each by its own formula', () =>
    expect(explainFigure(farm(70), 'margin_per_mwh').derivation).toMatchObject({
      formula: 'site.siteMargin',
      inputs: [
        { name: 'breakEvenPowerPerMWh', from: { formula: 'breakeven.groupBreakEven' } },
        { name: 'pricePerMWh', value: 70, from: { formula: 'curtailment.opportunityPrice' } },
      ],
      outputs: [{ name: 'marginPerMWh', value: expect.closeTo(-7.5, 9), unit: 'USD/MWh' }],
    }))
})

describe('a conversion', () => {
  const inputOf = (i: SiteReportInput, name: string) => explainFigure(i, 'npv_usd').derivation?.inputs.find((x) => x.name === name)
  test('a default names itself and its range', () =>
    expect(inputOf(farm(40), 'leasePerKwMonth')?.origin).toMatchObject({ source: expect.stringContaining('$100–190'), quality: 'assumed' }))
  test('a typed value is marked as one and no longer computed', () => {
    const own = farm(40, { overrides: { leasePerKwMonthUsd: 150, miningCashMarginPerMwMonthUsd: 4000 } })
    expect(inputOf(own, 'leasePerKwMonth')).toMatchObject({ value: 150, origin: { quality: 'overridden' } })
    expect(inputOf(own, 'miningCashMarginPerMWMonth')).toMatchObject({ value: 4000, from: null, origin: { quality: 'overridden' } })
    expect(explainFigure(own, 'mining_margin_per_mw_month')).toMatchObject({ value: 4000, derivation: null })
  })
  test('the mining given up unfolds down to the prices it is a mean of', () => {
    const from = inputOf(farm(40, { powerHistory: history }), 'miningCashMarginPerMWMonth')?.from
    expect(from?.formula).toBe('ai.miningGivenUp')
    const on = from?.inputs.find((x) => x.name === 'marginPerRunningMWMonthUsd')?.from
    expect(on?.inputs.find((x) => x.name === 'prices.pricePerMWh')).toMatchObject({
      value: { count: 2880, least: 20, most: 79 },
      unit: 'USD/MWh',
      origin: { source: expect.stringMatching(/^Mean of ERCOT LZ_WEST \(ercot\.real-time\), 25 Oct 2026 to 24 Nov 2026$/) },
    })
  })
  test('its months ahead unfold to block height, elasticity and the same prices, era by era', () => {
    const from = inputOf(farm(40, { powerHistory: history }), 'miningCashMarginPerMWByMonth')?.from
    expect(from?.formula).toBe('ai.miningAhead')
    // 3.125 + 0.075 BTC, then 1.5625 + 0.075: 0.51172 of the reward, 0.51172^(1 / 1.6) of the hashprice.
    expect(from?.steps.find((s) => s.name === 'eras[1].rewardFactor')?.value).toBeCloseTo(0.51172, 5)
    expect(from?.steps.find((s) => s.name === 'eras[1].hashpriceFactor')?.value).toBeCloseTo(0.6579, 4)
    expect(from?.inputs.find((x) => x.name === 'startHeight')).toMatchObject({
      value: 970_001,
      origin: { source: expect.stringContaining('the block after the newest') },
    })
    expect(from?.inputs.find((x) => x.name === 'networkElasticity')?.origin?.source).toContain('Hashyard default')
    expect(from?.inputs.find((x) => x.name === 'displacedShare')?.from?.formula).toBe('ai.miningGivenUp')
  })
  test('a gate that forbids it is the reason why there is no NPV', () =>
    expect(explainFigure(farm(40, { site: { ...site, profile: { ...site.profile, diverseFiberRoutes: 0 } } }), 'npv_usd')).toMatchObject({
      value: null,
      derivation: null,
      reason: expect.stringContaining('fibre route'),
    }))
})

test('a margin that is withheld is not explained, the reason is', () =>
  expect(explainFigure(farm(40, { price: powerPrice(40, 61) }), 'margin_per_mwh')).toMatchObject({
    value: null,
    derivation: null,
    reason: expect.stringMatching(/^No recommendation: the ERCOT LZ_WEST price is 61 min old/),
  }))

const machines = fc.array(
  fc.record({
    ths: fc.double({ min: 10, max: 500, noNaN: true }),
    jth: fc.double({ min: 10, max: 60, noNaN: true }),
    model: fc.constantFrom('S21', 'S19j Pro', 'M63S'),
    state: fc.constantFrom('hashing' as const, 'hashing' as const, 'stale' as const, 'sleeping' as const),
  }),
  { maxLength: 12 },
)
property.prop(
  [
    machines,
    fc.double({ min: -200, max: 5000, noNaN: true }),
    fc.constantFrom<PowerContract>(
      { type: 'index', avoidableAdderPerMwh: 3 },
      { type: 'fixed', tariffPerMwh: 31, avoidableAdderPerMwh: 0 },
      ppa,
      { ...ppa, resaleAllowed: false, contractMw: 0.001 },
    ),
    fc.double({ min: 0, max: 0.5, noNaN: true }),
  ],
  { numRuns: 60 },
)('whatever the farm, price and contract, each explanation is of the report’s own figure', (list, price, contract, poolFee) => {
  expect(
    faults(
      farm(price, {
        site: { ...site, contract, poolFee, overheadRatio: 1.04 },
        machines: list.map((m, k) =>
          machine(`m${k}`, m.model, m.ths, m.jth, { state: m.state, ...(m.state === 'sleeping' ? { hashrateThs: 0, powerW: 15 } : {}) }),
        ),
        powerHistory: { prices: [{ startMs: NOW - HOUR_MS, endMs: NOW, price }], source: 'ercot.real-time' },
      }),
    ),
  ).toEqual([])
})
