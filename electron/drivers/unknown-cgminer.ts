/**
 * Any machine that speaks cgminer and belongs to no family we know: what summary, stats, devs and pools mean on all of
 * them, and nothing more. Its family is "unknown", so that nobody takes the figures for better than they are.
 */
import { failed, type Result } from '#shared/result.ts'
import { thFromGh, thFromMh } from '#shared/units.ts'
import { driver, isGone, type Link, makeReading, type Responses } from './driver.ts'
import { FAN_RPM, makeFigures, TEMPERATURE_C, UPTIME_S } from './figures.ts'
import { hottest, machineState } from './machine-state.ts'
import { asLabel, asText, own, ownOf } from './own-fields.ts'
import { readPools } from './pools.ts'
import { section } from './protocol/cgminer.ts'

/** The most current first (`cli.md`, Reading). */
const RATES = ['5s', '30s', '1m', '5m', '15m'].flatMap((span) => [
  { field: `GHS ${span}`, toThs: thFromGh },
  { field: `MHS ${span}`, toThs: thFromMh },
])

const parse = (responses: Responses, observedAtMs: number) => {
  const figures = makeFigures()
  const summary = section(responses, 'summary')?.[0] ?? null
  const members = section(responses, 'stats') ?? []
  const stats = members.find((m) => ['GHS 5s', 'GHS av', 'MHS 5s', 'fan1'].some((key) => own(m, key) !== undefined)) ?? null
  if (!summary && !stats) return failed('unexpected-reply', 'the answers hold no summary and no stats of a cgminer')
  const version = section(responses, 'version')?.[0] ?? null
  const devs = section(responses, 'devs')

  const candidates = RATES.flatMap(({ field, toThs }) => {
    const raw = ownOf(summary, field) ?? ownOf(stats, field)
    return raw === undefined ? [] : [{ field, raw, toThs }]
  })
  const current = figures.mostCurrent(candidates, null)
  const ghAverage = ownOf(summary, 'GHS av') ?? ownOf(stats, 'GHS av')
  const mhAverage = ownOf(summary, 'MHS av')
  const average = figures.rate(
    ghAverage === undefined ? { field: 'MHS av', raw: mhAverage, toThs: thFromMh } : { field: 'GHS av', raw: ghAverage, toThs: thFromGh },
    null,
  )
  const temps = figures.numbers(
    'Temperature',
    (devs ?? []).map((board) => own(board, 'Temperature')),
    TEMPERATURE_C,
    '°C',
    { dropZero: true },
  )
  const fanKeys = Object.keys(stats ?? {}).filter((key) => /^fan\d{1,2}$/i.test(key))
  const fans = figures
    .numbers(
      'fan',
      fanKeys.map((key) => own(stats, key)),
      FAN_RPM,
      'rpm',
    )
    .filter((rpm) => rpm > 0)
  const seen = machineState({
    asleep: null,
    rate: current,
    expected: null,
    ratesUnbelieved: current === null && figures.problems.some((p) => p.reason.startsWith('implausible')),
    hottestC: hottest(temps),
  })
  const standIn = candidates.length === 0 && average !== null
  if (standIn) figures.problem('hashrate_ths', 'only a lifetime average was sent; it stands in', ghAverage ?? mhAverage)
  return makeReading(
    { family: 'unknown', protocol: 'cgminer', ...seen, observedAtMs, problems: figures.problems },
    {
      model: asText(asText(ownOf(version, 'Type', 'PROD'))?.split(' (')[0]),
      firmwareVersion: asText(own(version, 'CompileTime')),
      apiVersion: asLabel(own(version, 'API')),
      hashrateThs: current ?? (standIn ? average : null),
      hashrateAvgThs: average,
      boardTempsC: temps,
      allTempsC: temps,
      fansRpm: fans,
      fanCount: fanKeys.length > 0 ? fans.length : null,
      boardCount: devs && devs.length > 0 ? devs.length : null,
      uptimeS: figures.number('Elapsed', ownOf(summary, 'Elapsed') ?? ownOf(stats, 'Elapsed'), UPTIME_S, 's'),
      ...readPools(figures, section(responses, 'pools')),
    },
  )
}

const ask = async (link: Link): Promise<Result<void>> => {
  const one = (command: string) => (link.spoken() === 'text' ? link.text(command) : link.rpc(command))
  const summary = await one('summary')
  if (isGone(summary)) return summary
  const stats = summary.ok ? null : await one('stats')
  if (stats && !stats.ok) return summary.ok ? stats : summary
  await one('devs')
  await one('pools')
  return { ok: true, value: undefined }
}

export const unknownCgminer = driver({ family: 'unknown', recognises: () => true, ask, parse })
