/** `hashyard parse FILE.json`: the reading a driver makes of a recorded device; `--meter` for a recorded power meter. */
import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import type { Reading } from '#shared/fleet/reading.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import { probeOf, recognise } from '../drivers/identify.ts'
import { isTooDeep, MAX_DEPTH } from '../drivers/protocol/malformed-json.ts'
import { driverFor } from '../drivers/registry.ts'
import { unknownCgminer } from '../drivers/unknown-cgminer.ts'
import { recognisedMeter } from '../meters/registry.ts'
import { type Command, printJson, wrongUsage } from './command.ts'
import { meterReadingJson, readingJson } from './reading-json.ts'
import { meterText, readingText } from './reading-text.ts'

/** A recording is answers of at most 1 MiB each; this many bytes is more than any device says. */
const MAX_FILE_BYTES = 64 * 1_048_576

const Recording = z.object({
  family: z.string().nullish(),
  model: z.string().nullish(),
  protocol: z.string().nullish(),
  responses: z.record(z.string(), z.unknown()),
})

const readStdin = async (): Promise<Buffer> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of process.stdin) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk))
    size += bytes.length
    chunks.push(bytes)
    // What is read is already more than is taken: the caller sees it by the length.
    if (size > MAX_FILE_BYTES) break
  }
  return Buffer.concat(chunks)
}

const load = async (file: string): Promise<Result<z.infer<typeof Recording>>> => {
  const name = file === '-' ? 'standard input' : file
  let bytes: Buffer
  try {
    bytes = file === '-' ? await readStdin() : await readFile(file)
  } catch {
    return failed('not-found', `${name} cannot be read`)
  }
  if (bytes.length > MAX_FILE_BYTES) return failed('too-large', `${name} is larger than 64 MiB`)
  const text = new TextDecoder('utf-8').decode(bytes)
  // A recorded answer sits two levels down in its recording.
  if (isTooDeep(text)) return failed('invalid-input', `${name} is nested more than ${MAX_DEPTH} levels deep`)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return failed('invalid-input', `${name} is not JSON`)
  }
  const recording = Recording.safeParse(json)
  if (recording.success) return ok(recording.data)
  const field = recording.error.issues[0]?.path.join('.') ?? ''
  return failed(
    'invalid-input',
    `${name} is not a recorded device: it wants {"family"?, "protocol", "responses": {…}}`,
    field === '' ? {} : { field },
  )
}

/** Families we cannot read yet are read as far as plain cgminer goes, and say so by their family. */
export const parseRecording = (recording: z.infer<typeof Recording>, observedAtMs: number): Result<Reading> => {
  const { responses } = recording
  const named = recording.family ? driverFor(recording.family) : null
  const driver = named ?? (recording.family ? unknownCgminer : (recognise(probeOf(responses)) ?? unknownCgminer))
  const reading = driver.parse(responses, observedAtMs)
  if (reading.ok || named || !recording.family) return reading
  return failed('not-supported', `recordings of the family "${recording.family}" cannot be read yet`)
}

export const command: Command = {
  name: 'parse',
  usage: 'parse [--meter] FILE.json   (- reads stdin)',
  options: { meter: { type: 'boolean' } },
  run: async (c) => {
    const { args, flags, json, now, out } = c
    const [file, ...rest] = args
    if (file === undefined || rest.length > 0)
      return wrongUsage(failed('invalid-input', 'parse wants one file, or - for standard input').failure, c, command.usage)
    const recording = await load(file)
    if (!recording.ok) return recording
    if (flags.meter === true) {
      const { family, model, responses } = recording.value
      const meter = recognisedMeter({ family: family ?? null, model: model ?? null, responses })
      if (!meter.ok) return meter
      const reading = meter.value.parse(responses, now())
      if (!reading.ok) return reading
      if (json) printJson(out, meterReadingJson({ ...reading.value, model: reading.value.model ?? model ?? null }))
      else out(meterText(reading.value))
      return ok(undefined)
    }
    const reading = parseRecording(recording.value, now())
    if (!reading.ok) return reading
    if (json) printJson(out, readingJson(reading.value))
    else out(readingText(reading.value))
    return ok(undefined)
  },
}
