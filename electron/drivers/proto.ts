/**
 * Proto Rig, Proto OS: REST under `/api/v1/` on port 80, behind a bearer token where a password is set. Rates in GH/s in
 * the mining status and in TH/s in the telemetry, power as the rig measures it; `power_target_watts` is a target.
 */
import { failed, type Result } from '#shared/result.ts'
import { thFromGh, thPerSecond } from '#shared/units.ts'
import { driver, isFirstContact, type Link, makeReading, type Responses } from './driver.ts'
import {
  BOARDS,
  believedPower,
  CHIPS,
  COUNT,
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
import { isUnbelieved } from './other-rates.ts'
import { asFields, asLabel, asList, asText, type Fields, own } from './own-fields.ts'
import { webAnswer } from './protocol/web-answer.ts'

const MINING = '/api/v1/mining'
const TELEMETRY = '/api/v1/telemetry'
const COOLING = '/api/v1/cooling'
const POOLS = '/api/v1/pools'
const NETWORK = '/api/v1/network'
const SYSTEM = '/api/v1/system'
const HARDWARE = '/api/v1/hardware'
const ERRORS = '/api/v1/errors'
const LOGIN = '/api/v1/auth/login'
const MAX_MEMBERS = 64

const inside = (responses: Responses, path: string, name: string): Fields | null =>
  asFields(own(asFields(webAnswer(responses, path)), name))
const members = (list: unknown): readonly (Fields | null)[] => asList(list).slice(0, MAX_MEMBERS).map(asFields)
/** Telemetry says `{"unit":"W","value":889.0}`. */
const measured = (from: Fields | null, key: string): unknown => own(asFields(own(from, key)), 'value')

/** `Mining`, `DegradedMining`, `PoweringOn` … ; these say that somebody switched mining off. */
const SWITCHED_OFF = /^(stopped|poweringoff|paused|sleep|suspended)/i

const poolsOf = (figures: Figures, list: unknown) =>
  members(list).flatMap((pool, i) => {
    const url = asText(own(pool, 'url'))
    if (url === null) return []
    const status = asText(own(pool, 'status'))?.toLowerCase() ?? null
    return [
      {
        url,
        user: asText(own(pool, 'user')),
        alive: status === null || status === 'unknown' ? null : status !== 'dead',
        accepted: figures.number(`pools[${i}].accepted`, own(pool, 'accepted'), COUNT, 'shares'),
        rejected: figures.number(`pools[${i}].rejected`, own(pool, 'rejected'), COUNT, 'shares'),
      },
    ]
  })

const parse = (responses: Responses, observedAtMs: number) => {
  const figures = makeFigures()
  const mining = inside(responses, MINING, 'mining-status')
  const telemetry = asFields(webAnswer(responses, TELEMETRY))
  const rig = asFields(own(telemetry, 'miner'))
  if (!mining && !rig) return failed('unexpected-reply', 'the answers hold no mining status and no telemetry of a Proto rig')
  const boards = members(own(telemetry, 'hashboards'))
  const system = inside(responses, SYSTEM, 'system-info')
  const network = inside(responses, NETWORK, 'network-info')
  const hardware = inside(responses, HARDWARE, 'hardware-info')
  const cooling = inside(responses, COOLING, 'cooling-status')
  const fitted = members(own(hardware, 'hashboards-info'))

  const expected = positive(figures.rate({ field: 'ideal_hashrate_ghs', raw: own(mining, 'ideal_hashrate_ghs'), toThs: thFromGh }, null))
  const candidates = [
    { field: 'hashrate_ghs', raw: own(mining, 'hashrate_ghs'), toThs: thFromGh },
    { field: 'miner.hashrate', raw: measured(rig, 'hashrate'), toThs: thPerSecond },
  ].filter(({ raw }) => raw !== undefined && raw !== null)
  const current = figures.mostCurrent(candidates, expected)
  const average = figures.rate({ field: 'average_hashrate_ghs', raw: own(mining, 'average_hashrate_ghs'), toThs: thFromGh }, expected)

  const sensors = (key: string) => boards.map((board) => own(asFields(own(board, 'temperature')), key))
  const read = (field: string, raws: readonly unknown[]) => figures.numbers(field, raws, TEMPERATURE_C, '°C', { dropZero: true })
  const ofBoards = read('temperature.average', sensors('average'))
  const boardTemps = ofBoards.length > 0 ? ofBoards : read('average_hb_temp_c', [own(mining, 'average_hb_temp_c')])
  const chipTemps = read('average_asic_temp_c', [own(mining, 'average_asic_temp_c')])
  const status = asText(own(mining, 'status'))
  const seen = machineState({
    asleep: status === null ? null : SWITCHED_OFF.test(status),
    rate: current,
    expected,
    ratesUnbelieved: isUnbelieved(figures, current),
    hottestC: hottest(boardTemps, chipTemps),
  })
  const asleep = seen.state === 'sleeping'
  const standIn = !asleep && candidates.length === 0 && average !== null
  if (standIn) figures.problem('hashrate_ths', 'only an average was sent; it stands in', own(mining, 'average_hashrate_ghs'))
  const watts = believedPower(
    figures,
    'power_usage_watts',
    figures.number('power_usage_watts', own(mining, 'power_usage_watts') ?? measured(rig, 'power'), POWER_W, 'W'),
    seen.isMining,
  )
  const fans = members(own(cooling, 'fans'))
  const fansRpm = figures.numbers(
    'rpm',
    fans.map((fan) => own(fan, 'rpm')),
    FAN_RPM,
    'rpm',
  )
  const listed = webAnswer(responses, ERRORS)
  const errors = members(Array.isArray(listed) ? listed : own(asFields(listed), 'errors')).flatMap((entry) => {
    const code = asLabel(own(entry, 'error_code'))
    const message = asText(own(entry, 'message'))
    return code === null && message === null ? [] : [{ code, message: message ?? `error ${code}` }]
  })
  if (seen.state === 'overheated') errors.push({ code: null, message: `stopped at ${hottest(boardTemps, chipTemps)} °C` })
  const knowsErrors = listed !== undefined
  const pools = webAnswer(responses, POOLS)
  const poolList = own(asFields(pools), 'pools') ?? pools
  const readings = poolsOf(figures, poolList)

  return makeReading(
    { family: 'proto', protocol: 'proto-rest', ...seen, observedAtMs, problems: figures.problems },
    {
      model: asText(own(system, 'product_name')) ?? asText(own(system, 'model')),
      firmwareVersion: asText(own(asFields(own(system, 'os')), 'version')),
      apiVersion: asText(own(asFields(own(system, 'web_server')), 'version')),
      mac: macOf(figures, own(network, 'mac')),
      serial: asLabel(own(asFields(own(hardware, 'cb-info')), 'serial_number')) ?? asLabel(own(system, 'cb_sn')),
      hostname: asText(own(network, 'hostname')) ?? asText(own(asFields(own(system, 'os')), 'hostname')),
      hashrateThs: current ?? (asleep ? 0 : standIn ? average : null),
      hashrateAvgThs: average,
      expectedHashrateThs: expected,
      wattageW: watts,
      wattageSource: watts === null ? null : 'reported',
      powerTargetW: figures.number('power_target_watts', own(mining, 'power_target_watts'), POWER_W, 'W'),
      boardTempsC: boardTemps,
      chipTempsC: chipTemps,
      allTempsC: [
        ...read('temperature.inlet', sensors('inlet')),
        ...read('temperature.outlet', sensors('outlet')),
        ...boardTemps,
        ...chipTemps,
      ],
      fansRpm,
      fansPct: figures.numbers(
        'speed_percentage',
        fans.map((fan) => own(fan, 'speed_percentage')),
        FAN_PCT,
        '%',
      ),
      fanCount: cooling === null ? null : fans.length,
      boardCount:
        positive(figures.number('hashboards_installed', own(mining, 'hashboards_installed'), BOARDS, 'boards')) ??
        positive(fitted.length || boards.length),
      boardChips: figures.numbers(
        'mining_asic_count',
        fitted.map((board) => own(board, 'mining_asic_count')),
        CHIPS,
        'chips',
      ),
      uptimeS: figures.number('mining_uptime_s', own(mining, 'mining_uptime_s') ?? own(mining, 'reboot_uptime_s'), UPTIME_S, 's'),
      pools: readings,
      poolCount: Array.isArray(poolList) ? readings.length : null,
      hasErrors: errors.length > 0 ? true : knowsErrors ? false : null,
      errors,
    },
  )
}

/** Without a token first; a rig with a password is asked again with one, if its password is known here. */
const ask = async (link: Link): Promise<Result<void>> => {
  const first = isFirstContact(link)
  let headers: Readonly<Record<string, string>> = {}
  const get = (path: string) => link.web(path, undefined, { headers })
  let mining = await get(MINING)
  const { password } = link.login({ user: '', password: '' })
  if (!mining.ok && mining.failure.kind === 'refused' && password !== '') {
    const entered = await link.post(LOGIN, { json: { password } }, null)
    if (!entered.ok) return entered
    const token = asText(own(asFields(entered.value), 'access_token'))
    if (token === null) return failed('unexpected-reply', `${LOGIN} answered without a token`)
    headers = { authorization: `Bearer ${token}` }
    mining = await get(MINING)
  }
  if (!mining.ok) return mining
  await get(`${TELEMETRY}?level=miner,hashboard`)
  await get(COOLING)
  await get(POOLS)
  if (first) {
    await get(NETWORK)
    await get(HARDWARE)
    await get(SYSTEM)
  }
  await get(ERRORS)
  return { ok: true, value: undefined }
}

export const proto = driver({
  family: 'proto',
  recognises: ({ text }) => /PROTO OS|PROTOOS|"MINING-STATUS"|"MANUFACTURER":\s*"PROTO"/.test(text),
  ask,
  parse,
})
