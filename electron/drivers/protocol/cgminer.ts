/**
 * The cgminer API on TCP 4028 (hardware protocols 2): one request a connection, JSON or the bare word, the answer ended
 * by NUL, newline or close. btminer (Whatsminer) speaks the same frame.
 */
import { failed, ok, type Result } from '#shared/result.ts'
import { asFields, asLabel, asList, type Fields, own } from '../own-fields.ts'
import { looksLikeText, parseCgminerText } from './cgminer-text.ts'
import { parseDeviceJson } from './malformed-json.ts'

export const requestFor = (command: string, parameter?: string): string =>
  JSON.stringify(parameter === undefined ? { command } : { command, parameter })

/** Answers are kept under these keys, as in the captures. */
export const keyFor = (command: string, parameter?: string): string => (parameter === undefined ? command : `${command}|${parameter}`)

/** Bytes to text, once and over the whole answer: the first NUL ends it, a byte-order mark is dropped. */
export const decodeAnswer = (bytes: Uint8Array): string => {
  const nul = bytes.indexOf(0)
  return new TextDecoder('utf-8').decode(nul === -1 ? bytes : bytes.subarray(0, nul))
}

const OPEN = new Set([0x7b, 0x5b])
const CLOSE = new Set([0x7d, 0x5d])
export type End = 'now' | 'unless-more-comes' | null
/**
 * Says when an answer is over, fed chunk by chunk. NUL ends it; so does a newline behind complete brackets. Firmwares
 * that send neither and keep the connection open are over when the brackets are closed and nothing more comes.
 */
export const answerEnd = (): ((chunk: Uint8Array) => End) => {
  let depth = 0
  let opened = false
  let inString = false
  let skip = false
  let sections = false
  let first = -1
  let last = 0
  return (chunk) => {
    for (const byte of chunk) {
      if (byte === 0) return 'now'
      if (byte > 0x20) last = byte
      if (first === -1 && byte > 0x20) first = byte
      if (byte === 0x7c) sections = true
      if (skip) skip = false
      else if (inString) {
        if (byte === 0x5c) skip = true
        else if (byte === 0x22) inString = false
      } else if (byte === 0x22 && opened) inString = true
      else if (OPEN.has(byte)) {
        depth++
        opened = true
      } else if (CLOSE.has(byte)) depth--
    }
    const isJson = first === 0x7b || first === 0x5b || first === 0x2c
    const complete = isJson ? opened && depth <= 0 && !inString : last === 0x7c
    const newline = chunk.at(-1) === 0x0a
    // Plain words (`Socket connect failed: …`) end with their line.
    if (newline && (complete || (!isJson && !sections))) return 'now'
    return complete ? 'unless-more-comes' : null
  }
}

/** Text of an answer as JSON or text form says it. `where` opens every message. */
export const parseAnswer = (where: string, text: string): Result<unknown> => {
  const body = text.trim()
  if (body === '') return failed('unexpected-reply', `${where}: the connection was closed without an answer`)
  if (/^Socket connect failed/i.test(body))
    return failed('unreachable', `${where}: the API answers but the miner process does not run (${body.slice(0, 80)})`)
  if (body.startsWith('<')) return failed('unexpected-reply', `${where}: a web page came instead of a miner's answer`)
  if (body.startsWith('HTTP/1.')) return failed('unexpected-reply', `${where}: a web server answers here, not a miner's API`)
  const parsed = looksLikeText(body) ? parseCgminerText(body) : parseDeviceJson(body)
  return 'reason' in parsed ? failed('unexpected-reply', `${where}: the answer cannot be read, ${parsed.reason}`) : ok(parsed.value)
}

/** Section and codes an answer must carry to be the answer of its command; 131 is btminer's "command OK". */
const EXPECTED: Record<string, { section: string; code?: number }> = {
  version: { section: 'VERSION', code: 22 },
  summary: { section: 'SUMMARY', code: 11 },
  stats: { section: 'STATS', code: 70 },
  estats: { section: 'STATS', code: 70 },
  litestats: { section: 'STATS', code: 70 },
  pools: { section: 'POOLS', code: 7 },
  devs: { section: 'DEVS', code: 9 },
  edevs: { section: 'DEVS', code: 9 },
  devdetails: { section: 'DEVDETAILS', code: 69 },
  status: { section: 'Msg', code: 131 },
  get_version: { section: 'Msg', code: 131 },
  get_miner_info: { section: 'Msg', code: 131 },
  get_error_code: { section: 'Msg', code: 131 },
  get_psu: { section: 'Msg', code: 131 },
  // Of BOSminer and LuxOS.
  config: { section: 'CONFIG' },
  fans: { section: 'FANS', code: 202 },
  temps: { section: 'TEMPS', code: 201 },
  tunerstatus: { section: 'TUNERSTATUS' },
  power: { section: 'POWER' },
  profiles: { section: 'PROFILES' },
  events: { section: 'EVENTS' },
  // Of Auradine.
  asccount: { section: 'ASCCount' },
}
const GOOD = new Set(['S', 'I', 'RESTART'])

