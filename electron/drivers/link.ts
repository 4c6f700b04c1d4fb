/**
 * What a driver asks with. All requests to one device go through one link: one after another, each under its own
 * deadline and all of them under the device's, so that a dead device costs one slot, once (hardware protocols 14).
 */
import { randomBytes } from 'node:crypto'
import { failed, ok, type Result } from '#shared/result.ts'
import { authorization, type Challenge, parseChallenge } from '../net/digest.ts'
import { type Egress, place } from '../net/egress.ts'
import { exchange, MAX_ANSWER_BYTES } from '../net/exchange.ts'
import { httpExchange } from '../net/http.ts'
import type { Credentials, DeviceAddress, Link } from './driver.ts'
import { answerEnd, checkAnswer, decodeAnswer, keyFor, parseAnswer, requestFor } from './protocol/cgminer.ts'
import { looksLikeText } from './protocol/cgminer-text.ts'
import { parseDeviceJson } from './protocol/malformed-json.ts'

/** One request, connection included (threat model D1). */
const REQUEST_MS = 5_000
const CONNECT_MS = 2_000

export const makeLink = (o: {
  address: DeviceAddress
  egress: Egress
  /** For all requests to the device together. */
  deadlineMs: number
  now: () => number
  credentials?: Credentials
  signal?: AbortSignal
}): Link => {
  const endsAt = performance.now() + o.deadlineMs
  const stopped = o.signal ?? new AbortController().signal
  const answers = new Map<string, unknown>()
  let queue: Promise<unknown> = Promise.resolve()
  let challenge: Challenge | null = null
  let nonceUses = 0
  let spoken: 'json' | 'text' | null = null

  const api = place(o.address.host, o.address.apiPort)
  const inTurn = <T>(where: string, ask: (deadlineMs: number) => Promise<Result<T>>): Promise<Result<T>> => {
    const mine = queue.then(() => {
      const left = endsAt - performance.now()
      return left < 1 ? failed('timeout', `${where}: the device's time was used up before this was asked`) : ask(Math.min(REQUEST_MS, left))
    })
    queue = mine
    return mine
  }

  const command = (key: string, name: string, request: string): Promise<Result<unknown>> =>
    inTurn(api, async (deadlineMs) => {
      const bytes = await exchange({
        egress: o.egress,
        host: o.address.host,
        port: o.address.apiPort,
        connectMs: CONNECT_MS,
        deadlineMs,
        signal: stopped,
        request,
        end: answerEnd(),
      })
      if (!bytes.ok) return bytes
      const text = decodeAnswer(bytes.value)
      const parsed = parseAnswer(api, text)
      if (!parsed.ok) return parsed
      const checked = checkAnswer(api, name, parsed.value)
      if (checked.ok) {
        answers.set(key, parsed.value)
        spoken = looksLikeText(text) ? 'text' : 'json'
      }
      return checked
    })

  const get = async (path: string, port: number, login: Credentials | undefined, deadlineMs: number) => {
    const url = new URL(`http://${place(o.address.host, port)}${path}`)
    const uri = url.pathname + url.search
    const header =
      challenge && login
        ? {
            authorization: authorization({
              challenge,
              ...login,
              method: 'GET',
              uri,
              count: ++nonceUses,
              clientNonce: randomBytes(8).toString('hex'),
            }),
          }
        : {}
    return await httpExchange({
      url,
      headers: { accept: '*/*', ...header },
      deadlineMs,
      connectMs: CONNECT_MS,
      maxBytes: MAX_ANSWER_BYTES,
      egress: o.egress,
      signal: stopped,
    })
  }

  const web = (path: string, login: Credentials | undefined): Promise<Result<unknown>> => {
    const port = o.address.webPort
    if (port === null) return Promise.resolve(failed('not-supported', `${o.address.host}: no web port is known for this device`))
    const where = `${place(o.address.host, port)}${path}`
    return inTurn(where, async (deadlineMs) => {
      const until = performance.now() + deadlineMs
      const hadChallenge = challenge !== null && login !== undefined
      let answer = await get(path, port, login, deadlineMs)
      if (!answer.ok) return answer
      if (answer.value.status === 401) {
        challenge = parseChallenge(answer.value.headers['www-authenticate'])
        nonceUses = 0
        // A nonce that has aged is renewed once; a login that was refused is not tried again and again.
        if (challenge && login) answer = await get(path, port, login, Math.max(1, until - performance.now()))
        if (!answer.ok) return answer
        if (answer.value.status === 401)
          return failed(
            'refused',
            `${where}: ${login && (challenge || hadChallenge) ? 'the login was refused' : 'the web interface asks for a login'}`,
          )
      }
      if (answer.value.status !== 200) return failed('unexpected-reply', `${where}: answered with status ${answer.value.status}`)
      const body = decodeAnswer(answer.value.body).trim()
      if (body.startsWith('<')) return failed('unexpected-reply', `${where}: a web page came instead of data`)
      const parsed = /^[{[,]/.test(body) ? parseDeviceJson(body) : { value: body }
      if ('reason' in parsed) return failed('unexpected-reply', `${where}: the answer cannot be read, ${parsed.reason}`)
      answers.set(`GET ${path}`, parsed.value)
      return ok(parsed.value)
    })
  }

  return {
    address: o.address,
    now: o.now,
    rpc: (name, parameter) => command(keyFor(name, parameter), name, requestFor(name, parameter)),
    text: (name) => command(name, name.split('|')[0] ?? name, name),
    web: (path, login) => web(path, o.credentials ?? login),
    spoken: () => spoken,
    realm: () => challenge?.realm ?? null,
    responses: () => Object.fromEntries(answers),
  }
}
