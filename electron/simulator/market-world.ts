import { DAY_MS, HOUR_MS, MINUTE_MS } from '#shared/time.ts'
import { SATS_PER_BTC } from '#shared/units.ts'
import { between, chanceKey, type Drift, drift, gaussian, smoothNoise, uniform } from './chance.ts'
import { bitcoinParameters, ercotParameters, nyisoParameters, type PowerMarketParameters, publication } from './parameters.ts'
import { CENTRAL, dayStartMs, EASTERN, localDay, localTime, type UsZone } from './us-clock.ts'

/**
 * The demo's markets: BTC, the network, two power markets. Every value is a pure function of (seed, interval or height),
 * worked out without stepping from a start; parameters in `parameters.ts`.
 */

// ── Bitcoin ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export type Exchange = keyof typeof bitcoinParameters.exchangeBias

export type Epoch = {
  readonly number: number
  readonly startMs: number
  readonly endMs: number
  readonly startHeight: number
  readonly difficulty: number
  /** This epoch's difficulty over the one before. */
  readonly change: number
}

const BLOCKS = 2016
const TARGET_EPOCH_MS = BLOCKS * 600_000
/** 50 BTC halved every 210,000 blocks, in satoshi. */
export const subsidySats = (height: number): number => Math.floor(5_000_000_000 / 2 ** Math.floor(height / 210_000))

export type BitcoinWorld = {
  /** Middle of the exchanges, USD. */
  middle(ms: number): number
  exchange(name: Exchange, ms: number): number
  epochAt(ms: number): Epoch
  epoch(number: number): Epoch
  /** Last block found at this moment and when it was found. */
  tip(ms: number): { readonly height: number; readonly foundMs: number }
  blockMs(height: number): number
  feeSats(height: number): number
}

const bitcoinWorld = (seed: number): BitcoinWorld => {
  const p = bitcoinParameters
  const key = (name: string) => chanceKey(seed, 'bitcoin', name)
  const drifts = p.drifts.map((d, i) => ({ d, key: key(`price ${i}`) }))
  const middle = (ms: number) => p.levelUsd * Math.exp(drifts.reduce((sum, x) => sum + drift(x.key, x.d, ms), 0))

  const slow = key('difficulty')
  const step = key('difficulty step')
  const difficulty = (n: number): number =>
    p.difficulty * Math.exp(p.difficultyDriftSd * smoothNoise(slow, n / p.difficultyDriftEpochs) + p.difficultyStepSd * gaussian(step, n))
  // The rule of the protocol turned round: an epoch lasted as long as its retarget says it did.
  const span = (n: number): number => (TARGET_EPOCH_MS * difficulty(n)) / difficulty(n + 1)
  /** Starts of epochs by their distance from the anchor; each costs one sum once. */
  const starts = new Map<number, number>([[p.anchorEpoch, p.anchorMs]])
  const startOf = (n: number): number => {
    let at = p.anchorEpoch
    let ms = p.anchorMs
    while (at < n) {
      ms = starts.get(at + 1) ?? ms + span(at)
      at += 1
      starts.set(at, ms)
    }
    while (at > n) {
      ms = starts.get(at - 1) ?? ms - span(at - 1)
      at -= 1
      starts.set(at, ms)
    }
    return ms
  }
  const epoch = (n: number): Epoch => {
    const startMs = startOf(n)
    return {
      number: n,
      startMs,
      endMs: startMs + span(n),
      startHeight: n * BLOCKS,
      difficulty: difficulty(n),
      change: difficulty(n) / difficulty(n - 1),
    }
  }
  const epochAt = (ms: number): Epoch => {
    let n = p.anchorEpoch + Math.floor((ms - p.anchorMs) / TARGET_EPOCH_MS)
    while (startOf(n) > ms) n -= 1
    while (startOf(n + 1) <= ms) n += 1
    return epoch(n)
  }

  const blocks = key('blocks')
  const luck = key('luck')
  const blockMs = (height: number): number => {
    const n = Math.floor(height / BLOCKS)
    const e = epoch(n)
    const i = height - e.startHeight
    // The first block opens the epoch; the others fall in their slot, never out of order, and the whole runs ahead or behind by luck of some days.
    const jitter = i === 0 ? 0 : between(blocks, height, -p.blockJitter, p.blockJitter)
    const x = (i + jitter) / BLOCKS
    const ahead = p.luck * 4 * x * (1 - x) * smoothNoise(luck, n * 1000 + x * p.luckPerEpoch)
    return e.startMs + (x + ahead) * (e.endMs - e.startMs)
  }
  const tip = (ms: number) => {
    const e = epochAt(ms)
    const even = Math.ceil(((ms - e.startMs) * BLOCKS) / (e.endMs - e.startMs))
    // Luck moves a block by 5 standard deviations at most; from there down to the one that is found.
    let height = e.startHeight + Math.min(BLOCKS - 1, even + Math.ceil(5 * p.luck * BLOCKS))
    while (blockMs(height) > ms) height -= 1
    return { height, foundMs: blockMs(height) }
  }
  const feeDays = key('fees')
  const feeBlocks = key('fee of block')
  const feeSats = (height: number): number => {
    const log = drift(feeDays, p.feesDrift, blockMs(height)) + p.feesBlockSd * gaussian(feeBlocks, height) - p.feesBlockSd ** 2 / 2
    return Math.round(p.feesBtc * SATS_PER_BTC * Math.exp(log))
  }
  const scatter = { coinbase: key('coinbase'), kraken: key('kraken'), bitstamp: key('bitstamp') }
  return {
    middle,
    exchange: (name, ms) => middle(ms) * (1 + p.exchangeBias[name] + drift(scatter[name], p.exchangeNoise, ms)),
    epochAt,
    epoch,
    tip,
    blockMs,
    feeSats,
  }
}

