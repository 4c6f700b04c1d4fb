/**
 * Goldshell stock firmware: JSON pages under `/mcb/` on port 80, no login needed to read; rates in MH/s, sensors and fans
 * as text (`83.0 °C / 73.8 °C`, `2940 rpm / 2940 rpm`). Where only its bfgminer answers on TCP 4028, that is read. Neither
 * says what is hashed: the model in `/mcb/status` does.
 */
import { readNumber } from '#shared/read-number.ts'
import { failed, type Result } from '#shared/result.ts'
import { driver, isFirstContact, type Link, makeReading, type Responses } from './driver.ts'
import { COUNT, FAN_RPM, type Figures, macOf, makeFigures, positive, TEMPERATURE_C, UPTIME_S } from './figures.ts'
import { hottest, machineState } from './machine-state.ts'
import { otherRates } from './other-rates.ts'
import { asFields, asLabel, asText, type Fields, own, ownOf } from './own-fields.ts'
import { readPools } from './pools.ts'
import { section } from './protocol/cgminer.ts'
import { webAnswer } from './protocol/web-answer.ts'

const DEVS = '/mcb/cgminer'
const POOLS = '/mcb/pools'
const STATUS = '/mcb/status'
const SETTING = '/mcb/setting'
const MAX_BOARDS = 16
const MH = 1e6

const ALGORITHMS: readonly (readonly [model: RegExp, algo: string])[] = [
  [/\bCK/i, 'eaglesong'],
  [/\bHS/i, 'handshake'],
  [/\bKD/i, 'kadena'],
  [/\bLT|\bMINI.?DOGE/i, 'scrypt'],
  [/\bSC/i, 'blake2b'],
]

/** `83.0 °C / 73.8 °C`, the degree sign sometimes spoiled on its way. */
const parts = (raw: unknown): string[] => (asText(raw) ?? '').split('/', 8).map((part) => part.trim().split(/\s/, 1)[0] ?? '')

type Heard = {
  boards: readonly (Fields | null)[]
  rate: readonly string[]
  average: string
  temps: (board: Fields | null) => readonly unknown[]
  fans: readonly unknown[]
}

const overWeb = (boards: readonly (Fields | null)[]): Heard => ({
  boards,
  rate: ['hashrate'],
  average: 'av_hashrate',
  temps: (board) => parts(own(board, 'temp')),
  // The same fans stand at every board.
  fans: parts(boards.map((board) => own(board, 'fanspeed')).find((raw) => asText(raw) !== null)),
})
const overApi = (boards: readonly (Fields | null)[]): Heard => ({
  boards,
  rate: ['MHS 20s', 'MHS 5s', 'MHS 1m', 'MHS 5m', 'MHS 15m'],
  average: 'MHS av',
  temps: (board) => ['tstemp-0', 'tstemp-1', 'tstemp-2'].map((key) => own(board, key)),
  fans: Object.keys(boards[0] ?? {})
    .filter((key) => /^fan\d{1,2}$/.test(key))
    .map((key) => own(boards[0], key)),
})

/** Sum over the boards of the first field that every one of them has; a board that does not say leaves the sum unknown. */
const total = (h: Heard, fields: readonly string[]): readonly [string, number] | null => {
  for (const field of fields) {
    const each = h.boards.map((board) => readNumber(own(board, field), { min: -Number.MAX_VALUE, max: Number.MAX_VALUE }))
    if (each.length > 0 && !each.includes(null)) return [field, each.reduce<number>((sum, n) => sum + (n ?? 0), 0)]
  }
  return null
}

/** Shares are counted by board and credited to the pool that is in use; one that is refused by the firmware is not alive. */
const webPools = (figures: Figures, list: unknown, h: Heard) => {
  if (!Array.isArray(list)) return null
  const shares = (key: string) =>
    h.boards.reduce<number | null>((sum, board, i) => {
      const n = figures.number(`data[${i}].${key}`, own(board, key), COUNT, 'shares')
      return sum === null || n === null ? null : sum + n
    }, 0)
  const accepted = shares('accepted')
  const rejected = shares('rejected')
  return list.map(asFields).map((pool) => {
    const active = own(pool, 'active')
    const counts = active === true ? { accepted, rejected } : active === false ? { accepted: 0, rejected: 0 } : {}
    return { url: own(pool, 'url'), user: own(pool, 'user'), status: own(pool, 'legal') === true ? 'alive' : 'dead', ...counts }
  })
}

