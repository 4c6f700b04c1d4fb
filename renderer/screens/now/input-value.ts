import { decimal, dollars, type PriceUnit } from '#shared/format.ts'
import type { TracedInput } from '#shared/market/traced.ts'
import { priceLabel } from '../../price-text.ts'

const magnitude = (n: number): string =>
  Math.abs(n) >= 1e12 ? `${decimal(n / 1e12, 2)} T` : Math.abs(n) >= 1000 ? decimal(n, 0) : decimal(n, Math.abs(n) < 1 ? 4 : 2)

/** An input's figure with its unit, in the words of the screen. */
export const inputValue = (input: TracedInput, unit: PriceUnit): string => {
  if (input.value === null) return '—'
  if (/^(USD|\$)\/MWh$/.test(input.unit)) return priceLabel(input.value, unit) + (unit === 'usd_per_mwh' ? '/MWh' : '/kWh')
  if (input.unit === 'USD' || input.unit === '$') return dollars(input.value, Math.abs(input.value) >= 1000 ? 0 : 2)
  if (input.unit === 'USD/PH/day' || input.unit === '$/PH/day') return `${dollars(input.value)}/PH/day`
  if (input.unit === 'W')
    return Math.abs(input.value) >= 1e6 ? `${decimal(input.value / 1e6, 2)} MW` : `${decimal(input.value / 1e3, 1)} kW`
  if (input.unit === 'fraction' || input.unit === 'share') return `${decimal(input.value * 100, 1)} %`
  // "50 of 52 machines": a count.
  if (input.unit.startsWith('of ')) return `${decimal(input.value, 0)} ${input.unit}`
  return `${magnitude(input.value)}${input.unit === '' || input.unit === '1' ? '' : ` ${input.unit}`}`
}
