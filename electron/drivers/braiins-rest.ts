/**
 * Braiins OS from 25.07 on over its public REST API, `/api/v1` (hardware protocols 6). A rate is an object with its unit
 * as key, a temperature one with `degree_c`. `miner/errors` is a log that goes back for weeks: it is no present state
 * and is not asked for.
 */
import { failed } from '#shared/result.ts'
import { type TerahashPerSecond, thFromGh, thFromMh, thPerSecond } from '#shared/units.ts'
import { makeReading, type Responses } from './driver.ts'
import { CHIPS, FAN_PCT, FAN_RPM, macOf, makeFigures, POWER_W, positive, TEMPERATURE_C, UPTIME_S } from './figures.ts'
import { hottest, machineState } from './machine-state.ts'
import { asFields, asLabel, asList, asText, own } from './own-fields.ts'
import { readPools } from './pools.ts'
import { dig, webAnswer } from './protocol/web-answer.ts'

const API = '/api/v1'
export const REST_LOGIN = `${API}/auth/login`
export const REST_PATHS = ['miner/details', 'miner/stats', 'miner/hw/hashboards', 'cooling/state', 'pools', 'performance/tuner-state'].map(
  (path) => `${API}/${path}`,
)
const answer = (responses: Responses, path: string): unknown => webAnswer(responses, `${API}/${path}`)

export const isBraiinsRest = (responses: Responses): boolean =>
  asFields(answer(responses, 'miner/details')) !== null || asFields(answer(responses, 'miner/stats')) !== null

const UNITS: readonly (readonly [key: string, toThs: (n: number) => TerahashPerSecond])[] = [
  ['gigahash_per_second', thFromGh],
  ['terahash_per_second', thPerSecond],
  ['megahash_per_second', thFromMh],
]
const rateAt = (field: string, value: unknown) => {
  const [key, toThs] = UNITS.find(([name]) => dig(value, name) !== undefined) ?? UNITS[0] ?? ['', thFromGh]
  return { field, raw: dig(value, key), toThs }
}

/** 1 not started, 2 normal, 3 paused, 4 suspended; the names stand in the interface's description. */
type Status = 'not-started' | 'switched-off' | 'runs' | null
const statusOf = (raw: unknown): Status => {
  const said = asLabel(raw)?.toLowerCase() ?? ''
  if (said === '1' || /not.?started/.test(said)) return 'not-started'
  if (said === '3' || said === '4' || /paused|suspended/.test(said)) return 'switched-off'
  return said === '2' || /normal/.test(said) ? 'runs' : null
}

