/**
 * BitAxe, NerdAxe and others that run ESP-Miner (AxeOS): one JSON page on port 80, no login (hardware protocols 11).
 * `hashRate` is GH/s, `power` W, `temp` the chip, `vrTemp` the voltage regulator, which stands for the board.
 */
import { failed, type Result } from '#shared/result.ts'
import { thFromGh } from '#shared/units.ts'
import { driver, type Link, makeReading, type Responses } from './driver.ts'
import { believedPower, CHIPS, COUNT, FAN_PCT, FAN_RPM, macOf, makeFigures, POWER_W, positive, TEMPERATURE_C, UPTIME_S } from './figures.ts'
import { machineState } from './machine-state.ts'
import { isUnbelieved, sentOf } from './other-rates.ts'
import { asFields, asLabel, asText, type Fields, own, ownOf } from './own-fields.ts'
import { webAnswer } from './protocol/web-answer.ts'

const INFO = '/api/system/info'
const ASIC = '/api/system/asic'

/** One chip, one model; firmware since 2.9 names it itself (`deviceModel`). */
const BY_CHIP: Readonly<Record<string, string>> = {
  BM1397: 'Bitaxe Max',
  BM1366: 'Bitaxe Ultra',
  BM1368: 'Bitaxe Supra',
  BM1370: 'Bitaxe Gamma',
}

const isSet = (raw: unknown): boolean | null =>
  raw === true || raw === 1 || raw === '1' ? true : raw === false || raw === 0 || raw === '0' ? false : null

/** Firmware writes host and port apart, on some with the scheme. */
const poolUrl = (info: Fields, url: string, port: string): string | null => {
  const host = asText(own(info, url))
  const number = asLabel(own(info, port))
  return host === null ? null : number === null || /:\d{1,5}$/.test(host) ? host : `${host}:${number}`
}

const parse = (responses: Responses, observedAtMs: number) => {
  const figures = makeFigures()
  const info = asFields(webAnswer(responses, INFO))
  if (!info || own(info, 'hashRate') === undefined) return failed('unexpected-reply', 'the answers hold no system information of ESP-Miner')
  const asic = asFields(webAnswer(responses, ASIC))

  const gh = (field: string) => ({ field, raw: own(info, field), toThs: thFromGh })
  const expected = positive(figures.rate(gh('expectedHashrate'), null))
  const candidates = sentOf(info, ['hashRate', 'hashRate_1m', 'hashRate_10m', 'hashRate_1h']).map(([field]) => gh(field))
  const current = figures.mostCurrent(candidates, expected)

  // −1 stands for "no sensor".
  const read = (keys: readonly string[]) =>
    figures.numbers(
      keys[0] ?? '',
      keys.map((key) => (own(info, key) === -1 ? undefined : own(info, key))),
      TEMPERATURE_C,
      '°C',
      { dropZero: true },
    )
  const chipTemps = read(['temp', 'temp2'])
  const boardTemps = read(['vrTemp'])
  const tooHot = isSet(own(info, 'overheat_mode')) === true
  const judged = machineState({
    asleep: isSet(own(info, 'miningPaused')),
    rate: current,
    expected,
    ratesUnbelieved: isUnbelieved(figures, current),
    hottestC: null,
  })
  const seen = judged.state === 'off' && tooHot ? { ...judged, state: 'overheated' as const } : judged
  const watts = believedPower(figures, 'power', figures.number('power', own(info, 'power'), POWER_W, 'W'), seen.isMining)
  const fansRpm = figures.numbers(
    'fanrpm',
    sentOf(info, ['fanrpm', 'fan2rpm']).map(([, raw]) => raw),
    FAN_RPM,
    'rpm',
  )

  const chips = figures.number('asicCount', ownOf(info, 'asicCount') ?? own(asic, 'asicCount'), CHIPS, 'chips')
  const chip = asText(ownOf(info, 'ASICModel') ?? own(asic, 'ASICModel'))
  const byChip = chip !== null && (chips ?? 1) === 1 && Object.hasOwn(BY_CHIP, chip) ? (BY_CHIP[chip] ?? null) : null
  const fault = asText(own(info, 'power_fault'))
  const errors = [
    ...(tooHot ? [{ code: 'overheat_mode', message: 'stopped because of heat' }] : []),
    ...(fault === null ? [] : [{ code: 'power_fault', message: fault }]),
  ]

  const onFallback = isSet(own(info, 'isUsingFallbackStratum'))
  const share = (key: string) => figures.number(key, own(info, key), COUNT, 'shares')
  const pools = [
    { url: poolUrl(info, 'stratumURL', 'stratumPort'), user: asText(own(info, 'stratumUser')), inUse: onFallback === false },
    {
      url: poolUrl(info, 'fallbackStratumURL', 'fallbackStratumPort'),
      user: asText(own(info, 'fallbackStratumUser')),
      inUse: onFallback === true,
    },
  ]
    .filter(({ url }) => url !== null)
    // The counters are the machine's; the pool in use is credited with them, of the other nothing is said.
    .map(({ url, user, inUse }) => ({
      url,
      user,
      alive: null,
      accepted: inUse ? share('sharesAccepted') : null,
      rejected: inUse ? share('sharesRejected') : null,
    }))

  return makeReading(
    { family: 'bitaxe', protocol: 'espminer-http', ...seen, observedAtMs, problems: figures.problems },
    {
      model: asText(ownOf(info, 'deviceModel') ?? own(asic, 'deviceModel')) ?? byChip ?? chip,
      firmwareVersion: asText(own(info, 'version')),
      // The interface has no version of its own: it is the firmware's.
      apiVersion: asText(own(info, 'version')),
      mac: macOf(figures, own(info, 'macAddr')),
      hostname: asText(own(info, 'hostname')),
      hashrateThs: current ?? (seen.state === 'sleeping' ? 0 : null),
      expectedHashrateThs: expected,
      wattageW: watts,
      wattageSource: watts === null ? null : 'reported',
      boardTempsC: boardTemps,
      chipTempsC: chipTemps,
      allTempsC: [...chipTemps, ...boardTemps],
      fansRpm,
      fansPct: figures.numbers(
        'fanspeed',
        sentOf(info, ['fanspeed', 'fan2speed']).map(([, raw]) => raw),
        FAN_PCT,
        '%',
      ),
      fanCount: positive(fansRpm.length),
      boardCount: 1,
      boardChips: chips === null ? [] : [chips],
      uptimeS: figures.number('uptimeSeconds', own(info, 'uptimeSeconds'), UPTIME_S, 's'),
      pools,
      poolCount: pools.length,
      hasErrors: errors.length > 0,
      errors,
    },
  )
}

const ask = async (link: Link): Promise<Result<void>> => {
  const info = await link.web(INFO)
  return info.ok ? { ok: true, value: undefined } : info
}

export const bitaxe = driver({
  family: 'bitaxe',
  recognises: ({ text }) => /AXEOS|NERDAXE|NERDQAXE|NERDOCTAXE|"ASICMODEL":\s*"BM13/.test(text),
  ask,
  parse,
})
