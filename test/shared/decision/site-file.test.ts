import { describe, expect, test } from 'vitest'
import { planInputOf, pricesOf, readSiteFile } from '#shared/decision/site-file.ts'
import { value } from '../economics/value.ts'

const group = { id: 'new', mw: 10, revenue_per_mwh: 100, start_cost_usd: 120, min_up_intervals: 2, min_down_intervals: 2, initial_on: true }
const site = {
  site: { name: 'West', time_zone: 'America/Chicago', max_mw: 30, base_mw: 1 },
  contract: { type: 'index' },
  groups: [group],
  obligations: [],
  interval_hours: 1,
}
const read = (changes: object) => readSiteFile({ ...site, ...changes })
const planned = (changes: object, pricePerMWh = [30, 180], startMs: number | null = null) =>
  value(planInputOf(value(read(changes)).file, { pricePerMWh, startMs }))

describe('what the file says', () => {
  test('names in snake_case become the optimiser’s inputs', () => {
    expect(planned({})).toEqual({
      intervalHours: 1,
      pricePerMWh: [30, 180],
      adderPerMWh: [0, 0],
      groups: [{ id: 'new', mw: 10, revenuePerMWh: 100, startCostUsd: 120, minUpIntervals: 2, minDownIntervals: 2, initialOn: 1 }],
      baseMW: 1,
      maxSiteMW: 30,
      drEvents: [],
    })
  })
  test('50 USD/PH/day at 20 J/TH are 104.17 USD a MWh; pool, stale shares and overhead take their part', () => {
    const { revenue_per_mwh: _, ...without } = group
    const efficient = { hashprice_usd_per_ph_day: 50, groups: [{ ...without, efficiency_jth: 20 }] }
    expect(planned(efficient).groups[0]?.revenuePerMWh).toBeCloseTo(104.1667, 4)
    const net = planned({ ...efficient, site: { ...site.site, pool_fee: 0.02, stale: 0.01, overhead_ratio: 1.05 } }).groups[0]
      ?.revenuePerMWh
    expect(net).toBeCloseTo((104.1667 * 0.98 * 0.99) / 1.05, 3)
  })
  test('a start cost that is not named is wear and ten minutes of hashing, an hour up and half an hour down, and all of that is said', () => {
    const read = value(readSiteFile({ ...site, interval_hours: 0.25, groups: [{ id: 'a', mw: 10, revenue_per_mwh: 90 }] }))
    expect(value(planInputOf(read.file, { pricePerMWh: [1], startMs: null })).groups[0]).toMatchObject({
      startCostUsd: 10 * 6 + 150,
      minUpIntervals: 4,
      minDownIntervals: 2,
      initialOn: 1,
    })
    expect(read.assumed.map((a) => a.field)).toEqual(['groups.start_cost_usd', 'groups.min_up_intervals', 'groups.min_down_intervals'])
  })
})

describe('contracts', () => {
  const two = [group, { ...group, id: 'best', revenue_per_mwh: 200 }]
  const ppa = { type: 'ppa', strike_per_mwh: 38, contract_mw: 15, resale_spread_per_mwh: 4, avoidable_adder_per_mwh: 5 }
  test('a fixed tariff decides, not the market', () =>
    expect(
      planned({ contract: { type: 'fixed', tariff_per_mwh: 44, avoidable_adder_per_mwh: 2, delivery_adder_per_mwh: 1 } }),
    ).toMatchObject({
      pricePerMWh: [44, 44],
      adderPerMWh: [3, 3],
    }))
  test('with resale 15 MW of contract cover the best group whole and half of the next, each worth the spread more', () =>
    expect(
      planned({ groups: two, contract: { ...ppa, resale_allowed: true } }).groups.map((g) => [g.id, g.revenuePerMWh, g.marketShare]),
    ).toEqual([
      ['new', 102, undefined],
      ['best', 204, undefined],
    ]))
  test('without resale owed energy costs nothing more: the market’s price is paid on what lies beyond it', () =>
    expect(
      planned({ groups: two, contract: { ...ppa, resale_allowed: false } }).groups.map((g) => [g.id, g.revenuePerMWh, g.marketShare]),
    ).toEqual([
      ['new', 100, 0.5],
      ['best', 200, 0],
    ]))
})

