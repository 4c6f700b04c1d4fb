import { DAY_MS, HOUR_MS } from '#shared/time.ts'
import { between, type ChanceKey, chanceKey, drift, gaussian, spell, uniform } from './chance.ts'
import { type PlannedMachine, zoneOf } from './demo-farm.ts'
import { FAULT_KINDS, FAULT_WINDOW_MS, type FaultKind, type FaultRates, machineParameters, siteParameters } from './parameters.ts'
import { offsetMs } from './us-clock.ts'

/** What a machine is and does at one moment: a pure function of (seed, machine, time). */
export type Condition = 'hashing' | 'degraded' | 'sleeping' | 'overheated'
export type MachineMoment = {
  readonly condition: Condition
  readonly fault: FaultKind | null
  /** Wall power, W; what the power supply would report and what the site meter sees. */
  readonly powerW: number
  readonly hashrateThs: number
  /** Mean since the last restart: survives sleep, as real averages do. */
  readonly averageThs: number
  readonly boards: readonly { readonly hashrateThs: number; readonly alive: boolean; readonly boardC: number; readonly chipC: number }[]
  readonly intakeC: number
  readonly hottestChipC: number
  /** Share of full speed; empty for water cooled machines. */
  readonly fansRpm: readonly number[]
  readonly fanPercent: number
  readonly uptimeS: number
  readonly accepted: number
  readonly rejected: number
}

/** Keys and constants of one machine, made once. */
export type SimulatedMachine = PlannedMachine & {
  readonly keys: {
    readonly fault: ChanceKey
    readonly sleep: ChanceKey
    readonly heat: ChanceKey
    readonly board: ChanceKey
    readonly tuning: ChanceKey
    readonly flicker: ChanceKey
    readonly power: ChanceKey
    readonly fans: ChanceKey
  }
  readonly fullThs: number
  readonly fullW: number
  readonly riseC: number
  readonly restartMs: number
  readonly restartPhaseMs: number
  /** "02:48:59:1A:2B:3C": locally administered, so that it is nobody's. */
  readonly mac: string
  readonly serial: string
  /** Which of the endings seen in the field its API uses, and other habits; uniform in 0..1. */
  readonly habit: number
}

const hex = (n: number, width: number): string => Math.floor(n).toString(16).toUpperCase().padStart(width, '0')

export const simulateMachine = (seed: number, planned: PlannedMachine): SimulatedMachine => {
  const key = (purpose: string) => chanceKey(seed, purpose, planned.id)
  const own = key('own')
  const p = machineParameters
  const restartMs = between(own, 3, p.restartDays.least, p.restartDays.most) * DAY_MS
  const mac = [2, ...[10, 11, 12, 13, 14].map((i) => uniform(own, i) * 256)].map((b) => hex(b, 2)).join(':')
  return {
    ...planned,
    keys: {
      fault: key('fault'),
      sleep: key('sleep'),
      heat: key('heat'),
      board: key('board'),
      tuning: key('tuning'),
      flicker: key('flicker'),
      power: key('power'),
      fans: key('fans'),
    },
    fullThs: planned.group.nameplateThs * (1 + p.hashrateBiasSd * gaussian(own, 0)),
    fullW: planned.group.nameplateW * (1 + p.powerBiasSd * gaussian(own, 1)),
    riseC: (planned.group.cooling === 'water' ? p.waterRiseC : p.airRiseC) + p.riseSdC * gaussian(own, 2),
    restartMs,
    restartPhaseMs: uniform(own, 4) * restartMs,
    mac,
    serial: `HY${hex(uniform(own, 20) * 2 ** 32, 8)}${hex(uniform(own, 21) * 2 ** 32, 8)}`,
    habit: uniform(own, 22),
  }
}

/** Air at the site: year, day, weather. */
export const airC = (seed: number, siteId: string, ms: number): number => {
  const climate = siteParameters[siteId]?.climate
  if (!climate) throw new Error(`no climate for site ${siteId}`)
  const localHours = (ms + offsetMs(ms, zoneOf(siteId))) / HOUR_MS
  const year = Math.cos((2 * Math.PI * (localHours / 24 - 196)) / 365.25)
  const day = Math.cos((2 * Math.PI * (localHours - 16)) / 24)
  return climate.meanC + climate.seasonC * year + climate.dayC * day + drift(chanceKey(seed, 'weather', siteId), climate.weather, ms)
}

/** One fault at a time, in spells; which of them by the ratio of the rates. */
export const faultAt = (m: SimulatedMachine, rates: FaultRates, ms: number): FaultKind | null => {
  let total = 0
  for (const kind of FAULT_KINDS) total += rates[kind]
  const s = spell(m.keys.fault, Math.min(total, 0.5), FAULT_WINDOW_MS, ms)
  // Half the windows can hold a spell at most; a higher rate asked for on the command line is a fault that never ends.
  const at = s ? s.at : total > 0.5 && uniform(m.keys.fault, 1) < total ? 0 : null
  if (at === null) return null
  let pick = uniform(m.keys.fault, 4 * at + 3) * total
  for (const kind of FAULT_KINDS) {
    pick -= rates[kind]
    if (pick < 0) return kind
  }
  return null
}

