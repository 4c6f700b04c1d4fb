import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#shared/time.ts'
import type { Drift } from './chance.ts'

/**
 * Every number the simulated world is made of, in one place. All are ours: levels are of the order seen in public
 * figures of 2025 and 2026, no series was copied. Shares are fractions of 1, money is USD, power prices USD/MWh.
 */

// ── Machines ────────────────────────────────────────────────────────────────────────────────────────────────────────

export const machineParameters = {
  /** Spread of machines of one model around the data sheet (sheets state +-3 % hashrate, +-5 % power). */
  hashrateBiasSd: 0.012,
  powerBiasSd: 0.015,
  /** Slow wander of the tuning, and the scatter of a 5 s figure. */
  tuning: { overMs: 3 * HOUR_MS, sd: 0.008 } satisfies Drift,
  flicker: { overMs: 20 * SECOND_MS, sd: 0.009 } satisfies Drift,
  powerFlicker: { overMs: 45 * SECOND_MS, sd: 0.004 } satisfies Drift,
  /** A board that failed: hashrate and power that stay. */
  degraded: { share: 0.012, windowMs: 2 * DAY_MS, powerOfLostBoard: 0.12 },
  /** Put to sleep by a person or a script: control board and fans only. */
  sleeping: { share: 0.01, windowMs: 8 * HOUR_MS, powerShare: 0.015 },
  /** Too hot: hashing stopped, fans full. Multiplied by up to 3 on a hot afternoon, down to 0.3 in the cold. */
  overheated: { share: 0.006, windowMs: 50 * MINUTE_MS, powerShare: 0.03, mildC: 24, perC: 0.08, least: 0.3, most: 3 },
  /** A control board or mining process that is down draws this share of the name plate. */
  downPowerShare: 0.01,
  /** Days between restarts, each machine its own. */
  restartDays: { least: 4, most: 16 },
  /** Seconds a share takes in the mean, and the part the pool refuses. */
  secondsPerShare: 14,
  rejectedShare: 0.003,
  /** Chip above intake air (or water) at full load, K; and its spread between machines. */
  airRiseC: 46,
  waterRiseC: 24,
  riseSdC: 2.2,
  /** Some machines are left out of curtailment by their owner (customer's machines, heating). */
  protectedShare: 0.015,
} as const

/**
 * What goes wrong on the wire, as shares of all machines at a time. Faults come in spells of 5 to 15 minutes.
 * - silent: accepts the connection, never answers       - refusing: resets each connection
 * - garbage: answers something that is no answer         - drip: the right answer, one byte a second
 * - early: closes in the middle of the answer            - booting: proxy up, mining process not ("Socket connect failed")
 */
export const FAULT_KINDS = ['silent', 'refusing', 'garbage', 'drip', 'early', 'booting'] as const
export type FaultKind = (typeof FAULT_KINDS)[number]
export type FaultRates = Readonly<Record<FaultKind, number>>
export const noFaults: FaultRates = { silent: 0, refusing: 0, garbage: 0, drip: 0, early: 0, booting: 0 }
export const demoFaults: FaultRates = { silent: 0.004, refusing: 0.004, garbage: 0.002, drip: 0.001, early: 0.002, booting: 0.002 }
export const FAULT_WINDOW_MS = 20 * MINUTE_MS
export const DRIP_MS = SECOND_MS

