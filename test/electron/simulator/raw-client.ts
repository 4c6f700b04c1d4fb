/** Clients that know nothing of Hashyard's drivers: bytes in, bytes out, each under a deadline. */
import { createHash } from 'node:crypto'
import http from 'node:http'
import net from 'node:net'

export type Said = { readonly bytes: Buffer; readonly end: 'closed' | 'reset' | 'deadline' | 'nul'; readonly tookMs: number }

/** Sends and listens until the other side closes, a NUL comes, or the deadline passes. */
export const say = (port: number, text: string, deadlineMs = 2000): Promise<Said> =>
  new Promise((resolve) => {
    const started = performance.now()
    const chunks: Buffer[] = []
    const socket = net.connect({ host: '127.0.0.1', port }, () => socket.write(text))
    const done = (end: Said['end']) => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ bytes: Buffer.concat(chunks), end, tookMs: performance.now() - started })
    }
    const timer = setTimeout(() => done('deadline'), deadlineMs)
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      if (chunk.includes(0)) done('nul')
    })
    socket.on('end', () => done('closed'))
    socket.on('error', () => done('reset'))
  })

export type Block = Record<string, unknown>
export const block = (value: unknown): Block => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`no object: ${JSON.stringify(value)}`)
  return value as Block
}
export const list = (value: unknown): unknown[] => {
  if (!Array.isArray(value)) throw new Error(`no list: ${JSON.stringify(value)}`)
  return value
}
export const first = (value: unknown): Block => block(list(value)[0])

/** A cgminer answer in JSON; a NUL or newline at its end belongs to the framing. */
export const command = async (port: number, request: object): Promise<Block> => {
  const { bytes } = await say(port, JSON.stringify(request))
  return block(JSON.parse(bytes.toString('utf8').replace(/[\0\n]+$/, '')))
}

export type Page = { readonly status: number; readonly headers: http.IncomingHttpHeaders; readonly body: Buffer }
export const get = (url: string, headers: Record<string, string> = {}): Promise<Page> =>
  new Promise((resolve, reject) => {
    const request = http.get(url, { headers, agent: false, timeout: 5000 }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (c: Buffer) => chunks.push(c))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }))
    })
    request.on('error', reject)
    request.on('timeout', () => request.destroy(new Error(`no answer from ${url}`)))
  })

const md5 = (text: string) => createHash('md5').update(text).digest('hex')

/** RFC 2617 section 3.2.2, qop=auth: asks, is challenged, answers. */
export const getWithDigest = async (port: number, path: string, user: string, password: string): Promise<Page> => {
  const url = `http://127.0.0.1:${port}${path}`
  const challenge = (await get(url)).headers['www-authenticate'] ?? ''
  const field = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? ''
  const [realm, nonce, cnonce, nc] = [field('realm'), field('nonce'), 'a1b2c3d4', '00000001']
  const response = md5(`${md5(`${user}:${realm}:${password}`)}:${nonce}:${nc}:${cnonce}:auth:${md5(`GET:${path}`)}`)
  return get(url, {
    Authorization: `Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${path}", response="${response}", algorithm=MD5, qop=auth, nc=${nc}, cnonce="${cnonce}"`,
  })
}

/** Modbus TCP, function 3: the answer's words, or its exception code. */
export const readHolding = (
  port: number,
  unit: number,
  address: number,
  count: number,
  fn = 3,
): Promise<{ words: Buffer } | { exception: number }> =>
  new Promise((resolve, reject) => {
    const frame = Buffer.alloc(12)
    frame.writeUInt16BE(0x4859, 0)
    frame.writeUInt16BE(6, 4)
    frame.writeUInt8(unit, 6)
    frame.writeUInt8(fn, 7)
    frame.writeUInt16BE(address, 8)
    frame.writeUInt16BE(count, 10)
    let heard = Buffer.alloc(0)
    const socket = net.connect({ host: '127.0.0.1', port }, () => socket.write(frame))
    socket.setTimeout(2000, () => socket.destroy(new Error('meter did not answer')))
    socket.on('error', reject)
    socket.on('data', (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk])
      if (heard.length < 9 || heard.length < 6 + heard.readUInt16BE(4)) return
      socket.destroy()
      if (heard.readUInt16BE(0) !== 0x4859) reject(new Error('another transaction'))
      resolve(heard.readUInt8(7) & 0x80 ? { exception: heard.readUInt8(8) } : { words: heard.subarray(9) })
    })
  })
