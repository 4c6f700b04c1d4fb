import type { FleetRow } from '#shared/contract.ts'
import { groupBreakEven } from '#shared/economics/breakeven/break-even.ts'
import { hashprice } from '#shared/economics/revenue/hashprice.ts'
import type { MachineNow } from '#shared/economics/site/site-report.ts'
import type { MachineState } from '#shared/fleet/machine.ts'
import type { Site } from '#shared/fleet/site.ts'
import { freshnessOf, type TracedInput } from '#shared/market/traced.ts'
import { HOUR_MS, MINUTE_MS } from '#shared/time.ts'

/**
 * An invented farm for looking at the window without an engine: three sites, about four hundred machines, a day of prices.
 * Everything is a pure function of the moment, so that two runs show the same.
 */
const enteredMs = Date.UTC(2026, 9, 1, 12)
export const sites: readonly Site[] = [
  {
    id: 'toyah-basin',
    name: 'Toyah Basin',
    place: 'Reeves County, Texas',
    timeZone: 'America/Chicago',
    interconnectMw: 12,
    settlement: { label: 'ERCOT LZ_WEST', realTimeFeed: 'ercot.real-time', dayAheadFeed: 'ercot.day-ahead', location: 'LZ_WEST' },
    contract: { type: 'index', avoidableAdderPerMwh: 5 },
    contractOrigin: { source: 'Invented index contract', observedAtMs: enteredMs },
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
    profileOrigin: { source: 'Invented survey', observedAtMs: enteredMs },
  },
  {
    id: 'raquette-falls',
    name: 'Raquette Falls',
    place: 'St. Lawrence County, New York',
    timeZone: 'America/New_York',
    interconnectMw: 16,
    settlement: { label: 'NYISO NORTH', realTimeFeed: 'nyiso.real-time', dayAheadFeed: 'nyiso.day-ahead', location: 'NORTH' },
    contract: { type: 'ppa', strikePerMwh: 34, contractMw: 4.4, resaleAllowed: true, resaleSpreadPerMwh: 1.5, avoidableAdderPerMwh: 0 },
    contractOrigin: { source: 'Invented hydro contract', observedAtMs: enteredMs },
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
    profileOrigin: { source: 'Invented survey', observedAtMs: enteredMs },
  },
  {
    id: 'little-muddy',
    name: 'Little Muddy',
    place: 'Williams County, North Dakota',
    timeZone: 'America/Chicago',
    interconnectMw: 0.9,
    settlement: null,
    contract: { type: 'fixed', tariffPerMwh: 18, avoidableAdderPerMwh: 0 },
    contractOrigin: { source: 'Invented fuel and upkeep', observedAtMs: enteredMs },
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
    profileOrigin: { source: 'Invented survey', observedAtMs: enteredMs },
  },
]

type Group = { site: string; prefix: string; rack: string; model: string; family: string; ths: number; w: number; count: number }
const groups: readonly Group[] = [
  { site: 'toyah-basin', prefix: 'TB', rack: 'A', model: 'Antminer S19j Pro', family: 'antminer', ths: 100, w: 2950, count: 240 },
  { site: 'toyah-basin', prefix: 'TB', rack: 'B', model: 'Antminer S21', family: 'antminer', ths: 200, w: 3500, count: 320 },
  { site: 'toyah-basin', prefix: 'TB', rack: 'C', model: 'Whatsminer M50S', family: 'whatsminer', ths: 126, w: 3276, count: 240 },
  { site: 'toyah-basin', prefix: 'TB', rack: 'D', model: 'Avalon A1466', family: 'avalon', ths: 150, w: 3230, count: 160 },
  { site: 'raquette-falls', prefix: 'RF', rack: 'A', model: 'Antminer S21 XP Hyd', family: 'antminer', ths: 473, w: 5676, count: 320 },
  { site: 'raquette-falls', prefix: 'RF', rack: 'B', model: 'Whatsminer M63S', family: 'whatsminer', ths: 390, w: 7215, count: 320 },
  { site: 'little-muddy', prefix: 'LM', rack: 'A', model: 'Avalon A1246', family: 'avalon', ths: 90, w: 3420, count: 240 },
]

/** 0..1, the same for the same text: no state, no seed to carry. */
export const chance = (key: string): number => {
  let h = 2166136261
  for (let i = 0; i < key.length; i++) h = Math.imul(h ^ key.charCodeAt(i), 16777619)
  h = Math.imul(h ^ (h >>> 15), 2246822507)
  h = Math.imul(h ^ (h >>> 13), 3266489909)
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296
}

