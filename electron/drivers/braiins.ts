/**
 * Braiins OS and OS+ on Antminers and its own minis: GraphQL up to 25.05, REST from 25.07, and BOSminer's cgminer API on
 * every version before (hardware protocols 6). No version names another: `version` says BOSminer or BOSer and a build.
 */
import { failed, type Result } from '#shared/result.ts'
import { thFromMh } from '#shared/units.ts'
import { GRAPHQL_READING, GRAPHQL_READING_2021, isBraiinsGraphql, parseBraiinsGraphql } from './braiins-graphql.ts'
import { isBraiinsRest, parseBraiinsRest, REST_LOGIN, REST_PATHS } from './braiins-rest.ts'
import { type Credentials, driver, isGone, type Link, makeReading, type Responses } from './driver.ts'
import { believedPower, FAN_PCT, FAN_RPM, makeFigures, POWER_W, positive, TEMPERATURE_C, UPTIME_S } from './figures.ts'
import { hottest, machineState } from './machine-state.ts'
import { asFields, asLabel, asList, asText, own, ownOf } from './own-fields.ts'
import { readPools } from './pools.ts'
import { answerOf, section } from './protocol/cgminer.ts'
import { dig } from './protocol/web-answer.ts'

/** What the machine is delivered with; used only where nothing was entered and REST wants a login to read. */
const FACTORY_LOGIN: Credentials = { user: 'root', password: 'root' }
const COMMANDS = ['summary', 'devs', 'pools', 'fans', 'temps', 'tunerstatus'] as const

const parseCgminer = (responses: Responses, observedAtMs: number) => {
  const figures = makeFigures()
  const summary = section(responses, 'summary')?.[0] ?? null
  if (!summary) return failed('unexpected-reply', 'the answers hold no summary of a Braiins machine')
  const devs = section(responses, 'devs')
  const tuner = section(responses, 'tunerstatus')?.[0] ?? null
  const version = section(responses, 'version')?.[0] ?? null
  const temps = section(responses, 'temps')

  const nominal = (devs ?? []).map((board, i) =>
    figures.rate({ field: `Nominal MHS[${i}]`, raw: own(board, 'Nominal MHS'), toThs: thFromMh }, null),
  )
  const expectedThs = nominal.includes(null) ? null : positive(nominal.reduce<number>((sum, n) => sum + (n ?? 0), 0))
  const mhs = (field: string) => ({ field, raw: own(summary, field), toThs: thFromMh })
  const candidates = ['MHS 5s', 'MHS 1m', 'MHS 5m', 'MHS 15m'].map(mhs).filter(({ raw }) => raw !== undefined)
  const current = figures.mostCurrent(candidates, expectedThs)
  const average = figures.rate(mhs('MHS av'), expectedThs)

  const read = (field: string, raws: readonly unknown[]) => figures.numbers(field, raws, TEMPERATURE_C, '°C', { dropZero: true })
  const boardTemps = temps
    ? read(
        'Board',
        temps.map((t) => own(t, 'Board')),
      )
    : read(
        'Temperature',
        (devs ?? []).map((board) => own(board, 'Temperature')),
      )
  const chipTemps = read(
    'Chip',
    (temps ?? []).map((t) => own(t, 'Chip')),
  )
  const seen = machineState({
    asleep: null,
    rate: current,
    expected: expectedThs,
    ratesUnbelieved: current === null && figures.problems.some((p) => p.reason.startsWith('implausible')),
    hottestC: hottest(boardTemps, chipTemps),
  })
  const standIn = candidates.length === 0 && average !== null
  if (standIn) figures.problem('hashrate_ths', 'only a lifetime average was sent; it stands in', own(summary, 'MHS av'))

  // Four slots are listed whatever is plugged in: those at 0 count only where no fan turns at all.
  const fans = section(responses, 'fans')
  const column = (key: string, bounds: typeof FAN_RPM, unit: string) =>
    figures.numbers(
      key,
      (fans ?? []).map((fan) => own(fan, key)),
      bounds,
      unit,
    )
  const slots = column('RPM', FAN_RPM, 'rpm')
  const fansRpm = slots.some((rpm) => rpm > 0) ? slots.filter((rpm) => rpm > 0) : slots
  const power = believedPower(
    figures,
    'ApproximateMinerPowerConsumption',
    figures.number('ApproximateMinerPowerConsumption', own(tuner, 'ApproximateMinerPowerConsumption'), POWER_W, 'W'),
    seen.isMining,
  )
  const errors = (devs ?? []).flatMap((board) => {
    const status = asText(own(board, 'Status'))
    return status === null || status === 'Alive' ? [] : [{ code: null, message: `board ${asLabel(own(board, 'ID')) ?? '?'}: ${status}` }]
  })
  if (seen.state === 'overheated') errors.push({ code: null, message: `stopped at ${hottest(boardTemps, chipTemps)} °C` })

  return makeReading(
    { family: 'braiins', protocol: 'braiins-cgminer', ...seen, observedAtMs, problems: figures.problems },
    {
      model: asText(asText(own(section(responses, 'devdetails')?.[0], 'Model'))?.replace(/^Bitmain /i, '')),
      firmwareVersion: asText(ownOf(version, 'BOSminer+', 'BOSminer', 'BOSer')),
      apiVersion: asLabel(own(version, 'API')),
      hashrateThs: current ?? (standIn ? average : null),
      hashrateAvgThs: average,
      expectedHashrateThs: expectedThs,
      wattageW: power,
      wattageSource: power === null ? null : 'estimated_by_firmware',
      powerTargetW: figures.number('PowerLimit', own(tuner, 'PowerLimit'), POWER_W, 'W'),
      boardTempsC: boardTemps,
      chipTempsC: chipTemps,
      allTempsC: [...boardTemps, ...chipTemps],
      fansRpm,
      fansPct: column('Speed', FAN_PCT, '%'),
      fanCount: fans ? fansRpm.length : null,
      boardCount: (devs ?? temps)?.length || null,
      uptimeS: figures.number('Elapsed', own(summary, 'Elapsed'), UPTIME_S, 's'),
      ...readPools(figures, section(responses, 'pools')),
      hasErrors: errors.length > 0 ? true : devs ? false : null,
      errors,
    },
  )
}

