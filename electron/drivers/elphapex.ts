/**
 * Elphapex DG1 and its like, scrypt: CGI pages much like Bitmain's newer ones, behind digest with the realm `Daoge…`
 * (hardware protocols 12). Text for numbers, thousandths of a degree in `temp_chip`, MH/s unless `rate_unit` says else.
 */
import { readNumber } from '#shared/read-number.ts'
import { failed, type Result } from '#shared/result.ts'
import { type Credentials, driver, isFirstContact, type Link, makeReading, type Responses } from './driver.ts'
import { BOARDS, believedPower, macOf, makeFigures, POWER_W, positive, TEMPERATURE_C, UPTIME_S } from './figures.ts'
import { hottest, machineState } from './machine-state.ts'
import { hashesPerUnit, otherRates } from './other-rates.ts'
import { asFields, asLabel, asList, asText, type Fields, firstFields, own, ownOf } from './own-fields.ts'
import { readPools } from './pools.ts'
import { boardsOf, cleanModel, complaints, fansOf, page, statsOf, WEB_STATS } from './protocol/bmminer-stats.ts'

/** What the machine leaves the factory with; used only where no login was entered. */
const FACTORY_LOGIN: Credentials = { user: 'root', password: 'root' }
const SUMMARY = '/cgi-bin/summary.cgi'
const POOLS = '/cgi-bin/pools.cgi'
const SYSTEM = '/cgi-bin/get_system_info.cgi'
const CONF = '/cgi-bin/get_miner_conf.cgi'
const POWER = '/cgi-bin/get_power.cgi'

/** `47125` is 47.125 °C; a firmware that writes whole degrees stays below 1,000. */
const degrees = (raw: unknown): unknown => {
  const n = readNumber(raw, { min: -1e6, max: 1e6 })
  return n !== null && Math.abs(n) >= 1_000 ? n / 1_000 : raw
}

/** `DG1+_SW_V1.0.2` is firmware 1.0.2 of a DG1+. */
const versionOf = (raw: unknown): string | null => {
  const said = asText(raw)
  return said === null ? null : (/_V(\d[\w.-]*)$/i.exec(said)?.[1] ?? said)
}

