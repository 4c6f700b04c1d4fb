import type { FleetRow, OutputOf } from '#shared/contract.ts'
import type { BlockReport, SiteReport } from '#shared/decision/site-report.ts'
import type { PowerSource } from '#shared/fleet/machine.ts'
import { age, amount, count, decimal, dollars, type PriceUnit, price, UNKNOWN } from '#shared/format.ts'
import { ageOf } from '../../input-view.ts'
import { marginText, priceLabel, shortModels } from '../../price-text.ts'

export type Report = OutputOf<'sites.report'>
export type Totals = OutputOf<'fleet.machines'>['totals']

/** A block in the merit order of its site. */
export type MeritBlock = {
  readonly id: string
  readonly label: string
  readonly mw: number
  readonly breakEven: number
  readonly below: boolean
}
export type MeritSite = {
  readonly id: string
  readonly name: string
  readonly price: number | null
  /** Advice is withheld: the blocks are drawn hatched and called neither above nor below. */
  readonly judged: boolean
  readonly note: string
  readonly alarm: boolean
  readonly mw: number
  readonly blocks: readonly MeritBlock[]
}

const known = (b: BlockReport): b is BlockReport & { breakEvenPowerPerMwh: number; powerMw: number } =>
  b.breakEvenPowerPerMwh !== null && b.powerMw !== null && b.powerMw > 0

/**
 * Most efficient first, each block as wide as its load. `shift` is the what-if: dollars per MWh added to every price.
 * A price at or above the break-even leaves no margin, so the block stands below it (`economics.md` 4.1, strictly).
 */
export const meritOrder = (sites: readonly SiteReport[], shift: number, unit: PriceUnit): MeritSite[] =>
  sites.map((site) => {
    const judged = site.recommendation.action !== 'none' && site.pricePerMwh !== null
    const level = site.pricePerMwh === null ? null : site.pricePerMwh + shift
    const blocks = site.blocks
      .filter(known)
      .sort((a, b) => b.breakEvenPowerPerMwh - a.breakEvenPowerPerMwh)
      .map((b) => ({
        id: b.id,
        label: shortModels(b.label),
        mw: b.powerMw,
        breakEven: b.breakEvenPowerPerMwh,
        below: judged && level !== null && b.breakEvenPowerPerMwh <= level,
      }))
    const out = blocks.filter((b) => b.below).reduce((sum, b) => sum + b.mw, 0)
    const label = priceLabel(level, unit)
    return {
      id: site.id,
      name: site.name,
      price: level,
      judged,
      note:
        level === null
          ? 'Not judged: no price'
          : !judged
            ? `Not judged: price ${label} cannot be used`
            : out > 0
              ? `${megawatts(out)} below ${label}`
              : label,
      alarm: out > 0,
      mw: blocks.reduce((sum, b) => sum + b.mw, 0),
      blocks,
    }
  })

const megawatts = (mw: number) => `${decimal(mw, mw >= 0.095 || mw === 0 ? 1 : 2)} MW`

/** Title of the merit order: what stands below its price, and where. */
export const meritFinding = (sites: readonly MeritSite[], shift: number, unit: PriceUnit): string => {
  const hit = sites.filter((s) => s.alarm)
  const judged = sites.filter((s) => s.judged)
  const when = shift === 0 ? '' : `At ${marginText(shift, unit)}: `
  const start = (text: string) => (when === '' ? text : when + text.charAt(0).toLowerCase() + text.slice(1))
  if (judged.length === 0) return 'No site can be judged now'
  if (hit.length === 0)
    return start(sites.length === judged.length ? 'Every block stands above its price' : 'Every judged block stands above its price')
  const [only] = hit
  const names = only?.blocks.filter((b) => b.below).map((b) => b.label) ?? []
  if (hit.length === 1 && only) {
    if (names.length === only.blocks.length)
      return start(
        `${names.length === 1 ? 'The only block' : `All ${names.length} blocks`} at ${only.name} ${names.length === 1 ? 'stands' : 'stand'} below the price`,
      )
    return start(
      `${names.length === 1 ? `Only the ${names[0]} block` : `${names.length} of ${only.blocks.length} blocks`} at ${only.name} ${names.length === 1 ? 'stands' : 'stand'} below the price`,
    )
  }
  const blocks = hit.flatMap((s) => s.blocks).filter((b) => b.below).length
  return start(`${count(blocks, 'block')} at ${count(hit.length, 'site')} ${blocks === 1 ? 'stands' : 'stand'} below the price`)
}

export type HeadView = { readonly mw: string; readonly headline: string; readonly rest: string; readonly provenance: string }