// ── Sites ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Air temperature: yearly mean and swing, daily swing, weather. Warmest in mid July, daily maximum at 16:00 local. */
export type Climate = {
  readonly meanC: number
  readonly seasonC: number
  readonly dayC: number
  readonly weather: Drift
}
/** What the meter sees beside the machines: cooling, transformers, lights, as a ratio that breathes with the heat of the day. */
export type SiteOverhead = { readonly ratio: number; readonly perC: number; readonly least: number; readonly most: number }
export type SiteMeter = { readonly voltageLl: number; readonly powerFactor: number; readonly noise: Drift }
export const siteParameters: Readonly<Record<string, { climate: Climate; overhead: SiteOverhead; meter: SiteMeter }>> = {
  'toyah-basin': {
    climate: { meanC: 18.5, seasonC: 10, dayC: 7.5, weather: { overMs: 2.5 * DAY_MS, sd: 3 } },
    overhead: { ratio: 1.05, perC: 0.0006, least: 1.04, most: 1.06 },
    meter: { voltageLl: 12_470, powerFactor: 0.985, noise: { overMs: 5 * SECOND_MS, sd: 0.0015 } },
  },
  'raquette-falls': {
    climate: { meanC: 7, seasonC: 14, dayC: 4.5, weather: { overMs: 3 * DAY_MS, sd: 4 } },
    overhead: { ratio: 1.046, perC: 0.0004, least: 1.04, most: 1.06 },
    meter: { voltageLl: 13_200, powerFactor: 0.99, noise: { overMs: 5 * SECOND_MS, sd: 0.0012 } },
  },
  'little-muddy': {
    climate: { meanC: 5.5, seasonC: 16, dayC: 6, weather: { overMs: 2 * DAY_MS, sd: 4.5 } },
    overhead: { ratio: 1.05, perC: 0.0005, least: 1.04, most: 1.06 },
    meter: { voltageLl: 480, powerFactor: 0.97, noise: { overMs: 5 * SECOND_MS, sd: 0.002 } },
  },
}

// ── Bitcoin ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export const bitcoinParameters = {
  /** Logarithm of the price: a level and five drifts; about 3 % standard deviation in all, 1 % within a day. */
  levelUsd: 71_000,
  drifts: [
    { overMs: 50 * DAY_MS, sd: 0.02 },
    { overMs: 11 * DAY_MS, sd: 0.015 },
    { overMs: 2 * DAY_MS, sd: 0.011 },
    { overMs: 5 * HOUR_MS, sd: 0.006 },
    { overMs: 25 * MINUTE_MS, sd: 0.0015 },
  ] satisfies Drift[],
  /** Exchanges around the middle, as shares: a few basis points. */
  exchangeNoise: { overMs: 40 * SECOND_MS, sd: 0.0002 } satisfies Drift,
  exchangeBias: { coinbase: 0.0001, kraken: -0.0002, bitstamp: 0 },

  /** Difficulty of epochs: level and drift over epochs (2.2 % standard deviation, most steps within +-3 %). */
  difficulty: 133.79e12,
  difficultyDriftEpochs: 5,
  difficultyDriftSd: 0.022,
  difficultyStepSd: 0.008,
  /** Where the count of epochs is pinned: epoch 481 starts at block 969,696, here on 3 October 2026. */
  anchorEpoch: 481,
  anchorMs: Date.UTC(2026, 9, 3, 6, 40),

  /** Blocks: scatter in slots of one block, and luck: shares of an epoch by which finding runs ahead, and how often that turns. */
  blockJitter: 0.35,
  luck: 0.0025,
  luckPerEpoch: 14,

  /** Fees of a block, BTC: lognormal around the level, by day and by block. */
  feesBtc: 0.025,
  feesDrift: { overMs: 1.5 * DAY_MS, sd: 0.3 } satisfies Drift,
  feesBlockSd: 0.45,
} as const

// ── Power markets ───────────────────────────────────────────────────────────────────────────────────────────────────

