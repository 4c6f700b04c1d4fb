/**
 * From what the store and the poller know to what an operator decides on: one report a site, one row a machine. Every
 * figure comes from `shared/economics`; here its inputs are gathered, and answers are kept until something changes.
 */
import type { FleetRow, FleetSortKey, OutputOf } from '#shared/contract.ts'
import type { ConversionReport } from '#shared/decision/conversion.ts'
import type { FigureExplanation, FigureId } from '#shared/decision/figure.ts'
import type { SiteReport } from '#shared/decision/site-report.ts'
import type { ConversionOverrides } from '#shared/economics/ai/conversion-case.ts'
import { groupBreakEven } from '#shared/economics/breakeven/break-even.ts'
import { explainFigures } from '#shared/economics/site/explain-site.ts'
import { type SiteDraws, siteDraws } from '#shared/economics/site/site-draws.ts'
import { type SiteReportInput, siteReport } from '#shared/economics/site/site-report.ts'
import { type SiteScenarios, siteScenarios } from '#shared/economics/site/site-scenarios.ts'
import type { Machine } from '#shared/fleet/machine.ts'
import type { Site } from '#shared/fleet/site.ts'
import { SECOND_MS } from '#shared/time.ts'
import { mwFromW, phFromTh, thPerSecond } from '#shared/units.ts'
import type { FarmDefinition } from '../store/farm.ts'
import { readFilter } from './fleet-filter.ts'
import { type Heard, type MachineView, machineView } from './fleet-now.ts'
import { forwardPrices, type Limits, type MarketInputs, marketInputs, meterInput, powerPriceInput, settledPrices } from './inputs.ts'
import type { MarketNow } from './market-now.ts'

export type Planner = {
  reports(): OutputOf<'sites.report'>
  /** As `reports`, with some assumptions of the conversion replaced. */
  reportsWith(siteIds: readonly string[], overrides: ConversionOverrides): SiteReport[]
  conversion(siteId: string, overrides: ConversionOverrides): ConversionReport | null
  /** How figures of a site came about, as of `atMs` (now, where left out); null without such a site. */
  explain(siteId: string, figures: readonly FigureId[], overrides: ConversionOverrides, atMs?: number): FigureExplanation[] | null
  /** What the draws of its conversion are made from, as of `atMs`; null without such a site. */
  draws(siteId: string, overrides: ConversionOverrides, atMs?: number): SiteDraws | null
  /** What the site brings to a scenario, null inside where no machine hashes; null without such a site. */
  scenarios(siteId: string, overrides: ConversionOverrides): { readonly site: SiteScenarios | null; readonly asOfMs: number } | null
  prices(siteId: string, fromMs: number, toMs: number): OutputOf<'prices.series'> | null
  fleet(ask: {
    site: string | null
    filter: string
    sort: FleetSortKey
    descending: boolean
    offset: number
    limit: number
  }): OutputOf<'fleet.machines'>
  machine(id: string): { machine: Machine; row: FleetRow } | null
  /** Something it rests on has changed: answers are made anew, now, so that no question has to wait for them. */
  changed(): void
}

/** Ages move even where nothing else does: a machine grows stale by silence. An answer is not older than this. */
const KEPT_MS = 10 * SECOND_MS

