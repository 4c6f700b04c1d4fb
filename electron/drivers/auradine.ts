/**
 * Auradine Teraflux (FluxOS): cgminer JSON on TCP 4028 for rates and pools, REST on 8080 behind a token for power, mode,
 * fans and temperatures (hardware protocols 10). Figures come with their unit glued on: `58.94W`, `4052.00 RPM`.
 */
import { failed, type Result } from '#shared/result.ts'
import { thFromMh, thPerSecond } from '#shared/units.ts'
import { type Credentials, driver, isFirstContact, isGone, type Link, makeReading, type Responses } from './driver.ts'
import { BOARDS, believedPower, COUNT, FAN_RPM, macOf, makeFigures, POWER_W, positive, TEMPERATURE_C, UPTIME_S } from './figures.ts'
import { hottest, machineState } from './machine-state.ts'
import { asFields, asLabel, asList, asText, type Fields, firstFields, own, ownOf } from './own-fields.ts'
import { readPools } from './pools.ts'
import { answerOf, section } from './protocol/cgminer.ts'
import { dig, webAnswer } from './protocol/web-answer.ts'

const PORT = 8080
const FACTORY_LOGIN: Credentials = { user: 'admin', password: 'admin' }
const COMMANDS = ['summary', 'devs', 'pools'] as const

/** The list a page is named after: `/psu` answers `{"PSU":[…]}`. */
const listAt = (responses: Responses, path: string, name: string): readonly unknown[] | null => {
  const list = dig(webAnswer(responses, path, PORT), name)
  return Array.isArray(list) ? list.slice(0, 64) : null
}
const firstAt = (responses: Responses, path: string, name: string): Fields | null => firstFields(listAt(responses, path, name))

/** `58.94W` without its W, `4052.00 RPM` without its RPM; another unit stays and is refused. */
const without = (unit: RegExp, raw: unknown): unknown => (typeof raw === 'string' ? raw.trim().replace(unit, '').trim() : raw)