const parse = (responses: Responses, observedAtMs: number) => {
  const figures = makeFigures()
  const sources = statsOf(responses)
  const summaryPage = page(responses, SUMMARY)
  const summary = firstFields(own(summaryPage, 'SUMMARY'))
  if (!sources && !summaryPage) return failed('unexpected-reply', 'the answers hold no stats and no summary of an Elphapex')
  const stats = sources?.stats ?? null
  const chain = sources?.chain ?? []
  const system = page(responses, SYSTEM)
  const info = sources?.block ?? asFields(own(summaryPage, 'INFO'))

  const mode = figures.number('fc-work-mode', ownOf(page(responses, CONF), 'fc-work-mode', 'bitmain-work-mode'), { min: 0, max: 255 }, '')
  const asleepSaid = mode === null ? null : mode === 1
  const sent = (from: Fields | null, prefix: string) =>
    ['rate_5s', 'rate_15m', 'rate_30m'].flatMap((key) => {
      const raw = own(from, key)
      // 0 over 15 and 30 minutes is what a machine says that has not run that long.
      return raw === undefined || raw === '' || (raw === 0 && key !== 'rate_5s') ? [] : [[`${prefix}${key}`, raw] as const]
    })
  const current = [...sent(stats, ''), ...sent(summary, 'summary ')]
  const rates = otherRates(figures, {
    perUnit: hashesPerUnit(ownOf(stats, 'rate_unit') ?? own(summary, 'rate_unit')) ?? 1e6,
    expected: ['rate_ideal', ownOf(stats, 'total_rateideal', 'rate_ideal') ?? own(summary, 'rate_ideal')],
    current,
    average: ['rate_avg', ownOf(stats, 'rate_avg') ?? own(summary, 'rate_avg')],
    asleep: asleepSaid === true,
  })

  const listed = (key: string) => chain.flatMap((board) => asList(own(board, key)).slice(0, 16))
  const read = (field: string, raws: readonly unknown[]) => figures.numbers(field, raws, TEMPERATURE_C, '°C', { dropZero: true })
  const pcb = listed('temp_pcb')
  const boardTemps = read('temp_pcb', pcb.length > 0 ? pcb : listed('temp_pic'))
  const chipTemps = read('temp_chip', listed('temp_chip').map(degrees))
  const boards = boardsOf(figures, sources).filter((board) => (board.chips ?? 0) > 0)
  const fans = fansOf(figures, sources)
  const seen = machineState({
    asleep: asleepSaid,
    rate: rates.current,
    expected: rates.expected,
    ratesUnbelieved: rates.current === null && current.some(([, raw]) => (readNumber(raw, { min: 0, max: Number.MAX_VALUE }) ?? 0) > 0),
    hottestC: hottest(boardTemps, chipTemps),
  })
  const watts = believedPower(
    figures,
    'power_output',
    figures.number('power_output', own(page(responses, POWER), 'power_output'), POWER_W, 'W'),
    seen.isMining,
  )
  const errors = complaints(summary, undefined)
  for (const board of boards.filter((b) => b.bad > 0 && seen.isMining === true))
    errors.push({ code: null, message: `board ${board.index}: ${board.bad} of ${board.chips} chips do not answer` })
  if (seen.state === 'overheated') errors.push({ code: null, message: `stopped at ${hottest(boardTemps, chipTemps)} °C` })
  const pools = own(page(responses, POOLS), 'POOLS')

  return makeReading(
    { family: 'elphapex', protocol: 'antminer-web-like', ...seen, observedAtMs, problems: figures.problems },
    {
      model: cleanModel(ownOf(system, 'minertype') ?? ownOf(info, 'type')),
      firmwareVersion: versionOf(own(system, 'system_filesystem_version') ?? own(info, 'miner_version')),
      apiVersion: asLabel(own(asFields(own(summaryPage ?? page(responses, WEB_STATS), 'STATUS')), 'api_version')),
      mac: macOf(figures, ownOf(system, 'macaddr') ?? own(page(responses, '/cgi-bin/get_network_info.cgi'), 'macaddr')),
      serial: asLabel(ownOf(info, 'dev_sn')),
      hostname: asText(own(system, 'hostname')),
      algo: 'scrypt',
      hashrateHs: rates.current ?? (seen.state === 'sleeping' ? 0 : null),
      expectedHashrateHs: rates.expected,
      wattageW: watts,
      wattageSource: watts === null ? null : 'reported',
      boardTempsC: boardTemps,
      chipTempsC: chipTemps,
      allTempsC: [...boardTemps, ...chipTemps],
      fansRpm: fans.rpm,
      fanCount: fans.count,
      boardCount: positive(figures.number('chain_num', own(stats, 'chain_num'), BOARDS, 'boards')) ?? positive(boards.length),
      boardChips: boards.flatMap((board) => board.chips ?? []),
      uptimeS: figures.number('elapsed', ownOf(stats, 'elapsed') ?? own(summary, 'elapsed'), UPTIME_S, 's'),
      ...readPools(figures, Array.isArray(pools) ? pools.map(asFields) : null),
      hasErrors: errors.length > 0 ? true : sources || summary ? false : null,
      errors,
    },
  )
}

/** Rates and sensors, pools, its watts; self-checks and work mode only where it does not hash as it should. */
const ask = async (link: Link): Promise<Result<void>> => {
  const first = isFirstContact(link)
  const stats = await link.web(WEB_STATS, FACTORY_LOGIN)
  if (!stats.ok) return stats
  await link.web(POOLS, FACTORY_LOGIN)
  if (first) await link.web(SYSTEM, FACTORY_LOGIN)
  await link.web(POWER, FACTORY_LOGIN)
  const sofar = parse(link.responses(), link.now())
  if (!sofar.ok || sofar.value.state !== 'hashing') {
    await link.web(SUMMARY, FACTORY_LOGIN)
    await link.web(CONF, FACTORY_LOGIN)
  }
  return { ok: true, value: undefined }
}

export const elphapex = driver({
  family: 'elphapex',
  recognises: ({ text, realm }) => /"(MINERTYPE|TYPE)":\s*"DG[\d-]/.test(text) || text.includes('ELPHAPEX') || /^daoge/i.test(realm ?? ''),
  ask,
  parse,
})