export const makePlanner = (o: {
  farm: FarmDefinition
  heard: () => Heard
  market: () => MarketNow
  limitsOf: (feedId: string) => Limits | null
  pollIntervalMs: () => number
  now: () => number
}): Planner => {
  const { sites, machines, meters } = o.farm
  const siteById = new Map(sites.map((s) => [s.id, s]))
  let version = 0

  const kept = <T>(make: (nowMs: number) => T): (() => T) => {
    let last: { version: number; atMs: number; value: T } | null = null
    return () => {
      const nowMs = o.now()
      if (last === null || last.version !== version || Math.abs(nowMs - last.atMs) > KEPT_MS)
        last = { version, atMs: nowMs, value: make(nowMs) }
      return last.value
    }
  }

  const shared = kept((nowMs): MarketInputs => marketInputs(o.market(), nowMs))
  const views = kept((nowMs): Map<string, MachineView> => {
    const heard = o.heard()
    const interval = o.pollIntervalMs()
    return new Map(machines.map((m) => [m.id, machineView(m, heard, nowMs, interval)]))
  })
  const viewOf = (m: Machine): MachineView => views().get(m.id) ?? machineView(m, o.heard(), o.now(), o.pollIntervalMs())

  const inputOf = (site: Site, overrides: ConversionOverrides, nowMs: number): SiteReportInput => {
    const market = o.market()
    const settled = settledPrices(site, market, nowMs)
    return {
      site,
      machines: machines.filter((m) => m.siteId === site.id).map(viewOf),
      market: shared(),
      price: powerPriceInput(site, market, o.limitsOf, nowMs),
      forward: forwardPrices(site, market, nowMs).map(bare),
      meter: meterInput(
        meters.filter((m) => m.siteId === site.id),
        o.heard(),
        o.pollIntervalMs(),
        nowMs,
      ),
      powerHistory: {
        prices: settled.map(bare),
        source: site.settlement === null ? site.contractOrigin.source : site.settlement.realTimeFeed,
      },
      overrides,
      nowMs,
      pollIntervalMs: o.pollIntervalMs(),
    }
  }

  const reports = kept((nowMs): OutputOf<'sites.report'> => {
    const { btcPrice, difficulty, feesPerBlock } = shared()
    return { asOfMs: nowMs, sites: sites.map((site) => siteReport(inputOf(site, {}, nowMs))), inputs: [btcPrice, difficulty, feesPerBlock] }
  })

  const rows = kept((): FleetRow[] => {
    const reportOf = new Map(reports().sites.map((r) => [r.id, r]))
    return machines.map((m) => fleetRow(m, siteById.get(m.siteId) ?? null, reportOf.get(m.siteId) ?? null, viewOf(m)))
  })

  return {
    changed: () => {
      version++
      rows()
    },
    reports,
    reportsWith: (siteIds, overrides) => {
      const wanted = siteIds.length === 0 ? sites : sites.filter((s) => siteIds.includes(s.id))
      if (Object.keys(overrides).length === 0) return reports().sites.filter((r) => wanted.some((s) => s.id === r.id))
      const nowMs = o.now()
      return wanted.map((site) => siteReport(inputOf(site, overrides, nowMs)))
    },
    conversion: (siteId, overrides) => {
      const site = siteById.get(siteId)
      return site ? siteReport(inputOf(site, overrides, o.now())).ai : null
    },
    explain: (siteId, figures, overrides, atMs) => {
      const site = siteById.get(siteId)
      // The report on screen may be some seconds old: what is explained is that report, not the one of this instant.
      const reportedAtMs = Object.keys(overrides).length === 0 ? reports().asOfMs : o.now()
      return site ? explainFigures(inputOf(site, overrides, atMs ?? reportedAtMs), figures) : null
    },
    draws: (siteId, overrides, atMs) => {
      const site = siteById.get(siteId)
      const reportedAtMs = Object.keys(overrides).length === 0 ? reports().asOfMs : o.now()
      return site ? siteDraws(inputOf(site, overrides, atMs ?? reportedAtMs)) : null
    },
    scenarios: (siteId, overrides) => {
      const site = siteById.get(siteId)
      const asOfMs = o.now()
      return site ? { site: siteScenarios(inputOf(site, overrides, asOfMs)), asOfMs } : null
    },
    prices: (siteId, fromMs, toMs) => {
      const site = siteById.get(siteId)
      if (!site) return null
      const nowMs = o.now()
      const market = o.market()
      const touching = (p: { startMs: number; endMs: number }) => p.startMs < toMs && p.endMs > fromMs
      return {
        siteId,
        label: site.settlement?.label ?? 'Off grid',
        timeZone: site.timeZone,
        source: site.settlement === null ? site.contractOrigin.source : site.settlement.realTimeFeed,
        settled: settledPrices(site, market, nowMs).filter(touching).map(withQuality),
        forward: forwardPrices(site, market, nowMs).filter(touching).map(withQuality),
        flatPerMwh: site.contract.type === 'fixed' ? site.contract.tariffPerMwh : null,
      }
    },
    fleet: (ask) => {
      const filter = readFilter(ask.filter)
      const chosen = rows().filter((row) => (ask.site === null || row.siteId === ask.site) && filter.matches(row))
      chosen.sort(order(ask.sort, ask.descending))
      return {
        asOfMs: reports().asOfMs,
        rows: chosen.slice(ask.offset, ask.offset + ask.limit),
        total: chosen.length,
        filterProblem: filter.problem,
        totals: fleetTotals(chosen, new Map(reports().sites.map((r) => [r.id, r])), new Map(machines.map((m) => [m.id, m]))),
      }
    },
    machine: (id) => {
      const machine = machines.find((m) => m.id === id)
      const row = rows().find((r) => r.id === id)
      return machine && row ? { machine, row } : null
    },
  }
}

const bare = ({ startMs, endMs, price }: { startMs: number; endMs: number; price: number }) => ({ startMs, endMs, price })
const withQuality = (p: { startMs: number; endMs: number; price: number; quality: string }) => ({ ...bare(p), quality: p.quality })

