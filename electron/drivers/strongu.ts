/**
 * StrongU STU: cgminer on TCP 4028, fans in the summary, one device a board in `devs`. `Miner type` says what it mines
 * (`sc`, `dcr`, `dash`, `btc`), the devices' name which machine it is (`u2000` is the U2).
 */
import { failed, type Result } from '#shared/result.ts'
import { driver, isGone, type Link, makeReading, type Responses } from './driver.ts'
import { FAN_RPM, makeFigures, positive, TEMPERATURE_C, UPTIME_S } from './figures.ts'
import { hottest, machineState } from './machine-state.ts'
import { isUnbelieved, ratesByAlgorithm, sentOf } from './other-rates.ts'
import { asLabel, asText, own, ownOf } from './own-fields.ts'
import { readPools } from './pools.ts'
import { section } from './protocol/cgminer.ts'

/** Sia and Decred are both of the Blake family. */
const ALGORITHMS: Readonly<Record<string, string>> = { sc: 'blake', dcr: 'blake', dash: 'x11', ltc: 'scrypt' }
const SHA256 = new Set(['btc', 'bch', 'bsv'])

const RATES = ['MHS 5s', 'MHS 30s', 'MHS 1m', 'MHS 5m', 'MHS 15m']

const parse = (responses: Responses, observedAtMs: number) => {
  const figures = makeFigures()
  const summary = section(responses, 'summary')?.[0] ?? null
  if (!summary) return failed('unexpected-reply', 'the answers hold no summary of a StrongU')
  const devs = (section(responses, 'devs') ?? []).filter((member) => own(member, 'ASC') !== undefined)
  const version = section(responses, 'version')?.[0] ?? null
  const coin = asText(own(summary, 'Miner type'))?.toLowerCase() ?? null
  const algo =
    coin !== null && SHA256.has(coin) ? null : ((coin !== null && Object.hasOwn(ALGORITHMS, coin) ? ALGORITHMS[coin] : null) ?? 'unknown')
  const board = /^u(\d)/i.exec(asText(own(devs[0], 'Name')) ?? '')?.[1]

  const rates = ratesByAlgorithm(figures, algo, {
    perUnit: 1e6,
    expected: ['', undefined],
    current: sentOf(summary, RATES),
    average: ['MHS av', own(summary, 'MHS av')],
    asleep: false,
  })

  const temps = figures.numbers(
    'Temperature',
    devs.map((dev) => own(dev, 'Temperature')),
    TEMPERATURE_C,
    '°C',
    { dropZero: true },
  )
  const fitted = figures.number('Fan Num', own(summary, 'Fan Num'), { min: 0, max: 16 }, 'fans')
  const fansRpm = figures.numbers(
    'Fan',
    Array.from({ length: Math.floor(fitted ?? 8) }, (_, i) => own(summary, `Fan${i + 1}`)),
    FAN_RPM,
    'rpm',
  )
  const seen = machineState({
    asleep: null,
    rate: rates.rate,
    expected: rates.expected,
    ratesUnbelieved: isUnbelieved(figures, rates.rate),
    hottestC: hottest(temps),
  })
  const errors = devs.flatMap((dev, i) => {
    const said = asText(own(dev, 'Status'))
    return said === null || said.toLowerCase() === 'alive' ? [] : [{ code: null, message: `board ${i + 1} reports ${said}` }]
  })
  if (seen.state === 'overheated') errors.push({ code: null, message: `stopped at ${hottest(temps)} °C` })

  return makeReading(
    { family: 'strongu', protocol: 'cgminer', ...seen, observedAtMs, problems: figures.problems },
    {
      model: board === undefined ? null : `StrongU STU-U${board}`,
      apiVersion: asLabel(own(version, 'API')),
      firmwareVersion: asText(ownOf(version, 'CompileTime', 'Miner')),
      ...rates.fields,
      boardTempsC: temps,
      allTempsC: temps,
      fansRpm,
      fanCount: fitted ?? positive(fansRpm.length),
      boardCount: positive(devs.length),
      uptimeS: figures.number('Elapsed', own(summary, 'Elapsed'), UPTIME_S, 's'),
      ...readPools(figures, section(responses, 'pools')),
      hasErrors: devs.length === 0 ? null : errors.length > 0,
      errors,
    },
  )
}

const ask = async (link: Link): Promise<Result<void>> => {
  const summary = await link.rpc('summary')
  if (isGone(summary) || !summary.ok) return summary
  await link.rpc('devs')
  await link.rpc('pools')
  return { ok: true, value: undefined }
}

export const strongu = driver({
  family: 'strongu',
  recognises: ({ text }) => /STRONGU|"MINER TYPE":|"(NAME|DRIVER)":\s*"U\d000"/.test(text),
  ask,
  parse,
})