export type PowerMarketParameters = {
  /** Day-ahead price by local hour 0 to 23 on a middling day, USD/MWh. */
  readonly winter: readonly number[]
  readonly summer: readonly number[]
  /** Logarithm of a day's level. */
  readonly dayLevel: Drift
  /** Too much sun and wind: USD/MWh taken off at full strength by hour of sun, by hour of night; more in real time. */
  readonly glut: Drift & { readonly sunUsd: number; readonly nightUsd: number; readonly realTimeFactor: number }
  /** Real time around day-ahead: hourly and quarterly drift in USD, and a share of the price. */
  readonly hourly: Drift
  readonly fast: Drift
  readonly proportional: Drift
  /** Ramps on most evenings, scarcity on few: chance a day, height, length in minutes. Scarcity heights are Pareto. */
  readonly ramp: {
    readonly chance: number
    readonly leastUsd: number
    readonly mostUsd: number
    readonly minutes: readonly [number, number]
  }
  readonly scarcity: {
    readonly chance: number
    readonly leastUsd: number
    readonly alpha: number
    readonly minutes: readonly [number, number]
  }
  /** Local hours between which ramps and scarcity begin, in winter and in summer. */
  readonly eveningWinter: readonly [number, number]
  readonly eveningSummer: readonly [number, number]
  readonly floorUsd: number
  readonly capUsd: number
  /** Points: multiple of the main point and own noise in USD/MWh. */
  readonly points: Readonly<
    Record<string, { readonly multiple: number; readonly noiseSd: number; readonly type: string; readonly id: number }>
  >
}

/** ERCOT, main point LZ_WEST: solar noon near or below zero, a peak every evening, rare scarcity up to the cap of 5,000. */
export const ercotParameters: PowerMarketParameters = {
  winter: [34, 33, 32, 32, 34, 38, 46, 52, 38, 26, 20, 18, 17, 17, 18, 23, 36, 60, 66, 58, 49, 44, 40, 36],
  summer: [31, 29, 27, 26, 26, 27, 29, 27, 22, 21, 21, 22, 24, 27, 31, 36, 44, 54, 68, 88, 84, 60, 45, 37],
  dayLevel: { overMs: 4 * DAY_MS, sd: 0.22 },
  glut: { overMs: 1.4 * DAY_MS, sd: 1, sunUsd: 15, nightUsd: 11, realTimeFactor: 1.45 },
  hourly: { overMs: 2 * HOUR_MS, sd: 3.5 },
  fast: { overMs: 20 * MINUTE_MS, sd: 2.2 },
  proportional: { overMs: 70 * MINUTE_MS, sd: 0.09 },
  ramp: { chance: 0.45, leastUsd: 15, mostUsd: 90, minutes: [15, 60] },
  scarcity: { chance: 0.09, leastUsd: 160, alpha: 1.1, minutes: [15, 120] },
  eveningWinter: [16.75, 19.5],
  eveningSummer: [18.5, 20.75],
  floorUsd: -38,
  capUsd: 5000,
  points: {
    HB_BUSAVG: { multiple: 0.93, noiseSd: 1.5, type: 'SH', id: 0 },
    HB_HOUSTON: { multiple: 0.88, noiseSd: 2, type: 'HU', id: 0 },
    HB_HUBAVG: { multiple: 0.93, noiseSd: 1.5, type: 'AH', id: 0 },
    HB_NORTH: { multiple: 0.9, noiseSd: 1.5, type: 'HU', id: 0 },
    HB_PAN: { multiple: 0.8, noiseSd: 4, type: 'HU', id: 0 },
    HB_SOUTH: { multiple: 0.87, noiseSd: 2.5, type: 'HU', id: 0 },
    HB_WEST: { multiple: 0.97, noiseSd: 1, type: 'HU', id: 0 },
    LZ_AEN: { multiple: 0.91, noiseSd: 1.5, type: 'LZ', id: 0 },
    LZ_CPS: { multiple: 0.9, noiseSd: 2, type: 'LZ', id: 0 },
    LZ_HOUSTON: { multiple: 0.89, noiseSd: 2, type: 'LZ', id: 0 },
    LZ_LCRA: { multiple: 0.9, noiseSd: 1.5, type: 'LZ', id: 0 },
    LZ_NORTH: { multiple: 0.92, noiseSd: 1.5, type: 'LZ', id: 0 },
    LZ_RAYBN: { multiple: 0.91, noiseSd: 1.5, type: 'LZ', id: 0 },
    LZ_SOUTH: { multiple: 0.9, noiseSd: 3, type: 'LZ', id: 0 },
    LZ_WEST: { multiple: 1, noiseSd: 0, type: 'LZ', id: 0 },
  },
}

