import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { SiteReport } from '#shared/decision/site-report.ts'
import { type MachineNow, siteReport } from '#shared/economics/site/site-report.ts'
import { MachineState } from '#shared/fleet/machine.ts'
import type { PowerContract, Site } from '#shared/fleet/site.ts'
import { MINUTE_MS } from '#shared/time.ts'
import { btcPrice, farm, hourly, input, machine, NOW, powerPrice, s19s, s21s, site } from './farm.ts'

const blockOf = (report: SiteReport, id: string) => {
  const block = report.blocks.find((b) => b.id === id)
  if (!block) throw new Error(`no block ${id}`)
  return block
}
const under = (contract: PowerContract): Site => ({ ...site, contract })

describe('a site on paper: $48/PH/day, S21 break even at $100, S19j Pro at $62.50', () => {
  const report = siteReport(farm(70))

  test('the marginal block decides: break-even $62.50, price $70, margin −$7.50', () => {
    expect(report).toMatchObject({
      hashpriceUsdPerPhDay: expect.closeTo(48, 9),
      marginalBlockId: 's19j-pro',
      breakEvenPowerPerMwh: expect.closeTo(62.5, 9),
      pricePerMwh: 70,
      allInPricePerMwh: 70,
      marginPerMwh: expect.closeTo(-7.5, 9),
      // (0.4 x 100 + 0.8 x 62.5) / 1.2
      fleetBreakEvenPowerPerMwh: expect.closeTo(75, 9),
      // 0.768 MWh a PH-day x 70 = $53.76; over 0.00032 BTC = $168,000.
      breakEvenHashpriceUsd: expect.closeTo(53.76, 9),
      breakEvenBtcUsd: expect.closeTo(168_000, 6),
    })
  })
  test('1.2 MW, 45 PH/s; 0.8 MW of it uneconomic; $12 earned and $6 lost an hour, $18 at stake', () => {
    expect(report).toMatchObject({
      powerMw: expect.closeTo(1.2, 9),
      hashratePhs: expect.closeTo(45, 9),
      uneconomicMw: expect.closeTo(0.8, 9),
      marginUsdPerHour: expect.closeTo(6, 9),
      atStakeUsdPerHour: expect.closeTo(18, 9),
    })
    expect(blockOf(report, 's21')).toMatchObject({
      machines: 100,
      hashing: 100,
      advice: 'run',
      marginUsdPerHour: expect.closeTo(12, 9),
      efficiencyJth: expect.closeTo(20, 9),
    })
    expect(blockOf(report, 's19j-pro')).toMatchObject({ advice: 'off', marginUsdPerHour: expect.closeTo(-6, 9) })
  })
  test('the advice names the block, the MW, the prices and the saving', () =>
    expect(report.recommendation).toEqual({
      action: 'curtail',
      headline: 'Curtail the S19j Pro block, 0.8 MW, now.',
      reason: 'Price $70.00 against $62.50 break-even. Saves about $6.00 an hour.',
      mw: expect.closeTo(0.8, 9),
      savingUsd: expect.closeTo(6, 9),
      blockIds: ['s19j-pro'],
      staleInputs: [],
      nextChangeAtMs: null,
    }))
  test('it is a report by the contract, with every machine state counted', () => {
    expect(SiteReport.parse(report)).toEqual(report)
    expect(report.states).toEqual({ hashing: 350, degraded: 0, off: 0, sleeping: 0, overheated: 0, stale: 0, unknown: 0 })
    expect(report.coverage).toEqual({ reported: 350, machines: 350 })
  })
  test('every input is there with its age; the hashprice is as old as its oldest input', () => {
    expect(report.inputs.map((i) => i.id)).toEqual(['btc_price', 'difficulty', 'fees', 'hashprice', 'power_price', 'telemetry', 'contract'])
    expect(report.inputs.find((i) => i.id === 'hashprice')).toMatchObject({ observedAtMs: NOW - 10 * MINUTE_MS, freshness: 'fresh' })
  })
})