export const parseBraiinsRest = (responses: Responses, observedAtMs: number) => {
  const figures = makeFigures()
  const details = asFields(answer(responses, 'miner/details'))
  const stats = asFields(answer(responses, 'miner/stats'))
  if (!details && !stats) return failed('unexpected-reply', 'the answers hold no details and no stats of a Braiins machine')
  const network = asFields(answer(responses, 'network'))
  const boards = asList(dig(answer(responses, 'miner/hw/hashboards'), 'hashboards')).slice(0, 64)
  const real = dig(stats, 'miner_stats', 'real_hashrate')

  // The sticker is what the machine was sold for; what it is tuned for now decides whether it falls short.
  const sticker = positive(figures.rate(rateAt('sticker_hashrate', own(details, 'sticker_hashrate')), null))
  const nominal = positive(figures.rate(rateAt('nominal_hashrate', dig(stats, 'miner_stats', 'nominal_hashrate')), null))
  const candidates = ['last_5s', 'last_15s', 'last_30s', 'last_1m', 'last_5m', 'last_15m']
    .map((span) => rateAt(span, dig(real, span)))
    .filter(({ raw }) => raw !== undefined && raw !== null)
  const expectedThs = sticker ?? nominal
  const limit = nominal !== null && sticker !== null ? Math.max(nominal, sticker) : expectedThs
  const current = figures.mostCurrent(candidates, limit)
  const sinceRestart = rateAt('since_restart', dig(real, 'since_restart'))
  const average = figures.rate(sinceRestart, limit)

  const degrees = (field: string, at: (board: unknown) => unknown) =>
    figures.numbers(
      field,
      boards.map((board) => dig(at(board), 'degree_c')),
      TEMPERATURE_C,
      '°C',
      { dropZero: true },
    )
  const boardTemps = degrees('board_temp', (board) => dig(board, 'board_temp'))
  const chipTemps = degrees('highest_chip_temp', (board) => dig(board, 'highest_chip_temp', 'temperature'))
  const otherTemps = [
    ...degrees('lowest_inlet_temp', (board) => dig(board, 'lowest_inlet_temp')),
    ...degrees('highest_outlet_temp', (board) => dig(board, 'highest_outlet_temp')),
  ]
  const status = statusOf(own(details, 'status'))
  const byFigures = machineState({
    asleep: status === null ? null : status === 'switched-off',
    rate: current,
    expected: nominal ?? expectedThs,
    ratesUnbelieved: current === null && figures.problems.some((p) => p.reason.startsWith('implausible')),
    hottestC: hottest(boardTemps, chipTemps),
  })
  const seen = status === 'not-started' && byFigures.state === 'unknown' ? ({ state: 'off', isMining: false } as const) : byFigures
  const asleep = seen.state === 'sleeping'
  const standIn = !asleep && candidates.length === 0 && average !== null
  if (standIn) figures.problem('hashrate_ths', 'only a lifetime average was sent; it stands in', sinceRestart.raw)

  const cooling = answer(responses, 'cooling/state')
  const fans = asList(dig(cooling, 'fans')).slice(0, 64)
  const consumption = figures.number(
    'approximated_consumption',
    dig(stats, 'power_stats', 'approximated_consumption', 'watt'),
    POWER_W,
    'W',
  )
  const noPower = consumption === 0 && seen.isMining === true
  if (noPower) figures.problem('approximated_consumption', '0 W from a machine that hashes is not a measurement', 0)
  // What was set, not what dynamic scaling has made of it for now (`current_target`).
  const tuner = dig(answer(responses, 'performance/tuner-state'), 'mode_state', 'powertargetmodestate')
  const target =
    dig(answer(responses, 'configuration/miner'), 'tuner', 'power_target', 'watt') ??
    dig(tuner, 'profile', 'target', 'watt') ??
    dig(tuner, 'current_target', 'watt')
  const groups = answer(responses, 'pools')
  const pools = asList(groups).flatMap((group) =>
    asList(dig(group, 'pools')).map((pool) => ({
      url: dig(pool, 'url'),
      user: dig(pool, 'user'),
      status: dig(pool, 'alive') === true ? 'alive' : dig(pool, 'alive') === false ? 'dead' : null,
      accepted: dig(pool, 'stats', 'accepted_shares'),
      rejected: dig(pool, 'stats', 'rejected_shares'),
    })),
  )
  const version = answer(responses, 'version')
  const numbers = ['major', 'minor', 'patch'].map((part) => asLabel(dig(version, part)))
  const ratios = figures.numbers(
    'target_speed_ratio',
    fans.map((fan) => dig(fan, 'target_speed_ratio')),
    { min: 0, max: FAN_PCT.max / 100 },
    '',
  )

  return makeReading(
    { family: 'braiins', protocol: 'braiins-rest', ...seen, observedAtMs, problems: figures.problems },
    {
      model: asText(dig(details, 'miner_identity', 'miner_model') ?? dig(details, 'miner_identity', 'name')),
      firmwareVersion: asText(dig(details, 'bos_version', 'current')),
      apiVersion: numbers.includes(null) ? null : numbers.join('.'),
      mac: macOf(figures, own(network, 'mac_address') ?? own(details, 'mac_address')),
      serial: asLabel(own(details, 'serial_number')),
      hostname: asText(own(network, 'hostname') ?? own(details, 'hostname')),
      hashrateThs: current ?? (asleep ? 0 : standIn ? average : null),
      hashrateAvgThs: average,
      expectedHashrateThs: expectedThs,
      wattageW: noPower ? null : consumption,
      wattageSource: noPower || consumption === null ? null : 'estimated_by_firmware',
      powerTargetW: figures.number('power_target', target, POWER_W, 'W'),
      boardTempsC: boardTemps,
      chipTempsC: chipTemps,
      allTempsC: [...boardTemps, ...chipTemps, ...otherTemps],
      fansRpm: figures.numbers(
        'rpm',
        fans.map((fan) => dig(fan, 'rpm')),
        FAN_RPM,
        'rpm',
      ),
      fansPct: ratios.map((ratio) => Math.round(ratio * 100)),
      fanCount: asFields(cooling) ? fans.length : null,
      boardCount: boards.length > 0 ? boards.length : null,
      boardChips: figures.numbers(
        'chips_count',
        boards.map((board) => dig(board, 'chips_count')),
        CHIPS,
        'chips',
      ),
      uptimeS: figures.number('system_uptime_s', own(details, 'system_uptime_s') ?? own(details, 'system_uptime'), UPTIME_S, 's'),
      ...readPools(figures, Array.isArray(groups) ? pools : null),
      hasErrors: seen.state === 'overheated' ? true : null,
      errors: seen.state === 'overheated' ? [{ code: null, message: `stopped at ${hottest(boardTemps, chipTemps)} °C` }] : [],
    },
  )
}
