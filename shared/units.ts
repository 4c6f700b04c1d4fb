/**
 * Units of the field as branded numbers. Inside TypeScript the type carries the unit; at every untyped edge
 * (SQL column, JSON key, CSV header) the name does. Arithmetic drops the brand on purpose: whoever computes says
 * what came out. Conversion factors live in this file only.
 */
declare const unit: unique symbol
export type Quantity<U extends string> = number & { readonly [unit]: U }

export type TerahashPerSecond = Quantity<'TH/s'>
export type PetahashPerSecond = Quantity<'PH/s'>
export type Megawatt = Quantity<'MW'>

export const thPerSecond = (n: number) => n as TerahashPerSecond
export const phPerSecond = (n: number) => n as PetahashPerSecond
export const megawatts = (n: number) => n as Megawatt

export const HOURS_PER_DAY = 24
export const KW_PER_MW = 1000
export const W_PER_MW = 1e6
export const TH_PER_PH = 1000
/** Hours of a mining month: 365.25 / 12 days, as economics.md 0.1 sets it. */
export const HOURS_PER_MINING_MONTH = 730.5
/** Hosting tariffs bill 730 h a month; mining flows use 730.5 h. Both are conventions of their trade. */
export const HOURS_PER_HOSTING_MONTH = 730
export const SATS_PER_BTC = 1e8

export const thFromGh = (ghPerSecond: number) => thPerSecond(ghPerSecond / 1e3)
export const thFromMh = (mhPerSecond: number) => thPerSecond(mhPerSecond / 1e6)
export const phFromTh = (th: number) => phPerSecond(th / TH_PER_PH)
export const mwFromW = (w: number) => megawatts(w / W_PER_MW)
