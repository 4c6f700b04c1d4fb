import type { OutputOf } from '#shared/contract.ts'
import type { FigureId } from '#shared/decision/figure.ts'
import type { BlockReport, SiteReport } from '#shared/decision/site-report.ts'
import { age, amount, clockTimeZone, count, decimal, type PriceUnit } from '#shared/format.ts'
import type { TracedInput } from '#shared/market/traced.ts'
import type { ChipState } from '../../components/Chip.tsx'
import type { RulerModel } from '../../components/ruler-layout.ts'
import { ageOf, chipStates, freshnessWords, inputAge, worstInput } from '../../input-view.ts'
import { inUnit, marginText, priceLabel, shortModels } from '../../price-text.ts'

export type Report = OutputOf<'sites.report'>

export type OldestView = { readonly state: ChipState; readonly word: string; readonly note: string }
export type SiteView = {
  readonly site: SiteReport
  readonly margin: string
  /** "S19 break-even $45.25 − price $48.60", or why there is no margin; each figure with the name under which it unfolds. */
  readonly arithmetic: readonly { readonly text: string; readonly figure: FigureId | null }[]
  readonly priceAge: string | null
  readonly headline: string
  /** Condition and value: the first sentences of the reason; the panel holds them all. */
  readonly rest: string
  readonly withheld: boolean
  readonly next: string
  readonly ruler: RulerModel
  readonly running: string
  readonly metered: string
  readonly ofMw: string
  readonly stake: string
  readonly oldest: OldestView
}
export type CauseView = {
  readonly key: string
  readonly hot: boolean
  readonly site: string
  readonly text: string
  readonly since: string
}
export type NowView = {
  readonly hero: SiteView
  /** "margin now, worst of 3 sites" */
  readonly heroLabel: string
  readonly others: readonly SiteView[]
  readonly causes: readonly CauseView[]
}

/** The price the decision is made at: a market price, or the contract where the market has no say. */
export const priceInput = (site: SiteReport): TracedInput | null =>
  site.inputs.find((i) => i.id === 'power_price') ?? site.inputs.find((i) => i.id === 'contract') ?? null

export const marginalBlock = (site: SiteReport): BlockReport | null => site.blocks.find((b) => b.id === site.marginalBlockId) ?? null

export const rulerOf = (site: SiteReport): RulerModel => ({
  ticks: site.blocks.flatMap((b) =>
    b.breakEvenPowerPerMwh === null ? [] : [{ id: b.id, label: shortModels(b.label), breakEven: b.breakEvenPowerPerMwh, mw: b.powerMw }],
  ),
  price: site.pricePerMwh,
  freshness: site.pricePerMwh === null ? 'missing' : (priceInput(site)?.freshness ?? 'fresh'),
})

const only = (text: string): SiteView['arithmetic'] => [{ text, figure: null }]

const arithmeticOf = (site: SiteReport, unit: PriceUnit): SiteView['arithmetic'] => {
  if (site.breakEvenPowerPerMwh === null)
    return site.coverage.reported === 0
      ? only('No machine has reported yet, so there is no break-even.')
      : only('No block is running, so there is no break-even.')
  const breakEven = {
    text: `${shortModels(marginalBlock(site)?.label ?? 'Marginal block')} break-even ${priceLabel(site.breakEvenPowerPerMwh, unit)}`,
    figure: 'break_even_power_per_mwh' as const,
  }
  return site.pricePerMwh === null
    ? [breakEven, { text: '; the price is unknown', figure: null }]
    : [breakEven, { text: ` − price ${priceLabel(site.pricePerMwh, unit)}`, figure: 'price_per_mwh' }]
}

const oldestOf = (site: SiteReport, nowMs: number): OldestView => {
  const worst = worstInput(site.inputs, nowMs)
  if (worst === null) return { state: 'missing', word: 'No input', note: 'nothing heard yet' }
  const quiet = site.coverage.machines - site.coverage.reported
  if (worst.freshness === 'fresh' && quiet > 0)
    return {
      state: 'partial',
      word: `${decimal(site.coverage.reported, 0)} of ${decimal(site.coverage.machines, 0)}`,
      note: `${count(quiet, 'machine')} quiet`,
    }
  const a = ageOf(worst, nowMs)
  return {
    state: chipStates[worst.freshness],
    word: worst.freshness === 'stale' ? `Stale ${age(a)}` : freshnessWords[worst.freshness],
    note: inputAge(worst, nowMs),
  }
}

/** The prices and margins a site's sentences are made from, USD/MWh. */
const figuresOf = (site: SiteReport): number[] =>
  [
    site.pricePerMwh,
    site.marketPricePerMwh,
    site.marginPerMwh,
    ...site.blocks.flatMap((b) => [b.breakEvenPowerPerMwh, b.marginPerMwh]),
  ].filter((v) => v !== null)

/** A sentence of the engine as the window says it: chosen unit, models by their short names. */
export const say = (text: string, site: SiteReport, unit: PriceUnit): string => shortModels(inUnit(text, unit, figuresOf(site)))

/** The first sentences of a text; a full stop inside a figure ends none. */
const leading = (text: string, sentences: number): string =>
  text
    .split(/(?<=\.) (?=[A-Z0-9])/)
    .slice(0, sentences)
    .join(' ')