describe('obligations', () => {
  const call = { type: 'dr_event', max_mw: 4, penalty_per_mwh: 350 }
  test('each kind becomes its rule; a chance of 0.002 at 70 USD/kW-year over 4 peaks adds 35 USD/MWh in an hour', () => {
    expect(
      planned({
        obligations: [
          { ...call, from_index: 1, to_index: 2 },
          { type: 'minimum_load', min_site_mw: 5, floor_penalty_per_mwh: 90 },
          { type: 'demand_charge', demand_charge_per_mw: 9000, peak_so_far_mw: 8 },
          { type: 'ramp_limit', max_ramp_mw: 6 },
          { type: 'coincident_peak', rate_per_kw_year: 70, scheme: 'ercot-4cp', probability: [0, 0.002] },
        ],
      }),
    ).toMatchObject({
      adderPerMWh: [0, 35],
      minSiteMW: 5,
      floorPenaltyPerMWh: 90,
      demandChargePerMW: 9000,
      peakSoFarMW: 8,
      maxRampMW: 6,
      drEvents: [{ fromIndex: 1, toIndex: 2, maxMW: 4, penaltyPerMWh: 350 }],
    })
  })
  test('half billed at least leaves half of the peak to be avoided', () =>
    expect(
      planned({
        obligations: [{ type: 'coincident_peak', rate_per_kw_year: 70, scheme: '4cp-minimum-share', probability: [0, 0.002] }],
      }).adderPerMWh,
    ).toEqual([0, 17.5]))
  test('a call by the clock covers every interval that it touches', () => {
    const startMs = Date.parse('2025-08-01T18:00:00Z')
    const byClock = { ...call, from: '2025-08-01T14:30:00-05:00', to: '2025-08-01T16:00:00-05:00' }
    expect(planned({ obligations: [byClock] }, [1, 1, 1, 1], startMs).drEvents).toMatchObject([{ fromIndex: 1, toIndex: 3 }])
    const { file } = value(read({ obligations: [byClock] }))
    expect(planInputOf(file, { pricePerMWh: [1], startMs: null })).toMatchObject({ failure: { field: 'obligations[0].from' } })
  })
  test('a call by numbers that lies beyond the prices is refused, never left out in silence', () => {
    const { file } = value(read({ obligations: [{ ...call, from_index: 1, to_index: 5 }] }))
    expect(planInputOf(file, { pricePerMWh: [1, 2, 3, 4], startMs: null })).toMatchObject({ failure: { field: 'obligations[0].to_index' } })
  })
  test('an obligation of another word is known by its fields, and said', () => {
    const { file, problems } = value(read({ obligations: [{ ...call, type: 'curtailment call', from_index: 0, to_index: 1 }] }))
    expect(file.obligations[0]?.type).toBe('dr_event')
    expect(problems).toEqual([{ field: 'obligations[0].type', reason: expect.stringContaining('curtailment call') }])
  })
  test('a list of chances of another length than the prices is named', () => {
    const { file } = value(
      read({ obligations: [{ type: 'coincident_peak', rate_per_kw_year: 70, peaks_per_year: 4, probability: [0.1] }] }),
    )
    expect(planInputOf(file, { pricePerMWh: [1, 2], startMs: null })).toMatchObject({ failure: { field: 'obligations[0].probability' } })
  })
})

test.each([
  [0.0833, 5 / 60],
  [0.3333, 20 / 60],
  [0.25, 0.25],
  [0.125, 7.5 / 60],
])('%s hours as people write them are whole minutes', (written, hours) =>
  expect(value(read({ interval_hours: written })).file.interval_hours).toBe(hours),
)

describe('what is wrong with it', () => {
  test('keys that nobody reads are named with their place and harm nothing', () => {
    const { problems } = value(read({ colour: 'red', site: { ...site.site, manager: 'Ann' }, groups: [{ ...group, note: 1 }] }))
    expect(problems.map((p) => p.field).sort()).toEqual(['colour', 'groups[0].note', 'site.manager'])
  })
  test.each<[string, object]>([
    ['groups[0].mw', { groups: [{ ...group, mw: -1 }] }],
    ['groups[0].mw', { groups: [{ ...group, mw: '10' }] }],
    ['groups[0].revenue_per_mwh', { groups: [{ ...group, efficiency_jth: 20 }] }],
    ['groups[0].efficiency_jth', { groups: [{ id: 'a', mw: 1 }] }],
    ['groups[1].id', { groups: [group, group] }],
    ['groups[0].min_up_intervals', { groups: [{ ...group, min_up_intervals: 0 }] }],
    ['hashprice_usd_per_ph_day', { groups: [{ id: 'a', mw: 1, efficiency_jth: 20 }] }],
    ['site.time_zone', { site: { ...site.site, time_zone: 'Texas' } }],
    ['site.pool_fee', { site: { ...site.site, pool_fee: 2 } }],
    ['contract.type', { contract: { type: 'handshake' } }],
    ['contract.strike_per_mwh', { contract: { type: 'ppa', contract_mw: 1, resale_allowed: true } }],
    ['interval_hours', { interval_hours: 0 }],
    ['groups[0].mw', { groups: [{ ...group, mw: 1e300 }] }],
    ['hashprice_usd_per_ph_day', { hashprice_usd_per_ph_day: 1e306 }],
    ['prices[1]', { prices: [1, 1e200] }],
    ['prices[1]', { prices: [1, 'two'] }],
    [
      'prices[1].price_usd_per_mwh',
      { prices: [{ timestamp: '2025-01-01T00:00:00Z', price_usd_per_mwh: 1 }, { timestamp: '2025-01-01T01:00:00Z' }] },
    ],
    ['obligations[0].max_mw', { obligations: [{ type: 'dr_event', from_index: 0, to_index: 1, max_mw: -1, penalty_per_mwh: 1 }] }],
    ['obligations[0].type', { obligations: [{ type: 'promise' }] }],
  ])('a bad value is refused at its place: %s', (field, changes) =>
    expect(read(changes)).toMatchObject({ ok: false, failure: { kind: 'invalid-input', field } }),
  )
  test('what is no object is no site file', () => expect(readSiteFile([])).toMatchObject({ failure: { field: 'site' } }))
  test('rows of prices that leave an hour out are refused at the row after it', () => {
    const rows = ['00', '01', '03'].map((hour) => ({ timestamp: `2025-01-01T${hour}:00:00Z`, price_usd_per_mwh: 1 }))
    expect(pricesOf(value(read({ prices: rows })).file)).toMatchObject({ failure: { field: 'prices[2].timestamp' } })
    expect(value(pricesOf(value(read({ prices: rows.slice(0, 2) })).file))).toEqual({
      pricePerMWh: [1, 1],
      startMs: Date.parse('2025-01-01T00:00:00Z'),
    })
  })
})