describe('the price', () => {
  test('under both break-evens everything runs', () =>
    expect(siteReport(farm(40)).recommendation).toMatchObject({
      action: 'run',
      headline: 'Run.',
      reason: 'Margin $22.50/MWh on the S19j Pro block: price $40.00 against $62.50 break-even.',
      mw: 0,
      savingUsd: 0,
    }))
  test('above both, the whole site is curtailed', () => {
    const r = siteReport(farm(150)).recommendation
    expect(r).toMatchObject({ action: 'curtail', headline: 'Curtail the whole site, 1.2 MW, now.', blockIds: ['s19j-pro', 's21'] })
    // 0.8 x 87.5 + 0.4 x 50
    expect(r.savingUsd).toBeCloseTo(90, 9)
    expect(r.reason).toContain('against $62.50 to $100.00 break-even')
  })
  test('below zero the site is paid to consume', () =>
    expect(siteReport(farm(-20)).recommendation).toMatchObject({
      action: 'run',
      headline: 'Run everything: this site is paid to consume.',
    }))
  test('exactly at break-even the MW is off: no margin, no run', () => {
    const even = siteReport(farm(0)).breakEvenPowerPerMwh ?? 0
    expect(siteReport(farm(even)).recommendation.action).toBe('curtail')
    expect(siteReport(farm(even - 1e-6)).recommendation.action).toBe('run')
  })
  test('delivery of $5 lowers the break-even by $5 and raises the bill by $5', () =>
    expect(siteReport(farm(40, { site: under({ type: 'index', avoidableAdderPerMwh: 5 }) }))).toMatchObject({
      breakEvenPowerPerMwh: expect.closeTo(57.5, 9),
      pricePerMwh: 40,
      allInPricePerMwh: 45,
      marginPerMwh: expect.closeTo(17.5, 9),
    }))
})

