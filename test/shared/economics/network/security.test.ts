import { expect, test } from 'vitest'
import { security } from '#shared/economics/network/security.ts'
import { securityTrend } from '#shared/economics/network/security-trend.ts'
import { value } from '../value.ts'

const attacker = {
  attackShare: 0.5,
  hardwareUsdPerTH: 10,
  attackerEfficiencyJTH: 20,
  facilityUsdPerMW: 1e6,
  powerPricePerMWh: 50,
  rentPremium: 0.25,
}
const now = { height: 840_000, btcPriceUsd: 100_000, feesPerBlockBtc: 0, networkEHs: 900, hashpriceUsdPerPhDay: 48 }
const at = (more: object) => value(security({ ...now, ...attacker, ...more }))

test('half of all hashrate is as much again: 900 EH/s, $9 billion of machines, 18 GW, $18 billion of halls', () =>
  expect(at({})).toMatchObject({
    attackerEHs: 900,
    hardwareUsd: 9e9,
    attackerMW: 18_000,
    facilityUsd: 18e9,
    capitalUsd: 27e9,
    energyUsdPerDay: 18_000 * 24 * 50,
    rentUsdPerHour: 900_000 * 2 * 1.25, // $48 a day are $2 an hour
    rentMarketDepthPHs: null,
  }))
test('a year of blocks without fees is 52,560 x 3.125 BTC, and half of that after the halving', () => {
  expect(at({}).securityBudgetUsdPerYear).toBeCloseTo(164_250 * 100_000, 3)
  expect(at({ height: 1_050_000 }).securityBudgetUsdPerYear).toBeCloseTo(82_125 * 100_000, 3)
  // Of 19,687,503.125 BTC that exist with block 840,000: 0.83 %.
  expect(at({}).securityBudgetShareOfMarketCap).toBeCloseTo(164_250 / 19_687_503.125, 12)
})
test('after the last subsidy fees alone pay', () =>
  expect(at({ height: 7_000_000, feesPerBlockBtc: 0.1 }).securityBudgetUsdPerYear).toBeCloseTo(5256 * 100_000, 3))
test('at a price of 0 nothing is paid, and there is no market cap to take a share of', () =>
  expect(at({ btcPriceUsd: 0 })).toMatchObject({ securityBudgetUsdPerYear: 0, securityBudgetShareOfMarketCap: null }))
test('a network without hashrate is attacked for nothing', () =>
  expect(at({ networkEHs: 0 })).toMatchObject({ attackerEHs: 0, hardwareUsd: 0, attackerMW: 0, rentUsdPerHour: 0 }))
test.each([
  ['height', 1.5],
  ['btcPriceUsd', -1],
  ['feesPerBlockBtc', -0.1],
  ['networkEHs', -1],
  ['attackShare', 1],
  ['attackShare', 51],
  ['hardwareUsdPerTH', -1],
  ['attackerEfficiencyJTH', 0],
  ['facilityUsdPerMW', -1],
  ['powerPricePerMWh', Number.NaN],
  ['hashpriceUsdPerPhDay', -1],
  ['rentPremium', -0.25],
])('%s = %d is refused', (field, bad) =>
  expect(security({ ...now, ...attacker, [field]: bad })).toMatchObject({ ok: false, failure: { field } }),
)

const months = 24
const every = <T>(of: (month: number) => T) => Array.from({ length: months }, (_, m) => of(m))
// 5 EH/s leave a month; the halving comes with the ninth month (8 x 4,383 blocks on).
const crowdOut = {
  startHeight: 1_050_000 - 8 * 4383,
  months,
  btcPriceUsd: every(() => 100_000),
  feesPerBlockBtc: every(() => 0),
  networkEHs: every((m) => 900 - 5 * m),
  ...attacker,
}
const trend = (thresholds: object, more: object = {}) => value(securityTrend({ ...crowdOut, ...more, thresholds }))

test('the first month below each floor is told; a figure on its floor has not crossed it', () => {
  const t = trend({ networkEHs: 890, attackerMW: 17_000, securityBudgetUsdPerYear: 10e9, hardwareUsd: 1e9 })
  expect(t.firstCrossedMonth).toEqual({
    networkEHs: 3, // 885; month 2 has 890
    attackerMW: 11, // 20 MW an EH/s: 845 x 20 = 16,900; month 10 has 17,000
    securityBudgetUsdPerYear: 8, // 16.425 billion until the halving, 8.2125 from it on
    hardwareUsd: null,
  })
  expect(t.rows).toHaveLength(months)
  expect(t.rows[8]?.crossed).toEqual(['networkEHs', 'securityBudgetUsdPerYear'])
  expect(t.rows[7]?.securityBudgetUsdPerYear).toBeCloseTo(16.425e9, 0)
})
test('a floor that is already crossed today is month 0; without floors nothing is crossed', () => {
  expect(trend({ rentUsdPerHour: 1e9 }).firstCrossedMonth).toEqual({ rentUsdPerHour: 0 })
  expect(trend({}).firstCrossedMonth).toEqual({})
})
test('rent follows the revenue, not the hashrate: what leaves makes the rest dearer', () => {
  const { rows } = trend({})
  // 450 BTC x $100,000 / 24 h x 1.25, whatever the hashrate is, for as much again.
  expect(rows[0]?.rentUsdPerHour).toBeCloseTo(2_343_750, 4)
  expect(rows[7]?.rentUsdPerHour).toBeCloseTo(2_343_750, 4)
  expect(rows[7]?.hashpriceUsdPerPhDay).toBeCloseTo(45e6 / 865_000, 9)
})
test.each([
  ['months', { months: 0 }],
  ['months', { months: 121 }],
  ['months', { startHeight: 6_930_000 - 23 * 4383 }],
  ['btcPriceUsd', { btcPriceUsd: [1] }],
  ['feesPerBlockBtc', { feesPerBlockBtc: [] }],
  ['networkEHs', { networkEHs: every((m) => 5 - m) }],
  ['attackShare', { attackShare: 1 }],
  ['hardwareUsd', { thresholds: { hardwareUsd: Number.NaN } }],
])('trend: %s in %j is refused', (field, bad) =>
  expect(securityTrend({ ...crowdOut, thresholds: {}, ...bad })).toMatchObject({ ok: false, failure: { field } }),
)