export type FakeMachine = MachineNow & { siteId: string; name: string; address: string; family: string; tempC: number | null }
export const machines = (nowMs: number): FakeMachine[] =>
  groups.flatMap((g, gi) =>
    Array.from({ length: g.count }, (_, n) => {
      const id = `${g.prefix}-${g.rack}${String(Math.floor(n / 40) + 1).padStart(2, '0')}-${String((n % 40) + 1).padStart(3, '0')}`
      const u = chance(id)
      // One switch fell silent in rack A03 of Toyah Basin; elsewhere a few of each kind.
      const silent = id.startsWith('TB-A03') && n % 40 < 14
      const state: MachineState = silent
        ? 'stale'
        : u < 0.012
          ? 'degraded'
          : u < 0.02
            ? 'off'
            : u < 0.026
              ? 'unknown'
              : u < 0.03
                ? 'overheated'
                : u < 0.04
                  ? 'sleeping'
                  : 'hashing'
      const runs = state === 'hashing' || state === 'degraded' || state === 'stale'
      const share = state === 'degraded' ? 0.62 : 0.97 + chance(`${id} h`) * 0.05
      const heat = 0.98 + chance(`${id} w`) * 0.05
      const heard = state !== 'unknown'
      return {
        id,
        siteId: g.site,
        name: id,
        address: `10.${20 + gi}.${Math.floor(n / 200)}.${(n % 200) + 10}`,
        family: g.family,
        model: g.model,
        curtailment: chance(`${id} c`) < 0.03 ? 'protected' : 'inherit',
        state,
        hashrateThs: heard ? (runs ? g.ths * share : 0) : null,
        powerW: heard ? (runs ? g.w * heat * (state === 'degraded' ? 0.66 : 1) : state === 'sleeping' ? 60 : 18) : null,
        powerSource: heard ? (g.family === 'antminer' && g.w < 3000 ? 'estimated' : 'reported') : null,
        nameplateThs: g.ths,
        nameplateW: g.w,
        observedAtMs: heard ? nowMs - (silent ? 14 * MINUTE_MS : 4_000 + Math.floor(chance(`${id} a`) * 24_000)) : null,
        reason: silent
          ? 'No answer within 5 s'
          : state === 'unknown'
            ? 'Connection refused'
            : state === 'degraded'
              ? '1 of 3 boards silent'
              : state === 'overheated'
                ? 'Stopped at 91 °C'
                : null,
        tempC: heard ? (runs ? 58 + chance(`${id} t`) * 18 : state === 'overheated' ? 91 : 24) : null,
      } satisfies FakeMachine
    }),
  )

/** Hour of the day in UTC to a price shape: night trough, morning, midday sun, evening peak (Texas and New York share it here). */
const texas = [41, 33, 27, 14, 6, -3.2, -4.1, 1.5, 12, 22, 41, 55, 49, 38, 28, 21, 17, 16, 19, 26, 38, 54, 96, 142]
const north = [33, 31, 29, 26, 23, 21, 20.5, 21, 23, 26, 31, 34, 32, 29, 26, 24, 23, 22.5, 23, 25, 28, 33, 44, 41]
const shape = (site: string) => (site === 'toyah-basin' ? texas : north)
const atHour = (site: string, ms: number): number => shape(site)[Math.floor(ms / HOUR_MS) % 24] ?? 0
const quarter = 15 * MINUTE_MS
export const settledPrices = (site: string, fromMs: number, toMs: number) => {
  const start = Math.floor(fromMs / quarter) * quarter
  return Array.from({ length: Math.max(0, Math.floor((toMs - start) / quarter)) }, (_, i) => {
    const startMs = start + i * quarter
    const part = (startMs % HOUR_MS) / HOUR_MS
    const level = atHour(site, startMs) * (1 - part) + atHour(site, startMs + HOUR_MS) * part
    return {
      startMs,
      endMs: startMs + quarter,
      price: Math.round((level + (chance(`${site} ${startMs}`) - 0.5) * 3) * 100) / 100,
      quality: 'live',
    }
  })
}
export const forwardPrices = (site: string, fromMs: number, hours: number) => {
  const start = Math.floor(fromMs / HOUR_MS) * HOUR_MS
  return Array.from({ length: hours }, (_, i) => {
    const startMs = start + i * HOUR_MS
    return { startMs, endMs: startMs + HOUR_MS, price: Math.round(atHour(site, startMs) * 96) / 100 + 1.5, quality: 'live' }
  })
}

