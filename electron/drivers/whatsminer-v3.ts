/**
 * Whatsminer firmware from late 2024 on, API v3 (port 4433, length-prefixed JSON; hardware protocols 4.3): the meaning
 * of its answers. Rates are TH/s here, where v1 and v2 say MH/s.
 */
import { failed, type Result } from '#shared/result.ts'
import { thPerSecond } from '#shared/units.ts'
import { isGone, type Link, makeReading, type Responses } from './driver.ts'
import { CHIPS, FAN_RPM, makeFigures, POWER_W, TEMPERATURE_C, UPTIME_S } from './figures.ts'
import { hottest, machineState } from './machine-state.ts'
import { asFields, asLabel, asList, asText, type Fields, isMac, own } from './own-fields.ts'
import { readPools } from './pools.ts'

export const isWhatsminerV3 = (responses: Responses): boolean => Object.keys(responses).some((key) => /^get\.(device|miner)\./.test(key))

/** `code` 0 is success; what was asked for is under `msg`. */
const messageOf = (responses: Responses, key: string): Fields | null => {
  const answer = asFields(own(responses, key))
  return own(answer, 'code') === 0 ? asFields(own(answer, 'msg')) : null
}

/**
 * Who it is and whether it works, its figures, boards and pools: a connection each, for the firmware joins nothing. Four
 * questions a sweep; the first also carries the errors.
 */
export const askWhatsminerV3 = async (link: Link): Promise<Result<void>> => {
  const info = isWhatsminerV3(link.responses()) ? null : await link.framed('get.device.info')
  if (info && isGone(info)) return info
  const summary = await link.framed('get.miner.status', 'summary')
  if (isGone(summary) || (info && !info.ok && !summary.ok)) return summary
  await link.framed('get.miner.status', 'edevs')
  await link.framed('get.miner.status', 'pools')
  return { ok: true, value: undefined }
}

export const parseWhatsminerV3 = (responses: Responses, observedAtMs: number) => {
  const figures = makeFigures()
  const device = messageOf(responses, 'get.device.info')
  const miner = asFields(own(device, 'miner'))
  const summary = asFields(own(messageOf(responses, 'get.miner.status summary'), 'summary'))
  const working = own(miner, 'working')
  if (!summary && working === undefined) return failed('unexpected-reply', 'the answers hold no summary of a Whatsminer')
  const system = asFields(own(device, 'system'))
  const network = asFields(own(device, 'network'))
  const devs = asList(own(messageOf(responses, 'get.miner.status edevs'), 'edevs')).map(asFields)
  const pools = own(messageOf(responses, 'get.miner.status pools'), 'pools')

  const ths = (field: string) => ({ field, raw: own(summary, field), toThs: thPerSecond })
  const expected = figures.rate(ths('factory-hash'), null)
  const expectedThs = expected !== null && expected > 0 ? expected : null
  const current = figures.mostCurrent(['hash-realtime', 'hash-1min', 'hash-5min', 'hash-15min'].map(ths), expectedThs)
  const boardTemps = figures.numbers('board-temperature', asList(own(summary, 'board-temperature')), TEMPERATURE_C, '°C', {
    dropZero: true,
  })
  const chipMax = figures.numbers(
    'chip-temp-max',
    devs.map((board) => own(board, 'chip-temp-max')),
    TEMPERATURE_C,
    '°C',
    { dropZero: true },
  )
  const chipAverage = figures.numbers(
    'chip-temp-avg',
    devs.map((board) => own(board, 'chip-temp-avg')),
    TEMPERATURE_C,
    '°C',
    { dropZero: true },
  )
  const env = figures.number('environment-temperature', own(summary, 'environment-temperature'), TEMPERATURE_C, '°C')
  const seen = machineState({
    asleep: working === 'false' || working === false ? true : working === undefined ? null : false,
    rate: current,
    expected: expectedThs,
    ratesUnbelieved: current === null && figures.problems.some((p) => p.reason.startsWith('implausible')),
    hottestC: hottest(boardTemps, chipMax),
  })
  const fansRaw = ['fan-speed-in', 'fan-speed-out'].map((key) => own(summary, key))
  const fansRpm = figures.numbers('fan-speed', fansRaw, FAN_RPM, 'rpm')
  const power = figures.number('power-realtime', own(summary, 'power-realtime'), POWER_W, 'W')
  const noPower = power === 0 && seen.isMining === true
  if (noPower) figures.problem('power-realtime', '0 W from a machine that hashes is not a measurement', 0)
  const mac = asText(own(network, 'mac'))
  if (mac !== null && !isMac(mac)) figures.problem('mac', 'not a hardware address', mac)
  const errors = asList(own(device, 'error-code'))
    .slice(0, 64)
    .flatMap((entry) => {
      const fields = asFields(entry)
      const code = Object.keys(fields ?? {}).find((key) => /^\d+$/.test(key)) ?? null
      const reason = asText(own(fields, 'reason'))
      return code === null && reason === null ? [] : [{ code, message: reason ?? `Whatsminer error code ${code}` }]
    })

  return makeReading(
    { family: 'whatsminer', protocol: 'btminer-v3', ...seen, observedAtMs, problems: figures.problems },
    {
      model: asText(own(miner, 'type')),
      firmwareVersion: asText(own(system, 'fwversion')),
      apiVersion: asLabel(own(system, 'api')),
      mac: mac !== null && isMac(mac) ? mac : null,
      serial: asLabel(own(miner, 'miner-sn')),
      hostname: asText(own(network, 'hostname')),
      hashrateThs: current ?? (seen.state === 'sleeping' ? 0 : null),
      hashrateAvgThs: figures.rate(ths('hash-average'), expectedThs),
      expectedHashrateThs: expectedThs,
      wattageW: noPower ? null : power,
      wattageSource: noPower || power === null ? null : 'reported',
      powerLimitW: figures.number('power-limit', own(summary, 'power-limit'), POWER_W, 'W'),
      envTempC: env,
      boardTempsC: boardTemps,
      chipTempsC: chipMax,
      allTempsC: [...(env === null ? [] : [env]), ...boardTemps, ...chipAverage],
      fansRpm,
      fanCount: fansRaw.every((raw) => raw === undefined) ? null : fansRpm.length,
      boardCount: devs.length > 0 ? devs.length : figures.number('board-num', own(miner, 'board-num'), { min: 0, max: 16 }, 'boards'),
      boardChips: figures.numbers(
        'effective-chips',
        devs.map((board) => own(board, 'effective-chips')),
        CHIPS,
        'chips',
      ),
      uptimeS: figures.number('elapsed', own(summary, 'elapsed'), UPTIME_S, 's'),
      ...readPools(figures, Array.isArray(pools) ? pools.map(asFields) : null),
      hasErrors: device === null ? null : errors.length > 0,
      errors,
    },
  )
}
