import type { Machine } from '#shared/fleet/machine.ts'
import type { Site } from '#shared/fleet/site.ts'
import { chanceKey, uniform } from './chance.ts'
import { machineParameters } from './parameters.ts'
import { CENTRAL, EASTERN, type UsZone } from './us-clock.ts'

/**
 * The demo's farm: three invented sites, their contracts, their machines and meters. What it looks like on paper; how it
 * behaves is `machine-world.ts`, where it listens is known only once it runs (`PlacedFarm`).
 */

/** Where each simulated thing listens. Plain data: it crosses a thread border. `machineCount` and `families` are what was asked for. */
export type PlacedMachine = { readonly host: string; readonly apiPort: number; readonly webPort: number | null }
export type PlacedMeter = { readonly host: string; readonly port: number }
export type PlacedFarm = {
  readonly machineCount: number
  readonly families: readonly DeviceFamily[] | null
  readonly machines: Readonly<Record<string, PlacedMachine>>
  readonly meters: Readonly<Record<string, PlacedMeter>>
}

/** A revenue meter to read: one each site. `type` as in `electron/meters`. */
export type MeterConfig = {
  readonly id: string
  readonly siteId: string
  readonly type: string
  readonly host: string
  readonly port: number
  readonly unitId: number
}

/** When the (invented) operator entered sites and contracts: 1 October 2026, 12:00 UTC. */
const ENTERED_MS = Date.UTC(2026, 9, 1, 12)
const origin = (source: string) => ({ source, observedAtMs: ENTERED_MS })

const toyahBasin: Site = {
  id: 'toyah-basin',
  name: 'Toyah Basin',
  place: 'Reeves County, Texas',
  timeZone: CENTRAL.name,
  interconnectMw: 12,
  settlement: { label: 'ERCOT LZ_WEST', realTimeFeed: 'ercot.real-time', dayAheadFeed: 'ercot.day-ahead', location: 'LZ_WEST' },
  contract: { type: 'index', avoidableAdderPerMwh: 5 },
  contractOrigin: origin('Demo: retail index contract, ERCOT LZ_WEST real time plus delivery'),
  poolFee: 0.02,
  stale: 0.004,
  overheadRatio: 1.05,
  profile: {
    fiberRttMs: 14,
    diverseFiberRoutes: 2,
    firmShare: 0.9993,
    firmMw: 12,
    interconnectMonths: 14,
    substationFeeds: 2,
    designWetBulbC: 23,
    regionScore: 72,
    backupGeneration: true,
    permanentSite: true,
  },
  profileOrigin: origin('Demo: invented site survey'),
}

const raquetteFalls: Site = {
  id: 'raquette-falls',
  name: 'Raquette Falls',
  place: 'St. Lawrence County, New York',
  timeZone: EASTERN.name,
  interconnectMw: 16,
  settlement: { label: 'NYISO NORTH', realTimeFeed: 'nyiso.real-time', dayAheadFeed: 'nyiso.day-ahead', location: 'NORTH' },
  // Take-or-pay for about what the fleet draws; what is not used may be sold back at the zone price less the spread.
  contract: { type: 'ppa', strikePerMwh: 34, contractMw: 4.4, resaleAllowed: true, resaleSpreadPerMwh: 1.5, avoidableAdderPerMwh: 0 },
  contractOrigin: origin('Demo: hydro power purchase agreement, take-or-pay, resale allowed'),
  poolFee: 0.02,
  stale: 0.004,
  overheadRatio: 1.046,
  profile: {
    fiberRttMs: 9,
    diverseFiberRoutes: 2,
    firmShare: 0.9995,
    firmMw: 16,
    interconnectMonths: 12,
    substationFeeds: 2,
    designWetBulbC: 22,
    regionScore: 64,
    backupGeneration: true,
    permanentSite: true,
  },
  profileOrigin: origin('Demo: invented site survey'),
}

const littleMuddy: Site = {
  id: 'little-muddy',
  name: 'Little Muddy',
  place: 'Williams County, North Dakota',
  timeZone: CENTRAL.name,
  interconnectMw: 0.9,
  // Gensets on flare gas: no grid, no market; the price is fuel and upkeep.
  settlement: null,
  contract: { type: 'fixed', tariffPerMwh: 18, avoidableAdderPerMwh: 0 },
  contractOrigin: origin('Demo: flare gas gensets, fuel and upkeep'),
  poolFee: 0.02,
  stale: 0.006,
  overheadRatio: 1.05,
  profile: {
    fiberRttMs: 46,
    diverseFiberRoutes: 0,
    firmShare: 0.91,
    firmMw: 0.9,
    interconnectMonths: 0,
    substationFeeds: 0,
    designWetBulbC: 21,
    regionScore: 55,
    backupGeneration: false,
    permanentSite: false,
  },
  profileOrigin: origin('Demo: invented site survey'),
}