/** STATUS is a list of one object (cgminer), an object (Antminer's new API) or the bare letter (btminer `get_*`). */
const statusOf = (answer: Fields): { letter: string | null; code: string | null; message: string | null } => {
  const status = own(answer, 'STATUS')
  const fields = asFields(asList(status)[0]) ?? asFields(status)
  const at = fields ?? answer
  return {
    letter: fields ? asLabel(own(fields, 'STATUS')) : asLabel(status),
    code: asLabel(own(at, 'Code')),
    message: asLabel(own(at, 'Msg')),
  }
}

/** Innosilicon's sgminer gives each member a section of its own: `STATS0`, `STATS1` … and `POOL0`, `POOL1` …. */
const numberedSections = (answer: Fields, name: string): readonly unknown[] =>
  Object.keys(answer)
    .filter((key) => /^[A-Z]+\d{1,2}$/.test(key) && [name, name.replace(/S$/, '')].includes(key.replace(/\d+$/, '')))
    .flatMap((key) => asList(own(answer, key)))

const MAX_SHOWN = 80
/** Is this the answer of that command, and does it say that it went well? */
export const checkAnswer = (where: string, command: string, answer: unknown): Result<Fields> => {
  const fields = asFields(answer)
  if (!fields) return failed('unexpected-reply', `${where}: the answer to ${command} is not an object`)
  if (command.includes('+')) {
    const missing = command.split('+').find((part) => asList(own(fields, part)).length === 0)
    if (missing === undefined) return ok(fields)
    return failed('unexpected-reply', `${where}: the joined answer has no ${missing}`)
  }
  const { letter, code, message } = statusOf(fields)
  if (letter === null) return failed('unexpected-reply', `${where}: the answer to ${command} has no status`)
  if (!GOOD.has(letter))
    return failed('unexpected-reply', `${where}: ${command} was answered with "${(message ?? letter).slice(0, MAX_SHOWN)}"`)
  const expected = Object.hasOwn(EXPECTED, command) ? EXPECTED[command] : undefined
  if (!expected) return ok(fields)
  const wrongCode = code !== null && expected.code !== undefined && code !== String(expected.code)
  const section = own(fields, expected.section)
  const wrongSection =
    expected.section === 'Msg' ? !asFields(section) : !Array.isArray(section) && numberedSections(fields, expected.section).length === 0
  if (wrongCode || wrongSection)
    return failed(
      'unexpected-reply',
      `${where}: the answer belongs to another command than ${command}${code === null ? '' : ` (code ${code})`}`,
    )
  return ok(fields)
}

/**
 * The answer to a command among recorded or just received responses: under its own name, or inside a joined one
 * (`pools+summary+stats`). Null where it is not there or is not a good answer of that command.
 */
export const answerOf = (responses: Readonly<Record<string, unknown>>, command: string): Fields | null => {
  for (const [key, value] of Object.entries(responses)) {
    const joined = key.split('+')
    if (key !== command && !(joined.length > 1 && joined.includes(command))) continue
    const parsed = typeof value === 'string' ? parseAnswer(command, value) : ok(value)
    if (!parsed.ok) continue
    const member = key === command ? parsed.value : asList(own(asFields(parsed.value), command))[0]
    const checked = checkAnswer(command, command, member)
    if (checked.ok) return checked.value
  }
  return null
}

/** Members of a command's section: `section(responses, 'stats')` are the entries of STATS. */
export const section = (responses: Readonly<Record<string, unknown>>, command: string): readonly (Fields | null)[] | null => {
  const answer = answerOf(responses, command)
  const expected = Object.hasOwn(EXPECTED, command) ? EXPECTED[command] : undefined
  if (!answer || !expected) return null
  const members = own(answer, expected.section)
  return (Array.isArray(members) ? members : numberedSections(answer, expected.section)).map(asFields)
}

/** What btminer puts under `Msg` of its own commands. */
export const message = (responses: Readonly<Record<string, unknown>>, command: string): Fields | null =>
  asFields(own(answerOf(responses, command), 'Msg'))
