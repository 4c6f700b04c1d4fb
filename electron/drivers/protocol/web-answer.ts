/** A web answer among recorded or just received ones, by its path alone: captures name the method or not, and the query or not. */
import type { Responses } from '../driver.ts'
import { parseDeviceJson } from './malformed-json.ts'

const KEY = /^(?:GET|HTTP|POST) (?::\d{1,5})?(\/[^?]*)(?:\?.*)?$/

/** The parsed answer of any shape; undefined where it is not there or is not JSON. */
export const webAnswer = (responses: Responses, path: string): unknown => {
  for (const [key, value] of Object.entries(responses)) {
    if (KEY.exec(key)?.[1] !== path) continue
    if (typeof value !== 'string') return value
    const parsed = parseDeviceJson(value)
    if ('value' in parsed) return parsed.value
  }
  return undefined
}
