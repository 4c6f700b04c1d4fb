/**
 * JSON as devices in the field write it. A strict parse always comes first, so a correct answer is never altered; the
 * repairs work on tokens, so that a pool password that contains `}{` stays as it is. Each repair belongs to a firmware
 * that is known for the fault (hardware protocols 2.3, seen in pyasic's `rpc/base.py` and in captures). An answer that
 * was cut off is never completed: whole or nothing.
 */

/** Levels of nesting a miner's answer may have; real ones stay below 8. V8 parses 200,000, what comes after does not. */
export const MAX_DEPTH = 32

export type Repair =
  | 'comma-between-objects' // `}{` in STATS: cgminer and bmminer of 2017–2019 on Antminer D3, L3, S9, Z11
  | 'comma-before-key' // `""temp0`: btminer of January 2023
  | 'comma-dropped' // `,}` btminer, `[,{` bmminer
  | 'control-character' // a raw newline inside a string: Whatsminer version, StrongU pools
  | 'invalid-escape' // `\'` in Whatsminer's Firmware Version (M20S, 20200917)
  | 'not-a-number' // bare nan and inf: Avalon
  | 'opening-brace' // `,"id":1}` as the whole answer: Avalon
  | 'list-as-object' // `"error_code":["110":"…"]`: Whatsminer API 2.0.4
  | 'text-after-end' // StrongU STU, Antminer S9k

/** Is any place deeper than the limit? Counted outside strings, before the text is given to `JSON.parse`. */
export const isTooDeep = (text: string): boolean => {
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (inString) {
      if (c === 0x5c) i++
      else if (c === 0x22) inString = false
    } else if (c === 0x22) inString = true
    else if (c === 0x7b || c === 0x5b) {
      if (++depth > MAX_DEPTH) return true
    } else if (c === 0x7d || c === 0x5d) depth--
  }
  return false
}

type Token = { kind: 'open' | 'close' | 'comma' | 'colon' | 'string' | 'word'; text: string; end: number }

const escaped = (c: string) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`

/** One string token starting at the quote; null where it never ends. */
const readString = (text: string, start: number, note: (r: Repair) => void): Token | null => {
  let out = '"'
  for (let i = start + 1; i < text.length; i++) {
    const c = text[i] ?? ''
    if (c === '"') return { kind: 'string', text: `${out}"`, end: i + 1 }
    if (c === '\\') {
      const next = text[++i] ?? ''
      if (next === "'") {
        note('invalid-escape')
        out += "'"
      } else out += c + next
    } else if (c < ' ') {
      note('control-character')
      out += escaped(c)
    } else out += c
  }
  return null
}

const PUNCTUATION: Record<string, Token['kind']> = { '{': 'open', '[': 'open', '}': 'close', ']': 'close', ',': 'comma', ':': 'colon' }
const WORD = /[^\s{}[\],:"]+/y
const NOT_A_NUMBER = /^[+-]?(nan|inf|infinity)$/i

const tokensOf = (text: string, note: (r: Repair) => void): Token[] | null => {
  const tokens: Token[] = []
  let depth = 0
  for (let i = 0; i < text.length; ) {
    const c = text[i] ?? ''
    if (c === ' ' || c === '\n' || c === '\r' || c === '\t') {
      i++
      continue
    }
    const kind = PUNCTUATION[c]
    let token: Token | null
    if (kind) token = { kind, text: c, end: i + 1 }
    else if (c === '"') token = readString(text, i, note)
    else {
      WORD.lastIndex = i
      const word = WORD.exec(text)?.[0] ?? c
      token = { kind: 'word', text: word, end: i + word.length }
    }
    if (!token) return null
    tokens.push(token)
    i = token.end
    if (kind === 'open') depth++
    // What follows the last closing brace is judged as a whole, not token by token.
    if (kind === 'close' && --depth <= 0) break
  }
  return tokens
}

/** The repaired text and what was repaired; null where the answer is damaged in a way no known firmware explains. */
export const repairJson = (text: string): { text: string; repairs: readonly Repair[] } | null => {
  const repairs = new Set<Repair>()
  const note = (r: Repair) => repairs.add(r)
  const start = text.trimStart()
  if (start.startsWith(',')) note('opening-brace')
  const tokens = tokensOf(repairs.has('opening-brace') ? `{${start.slice(1)}` : start, note)
  const last = tokens?.at(-1)
  if (!tokens || !last || last.kind !== 'close') return null

  const rest = start.slice(last.end).trim()
  if (rest !== '') {
    // A second answer behind the first is not decoration: nobody can say which one was asked for.
    if (/^[{[]/.test(rest)) return null
    note('text-after-end')
  }

  const closers: string[] = []
  let out = ''
  let before: Token | null = null
  for (const [i, token] of tokens.entries()) {
    const next = tokens[i + 1]
    const inside = closers.at(-1)
    const valueBefore = before !== null && (before.kind === 'close' || before.kind === 'string' || before.kind === 'word')
    const valueStarts = token.kind === 'open' || token.kind === 'string' || token.kind === 'word'
    if (valueBefore && valueStarts) {
      if (before?.text === '}' && token.text === '{' && inside === ']') note('comma-between-objects')
      else if (token.kind === 'string' && next?.kind === 'colon' && inside === '}') note('comma-before-key')
      else return null
      out += ','
    }
    if (token.kind === 'comma' && (before?.kind === 'open' || next?.kind === 'close')) {
      note('comma-dropped')
      continue
    }
    if (token.kind === 'open') {
      const listOfPairs = token.text === '[' && next?.kind === 'string' && tokens[i + 2]?.kind === 'colon'
      if (listOfPairs) note('list-as-object')
      closers.push(token.text === '{' || listOfPairs ? '}' : ']')
      out += listOfPairs ? '{' : token.text
    } else if (token.kind === 'close') out += closers.pop() ?? ''
    else if (token.kind === 'word' && NOT_A_NUMBER.test(token.text)) {
      note('not-a-number')
      out += 'null'
    } else out += token.text
    before = token
  }
  return closers.length === 0 && repairs.size > 0 ? { text: out, repairs: [...repairs] } : null
}

const strictly = (text: string): { value: unknown } | null => {
  try {
    const value: unknown = JSON.parse(text)
    return { value }
  } catch {
    return null
  }
}

/** What a device meant by its JSON, or why it is not JSON. */
export const parseDeviceJson = (text: string): { value: unknown; repairs: readonly Repair[] } | { reason: string } => {
  if (isTooDeep(text)) return { reason: `it is nested more than ${MAX_DEPTH} levels deep` }
  const strict = strictly(text)
  if (strict) return { value: strict.value, repairs: [] }
  const repaired = repairJson(text)
  const value = repaired && !isTooDeep(repaired.text) ? strictly(repaired.text) : null
  if (repaired && value) return { value: value.value, repairs: repaired.repairs }
  return { reason: 'it is not complete JSON' }
}
