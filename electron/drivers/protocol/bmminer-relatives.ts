/**
 * Machines of other algorithms whose makers took Bitmain's miner over, API and web pages alike (hardware protocols 12):
 * Hammer, Blackminer, VolcMiner. What differs is said in each family's own file.
 */
import { readNumber } from '#shared/read-number.ts'
import { failed, type Result } from '#shared/result.ts'
import { type Credentials, isFirstContact, isGone, type Link, makeReading, type Responses } from '../driver.ts'
import { BOARDS, macOf, makeFigures, positive, TEMPERATURE_C, UPTIME_S } from '../figures.ts'
import { hottest, machineState } from '../machine-state.ts'
import { hashesPerUnit, otherRates } from '../other-rates.ts'
import { asLabel, asText, type Fields, own, ownOf } from '../own-fields.ts'
import { readPools } from '../pools.ts'
import { statusPage, ungrouped } from './bmminer-page.ts'
import { boardsOf, cleanModel, fansOf, page, type Sources, sensorsOf, statsOf } from './bmminer-stats.ts'
import { section } from './cgminer.ts'

const SYSTEM = '/cgi-bin/get_system_info.cgi'
const STATUS = '/cgi-bin/get_miner_status.cgi'
const CONFS = ['/cgi-bin/get_miner_conf.cgi', '/cgi-bin/get_conf.cgi'] as const

export type Relative = {
  family: string
  algo: string
  /** What a field named GHS counts there: MH/s on scrypt machines. A field named MHS counts MH/s on all of them. */
  hashesPerGhs: number
  /** What the machine leaves the factory with; used only where a read needs a login and none was entered. */
  factory: Credentials
  /** Chips' temperatures of one board beside its own sensor, as text: `[67.30, 0.00, …]`. */
  chipTempsKey?: string
}

/**
 * As many readings as the board has chips; the rest of such a list is memory that was never written
 * (`-73364045383872769689863497711616.00`).
 */
const chipTemps = (key: string, stats: Fields, boards: readonly { index: number; chips: number | null }[]): readonly string[] =>
  boards.flatMap(({ index, chips }) =>
    (asText(own(stats, `${key}${index}`)) ?? '')
      .replace(/^\[|\]$/g, '')
      .split(',')
      .slice(0, chips ?? 0)
      .map((raw) => raw.trim()),
  )

const RATE_KEYS = ['MHS 5s', 'mhs5s', 'GHS 5s', 'ghs5s']
const AVERAGE_KEYS = ['MHS av', 'mhsav', 'GHS av', 'ghsav']

