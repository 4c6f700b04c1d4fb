/**
 * Innosilicon's own sgminer (`innominer`) on TCP 4028: each board in a numbered section of `stats`, each pool in one of
 * `pools`. The summary's fields are named MHS on all of its machines; on the A9 they count solutions a second.
 */
import { failed, type Result } from '#shared/result.ts'
import { driver, isGone, type Link, makeReading, type Responses } from './driver.ts'
import { CHIPS, FAN_PCT, macOf, makeFigures, positive, TEMPERATURE_C, UPTIME_S } from './figures.ts'
import { hottest, machineState } from './machine-state.ts'
import { isUnbelieved, ratesByAlgorithm, sentOf } from './other-rates.ts'
import { asFields, asLabel, asList, asText, own, ownOf } from './own-fields.ts'
import { readPools } from './pools.ts'
import { answerOf, section } from './protocol/cgminer.ts'

/** Others than SHA-256d by model, and what a field named MHS counts there; only the A9's is known from a machine. */
const OTHER_ALGORITHMS: readonly (readonly [model: RegExp, algo: string, hashesPerMhs: number])[] = [
  [/^(A9|B29)\+*$/i, 'equihash', 1],
  [/^A10/i, 'ethash', 1e6],
  [/^A[46]\+*$/i, 'scrypt', 1e6],
  [/^A5\+*$/i, 'x11', 1e6],
  [/^A8\+*$/i, 'cryptonight', 1e6],
  [/^D9\+*$/i, 'blake256r14', 1e6],
  [/^S11/i, 'blake2b', 1e6],
]
/** T1, T2T, T3+ …: bitcoin. */
const SHA256 = /^T\d/i

/** `innominer a9-1.1.0` is firmware 1.1.0 of an A9. */
const named = (responses: Responses): { model: string | null; firmware: string | null } => {
  for (const command of ['summary', 'stats', 'pools', 'version', 'devs']) {
    const status = asFields(asList(own(answerOf(responses, command), 'STATUS'))[0])
    const said = /innominer[ _]([\w+]+)-(\S+)/i.exec(asText(own(status, 'Description')) ?? '')
    if (said) return { model: said[1]?.toUpperCase() ?? null, firmware: said[2] ?? null }
  }
  const version = section(responses, 'version')?.[0] ?? null
  return { model: asText(ownOf(version, 'Type'))?.replace(/^innosilicon\s+/i, '') ?? null, firmware: asText(ownOf(version, 'CompileTime')) }
}

const RATES = ['MHS 5s', 'MHS 30s', 'MHS 1m', 'MHS 5m', 'MHS 15m']

const parse = (responses: Responses, observedAtMs: number) => {
  const figures = makeFigures()
  const summary = section(responses, 'summary')?.[0] ?? null
  const boards = (section(responses, 'stats') ?? []).filter((member) => own(member, 'Num chips') !== undefined)
  if (!summary && boards.length === 0) return failed('unexpected-reply', 'the answers hold no summary and no boards of an Innosilicon')
  const { model, firmware } = named(responses)
  const other = model === null ? undefined : OTHER_ALGORITHMS.find(([pattern]) => pattern.test(model))
  const algo = model !== null && SHA256.test(model) ? null : (other?.[1] ?? 'unknown')

  const rates = ratesByAlgorithm(figures, algo, {
    perUnit: other?.[2] ?? 1e6,
    expected: ['', undefined],
    current: sentOf(summary, RATES),
    average: ['MHS av', own(summary, 'MHS av')],
    asleep: false,
  })

  const read = (key: string) => boards.map((board) => own(board, key))
  const temps = figures.numbers('Temp', read('Temp'), TEMPERATURE_C, '°C', { dropZero: true })
  const fansPct = figures.numbers('Fan duty', read('Fan duty'), FAN_PCT, '%')
  const chips = read('Num active chips').map((raw, i) => figures.number(`Num active chips[${i}]`, raw, CHIPS, 'chips') ?? 0)
  const seen = machineState({
    asleep: null,
    rate: rates.rate,
    expected: rates.expected,
    ratesUnbelieved: isUnbelieved(figures, rates.rate),
    hottestC: hottest(temps),
  })
  const errors = boards.flatMap((board, i) => {
    const fitted = figures.number(`Num chips[${i}]`, own(board, 'Num chips'), CHIPS, 'chips') ?? 0
    const active = chips[i] ?? 0
    return active < fitted ? [{ code: null, message: `board ${i + 1}: ${fitted - active} of ${fitted} chips do not answer` }] : []
  })
  if (seen.state === 'overheated') errors.push({ code: null, message: `stopped at ${hottest(temps)} °C` })
  const version = section(responses, 'version')?.[0] ?? null

  return makeReading(
    { family: 'innosilicon', protocol: 'cgminer', ...seen, observedAtMs, problems: figures.problems },
    {
      model: model === null ? null : `Innosilicon ${model}`,
      firmwareVersion: firmware,
      apiVersion: asLabel(own(version, 'API')),
      mac: macOf(figures, own(summary, 'MAC')),
      ...rates.fields,
      boardTempsC: temps,
      allTempsC: temps,
      fansPct,
      fanCount: positive(fansPct.length),
      boardCount: positive(chips.filter((n) => n > 0).length),
      boardChips: chips.filter((n) => n > 0),
      uptimeS: figures.number('Elapsed', own(summary, 'Elapsed') ?? own(boards[0], 'Elapsed'), UPTIME_S, 's'),
      ...readPools(figures, section(responses, 'pools')),
      hasErrors: boards.length === 0 ? null : errors.length > 0,
      errors,
    },
  )
}

const ask = async (link: Link): Promise<Result<void>> => {
  const summary = await link.rpc('summary')
  if (isGone(summary)) return summary
  const stats = await link.rpc('stats')
  if (!summary.ok && !stats.ok) return summary
  await link.rpc('pools')
  return { ok: true, value: undefined }
}

export const innosilicon = driver({
  family: 'innosilicon',
  recognises: ({ text }) => /INNOMINER|INNOSILICON|DRAGONMINT/.test(text),
  ask,
  parse,
})
