/**
 * How Hashyard asks a market source: one request at a time for each host, nothing again before the host allows it,
 * unchanged documents not sent twice, and every answer bounded in time and size (threat model F6, F7; market-feeds 0.8).
 */
import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
import { readNumber } from '#shared/read-number.ts'
import { type Failure, failed, ok, type Result } from '#shared/result.ts'
import { DAY_MS, isoInstant, MINUTE_MS, SECOND_MS } from '#shared/time.ts'
import type { Egress } from '../net/egress.ts'
import { httpExchange, sizeText } from '../net/http.ts'
import { httpDateMs } from './document/instant.ts'
import { formOf, gatekeeper } from './document/payload.ts'
import type { FeedAnswer, FeedHttp } from './feed.ts'

const DEADLINE_MS = 15 * SECOND_MS
const CONNECT_MS = 5 * SECOND_MS
/** After decompression; the raw body is held to it as well. */
const MAX_BYTES = 8 * 1_048_576
const MAX_REDIRECTS = 2
const FIRST_BACK_OFF_MS = 5 * SECOND_MS
const MAX_BACK_OFF_MS = 15 * MINUTE_MS
/** A host may ask for more patience than our own back-off, but not for ever. */
const MAX_RETRY_AFTER_MS = DAY_MS
/** Bodies kept for conditional requests: today's files and lists, nowhere near the number of a backfill. */
const MAX_KEPT = 32

const gunzip = promisify(zlib.gunzip)
const inflate = promisify(zlib.inflate)
const inflateRaw = promisify(zlib.inflateRaw)
const brotliDecompress = promisify(zlib.brotliDecompress)

type Headers = Readonly<Record<string, string>>
type Kept = {
  readonly etag: string | null
  readonly lastModified: string | null
  readonly body: Uint8Array
  readonly contentType: string | null
}
type HostState = {
  /** The end of the line: requests to one host run one after the other. */
  tail: Promise<unknown>
  failuresInARow: number
  notBeforeMs: number
  /** The wait was asked for by the host, so a person's click does not cut it short. */
  askedByHost: boolean
  reason: string
}