export const demoSites: readonly Site[] = [toyahBasin, raquetteFalls, littleMuddy]

/**
 * The sites at this moment: their operator confirms terms and survey at noon UTC of each month's first day. Terms that nobody
 * confirms are stale after 90 days and withdraw the advice after a year, in a demo of any date.
 */
export const demoSitesAt = (nowMs: number): readonly Site[] => {
  const now = new Date(nowMs)
  const noonOfFirst = (month: number) => Date.UTC(now.getUTCFullYear(), month, 1, 12)
  const month = now.getUTCMonth()
  const observedAtMs = noonOfFirst(month) <= nowMs ? noonOfFirst(month) : noonOfFirst(month - 1)
  return demoSites.map((site) => ({
    ...site,
    contractOrigin: { ...site.contractOrigin, observedAtMs },
    profileOrigin: { ...site.profileOrigin, observedAtMs },
  }))
}

/** Wire dialect of a group; the family decides the protocol, the rest what its answers look like. */
export type DeviceFamily = 'antminer' | 'whatsminer' | 'avalon'
export type MachineGroup = {
  readonly siteId: string
  readonly prefix: string
  /** First letter of the racks. */
  readonly block: string
  readonly family: DeviceFamily
  /** The hardware's name, as Hashyard lists it. */
  readonly model: string
  /** As the firmware spells it. */
  readonly wireModel: string
  readonly nameplateThs: number
  readonly nameplateW: number
  readonly nameplateSource: string
  /** In the full demo. */
  readonly count: number
  readonly boards: number
  readonly chipsPerBoard: number
  readonly cooling: 'air' | 'water'
  /** Old and new answers of one family (`devices/`). */
  readonly generation: 'old' | 'new'
}

/**
 * Name plates: hashrate and wall power at 25 C as the manufacturers' data sheets state them (Bitmain, MicroBT, Canaan
 * product pages). Boards and chips are of the right order, not measured: nothing is computed from them.
 */
export const demoGroups: readonly MachineGroup[] = [
  {
    siteId: 'toyah-basin',
    prefix: 'TB',
    block: 'A',
    family: 'antminer',
    model: 'Antminer S19j Pro',
    wireModel: 'Antminer S19j Pro',
    nameplateThs: 100,
    nameplateW: 2950,
    nameplateSource: 'Bitmain, S19j Pro data sheet: 100 TH/s, 29.5 J/TH',
    count: 240,
    boards: 3,
    chipsPerBoard: 126,
    cooling: 'air',
    generation: 'old',
  },
  {
    siteId: 'toyah-basin',
    prefix: 'TB',
    block: 'B',
    family: 'antminer',
    model: 'Antminer S21',
    wireModel: 'Antminer S21',
    nameplateThs: 200,
    nameplateW: 3500,
    nameplateSource: 'Bitmain, S21 data sheet: 200 TH/s, 17.5 J/TH',
    count: 320,
    boards: 3,
    chipsPerBoard: 108,
    cooling: 'air',
    generation: 'new',
  },
  {
    siteId: 'toyah-basin',
    prefix: 'TB',
    block: 'C',
    family: 'whatsminer',
    model: 'Whatsminer M50S',
    wireModel: 'M50S_VH50',
    nameplateThs: 126,
    nameplateW: 3276,
    nameplateSource: 'MicroBT, M50S data sheet: 126 TH/s, 26 J/TH',
    count: 240,
    boards: 3,
    chipsPerBoard: 105,
    cooling: 'air',
    generation: 'old',
  },
  {
    siteId: 'toyah-basin',
    prefix: 'TB',
    block: 'D',
    family: 'avalon',
    model: 'Avalon A1466',
    wireModel: '1466-150',
    nameplateThs: 150,
    nameplateW: 3230,
    nameplateSource: 'Canaan, A1466 data sheet: 150 TH/s, 3,230 W',
    count: 160,
    boards: 3,
    chipsPerBoard: 160,
    cooling: 'air',
    generation: 'new',
  },
  {
    siteId: 'raquette-falls',
    prefix: 'RF',
    block: 'A',
    family: 'antminer',
    model: 'Antminer S21 XP Hyd',
    wireModel: 'Antminer S21 XP Hyd.',
    nameplateThs: 473,
    nameplateW: 5676,
    nameplateSource: 'Bitmain, S21 XP Hyd data sheet: 473 TH/s, 12 J/TH',
    count: 320,
    boards: 3,
    chipsPerBoard: 204,
    cooling: 'water',
    generation: 'new',
  },
  {
    siteId: 'raquette-falls',
    prefix: 'RF',
    block: 'B',
    family: 'whatsminer',
    model: 'Whatsminer M63S',
    wireModel: 'M63S_VK30',
    nameplateThs: 390,
    nameplateW: 7215,
    nameplateSource: 'MicroBT, M63S data sheet: 390 TH/s, 18.5 J/TH',
    count: 320,
    boards: 4,
    chipsPerBoard: 184,
    cooling: 'water',
    generation: 'new',
  },
  {
    siteId: 'little-muddy',
    prefix: 'LM',
    block: 'A',
    family: 'avalon',
    model: 'Avalon A1246',
    wireModel: '1246-90',
    nameplateThs: 90,
    nameplateW: 3420,
    nameplateSource: 'Canaan, A1246 data sheet: 90 TH/s, 38 J/TH',
    count: 240,
    boards: 3,
    chipsPerBoard: 120,
    cooling: 'air',
    generation: 'old',
  },
]