const parse = (responses: Responses, observedAtMs: number) => {
  const figures = makeFigures()
  const summary = section(responses, 'summary')?.[0] ?? null
  if (!summary) return failed('unexpected-reply', 'the answers hold no summary of an Auradine machine')
  const mode = firstAt(responses, '/mode', 'Mode')
  const psu = firstAt(responses, '/psu', 'PSU')
  const report = firstAt(responses, '/ipreport', 'IPReport')
  const version = section(responses, 'version')?.[0] ?? null
  const devs = section(responses, 'devs')
  const boards = listAt(responses, '/temperature', 'Temperature')?.filter((board) => dig(board, 'ID') !== 0) ?? []

  const expectedThs =
    positive(figures.rate({ field: 'Ths', raw: own(mode, 'Ths'), toThs: thPerSecond }, null)) ??
    positive(figures.rate({ field: 'ThsThrottle', raw: own(summary, 'ThsThrottle'), toThs: thPerSecond }, null))
  const mhs = (field: string) => ({ field, raw: own(summary, field), toThs: thFromMh })
  const candidates = ['MHS 5s', 'MHS 30s', 'MHS 1m', 'MHS 5m', 'MHS 15m'].map(mhs).filter(({ raw }) => raw !== undefined)
  const current = figures.mostCurrent(candidates, expectedThs)
  const average = figures.rate(mhs('MHS av'), expectedThs)

  const read = (field: string, raws: readonly unknown[]) => figures.numbers(field, raws, TEMPERATURE_C, '°C', { dropZero: true })
  const sensors = (key: string) =>
    read(
      key,
      boards.flatMap((board) => asList(dig(board, key)).map((sensor) => dig(sensor, 'Temperature'))),
    )
  const listed = sensors('BoardTemp')
  const boardTemps =
    listed.length > 0
      ? listed
      : read(
          'Temperature',
          (devs ?? []).map((board) => own(board, 'Temperature')),
        )
  const chipTemps = sensors('ChipTemp')
  const sleep = own(mode, 'Sleep')
  const seen = machineState({
    asleep: sleep === 'on' || sleep === true ? true : sleep === 'off' || sleep === false ? false : null,
    rate: current,
    expected: expectedThs,
    ratesUnbelieved: current === null && figures.problems.some((p) => p.reason.startsWith('implausible')),
    hottestC: hottest(boardTemps, chipTemps),
  })
  const asleep = seen.state === 'sleeping'
  const standIn = !asleep && candidates.length === 0 && average !== null
  if (standIn) figures.problem('hashrate_ths', 'only a lifetime average was sent; it stands in', own(summary, 'MHS av'))

  const inSummary = figures.number('Wattage', own(summary, 'Wattage'), POWER_W, 'W')
  const input = inSummary ?? figures.number('PowerIn', without(/W(atts?)?$/i, own(psu, 'PowerIn')), POWER_W, 'W')
  const wattage = believedPower(figures, 'PowerIn', input, seen.isMining)
  const fans = listAt(responses, '/fan', 'Fan')
  const counts = section(responses, 'asccount')?.[0] ?? null
  const boardCount = positive(figures.number('BoardCount', own(counts, 'BoardCount'), BOARDS, 'boards'))
  const chips = figures.number('AsicCount', own(counts, 'AsicCount'), COUNT, 'chips')
  const share = boardCount !== null && chips !== null && chips % boardCount === 0 ? chips / boardCount : null
  const errors = (devs ?? []).flatMap((board, i) => {
    const status = asText(own(board, 'Status'))
    return status === null || /^alive$/i.test(status)
      ? []
      : [{ code: null, message: `board ${asLabel(own(board, 'ID')) ?? i + 1}: ${status}` }]
  })
  if (seen.state === 'overheated') errors.push({ code: null, message: `stopped at ${hottest(boardTemps, chipTemps)} °C` })

  return makeReading(
    {
      family: 'auradine',
      protocol: mode || psu || report || fans ? 'cgminer+auradine-web' : 'cgminer',
      ...seen,
      observedAtMs,
      problems: figures.problems,
    },
    {
      model: asText(own(report, 'model')),
      firmwareVersion: asLabel(ownOf(report, 'version') ?? ownOf(version, 'FluxOS', 'GCMiner')),
      apiVersion: asLabel(own(version, 'API')),
      mac: macOf(figures, own(report, 'mac')),
      serial: asLabel(own(report, 'SerialNo')),
      hostname: asText(own(report, 'hostname')),
      hashrateThs: current ?? (asleep ? 0 : standIn ? average : null),
      hashrateAvgThs: average,
      expectedHashrateThs: expectedThs,
      wattageW: wattage,
      wattageSource: wattage === null ? null : 'reported',
      powerTargetW: figures.number('Power', own(mode, 'Power'), POWER_W, 'W'),
      boardTempsC: boardTemps,
      chipTempsC: chipTemps,
      allTempsC: [...boardTemps, ...chipTemps],
      fansRpm: figures.numbers(
        'Speed',
        (fans ?? []).map((fan) => without(/RPM$/i, dig(fan, 'Speed'))),
        FAN_RPM,
        'rpm',
      ),
      fanCount: fans ? fans.length : null,
      boardCount: boardCount ?? (devs && devs.length > 0 ? devs.length : boards.length > 0 ? boards.length : null),
      boardChips:
        share === null || boardCount === null || boardCount > 64 || share > 10_000 ? [] : new Array<number>(boardCount).fill(share),
      uptimeS: figures.number('Elapsed', own(summary, 'Elapsed'), UPTIME_S, 's'),
      ...readPools(figures, section(responses, 'pools')),
      hasErrors: errors.length > 0 ? true : devs ? false : null,
      errors,
    },
  )
}

/** Three questions over the API (in one where it joins them), a token, then power, mode and fans. */
const ask = async (link: Link): Promise<Result<void>> => {
  const isNew = isFirstContact(link)
  const joined = await link.rpc(COMMANDS.join('+'))
  if (isGone(joined)) return joined
  for (const command of COMMANDS) {
    if (answerOf(link.responses(), command) !== null) continue
    const answer = await link.rpc(command)
    if (!answer.ok && command === 'summary') return answer
    if (isGone(answer)) break
  }
  if (isNew) await link.rpc('asccount')
  const { user, password } = link.login(FACTORY_LOGIN)
  const login = await link.post('/token', { json: { command: 'token', user, password } }, null, { port: PORT })
  const token = login.ok ? asText(dig(asList(own(asFields(login.value), 'Token'))[0], 'Token')) : null
  if (token === null) return { ok: true, value: undefined }
  for (const path of ['/psu', '/mode', '/fan', ...(isNew ? ['/ipreport'] : [])])
    if (isGone(await link.web(path, undefined, { port: PORT, headers: { Token: token } }))) break
  return { ok: true, value: undefined }
}

export const auradine = driver({
  family: 'auradine',
  furtherPorts: [PORT],
  recognises: ({ text }) => /GCMINER|FLUXOS|\bMINER UI\b/.test(text),
  ask,
  parse,
})