const parse = (responses: Responses, observedAtMs: number) => {
  const figures = makeFigures()
  const data = own(asFields(webAnswer(responses, DEVS)), 'data')
  const devs = section(responses, 'devs')
  const heard = Array.isArray(data)
    ? overWeb(data.slice(0, MAX_BOARDS).map(asFields))
    : devs && devs.length > 0
      ? overApi(devs.slice(0, MAX_BOARDS))
      : null
  const summary = section(responses, 'summary')?.[0] ?? null
  if (!heard && !summary) return failed('unexpected-reply', 'the answers hold no boards and no summary of a Goldshell')
  const h: Heard = heard ?? { boards: [], rate: [], average: '', temps: () => [], fans: [] }
  const status = asFields(webAnswer(responses, STATUS))
  const setting = asFields(webAnswer(responses, SETTING))
  const version = section(responses, 'version')?.[0] ?? null

  const model = asText(own(status, 'model'))?.replaceAll('-', ' ') ?? null
  const sum = total(h, h.rate)
  const ofSummary = ['MHS 5s', 'MHS 20s', 'MHS 1m', 'MHS 5m', 'MHS 15m'].flatMap((key) => {
    const raw = own(summary, key)
    return raw === undefined ? [] : [[key, raw] as const]
  })
  const current = sum ? [sum, ...ofSummary] : ofSummary
  const rates = otherRates(figures, {
    perUnit: MH,
    expected: ['', undefined],
    current,
    average: total(h, [h.average]) ?? ['MHS av', own(summary, 'MHS av')],
    asleep: false,
  })
  const temps = figures.numbers('temp', h.boards.flatMap(h.temps), TEMPERATURE_C, '°C', { dropZero: true })
  const fansRpm = figures.numbers('fanspeed', h.fans, FAN_RPM, 'rpm')
  const seen = machineState({
    asleep: null,
    rate: rates.current,
    expected: null,
    ratesUnbelieved: false,
    hottestC: hottest(temps),
  })
  const errors = h.boards.flatMap((board, i) => {
    const said = own(board, 'minerstatus')
    return said === undefined || said === 0 || said === '0'
      ? []
      : [{ code: asLabel(said), message: `board ${i + 1} reports status ${asLabel(said)}` }]
  })
  if (seen.state === 'overheated') errors.push({ code: null, message: `stopped at ${hottest(temps)} °C` })
  const pools = webPools(figures, webAnswer(responses, POOLS), h)

  return makeReading(
    {
      family: 'goldshell',
      protocol: Array.isArray(data) ? 'goldshell-http' : 'cgminer',
      ...seen,
      observedAtMs,
      problems: figures.problems,
    },
    {
      model,
      firmwareVersion: asText(own(status, 'firmware')) ?? asText(own(setting, 'version')),
      apiVersion: asLabel(own(version, 'API')),
      // The settings page keeps the hardware address as the machine's name.
      mac: macOf(figures, own(setting, 'name')),
      algo: (model !== null ? ALGORITHMS.find(([pattern]) => pattern.test(model))?.[1] : null) ?? 'unknown',
      hashrateHs: rates.current,
      // Which sensor is the board's and which the chips' the firmware does not say.
      boardTempsC: temps,
      allTempsC: temps,
      fansRpm,
      fanCount: positive(fansRpm.length),
      boardCount: positive(h.boards.length),
      uptimeS: figures.number('time', ownOf(h.boards[0], 'time', 'Device Elapsed') ?? own(summary, 'Elapsed'), UPTIME_S, 's'),
      ...readPools(figures, pools ? pools.map(asFields) : section(responses, 'pools')),
      hasErrors: h.boards.length === 0 ? null : errors.length > 0,
      errors,
    },
  )
}

const ask = async (link: Link): Promise<Result<void>> => {
  const first = isFirstContact(link)
  const boards = link.address.webPort === null ? null : await link.web(`${DEVS}?cgminercmd=devs`)
  if (boards?.ok) {
    await link.web(POOLS)
    // What is hashed hangs on the model.
    await link.web(STATUS)
    if (first) await link.web(SETTING)
    return { ok: true, value: undefined }
  }
  if (boards && boards.failure.kind === 'timeout') return boards
  const devs = await link.rpc('devs')
  if (!devs.ok) return boards ?? devs
  await link.rpc('pools')
  if (link.address.webPort !== null) await link.web(STATUS)
  return { ok: true, value: undefined }
}

export const goldshell = driver({
  family: 'goldshell',
  recognises: ({ text }) => /GOLDSHELL|CLOUD-BOX|INTCHAINS_QOMO|KDAMINER|BFGMINER| \/MCB\//.test(text),
  ask,
  parse,
})
