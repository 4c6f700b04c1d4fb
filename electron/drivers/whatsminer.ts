/**
 * MicroBT Whatsminer, btminer API v1 and v2 on TCP 4028, no login needed to read (hardware protocols 4.1). Firmware of
 * the v3 API answers there by half or not at all: then it is asked on port 4433, see `whatsminer-v3.ts`.
 */
import { failed, type Result } from '#shared/result.ts'
import { thFromGh, thFromMh } from '#shared/units.ts'
import { driver, isGone, type Link, makeReading, type Responses } from './driver.ts'
import { CHIPS, FAN_RPM, type Figures, makeFigures, POWER_W, TEMPERATURE_C, UPTIME_S } from './figures.ts'
import { hottest, machineState } from './machine-state.ts'
import { asFields, asLabel, asText, type Fields, isMac, own, ownOf } from './own-fields.ts'
import { readPools } from './pools.ts'
import { V3_PORT } from './protocol/btminer-v3.ts'
import { answerOf, message, section } from './protocol/cgminer.ts'
import { askWhatsminerV3, isWhatsminerV3, parseWhatsminerV3 } from './whatsminer-v3.ts'

/** Firmware before 2021 wraps its version in quotes of its own: `'20210322.22.REL'`. */
const unquoted = (raw: unknown): string | null => asText(asText(raw)?.replace(/^\\?'|\\?'$/g, ''))
/** `whatsminer v1.4.0` and `2.0.5` both name the API version. */
const apiVersion = (raw: unknown): string | null => asText(asText(raw)?.replace(/^whatsminer\s+v?/i, ''))

const flag = (raw: unknown): boolean | null => (raw === 'true' || raw === true ? true : raw === 'false' || raw === false ? false : null)

type DeviceError = { code: string | null; message: string }
const named = (code: string): DeviceError => ({ code, message: `Whatsminer error code ${code}` })

/** v2 lists objects of one key, code to time; v1 counts them in the summary. Null where the device was not heard on it. */
const errorsOf = (summary: Fields | null, responses: Responses, figures: Figures): DeviceError[] | null => {
  const said = message(responses, 'get_error_code')
  if (said) {
    const listed = own(said, 'error_code')
    const members = Array.isArray(listed) ? listed : [listed]
    const codes = members
      .slice(0, 64)
      .flatMap((entry) => (asFields(entry) ? Object.keys(asFields(entry) ?? {}).slice(0, 64) : (asLabel(entry) ?? [])))
    return codes.map((code) => named(code.slice(0, 32)))
  }
  const count = figures.number('Error Code Count', own(summary, 'Error Code Count'), { min: 0, max: 64 }, 'errors')
  if (count === null) return null
  return Array.from({ length: count }, (_, i) => asLabel(own(summary, `Error Code ${i}`))).flatMap((code) =>
    code === null ? [] : [named(code)],
  )
}

/** M3 and its like (2018) have no `devs`: each hash board is a member of STATS, named SM0, SM1 … */
const oldBoards = (responses: Responses): readonly Fields[] =>
  (section(responses, 'stats') ?? []).flatMap((member) => (/^SM\d+$/.test(asText(own(member, 'ID')) ?? '') && member ? [member] : []))

