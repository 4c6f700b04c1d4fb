/** A file, or standard input, as text and as JSON: what a command is given to work on. */
import { readFile, stat } from 'node:fs/promises'
import { failed, ok, type Result } from '#shared/result.ts'

/** A file that a person or a script wrote; past this it is something else. */
const MAX_BYTES = 64 * 1024 * 1024

/** UTF-8, or what its mark says: spreadsheets and PowerShell write UTF-16. */
const decoded = (bytes: Buffer): string => {
  const mark = bytes.subarray(0, 2).toString('hex')
  return new TextDecoder(mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8', { ignoreBOM: true }).decode(bytes)
}

/** The text of a file, or of standard input for `-` or none. */
export const readText = async (file: string | undefined, signal: AbortSignal): Promise<Result<string>> => {
  try {
    if (file !== undefined && file !== '-') {
      if ((await stat(file)).size > MAX_BYTES) return failed('too-large', `${file} is larger than ${MAX_BYTES / 2 ** 20} MB`)
      return ok(decoded(await readFile(file, { signal })))
    }
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of process.stdin) {
      const part = Buffer.from(chunk)
      bytes += part.length
      if (bytes > MAX_BYTES) return failed('too-large', `the input is larger than ${MAX_BYTES / 2 ** 20} MB`)
      chunks.push(part)
    }
    return ok(decoded(Buffer.concat(chunks)))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT') return failed('not-found', `there is no file ${file}`)
    return failed('invalid-input', `${file ?? 'the input'} could not be read (${code || String(error)})`)
  }
}

/** Text as JSON; a failure names its line. */
export const parseJson = (text: string): Result<unknown> => {
  const document = text.replace(/^\uFEFF/, '')
  const complaint = jsonComplaint(document)
  if (complaint === null) return ok(JSON.parse(document))
  return failed('invalid-input', `not JSON: ${complaint}`, { line: badLine(document) })
}

/** The parser's words, without its echo of the text; null where it is content. */
const jsonComplaint = (text: string): string | null => {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).replace(/,? \.*".*is not valid JSON$/s, '')
  }
}

/**
 * V8 names a position only in some of its messages. A token never spans lines, so the lines up to the bad one are merely
 * incomplete, and with it they are wrong: the first such line is found by halving.
 */
const badLine = (text: string): number => {
  const lines = text.split('\n')
  let good = 0
  let bad = lines.length
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    const start = lines.slice(0, middle).join('\n')
    const complaint = jsonComplaint(start)
    if (complaint === null || endsTooEarly(complaint, start)) good = middle
    else bad = middle
  }
  return bad
}

const endsTooEarly = (complaint: string, text: string): boolean => {
  const position = /at position (\d+)/.exec(complaint)?.[1]
  return /end of JSON input/.test(complaint) || (position !== undefined && Number.parseInt(position, 10) >= text.length)
}

export const readJsonFile = async (file: string | undefined, signal: AbortSignal): Promise<Result<unknown>> => {
  const text = await readText(file, signal)
  return text.ok ? parseJson(text.value) : text
}
