import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { chargeSchemes } from '#shared/economics/curtailment/charge-schemes.ts'
import { coincidentPeak } from '#shared/economics/curtailment/coincident-peak.ts'
import { demandCharge, transmissionCharge } from '#shared/economics/curtailment/grid-charges.ts'
import { hysteresis, hysteresisDefaults } from '#shared/economics/curtailment/hysteresis.ts'
import { ppaSettlement } from '#shared/economics/curtailment/ppa-settlement.ts'
import { proofOfValue } from '#shared/economics/curtailment/proof-of-value.ts'
import { value } from '../value.ts'

describe('hysteresis', () => {
  const lines = { initialOn: 1 as const, offBelow: -3, onAbove: 4, offAfterIntervals: 2, onAfterIntervals: 2 }
  test('one bad interval switches nothing, two in a row do, and a margin on the line begins the count anew', () => {
    expect(value(hysteresis({ ...lines, marginPerMWh: [-9, 5, -9, -3, -9, -9] })).states).toBe('111110')
  })
  test('a call for demand response is off at once and coming back takes the whole run', () => {
    expect(value(hysteresis({ ...lines, marginPerMWh: [9, 9, 9, 9, 9], emergency: [0, 1, 0, 0, 0] }))).toEqual({
      states: '10011',
      switches: 2,
    })
  })
  test('a restart of 12 USD a MW and spikes of 4 h: off below −3, on above 1.50, after one and two intervals', () =>
    expect(value(hysteresisDefaults({ restartCostUsdPerMW: 12, expectedSpikeHours: 4 }))).toEqual({
      offBelow: -3,
      onAbove: 1.5,
      offAfterIntervals: 1,
      onAfterIntervals: 2,
    }))
  test('counts below one and no margins at all are refused by name', () => {
    expect(hysteresis({ ...lines, marginPerMWh: [1], offAfterIntervals: 0 })).toMatchObject({ failure: { field: 'offAfterIntervals' } })
    expect(hysteresis({ ...lines, marginPerMWh: [] })).toMatchObject({ failure: { field: 'marginPerMWh' } })
  })
})

describe('coincident peaks', () => {
  const quarter = { ratePerKwYear: 70, peaksPerYear: 4, intervalHours: 0.25 }
  test('70 USD/kW-year over 4 peaks at 50 USD/MWh and 15 min: a chance of 0.071 % is enough', () =>
    expect(value(coincidentPeak({ ...quarter, probability: [0.0007, 0.0008], marginPerMWh: [50, 50] }))).toMatchObject({
      breakEvenProbability: [12.5 / 17_500, 12.5 / 17_500],
      curtail: [0, 1],
      expectedSavingUsdPerMW: expect.closeTo(1.5, 9),
    }))
  test('a machine that loses money anyway leaves for any chance at all', () =>
    expect(value(coincidentPeak({ ...quarter, probability: [1e-9], marginPerMWh: [-1] })).curtail).toEqual([1]))
  test('a grid that bills no peaks has no break-even chance', () =>
    expect(value(coincidentPeak({ ...quarter, ratePerKwYear: 0, probability: [1], marginPerMWh: [5] }))).toMatchObject({
      breakEvenProbability: [null],
      curtail: [0],
    }))
  test('of two lists of different lengths the later one is named', () =>
    expect(coincidentPeak({ ...quarter, probability: [0.1, 0.1], marginPerMWh: [5] })).toMatchObject({
      failure: { field: 'marginPerMWh' },
    }))
})

describe('grid charges', () => {
  test('absent in every peak, a site still pays half of its largest load where the scheme bills that much at least', () =>
    expect(
      value(transmissionCharge({ ratePerKwYear: 70, peakMW: [0, 0, 0, 0], minimumBillingShare: 0.5, largestLoadMW: 100 })),
    ).toMatchObject({ billedMW: 50, annualUsd: 3_500_000, shareAvoided: null }))
  test('a ratchet of 80 % on last summer’s 50 MW bills 40 MW in a month of 20; twelve months later it is forgotten', () => {
    const month = { monthPeakMW: 20, ratchet: 0.8, pricePerKwMonth: 10 }
    expect(value(demandCharge({ ...month, previousPeaksMW: [50, ...new Array(10).fill(0)] }))).toEqual({ billedMW: 40, chargeUsd: 400_000 })
    expect(value(demandCharge({ ...month, previousPeaksMW: [50, ...new Array(11).fill(0)] })).billedMW).toBe(20)
  })
  test('4CP is June to September in 15 minutes, the alternatives stand beside it', () => {
    expect(chargeSchemes.map((s) => [s.id, s.months.length, s.peaksPerYear, s.intervalMinutes, s.minimumBillingShare])).toEqual([
      ['ercot-4cp', 4, 4, 15, 0],
      ['12cp-30min', 12, 12, 30, 0],
      ['4cp-minimum-share', 4, 4, 15, 0.5],
    ])
  })
})

describe('the bill of a contract', () => {
  const contract = { contractMW: 100, strikePerMWh: 38, deliveryAdderPerMWh: 5, resaleSpreadPerMWh: 2, intervalHours: 1 }
  test('80 of 100 MW sold back at 900 less 2 earn 71,840; 20 MW pay delivery', () =>
    expect(value(ppaSettlement({ ...contract, resaleAllowed: true, loadMW: [20], pricePerMWh: [900] }))).toEqual({
      grossCostUsd: 3900,
      powerCreditsUsd: 71_840,
      netCostUsd: -67_940,
      energyMWh: 20,
      effectivePerMWh: -3397,
    }))
  test('nothing consumed has no price per MWh', () =>
    expect(value(ppaSettlement({ ...contract, resaleAllowed: false, loadMW: [0], pricePerMWh: [900] })).effectivePerMWh).toBeNull())
  property.prop([fc.double({ min: 0, max: 200, noNaN: true }), fc.double({ min: -200, max: 5000, noNaN: true })])(
    'at a market price equal to the strike and no spread, whether energy is sold or used makes no difference but delivery',
    (load, price) => {
      const bill = value(
        ppaSettlement({
          ...contract,
          strikePerMWh: price,
          resaleSpreadPerMWh: 0,
          resaleAllowed: true,
          loadMW: [load],
          pricePerMWh: [price],
        }),
      )
      expect(bill.netCostUsd).toBeCloseTo(load * (price + 5), 5)
    },
  )
})

describe('proof of value', () => {
  const given = { lostMWh: 48, periodHours: 100, avoidedCostUsd: 6000, efficiencyJTH: 20, overheadRatio: 1, poolFee: 0, stale: 0 }
  test('48 MWh at 20 J/TH are 100 PH-days, 24 PH/s over 100 hours, 0.05 coins: worth mining from $120,000 on', () => {
    const { lostPhDays, meanLostPHs, coinsNotMinedBtc, worthMiningHashpriceUsd, worthMiningBtcUsd } = value(
      proofOfValue({ ...given, btcPerPhDay: 0.0005 }),
    )
    expect(
      [lostPhDays, meanLostPHs, coinsNotMinedBtc, worthMiningHashpriceUsd, worthMiningBtcUsd].map((n) => Number(n?.toFixed(9))),
    ).toEqual([100, 24, 0.05, 60, 120_000])
  })
  test('nothing lost has no price at which it would have been worth it', () =>
    expect(value(proofOfValue({ ...given, lostMWh: 0, btcPerPhDay: 0.0005 })).worthMiningBtcUsd).toBeNull())
})
