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
import type { Credentials, DeviceAddress, Link, PostBody, WebOptions } from './driver.ts'
import { V3_PORT, v3Answer, v3End, v3Key, v3Request } from './protocol/btminer-v3.ts'
import { answerEnd, checkAnswer, decodeAnswer, keyFor, parseAnswer, requestFor } from './protocol/cgminer.ts'
import { looksLikeText } from './protocol/cgminer-text.ts'
import { parseDeviceJson } from './protocol/malformed-json.ts'

/**
 * What may be posted to a device: questions and logins of firmwares that take them in no other way. GraphQL is further
 * held to queries. Whatever changes a device stands on other paths, and those are refused here.
 */
const POSTS = new Set([
  '/graphql',
  '/api/v1/auth/login',
  '/token',
  '/admin/login',
  '/api/info_v1',
  // Ebang answers each of its questions to a POST alone.
  '/user/login',
  '/alarm/GetAlarmLoop',
  '/Cgminer/CgminerStatus',
  '/Cgminer/CgminerGetVal',
  '/Status/getsystemstatus',
])
/** An HTML page is kept to recognise its maker, not to be read: its head is enough. */
const PAGE_CHARS = 20_000

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
      // Of a joined answer the parts that came are kept; whoever reads them checks each.
      if (checked.ok || name.includes('+')) answers.set(key, parsed.value)
      if (checked.ok) {
        spoken = looksLikeText(text) ? 'text' : 'json'
      }
      return checked
    })

  const isLoopback = /^(127\.|::1$|localhost$)/i.test(o.address.host)
  const portFor = (wellKnown: number | undefined): number | null =>
    wellKnown === undefined || wellKnown === 80
      ? o.address.webPort
      : wellKnown === 4028 || wellKnown === o.address.apiPort
        ? o.address.apiPort
        : // Loopback is one address for a whole simulated farm: a port by its own number would be somebody else's.
          (o.address.furtherPorts?.[wellKnown] ?? (isLoopback ? null : wellKnown))

  const framed = (name: string, param: string | undefined): Promise<Result<unknown>> => {
    const port = portFor(V3_PORT)
    if (port === null) return Promise.resolve(failed('not-supported', `${o.address.host}: no port of the API v3 is known for this device`))
    const where = place(o.address.host, port)
    return inTurn(where, async (deadlineMs) => {
      const bytes = await exchange({
        egress: o.egress,
        host: o.address.host,
        port,
        connectMs: CONNECT_MS,
        deadlineMs,
        signal: stopped,
        request: v3Request(name, param),
        end: v3End(),
      })
      if (!bytes.ok) return bytes
      const answer = v3Answer(where, name, bytes.value)
      if (answer.ok) answers.set(v3Key(name, param), answer.value)
      return answer
    })
  }

  /** Session cookies by port, as a login handed them out. */
  const cookies = new Map<number, Map<string, string>>()
  const keepCookies = (port: number, header: string | undefined) => {
    for (const part of header?.split(/,(?=[^;,]+=)/) ?? []) {
      const [, name, value] = /^\s*([^=;,\s]{1,64})=([^;,\s]{0,1024})/.exec(part) ?? []
      const jar = cookies.get(port) ?? new Map<string, string>()
      if (name === undefined || value === undefined || jar.size >= 16) continue
      jar.set(name, value)
      cookies.set(port, jar)
    }
  }

  type Sending = { path: string; port: number; deadlineMs: number; headers: Readonly<Record<string, string>>; body?: PostBody }
  const send = async (s: Sending) => {
    const jar = cookies.get(s.port)
    const answer = await httpExchange({
      url: new URL(`http://${place(o.address.host, s.port)}${s.path}`),
      headers: {
        accept: '*/*',
        ...(jar ? { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') } : {}),
        ...(s.body ? { 'content-type': 'json' in s.body ? 'application/json' : 'application/x-www-form-urlencoded' } : {}),
        ...s.headers,
      },
      ...(s.body
        ? { method: 'POST', body: 'json' in s.body ? JSON.stringify(s.body.json) : new URLSearchParams(s.body.form).toString() }
        : {}),
      deadlineMs: s.deadlineMs,
      connectMs: CONNECT_MS,
      maxBytes: MAX_ANSWER_BYTES,
      egress: o.egress,
      signal: stopped,
    })
    if (answer.ok) keepCookies(s.port, answer.value.headers['set-cookie'])
    return answer
  }

  const get = async (path: string, port: number, login: Credentials | undefined, headers: WebOptions['headers'], deadlineMs: number) => {
    const url = new URL(`http://${place(o.address.host, port)}${path}`)
    const digest =
      challenge && login
        ? {
            authorization: authorization({
              challenge,
              ...login,
              method: 'GET',
              uri: url.pathname + url.search,
              count: ++nonceUses,
              clientNonce: randomBytes(8).toString('hex'),
            }),
          }
        : {}
    return await send({ path, port, deadlineMs, headers: { ...digest, ...headers } })
  }

  const bodyOf = (where: string, status: number, bytes: Uint8Array, page: boolean): Result<unknown> => {
    if (status !== 200) return failed('unexpected-reply', `${where}: answered with status ${status}`)
    const body = decodeAnswer(bytes).trim()
    if (page) return ok(body.slice(0, PAGE_CHARS))
    if (body.startsWith('<')) return failed('unexpected-reply', `${where}: a web page came instead of data`)
    const parsed = /^[{[,]/.test(body) ? parseDeviceJson(body) : { value: body }
    return 'reason' in parsed ? failed('unexpected-reply', `${where}: the answer cannot be read, ${parsed.reason}`) : ok(parsed.value)
  }
  const noPort = () => Promise.resolve(failed('not-supported', `${o.address.host}: no such port is known for this device`))
  /** As in the captures: `GET /path` on port 80, `GET :8080/path` elsewhere. */
  const webKey = (path: string, wellKnown: number | undefined) =>
    wellKnown === undefined || wellKnown === 80 ? `GET ${path}` : `GET :${wellKnown}${path}`

  const web = (path: string, login: Credentials | undefined, options: WebOptions): Promise<Result<unknown>> => {
    const port = portFor(options.port)
    if (port === null) return noPort()
    const where = `${place(o.address.host, port)}${path}`
    return inTurn(where, async (deadlineMs) => {
      const until = performance.now() + deadlineMs
      const hadChallenge = challenge !== null && login !== undefined
      let answer = await get(path, port, login, options.headers, deadlineMs)
      if (!answer.ok) return answer
      if (answer.value.status === 401) {
        challenge = parseChallenge(answer.value.headers['www-authenticate'])
        nonceUses = 0
        // A nonce that has aged is renewed once; a login that was refused is not tried again and again.
        if (challenge && login) answer = await get(path, port, login, options.headers, Math.max(1, until - performance.now()))
        if (!answer.ok) return answer
        if (answer.value.status === 401)
          return failed(
            'refused',
            `${where}: ${login && (challenge || hadChallenge) ? 'the login was refused' : 'the web interface asks for a login'}`,
          )
      }
      const read = bodyOf(where, answer.value.status, answer.value.body, options.page ?? false)
      if (read.ok) answers.set(webKey(path, options.port), read.value)
      return read
    })
  }

  const post = (path: string, body: PostBody, key: string | null, options: WebOptions): Promise<Result<unknown>> => {
    const port = portFor(options.port)
    if (port === null) return noPort()
    const where = `${place(o.address.host, port)}${path}`
    const query = 'json' in body ? body.json.query : undefined
    if (!POSTS.has(path) || (path === '/graphql' && !(typeof query === 'string' && query.trimStart().startsWith('{'))))
      return Promise.resolve(failed('refused', `${where}: Hashyard posts questions and logins only`))
    return inTurn(where, async (deadlineMs) => {
      const answer = await send({ path, port, deadlineMs, headers: options.headers ?? {}, body })
      if (!answer.ok) return answer
      if (answer.value.status === 401 || answer.value.status === 403) return failed('refused', `${where}: the login was refused`)
      const read = bodyOf(where, answer.value.status, answer.value.body, false)
      if (read.ok && key !== null) answers.set(key, read.value)
      return read
    })
  }

  return {
    address: o.address,
    now: o.now,
    rpc: (name, parameter) => command(keyFor(name, parameter), name, requestFor(name, parameter)),
    text: (name) => command(name, name.split('|')[0] ?? name, name),
    framed: (name, param) => framed(name, param),
    web: (path, login, options) => web(path, o.credentials ?? login, options ?? {}),
    post: (path, body, key, options) => post(path, body, key, options ?? {}),
    login: (factory) => o.credentials ?? factory,
    spoken: () => spoken,
    realm: () => challenge?.realm ?? null,
    responses: () => Object.fromEntries(answers),
  }
}
