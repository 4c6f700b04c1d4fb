import type { Assumption } from '#shared/decision/conversion.ts'
import { decimal, dollars, type PriceUnit, percent } from '#shared/format.ts'

/** How an assumption is typed and shown: stored value × factor, decimals, unit. */
export type Shape = { readonly factor: number; readonly decimals: number; readonly unit: string }

export const shapeOf = (a: Pick<Assumption, 'id' | 'unit'>, unit: PriceUnit): Shape => {
  switch (a.unit) {
    case 'share':
      return { factor: 100, decimals: 1, unit: '%' }
    case 'a year':
      return { factor: 100, decimals: 1, unit: '% a year' }
    case '$/MWh':
      return unit === 'usd_per_mwh' ? { factor: 1, decimals: 2, unit: '$/MWh' } : { factor: 0.1, decimals: 2, unit: '¢/kWh' }
    case '$/MW':
      return { factor: 1e-6, decimals: 2, unit: '$M/MW' }
    case '$/MW-month':
      return { factor: 1, decimals: 0, unit: '$/MW-month' }
    case '$':
      return { factor: 1, decimals: 0, unit: '$' }
    case 'MW':
    case '×':
      return { factor: 1, decimals: 1, unit: a.unit }
    case 'months':
      return { factor: 1, decimals: 0, unit: 'months' }
    default:
      return { factor: 1, decimals: 2, unit: a.unit }
  }
}

/** The value of a tornado's bar end or a default, short: "$115", "13.0 %", "$13.3M", "12 mo". */
export const shortValue = (value: number, unit: string): string => {
  switch (unit) {
    case 'share':
    case 'a year':
      return percent(value)
    case '$/MW':
      return `${dollars(value / 1e6, 1)}M`
    case '$/kW-month':
    case '$/MWh':
      return dollars(value, Number.isInteger(value) ? 0 : 2)
    case '$/MW-month':
      return `${dollars(value / 1000, 1)}K`
    case 'months':
      return `${decimal(value, 0)} mo`
    case '×':
      return `${decimal(value, 1)}×`
    default:
      return decimal(value, 2)
  }
}

export type Step = { readonly title: string; readonly ids: readonly string[] }
/** The five steps of a conversion; an assumption that is in none of them stands under the last. */
export const steps: readonly Step[] = [
  { title: 'Site and power', ids: ['gridMw', 'powerPassThrough', 'powerPricePerMwh'] },
  { title: 'Building and cooling', ids: ['pue', 'capexPerItMwUsd', 'startMonth', 'buildMonths'] },
  { title: 'Servers and network', ids: ['workload', 'itLoadFactor'] },
  { title: 'Contract and ramp', ids: ['leasePerKwMonthUsd', 'escalatorAnnual', 'occupancy', 'rampMonths', 'tenantFundedShare'] },
  {
    title: 'Money',
    ids: [
      'discountRateAnnual',
      'horizonMonths',
      'opexPerItMwMonthUsd',
      'opexInflationAnnual',
      'exitMultipleOfNoi',
      'miningCashMarginPerMwMonthUsd',
      'networkElasticity',
      'asicSalvageUsd',
    ],
  },
]

export type StepView = { readonly title: string; readonly rows: readonly Assumption[]; readonly defaults: number }
export const stepViews = (assumptions: readonly Assumption[]): StepView[] => {
  const placed = new Set(steps.flatMap((s) => s.ids))
  return steps.map((s, i) => {
    const rows = s.ids.flatMap((id) => assumptions.find((a) => a.id === id) ?? [])
    const all = i === steps.length - 1 ? [...rows, ...assumptions.filter((a) => !placed.has(a.id))] : rows
    return { title: s.title, rows: all, defaults: all.filter((a) => a.quality === 'assumed').length }
  })
}

export type SourceWord = { readonly kind: 'default' | 'override' | 'plain'; readonly word: string }
export const sourceWord = (a: Assumption): SourceWord =>
  a.overridden
    ? { kind: 'override', word: 'Override' }
    : a.quality === 'assumed'
      ? { kind: 'default', word: 'Default' }
      : { kind: 'plain', word: a.quality === 'estimated' ? 'Estimate' : a.quality === 'measured' ? 'Measured' : 'Survey' }
