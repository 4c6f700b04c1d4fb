import type { Assumption, ConversionAssumptions } from '../decision/conversion.ts'
import { accounting, amount, decimal, dollars, money, percent, price, UNKNOWN } from '../format.ts'
import type { TracedInput } from '../market/traced.ts'
import { W_PER_MW } from '../units.ts'
import { mwFigure } from './words.ts'

/** A value and its unit as two texts, so that a table can align the first and a sentence can join both. */
type FigureText = { readonly value: string; readonly unit: string }

export const sentence = (f: FigureText): string =>
  f.unit === '' || f.value === UNKNOWN ? f.value : f.unit.startsWith('/') ? f.value + f.unit : `${f.value} ${f.unit}`

export const months = (n: number): FigureText => ({ value: decimal(n, 0), unit: n === 1 ? 'month' : 'months' })
export const share = (n: number): FigureText => ({ value: percent(n), unit: '' })

/** One line per assumption of a conversion: the compiler says when a new one has no text yet. */
const ASSUMPTION: { [K in keyof ConversionAssumptions]: (n: number) => FigureText } = {
  gridMw: (n) => ({ value: decimal(n, 1), unit: 'MW' }),
  pue: (n) => ({ value: decimal(n, 2), unit: 'PUE' }),
  capexPerItMwUsd: (n) => ({ value: money(n), unit: 'per IT MW' }),
  tenantFundedShare: share,
  leasePerKwMonthUsd: (n) => ({ value: dollars(n), unit: 'per kW-month' }),
  escalatorAnnual: (n) => ({ value: percent(n), unit: 'a year' }),
  occupancy: share,
  opexPerItMwMonthUsd: (n) => ({ value: amount(n), unit: 'per IT MW and month' }),
  opexInflationAnnual: (n) => ({ value: percent(n), unit: 'a year' }),
  powerPassThrough: (n) => ({ value: n === 0 ? 'no' : 'yes', unit: '' }),
  powerPricePerMwh: (n) => ({ value: price(n), unit: '$/MWh' }),
  itLoadFactor: share,
  exitMultipleOfNoi: (n) => ({ value: decimal(n, 1), unit: '× NOI' }),
  asicSalvageUsd: (n) => ({ value: money(n), unit: '' }),
  discountRateAnnual: (n) => ({ value: percent(n), unit: 'a year' }),
  startMonth: (n) => ({ value: decimal(n, 0), unit: 'months from now' }),
  buildMonths: months,
  rampMonths: months,
  horizonMonths: months,
  miningCashMarginPerMwMonthUsd: (n) => ({ value: amount(n), unit: 'per MW and month' }),
  networkElasticity: (n) => ({ value: decimal(n, 2), unit: '' }),
  workload: (n) => ({ value: decimal(n, 0), unit: '' }),
}

const isAssumptionId = (id: string): id is keyof ConversionAssumptions => Object.hasOwn(ASSUMPTION, id)

/** Six significant digits for a quantity this file does not know: nothing is hidden, nothing is invented. */
const plain = (n: number): string => {
  const size = n === 0 ? 0 : Math.floor(Math.log10(Math.abs(n)))
  return decimal(n, Math.min(8, Math.max(0, size >= 3 ? 0 : 3 - size)))
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
}

export const assumptionFigure = (id: string, value: Assumption['value'], unit: string): FigureText => {
  if (typeof value === 'boolean') return { value: value ? 'yes' : 'no', unit: '' }
  if (typeof value === 'string') return { value, unit: '' }
  return isAssumptionId(id) ? ASSUMPTION[id](value) : { value: plain(value), unit }
}
export const assumptionText = (id: string, value: Assumption['value'], unit: string): string => sentence(assumptionFigure(id, value, unit))

/** Difficulty is read in trillions by everyone who mines. */
const TRILLION = 1e12

export const inputFigure = (input: Pick<TracedInput, 'id' | 'value' | 'unit'>): FigureText => {
  const { value, unit } = input
  if (value === null) return { value: UNKNOWN, unit }
  if (input.id === 'difficulty') return { value: decimal(value / TRILLION, 2), unit: 'T' }
  switch (unit) {
    case 'USD':
      return { value: dollars(value), unit: '' }
    case 'USD/MWh':
    case '$/MWh':
      return { value: price(value), unit: '$/MWh' }
    case 'USD/PH/day':
    case '$/PH/day':
      return { value: dollars(value), unit: '/PH/day' }
    case 'BTC':
    case 'BTC/block':
      return { value: decimal(value, 4), unit }
    case 'W':
      return { value: mwFigure(value / W_PER_MW), unit: 'MW' }
    case 'MW':
      return { value: decimal(value, 1), unit }
    case 'PH/s':
      return { value: decimal(value, 2), unit }
    case 'J/TH':
      return { value: decimal(value, 1), unit }
    case '%':
      return { value: decimal(value, 1), unit }
    default:
      return { value: plain(value), unit }
  }
}

/** Months as years with one decimal from two years on: "9.5 years", "18 months". */
export const duration = (n: number | null): string =>
  n === null ? UNKNOWN : n >= 24 ? `${decimal(n / 12, 1)} years` : `${decimal(n, 0)} ${n === 1 ? 'month' : 'months'}`

/** Table form of money: parentheses for negatives. */
export const tableMoney = (n: number | null) => accounting(money(n))
