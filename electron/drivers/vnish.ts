/**
 * VNish (AnthillOS) and its relatives on Antminers: REST under `/api/v1`, readable without a login (hardware protocols 8).
 * Rates are GH/s unless `hr_measure` says otherwise. `power_usage` is no power but a copy of the efficiency in J/TH:
 * only `power_consumption` is watts. Old versions answer over Bitmain's cgminer alone, with Bitmain's fields.
 */
import { failed, type Result } from '#shared/result.ts'
import { thFromGh, thPerSecond } from '#shared/units.ts'
import { driver, isGone, type Link, makeReading, type Responses } from './driver.ts'
import {
  believedPower,
  CHIPS,
  FAN_PCT,
  FAN_RPM,
  type Figures,
  macOf,
  makeFigures,
  POWER_W,
  positive,
  TEMPERATURE_C,
  UPTIME_S,
} from './figures.ts'
import { hottest, machineState } from './machine-state.ts'
import { hashesPerUnit, otherRates } from './other-rates.ts'
import { asFields, asLabel, asList, asText, type Fields, own, ownOf } from './own-fields.ts'
import { readPools } from './pools.ts'
import { otherAlgorithm } from './protocol/bmminer-algorithms.ts'
import { bmminerReading } from './protocol/bmminer-reading.ts'
import { cleanModel } from './protocol/bmminer-stats.ts'
import { section } from './protocol/cgminer.ts'
import { dig, webAnswer } from './protocol/web-answer.ts'

const API = '/api/v1'
const at = (responses: Responses, path: string): Fields | null => asFields(webAnswer(responses, `${API}/${path}`))

/** `Antminer S19 (Vnish 1.2.6)`: the firmware stands in the brackets behind the hardware. */
const inBrackets = (type: unknown): string | null => asText(/\((?:vnish|xminer|anthillos)\s+([^)]+)\)/i.exec(asText(type) ?? '')?.[1])