const parse = (responses: Responses, observedAtMs: number) => {
  if (isWhatsminerV3(responses)) return parseWhatsminerV3(responses, observedAtMs)
  const figures = makeFigures()
  const summary = section(responses, 'summary')?.[0] ?? null
  const status = message(responses, 'status')
  const off = flag(ownOf(status, 'btmineroff', 'mineroff'))
  if (!summary && off !== true) return failed('unexpected-reply', 'the answers hold no summary of a Whatsminer')
  const version = message(responses, 'get_version')
  const info = message(responses, 'get_miner_info')
  const devs = section(responses, 'edevs') ?? section(responses, 'devs')
  const old = devs === null ? oldBoards(responses) : []

  const mhs = (field: string) => ({ field, raw: own(summary, field), toThs: thFromMh })
  const expected = figures.rate({ field: 'Factory GHS', raw: own(summary, 'Factory GHS'), toThs: thFromGh }, null)
  const expectedThs = expected !== null && expected > 0 ? expected : null
  const average = figures.rate(mhs('MHS av'), expectedThs)
  // HS RT first: it is btminer's own real-time figure, while its `MHS 5s` counts a handful of shares and swings by a
  // fifth around it (116 against 96 TH/s on an M31S). asic-rs reads HS RT, too.
  const candidates = ['HS RT', 'MHS 5s', 'MHS 1m', 'MHS 5m', 'MHS 15m'].map(mhs).filter(({ raw }) => raw !== undefined)
  const current = figures.mostCurrent(candidates, expectedThs)

  const temps = (field: string) =>
    figures.numbers(
      field,
      (devs ?? []).map((board) => own(board, field)),
      TEMPERATURE_C,
      '°C',
      { dropZero: true },
    )
  const boardTemps = devs
    ? temps('Temperature')
    : figures.numbers(
        'temp_now_max',
        old.map((b) => own(b, 'temp_now_max')),
        TEMPERATURE_C,
        '°C',
        { dropZero: true },
      )
  const chipMax = temps('Chip Temp Max')
  const chipAverage = temps('Chip Temp Avg')
  const env = figures.number('Env Temp', own(summary, 'Env Temp'), TEMPERATURE_C, '°C')

  const seen = machineState({
    asleep: off,
    rate: current,
    expected: expectedThs,
    ratesUnbelieved: current === null && candidates.length > 0 && figures.problems.some((p) => p.reason.startsWith('implausible')),
    hottestC: hottest(boardTemps, chipMax),
  })
  const asleep = seen.state === 'sleeping'
  const standIn = !asleep && candidates.length === 0 && average !== null
  if (standIn) figures.problem('hashrate_ths', 'only a lifetime average was sent; it stands in', own(summary, 'MHS av'))

  const power = figures.number('Power', own(summary, 'Power'), POWER_W, 'W')
  const noPower = power === 0 && seen.isMining === true
  if (noPower) figures.problem('Power', '0 W from a machine that hashes is not a measurement', 0)

  const fansRaw = ['Fan Speed In', 'Fan Speed Out'].map((key) => own(summary, key))
  const fansRpm = figures.numbers('Fan Speed', fansRaw, FAN_RPM, 'rpm')
  const macSaid = asText(own(summary, 'MAC')) ?? asText(own(info, 'mac'))
  if (macSaid !== null && !isMac(macSaid)) figures.problem('mac', 'not a hardware address', macSaid)

  const listed = errorsOf(summary, responses, figures)
  const badChips = old.flatMap((board, i) => {
    const bad = figures.number('err_chips', own(board, 'err_chips'), CHIPS, 'chips') ?? 0
    return bad > 0 ? [{ code: null, message: `board ${i}: ${bad} of ${asLabel(own(board, 'chip_num')) ?? '?'} chips do not answer` }] : []
  })
  const hot = seen.state === 'overheated' ? [{ code: null, message: `stopped at ${hottest(boardTemps, chipMax)} °C` }] : []
  const errors = [...(listed ?? []), ...badChips, ...hot]

  const api = apiVersion(own(version, 'api_ver')) ?? apiVersion(own(answerOf(responses, 'status'), 'Description'))
  return makeReading(
    {
      family: 'whatsminer',
      protocol: api?.startsWith('1.') || (api === null && own(summary, 'HS RT') === undefined && summary) ? 'btminer-v1' : 'btminer-v2',
      ...seen,
      observedAtMs,
      problems: figures.problems,
    },
    {
      model: asText(own(section(responses, 'devdetails')?.[0], 'Model')),
      firmwareVersion:
        unquoted(own(version, 'fw_ver')) ?? unquoted(own(summary, 'Firmware Version')) ?? unquoted(own(status, 'Firmware Version')),
      apiVersion: api,
      mac: macSaid !== null && isMac(macSaid) ? macSaid : null,
      serial: asLabel(own(info, 'minersn')),
      hostname: asText(own(info, 'hostname')),
      hashrateThs: current ?? (asleep ? 0 : standIn ? average : null),
      hashrateAvgThs: average,
      expectedHashrateThs: expectedThs,
      wattageW: noPower ? null : power,
      wattageSource: noPower || power === null ? null : 'reported',
      powerLimitW: figures.number('Power Limit', own(summary, 'Power Limit'), POWER_W, 'W'),
      envTempC: env,
      boardTempsC: boardTemps,
      // The hottest chip of each board is what trips a protection; the averages belong to the list of all sensors.
      chipTempsC: chipMax,
      allTempsC: [...(env === null || env === 0 ? [] : [env]), ...boardTemps, ...chipAverage],
      fansRpm,
      // Off, btminer names no fan, and none turns.
      fanCount: fansRaw.every((raw) => raw === undefined) ? (asleep ? 0 : null) : fansRpm.length,
      boardCount: devs ? devs.length : old.length > 0 ? old.length : null,
      boardChips: figures.numbers(
        'Effective Chips',
        (devs ?? []).map((board) => own(board, 'Effective Chips')),
        CHIPS,
        'chips',
      ),
      uptimeS: figures.number('Elapsed', own(summary, 'Elapsed'), UPTIME_S, 's'),
      ...readPools(figures, section(responses, 'pools')),
      hasErrors: errors.length > 0 ? true : listed === null && old.length === 0 ? null : false,
      errors,
    },
  )
}

