/** A device on loopback for tests: plays back what it is given, or misbehaves as told. Closed by `close`. */
import * as net from 'node:net'

export type Fake = { port: number; requests: string[]; close: () => void; open: () => number }

/** A TCP server whose every connection is handed to `behave`. */
export const listen = async (behave: (socket: net.Socket) => void): Promise<Fake> => {
  const sockets = new Set<net.Socket>()
  const requests: string[] = []
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    behave(socket)
  })
  const port = await new Promise<number>((done) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      done(address !== null && typeof address === 'object' ? address.port : 0)
    }),
  )
  return {
    port,
    requests,
    open: () => sockets.size,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

export type Playback = {
  /** Answers by capture key; text is sent as it is, anything else as JSON. A missing one is "invalid command". */
  answers: Readonly<Record<string, unknown>>
  /** How the answer ends: NUL and close, NUL and the connection kept, newline, close alone, or nothing at all. */
  ending?: 'nul' | 'nul-held' | 'newline' | 'bare' | 'held'
  /** Does it understand the bare word as well as JSON? */
  mode?: 'json' | 'text' | 'both'
}

const INVALID = { STATUS: [{ STATUS: 'E', When: 1, Code: 14, Msg: 'Invalid command', Description: 'cgminer 4.11.1' }], id: 1 }

const keyOf = (request: string): { key: string; isJson: boolean } => {
  if (!request.startsWith('{')) return { key: request, isJson: false }
  const asked: unknown = JSON.parse(request)
  const field = (name: string) => (typeof asked === 'object' && asked !== null ? Reflect.get(asked, name) : undefined)
  const parameter = field('parameter')
  return { key: `${field('command') ?? field('cmd')}${parameter === undefined ? '' : `|${parameter}`}`, isJson: true }
}

export const cgminerDevice = async (p: Playback): Promise<Fake> => {
  const fake = await listen((socket) => {
    socket.once('data', (chunk: Buffer) => {
      const request = chunk.toString('latin1')
      const { key, isJson } = keyOf(request)
      fake.requests.push(key)
      const understood = (p.mode ?? 'both') === 'both' || (p.mode === 'json') === isJson
      const found = understood && Object.hasOwn(p.answers, key) ? p.answers[key] : undefined
      const answer = found ?? (p.mode === 'text' ? 'STATUS=E,When=1,Code=14,Msg=Invalid command,Description=cgminer 4.11.1|' : INVALID)
      const text = typeof answer === 'string' ? answer : JSON.stringify(answer)
      const end = p.ending ?? 'nul'
      if (end === 'nul') socket.end(`${text}\0`)
      else if (end === 'nul-held') socket.write(`${text}\0`)
      else if (end === 'newline') socket.write(`${text}\n`)
      else if (end === 'bare') socket.end(text)
      else socket.write(text)
    })
  })
  return fake
}