describe('contracts', () => {
  const ppa = { type: 'ppa', strikePerMwh: 30, contractMw: 1, resaleAllowed: true, resaleSpreadPerMwh: 4, avoidableAdderPerMwh: 0 } as const
  test('a fixed tariff needs no market: price, bill and margin are the tariff’s', () => {
    const r = siteReport(
      farm(null, { site: { ...under({ type: 'fixed', tariffPerMwh: 18, avoidableAdderPerMwh: 2 }), settlement: null }, price: null }),
    )
    expect(r).toMatchObject({
      market: 'Off grid',
      pricePerMwh: 18,
      allInPricePerMwh: 20,
      marketPricePerMwh: null,
      marginPerMwh: expect.closeTo(42.5, 9),
    })
    expect(r.recommendation.reason).toBe('Margin $42.50/MWh on the S19j Pro block: tariff $18.00 against $60.50 break-even.')
    expect(r.inputs.some((i) => i.id === 'power_price')).toBe(false)
  })
  test('contract energy that can be sold back is worth the market less the spread: at $65 inside, $69 beyond, 0.2 MW too dear', () => {
    // 1.2 MW on a contract of 1 MW at market 65: inside 61 (S21 0.4, S19j 0.6), beyond 65 (S19j 0.2).
    const r = siteReport(farm(65, { site: under(ppa) }))
    expect(r).toMatchObject({ pricePerMwh: 65, marginPerMwh: expect.closeTo(-2.5, 9), uneconomicMw: expect.closeTo(0.2, 9) })
    // (1 x 30 + 0.2 x 65) / 1.2
    expect(r.allInPricePerMwh).toBeCloseTo(35.83, 2)
    expect(r.recommendation).toMatchObject({
      action: 'curtail',
      headline: 'Curtail 0.2 MW of the S19j Pro block now.',
      mw: expect.closeTo(0.2, 9),
      savingUsd: expect.closeTo(0.5, 9),
    })
    // 0.6 x 1.5 − 0.2 x 2.5 = $0.40 an hour on 0.8 MW
    expect(blockOf(r, 's19j-pro').marginUsdPerHour).toBeCloseTo(0.4, 9)
  })
  test('load inside the volume is decided at the resale value; the strike only shows on the bill', () => {
    const r = siteReport(farm(65, { site: under({ ...ppa, contractMw: 5 }) }))
    expect(r).toMatchObject({ pricePerMwh: 61, allInPricePerMwh: 30, marginPerMwh: expect.closeTo(1.5, 9) })
    expect(r.recommendation.action).toBe('run')
  })
  test('below zero contract energy is not paid for by anybody: it costs money to sell; beyond the volume the market pays', () => {
    // Market −3.90: sold back it brings −3.90 − 4.00.
    const inside = siteReport(farm(-3.9, { site: under({ ...ppa, contractMw: 5 }) })).recommendation
    expect(inside).toMatchObject({ action: 'run', headline: 'Run everything: contract energy costs money to sell.' })
    expect(inside.reason).toMatch(/^Selling contract energy instead of drawing it would cost \$7\.90\/MWh\./)
    const beyond = siteReport(farm(-3.9, { site: under(ppa) })).recommendation
    expect(beyond.headline).toBe('Run everything: this site is paid to consume.')
    expect(beyond.reason).toMatch(/^The price is −\$3\.90\/MWh: each MWh drawn is paid for\./)
  })
  test('energy that is owed and cannot be sold is worth nothing unused: run at any market price, known or not', () => {
    const owed = under({ ...ppa, contractMw: 5, resaleAllowed: false })
    for (const price of [powerPrice(900), powerPrice(900, 300), powerPrice(null)]) {
      const r = siteReport(farm(900, { site: owed, price }))
      expect(r).toMatchObject({ pricePerMwh: 0, recommendation: { action: 'run' } })
      expect(r.recommendation.reason).toBe("The contract's energy is owed either way; it brings $62.50/MWh in the S19j Pro block.")
    }
  })
  test('beyond a volume without resale the market decides, and must be known', () => {
    const tight = under({ ...ppa, resaleAllowed: false })
    expect(siteReport(farm(80, { site: tight })).recommendation).toMatchObject({ action: 'curtail', mw: expect.closeTo(0.2, 9) })
    expect(siteReport(farm(80, { site: tight, price: powerPrice(80, 61) })).recommendation.action).toBe('none')
  })
})

describe('protected machines', () => {
  test('are never in the MW to curtail', () => {
    const r = siteReport(farm(70, { machines: [...s21s(), ...s19s({}, 200), ...s19s({ curtailment: 'protected' }, 50)] }))
    expect(r.recommendation).toMatchObject({ action: 'curtail', mw: expect.closeTo(0.64, 9), savingUsd: expect.closeTo(4.8, 9) })
    expect(r.recommendation.reason).toContain('0.2 MW of the S19j Pro block is protected and loses about $1.20 an hour.')
  })
  test('a block that is protected as a whole runs at a loss, and says so', () => {
    const r = siteReport(farm(70, { machines: [...s21s(), ...s19s({ curtailment: 'protected' })] }))
    expect(r.recommendation).toMatchObject({ action: 'run', headline: 'Run.', mw: 0 })
    expect(r.recommendation.reason).toContain('is protected and loses about $6.00 an hour')
    expect(blockOf(r, 's19j-pro').advice).toBe('run')
  })
})

