/**
 * Luxor's LuxOS on Antminers: cgminer JSON on TCP 4028 with commands of its own, no login to read (hardware protocols 7).
 * `config` says whether the machine was put to sleep, `power` the watts and whether a power supply measured them.
 */
import { failed, type Result } from '#shared/result.ts'
import { thFromGh, thFromMh, thPerSecond } from '#shared/units.ts'
import { driver, isGone, type Link, makeReading, type Responses } from './driver.ts'
import {
  BOARDS,
  believedPower,
  FAN_PCT,
  FAN_RPM,
  type Figures,
  macOf,
  makeFigures,
  POWER_W,
  positive,
  TEMPERATURE_C,
  UPTIME_S,
} from './figures.ts'
import { hottest, machineState } from './machine-state.ts'
import { asLabel, asText, type Fields, own, ownOf } from './own-fields.ts'
import { readPools } from './pools.ts'
import { boardsOf, cleanModel, fansOf, sensorsOf, statsOf } from './protocol/bmminer-stats.ts'
import { answerOf, section } from './protocol/cgminer.ts'

const COMMANDS = ['summary', 'stats', 'pools', 'config', 'power', 'profiles', 'events'] as const
const CORNERS = ['TopLeft', 'TopRight', 'BottomLeft', 'BottomRight', 'Board', 'Chip']

/** `CurtailMode` is `None` while nobody curtails; `Sleep` (and the way into it) is a machine put to sleep. */
const asleepBy = (config: Fields | null): boolean | null => {
  const said = [own(config, 'CurtailMode'), own(config, 'SystemStatus')].map(asText).filter((word) => word !== null)
  if (said.length === 0) return null
  return said.some((word) => /sleep|curtail/i.test(word))
}

/** Corner sensors of each board: from `temps`, else from `stats`, which has the same ones under `temp_pcb`. */
const cornersOf = (figures: Figures, responses: Responses): readonly (readonly number[])[] => {
  const boards = section(responses, 'temps')
  if (boards)
    return boards.map((board, i) =>
      figures.numbers(
        `temps[${i}]`,
        CORNERS.map((corner) => own(board, corner)),
        TEMPERATURE_C,
        '°C',
        { dropZero: true },
      ),
    )
  const stats = statsOf(responses)
  const perBoard = new Map<string, unknown>(Object.entries(stats?.stats ?? {}).filter(([key]) => /^temp_pcb\d{1,2}$/.test(key)))
  return [...perBoard].map(([key, raw]) => sensorsOf(figures, stats && { ...stats, stats: { [key]: raw } }).boards)
}

/** Fans as `fans` lists them; `stats` numbers the same ones. */
const rotors = (figures: Figures, responses: Responses): { rpm: number[]; pct: number[]; count: number | null } => {
  const fans = section(responses, 'fans')
  if (!fans) {
    const { rpm, count } = fansOf(figures, statsOf(responses))
    return { rpm, pct: [], count }
  }
  const read = (key: string, bounds: typeof FAN_RPM, unit: string) =>
    figures.numbers(
      key,
      fans.map((fan) => own(fan, key)),
      bounds,
      unit,
    )
  return { rpm: read('RPM', FAN_RPM, 'rpm'), pct: read('Speed', FAN_PCT, '%'), count: fans.length }
}

/** Watts at which the chosen profile aims: a target, never a reading. */
const targetOf = (figures: Figures, responses: Responses, profile: string | null): number | null => {
  const chosen = section(responses, 'profiles')?.find((p) => profile !== null && asText(own(p, 'Profile Name')) === profile) ?? null
  return figures.number('profile Watts', own(chosen, 'Watts'), POWER_W, 'W')
}

