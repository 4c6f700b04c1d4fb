import { amount, count, decimal, dollars, money, percent } from '../format.ts'

/** A million and more to three figures, below it to the dollar. */
const sumText = (usd: number): string => (Math.abs(usd) >= 1e6 ? money(usd) : amount(usd))

/**
 * An assumption of a conversion with its unit, as a sentence holds it: 0.03 "a year" is "3.0 % a year", 10,500,000 "$/MW"
 * is "$10.5M/MW", 1.25 without a unit stays a number.
 */
export const assumptionText = (value: number | boolean | string, unit: string): string => {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return value
  switch (unit) {
    case '':
      return decimal(value, 2)
    case 'share':
      return percent(value)
    case 'a year':
      return `${percent(value)} a year`
    case 'months':
      return count(value, 'month')
    case 'MW':
      return `${decimal(value, 1)} MW`
    case '×':
      return `${decimal(value, 1)}×`
    case '$':
      return sumText(value)
    case '$/MW':
    case '$/MW-month':
      return `${sumText(value)}${unit.slice(1)}`
    default:
      return unit.startsWith('$/') ? `${dollars(value)}${unit.slice(1)}` : `${decimal(value, 2)} ${unit}`
  }
}
