/**
 * Braiins OS up to 25.05 over GraphQL: one query brings the whole machine (hardware protocols 6; the fields are those of
 * Braiins' published schema). Rates are MH/s; the watts are computed from the tuner's model, not measured.
 */
import { failed } from '#shared/result.ts'
import { thFromMh } from '#shared/units.ts'
import { makeReading, type Responses } from './driver.ts'
import { CHIPS, FAN_PCT, FAN_RPM, type Figures, macOf, makeFigures, POWER_W, positive, TEMPERATURE_C, UPTIME_S } from './figures.ts'
import { hottest, machineState } from './machine-state.ts'
import { asFields, asLabel, asList, asText, own, ownOf } from './own-fields.ts'
import { readPools } from './pools.ts'
import { section } from './protocol/cgminer.ts'
import { answersUnder, dig, webAnswer } from './protocol/web-answer.ts'

const reading = (o: { model: string; mac: string; spans: string; events: string }) => `{
  bos { hostname ${o.mac} info { version { full } } uptime { durationS } }
  bosminer { info { ${o.model}
    fans { name rpm speed }
    summary { power { approxConsumptionW limitW } }
    poolGroups { name pools { url user status active shares { acceptedSolutions rejectedSolutions } } }
    workSolver { nominalMhs realHashrate { mhs5S ${o.spans} }
      childSolvers { name nominalMhs realHashrate { mhs5S } hwDetails { chips } temperatures { name degreesC } } }
  } }
  ${o.events}
}`
/** Everything we read, and the part of it that the first versions with GraphQL (2021) know already. */
export const GRAPHQL_READING = reading({
  model: 'modelName',
  mac: 'macAddress',
  spans: 'mhs15S mhs30S mhs1M mhs5M mhs15M mhsAv',
  events: 'events { appeals { kind message } }',
})
export const GRAPHQL_READING_2021 = reading({ model: '', mac: '', spans: '', events: '' })

/** What any of the answers holds at a path; the source project asks for system, boards and pools apart. */
const finder = (responses: Responses) => {
  const all = [...answersUnder(responses, 'graphql '), webAnswer(responses, '/graphql')].map(
    (answer) => own(asFields(answer), 'data') ?? answer,
  )
  return (...path: readonly string[]): unknown => {
    for (const data of all) {
      const value = dig(data, ...path)
      if (value !== undefined && value !== null) return value
    }
    return undefined
  }
}

export const isBraiinsGraphql = (responses: Responses): boolean => finder(responses)('bosminer', 'info') !== undefined

type Sensor = { board: number; name: string; raw: unknown }
const sensorsOf = (boards: readonly unknown[]): Sensor[] =>
  boards.flatMap((board, i) =>
    asList(dig(board, 'temperatures'))
      .slice(0, 64)
      .map((t) => ({ board: i, name: asText(dig(t, 'name')) ?? '', raw: dig(t, 'degreesC') })),
  )

const temperatures = (figures: Figures, sensors: readonly Sensor[], which: RegExp): number[] =>
  figures.numbers(
    'temperatures',
    sensors.filter(({ name }) => which.test(name)).map(({ raw }) => raw),
    TEMPERATURE_C,
    '°C',
    { dropZero: true },
  )