/** A machine by itself, under its site's contract, fees and overhead: the same formula as its block. */
const fleetRow = (m: Machine, site: Site | null, report: SiteReport | null, view: MachineView): FleetRow => {
  const economics =
    site !== null &&
    report !== null &&
    view.efficiencyJth !== null &&
    report.hashpriceUsdPerPhDay !== null &&
    report.btcPerPhDay !== null &&
    report.btcPerPhDay > 0
      ? groupBreakEven({
          efficiencyJTH: view.efficiencyJth,
          overheadRatio: report.overheadRatio,
          // The break-even power price, the only figure taken from the answer, does not depend on the price.
          powerPricePerMWh: 0,
          otherVariablePerMWh: site.contract.avoidableAdderPerMwh,
          poolFee: site.poolFee,
          stale: site.stale,
          btcPerPhDay: report.btcPerPhDay,
          btcPriceUsd: report.hashpriceUsdPerPhDay / report.btcPerPhDay,
        })
      : null
  const breakEvenPerMwh = economics?.ok ? economics.value.breakEvenPowerPerMWh : null
  return {
    id: m.id,
    name: m.name,
    siteId: m.siteId,
    siteName: site?.name ?? m.siteId,
    address: `${m.address}:${m.apiPort}`,
    family: view.family,
    model: m.model,
    state: view.state,
    reason: view.reason,
    hashrateThs: view.hashrateThs,
    powerW: view.powerW,
    powerSource: view.powerSource,
    efficiencyJth: view.efficiencyJth,
    tempC: view.tempC,
    breakEvenPerMwh,
    // Where advice is withheld, so is the margin it would rest on; the break-even stays.
    marginPerMwh:
      breakEvenPerMwh === null || report?.pricePerMwh == null || report.recommendation.action === 'none'
        ? null
        : breakEvenPerMwh - report.pricePerMwh,
    curtailment: m.curtailment,
    observedAtMs: view.observedAtMs,
  }
}

const sortValue: Record<FleetSortKey, (row: FleetRow) => string | number | null> = {
  name: (r) => r.name,
  site: (r) => r.siteName,
  model: (r) => r.model,
  state: (r) => r.state,
  hashrateThs: (r) => r.hashrateThs,
  powerW: (r) => r.powerW,
  efficiencyJth: (r) => r.efficiencyJth,
  tempC: (r) => r.tempC,
  breakEvenPerMwh: (r) => r.breakEvenPerMwh,
  marginPerMwh: (r) => r.marginPerMwh,
  observedAtMs: (r) => r.observedAtMs,
}

/** Unknown comes last in either direction; equal values stay in order of their ids, so that a page never repeats a row. */
const order = (key: FleetSortKey, descending: boolean) => {
  const value = sortValue[key]
  const sign = descending ? -1 : 1
  return (a: FleetRow, b: FleetRow): number => {
    const x = value(a)
    const y = value(b)
    const byId = a.id < b.id ? -1 : a.id > b.id ? 1 : 0
    if (x === null || y === null) return Number(x === null) - Number(y === null) || byId
    return (x < y ? -sign : x > y ? sign : 0) || byId
  }
}

const total = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((v) => v !== null)
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0)
}

const isGuess = (r: FleetRow): boolean => r.powerSource === 'nameplate' || r.powerSource === 'estimated'

/** MW at the site's meter: machine power times the site's overhead ratio, as in the site's own report. */
const fleetTotals = (
  rows: readonly FleetRow[],
  reportOf: ReadonlyMap<string, SiteReport>,
  machineOf: ReadonlyMap<string, Machine>,
): OutputOf<'fleet.machines'>['totals'] => {
  const atMeter = (row: FleetRow, powerW: number | null) =>
    powerW === null ? null : mwFromW(powerW) * (reportOf.get(row.siteId)?.overheadRatio ?? 1)
  const heard = rows.filter((r) => r.state !== 'stale' && r.state !== 'unknown')
  const stale = rows.filter((r) => r.state === 'stale')
  const measured = heard.filter((r) => r.hashrateThs !== null && r.powerW !== null && r.hashrateThs > 0)
  const measuredThs = total(measured.map((r) => r.hashrateThs))
  const hashrateThs = total(heard.map((r) => r.hashrateThs))
  const nameplateThs = total(rows.map((r) => machineOf.get(r.id)?.nameplateThs ?? null))
  const judged = heard.filter((r) => r.marginPerMwh !== null)
  const uneconomic = judged.filter((r) => (r.marginPerMwh ?? 0) < 0)
  const protectedRows = heard.filter((r) => r.curtailment === 'protected')
  const mw = (some: readonly FleetRow[]) => total(some.map((r) => atMeter(r, r.powerW))) ?? 0
  return {
    machines: rows.length,
    reported: heard.length,
    stale: stale.length,
    neverHeard: rows.filter((r) => r.state === 'unknown').length,
    hashratePhs: hashrateThs === null ? null : phFromTh(thPerSecond(hashrateThs)),
    powerMw: total(heard.map((r) => atMeter(r, r.powerW))),
    estimatedMw: total(heard.map((r) => (r.powerW === null ? null : isGuess(r) ? atMeter(r, r.powerW) : 0))),
    // Weighted by hashrate: the power of machines whose both figures are known over their hashrate.
    efficiencyJth: measuredThs === null ? null : (total(measured.map((r) => r.powerW)) ?? 0) / measuredThs,
    nameplatePhs: nameplateThs === null ? null : phFromTh(thPerSecond(nameplateThs)),
    staleMw: total(stale.map((r) => atMeter(r, r.powerW ?? machineOf.get(r.id)?.nameplateW ?? null))) ?? 0,
    protectedMw: mw(protectedRows),
    uneconomicMw: judged.length === 0 ? null : mw(uneconomic),
    judgedMw: mw(judged),
  }
}
