import { describe, expect, test } from 'vitest'
import { accounting, age, amount, clockTimeZone, count, dateTime, decimal, dollars, money, percent, price, signed } from '#shared/format.ts'

const MINUS = '−'

describe('numbers as an operator reads them', () => {
  test('unknown is a dash, never a zero', () => {
    for (const write of [decimal(null, 2), signed(null), dollars(null), money(null), amount(null), percent(null), price(null)])
      expect(write).toBe('—')
    expect(decimal(Number.NaN, 2)).toBe('—')
  })
  test('a margin always carries its sign, with a real minus', () => {
    expect(signed(26.35)).toBe('+26.35')
    expect(signed(-3.35)).toBe(`${MINUS}3.35`)
    expect(signed(0)).toBe('0.00')
  })
  test('a loss smaller than the last decimal is not printed as minus zero', () => {
    expect(signed(-0.004)).toBe('0.00')
    expect(dollars(-0.001)).toBe('$0.00')
  })
  test('the minus stands before the dollar sign', () => expect(dollars(-3.35)).toBe(`${MINUS}$3.35`))
  test('48.60 USD/MWh is 4.86 cents a kWh', () => {
    expect(price(48.6)).toBe('48.60')
    expect(price(48.6, 'cents_per_kwh')).toBe('4.86')
  })
  test('money has three significant figures with K, M and B', () => {
    expect(money(4_850_000)).toBe('$4.85M')
    expect(money(-22_900_000)).toBe(`${MINUS}$22.9M`)
    expect(money(163_000_000)).toBe('$163M')
    expect(money(1_230_000_000)).toBe('$1.23B')
    expect(money(12_340)).toBe('$12.3K')
    expect(money(-813)).toBe(`${MINUS}$813`)
  })
  test('money changes its letter where rounding would print a thousand of the smaller one', () => {
    expect(money(999_600)).toBe('$1.00M')
    expect(money(999_400)).toBe('$999K')
    expect(money(999_600_000)).toBe('$1.00B')
    expect(money(99_960)).toBe('$100K')
  })
  test('amounts above a thousand have no cents', () => {
    expect(amount(1228.6)).toBe('$1,229')
    expect(amount(11.4)).toBe('$11.40')
  })
  test('percent of a small base is capped', () => {
    expect(percent(0.139)).toBe('13.9 %')
    expect(percent(12)).toBe('>999 %')
  })
  test('memo tables put negatives in parentheses', () => {
    expect(accounting(money(-22_900_000))).toBe('($22.9M)')
    expect(accounting(money(22_900_000))).toBe('$22.9M')
  })
  test('counts agree with their noun', () => {
    expect(count(1, 'machine')).toBe('1 machine')
    expect(count(1249, 'machine')).toBe('1,249 machines')
  })
})

describe('times at a site', () => {
  const winter = Date.parse('2026-11-24T22:42:00Z')
  const summer = Date.parse('2026-07-01T12:00:00Z')
  test('the zone is always printed, as the market there calls it', () => {
    expect(clockTimeZone(winter, 'America/Chicago')).toBe('16:42 CST')
    expect(clockTimeZone(summer, 'America/Chicago')).toBe('07:00 CDT')
    expect(dateTime(winter, 'America/Chicago')).toBe('Tue 24 Nov 2026, 16:42 CST')
  })
  test('midnight is 00:00, not 24:00', () => expect(clockTimeZone(Date.parse('2026-11-24T06:00:00Z'), 'America/Chicago')).toBe('00:00 CST'))
  test('ages grow from seconds to days and never go below zero', () => {
    expect(age(12_000)).toBe('12 s')
    expect(age(26 * 60_000)).toBe('26 min')
    expect(age(71 * 60_000)).toBe('71 min')
    expect(age(5 * 3_600_000)).toBe('5 h')
    expect(age(72 * 3_600_000)).toBe('3 days')
    expect(age(-5000)).toBe('now')
  })
})