export const parseBraiinsGraphql = (responses: Responses, observedAtMs: number) => {
  const figures = makeFigures()
  const find = finder(responses)
  const solver = find('bosminer', 'info', 'workSolver')
  if (find('bosminer', 'info') === undefined) return failed('unexpected-reply', 'the answers hold nothing of BOSminer')
  const boards = asList(find('bosminer', 'info', 'workSolver', 'childSolvers')).slice(0, 64)
  const rates = asFields(find('bosminer', 'info', 'workSolver', 'realHashrate'))
  const version = section(responses, 'version')?.[0] ?? null

  const nominal = find('bosminer', 'info', 'workSolver', 'nominalMhs')
  const expectedThs = positive(figures.rate({ field: 'nominalMhs', raw: nominal, toThs: thFromMh }, null))
  const candidates = ['mhs5S', 'mhs15S', 'mhs30S', 'mhs1M', 'mhs5M', 'mhs15M']
    .map((field) => ({ field, raw: own(rates, field), toThs: thFromMh }))
    .filter(({ raw }) => raw !== undefined && raw !== null)
  const current = figures.mostCurrent(candidates, expectedThs)
  const averageRaw = ownOf(rates, 'mhsAv', 'mhsSinceRestart')
  const average = figures.rate({ field: 'mhsAv', raw: averageRaw, toThs: thFromMh }, expectedThs)

  const sensors = sensorsOf(boards)
  const boardTemps = temperatures(figures, sensors, /board/i)
  const chipTemps = temperatures(figures, sensors, /chip/i)
  const otherTemps = temperatures(figures, sensors, /^(?!.*(board|chip))/i)
  // Shut down for the price of power: the only sleep GraphQL tells of.
  const shutDown = find('bosminer', 'info', 'summary', 'dynamicPerformanceScaling', 'status')
  const seen = machineState({
    asleep: shutDown === undefined ? null : shutDown === 'MINING_SHUTDOWN',
    rate: current,
    expected: expectedThs,
    ratesUnbelieved: current === null && figures.problems.some((p) => p.reason.startsWith('implausible')),
    hottestC: hottest(boardTemps, chipTemps),
  })
  const asleep = seen.state === 'sleeping'
  const standIn = !asleep && candidates.length === 0 && average !== null
  if (standIn) figures.problem('hashrate_ths', 'only a lifetime average was sent; it stands in', averageRaw)

  const fans = asList(find('bosminer', 'info', 'fans')).slice(0, 64)
  const fansRpm = figures.numbers(
    'rpm',
    fans.map((fan) => dig(fan, 'rpm')),
    FAN_RPM,
    'rpm',
  )
  const turning = fansRpm.filter((rpm) => rpm > 0).length
  const power = asFields(find('bosminer', 'info', 'summary', 'power'))
  const consumption = figures.number('approxConsumptionW', own(power, 'approxConsumptionW'), POWER_W, 'W')
  const noPower = consumption === 0 && seen.isMining === true
  if (noPower) figures.problem('approxConsumptionW', '0 W from a machine that hashes is not a measurement', 0)
  const target = find('bosminer', 'config', 'autotuning', 'powerTarget') ?? own(power, 'limitW')
  const groups = find('bosminer', 'info', 'poolGroups')
  const pools = asList(groups).flatMap((group) =>
    asList(dig(group, 'pools')).map((pool) => ({
      url: dig(pool, 'url'),
      user: dig(pool, 'user'),
      status: dig(pool, 'status'),
      accepted: dig(pool, 'shares', 'acceptedSolutions'),
      rejected: dig(pool, 'shares', 'rejectedSolutions'),
    })),
  )
  const appeals = find('events', 'appeals')
  const errors = asList(appeals)
    .slice(0, 64)
    .flatMap((appeal) => {
      const message = asText(dig(appeal, 'message'))
      return message === null || !/^(error|warning)$/i.test(asText(dig(appeal, 'kind')) ?? '') ? [] : [{ code: null, message }]
    })
  if (seen.state === 'overheated') errors.push({ code: null, message: `stopped at ${hottest(boardTemps, chipTemps)} °C` })

  return makeReading(
    { family: 'braiins', protocol: 'braiins-graphql', ...seen, observedAtMs, problems: figures.problems },
    {
      model: asText(asText(find('bosminer', 'info', 'modelName'))?.replace(/^Bitmain /i, '')),
      firmwareVersion: asText(find('bos', 'info', 'version', 'full')),
      apiVersion: asLabel(own(version, 'API')),
      mac: macOf(
        figures,
        find('bos', 'macAddress') ?? dig(asList(webAnswer(responses, '/cgi-bin/luci/admin/network/iface_status/lan'))[0], 'macaddr'),
      ),
      hostname: asText(find('bos', 'hostname')),
      hashrateThs: current ?? (asleep ? 0 : standIn ? average : null),
      hashrateAvgThs: average,
      expectedHashrateThs: expectedThs,
      wattageW: noPower ? null : consumption,
      wattageSource: noPower || consumption === null ? null : 'estimated_by_firmware',
      powerTargetW: figures.number('powerTarget', target, POWER_W, 'W'),
      boardTempsC: boardTemps,
      chipTempsC: chipTemps,
      allTempsC: [...boardTemps, ...chipTemps, ...otherTemps],
      fansRpm,
      fansPct: figures.numbers(
        'speed',
        fans.map((fan) => dig(fan, 'speed')),
        FAN_PCT,
        '%',
      ),
      // Four slots are listed whatever is plugged in; on an S9 two of them stay at 0.
      fanCount: fans.length === 0 ? null : turning > 0 ? turning : fansRpm.length,
      boardCount: solver === undefined || boards.length === 0 ? null : boards.length,
      boardChips: figures.numbers(
        'chips',
        boards.map((board) => dig(board, 'hwDetails', 'chips')),
        CHIPS,
        'chips',
      ),
      uptimeS: figures.number('uptime', find('bos', 'uptime', 'durationS'), UPTIME_S, 's'),
      ...readPools(figures, Array.isArray(groups) ? pools : null),
      hasErrors: errors.length > 0 ? true : appeals === undefined ? null : false,
      errors,
    },
  )
}
