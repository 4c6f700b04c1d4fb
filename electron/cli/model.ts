/** `hashyard model [FILE.json]`: evaluates economic models with the names of the golden cases. */
import { readFile, stat } from 'node:fs/promises'
import { evaluateModel, isModelError } from '#shared/economics/adapter.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import { type Command, DONE, FAILED, printJson, reportFailure, WRONG_USAGE } from './command.ts'

/** A file of models is text a person or a script wrote; past this it is something else. */
const MAX_BYTES = 64 * 1024 * 1024

const readAll = async (file: string | undefined, signal: AbortSignal): Promise<Result<string>> => {
  try {
    if (file !== undefined && file !== '-') {
      if ((await stat(file)).size > MAX_BYTES) return failed('too-large', `${file} is larger than ${MAX_BYTES / 2 ** 20} MB`)
      return ok(await readFile(file, { encoding: 'utf8', signal }))
    }
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of process.stdin) {
      const part = Buffer.from(chunk)
      bytes += part.length
      if (bytes > MAX_BYTES) return failed('too-large', `the input is larger than ${MAX_BYTES / 2 ** 20} MB`)
      chunks.push(part)
    }
    return ok(Buffer.concat(chunks).toString('utf8'))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT') return failed('not-found', `there is no file ${file}`)
    return failed('invalid-input', `${file ?? 'the input'} could not be read (${code || String(error)})`)
  }
}

const parseJson = (text: string): Result<unknown> => {
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

export const command: Command = {
  name: 'model',
  usage: 'model [FILE.json]   {"module", "fn", "inputs"} or a list of them; without a file, or with -, from standard input',
  options: {},
  async run(c) {
    // The answer is a JSON document with or without --json, so a failure is one, too.
    const io = { json: true, out: c.out, err: c.err }
    if (c.args.length > 1) {
      reportFailure(failed('invalid-input', 'model takes one file').failure, io)
      return WRONG_USAGE
    }
    const text = await readAll(c.args[0], c.signal)
    const request = text.ok ? parseJson(text.value) : text
    if (!request.ok) {
      reportFailure(request.failure, io)
      return FAILED
    }
    const answer = evaluateModel(request.value)
    // In a list a refused case is an element like any other; alone it is also the failure of the command, which under --json
    // has the form of every command's failure.
    if (isModelError(answer) && !c.json) {
      printJson(c.out, answer)
      return FAILED
    }
    if (isModelError(answer)) {
      const kind = answer.error === 'NOT_IMPLEMENTED' ? 'not-supported' : 'invalid-input'
      reportFailure(failed(kind, answer.message, { field: answer.field }).failure, io)
      return FAILED
    }
    printJson(c.out, answer)
    return DONE
  },
}
