/**
 * One HTTP request and its answer over an egress socket: a total deadline from the start (name, connection, TLS, headers
 * and body together), the body counted as it arrives, no redirects followed, no connection kept.
 */
import * as http from 'node:http'
import type * as net from 'node:net'
import { readNumber } from '#shared/read-number.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import { abortFailure, type Egress, place, secondsText, socketFailure } from './egress.ts'

export type HttpAnswer = { status: number; headers: Readonly<Record<string, string>>; body: Uint8Array }
export type HttpRequest = {
  url: URL
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string
  deadlineMs: number
  connectMs: number
  maxBytes: number
  egress: Egress
  signal?: AbortSignal
}

/** `8 MiB`, `1 MiB`, `512 bytes`: a limit as the message says it. */
export const sizeText = (bytes: number): string =>
  bytes >= 1_048_576 && bytes % 1_048_576 === 0
    ? `${bytes / 1_048_576} MiB`
    : bytes >= 1024 && bytes % 1024 === 0
      ? `${bytes / 1024} KiB`
      : `${bytes} bytes`

const flatHeaders = (headers: http.IncomingHttpHeaders): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).flatMap(([k, v]) => (v === undefined ? [] : [[k, Array.isArray(v) ? v.join(', ') : v]])))

export const httpExchange = async (r: HttpRequest): Promise<Result<HttpAnswer>> => {
  const secure = r.url.protocol === 'https:'
  if (!secure && r.url.protocol !== 'http:') return failed('refused', `${r.url.protocol} is not HTTP`)
  // URL keeps the brackets of an IPv6 host; sockets want it bare.
  const host = r.url.hostname.replace(/^\[|\]$/g, '')
  const port = r.url.port === '' ? (secure ? 443 : 80) : Number(r.url.port)
  const where = `${place(host, port)}${r.url.pathname}`
  const deadline = AbortSignal.timeout(Math.max(1, Math.ceil(r.deadlineMs)))
  const signal = r.signal ? AbortSignal.any([deadline, r.signal]) : deadline

  const late = () =>
    deadline.aborted ? failed('timeout', `${where}: no complete answer within ${secondsText(r.deadlineMs)}`) : abortFailure(where, signal)
  const connected = await r.egress.connect({ host, port, tls: secure, connectMs: Math.min(r.connectMs, r.deadlineMs), signal })
  if (!connected.ok) return deadline.aborted ? late() : connected
  const socket: net.Socket = connected.value
  // A destroyed socket may still report why; the answer has been given by then.
  socket.on('error', () => {})

  return await new Promise((resolveResult) => {
    let settled = false
    let answered: http.IncomingMessage | null = null
    const finish = (result: Result<HttpAnswer>) => {
      if (settled) return
      settled = true
      signal.removeEventListener('abort', onAbort)
      request.destroy()
      socket.destroy()
      resolveResult(result)
    }
    const onAbort = () => finish(late())
    const cutOff = () => failed('unexpected-reply', `${where}: the connection was closed in the middle of the answer`)

    const request = http.request({
      createConnection: () => socket,
      host,
      port,
      method: r.method ?? 'GET',
      path: `${r.url.pathname}${r.url.search}`,
      setHost: false,
      headers: {
        host: r.url.host,
        connection: 'close',
        ...(r.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(r.body)) }),
        ...r.headers,
      },
    })
    request.on('error', (error: Error) => {
      if (answered !== null) return finish(cutOff())
      const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
      if (code.startsWith('HPE_')) return finish(failed('unexpected-reply', `${where}: the answer is not HTTP (${code})`))
      if (code === 'ECONNRESET' && error.message === 'socket hang up')
        return finish(failed('unexpected-reply', `${where}: the connection was closed without an answer`))
      finish(socketFailure(where, error))
    })
    request.on('response', (response) => {
      answered = response
      const chunks: Buffer[] = []
      let size = 0
      const tooLarge = () => finish(failed('too-large', `${where}: the answer is larger than ${sizeText(r.maxBytes)}`))
      const declared = readNumber(response.headers['content-length'], { min: 0, max: Number.MAX_VALUE })
      if (declared !== null && declared > r.maxBytes) return tooLarge()
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > r.maxBytes) return tooLarge()
        chunks.push(chunk)
      })
      response.on('error', () => finish(cutOff()))
      response.on('close', () => finish(cutOff()))
      response.on('end', () => {
        if (!response.complete) return finish(cutOff())
        finish(
          ok({
            status: response.statusCode ?? 0,
            headers: flatHeaders(response.headers),
            body: new Uint8Array(Buffer.concat(chunks, size)),
          }),
        )
      })
    })
    request.on('close', () =>
      finish(answered === null ? failed('unexpected-reply', `${where}: the connection was closed without an answer`) : cutOff()),
    )
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) return onAbort()
    request.end(r.body)
  })
}