export const parseRelative = (kind: Relative) => (responses: Responses, observedAtMs: number) => {
  const figures = makeFigures()
  const api = statsOf(responses)
  const shown = statusPage(responses)
  const summary = section(responses, 'summary')?.[0] ?? null
  const sources: Sources | null = api?.stats ? api : shown ? { block: null, stats: shown.stats, chain: null, web: true } : api
  if (!sources && !summary) return failed('unexpected-reply', 'the answers hold no stats, no summary and no status page of the miner')
  const stats = sources?.stats ?? null
  const version = section(responses, 'version')?.[0] ?? null
  const system = page(responses, SYSTEM)

  const said = (keys: readonly string[]): readonly (readonly [string, unknown])[] =>
    [stats, summary, shown?.summary ?? null].flatMap((from) =>
      keys.flatMap((key) => {
        const raw = ungrouped(own(from, key))
        return raw === undefined || raw === null || raw === '' ? [] : [[key, raw] as const]
      }),
    )
  const current = said(RATE_KEYS)
  const average = said(AVERAGE_KEYS)[0] ?? ['MHS av', undefined]
  const firstField = current[0]?.[0] ?? average[0]
  const perUnit = hashesPerUnit(own(stats, 'rate_unit')) ?? (/^m/i.test(firstField) ? 1e6 : kind.hashesPerGhs)
  const mode = figures.number(
    'bitmain-work-mode',
    CONFS.map((path) => ownOf(page(responses, path), 'bitmain-work-mode', 'miner-mode')).find((raw) => raw !== undefined),
    { min: 0, max: 255 },
    '',
  )
  const asleepSaid = mode === null ? null : mode === 1
  const rates = otherRates(figures, {
    perUnit,
    expected: ['total_rateideal', ungrouped(own(stats, 'total_rateideal'))],
    current,
    average,
    asleep: asleepSaid === true,
  })

  const boards = boardsOf(figures, sources).filter((board) => (board.chips ?? 0) > 0)
  const numbered = sensorsOf(figures, sources)
  const boardTemps =
    numbered.boards.length > 0 ? numbered.boards : figures.numbers('temp', shown?.boardTemps ?? [], TEMPERATURE_C, '°C', { dropZero: true })
  const ofChips =
    kind.chipTempsKey !== undefined && stats
      ? figures.numbers(kind.chipTempsKey, chipTemps(kind.chipTempsKey, stats, boards), TEMPERATURE_C, '°C', { dropZero: true })
      : numbered.chips
  const seen = machineState({
    asleep: asleepSaid,
    rate: rates.current,
    expected: rates.expected,
    ratesUnbelieved: rates.current === null && current.some(([, raw]) => (readNumber(raw, { min: 0, max: Number.MAX_VALUE }) ?? 0) > 0),
    hottestC: hottest(boardTemps, ofChips),
  })
  const errors = boards
    .filter((board) => board.bad > 0 && seen.isMining === true)
    .map((board) => ({ code: null, message: `board ${board.index}: ${board.bad} of ${board.chips} chips do not answer` }))
  if (seen.state === 'overheated') errors.push({ code: null, message: `stopped at ${hottest(boardTemps, ofChips)} °C` })

  const fans = fansOf(figures, sources)
  const overApi = api?.web === false || summary !== null || version !== null
  const overWeb = system !== null || shown !== null || CONFS.some((path) => page(responses, path) !== null)
  return makeReading(
    {
      family: kind.family,
      protocol: [overApi ? 'cgminer' : null, overWeb ? 'antminer-web-like' : null].filter(Boolean).join('+'),
      ...seen,
      observedAtMs,
      problems: figures.problems,
    },
    {
      model: cleanModel(ownOf(version, 'Type') ?? ownOf(api?.block, 'Type', 'type') ?? ownOf(system, 'minertype')),
      firmwareVersion:
        asText(own(version, 'CompileTime')) ?? asText(own(api?.block, 'CompileTime')) ?? asText(own(system, 'system_filesystem_version')),
      apiVersion: asLabel(own(version, 'API')),
      mac: macOf(figures, ownOf(system, 'macaddr')),
      serial: asLabel(ownOf(system, 'serinum', 'serial_no')),
      hostname: asText(own(system, 'hostname')),
      algo: kind.algo,
      hashrateHs: rates.current ?? (seen.state === 'sleeping' ? 0 : null),
      expectedHashrateHs: rates.expected,
      boardTempsC: boardTemps,
      chipTempsC: ofChips,
      // One figure a board. The chips' lists hold what the board's sensor sums up, and more than there are chips.
      allTempsC: kind.chipTempsKey === undefined ? [...boardTemps, ...ofChips] : boardTemps,
      fansRpm: fans.rpm,
      fanCount: fans.count,
      boardCount: positive(figures.number('miner_count', ownOf(stats, 'miner_count'), BOARDS, 'boards')) ?? positive(boards.length),
      boardChips: boards.flatMap((board) => board.chips ?? []),
      uptimeS: figures.number(
        'Elapsed',
        ungrouped(ownOf(stats, 'Elapsed', 'elapsed') ?? ownOf(summary, 'Elapsed') ?? ownOf(shown?.summary ?? null, 'elapsed')),
        UPTIME_S,
        's',
      ),
      ...readPools(figures, section(responses, 'pools') ?? shown?.pools ?? null),
      hasErrors: errors.length > 0,
      errors,
    },
  )
}

const namesItself = (responses: Responses): boolean => page(responses, SYSTEM) !== null

const hashes = (responses: Responses): boolean => {
  const shown = statusPage(responses)
  return [statsOf(responses)?.stats ?? null, shown?.summary ?? null].some((from) =>
    RATE_KEYS.some((key) => (readNumber(ungrouped(own(from, key)), { min: 0, max: Number.MAX_VALUE }) ?? 0) > 0),
  )
}

/** Over the API two questions, `stats` and `pools`; where only the web interface answers its status page. */
export const askRelative =
  (kind: Relative, prefer: 'api' | 'web') =>
  async (link: Link): Promise<Result<void>> => {
    const first = isFirstContact(link)
    const hasWeb = link.address.webPort !== null
    const overApi = async () => {
      const stats = await link.rpc('stats')
      if (stats.ok) await link.rpc('pools')
      return stats
    }
    const overWeb = async () => {
      const status = await link.web(STATUS, kind.factory)
      if (status.ok && first) await link.web(SYSTEM, kind.factory)
      return status
    }
    const heard = await (prefer === 'web' && hasWeb ? overWeb() : overApi())
    if (!heard.ok) {
      // One that takes a connection and then says nothing has used up its time.
      if (heard.failure.kind === 'timeout' || (prefer === 'api' && !hasWeb)) return heard
      const second = await (prefer === 'web' ? overApi() : overWeb())
      if (!second.ok) return isGone(heard) && second.failure.kind === 'refused' ? second : heard
    }
    if (hasWeb && first && prefer === 'api' && !namesItself(link.responses())) await link.web(SYSTEM, kind.factory)
    if (hasWeb && !hashes(link.responses())) await link.web(CONFS[0], kind.factory)
    return { ok: true, value: undefined }
  }
