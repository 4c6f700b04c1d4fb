import type { Readable, Writable } from 'node:stream'

/**
 * The DevTools protocol over the two pipes of `--remote-debugging-pipe`: JSON messages, each ended by a NUL. A pipe has no
 * address that another program could reach, and Chromium ends by itself when this process is gone.
 */
export type Params = Record<string, unknown>
export type DevtoolsEvent = { method: string; params: Params; sessionId: string | null }
export type Devtools = {
  send(method: string, params?: Params, sessionId?: string): Promise<Params>
  /** Events in the order Chromium sent them; the listener must not throw. */
  onEvent(listener: (event: DevtoolsEvent) => void): void
  closed: Promise<void>
}

type Message = { id?: number; method?: string; params?: Params; sessionId?: string; result?: Params; error?: { message: string } }

export const connectDevtools = (toChromium: Writable, fromChromium: Readable): Devtools => {
  let nextId = 1
  let ended = false
  const waiting = new Map<number, { method: string; resolve: (r: Params) => void; reject: (e: Error) => void }>()
  const listeners: ((event: DevtoolsEvent) => void)[] = []
  const closed = Promise.withResolvers<void>()

  const end = () => {
    if (ended) return
    ended = true
    for (const { method, reject } of waiting.values()) reject(new Error(`Chromium ended before it answered ${method}`))
    waiting.clear()
    closed.resolve()
  }

  const receive = (message: Message) => {
    if (message.id === undefined) {
      const event = { method: message.method ?? '', params: message.params ?? {}, sessionId: message.sessionId ?? null }
      for (const listener of listeners) listener(event)
      return
    }
    const call = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.error) call?.reject(new Error(`${call.method}: ${message.error.message}`))
    else call?.resolve(message.result ?? {})
  }

  // An answer may come in many pieces (a PDF is megabytes): pieces are joined once, when its NUL is seen.
  let pieces: Buffer[] = []
  fromChromium.on('data', (chunk: Buffer) => {
    let from = 0
    for (let nul = chunk.indexOf(0); nul !== -1; nul = chunk.indexOf(0, from)) {
      pieces.push(chunk.subarray(from, nul))
      const text = Buffer.concat(pieces).toString('utf8')
      pieces = []
      from = nul + 1
      receive(JSON.parse(text) as Message)
    }
    if (from < chunk.length) pieces.push(chunk.subarray(from))
  })
  fromChromium.on('close', end)
  toChromium.on('error', end)

  return {
    send: (method, params = {}, sessionId) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(new Error(`Chromium has ended; ${method} was not sent`))
        const id = nextId++
        waiting.set(id, { method, resolve, reject })
        toChromium.write(`${JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) })}\0`)
      }),
    onEvent: (listener) => listeners.push(listener),
    closed: closed.promise,
  }
}