/** `10 days, 18:00`, `1 day, 0:05`, `5:31`, or plain seconds. */
const uptimeOf = (figures: Figures, raw: unknown): number | null => {
  const text = asText(raw)
  const said = text === null ? null : /^(?:(\d{1,5})\s*days?)?,?\s*(?:(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(text)
  if (!said || text === '') return figures.number('uptime', raw, UPTIME_S, 's')
  const [days, hours, minutes, seconds] = said.slice(1).map((part) => Number.parseInt(part ?? '0', 10))
  return ((days ?? 0) * 24 + (hours ?? 0)) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)
}

const ASLEEP = /^(stopped|paused|idle|sleep(ing)?)$/i
const BROKEN = /^(failure|failed|error|broken)$/i
const ALIVE = /^(active|alive|working|online|connected)$/i

const parseCgminer = (responses: Responses, observedAtMs: number) => {
  const read = bmminerReading(responses, observedAtMs)
  if (!read.ok) return failed('unexpected-reply', 'the answers hold no summary and no stats of a VNish machine')
  const type = own(section(responses, 'version')?.[0], 'Type')
  const build = section(responses, 'stats')
    ?.map((member) => asText(own(member, 'build_version')))
    .find((b) => b !== null)
  return {
    ok: true as const,
    value: { ...read.value, family: 'vnish', firmwareVersion: inBrackets(type) ?? build ?? read.value.firmwareVersion },
  }
}

const parse = (responses: Responses, observedAtMs: number) => {
  const summary = asFields(own(at(responses, 'summary'), 'miner'))
  if (!summary) return parseCgminer(responses, observedAtMs)
  const figures = makeFigures()
  const info = at(responses, 'info')
  const factory = at(responses, 'chains/factory-info') ?? at(responses, 'factory-info')
  const system = asFields(own(info, 'system')) ?? asFields(own(at(responses, 'summary'), 'system'))
  const network = asFields(own(system, 'network_status'))
  const listed = webAnswer(responses, `${API}/chains`) ?? webAnswer(responses, `${API}/boards`)
  const chains = asList(own(summary, 'chains')).slice(0, 64)

  const model = cleanModel(ownOf(info, 'miner') ?? own(at(responses, 'model'), 'full_name') ?? ownOf(summary, 'miner_type'))
  const other = otherAlgorithm(model)
  const perUnit = hashesPerUnit(own(info, 'hr_measure')) ?? (other ? 1e6 : 1e9)
  const toThs = (n: number) => (perUnit === 1e12 ? thPerSecond(n) : thFromGh(n * (perUnit / 1e9)))
  const stockRaw = ownOf(factory, 'hr_stock') ?? ownOf(summary, 'hr_stock')
  const nominalRaw = own(summary, 'hr_nominal')
  const currentRaw = own(summary, 'hr_realtime')
  const averageRaw = own(summary, 'hr_average')
  const said = currentRaw !== undefined && currentRaw !== null

  const status = asFields(own(summary, 'miner_status'))
  const stateSaid = asText(own(status, 'miner_state') ?? own(at(responses, 'status'), 'miner_state'))
  const switchedOff = stateSaid === null ? null : ASLEEP.test(stateSaid)

  // What it was sold for is expected of it; what its preset aims at decides whether it falls short.
  const ths = (field: string, raw: unknown) => ({ field, raw, toThs })
  const nominalThs = other ? null : positive(figures.rate(ths('hr_nominal', nominalRaw), null))
  const stockThs = other ? null : positive(figures.rate(ths('hr_stock', stockRaw), null))
  const limit = nominalThs !== null && stockThs !== null ? Math.max(nominalThs, stockThs) : (stockThs ?? nominalThs)
  const heard = other ? null : figures.mostCurrent([ths('hr_realtime', currentRaw)], limit)
  const averageThs = other ? null : figures.rate(ths('hr_average', averageRaw), limit)
  const rates = other
    ? otherRates(figures, {
        perUnit,
        expected: ['hr_nominal', nominalRaw ?? stockRaw],
        current: said ? [['hr_realtime', currentRaw]] : [],
        average: ['hr_average', averageRaw],
        asleep: switchedOff === true,
      })
    : null
  const rate = rates ? rates.current : heard
  // The firmware says that it stopped mining: a rate beside that is an old one.
  const contradicts = switchedOff === true && rate !== null && rate > 0
  if (contradicts) figures.problem('hr_realtime', `a machine that is ${stateSaid} does not hash`, currentRaw)

  const range = (chain: unknown, key: string, end: string) => dig(chain, key, end)
  const degrees = (field: string, raws: readonly unknown[]) => figures.numbers(field, raws, TEMPERATURE_C, '°C', { dropZero: true })
  const perBoard = (key: string, end: string) =>
    degrees(
      `${key}.${end}`,
      (chains.length > 0 ? chains : [summary]).map((chain) => range(chain, key, end)),
    )
  const boardTemps = perBoard('pcb_temp', 'max')
  const chipTemps = perBoard('chip_temp', 'max')
  const water = degrees(
    'water_temp',
    chains.flatMap((chain) => [dig(chain, 'inlet_water_temp'), dig(chain, 'outlet_water_temp')]),
  )
  const seen = machineState({
    asleep: switchedOff,
    rate: contradicts ? 0 : rate,
    expected: rates ? rates.expected : (nominalThs ?? stockThs),
    ratesUnbelieved: switchedOff !== true && rate === null && figures.problems.some((p) => p.reason.startsWith('implausible')),
    hottestC: hottest(boardTemps, chipTemps),
  })
  const asleep = seen.state === 'sleeping'
  const standIn = !other && !asleep && !said && averageThs !== null
  if (standIn) figures.problem('hashrate_ths', 'only a lifetime average was sent; it stands in', averageRaw)

  const cooling = asFields(own(summary, 'cooling'))
  const fans = asList(own(cooling, 'fans')).slice(0, 64)
  const wattage = believedPower(
    figures,
    'power_consumption',
    figures.number('power_consumption', own(summary, 'power_consumption'), POWER_W, 'W'),
    seen.isMining,
  )
  // A preset is named after the watts at which it aims; `disabled` is none.
  const preset =
    dig(at(responses, 'perf-summary'), 'current_preset', 'name') ?? dig(at(responses, 'settings'), 'miner', 'overclock', 'preset')
  const target = /^\d{2,5}$/.test(asLabel(preset) ?? '') ? figures.number('preset', preset, POWER_W, 'W') : null

  const errors = [
    ...(stateSaid !== null && BROKEN.test(stateSaid)
      ? [{ code: asLabel(own(status, 'failure_code')), message: asText(own(status, 'description')) ?? `the miner reports ${stateSaid}` }]
      : []),
    ...chains.flatMap((chain, i) => {
      const state = asText(dig(chain, 'status', 'state'))
      if (state === null || !BROKEN.test(state)) return []
      return [
        { code: null, message: `board ${asLabel(dig(chain, 'id')) ?? i + 1}: ${asText(dig(chain, 'status', 'description')) ?? state}` },
      ]
    }),
    ...fans.flatMap((fan, i) =>
      /^(lost|failed|failure)$/i.test(asText(dig(fan, 'status')) ?? '')
        ? [{ code: null, message: `fan ${asLabel(dig(fan, 'id')) ?? i}: ${asText(dig(fan, 'status'))}` }]
        : [],
    ),
    ...(seen.state === 'overheated' ? [{ code: null, message: `stopped at ${hottest(boardTemps, chipTemps)} °C` }] : []),
  ]
  const pools = own(summary, 'pools')
  const mapped = asList(pools).map((pool) => {
    const alive = asText(dig(pool, 'status'))
    return {
      url: dig(pool, 'url'),
      user: dig(pool, 'user'),
      status: alive === null ? null : ALIVE.test(alive) ? 'alive' : alive,
      accepted: dig(pool, 'accepted'),
      rejected: dig(pool, 'rejected'),
    }
  })
  const duty = figures.number('fan_duty', own(cooling, 'fan_duty'), FAN_PCT, '%')

  return makeReading(
    { family: 'vnish', protocol: 'vnish-rest', ...seen, observedAtMs, problems: figures.problems },
    {
      model,
      firmwareVersion: asLabel(own(info, 'fw_version')) ?? inBrackets(own(summary, 'miner_type')),
      apiVersion: asLabel(own(section(responses, 'version')?.[0], 'API')),
      mac: macOf(figures, own(network, 'mac')),
      serial: asLabel(ownOf(info, 'serial')),
      hostname: asText(own(network, 'hostname')),
      ...(other
        ? {
            algo: other[1],
            hashrateHs: contradicts ? null : (rates?.current ?? (asleep ? 0 : null)),
            expectedHashrateHs: rates?.expected ?? null,
          }
        : {
            hashrateThs: contradicts ? null : (heard ?? (asleep ? 0 : standIn ? averageThs : null)),
            hashrateAvgThs: averageThs,
            expectedHashrateThs: stockThs ?? nominalThs,
          }),
      wattageW: wattage,
      wattageSource: wattage === null ? null : 'reported',
      powerTargetW: target,
      boardTempsC: boardTemps,
      chipTempsC: chipTemps,
      allTempsC: [...perBoard('pcb_temp', 'min'), ...boardTemps, ...perBoard('chip_temp', 'min'), ...chipTemps, ...water],
      fansRpm: figures.numbers(
        'rpm',
        fans.map((fan) => dig(fan, 'rpm')),
        FAN_RPM,
        'rpm',
      ),
      fansPct: duty === null ? [] : [duty],
      fanCount: cooling ? fans.length : null,
      boardCount: chains.length > 0 ? chains.length : null,
      boardChips: figures.numbers(
        'chips',
        asList(listed).map(
          (board) =>
            asList(dig(board, 'chips')).filter((chip) => (figures.number('hr', dig(chip, 'hr'), { min: 0, max: 1e9 }, '') ?? 0) > 0).length,
        ),
        CHIPS,
        'chips',
      ),
      uptimeS: uptimeOf(figures, own(system, 'uptime')),
      ...readPools(figures, Array.isArray(pools) ? mapped : null),
      hasErrors: errors.length > 0,
      errors,
    },
  )
}

/** Two pages: what the machine does, and who it is with the unit of its rates. Bitmain's two commands where there is no REST. */
const ask = async (link: Link): Promise<Result<void>> => {
  if (link.address.webPort !== null) {
    const summary = await link.web(`${API}/summary`)
    if (summary.ok && asFields(own(asFields(summary.value), 'miner'))) {
      await link.web(`${API}/info`)
      return { ok: true, value: undefined }
    }
  }
  const stats = await link.rpc('stats')
  if (isGone(stats)) return stats
  await link.rpc('pools')
  return { ok: true, value: undefined }
}

export const vnish = driver({ family: 'vnish', recognises: ({ text }) => /VNISH|ANTHILLOS|\bXMINER|UNIPLUS/.test(text), ask, parse })