describe('advice is withheld', () => {
  const none = (more: Parameters<typeof farm>[1]) => siteReport(farm(40, more))
  test('on a BTC price past its limit, which is named with its age and a remedy', () => {
    const r = none({ market: { ...farm(40).market, btcPrice: btcPrice(150_000, 40) } })
    expect(r.recommendation).toEqual({
      action: 'none',
      headline: 'No recommendation: the BTC price is 40 min old (limit 15).',
      reason: 'Retry, or enter a price.',
      mw: null,
      savingUsd: null,
      blockIds: [],
      staleInputs: [],
      nextChangeAtMs: null,
    })
    // The old figures stay, what would be acted on does not.
    expect(r).toMatchObject({
      breakEvenPowerPerMwh: expect.closeTo(62.5, 9),
      marginPerMwh: null,
      marginUsdPerHour: null,
      atStakeUsdPerHour: null,
      uneconomicMw: null,
    })
    expect(r.blocks.every((b) => b.advice === 'none' && b.marginPerMwh === null)).toBe(true)
    expect(r.alerts[0]).toMatchObject({
      level: 'money',
      text: 'Advice for Paper Flat, 1.2 MW, is off. No recommendation: the BTC price is 40 min old (limit 15).',
    })
  })
  test('on a power price past its limit, named as its market', () =>
    expect(none({ price: powerPrice(40, 71) }).recommendation.headline).toBe(
      'No recommendation: the ERCOT LZ_WEST price is 71 min old (limit 60).',
    ))
  test('on difficulty or fees more than a day old', () => {
    expect(none({ market: { ...farm(40).market, difficulty: input('difficulty', 1e14, 2940, 30, 1440) } }).recommendation.headline).toBe(
      'No recommendation: the difficulty is 2 days old (limit 24 h).',
    )
    expect(none({ market: { ...farm(40).market, feesPerBlock: input('fees', null, 0, 120, 1440) } }).recommendation.headline).toBe(
      'No recommendation: the fee per block is not known.',
    )
  })
  test('without a block height, without any price, without a heard machine, without machines', () => {
    expect(none({ market: { ...farm(40).market, height: null } }).recommendation.headline).toBe(
      'No recommendation: the block height is not known.',
    )
    expect(none({ price: null }).recommendation.headline).toBe('No recommendation: the ERCOT LZ_WEST price is not known.')
    const silent = none({ machines: s21s({ state: 'stale', observedAtMs: NOW - 12 * MINUTE_MS, reason: 'no answer within 5 s' }) })
    expect(silent.recommendation.headline).toBe('No recommendation: the newest machine reading is 12 min old (limit 5).')
    expect(silent).toMatchObject({ powerMw: null, hashratePhs: null, breakEvenPowerPerMwh: null, coverage: { reported: 0, machines: 100 } })
    const never = none({ machines: s21s({ state: 'unknown', observedAtMs: null, hashrateThs: null, powerW: null }) })
    expect(never.recommendation.headline).toBe('No recommendation: the newest machine reading is not known.')
    expect(none({ machines: [] }).recommendation.action).toBe('none')
  })
  test('machines silent for 2 min of 30 s polls are named with the limit they passed, 90 s, not with one still ahead', () => {
    const silent = none({ machines: s21s({ state: 'stale', observedAtMs: NOW - 2 * MINUTE_MS, reason: 'no answer within 5 s' }) })
    expect(silent.recommendation.headline).toBe('No recommendation: the newest machine reading is 2 min old (limit 90 s).')
  })
  test('all causes are listed, the first in the headline', () => {
    const r = none({ price: powerPrice(40, 71), market: { ...farm(40).market, btcPrice: btcPrice(null) } }).recommendation
    expect(r.headline).toContain('the ERCOT LZ_WEST price is 71 min old')
    expect(r.reason).toContain('Also: the BTC price is not known.')
  })
  test('on terms of a contract that nobody confirmed for a year', () =>
    expect(
      none({ site: { ...site, contractOrigin: { source: 'old', observedAtMs: NOW - 400 * 86_400_000 } } }).recommendation.headline,
    ).toBe('No recommendation: the power contract is 400 days old (limit 365 days).'))
})

test('stale inputs still give advice, which names them', () => {
  const r = siteReport(farm(40, { price: powerPrice(40, 26) }))
  expect(r.recommendation).toMatchObject({ action: 'run', staleInputs: ['ERCOT LZ_WEST price'] })
  expect(r.recommendation.reason).toContain('The ERCOT LZ_WEST price is 26 min old (limit 25).')
  expect(r.marginPerMwh).toBeCloseTo(22.5, 9)
})
test('an input that its feed calls dead is not made fresh by its age', () =>
  expect(siteReport(farm(40, { price: { ...powerPrice(40, 1), freshness: 'dead' } })).recommendation.action).toBe('none'))