/** The richest of the three that answered. */
const parse = (responses: Responses, observedAtMs: number) =>
  isBraiinsRest(responses)
    ? parseBraiinsRest(responses, observedAtMs)
    : isBraiinsGraphql(responses)
      ? parseBraiinsGraphql(responses, observedAtMs)
      : parseCgminer(responses, observedAtMs)

const askGraphql = async (link: Link): Promise<boolean> => {
  const query = (text: string) => link.post('/graphql', { json: { query: text } }, 'graphql reading')
  const answer = await query(GRAPHQL_READING)
  if (isBraiinsGraphql(link.responses())) return true
  // A version that does not know one of the fields refuses the whole query.
  const complains = answer.ok && asList(own(asFields(answer.value), 'errors')).some((e) => /field/i.test(asText(dig(e, 'message')) ?? ''))
  if (complains) await query(GRAPHQL_READING_2021)
  return isBraiinsGraphql(link.responses())
}

const askRest = async (link: Link): Promise<boolean> => {
  const { user, password } = link.login(FACTORY_LOGIN)
  const login = await link.post(REST_LOGIN, { json: { username: user, password } }, null)
  const token = login.ok ? asText(dig(login.value, 'token')) : null
  if (token === null) return false
  for (const path of REST_PATHS) {
    const answer = await link.web(path, undefined, { headers: { authorization: token } })
    if (isGone(answer)) break
  }
  return isBraiinsRest(link.responses())
}

const askCgminer = async (link: Link): Promise<Result<void>> => {
  const joined = await link.rpc(COMMANDS.join('+'))
  if (isGone(joined)) return joined
  for (const command of COMMANDS) {
    if (answerOf(link.responses(), command) !== null) continue
    const answer = await link.rpc(command)
    if (isGone(answer) && command === 'summary') return answer
    if (isGone(answer)) break
  }
  return { ok: true, value: undefined }
}

const ask = async (link: Link): Promise<Result<void>> => {
  if (link.address.webPort !== null && ((await askGraphql(link)) || (await askRest(link)))) return { ok: true, value: undefined }
  return askCgminer(link)
}

export const braiins = driver({ family: 'braiins', recognises: ({ text }) => /BOSMINER|BOSER\b|BRAIINS OS/.test(text), ask, parse })