const decoded = async (body: Uint8Array, encoding: string, name: string): Promise<Result<Uint8Array>> => {
  const limit = { maxOutputLength: MAX_BYTES }
  try {
    switch (encoding.trim().toLowerCase()) {
      case '':
      case 'identity':
        return ok(body)
      case 'gzip':
      case 'x-gzip':
        return ok(await gunzip(body, limit))
      case 'deflate':
        // By the standard zlib-wrapped; some servers send the bare stream, which never starts with 0x78.
        return ok((body[0] ?? 0) === 0x78 ? await inflate(body, limit) : await inflateRaw(body, limit))
      case 'br':
        return ok(await brotliDecompress(body, limit))
      default:
        return failed('unexpected-reply', `${name}: an answer in the unknown encoding “${encoding.slice(0, 40)}”`)
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    return code === 'ERR_BUFFER_TOO_LARGE'
      ? failed('too-large', `${name}: more than ${sizeText(MAX_BYTES)} after decompression`)
      : failed('unexpected-reply', `${name}: the compressed answer is broken (${encoding})`)
  }
}

/** Seconds or an HTTP date; the date is compared with the server's own clock, as ours may be wrong. */
const retryAfterMs = (headers: Headers, nowMs: number): number | null => {
  const raw = headers['retry-after']
  const seconds = readNumber(raw, { min: 0, max: 1e9 })
  const at = httpDateMs(raw)
  const wait = seconds !== null ? seconds * SECOND_MS : at !== null ? at - (httpDateMs(headers.date) ?? nowMs) : null
  return wait === null ? null : Math.min(Math.max(wait, 0), MAX_RETRY_AFTER_MS)
}

const statusFailure = (name: string, status: number, headers: Headers, body: Uint8Array): Failure => {
  const gate = gatekeeper(body, headers)
  if (gate !== null)
    return {
      kind: 'refused',
      message: `${name}: ${gate} blocks this computer (status ${status}). Another network or the keyed source may work`,
    }
  if (status === 404 || status === 410) return { kind: 'not-found', message: `${name}: no such document (status ${status})` }
  if (status === 429) return { kind: 'refused', message: `${name}: asks for fewer requests (status 429)` }
  if (status === 401 || status === 403) return { kind: 'refused', message: `${name}: access refused (status ${status})` }
  return { kind: 'unexpected-reply', message: `${name}: status ${status}${status >= 500 ? ', a fault on their side' : ''}` }
}

export const makeFeedHttp = (o: {
  egress: Egress
  /** Sends a host elsewhere: in demo mode the simulated market on loopback. The path is appended to it. */
  baseFor?: (host: string) => URL | null
  now: () => number
  random: () => number
  userAgent: string
}): FeedHttp => {
  const hosts = new Map<string, HostState>()
  const kept = new Map<string, Kept>()

  const stateOf = (host: string): HostState => {
    let state = hosts.get(host)
    if (!state) {
      state = { tail: Promise.resolve(), failuresInARow: 0, notBeforeMs: Number.NEGATIVE_INFINITY, askedByHost: false, reason: '' }
      hosts.set(host, state)
    }
    return state
  }

  const backOff = (state: HostState, failure: Failure, askedMs: number | null) => {
    const ceiling = Math.min(MAX_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** Math.min(state.failuresInARow, 20))
    // Half fixed, half chance: farms that lost their line together do not come back in one wave.
    const own = ceiling * (0.5 + 0.5 * o.random())
    state.failuresInARow++
    state.askedByHost = askedMs !== null
    // The jitter comes on top of what the host asked for, never off it.
    state.notBeforeMs = o.now() + (askedMs === null ? own : askedMs + Math.min(own, SECOND_MS))
    state.reason = failure.message
  }

  const keep = (url: string, entry: Kept) => {
    kept.delete(url)
    if (entry.etag === null && entry.lastModified === null) return
    kept.set(url, entry)
    const oldest = kept.keys().next().value
    if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest)
  }

  const target = (url: URL): URL => {
    const base = o.baseFor?.(url.hostname) ?? null
    return base === null ? url : new URL(`${base.href.replace(/\/$/, '')}${url.pathname}${url.search}`)
  }

  const fetchNow = async (
    first: URL,
    state: HostState,
    deadlineMs: number,
    once: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Result<FeedAnswer>> => {
    const giveUp = (failure: Failure, askedMs: number | null = null) => {
      backOff(state, failure, askedMs)
      return { ok: false, failure } as const
    }
    const startedMs = performance.now()
    const had = kept.get(first.href)
    let url = first
    for (let hop = 0; ; hop++) {
      const name = `${url.host}${url.pathname}`
      const leftMs = Math.ceil(deadlineMs - (performance.now() - startedMs))
      if (leftMs <= 0) return giveUp({ kind: 'timeout', message: `${name}: no answer within ${deadlineMs / SECOND_MS} s` })
      const exchanged = await httpExchange({
        url: target(url),
        headers: {
          accept: 'application/json, text/csv, text/plain, application/zip, */*;q=0.1',
          'accept-encoding': 'gzip, deflate, br',
          'user-agent': o.userAgent,
          ...(had?.etag ? { 'if-none-match': had.etag } : {}),
          ...(had?.lastModified ? { 'if-modified-since': had.lastModified } : {}),
        },
        deadlineMs: leftMs,
        connectMs: CONNECT_MS,
        maxBytes: MAX_BYTES,
        egress: o.egress,
        ...(signal ? { signal } : {}),
      })
      // Hashyard closing is no fault of the host.
      if (!exchanged.ok && signal?.aborted) return exchanged
      if (!exchanged.ok) return giveUp({ ...exchanged.failure, message: `${url.host}: ${exchanged.failure.message}` })
      const { status, headers, body: raw } = exchanged.value

      if (status === 304 && had) {
        state.failuresInARow = 0
        return ok({
          body: had.body,
          contentType: had.contentType,
          publishedAtMs: httpDateMs(had.lastModified ?? undefined),
          fetchedAtMs: o.now(),
          unchanged: true,
        })
      }
      if (status >= 300 && status < 400 && headers.location !== undefined) {
        const next = URL.parse(headers.location, url.href)
        if (next === null || next.protocol !== 'https:' || next.host !== first.host)
          return giveUp({ kind: 'refused', message: `${name}: it leads to another place (${headers.location.slice(0, 80)}); not followed` })
        if (hop >= MAX_REDIRECTS) return giveUp({ kind: 'unexpected-reply', message: `${name}: more than ${MAX_REDIRECTS} redirects` })
        url = next
        continue
      }

      const body = await decoded(raw, headers['content-encoding'] ?? '', name)
      if (status !== 200) {
        const failure = statusFailure(name, status, headers, body.ok ? body.value : raw)
        // A document that is not there (yet) is no sign of trouble with the host.
        if (failure.kind === 'not-found') {
          state.failuresInARow = 0
          return { ok: false, failure }
        }
        return giveUp(failure, retryAfterMs(headers, o.now()))
      }
      if (!body.ok) return giveUp(body.failure)
      if (formOf(body.value) === 'html') {
        const gate = gatekeeper(body.value, headers)
        return giveUp(
          gate === null
            ? { kind: 'unexpected-reply', message: `${name}: a web page came instead of data, with status 200` }
            : { kind: 'refused', message: `${name}: ${gate} blocks this computer (block page with status 200)` },
        )
      }
      state.failuresInARow = 0
      const contentType = headers['content-type'] ?? null
      const lastModified = headers['last-modified'] ?? null
      if (!once) keep(first.href, { etag: headers.etag ?? null, lastModified, body: body.value, contentType })
      return ok({
        body: body.value,
        contentType,
        publishedAtMs: httpDateMs(lastModified ?? undefined),
        fetchedAtMs: o.now(),
        unchanged: false,
      })
    }
  }

  return {
    get: (href, { deadlineMs = DEADLINE_MS, once = false, signal } = {}) => {
      const url = new URL(href)
      if (url.protocol !== 'https:') throw new Error(`a feed asks over HTTPS only: ${href}`)
      const state = stateOf(url.hostname)
      const turn = state.tail.then(() => {
        if (signal?.aborted) return failed('refused', `${url.hostname}: Hashyard is closing`)
        // Judged when its turn comes: the request before it may have been told to wait.
        // A wait longer than any that is ever set means the computer's clock was put back: it no longer counts.
        const waitMs = state.notBeforeMs - o.now()
        if (waitMs > 0 && waitMs <= MAX_RETRY_AFTER_MS + SECOND_MS)
          return failed('refused', `${url.hostname} is not asked again before ${isoInstant(Math.ceil(state.notBeforeMs))}: ${state.reason}`)
        return fetchNow(url, state, deadlineMs, once, signal)
      })
      state.tail = turn.catch(() => undefined)
      return turn
    },
    notBeforeMs: (host) => {
      const at = hosts.get(host)?.notBeforeMs ?? Number.NEGATIVE_INFINITY
      return at > o.now() ? at : null
    },
    forgive: (host) => {
      const state = hosts.get(host)
      if (state && !state.askedByHost) state.notBeforeMs = Number.NEGATIVE_INFINITY
    },
  }
}
