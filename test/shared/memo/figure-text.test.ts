import { expect, test } from 'vitest'
import { assumptionFigure, assumptionText, duration, inputFigure, tableMoney } from '#shared/memo/figure-text.ts'

test('assumptions of a conversion read in the units of the trade', () => {
  expect(assumptionText('leasePerKwMonthUsd', 135, '$/kW-month')).toBe('$135.00 per kW-month')
  expect(assumptionText('capexPerItMwUsd', 10_500_000, '$/MW')).toBe('$10.5M per IT MW')
  expect(assumptionText('discountRateAnnual', 0.12, 'a year')).toBe('12.0 % a year')
  expect(assumptionText('tenantFundedShare', 0.3, 'share')).toBe('30.0 %')
  expect(assumptionText('buildMonths', 15, 'months')).toBe('15 months')
  expect(assumptionText('powerPassThrough', true, '')).toBe('yes')
  expect(assumptionText('workload', 'training', '')).toBe('training')
})
test('an assumption nobody has given a text keeps its own unit and digits', () => {
  expect(assumptionFigure('somethingNew', 1234.5, 'kPa')).toEqual({ value: '1,235', unit: 'kPa' })
  expect(assumptionFigure('somethingNew', 0.00251, 'x')).toEqual({ value: '0.00251', unit: 'x' })
})
test('difficulty is read in trillions, power in MW, prices with two decimals', () => {
  expect(inputFigure({ id: 'difficulty', value: 133_790_000_000_000, unit: '' })).toEqual({ value: '133.79', unit: 'T' })
  expect(inputFigure({ id: 'meter', value: 3_230_000, unit: 'W' })).toEqual({ value: '3.2', unit: 'MW' })
  expect(inputFigure({ id: 'power_price', value: -12.345, unit: '$/MWh' })).toEqual({ value: '−12.35', unit: '$/MWh' })
  expect(inputFigure({ id: 'fees', value: 0.0251, unit: 'BTC/block' })).toEqual({ value: '0.0251', unit: 'BTC/block' })
})
test('an unknown input is a dash, never a zero', () => {
  expect(inputFigure({ id: 'btc_price', value: null, unit: 'USD' })).toEqual({ value: '—', unit: 'USD' })
})
test('long times are told in years, short ones in months', () => {
  expect(duration(99)).toBe('8.3 years')
  expect(duration(15)).toBe('15 months')
  expect(duration(1)).toBe('1 month')
  expect(duration(null)).toBe('—')
})
test('tables put negative money in parentheses', () => {
  expect(tableMoney(-22_900_000)).toBe('($22.9M)')
  expect(tableMoney(4_850_000)).toBe('$4.85M')
})
