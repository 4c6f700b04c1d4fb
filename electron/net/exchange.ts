/**
 * One request and its answer over one connection, for protocols that are not HTTP: a total deadline from the start
 * (an idle timeout alone would let one byte a second go on for ever), at most so many bytes counted as they arrive, and
 * the socket destroyed on every way out.
 */
import { failed, ok, type Result } from '#shared/result.ts'
import { abortFailure, type Egress, place, secondsText, socketFailure } from './egress.ts'
import { sizeText } from './http.ts'

/** Largest answer of a device (threat model D2). */
export const MAX_ANSWER_BYTES = 1_048_576
/** How long a complete-looking answer may wait for more before it counts as ended. */
const QUIET_MS = 150

export type Exchange = {
  egress: Egress
  host: string
  port: number
  connectMs: number
  deadlineMs: number
  signal: AbortSignal
  request: string | Uint8Array
  /** Fed each chunk: over now, over unless more comes soon, or not yet. A close always ends the answer. */
  end: (chunk: Uint8Array) => 'now' | 'unless-more-comes' | null
  maxBytes?: number
}

export const exchange = async (x: Exchange): Promise<Result<Uint8Array>> => {
  const where = place(x.host, x.port)
  const maxBytes = x.maxBytes ?? MAX_ANSWER_BYTES
  const deadline = AbortSignal.timeout(Math.max(1, Math.ceil(x.deadlineMs)))
  const signal = AbortSignal.any([deadline, x.signal])
  const late = (received: number) =>
    deadline.aborted
      ? failed('timeout', `${where}: no ${received === 0 ? '' : 'complete '}answer within ${secondsText(x.deadlineMs)}`)
      : abortFailure(where, signal)

  const connected = await x.egress.connect({ host: x.host, port: x.port, connectMs: Math.min(x.connectMs, x.deadlineMs), signal })
  if (!connected.ok) return deadline.aborted ? late(0) : connected
  const socket = connected.value

  return await new Promise((resolveResult) => {
    const chunks: Buffer[] = []
    let size = 0
    let settled = false
    let quiet: NodeJS.Timeout | undefined
    const finish = (result: Result<Uint8Array>) => {
      if (settled) return
      settled = true
      clearTimeout(quiet)
      signal.removeEventListener('abort', onAbort)
      socket.destroy()
      resolveResult(result)
    }
    const whole = () => finish(ok(new Uint8Array(Buffer.concat(chunks, size))))
    const onAbort = () => finish(late(size))
    signal.addEventListener('abort', onAbort, { once: true })
    // Stays attached: a destroyed socket may still report why.
    socket.on('error', (error) => finish(socketFailure(where, error)))
    socket.on('close', whole)
    socket.on('end', whole)
    socket.on('data', (chunk: Buffer) => {
      if (settled) return
      clearTimeout(quiet)
      size += chunk.length
      if (size > maxBytes) return finish(failed('too-large', `${where}: the answer is larger than ${sizeText(maxBytes)}`))
      chunks.push(chunk)
      const end = x.end(chunk)
      if (end === 'now') whole()
      else if (end === 'unless-more-comes') quiet = setTimeout(whole, QUIET_MS)
    })
    if (signal.aborted) return onAbort()
    if (socket.destroyed) return whole()
    socket.write(x.request)
  })
}
