/**
 * What the answers of Bitmain's own miner mean, API and CGI pages alike (hardware protocols 3): of stock machines, and of
 * firmwares that kept it and add to it.
 */
import { readNumber } from '#shared/read-number.ts'
import { failed } from '#shared/result.ts'
import { thFromGh, thFromMh } from '#shared/units.ts'
import { makeReading, type Responses } from '../driver.ts'
import { BOARDS, type Figures, makeFigures, POWER_W, positive, TEMPERATURE_C, UPTIME_S } from '../figures.ts'
import { hottest, machineState } from '../machine-state.ts'
import { hashesPerUnit, otherRates } from '../other-rates.ts'
import { asFields, asLabel, asText, type Fields, firstFields, isMac, own, ownOf } from '../own-fields.ts'
import { readPools } from '../pools.ts'
import { otherAlgorithm } from './bmminer-algorithms.ts'
import { statusPage, ungrouped } from './bmminer-page.ts'
import { boardsOf, cleanModel, complaints, fansOf, page, type Sources, sensorsOf, statsOf, WEB_STATS } from './bmminer-stats.ts'
import { section } from './cgminer.ts'

export const CONF = '/cgi-bin/get_miner_conf.cgi'
export const SYSTEM = '/cgi-bin/get_system_info.cgi'
export const WEB_POOLS = '/cgi-bin/pools.cgi'
export const POWER_KEYS = ['power', 'Power', 'watt', 'chain_power', 'chain_power_sum'] as const
const MINER_TYPE = '/cgi-bin/miner_type.cgi'
const WEB_SUMMARY = '/cgi-bin/summary.cgi'

/** `3250 W` and plain numbers; stock firmware mostly says nothing (3.4). */
const powerOf = (figures: Figures, stats: Fields | null, responses: Responses): number | null => {
  const raw = ownOf(stats, ...POWER_KEYS)
  const said = typeof raw === 'string' ? raw.replace(/\s*W(att)?s?$/i, '') : raw
  const inStats = figures.number('power', said, POWER_W, 'W')
  if (inStats !== null) return inStats
  const own6060 = asText(own(responses, 'GET :6060/miner_power'))
  return figures.number('miner_power', /^miner power:(.*)$/i.exec(own6060 ?? '')?.[1], POWER_W, 'W')
}

/** `bitmain-work-mode` (or `miner-mode` on newer pages): 0 normal, 1 sleep, 2 high, 3 low; number or text. */
const asleepByConfig = (figures: Figures, conf: Fields | null, stats: Fields | null): boolean | null => {
  const mode = figures.number(
    'bitmain-work-mode',
    ownOf(conf, 'bitmain-work-mode', 'miner-mode') ?? own(stats, 'miner-mode'),
    { min: 0, max: 255 },
    '',
  )
  // The 17 series has no such page; its API says Mode 254 while asleep and 1 or 2 while it runs.
  if (mode === null) return own(stats, 'Mode') === 254 ? true : null
  return mode === 1
}