export const DEMO_MACHINES = demoGroups.reduce((sum, g) => sum + g.count, 0)
const POSITIONS_PER_RACK = 20

export type PlannedMachine = {
  /** "TB-A03-018": site, rack, position. Asset id and name alike. */
  readonly id: string
  readonly group: MachineGroup
  readonly rack: string
  readonly position: number
}

/**
 * The machines of a farm of `count`, groups in proportion (largest remainder, at least one each while there are enough).
 * A machine keeps its id when the farm grows, and its behaviour hangs on its id alone.
 */
export const planMachines = (count: number = DEMO_MACHINES, families: readonly DeviceFamily[] | null = null): PlannedMachine[] => {
  const groups = families ? demoGroups.filter((g) => families.includes(g.family)) : demoGroups
  const whole = groups.reduce((sum, g) => sum + g.count, 0)
  const wanted = Math.max(0, Math.floor(count))
  const shares = groups.map((group) => ({ group, exact: (wanted * group.count) / whole }))
  const sizes = shares.map((s) => Math.floor(s.exact))
  const byRemainder = shares.map((s, i) => ({ i, rest: s.exact - Math.floor(s.exact) })).sort((a, b) => b.rest - a.rest || a.i - b.i)
  const short = wanted - sizes.reduce((a, b) => a + b, 0)
  for (const { i } of byRemainder.slice(0, short)) sizes[i] = (sizes[i] ?? 0) + 1
  // Small farms still hold every kind of device where the count allows it.
  for (const [i, size] of sizes.entries()) {
    const largest = sizes.indexOf(Math.max(...sizes))
    if (size === 0 && (sizes[largest] ?? 0) > 1) {
      sizes[i] = 1
      sizes[largest] = (sizes[largest] ?? 0) - 1
    }
  }
  return shares.flatMap(({ group }, i) =>
    Array.from({ length: sizes[i] ?? 0 }, (_, n) => {
      const rack = `${group.block}${String(Math.floor(n / POSITIONS_PER_RACK) + 1).padStart(2, '0')}`
      const position = (n % POSITIONS_PER_RACK) + 1
      return { id: `${group.prefix}-${rack}-${String(position).padStart(3, '0')}`, group, rack, position }
    }),
  )
}

const protectedKey = chanceKey(0, 'protected')
/** By the machine's name, not by the seed: a decision of the owner, the same in every demo. */
const isProtected = (id: string): boolean => uniform(chanceKey(protectedKey, id), 0) < machineParameters.protectedShare

export const meterId = (siteId: string): string => `${siteId}-main`
export const METER_UNIT_ID = 1

/** Zone of a site's clock, for the daily curves of heat. */
export const zoneOf = (siteId: string): UsZone => (siteId === 'raquette-falls' ? EASTERN : CENTRAL)

export const demoFarm: {
  readonly sites: readonly Site[]
  readonly machines: (places: PlacedFarm) => readonly Machine[]
  readonly meters: (places: PlacedFarm) => readonly MeterConfig[]
} = {
  sites: demoSites,
  machines: (places) =>
    planMachines(places.machineCount, places.families).flatMap(({ id, group, rack, position }) => {
      const place = places.machines[id]
      if (!place) return []
      return [
        {
          id,
          siteId: group.siteId,
          name: id,
          rack,
          position,
          address: place.host,
          apiPort: place.apiPort,
          webPort: place.webPort,
          family: group.family,
          model: group.model,
          nameplateThs: group.nameplateThs,
          nameplateW: group.nameplateW,
          curtailment: isProtected(id) ? ('protected' as const) : ('inherit' as const),
        },
      ]
    }),
  meters: (places) =>
    demoSites.flatMap((site) => {
      const place = places.meters[meterId(site.id)]
      return place
        ? [
            {
              id: meterId(site.id),
              siteId: site.id,
              type: 'schneider-pm5xxx',
              host: place.host,
              port: place.port,
              unitId: METER_UNIT_ID,
            },
          ]
        : []
    }),
}
