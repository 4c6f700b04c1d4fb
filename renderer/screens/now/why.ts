import type { SiteReport } from '#shared/decision/site-report.ts'
import { decimal, dollars, type PriceUnit, priceUnit } from '#shared/format.ts'
import type { TracedInput } from '#shared/market/traced.ts'
import { HOURS_PER_DAY, KW_PER_MW } from '#shared/units.ts'
import { marginText, priceLabel, shortModels } from '../../price-text.ts'
import { marginalBlock } from './view-model.ts'

export type Step = { readonly label: string; readonly formula: string; readonly result: string }

const priceRule = (site: SiteReport, unit: PriceUnit): string => {
  const { contract } = site
  const market = priceLabel(site.marketPricePerMwh, unit)
  if (contract.type === 'fixed') return 'Fixed tariff: not consuming saves the tariff'
  if (contract.type === 'index') return `Index contract: not consuming saves the market price, ${market}`
  if (!contract.resaleAllowed) return 'Take-or-pay without resale: energy inside the contract is already owed'
  return `Contract energy sold back: market ${market} − spread ${priceLabel(contract.resaleSpreadPerMwh, unit)}`
}

/** The advice worked through by hand, from hashprice to margin; every figure is one the report holds. */
export const whySteps = (site: SiteReport, unit: PriceUnit): Step[] => {
  const block = marginalBlock(site)
  const steps: Step[] = [
    {
      label: 'Hashprice',
      formula: `${decimal(site.btcPerPhDay, 8)} BTC per PH/s and day × BTC price`,
      result: site.hashpriceUsdPerPhDay === null ? '—' : `${dollars(site.hashpriceUsdPerPhDay)}/PH/day`,
    },
  ]
  if (block?.efficiencyJth != null) {
    const mwhPerPhDay = (block.efficiencyJth * site.overheadRatio * HOURS_PER_DAY) / KW_PER_MW
    steps.push({
      label: `Energy of the ${shortModels(block.label)} block`,
      formula: `${decimal(block.efficiencyJth, 1)} J/TH × ${decimal(site.overheadRatio, 3)} overhead${site.overheadMeasured ? ', measured' : ', assumed'} × 24 h`,
      result: `${decimal(mwhPerPhDay, 3)} MWh/PH/day`,
    })
    steps.push({
      label: 'Revenue, net of pool fee and stale shares',
      formula: 'hashprice × (1 − fee)(1 − stale) ÷ energy',
      result: `${priceLabel(block.revenuePerMwh, unit)}${unit === 'usd_per_mwh' ? '/MWh' : '/kWh'}`,
    })
  }
  const adder = site.contract.avoidableAdderPerMwh
  steps.push(
    {
      label: 'Break-even of the last running block',
      formula: block
        ? `${priceLabel(block.revenuePerMwh, unit)} revenue − ${priceLabel(adder, unit)} avoidable delivery`
        : 'no block is running',
      result: priceLabel(site.breakEvenPowerPerMwh, unit),
    },
    { label: 'Energy price now', formula: priceRule(site, unit), result: priceLabel(site.pricePerMwh, unit) },
    {
      label: 'Margin',
      formula: `${priceLabel(site.breakEvenPowerPerMwh, unit)} break-even − ${priceLabel(site.pricePerMwh, unit)} price`,
      result: `${marginText(site.marginPerMwh, unit)}${site.marginPerMwh === null ? '' : ` ${priceUnit(unit)}`}`,
    },
  )
  return steps
}

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