/** The screen's number: MW whose margin is below zero now, on the MW that could be judged. */
export const headView = (report: Report, sites: readonly SiteReport[], nowMs: number): HeadView => {
  const judged = sites.filter((s) => s.uneconomicMw !== null)
  const judgedMw = judged.reduce((sum, s) => sum + (s.powerMw ?? 0), 0)
  const allMw = sites.reduce((sum, s) => sum + (s.powerMw ?? 0), 0)
  const uneconomic = judged.length === 0 ? null : judged.reduce((sum, s) => sum + (s.uneconomicMw ?? 0), 0)
  const losing = judged.flatMap((s) =>
    s.blocks.filter((b) => b.marginPerMwh !== null && b.marginPerMwh < 0).map((b) => ({ site: s, block: b })),
  )
  const machines = losing.reduce((sum, l) => sum + l.block.hashing, 0)
  const lost = losing.reduce((sum, l) => sum - (l.block.marginUsdPerHour ?? 0), 0)
  const where = [...new Set(losing.map((l) => l.site.name))]
  const [first] = losing
  const unjudged = sites.filter((s) => s.uneconomicMw === null).map((s) => s.name)
  const price = (s: SiteReport) => s.inputs.find((i) => i.id === 'power_price')
  const hash = report.inputs.find((i) => i.id === 'btc_price')
  const prices = [...new Map(sites.flatMap((s) => (price(s) ? [[s.market, price(s)] as const] : []))).entries()]
  const hashprice = sites.find((s) => s.hashpriceUsdPerPhDay !== null)?.hashpriceUsdPerPhDay ?? null
  return {
    mw: decimal(uneconomic, uneconomic !== null && uneconomic > 0 && uneconomic < 0.095 ? 2 : 1),
    headline:
      judged.length === 0
        ? 'No site can be judged.'
        : losing.length === 0
          ? 'Every block that could be judged earns more than its power.'
          : losing.length === 1 && first
            ? `Stop the ${shortModels(first.block.label)} block at ${first.site.name}: ${count(machines, 'machine')}, ${amount(lost)} lost per hour.`
            : `Stop ${count(losing.length, 'block')} at ${where.join(' and ')}: ${count(machines, 'machine')}, ${amount(lost)} lost per hour.`,
    rest: `Judged on ${decimal(judgedMw, 1)} of ${decimal(allMw, 1)} MW${unjudged.length > 0 ? `; ${unjudged.join(' and ')} ${unjudged.length === 1 ? 'has' : 'have'} no usable price` : ''}.`,
    provenance: [
      prices.length === 0
        ? null
        : `Prices ${prices.map(([market, i]) => `${age(i ? ageOf(i, nowMs) : null)} (${market}${i && i.freshness !== 'fresh' ? `, ${i.freshness === 'dead' ? 'too old' : i.freshness}` : ''})`).join(', ')}`,
      hashprice === null ? null : `hashprice ${dollars(hashprice)}/PH/day, ${age(hash ? ageOf(hash, nowMs) : null)}`,
    ]
      .filter((x) => x !== null)
      .join(' · '),
  }
}

const letters: Record<PowerSource, string> = { meter: 'M', pdu: 'P', reported: 'R', estimated: 'E', override: 'O', nameplate: 'N' }
export const sourceLetter = (source: PowerSource | null): string => (source === null ? '' : letters[source])

export type RowText = {
  readonly hashrate: string
  readonly power: string
  readonly letter: string
  readonly efficiency: string
  readonly temp: string
  readonly breakEven: string
  readonly margin: string
  readonly loss: boolean
  readonly hatched: boolean
}
/** A machine's figures as text; stale ones keep their value and are hatched, unknown ones are a dash. */
export const rowText = (row: FleetRow, unit: PriceUnit): RowText => ({
  hashrate: decimal(row.hashrateThs, 1),
  power: row.powerW === null ? UNKNOWN : decimal(row.powerW / 1000, 2),
  letter: sourceLetter(row.powerSource),
  efficiency: decimal(row.efficiencyJth, 1),
  temp: decimal(row.tempC, 0),
  breakEven: price(row.breakEvenPerMwh, unit),
  margin: marginText(row.marginPerMwh, unit),
  loss: (row.marginPerMwh ?? 0) < 0,
  hatched: row.state === 'stale',
})

export const curtailmentWords = { inherit: 'Inherit', curtailable: 'Curtailable', protected: 'Protected' } as const

/** Why a figure is a dash, for focus and hover. */
export const whyUnknown = (row: FleetRow): string =>
  row.state === 'unknown'
    ? `never heard${row.reason ? `: ${row.reason}` : ''}`
    : row.state === 'hashing' || row.state === 'degraded'
      ? 'the firmware did not say'
      : 'not hashing'

export const footerParts = (totals: Totals): readonly { readonly strong: string; readonly text: string }[] => [
  {
    strong: decimal(totals.powerMw, 2),
    text:
      totals.estimatedMw === null || totals.estimatedMw < 0.005
        ? 'MW reported'
        : `MW, ${decimal(totals.estimatedMw, 2)} by name plate or estimate`,
  },
  { strong: decimal(totals.hashratePhs, 2), text: `of ${decimal(totals.nameplatePhs, 1)} PH/s name plate` },
  { strong: decimal(totals.efficiencyJth, 1), text: 'J/TH, weighted by hashrate' },
  { strong: decimal(totals.reported, 0), text: `of ${decimal(totals.machines, 0)} reported` },
  { strong: decimal(totals.stale, 0), text: 'stale' },
  { strong: decimal(totals.neverHeard, 0), text: 'never heard' },
]
