/**
 * Bitdeer SealMiner, stock: bdminer's cgminer JSON on TCP 4028, no login. One member of STATS holds the whole machine,
 * a board's figures under its number and a space (`0 Chip Count`, `2 Temp 3`), power as the power supply measures it at
 * its input (hardware protocols 12).
 */
import { failed, type Result } from '#shared/result.ts'
import { thFromMh } from '#shared/units.ts'
import { driver, type Link, makeReading, type Responses } from './driver.ts'
import { BOARDS, believedPower, CHIPS, FAN_RPM, macOf, makeFigures, POWER_W, positive, TEMPERATURE_C, UPTIME_S } from './figures.ts'
import { hottest, machineState } from './machine-state.ts'
import { isUnbelieved } from './other-rates.ts'
import { asFields, asLabel, asText, own, ownOf } from './own-fields.ts'
import { readPools } from './pools.ts'
import { section } from './protocol/cgminer.ts'
import { webAnswer } from './protocol/web-answer.ts'

const MAX_BOARDS = 16
const MAX_SENSORS = 16
/** `Running`, and what it says once suspended. */
const SUSPENDED = /suspend|sleep|stand\s*by|stop|power\s*off/i
/** Codes of no error: empty, 0, `0x00000000`. */
const NO_ERROR = /^(0x)?0*$/i