// ── Power ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export type PowerWorld = {
  readonly zone: UsZone
  readonly points: PowerMarketParameters['points']
  /** Length of a real-time interval, ms; they start on its multiples in UTC. */
  readonly realTimeMs: number
  /** Price of the hour that starts then, USD/MWh to the cent. */
  dayAhead(point: string, hourStartMs: number): number
  /** Price of the interval that starts then. */
  realTime(point: string, startMs: number): number
  /** When the source publishes the interval, and the whole local day (count of days since 1970) of day-ahead prices. */
  realTimePublishedMs(startMs: number): number
  dayAheadPublishedMs(day: number): number
}

/** 0 in mid January, 1 in mid July. */
const summerShare = (ms: number): number => {
  const yearMs = 365.2425 * DAY_MS
  const sinceJuly = ms - Date.UTC(2026, 6, 16)
  return (1 + Math.cos((2 * Math.PI * sinceJuly) / yearMs)) / 2
}

/** 0 to 1 between 7:00 and 19:00 local. */
const sun = (hour: number): number => (hour > 7 && hour < 19 ? Math.sin((Math.PI * (hour - 7)) / 12) : 0)
/** 1 at 02:00 local, 0 by 21:30 and 06:30: when wind is strongest against load. */
const night = (hour: number): number => Math.max(0, Math.cos((Math.PI * (((hour + 10) % 24) - 12)) / 9))

const cents = (x: number) => Math.round(x * 100) / 100