export type Ages = { readonly btcMs: number; readonly priceMs: number; readonly northMs: number }
const input = (
  nowMs: number,
  i: Omit<TracedInput, 'freshness' | 'problem' | 'quality'> & { quality?: TracedInput['quality']; problem?: string },
): TracedInput => ({ quality: 'measured', problem: null, ...i, freshness: freshnessOf(i.observedAtMs, i.limits, nowMs) })
const minutes = (staleAfter: number, deadAfter: number) => ({ staleAfterMs: staleAfter * MINUTE_MS, deadAfterMs: deadAfter * MINUTE_MS })

export const BTC_USD = 91_240
export const DIFFICULTY = 142.6e12
export const market = (nowMs: number, ages: Ages) => ({
  btcPrice: input(nowMs, {
    id: 'btc_price',
    label: 'BTC price',
    value: BTC_USD,
    unit: '$',
    source: 'Coinbase, Kraken, Bitstamp, median of 3',
    observedAtMs: nowMs - ages.btcMs,
    limits: minutes(3, 15),
  }),
  difficulty: input(nowMs, {
    id: 'difficulty',
    label: 'Difficulty',
    value: DIFFICULTY,
    unit: '',
    source: 'mempool.space',
    observedAtMs: nowMs - 4 * MINUTE_MS,
    limits: minutes(30, 1440),
  }),
  feesPerBlock: input(nowMs, {
    id: 'fees',
    label: 'Fees per block',
    value: 0.025,
    unit: 'BTC',
    source: 'mempool.space, last 144 blocks',
    observedAtMs: nowMs - 22 * MINUTE_MS,
    limits: minutes(120, 1440),
  }),
  height: 925_410,
})
export const powerPrice = (site: Site, nowMs: number, ages: Ages): TracedInput | null => {
  if (site.settlement === null) return null
  const ageMs = site.id === 'raquette-falls' ? ages.northMs : ages.priceMs
  const settled = settledPrices(site.id, nowMs - ageMs - HOUR_MS, nowMs - ageMs)
  return input(nowMs, {
    id: 'power_price',
    label: `${site.settlement.label.split(' ')[0]} price`,
    value: settled.at(-1)?.price ?? null,
    unit: '$/MWh',
    source: `${site.settlement.label}, real time`,
    observedAtMs: nowMs - ageMs,
    limits: minutes(25, 60),
  })
}
export const meterInput = (site: Site, list: readonly FakeMachine[], nowMs: number): TracedInput =>
  input(nowMs, {
    id: 'meter',
    label: 'Revenue meter',
    value: list.reduce((sum, m) => sum + (m.powerW ?? 0), 0) * site.overheadRatio,
    unit: 'W',
    source: 'Schneider PM5560, Modbus TCP',
    observedAtMs: nowMs - 12_000,
    limits: minutes(2, 7),
  })

const isRow = (m: FakeMachine) => m.state === 'hashing' || m.state === 'degraded' || m.state === 'stale'
export const fleetRow = (m: FakeMachine, pricePerMwh: number | null): FleetRow => {
  const site = sites.find((s) => s.id === m.siteId)
  const efficiency = m.hashrateThs && m.powerW ? m.powerW / m.hashrateThs : null
  const coins = hashprice({ difficulty: DIFFICULTY, subsidyBtc: 3.125, feesPerBlockBtc: 0.025, btcPriceUsd: BTC_USD })
  const figures =
    site && efficiency && isRow(m) && coins.ok
      ? groupBreakEven({
          efficiencyJTH: efficiency,
          overheadRatio: site.overheadRatio,
          powerPricePerMWh: pricePerMwh ?? 0,
          otherVariablePerMWh: site.contract.avoidableAdderPerMwh,
          poolFee: site.poolFee,
          stale: site.stale,
          btcPerPhDay: coins.value.btcPerPhDay,
          btcPriceUsd: BTC_USD,
        })
      : null
  const breakEven = figures?.ok ? figures.value.breakEvenPowerPerMWh : null
  return {
    id: m.id,
    name: m.name,
    siteId: m.siteId,
    siteName: site?.name ?? m.siteId,
    address: m.address,
    family: m.family,
    model: m.model,
    state: m.state,
    reason: m.reason,
    hashrateThs: m.hashrateThs,
    powerW: m.powerW,
    powerSource: m.powerSource,
    efficiencyJth: isRow(m) ? efficiency : null,
    tempC: m.tempC,
    breakEvenPerMwh: breakEven,
    marginPerMwh: breakEven === null || pricePerMwh === null ? null : breakEven - pricePerMwh,
    curtailment: m.curtailment,
    observedAtMs: m.observedAtMs,
  }
}
