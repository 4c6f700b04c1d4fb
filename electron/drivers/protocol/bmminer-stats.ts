/**
 * The `stats` of Bitmain's cgminer, which the firmwares of others kept (hardware protocols 3.1): flat keys numbered by
 * board (`chain_acn1`, `temp_pcb1`, `fan1`), or since 2023 a list `chain` with one entry a board.
 */

import type { Responses } from '../driver.ts'
import { CHIPS, FAN_RPM, type Figures, TEMPERATURE_C } from '../figures.ts'
import { asFields, asLabel, asList, asText, type Fields, firstFields, own } from '../own-fields.ts'
import { section } from './cgminer.ts'
import { parseDeviceJson } from './malformed-json.ts'

export const WEB_STATS = '/cgi-bin/stats.cgi'

/** A recorded page, whatever method its key names (`GET`, or `HTTP` where the source does not state it). */
export const page = (responses: Responses, path: string): Fields | null => {
  for (const method of ['GET', 'HTTP', 'POST']) {
    const value = own(responses, `${method} ${path}`)
    if (value === undefined) continue
    const parsed = typeof value === 'string' ? parseDeviceJson(value) : { value }
    if ('value' in parsed && asFields(parsed.value)) return asFields(parsed.value)
  }
  return null
}

/** Keys like `fan1 … fan16` with their number, in order of the number. */
const numbered = (fields: Fields | null, pattern: RegExp): { index: number; raw: unknown }[] =>
  Object.keys(fields ?? {})
    .flatMap((key) => {
      const index = pattern.exec(key)?.[1]
      return index === undefined ? [] : [{ index: Number.parseInt(index, 10), raw: own(fields, key) }]
    })
    // Some boards carry sums under high numbers (`temp31`); 16 chains is the most any firmware numbers.
    .filter(({ index }) => index <= 16)
    .sort((a, b) => a.index - b.index)

/** `a-b-c-d`, where a number may itself be negative: `2--1-20-22` is 2, −1, 20, 22. */
const dashed = (raw: unknown): string[] =>
  typeof raw === 'string' ? [...raw.matchAll(/(?:^|-)(-?\d+(?:\.\d+)?)/g)].map((m) => m[1] ?? '') : []

type Sensors = { boards: number[]; chips: number[] }
type Board = { chips: number | null; bad: number; index: number }

const oldSensors = (figures: Figures, stats: Fields): Sensors => {
  const list = (pattern: RegExp) => numbered(stats, pattern).flatMap(({ raw }) => dashed(raw))
  const read = (field: string, raws: readonly unknown[]) => figures.numbers(field, raws, TEMPERATURE_C, '°C', { dropZero: true })
  const pcb = read('temp_pcb', list(/^temp_pcb(\d+)$/))
  const chip = read('temp_chip', list(/^temp_chip(\d+)$/))
  if (pcb.length > 0 || chip.length > 0) return { boards: pcb, chips: chip }
  // Before the S17: one sensor a board (`tempN`), chip sensors beside it (`temp2_N`, on some `temp3_N`, `temp4_N`).
  const plain = (pattern: RegExp) => numbered(stats, pattern).map(({ raw }) => raw)
  return {
    boards: read('temp', plain(/^temp(\d+)$/)),
    chips: read('temp2', [...plain(/^temp2_(\d+)$/), ...plain(/^temp3_(\d+)$/), ...plain(/^temp4_(\d+)$/)]),
  }
}

const newSensors = (figures: Figures, chain: readonly (Fields | null)[]): Sensors => {
  const read = (name: string) =>
    figures.numbers(
      name,
      chain.flatMap((board) => asList(own(board, name))),
      TEMPERATURE_C,
      '°C',
      { dropZero: true },
    )
  return { boards: read('temp_pcb'), chips: read('temp_chip') }
}

const badChips = (map: unknown): number => (typeof map === 'string' ? map.slice(0, 10_000).replace(/[^x]/gi, '').length : 0)

const oldBoards = (figures: Figures, stats: Fields): Board[] =>
  numbered(stats, /^chain_acn(\d+)$/).map(({ index, raw }) => ({
    index,
    chips: figures.number(`chain_acn${index}`, raw, CHIPS, 'chips'),
    bad: badChips(own(stats, `chain_acs${index}`)),
  }))