/**
 * One joined request for everything cgminer knows; what a firmware leaves out of it is asked for apart, and `status`
 * only where nothing is hashed: then it says whether somebody switched mining off.
 */
const askV2 = async (link: Link): Promise<Result<void>> => {
  const joined = await link.rpc('summary+edevs+pools+devdetails')
  if (isGone(joined)) return joined
  const have = (command: string) => answerOf(link.responses(), command) !== null

  const summaryAnswer = have('summary') ? null : await link.rpc('summary')
  if (summaryAnswer && isGone(summaryAnswer)) return summaryAnswer
  const summary = section(link.responses(), 'summary')?.[0] ?? null
  if (summary) {
    if (!have('edevs') && !(await link.rpc('edevs')).ok) await link.rpc('devs')
    if (!have('pools')) await link.rpc('pools')
    if (!have('devdetails')) await link.rpc('devdetails')
    if (!have('get_version') && own(summary, 'Firmware Version') === undefined) await link.rpc('get_version')
    if (own(summary, 'MAC') === undefined) await link.rpc('get_miner_info')
    if (own(summary, 'Error Code Count') === undefined) await link.rpc('get_error_code')
  }
  const hashes = ['HS RT', 'MHS 5s'].some((key) => {
    const raw = own(summary, key)
    return typeof raw === 'number' && raw > 0
  })
  if (!hashes) {
    const status = await link.rpc('status')
    if (!summary && !status.ok) return summaryAnswer && !summaryAnswer.ok ? summaryAnswer : status
  }
  return { ok: true, value: undefined }
}

const ask = async (link: Link): Promise<Result<void>> => {
  if (link.address.apiPort === V3_PORT || isWhatsminerV3(link.responses())) return await askWhatsminerV3(link)
  const asked = await askV2(link)
  // One that takes a connection and then says nothing has used up its time.
  if (asked.ok || asked.failure.kind === 'timeout' || asked.failure.kind === 'too-large') return asked
  return (await askWhatsminerV3(link)).ok ? { ok: true, value: undefined } : asked
}

export const whatsminer = driver({
  family: 'whatsminer',
  furtherPorts: [V3_PORT],
  recognises: ({ text }) =>
    /BTMINER|BITMICRO|WHATSMINER|"HS RT"|"FACTORY GHS"|"ID":\s*"SM\d/.test(text) || /\bGET\.(MINER\.STATUS|DEVICE\.INFO)\b/.test(text),
  ask,
  parse,
})
