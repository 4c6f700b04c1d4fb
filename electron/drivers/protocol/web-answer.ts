/**
 * Web answers as they are kept: live under `GET /path` or `GET :8080/path`, in recordings also under `HTTP` and `POST`, and
 * with or without what was asked behind a question mark.
 */
import type { Responses } from '../driver.ts'
import { asFields, own } from '../own-fields.ts'
import { parseDeviceJson } from './malformed-json.ts'

/** JSON that a recording kept as text is read; text that is none stays text. */
const readable = (value: unknown): unknown => {
  if (typeof value !== 'string' || !/^\s*[{[]/.test(value)) return value
  const parsed = parseDeviceJson(value)
  return 'value' in parsed ? parsed.value : undefined
}

export const webAnswer = (responses: Responses, path: string, port?: number): unknown => {
  const places = port === undefined ? [path] : [`:${port}${path}`, path]
  for (const place of places)
    for (const method of ['GET', 'HTTP', 'POST']) {
      const key = `${method} ${place}`
      const asked = Object.hasOwn(responses, key) ? key : Object.keys(responses).find((k) => k.startsWith(`${key}?`))
      const value = asked === undefined ? undefined : readable(own(responses, asked))
      if (value !== undefined) return value
    }
  return undefined
}

/** Every answer whose key begins so, read: `graphql boards`, `graphql pools` … */
export const answersUnder = (responses: Responses, prefix: string): readonly unknown[] =>
  Object.keys(responses)
    .filter((key) => key.startsWith(prefix))
    .map((key) => readable(own(responses, key)))

/** Down a path of own keys; undefined as soon as one is missing. */
export const dig = (value: unknown, ...path: readonly string[]): unknown => path.reduce<unknown>((at, key) => own(asFields(at), key), value)