test('a problem of an input that is in use is shown', () =>
  expect(
    siteReport(farm(40, { price: { ...powerPrice(40), problem: 'carried: HTTP 503 since 16:31' } })).alerts.map((a) => a.text),
  ).toContain('ERCOT LZ_WEST price: carried: HTTP 503 since 16:31'))

describe('prices ahead', () => {
  test('running holds until the day-ahead price passes a block', () => {
    const r = siteReport(farm(40, { forward: hourly(40, 50, 182, 30) })).recommendation
    expect(r.nextChangeAtMs).toBe(Date.parse('2026-11-25T00:00:00Z'))
    expect(r.reason).toContain(
      'The price stays below break-even until 18:00 CST; then $182.00 is above that of the S19j Pro and S21 blocks.',
    )
  })
  test('curtailment holds until it falls back', () =>
    expect(siteReport(farm(70, { forward: hourly(70, 71, 60) })).recommendation.reason).toContain(
      'The price stays above break-even until 18:00 CST; then the S19j Pro block can run.',
    ))
  test('a further block that follows is announced', () =>
    expect(siteReport(farm(70, { forward: hourly(70, 120) })).recommendation.reason).toContain(
      'From 17:00 CST the price, $120.00, passes the S21 block too.',
    ))
  test('nothing is claimed beyond a gap in the prices', () => {
    const [a, b, , d] = hourly(40, 50, 50, 200)
    if (!a || !b || !d) throw new Error('four hours')
    const r = siteReport(farm(40, { forward: [d, a, b] })).recommendation
    expect(r.nextChangeAtMs).toBeNull()
    expect(r.reason).toContain('No change in the known prices, to 18:00 CST.')
  })
  test('a tariff has nothing ahead', () =>
    expect(
      siteReport(farm(null, { site: under({ type: 'fixed', tariffPerMwh: 18, avoidableAdderPerMwh: 0 }), forward: hourly(1, 900) }))
        .recommendation.nextChangeAtMs,
    ).toBeNull())
})

describe('machines that do not hash', () => {
  const asleep = { state: 'sleeping', hashrateThs: 0, powerW: 50 } as const
  test('sleepers draw what they draw, hash nothing, and leave the efficiency of their block alone', () => {
    const r = siteReport(farm(40, { machines: [...s21s({}, 90), ...s21s(asleep, 10)] }))
    expect(blockOf(r, 's21')).toMatchObject({
      hashing: 90,
      reported: 100,
      hashratePhs: expect.closeTo(18, 9),
      // 90 x 4,000 W + 10 x 50 W
      powerMw: expect.closeTo(0.3605, 9),
      efficiencyJth: expect.closeTo(20, 9),
      marginUsdPerHour: expect.closeTo(21.6, 9),
    })
    // 10 x 4 kW x $60
    expect(r.recommendation.reason).toContain('10 machines at rest, 0.04 MW by name plate, would earn about $2.40 an hour.')
  })
  test('a whole site at rest is told to run when the price allows, to stay off when it does not', () => {
    const rest = [...s21s(asleep), ...s19s(asleep)]
    expect(siteReport(farm(70, { machines: rest })).recommendation).toMatchObject({
      action: 'run',
      headline: 'Run the S21 block, 0.4 MW, now at rest.',
    })
    expect(siteReport(farm(150, { machines: rest })).recommendation).toMatchObject({
      action: 'curtail',
      headline: 'Leave the S19j Pro and S21 blocks off.',
      mw: 0,
      savingUsd: 0,
    })
    expect(siteReport(farm(70, { machines: rest })).marginalBlockId).toBeNull()
  })
  test('an overheated machine is neither running nor ready to be woken', () => {
    const r = siteReport(
      farm(40, { machines: [...s21s({}, 99), machine('hot', 'S21', 200, 20, { state: 'overheated', hashrateThs: 0, powerW: 100 })] }),
    )
    expect(blockOf(r, 's21').hashing).toBe(99)
    expect(r.recommendation.reason).not.toContain('at rest')
    expect(r.alerts.map((a) => a.text)).toContain('1 of 100 machines: overheated')
  })
})

