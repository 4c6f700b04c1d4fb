/**
 * Ebang Ebit, stock: JSON pages that are asked for by POST behind a login with a session cookie; each answer's matter is
 * under `feedback`. Rates as text with their unit (`12.44T`), the current one as a number in GH/s (`calValue`).
 */
import { readNumber } from '#shared/read-number.ts'
import { failed, type Result } from '#shared/result.ts'
import { thFromGh, thPerSecond } from '#shared/units.ts'
import { driver, isGone, type Link, makeReading, type Responses } from './driver.ts'
import { COUNT, FAN_RPM, makeFigures, positive, TEMPERATURE_C, UPTIME_S } from './figures.ts'
import { hottest, machineState } from './machine-state.ts'
import { isUnbelieved } from './other-rates.ts'
import { asFields, asLabel, asText, type Fields, own } from './own-fields.ts'
import { webAnswer } from './protocol/web-answer.ts'

const LOGIN = '/user/login'
const ALARM = '/alarm/GetAlarmLoop'
const MINING = '/Cgminer/CgminerStatus'
const SYSTEM = '/Status/getsystemstatus'
const CONFIG = '/Cgminer/CgminerGetVal'

const feedback = (responses: Responses, path: string): Fields | null => asFields(own(asFields(webAnswer(responses, path)), 'feedback'))

const TH_PER: Readonly<Record<string, number>> = { M: 1e-6, G: 1e-3, T: 1, P: 1e3 }
/** `12.44T` and `980.5G`, as TH/s. */
const withUnit = (raw: unknown): unknown => {
  const said = /^\s*([\d.]+)\s*([MGTP])/i.exec(asText(raw) ?? '')
  const figure = readNumber(said?.[1], COUNT)
  const factor = TH_PER[said?.[2]?.toUpperCase() ?? '']
  return figure === null || factor === undefined ? raw : figure * factor
}
/** `123:6:37` is hours, minutes and seconds. */
const elapsed = (raw: unknown): unknown => {
  const said = /^(\d{1,6}):(\d{1,2}):(\d{1,2})$/.exec(asText(raw) ?? '')
  const [hours, minutes, seconds] = [1, 2, 3].map((i) => readNumber(said?.[i], UPTIME_S))
  return hours == null || minutes == null || seconds == null ? raw : hours * 3600 + minutes * 60 + seconds
}
/** A board's sensors, in and out of each half: `60,55|55,51`; on others one figure. */
const sensors = (raw: unknown): readonly unknown[] => (typeof raw === 'string' ? raw.split(/[|,]/, 16).map((t) => t.trim()) : [raw])