const parse = (responses: Responses, observedAtMs: number) => {
  const figures = makeFigures()
  const stats =
    section(responses, 'stats')?.find((m) =>
      ['MHS(Sample)', 'Board Count', 'PM State', '0 Chip Count'].some((key) => own(m, key) !== undefined),
    ) ?? null
  const summary = section(responses, 'summary')?.[0] ?? null
  if (!stats && !summary) return failed('unexpected-reply', 'the answers hold no stats and no summary of a SealMiner')
  const version = section(responses, 'version')?.[0] ?? null
  const system = asFields(webAnswer(responses, '/cgi-bin/get_system_info.php'))
  const psu = asFields(webAnswer(responses, '/cgi-bin/miner_psu_status.php'))

  const mhs = (field: string, from = stats) => ({ field, raw: own(from, field), toThs: thFromMh })
  const expected = positive(figures.rate(mhs('MHS(Rated)'), null) ?? figures.rate(mhs('MHS(Ideal)'), null))
  // What the chips found just now, then ever longer spans. The summary's `MHS 5s` counts a handful of shares (368 TH/s
  // from a machine of 231): it comes after them, and is named where it cannot be.
  const candidates = [
    ...['MHS(Sample)', 'MHS(30s)', 'MHS(1m)', 'MHS(2m)', 'MHS(5m)', 'MHS(15m)'].map((field) => mhs(field)),
    ...['MHS 5s', 'MHS 1m', 'MHS 5m', 'MHS 15m'].map((field) => mhs(field, summary)),
  ].filter(({ raw }) => raw !== undefined && raw !== null && raw !== '')
  const current = figures.mostCurrent(candidates, expected)
  const spike = mhs('MHS 5s', summary)
  if (current !== null && spike.raw !== undefined) figures.rate(spike, expected)
  const averageFrom = own(summary, 'MHS av') === undefined ? mhs('MHS(Avg)') : mhs('MHS av', summary)
  const average = figures.rate(averageFrom, expected)

  const boardCount = figures.number('Board Count', own(stats, 'Board Count'), BOARDS, 'boards')
  const indexes = Array.from({ length: MAX_BOARDS }, (_, i) => i)
  const boards = indexes.filter((i) => own(stats, `${i} Chip Count`) !== undefined || own(stats, `${i} Online`) !== undefined)
  const chips = boards.map((i) => figures.number(`${i} Chip Count`, own(stats, `${i} Chip Count`), CHIPS, 'chips'))
  const sensors = boards.map((i) =>
    figures.numbers(
      `${i} Temp`,
      Array.from({ length: MAX_SENSORS }, (_, k) => own(stats, `${i} Temp ${k}`)),
      TEMPERATURE_C,
      '°C',
      { dropZero: true },
    ),
  )
  const hottestOfBoards = sensors.flatMap((list) => hottest(list) ?? [])
  const fansRpm = figures.numbers(
    'Speed',
    indexes.map((i) => own(stats, `${i} Speed`)),
    FAN_RPM,
    'rpm',
  )
  const state = asText(own(stats, 'PM State'))
  const asleepSaid = state === null ? null : SUSPENDED.test(state)
  const seen = machineState({
    asleep: asleepSaid,
    rate: current,
    expected,
    ratesUnbelieved: isUnbelieved(figures, current),
    hottestC: hottest(hottestOfBoards),
  })
  const asleep = seen.state === 'sleeping'
  const standIn = !asleep && candidates.length === 0 && average !== null
  if (standIn) figures.problem('hashrate_ths', 'only a lifetime average was sent; it stands in', averageFrom.raw)

  const watts = believedPower(
    figures,
    'PSU Input Power',
    figures.number('PSU Input Power', ownOf(stats, 'PSU Input Power') ?? own(psu, 'Power'), POWER_W, 'W'),
    seen.isMining,
  )
  const limit = figures.number('Power Limit', own(stats, 'Power Limit'), POWER_W, 'W')
  const errors: { code: string | null; message: string }[] = ['Error Code', 'PSU Error'].flatMap((key) => {
    const code = asLabel(own(stats, key))
    return code === null || NO_ERROR.test(code) ? [] : [{ code, message: `${key} ${code}` }]
  })
  for (const i of boards) {
    const bad = figures.number(`${i} Bad Chip Count`, own(stats, `${i} Bad Chip Count`), CHIPS, 'chips') ?? 0
    if (own(stats, `${i} Online`) === false && !asleep) errors.push({ code: null, message: `board ${i} is not online` })
    else if (bad > 0)
      errors.push({ code: null, message: `board ${i}: ${bad} of ${asLabel(own(stats, `${i} Chip Count`)) ?? '?'} chips do not answer` })
  }
  if (seen.state === 'overheated') errors.push({ code: null, message: `stopped at ${hottest(hottestOfBoards)} °C` })

  return makeReading(
    { family: 'sealminer', protocol: 'cgminer-sealminer', ...seen, observedAtMs, problems: figures.problems },
    {
      model: asText(ownOf(stats, 'Model') ?? own(system, 'miner_type'))?.replace(/^(?!seal)/i, 'SealMiner ') ?? null,
      firmwareVersion: asLabel(ownOf(stats, 'Firmware') ?? own(system, 'firmware_version')),
      apiVersion: asLabel(own(version, 'API')),
      mac: macOf(figures, ownOf(stats, 'MAC') ?? own(system, 'macaddr')),
      serial: asLabel(ownOf(stats, 'Ctrl Board SN') ?? own(system, 'crtl_sn')),
      hashrateThs: current ?? (asleep ? 0 : standIn ? average : null),
      hashrateAvgThs: average,
      expectedHashrateThs: expected,
      wattageW: watts,
      wattageSource: watts === null ? null : 'reported',
      // The firmware raises the frequency until this is reached: limit and target are one figure.
      powerLimitW: limit,
      powerTargetW: limit,
      boardTempsC: hottestOfBoards,
      allTempsC: sensors.flat(),
      fansRpm,
      fanCount: figures.number('Fan Count', own(stats, 'Fan Count'), { min: 0, max: 64 }, 'fans') ?? positive(fansRpm.length),
      boardCount: positive(boardCount) ?? positive(boards.length),
      boardChips: chips.flatMap((n) => n ?? []),
      uptimeS: figures.number('Elapsed', ownOf(stats, 'Elapsed') ?? own(summary, 'Elapsed'), UPTIME_S, 's'),
      ...readPools(figures, section(responses, 'pools')),
      hasErrors: stats === null ? null : errors.length > 0,
      errors,
    },
  )
}

/** `stats` holds everything but the pools. */
const ask = async (link: Link): Promise<Result<void>> => {
  const stats = await link.rpc('stats')
  if (!stats.ok) return stats
  await link.rpc('pools')
  return { ok: true, value: undefined }
}

export const sealminer = driver({
  family: 'sealminer',
  recognises: ({ text }) => /BDMINER|SEALMINER|AMAZEUI/.test(text),
  ask,
  parse,
})
