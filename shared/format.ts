/**
 * Number to text: one formatter per quantity, the same on screen, in files and in the memo (`ux.md` 5). Real minus
 * sign, fixed decimals, unknown is an em dash. Rounding happens here and nowhere else.
 */
import { HOUR_MS, MINUTE_MS, SECOND_MS } from './time.ts'

export const UNKNOWN = '—'
const MINUS = '−'

const formatters = new Map<string, Intl.NumberFormat>()
const fixed = (n: number, decimals: number): string => {
  const key = String(decimals)
  let f = formatters.get(key)
  if (!f) {
    f = new Intl.NumberFormat('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
    formatters.set(key, f)
  }
  const text = f.format(Math.abs(n))
  // A value that rounds to zero carries no sign: "−0.00" says nothing.
  return n < 0 && /[1-9]/.test(text) ? MINUS + text : text
}

const orUnknown = (n: number | null, write: (n: number) => string): string => (n === null || !Number.isFinite(n) ? UNKNOWN : write(n))

export const decimal = (n: number | null, decimals: number) => orUnknown(n, (v) => fixed(v, decimals))

/** "+26.35", "−3.35": margins always carry their sign. */
export const signed = (n: number | null, decimals = 2) =>
  orUnknown(n, (v) => (v > 0 && /[1-9]/.test(fixed(v, decimals)) ? '+' : '') + fixed(v, decimals))

/** "$45.25", "−$3.35" */
export const dollars = (n: number | null, decimals = 2) =>
  orUnknown(n, (v) => {
    const text = fixed(v, decimals)
    return text.startsWith(MINUS) ? `${MINUS}$${text.slice(1)}` : `$${text}`
  })

export type PriceUnit = 'usd_per_mwh' | 'cents_per_kwh'
/** USD/MWh in the unit the operator chose; 2 decimals in both. */
export const price = (perMwh: number | null, unit: PriceUnit = 'usd_per_mwh') =>
  decimal(perMwh === null ? null : unit === 'usd_per_mwh' ? perMwh : perMwh / 10, 2)
export const priceUnit = (unit: PriceUnit) => (unit === 'usd_per_mwh' ? '$/MWh' : '¢/kWh')

/** Three significant figures with K, M, B: "$4.85M", "−$22.9M". */
export const money = (n: number | null) =>
  orUnknown(n, (v) => {
    const a = Math.abs(v)
    const [scale, suffix] = a >= 999.5e6 ? [1e9, 'B'] : a >= 999.5e3 ? [1e6, 'M'] : a >= 9_995 ? [1e3, 'K'] : [1, '']
    const scaled = a / scale
    const decimals = suffix === '' ? 0 : scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2
    return dollars((v < 0 ? -1 : 1) * scaled, decimals) + suffix
  })

/** Whole dollars above 1,000, cents below: "$1,229", "$11.40". */
export const amount = (n: number | null) => orUnknown(n, (v) => dollars(v, Math.abs(v) >= 1000 ? 0 : 2))

/** Accounting form for memo tables: negatives in parentheses. */
export const accounting = (text: string) => (text.startsWith(MINUS) ? `(${text.slice(1)})` : text)

/** A fraction of 1 as percent, one decimal: 0.139 is "13.9 %". */
export const percent = (fraction: number | null, decimals = 1) =>
  orUnknown(fraction, (v) => (v > 9.99 ? '>999 %' : v < -9.99 ? `<${MINUS}999 %` : `${fixed(v * 100, decimals)} %`))

export const megawattsText = (mw: number | null, decimals = 1) => orUnknown(mw, (v) => `${fixed(v, decimals)} MW`)

/** "2 min ago"; exact times are for focus. Ages below a second are "now". */
export const age = (ms: number | null) =>
  orUnknown(ms, (v) => {
    const a = Math.max(0, v)
    if (a < SECOND_MS) return 'now'
    if (a < MINUTE_MS) return `${Math.floor(a / SECOND_MS)} s`
    if (a < 2 * HOUR_MS) return `${Math.floor(a / MINUTE_MS)} min`
    if (a < 48 * HOUR_MS) return `${Math.floor(a / HOUR_MS)} h`
    return `${Math.floor(a / (24 * HOUR_MS))} days`
  })
export const ago = (ms: number | null) => orUnknown(ms, (v) => (v < SECOND_MS ? 'now' : `${age(v)} ago`))

const clockFormats = new Map<string, Intl.DateTimeFormat>()
const clockFormat = (timeZone: string, options: Intl.DateTimeFormatOptions) => {
  const key = timeZone + JSON.stringify(options)
  let f = clockFormats.get(key)
  if (!f) {
    f = new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', ...options })
    clockFormats.set(key, f)
  }
  return f
}
/** en-US knows the American abbreviations (CST, EDT) that en-GB prints as GMT offsets. */
export const zoneName = (ms: number, timeZone: string): string => {
  const key = `zone ${timeZone}`
  let f = clockFormats.get(key)
  if (!f) {
    f = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'short' })
    clockFormats.set(key, f)
  }
  return f.formatToParts(ms).find((p) => p.type === 'timeZoneName')?.value ?? timeZone
}
/** "16:42" */
export const clockTime = (ms: number | null, timeZone: string) =>
  orUnknown(ms, (v) => clockFormat(timeZone, { hour: '2-digit', minute: '2-digit' }).format(v))
/** "16:42 CST" */
export const clockTimeZone = (ms: number | null, timeZone: string) =>
  orUnknown(ms, (v) => `${clockTime(v, timeZone)} ${zoneName(v, timeZone)}`)
/** "Tue 24 Nov 2026, 16:42 CST" */
export const dateTime = (ms: number | null, timeZone: string) =>
  orUnknown(ms, (v) => {
    const p = Object.fromEntries(
      clockFormat(timeZone, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
        .formatToParts(v)
        .map((x) => [x.type, x.value]),
    )
    return `${p.weekday} ${p.day} ${p.month} ${p.year}, ${clockTimeZone(v, timeZone)}`
  })
/** "24 Nov 2026" */
export const date = (ms: number | null, timeZone: string) =>
  orUnknown(ms, (v) => clockFormat(timeZone, { day: 'numeric', month: 'short', year: 'numeric' }).format(v))

/** "1 machine", "12 machines"; the number grouped. */
export const count = (n: number, one: string, many = `${one}s`) => `${fixed(n, 0)} ${n === 1 ? one : many}`