describe('machines that are not heard', () => {
  const quiet = { state: 'stale', reason: 'no answer within 5 s', observedAtMs: NOW - 5 * MINUTE_MS } as const
  test('are in no total; twelve of them are one line', () => {
    const r = siteReport(farm(40, { machines: [...s21s({}, 228), ...s21s(quiet, 12)] }))
    expect(r.coverage).toEqual({ reported: 228, machines: 240 })
    expect(r.powerMw).toBeCloseTo(0.912, 9)
    expect(r.alerts).toEqual([{ level: 'data', text: '12 of 240 machines: no answer within 5 s', sinceMs: NOW - 5 * MINUTE_MS }])
  })
  test('advice on half of a farm names its denominator', () =>
    expect(siteReport(farm(40, { machines: [...s21s({}, 50), ...s21s(quiet, 50)] })).recommendation.reason).toContain(
      'On 50 machines of 100 that reported.',
    ))
})

describe('machines with faults', () => {
  const faulty = (reason: string, count: number) => s21s({ state: 'degraded', reason }, count)
  test('of several kinds are one line that names the commonest', () => {
    const r = siteReport(farm(40, { machines: [...s21s({}, 90), ...faulty('fan 2 stopped', 6), ...faulty('board 1 is silent', 4)] }))
    expect(r.alerts.map((a) => a.text)).toEqual(['10 of 100 machines report a fault, 2 kinds; most often: fan 2 stopped'])
  })
  test('seven causes of silence are four lines and one for the rest', () => {
    const quiet = Array.from({ length: 7 }, (_, k) => s21s({ state: 'stale', reason: `cause ${k}` }, k + 1)).flat()
    expect(siteReport(farm(40, { machines: [...s21s({}, 72), ...quiet] })).alerts.map((a) => a.text)).toEqual([
      '7 of 100 machines: cause 6',
      '6 of 100 machines: cause 5',
      '5 of 100 machines: cause 4',
      '4 of 100 machines: cause 3',
      '6 of 100 machines not heard, for 3 other causes',
    ])
  })
})

describe('power that nobody measured', () => {
  test('is the name plate in proportion to the hashrate, and counted as estimated', () => {
    const r = siteReport(farm(40, { machines: s19s({ powerW: null, powerSource: null, hashrateThs: 90 }, 100) }))
    // 100 x 3,200 W x 90 %
    expect(blockOf(r, 's19j-pro')).toMatchObject({
      powerMw: expect.closeTo(0.288, 9),
      estimatedMw: expect.closeTo(0.288, 9),
      efficiencyJth: expect.closeTo(32, 9),
    })
  })
  test('without a name plate it stays out of every MW and is said', () => {
    const r = siteReport(farm(40, { machines: [...s21s(), machine('x', 'S21', 200, 20, { powerW: null, nameplateW: null })] }))
    expect(r.powerMw).toBeCloseTo(0.4, 9)
    expect(r.alerts.map((a) => a.text).join()).toContain(
      '1 of 101 machines: hashing, but neither the machine nor a name plate says its power',
    )
  })
})