const powerWorld = (
  seed: number,
  name: string,
  p: PowerMarketParameters,
  zone: UsZone,
  realTimeMs: number,
  publish: { readonly realTimeMs: { readonly least: number; readonly most: number }; readonly dayAheadHour: number },
): PowerWorld => {
  const key = (purpose: string) => chanceKey(seed, 'power', name, purpose)
  const keys = {
    day: key('day'),
    glut: key('glut'),
    hourly: key('hourly'),
    fast: key('fast'),
    proportional: key('proportional'),
    ramp: key('ramp'),
    scarcity: key('scarcity'),
    publish: key('publish'),
  }
  const pointKeys = new Map(Object.keys(p.points).map((point) => [point, key(point)]))

  const curve = (ms: number, hour: number): number => {
    const s = summerShare(ms)
    return (1 - s) * (p.winter[hour] ?? 0) + s * (p.summer[hour] ?? 0)
  }
  /** Strength of a glut, mostly 0 to 1.5; how much it takes off depends on the hour. */
  const glut = (ms: number, fractionalHour: number): number => {
    const strength = Math.max(0, drift(keys.glut, p.glut, ms))
    return strength * (p.glut.sunUsd * sun(fractionalHour) + p.glut.nightUsd * night(fractionalHour))
  }
  /** The main point's day-ahead price before rounding. */
  const dayAheadMain = (hourStartMs: number): number => {
    const t = localTime(hourStartMs, zone)
    const level = Math.exp(drift(keys.day, p.dayLevel, hourStartMs))
    return curve(hourStartMs, t.hour) * level - glut(hourStartMs, t.hour + 0.5)
  }

  type Event = { readonly startMs: number; readonly endMs: number; readonly usd: number }
  const eveningEvent = (
    day: number,
    eventKey: number,
    chance: number,
    minutes: readonly [number, number],
    height: (u: number) => number,
  ): Event | null => {
    if (uniform(eventKey, 4 * day) >= chance) return null
    const midnight = dayStartMs(day, zone)
    const s = summerShare(midnight)
    const from = (1 - s) * p.eveningWinter[0] + s * p.eveningSummer[0]
    const to = (1 - s) * p.eveningWinter[1] + s * p.eveningSummer[1]
    const startMs = midnight + between(eventKey, 4 * day + 1, from, to) * HOUR_MS
    return {
      startMs,
      endMs: startMs + between(eventKey, 4 * day + 2, ...minutes) * MINUTE_MS,
      usd: height(uniform(eventKey, 4 * day + 3)),
    }
  }
  const events = (day: number): Event[] => {
    const { ramp, scarcity } = p
    return [
      eveningEvent(day, keys.ramp, ramp.chance, ramp.minutes, (u) => ramp.leastUsd + u * (ramp.mostUsd - ramp.leastUsd)),
      eveningEvent(day, keys.scarcity, scarcity.chance, scarcity.minutes, (u) => scarcity.leastUsd * u ** (-1 / scarcity.alpha)),
    ].filter((e) => e !== null)
  }
  /** Events count for the part of the interval they cover: prices are means over their interval. */
  const eventUsd = (startMs: number): number => {
    const endMs = startMs + realTimeMs
    let usd = 0
    for (const e of events(localDay(startMs, zone)))
      usd += (e.usd * Math.max(0, Math.min(endMs, e.endMs) - Math.max(startMs, e.startMs))) / realTimeMs
    return usd
  }

  const realTimeMain = (startMs: number): number => {
    const middle = startMs + realTimeMs / 2
    const hourStart = Math.floor(startMs / HOUR_MS) * HOUR_MS
    const base = dayAheadMain(hourStart)
    const t = localTime(hourStart, zone)
    const more = (p.glut.realTimeFactor - 1) * glut(hourStart, t.hour + 0.5)
    const share = 1 + drift(keys.proportional, p.proportional, middle)
    return base * share - more + drift(keys.hourly, p.hourly, middle) + drift(keys.fast, p.fast, middle) + eventUsd(startMs)
  }

  /** From the main point to another: a multiple of what is positive, and the point's own scatter. */
  const at = (point: string, main: number, ms: number, noise: Drift): number => {
    const own = p.points[point]
    const pointKey = pointKeys.get(point)
    if (!own || pointKey === undefined) throw new Error(`no point ${point} in ${name}`)
    const price = main * (main > 0 ? own.multiple : 1) + own.noiseSd * drift(pointKey, noise, ms)
    return cents(Math.min(p.capUsd, Math.max(p.floorUsd, price)))
  }

  return {
    zone,
    points: p.points,
    realTimeMs,
    dayAhead: (point, hourStartMs) => at(point, dayAheadMain(hourStartMs), hourStartMs, { overMs: 5 * HOUR_MS, sd: 1 }),
    realTime: (point, startMs) => at(point, realTimeMain(startMs), startMs, { overMs: 40 * MINUTE_MS, sd: 1.3 }),
    realTimePublishedMs: (startMs) =>
      startMs +
      realTimeMs +
      Math.round(between(keys.publish, startMs / realTimeMs, publish.realTimeMs.least, publish.realTimeMs.most) / 1000) * 1000,
    dayAheadPublishedMs: (day) => dayStartMs(day - 1, zone) + dayAheadHourMs(day - 1, zone, publish.dayAheadHour),
  }
}

/** Local wall-clock hour as time since midnight; on the days of the clock change that is an hour less or more. */
const dayAheadHourMs = (day: number, zone: UsZone, hour: number): number => {
  const lengthMs = dayStartMs(day + 1, zone) - dayStartMs(day, zone)
  return hour * HOUR_MS + (lengthMs - DAY_MS)
}

export type MarketWorld = { readonly bitcoin: BitcoinWorld; readonly ercot: PowerWorld; readonly nyiso: PowerWorld }

export const marketWorld = (seed: number): MarketWorld => ({
  bitcoin: bitcoinWorld(seed),
  ercot: powerWorld(seed, 'ercot', ercotParameters, CENTRAL, 15 * MINUTE_MS, {
    realTimeMs: publication.ercotRealTimeMs,
    dayAheadHour: publication.ercotDayAheadHour,
  }),
  nyiso: powerWorld(seed, 'nyiso', nyisoParameters, EASTERN, 5 * MINUTE_MS, {
    realTimeMs: publication.nyisoRealTimeMs,
    dayAheadHour: publication.nyisoDayAheadHour,
  }),
})