const newBoards = (figures: Figures, chain: readonly (Fields | null)[]): Board[] =>
  chain.map((board, i) => ({
    index: i + 1,
    chips: figures.number(`chain[${i}].asic_num`, own(board, 'asic_num'), CHIPS, 'chips'),
    bad: badChips(own(board, 'asic')),
  }))

/** Old firmwares leave slots of fans they do not have at 0: those count only where no fan turns at all. */
const oldFans = (figures: Figures, stats: Fields): { rpm: number[]; count: number | null } => {
  const slots = figures.numbers(
    'fan',
    numbered(stats, /^fan(\d+)$/).map(({ raw }) => raw),
    FAN_RPM,
    'rpm',
  )
  const turning = slots.filter((rpm) => rpm > 0)
  const fitted = figures.number('fan_num', own(stats, 'fan_num'), { min: 0, max: 64 }, 'fans')
  const rpm = turning.length > 0 ? turning : slots.slice(0, fitted ?? 0)
  return { rpm, count: slots.length === 0 && fitted === null ? null : rpm.length }
}

/** `Antminer S9 (vnish 3.8.6)` runs on an Antminer S9: the firmware in brackets is not part of the hardware's name. */
export const cleanModel = (type: unknown): string | null => asText(asText(type)?.split('\n')[0]?.split(' (')[0])

/** What `stats` says, over the API or from the web page: the block that names the machine and the one with the numbers. */
export type Sources = { block: Fields | null; stats: Fields | null; chain: readonly (Fields | null)[] | null; web: boolean }

export const statsOf = (responses: Responses): Sources | null => {
  const members = section(responses, 'stats')
  if (members) {
    const block = members.find((m) => own(m, 'Type') !== undefined || own(m, 'CompileTime') !== undefined) ?? null
    const stats =
      members.find((m) => ['GHS 5s', 'GHS av', 'chain', 'fan_num', 'chain_acn1'].some((key) => own(m, key) !== undefined)) ?? null
    return { block, stats, chain: own(stats, 'chain') === undefined ? null : asList(own(stats, 'chain')).map(asFields), web: false }
  }
  const web = page(responses, WEB_STATS)
  if (!web) return null
  // Asleep, the page has an empty list here.
  const stats = firstFields(own(web, 'STATS'))
  return { block: asFields(own(web, 'INFO')), stats, chain: asList(own(stats, 'chain')).map(asFields), web: true }
}

export const sensorsOf = (figures: Figures, s: Sources | null): Sensors =>
  s?.chain ? newSensors(figures, s.chain) : s?.stats ? oldSensors(figures, s.stats) : { boards: [], chips: [] }

export const boardsOf = (figures: Figures, s: Sources | null): Board[] =>
  s?.chain ? newBoards(figures, s.chain) : s?.stats ? oldBoards(figures, s.stats) : []

export const fansOf = (figures: Figures, s: Sources | null): { rpm: number[]; count: number | null } => {
  if (!s?.stats) return { rpm: [], count: null }
  if (!s.chain) return oldFans(figures, s.stats)
  const fans = asList(own(s.stats, 'fan'))
  return { rpm: figures.numbers('fan', fans, FAN_RPM, 'rpm'), count: fans.length }
}

/** What the device's own self-checks complain about. */
export const complaints = (webSummary: Fields | null, warning: unknown): { code: string | null; message: string }[] => {
  const checks = asList(own(webSummary, 'status'))
    .slice(0, 32)
    .flatMap((entry) => {
      const check = asFields(entry)
      const status = asText(own(check, 'status'))
      if (status === null || status === 's') return []
      return [
        {
          code: asLabel(own(check, 'code')),
          message: asText(own(check, 'msg')) ?? `${asText(own(check, 'type')) ?? 'self-check'}: ${status}`,
        },
      ]
    })
  const said = asText(own(asFields(warning), 'error_message'))
  return said === null || said.toLowerCase() === 'none' ? checks : [...checks, { code: said, message: `the firmware warns ${said}` }]
}