describe('the meter', () => {
  const meter = (watt: number | null, ageMinutes = 0.5) => input('meter', watt, ageMinutes, 1.5, 5)
  test('of a whole farm replaces the assumed overhead: 1.26 MW over 1.2 MW is 1.05', () => {
    const r = siteReport(farm(40, { meter: meter(1_260_000) }))
    expect(r).toMatchObject({
      overheadRatio: expect.closeTo(1.05, 9),
      overheadMeasured: true,
      powerMw: expect.closeTo(1.26, 9),
      meterPowerMw: 1.26,
    })
    // 62.50 / 1.05
    expect(r.breakEvenPowerPerMwh).toBeCloseTo(59.52, 2)
  })
  test('says nothing about overhead when one machine in ten is not heard, when it is old, or when the ratio is impossible', () => {
    const some = [...s21s({}, 90), ...s21s({ state: 'stale' }, 10)]
    expect(siteReport(farm(40, { machines: some, meter: meter(400_000) })).overheadMeasured).toBe(false)
    expect(siteReport(farm(40, { meter: meter(1_260_000, 2) })).overheadMeasured).toBe(false)
    expect(siteReport(farm(40, { meter: meter(2_000_000) })).overheadMeasured).toBe(false)
    const less = siteReport(farm(40, { meter: meter(1_100_000) }))
    expect(less).toMatchObject({ overheadMeasured: false, overheadRatio: 1 })
    expect(less.alerts.map((a) => a.text).join()).toContain('The meter shows less power than the machines report')
  })
  test('with two of a hundred machines silent, leaves the assumed ratio alone where the rest allows it, and moves it where not', () => {
    const some = [...s21s({}, 98), ...s21s({ state: 'stale' }, 2)]
    // 98 x 4 kW = 392 kW heard, 400 kW at most.
    const at = (watt: number) => siteReport(farm(40, { site: { ...site, overheadRatio: 1.05 }, machines: some, meter: meter(watt) }))
    expect(at(415_000)).toMatchObject({ overheadMeasured: true, overheadRatio: 1.05 }) // 1.0375 to 1.0587
    expect(at(440_000)).toMatchObject({ overheadMeasured: true, overheadRatio: expect.closeTo(1.1, 9) }) // 1.1 to 1.122
    expect(at(404_000)).toMatchObject({ overheadMeasured: true, overheadRatio: expect.closeTo(1.0306, 4) }) // 1.01 to 1.0306
  })
  test('that fell silent is unknown, not zero', () => expect(siteReport(farm(40, { meter: meter(1_260_000, 6) })).meterPowerMw).toBeNull())
})

test('the subsidy of the next block counts: at height 1,049,999 it is halved', () =>
  expect(siteReport(farm(40, { market: { ...farm(40).market, height: 1_049_999 } })).hashpriceUsdPerPhDay).toBeCloseTo(
    ((1.5625 + 0.075) / 3.2) * 48,
    6,
  ))
test('two spellings of one model are one block', () =>
  expect(siteReport(farm(40, { machines: [machine('a', 'S19j Pro', 100, 32), machine('b', 's19j-pro', 100, 32)] })).blocks).toHaveLength(1))

