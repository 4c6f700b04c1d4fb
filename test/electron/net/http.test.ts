import * as http from 'node:http'
import * as net from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { deviceEgress } from '#electron/net/egress.ts'
import { httpExchange } from '#electron/net/http.ts'

const egress = deviceEgress({ allows: () => true, allowLoopback: true })
const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const portOf = (server: net.Server): Promise<number> =>
  new Promise((done) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      done(address !== null && typeof address === 'object' ? address.port : 0)
    }),
  )
const web = async (handler: http.RequestListener): Promise<URL> => {
  const server = http.createServer(handler)
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return new URL(`http://127.0.0.1:${await portOf(server)}/`)
}
const raw = async (onSocket: (socket: net.Socket) => void): Promise<URL> => {
  const sockets: net.Socket[] = []
  const server = net.createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    onSocket(socket)
  })
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return new URL(`http://127.0.0.1:${await portOf(server)}/`)
}
const ask = (url: URL, more: Partial<Parameters<typeof httpExchange>[0]> = {}) =>
  httpExchange({ url, deadlineMs: 2_000, connectMs: 1_000, maxBytes: 1_048_576, egress, ...more })

test('the answer comes with status, headers and the bytes as sent', async () => {
  const url = await web((request, response) => {
    response.setHeader('Retry-After', '30')
    response.writeHead(503)
    response.end(`${request.method} ${request.url} ${request.headers['x-who']} ${request.headers.host}`)
  })
  const result = await ask(new URL('/a/b?c=d', url), { headers: { 'x-who': 'farm' } })
  if (!result.ok) throw new Error(result.failure.message)
  expect(result.value.status).toBe(503)
  expect(result.value.headers['retry-after']).toBe('30')
  expect(new TextDecoder().decode(result.value.body)).toBe(`GET /a/b?c=d farm ${url.host}`)
})

test('a body is posted with its length in bytes', async () => {
  const url = await web((request, response) => {
    let got = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      got += chunk
    })
    request.on('end', () => response.end(`${request.headers['content-length']} ${got}`))
  })
  const result = await ask(url, { method: 'POST', body: '{"µ":1}' })
  expect(result.ok && new TextDecoder().decode(result.value.body)).toBe('8 {"µ":1}')
})

test('a redirect is an answer like any other, and is not followed', async () => {
  let elsewhere = 0
  const target = await web((_, response) => {
    elsewhere += 1
    response.end('here')
  })
  const url = await web((_, response) => {
    response.writeHead(302, { location: target.href })
    response.end()
  })
  const result = await ask(url)
  expect(result).toMatchObject({ ok: true, value: { status: 302, headers: { location: target.href } } })
  expect(elsewhere).toBe(0)
})

test('an answer one byte over the limit is refused and the limit is named; one at the limit is taken', async () => {
  const url = await web((request, response) => response.end('x'.repeat(request.url === '/over' ? 1025 : 1024)))
  expect(await ask(new URL('/over', url), { maxBytes: 1024 })).toMatchObject({
    ok: false,
    failure: { kind: 'too-large', message: expect.stringContaining('1 KiB') },
  })
  expect((await ask(url, { maxBytes: 1024 })).ok).toBe(true)
})

test('an endless stream costs its size limit, not the memory', async () => {
  const url = await raw((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
    const more = () => {
      while (!socket.destroyed && socket.write(`10000\r\n${'x'.repeat(65_536)}\r\n`));
    }
    socket.on('drain', more)
    more()
  })
  expect(await ask(url)).toMatchObject({ ok: false, failure: { kind: 'too-large', message: expect.stringContaining('1 MiB') } })
})

test.each([
  ['never answers', () => {}],
  [
    'sends one byte every 20 ms',
    (socket: net.Socket) => {
      const drip = setInterval(() => socket.write('H'), 20)
      socket.on('close', () => clearInterval(drip))
    },
  ],
  [
    'sends its headers at once and its body a byte at a time',
    (socket: net.Socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n')
      const drip = setInterval(() => socket.write('x'), 20)
      socket.on('close', () => clearInterval(drip))
    },
  ],
])('a server that %s costs the total deadline and is named', async (_, behave) => {
  const url = await raw(behave)
  const started = performance.now()
  const result = await ask(url, { deadlineMs: 300 })
  expect(result.ok).toBe(false)
  // The byte-dripper is not HTTP; either reason is true of it.
  if (!result.ok) expect(result.failure.message).toMatch(/within 0\.3 s|not HTTP/)
  expect(performance.now() - started).toBeLessThan(1_000)
})

test.each([
  ['closes without a word', (socket: net.Socket) => socket.end(), 'closed without an answer'],
  [
    'stops in the middle of its body',
    (socket: net.Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'),
    'middle of the answer',
  ],
  [
    'stops in the middle of a chunk',
    (socket: net.Socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf'),
    'middle of the answer',
  ],
  ['speaks another protocol', (socket: net.Socket) => socket.end('STATUS=S,When=1|\0'), 'not HTTP'],
  ['resets the connection', (socket: net.Socket) => socket.resetAndDestroy(), 'reset'],
])('a server that %s is a failure with its reason', async (_, behave, says) => {
  const result = await ask(await raw((socket) => socket.once('data', () => behave(socket))))
  expect(result).toMatchObject({ ok: false, failure: { message: expect.stringContaining(says) } })
})

test('asking can be stopped from outside', async () => {
  const url = await raw(() => {})
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 50)
  const result = await ask(url, { signal: stop.signal, deadlineMs: 5_000 })
  expect(result).toMatchObject({ ok: false, failure: { message: expect.stringContaining('stopped') } })
})