/** A reading of family `antminer`; whose firmware it really is says the driver. */
export const bmminerReading = (responses: Responses, observedAtMs: number) => {
  const figures = makeFigures()
  const shown = statusPage(responses)
  const api = statsOf(responses)
  const sources: Sources | null = api ?? (shown ? { block: null, stats: shown.stats, chain: null, web: true } : null)
  const summary = section(responses, 'summary')?.[0] ?? null
  const webSummaryPage = page(responses, WEB_SUMMARY)
  const webSummary = firstFields(own(webSummaryPage, 'SUMMARY'))
  if (!sources && !summary && !webSummaryPage) return failed('unexpected-reply', 'the answers hold no stats and no summary of an Antminer')
  const stats = sources?.stats ?? null
  const version = section(responses, 'version')?.[0] ?? null
  const system = page(responses, SYSTEM)
  const minerType = page(responses, MINER_TYPE)

  const model = cleanModel(
    ownOf(version, 'Type') ?? ownOf(system, 'minertype') ?? ownOf(sources?.block, 'Type', 'type') ?? ownOf(minerType, 'miner_type'),
  )
  const other = otherAlgorithm(model)
  const perUnit = hashesPerUnit(own(stats, 'rate_unit')) ?? other?.[2] ?? 1e9
  const toThs = (n: number) => (perUnit === 1e6 ? thFromMh(n) : thFromGh(n * (perUnit / 1e9)))

  const expectedRaw = ownOf(stats, 'total_rateideal', 'rate_ideal') ?? ownOf(webSummary, 'rate_ideal')
  const currentRaws: readonly [string, unknown][] = [
    ['GHS 5s', own(stats, 'GHS 5s')],
    ['rate_5s', own(stats, 'rate_5s')],
    ['summary GHS 5s', own(summary, 'GHS 5s')],
    ['summary rate_5s', own(webSummary, 'rate_5s')],
    ['ghs5s', ungrouped(own(shown?.summary, 'ghs5s'))],
  ]
  const averageRaw =
    ownOf(stats, 'GHS av', 'rate_avg') ??
    ownOf(summary, 'GHS av') ??
    ownOf(webSummary, 'rate_avg') ??
    ungrouped(own(shown?.summary, 'ghsav'))
  const currentSaid = currentRaws.filter(([, raw]) => raw !== undefined && raw !== null && raw !== '')

  const asleepSaid = asleepByConfig(figures, page(responses, CONF), stats)
  const rates = other
    ? otherRates(figures, {
        perUnit,
        expected: ['total_rateideal', expectedRaw],
        current: currentSaid,
        average: ['GHS av', averageRaw],
        asleep: asleepSaid === true,
      })
    : null
  const expectedThs = other ? null : positive(figures.rate({ field: 'total_rateideal', raw: expectedRaw, toThs }, null))
  const averageThs = other ? null : figures.rate({ field: 'GHS av', raw: averageRaw, toThs }, expectedThs)
  const currentThs = other
    ? null
    : figures.mostCurrent(
        currentSaid.map(([field, raw]) => ({ field, raw, toThs })),
        expectedThs,
      )

  const numbered = sensorsOf(figures, sources)
  const sensors =
    api || numbered.boards.length > 0
      ? numbered
      : { boards: figures.numbers('temp', shown?.boardTemps ?? [], TEMPERATURE_C, '°C', { dropZero: true }), chips: numbered.chips }
  const present = boardsOf(figures, sources).filter((board) => (board.chips ?? 0) > 0)
  const fans = fansOf(figures, sources)
  const boardsFitted = positive(figures.number('miner_count', ownOf(stats, 'miner_count', 'chain_num'), BOARDS, 'boards'))

  const rate = other ? (rates?.current ?? null) : currentThs
  const seen = machineState({
    asleep: asleepSaid,
    rate,
    expected: other ? (rates?.expected ?? null) : expectedThs,
    ratesUnbelieved: currentSaid.some(([, raw]) => (readNumber(raw, { min: 0, max: Number.MAX_VALUE }) ?? 0) > 0),
    hottestC: hottest(sensors.boards, sensors.chips),
  })
  const asleep = seen.state === 'sleeping'
  // Asleep, the web pages hold no rate at all: the work mode itself says that nothing is hashed.
  const nothing = asleep && rate === null ? 0 : null
  const standIn = !asleep && currentSaid.length === 0 && averageThs !== null
  if (standIn) figures.problem('hashrate_ths', 'only a lifetime average was sent; it stands in', averageRaw)

  const errors = complaints(webSummary, own(responses, 'GET :6060/warning'))
  if (!asleep && seen.state !== 'off') {
    for (const board of present.filter((b) => b.bad > 0))
      errors.push({ code: null, message: `board ${board.index}: ${board.bad} of ${board.chips} chips do not answer` })
  }
  if (seen.state === 'overheated') errors.push({ code: null, message: `stopped at ${hottest(sensors.boards, sensors.chips)} °C` })

  const macSaid = asText(own(system, 'macaddr')) ?? asText(own(page(responses, '/cgi-bin/get_network_info.cgi'), 'macaddr'))
  if (macSaid !== null && !isMac(macSaid)) figures.problem('mac', 'not a hardware address', macSaid)
  const wattage = powerOf(figures, stats, responses)
  const noPower = wattage === 0 && seen.isMining === true
  if (noPower) figures.problem('power', '0 W from a machine that hashes is not a measurement', 0)

  const overCgminer = sources?.web === false || summary !== null || version !== null
  const overWeb = system !== null || page(responses, CONF) !== null || sources?.web === true || webSummaryPage !== null
  return makeReading(
    {
      family: 'antminer',
      protocol: [overCgminer ? 'cgminer' : null, overWeb ? 'antminer-web' : null].filter(Boolean).join('+'),
      ...seen,
      observedAtMs,
      problems: figures.problems,
    },
    {
      model,
      firmwareVersion:
        asText(ownOf(system, 'system_filesystem_version', 'file_system_version')) ??
        asText(own(minerType, 'fw_version')) ??
        asText(ownOf(sources?.block, 'CompileTime') ?? own(version, 'CompileTime')),
      apiVersion: asLabel(own(version, 'API')) ?? asLabel(own(asFields(own(page(responses, WEB_STATS), 'STATUS')), 'api_version')),
      mac: macSaid !== null && isMac(macSaid) ? macSaid : null,
      serial: asLabel(ownOf(system, 'serinum', 'serial_no')),
      hostname: asText(own(system, 'hostname')),
      ...(other
        ? {
            algo: other[1],
            hashrateHs: rates?.current ?? (asleep ? 0 : null),
            expectedHashrateHs: rates?.expected ?? null,
          }
        : {
            hashrateThs: currentThs ?? nothing ?? (standIn ? averageThs : null),
            hashrateAvgThs: averageThs,
            expectedHashrateThs: expectedThs,
          }),
      wattageW: noPower ? null : wattage,
      wattageSource: noPower || wattage === null ? null : 'reported',
      boardTempsC: sensors.boards,
      chipTempsC: sensors.chips,
      allTempsC: [...sensors.boards, ...sensors.chips],
      fansRpm: fans.rpm,
      fanCount: fans.count,
      boardCount: boardsFitted ?? (present.length > 0 ? present.length : null),
      boardChips: present.flatMap((board) => board.chips ?? []),
      uptimeS: figures.number(
        'Elapsed',
        ownOf(stats, 'Elapsed', 'elapsed') ??
          ownOf(summary, 'Elapsed') ??
          ownOf(webSummary, 'elapsed') ??
          ungrouped(own(shown?.summary, 'elapsed')),
        UPTIME_S,
        's',
      ),
      ...readPools(figures, section(responses, 'pools') ?? webPools(responses) ?? shown?.pools ?? null),
      hasErrors: errors.length > 0,
      errors,
    },
  )
}

const webPools = (responses: Responses): readonly (Fields | null)[] | null => {
  const list = own(page(responses, WEB_POOLS), 'POOLS')
  return Array.isArray(list) ? list.map(asFields) : null
}