/** The pool in use carries the counters; a slot without a worker is the factory's. */
const poolsOf = (config: Fields | null, mining: Fields | null) => {
  const inUse = asText(own(mining, 'cgminerstatus'))
  const slots = [1, 2, 3].flatMap((n) => {
    const url = asText(own(config, `Mip${n}`))
    const user = asText(own(config, `Mwork${n}`))
    return url === null || user === null ? [] : [{ url, user }]
  })
  if (inUse !== null && /^\w+(\+\w+)?:\/\//.test(inUse) && !slots.some(({ url }) => url === inUse)) slots.unshift({ url: inUse, user: '' })
  return { slots, inUse }
}

const parse = (responses: Responses, observedAtMs: number) => {
  const figures = makeFigures()
  const alarm = feedback(responses, ALARM)
  const mining = feedback(responses, MINING)
  const system = feedback(responses, SYSTEM)
  if (!alarm && !mining) return failed('unexpected-reply', 'the answers hold no rate of an Ebang')

  const candidates = [
    // Current like the 5-second text, but not rounded to 10 GH/s.
    { field: 'calValue', raw: own(alarm, 'calValue'), toThs: thFromGh },
    { field: 'fivesecfigure', raw: withUnit(own(mining, 'fivesecfigure')), toThs: thPerSecond },
    { field: 'fiveavg', raw: withUnit(own(mining, 'fiveavg')), toThs: thPerSecond },
  ].filter(({ raw }) => raw !== undefined && raw !== null && raw !== '')
  const current = figures.mostCurrent(candidates, null)
  const average = figures.rate({ field: 'averfigure', raw: withUnit(own(mining, 'averfigure')), toThs: thPerSecond }, null)

  const temps = figures.numbers(
    'devicetemp',
    [1, 2, 3, 4].flatMap((n) => sensors(own(system, `device${n}temp`))),
    TEMPERATURE_C,
    '°C',
    { dropZero: true },
  )
  const fansRpm = figures.numbers(
    'devicefan',
    ['devicefan', 'devicefan2', 'devicefan3', 'devicefan4'].map((key) => own(system, key)),
    FAN_RPM,
    'rpm',
  )
  const seen = machineState({
    asleep: null,
    rate: current,
    expected: null,
    ratesUnbelieved: isUnbelieved(figures, current),
    hottestC: hottest(temps),
  })
  const standIn = candidates.length === 0 && average !== null
  if (standIn) figures.problem('hashrate_ths', 'only a lifetime average was sent; it stands in', own(mining, 'averfigure'))
  const raised = ['eth1Alarm', 'calAlarm', 'poolAlarm', 'tempAlarm'].flatMap((key) => {
    const code = asLabel(own(alarm, key))
    return code === null || code === '0' ? [] : [{ code, message: `${key} ${code}` }]
  })
  const errors = seen.state === 'overheated' ? [...raised, { code: null, message: `stopped at ${hottest(temps)} °C` }] : raised

  const { slots, inUse } = poolsOf(feedback(responses, CONFIG), mining)
  const pools = slots.map(({ url, user }) => ({
    url,
    user: user === '' ? null : user,
    alive: url === inUse ? true : null,
    accepted: url === inUse ? figures.number('accepted', own(mining, 'accepted'), COUNT, 'shares') : null,
    rejected: url === inUse ? figures.number('rejected', own(mining, 'rejected'), COUNT, 'shares') : null,
  }))

  return makeReading(
    { family: 'ebang', protocol: 'ebang-http', ...seen, observedAtMs, problems: figures.problems },
    {
      model: asText(own(system, 'productname')),
      firmwareVersion: asText(own(system, 'systemsoftwareversion')),
      hashrateThs: current ?? (standIn ? average : null),
      hashrateAvgThs: average,
      boardTempsC: temps,
      allTempsC: temps,
      fansRpm,
      fanCount: positive(fansRpm.length),
      uptimeS: figures.number('worktime', elapsed(own(mining, 'worktime')), UPTIME_S, 's'),
      pools,
      poolCount: mining === null && slots.length === 0 ? null : slots.length,
      hasErrors: alarm === null ? null : errors.length > 0,
      errors,
    },
  )
}

/** The session's cookie stays with the link; without a login the machine says nothing. */
const ask = async (link: Link): Promise<Result<void>> => {
  const { user, password } = link.login({ user: '', password: '' })
  if (user === '') return failed('refused', 'an Ebang answers after a login only, and none was entered for it')
  const form = { username: user, word: password, yuyan: '1', login: 'Login', get_password: '' }
  const entered = await link.post(LOGIN, { form }, null)
  // Whatever page follows the login is of no interest: its cookie is, and the next answer tells.
  if (isGone(entered)) return entered
  const question = (path: string) => link.post(path, { form: {} }, `POST ${path}`)
  const alarm = await question(ALARM)
  if (!alarm.ok) return alarm
  await question(MINING)
  await question(SYSTEM)
  await question(CONFIG)
  return { ok: true, value: undefined }
}

export const ebang = driver({
  family: 'ebang',
  recognises: ({ text }) => /EBANG|\/ALARM\/GETALARMLOOP|\/CGMINER\/CGMINERGETVAL|"PRODUCTNAME":\s*"(DWM_|EBIT)/.test(text),
  ask,
  parse,
})
