import { decimal, dollars, type PriceUnit, price, signed } from '#shared/format.ts'

/** A price inside a sentence or on a label, in the unit of the switch: "$45.25" or "4.53¢". */
export const priceLabel = (perMwh: number | null, unit: PriceUnit): string =>
  perMwh === null ? '—' : unit === 'usd_per_mwh' ? dollars(perMwh) : `${price(perMwh, unit)}¢`

/** On an axis: no decimals on the desk's scale, one at the site's where it is needed. */
export const axisPrice = (perMwh: number, unit: PriceUnit): string =>
  unit === 'usd_per_mwh' ? decimal(perMwh, 0) : decimal(perMwh / 10, perMwh % 10 === 0 ? 0 : 1)

/** A margin, always with its sign. */
export const marginText = (perMwh: number | null, unit: PriceUnit): string =>
  signed(perMwh === null ? null : unit === 'usd_per_mwh' ? perMwh : perMwh / 10)

/**
 * A sentence of the engine in the unit of the switch. The engine writes prices with two decimals in $/MWh and money with
 * "about" before it; so a price is told from money by its words, and money stays as it is. `known` are the figures the
 * sentence was made from: with them a price is converted from its full value and not from the rounded one.
 */
export const inUnit = (sentence: string, unit: PriceUnit, known: readonly number[] = []): string => {
  if (unit === 'usd_per_mwh') return sentence
  const full = new Map(known.map((v) => [decimal(Math.abs(v), 2), Math.abs(v)]))
  const cents = (figure: string) => price(full.get(figure) ?? Number(figure.replaceAll(',', '')), unit)
  return sentence
    .replace(
      /(about )?([−+]?)\$([\d,]+\.\d\d)(\/MWh)?/g,
      (whole, about: string | undefined, sign: string, figure: string, per: string | undefined) =>
        about ? whole : `${sign}${cents(figure)}¢${per ? '/kWh' : ''}`,
    )
    .replace(/([−+]?)([\d,]+\.\d\d) \$\/MWh/g, (_, sign: string, figure: string) => `${sign}${cents(figure)} ¢/kWh`)
}

/** The model as the desk says it: the maker is in the machine's details. */
export const shortModels = (text: string): string => text.replace(/\b(Antminer|Whatsminer|Avalon(?:Miner)?) (?=\S)/g, '')