export const siteView = (site: SiteReport, unit: PriceUnit, nowMs: number): SiteView => {
  const { recommendation: advice } = site
  const input = priceInput(site)
  const priceAge = input === null ? null : ageOf(input, nowMs)
  return {
    site,
    margin: marginText(site.marginPerMwh, unit),
    arithmetic: arithmeticOf(site, unit),
    priceAge:
      priceAge === null || site.breakEvenPowerPerMwh === null || site.pricePerMwh === null
        ? null
        : input?.id === 'contract'
          ? `contract ${age(priceAge)} old`
          : `${age(priceAge)} old`,
    headline: say(advice.headline, site, unit),
    rest: say(leading(advice.reason, 3), site, unit),
    withheld: advice.action === 'none',
    next:
      advice.nextChangeAtMs === null
        ? 'Next: no crossing known ahead'
        : `Next: ${clockTimeZone(advice.nextChangeAtMs, site.timeZone)}, price crosses a break-even`,
    ruler: rulerOf(site),
    running: decimal(site.powerMw, 1),
    ofMw: decimal(site.interconnectMw, 1),
    metered: site.meterPowerMw === null ? 'no meter heard' : `meter ${decimal(site.meterPowerMw, 2)}`,
    stake: amount(site.atStakeUsdPerHour),
    oldest: oldestOf(site, nowMs),
  }
}

/** Money at stake, most first; a site whose stake is unknown stands before those known: unknown is not zero. */
const byStake = (a: SiteReport, b: SiteReport): number => {
  if (a.atStakeUsdPerHour === null || b.atStakeUsdPerHour === null)
    return Number(b.atStakeUsdPerHour === null) - Number(a.atStakeUsdPerHour === null) || a.name.localeCompare(b.name)
  return b.atStakeUsdPerHour - a.atStakeUsdPerHour || a.name.localeCompare(b.name)
}

/** The site with the lowest known margin; where none is known, the one with most at stake. */
export const worstSite = (sites: readonly SiteReport[]): SiteReport | null => {
  const judged = sites.filter((s) => s.marginPerMwh !== null)
  if (judged.length === 0) return [...sites].sort(byStake)[0] ?? null
  return judged.reduce((worst, s) => ((s.marginPerMwh ?? 0) < (worst.marginPerMwh ?? 0) ? s : worst))
}

const causesOf = (sites: readonly SiteReport[], unit: PriceUnit, nowMs: number): CauseView[] =>
  sites
    .flatMap((site) =>
      site.alerts.map((alert) => ({
        level: alert.level,
        view: {
          key: `${site.id} ${alert.text}`,
          hot: alert.level === 'money',
          site: site.name,
          text: say(alert.text, site, unit),
          since: `${alert.sinceMs === null ? '' : `since ${nowMs - alert.sinceMs < 24 * 3_600_000 ? clockTimeZone(alert.sinceMs, site.timeZone) : age(nowMs - alert.sinceMs)}, `}${alert.level}`,
        },
      })),
    )
    .sort((a, b) => Number(b.view.hot) - Number(a.view.hot))
    .map((c) => c.view)

/** null: there is no site, or not the one asked for. */
export const nowView = (report: Report, chosen: string | null, unit: PriceUnit, nowMs: number): NowView | null => {
  const hero = chosen === null ? worstSite(report.sites) : (report.sites.find((s) => s.id === chosen) ?? null)
  if (hero === null) return null
  const others = report.sites.filter((s) => s.id !== hero.id).sort(byStake)
  return {
    hero: siteView(hero, unit, nowMs),
    heroLabel:
      chosen !== null || report.sites.length === 1
        ? 'margin now'
        : hero.marginPerMwh === null
          ? 'margin now, withheld at all sites'
          : `margin now, worst of ${count(report.sites.filter((s) => s.marginPerMwh !== null).length, 'site')}${report.sites.some((s) => s.marginPerMwh === null) ? ' judged' : ''}`,
    others: others.map((s) => siteView(s, unit, nowMs)),
    causes: causesOf(chosen === null ? report.sites : [hero], unit, nowMs),
  }
}

export type BlockRow = {
  readonly id: string
  readonly site: string
  readonly label: string
  readonly advice: BlockReport['advice']
  readonly machines: string
  readonly hashrate: string
  readonly power: string
  readonly efficiency: string
  readonly revenue: string
  readonly breakEven: string
  readonly margin: string
  readonly loss: boolean
  readonly perHour: string
}
/** Unknown comes last. */
const ascending = (a: number | null, b: number | null): number =>
  a === null || b === null ? Number(a === null) - Number(b === null) : a - b

/** The switchable units, the one with the least margin first: the order in which they would be stopped. Not judged: last. */
export const blockRows = (sites: readonly SiteReport[], unit: PriceUnit): BlockRow[] => {
  const perUnit = (perMwh: number | null) => decimal(perMwh === null ? null : unit === 'usd_per_mwh' ? perMwh : perMwh / 10, 2)
  return sites
    .flatMap((site) => site.blocks.map((block) => ({ site, block })))
    .sort(
      (a, b) =>
        ascending(a.block.marginPerMwh, b.block.marginPerMwh) ||
        ascending(a.block.breakEvenPowerPerMwh, b.block.breakEvenPowerPerMwh) ||
        a.block.label.localeCompare(b.block.label),
    )
    .map(({ site, block: b }) => ({
      id: `${site.id} ${b.id}`,
      site: site.name,
      label: shortModels(b.label),
      advice: b.advice,
      machines: `${decimal(b.hashing, 0)} of ${decimal(b.machines, 0)}`,
      hashrate: decimal(b.hashratePhs, 2),
      power: decimal(b.powerMw, 2),
      efficiency: decimal(b.efficiencyJth, 1),
      revenue: perUnit(b.revenuePerMwh),
      breakEven: perUnit(b.breakEvenPowerPerMwh),
      margin: marginText(b.marginPerMwh, unit),
      loss: (b.marginPerMwh ?? 0) < 0,
      perHour: amount(b.marginUsdPerHour),
    }))
}