const anyFigure = (min: number, max: number) => fc.option(fc.double({ min, max, noNaN: true }), { nil: null })
const anyMachine: fc.Arbitrary<MachineNow> = fc.record({
  id: fc.string({ minLength: 1, maxLength: 4 }),
  model: fc.constantFrom('S21', 'S19j Pro', 'M50S', '', '***'),
  curtailment: fc.constantFrom('inherit', 'curtailable', 'protected'),
  state: fc.constantFrom(...MachineState.options),
  hashrateThs: anyFigure(0, 600),
  powerW: anyFigure(0, 9000),
  powerSource: fc.constantFrom('reported', 'nameplate', 'estimated', 'meter', null),
  nameplateThs: anyFigure(1, 600),
  nameplateW: anyFigure(1, 9000),
  observedAtMs: fc.option(fc.integer({ min: NOW - 3_600_000, max: NOW }), { nil: null }),
  reason: fc.constantFrom(null, 'no answer within 5 s'),
})
const anyContract: fc.Arbitrary<PowerContract> = fc.oneof(
  fc.record({ type: fc.constant('index' as const), avoidableAdderPerMwh: fc.double({ min: 0, max: 20, noNaN: true }) }),
  fc.record({
    type: fc.constant('fixed' as const),
    tariffPerMwh: fc.double({ min: -10, max: 200, noNaN: true }),
    avoidableAdderPerMwh: fc.constant(0),
  }),
  fc.record({
    type: fc.constant('ppa' as const),
    strikePerMwh: fc.double({ min: 0, max: 90, noNaN: true }),
    contractMw: fc.double({ min: 0, max: 0.05, noNaN: true }),
    resaleAllowed: fc.boolean(),
    resaleSpreadPerMwh: fc.double({ min: 0, max: 5, noNaN: true }),
    avoidableAdderPerMwh: fc.double({ min: 0, max: 20, noNaN: true }),
  }),
)
const anyAge = fc.constantFrom(0, 2, 10, 100, 100_000)
const anySituation = fc.record({
  machines: fc.array(anyMachine, { maxLength: 12 }),
  contract: anyContract,
  price: anyFigure(-1500, 5000),
  priceAge: anyAge,
  btc: anyFigure(0, 500_000),
  btcAge: anyAge,
  difficulty: anyFigure(1, 1e16),
  fees: anyFigure(0, 5),
  height: fc.option(fc.integer({ min: 0, max: 10_000_000 }), { nil: null }),
  meter: anyFigure(0, 100_000),
  forward: fc.array(fc.double({ min: -1500, max: 5000, noNaN: true }), { maxLength: 6 }),
  grid: fc.constantFrom(0, 0.9, 12),
})
const situationReport = (s: typeof anySituation extends fc.Arbitrary<infer T> ? T : never) =>
  siteReport(
    farm(40, {
      site: { ...site, contract: s.contract, interconnectMw: s.grid },
      machines: s.machines,
      price: powerPrice(s.price, s.priceAge),
      market: {
        btcPrice: btcPrice(s.btc, s.btcAge),
        difficulty: input('difficulty', s.difficulty, 5, 30, 1440),
        feesPerBlock: input('fees', s.fees, 10, 120, 1440),
        height: s.height,
      },
      meter: s.meter === null ? null : input('meter', s.meter, 0.1, 1.5, 5),
      forward: hourly(...s.forward),
      powerHistory: { prices: hourly(...s.forward), source: 'history' },
    }),
  )

property.prop([anySituation])('whatever the situation, the report keeps its form and holds no number that is not finite', (s) => {
  const report = situationReport(s)
  expect(SiteReport.parse(report)).toEqual(report)
})
property.prop([anySituation])(
  'the margin is the break-even less the price, and is null exactly where nothing hashes or advice is withheld',
  (s) => {
    const r = situationReport(s)
    if (r.marginPerMwh !== null)
      expect(r.marginPerMwh).toBeCloseTo((r.breakEvenPowerPerMwh ?? Number.NaN) - (r.pricePerMwh ?? Number.NaN), 6)
    else expect(r.recommendation.action === 'none' || r.marginalBlockId === null).toBe(true)
  },
)
property.prop([anySituation])('advice is never given on a dead or missing coin price, and never includes a protected MW', (s) => {
  const r = situationReport(s)
  if (s.btc === null || s.btcAge > 15) expect(r.recommendation).toMatchObject({ action: 'none', mw: null, savingUsd: null })
  const free = s.machines.filter((m) => m.curtailment !== 'protected')
  const mostW = free.reduce((w, m) => w + Math.max(m.powerW ?? 0, ((m.nameplateW ?? 0) * (m.hashrateThs ?? 0)) / (m.nameplateThs ?? 1)), 0)
  expect(r.recommendation.mw ?? 0).toBeLessThanOrEqual((mostW * r.overheadRatio) / 1e6 + 1e-9)
  if (free.length === 0) expect(r.recommendation.mw ?? 0).toBe(0)
})
property.prop([anySituation, fc.double({ min: 0.1, max: 200, noNaN: true })])(
  'a higher market price never lowers what is curtailed of an index site',
  (s, more) => {
    const at = (price: number) =>
      situationReport({ ...s, contract: { type: 'index', avoidableAdderPerMwh: 3 }, price }).recommendation.mw ?? 0
    expect(at((s.price ?? 0) + more)).toBeGreaterThanOrEqual(at(s.price ?? 0) - 1e-9)
  },
)