const parse = (responses: Responses, observedAtMs: number) => {
  const figures = makeFigures()
  const sources = statsOf(responses)
  const stats = sources?.stats ?? null
  const summary = section(responses, 'summary')?.[0] ?? null
  if (!stats && !summary) return failed('unexpected-reply', 'the answers hold no summary and no stats of a LuxOS machine')
  const config = section(responses, 'config')?.[0] ?? null
  const version = section(responses, 'version')?.[0] ?? null
  const devs = section(responses, 'devs')

  const nominal = (devs ?? []).map((board, i) =>
    figures.rate({ field: `Nominal MHS[${i}]`, raw: own(board, 'Nominal MHS'), toThs: thFromMh }, null),
  )
  const nominalThs = nominal.length === 0 || nominal.includes(null) ? null : nominal.reduce<number>((sum, n) => sum + (n ?? 0), 0)
  const expectedThs =
    positive(figures.rate({ field: 'total_rateideal', raw: own(stats, 'total_rateideal'), toThs: thFromGh }, null)) ??
    positive(nominalThs) ??
    positive(figures.rate({ field: 'NameplateTHS', raw: own(config, 'NameplateTHS'), toThs: thPerSecond }, null))
  // `total rate` of stats is one board's, whatever its name says.
  const candidates = ['GHS 5s', 'GHS 1m', 'GHS 5m', 'GHS 15m', 'GHS 30m']
    .map((field) => ({ field, raw: ownOf(summary, field) ?? ownOf(stats, field), toThs: thFromGh }))
    .filter(({ raw }) => raw !== undefined)
  const current = figures.mostCurrent(candidates, expectedThs)
  const averageRaw = ownOf(summary, 'GHS av') ?? ownOf(stats, 'GHS av')
  const average = figures.rate({ field: 'GHS av', raw: averageRaw, toThs: thFromGh }, expectedThs)

  const corners = cornersOf(figures, responses)
  const boardTemps = corners.flatMap((sensors) => (sensors.length > 0 ? [Math.max(...sensors)] : []))
  const present = boardsOf(figures, sources).filter((board) => (board.chips ?? 0) > 0)
  const fans = rotors(figures, responses)
  const seen = machineState({
    asleep: asleepBy(config),
    rate: current,
    expected: expectedThs,
    ratesUnbelieved: current === null && figures.problems.some((p) => p.reason.startsWith('implausible')),
    hottestC: hottest(boardTemps),
  })
  const asleep = seen.state === 'sleeping'
  const standIn = !asleep && candidates.length === 0 && average !== null
  if (standIn) figures.problem('hashrate_ths', 'only a lifetime average was sent; it stands in', averageRaw)

  const power = section(responses, 'power')?.[0] ?? null
  const wattage = believedPower(figures, 'Watts', figures.number('Watts', own(power, 'Watts'), POWER_W, 'W'), seen.isMining)
  const events = section(responses, 'events')
  const errors = [
    ...(events ?? []).slice(0, 64).flatMap((event) => {
      const code = asLabel(own(event, 'Code'))
      const message = asText(own(event, 'Description')) ?? code
      return message === null ? [] : [{ code, message }]
    }),
    ...(asleep || seen.state === 'off'
      ? []
      : present
          .filter((board) => board.bad > 0)
          .map((board) => ({ code: null, message: `board ${board.index}: ${board.bad} of ${board.chips} chips do not answer` }))),
    ...(seen.state === 'overheated' ? [{ code: null, message: `stopped at ${hottest(boardTemps)} °C` }] : []),
  ]

  return makeReading(
    { family: 'luxos', protocol: 'cgminer-luxos', ...seen, observedAtMs, problems: figures.problems },
    {
      model: cleanModel(ownOf(config, 'Model') ?? ownOf(version, 'Type') ?? ownOf(sources?.block, 'Type')),
      firmwareVersion: asText(ownOf(version, 'Miner', 'LUXminer') ?? ownOf(sources?.block, 'Miner') ?? own(stats, 'miner_version')),
      apiVersion: asLabel(own(version, 'API')),
      mac: macOf(figures, own(config, 'MACAddr')),
      serial: asLabel(own(config, 'SerialNumber')),
      hostname: asText(own(config, 'Hostname')),
      hashrateThs: current ?? (asleep ? 0 : standIn ? average : null),
      hashrateAvgThs: average,
      expectedHashrateThs: expectedThs,
      wattageW: wattage,
      // `PSU: true` is the supply's own measurement; without it LuxOS computes the figure.
      wattageSource: wattage === null ? null : own(power, 'PSU') === true ? 'reported' : 'estimated_by_firmware',
      powerTargetW: targetOf(figures, responses, asText(own(config, 'Profile'))),
      boardTempsC: boardTemps,
      allTempsC: corners.flat(),
      fansRpm: fans.rpm,
      fansPct: fans.pct,
      fanCount: fans.count,
      boardCount:
        present.length > 0 ? present.length : positive(figures.number('miner_count', own(stats, 'miner_count'), BOARDS, 'boards')),
      boardChips: present.flatMap((board) => board.chips ?? []),
      uptimeS: figures.number('Elapsed', ownOf(summary, 'Elapsed') ?? ownOf(stats, 'Elapsed'), UPTIME_S, 's'),
      ...readPools(figures, section(responses, 'pools')),
      hasErrors: errors.length > 0 ? true : events === null ? null : false,
      errors,
    },
  )
}

/** All in one joined request; what a version leaves out of it, and all on versions that do not join, one by one. */
const ask = async (link: Link): Promise<Result<void>> => {
  const joined = await link.rpc(COMMANDS.join('+'))
  if (isGone(joined)) return joined
  let first: Result<unknown> | null = null
  for (const command of COMMANDS) {
    if (answerOf(link.responses(), command) !== null) continue
    const answer = await link.rpc(command)
    if (isGone(answer) && first === null && command === 'summary') return answer
    if (isGone(answer)) break
    first ??= answer
  }
  return { ok: true, value: undefined }
}

export const luxos = driver({ family: 'luxos', recognises: ({ text }) => /LUXMINER|LUXOR FIRMWARE/.test(text), ask, parse })