const conditionAt = (m: SimulatedMachine, intakeC: number, ms: number): Condition => {
  const p = machineParameters
  if (spell(m.keys.sleep, p.sleeping.share, p.sleeping.windowMs, ms)) return 'sleeping'
  const heat = Math.min(p.overheated.most, Math.max(p.overheated.least, 1 + (intakeC - p.overheated.mildC) * p.overheated.perC))
  if (spell(m.keys.heat, p.overheated.share * heat, p.overheated.windowMs, ms)) return 'overheated'
  return spell(m.keys.board, p.degraded.share, p.degraded.windowMs, ms) ? 'degraded' : 'hashing'
}

export const machineAt = (seed: number, m: SimulatedMachine, rates: FaultRates, ms: number): MachineMoment => {
  const p = machineParameters
  const { group, keys } = m
  const air = airC(seed, m.group.siteId, ms)
  // Water loops are held near 36 C in winter and summer alike.
  const intakeC = group.cooling === 'water' ? 36 + 0.06 * (air - 10) : air
  const condition = conditionAt(m, intakeC, ms)
  const fault = faultAt(m, rates, ms)
  const down = fault === 'booting' || fault === 'refusing'
  const running = condition === 'hashing' || condition === 'degraded'
  const tuning = 1 + drift(keys.tuning, p.tuning, ms)
  const deadBoard = condition === 'degraded' ? Math.floor(uniform(keys.board, -2) * group.boards) : -1
  const living = condition === 'degraded' ? (group.boards - 1) / group.boards : 1

  const averageThs = m.fullThs * living
  const flicker = 1 + drift(keys.flicker, p.flicker, ms)
  const hashrateThs = running && !down ? averageThs * tuning * flicker : 0
  const share = down
    ? p.downPowerShare
    : condition === 'sleeping'
      ? p.sleeping.powerShare
      : condition === 'overheated'
        ? p.overheated.powerShare
        : (living + (1 - living) * p.degraded.powerOfLostBoard) * tuning * (1 + drift(keys.power, p.powerFlicker, ms))
  const powerW = m.fullW * share

  const load = running ? 1 : 0
  // Fans turn with the heat: of a degree more outside, less than half arrives at the chips.
  const heldC = group.cooling === 'water' ? intakeC : 11 + 0.45 * intakeC
  const wobble = 0.8 * drift(keys.power, { overMs: 90_000, sd: 1 }, ms)
  const boards = Array.from({ length: group.boards }, (_, i) => {
    const alive = i !== deadBoard
    const unlike = 1.6 * gaussian(keys.board, -10 - i)
    const chipC =
      condition === 'overheated' ? 97 + unlike + wobble : (load === 1 ? heldC + m.riseC : intakeC + 4) - (alive ? 0 : 20) + unlike + wobble
    return {
      hashrateThs: alive && hashrateThs > 0 ? (hashrateThs / (group.boards * living)) * (1 + 0.004 * unlike) : 0,
      alive,
      chipC,
      boardC: chipC - (running ? (group.cooling === 'water' ? 6 : 12) : 3),
    }
  })
  // Boards differ a little; the machine's figure stays their sum.
  const sum = boards.reduce((a, b) => a + b.hashrateThs, 0)
  const fitted = sum > 0 ? boards.map((b) => ({ ...b, hashrateThs: (b.hashrateThs * hashrateThs) / sum })) : boards

  const fanPercent =
    group.cooling === 'water'
      ? 0
      : condition === 'overheated'
        ? 100
        : condition === 'sleeping'
          ? 12
          : Math.round(Math.min(100, Math.max(25, 52 + 1.5 * (intakeC - 18))))
  const fansRpm =
    group.cooling === 'water'
      ? []
      : [0, 1, 2, 3].map((i) => Math.round((fanPercent * 62 * (1 + 0.012 * gaussian(keys.fans, i)) + 40 * wobble) / 10) * 10)

  const uptimeS = Math.floor((((ms + m.restartPhaseMs) % m.restartMs) + m.restartMs) % m.restartMs) / 1000
  const accepted = Math.floor(uptimeS / p.secondsPerShare)
  return {
    condition,
    fault,
    powerW,
    hashrateThs,
    averageThs: averageThs * (1 - 0.006 * uniform(keys.tuning, -3)),
    boards: fitted,
    intakeC,
    hottestChipC: Math.max(...boards.map((b) => b.chipC)),
    fansRpm,
    fanPercent,
    uptimeS: Math.floor(uptimeS),
    accepted,
    rejected: Math.floor(accepted * p.rejectedShare),
  }
}

/** What the meter of a site shows, W: machines times overhead, with the meter's own small scatter. */
export const siteDraw = (
  seed: number,
  siteId: string,
  machines: readonly SimulatedMachine[],
  rates: FaultRates,
  ms: number,
): { readonly machinesW: number; readonly overhead: number; readonly meterW: number } => {
  const site = siteParameters[siteId]
  if (!site) throw new Error(`no parameters for site ${siteId}`)
  const machinesW = machines.reduce((sum, m) => sum + machineAt(seed, m, rates, ms).powerW, 0)
  const { ratio, perC, least, most } = site.overhead
  const overhead = Math.min(most, Math.max(least, ratio + perC * (airC(seed, siteId, ms) - site.climate.meanC)))
  const noise = 1 + drift(chanceKey(seed, 'meter', siteId), site.meter.noise, ms)
  return { machinesW, overhead, meterW: machinesW * overhead * noise }
}