/** NYISO, main point NORTH: hydro and wind behind a constraint, often cheap, below zero on windy nights. */
export const nyisoParameters: PowerMarketParameters = {
  winter: [30, 28, 27, 26, 27, 31, 39, 45, 42, 38, 35, 33, 32, 31, 32, 36, 46, 58, 55, 48, 42, 38, 35, 32],
  summer: [20, 18, 17, 16, 16, 18, 21, 24, 26, 28, 30, 32, 34, 36, 38, 41, 45, 47, 43, 37, 32, 28, 25, 22],
  dayLevel: { overMs: 4 * DAY_MS, sd: 0.2 },
  glut: { overMs: 1.2 * DAY_MS, sd: 1, sunUsd: 7, nightUsd: 15, realTimeFactor: 1.5 },
  hourly: { overMs: 2 * HOUR_MS, sd: 3.5 },
  fast: { overMs: 8 * MINUTE_MS, sd: 2.5 },
  proportional: { overMs: 50 * MINUTE_MS, sd: 0.1 },
  ramp: { chance: 0.3, leastUsd: 15, mostUsd: 80, minutes: [10, 40] },
  scarcity: { chance: 0.05, leastUsd: 120, alpha: 1.6, minutes: [10, 60] },
  eveningWinter: [16.5, 19],
  eveningSummer: [15.5, 18.5],
  floorUsd: -120,
  capUsd: 2000,
  points: {
    CAPITL: { multiple: 1.24, noiseSd: 1.5, type: 'zone', id: 61757 },
    CENTRL: { multiple: 1.08, noiseSd: 1, type: 'zone', id: 61754 },
    DUNWOD: { multiple: 1.27, noiseSd: 1.5, type: 'zone', id: 61760 },
    GENESE: { multiple: 1.05, noiseSd: 1, type: 'zone', id: 61753 },
    'H Q': { multiple: 0.98, noiseSd: 0.5, type: 'external', id: 61844 },
    'HUD VL': { multiple: 1.25, noiseSd: 1.5, type: 'zone', id: 61758 },
    LONGIL: { multiple: 1.38, noiseSd: 3, type: 'zone', id: 61762 },
    'MHK VL': { multiple: 1.1, noiseSd: 1, type: 'zone', id: 61756 },
    MILLWD: { multiple: 1.26, noiseSd: 1.5, type: 'zone', id: 61759 },
    'N.Y.C.': { multiple: 1.29, noiseSd: 2, type: 'zone', id: 61761 },
    NORTH: { multiple: 1, noiseSd: 0, type: 'zone', id: 61755 },
    NPX: { multiple: 1.24, noiseSd: 2, type: 'external', id: 61845 },
    'O H': { multiple: 1.02, noiseSd: 1, type: 'external', id: 61846 },
    PJM: { multiple: 1.12, noiseSd: 1, type: 'external', id: 61847 },
    WEST: { multiple: 1.04, noiseSd: 1.5, type: 'zone', id: 61752 },
  },
}

/** When the sources publish: real time this long after the interval, day-ahead at this local hour of the day before. */
export const publication = {
  ercotRealTimeMs: { least: 112 * SECOND_MS, most: 135 * SECOND_MS },
  nyisoRealTimeMs: { least: 90 * SECOND_MS, most: 120 * SECOND_MS },
  ercotDayAheadHour: 13,
  nyisoDayAheadHour: 11,
  /** How far back the lists and files of the sources reach. */
  realTimeListDays: 8,
  dayAheadListDays: 62,
  historyDays: 400,
} as const
