/**
 * The frame of Whatsminer's API v3 (TCP 4433; hardware protocols 4.3): four bytes of length, the lowest first, then JSON,
 * both ways. `code` 0 is success, `desc` repeats the command.
 */
import { failed, ok, type Result } from '#shared/result.ts'
import { asFields, asLabel, asText, own } from '../own-fields.ts'
import { decodeAnswer, type End } from './cgminer.ts'
import { parseDeviceJson } from './malformed-json.ts'

export const V3_PORT = 4433
const HEAD = 4

export const v3Request = (command: string, param?: string): Uint8Array => {
  const body = Buffer.from(JSON.stringify(param === undefined ? { cmd: command } : { cmd: command, param }))
  const head = Buffer.alloc(HEAD)
  head.writeUInt32LE(body.length)
  return new Uint8Array(Buffer.concat([head, body]))
}

/** Answers are kept under these keys, as in the captures: `get.miner.status summary`. */
export const v3Key = (command: string, param?: string): string => (param === undefined ? command : `${command} ${param}`)

const lengthIn = (bytes: Uint8Array): number => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).readUInt32LE(0)

/** Over as soon as the promised length has come; how much may come at all is the connection's limit. */
export const v3End = (): ((chunk: Uint8Array) => End) => {
  const head: number[] = []
  let received = 0
  return (chunk) => {
    for (const byte of chunk) if (head.length < HEAD) head.push(byte)
    received += chunk.length
    return head.length === HEAD && received >= HEAD + lengthIn(new Uint8Array(head)) ? 'now' : null
  }
}

export const v3Answer = (where: string, command: string, bytes: Uint8Array): Result<unknown> => {
  const bad = (why: string) => failed('unexpected-reply', `${where}: ${why}`)
  if (bytes.length < HEAD) return bad('the connection was closed without an answer')
  const length = lengthIn(bytes)
  if (bytes.length - HEAD !== length) return bad(`the answer to ${command} has ${bytes.length - HEAD} bytes and announces ${length}`)
  const parsed = parseDeviceJson(decodeAnswer(bytes.subarray(HEAD)))
  if ('reason' in parsed) return bad(`the answer cannot be read, ${parsed.reason}`)
  const answer = asFields(parsed.value)
  if (!answer) return bad(`the answer to ${command} is not an object`)
  const code = own(answer, 'code')
  if (code !== 0) return bad(`${command} was answered with "${(asText(own(answer, 'msg')) ?? asLabel(code) ?? 'no code').slice(0, 80)}"`)
  const desc = asText(own(answer, 'desc'))
  return desc === null || desc === command
    ? ok(answer)
    : bad(`the answer belongs to another command than ${command} (${desc.slice(0, 80)})`)
}
