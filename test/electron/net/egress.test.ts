import * as net from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterEach, describe, expect, test } from 'vitest'
import { deviceEgress, feedEgress } from '#electron/net/egress.ts'
import { classify } from '#electron/net/ip-address.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const listen = async (onSocket: (socket: net.Socket) => void = () => {}, host = '127.0.0.1'): Promise<number> => {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onSocket(socket)
  })
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  await new Promise<void>((done) => server.listen(0, host, done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

const soon = () => AbortSignal.timeout(5_000)
const anyDevice = (allowLoopback: boolean) => deviceEgress({ allows: () => true, allowLoopback })

describe('an address is judged by what it is, not by how it is written', () => {
  test.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['0:0:0:0:0:ffff:7f00:0001', 'loopback'],
    ['::127.0.0.1', 'loopback'],
    ['64:ff9b::127.0.0.1', 'loopback'],
    ['2002:7f00:1::', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['::', 'unspecified'],
    ['::ffff:0.0.0.0', 'unspecified'],
    ['169.254.169.254', 'link-local'],
    ['::ffff:169.254.169.254', 'link-local'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['febf::1', 'link-local'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['240.0.0.1', 'reserved'],
    ['10.255.0.5', 'ordinary'],
    ['192.0.2.7', 'ordinary'],
    ['2001:db8::5', 'ordinary'],
    ['::ffff:192.0.2.7', 'ordinary'],
    ['farm.example', 'not an address'],
    ['2130706433', 'not an address'],
  ])('%s is %s', (address, kind) => {
    expect(classify(address)).toBe(kind)
  })

  test('the addresses of this computer are its own', () => {
    const mine = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter((entry) => !entry.internal && entry.family === 'IPv4')
    for (const entry of mine) expect(classify(entry.address)).toBe('own')
    for (const entry of mine) expect(classify(`::ffff:${entry.address}`)).toBe('own')
  })
})

describe('a device is reached only where the operator said and never on this computer', () => {
  test.each([
    '127.0.0.1',
    '0177.0.0.1',
    '2130706433',
    '0x7f.1',
    '::ffff:127.0.0.1',
    '::1',
    'localhost',
    '0.0.0.0',
    '169.254.169.254',
    '224.0.0.1',
    '255.255.255.255',
  ])('%s is refused although it was entered', async (host) => {
    const result = await anyDevice(false).connect({ host, port: 4028, connectMs: 2_000, signal: soon() })
    expect(result).toMatchObject({ ok: false, failure: { kind: expect.stringMatching(/^(refused|unreachable)$/) } })
    if (!result.ok && host !== 'localhost')
      expect(result.failure.message).toMatch(/loopback|link-local|multicast|broadcast|unspecified|name not found/)
  })

  test('odd spellings of loopback lead to loopback and are refused for it', async () => {
    for (const host of ['0177.0.0.1', '2130706433']) {
      const result = await anyDevice(false).connect({ host, port: 4028, connectMs: 2_000, signal: soon() })
      expect(result).toMatchObject({ ok: false, failure: { kind: 'refused', message: expect.stringContaining('leads to 127.0.0.1') } })
    }
  })

  test('an address or port that nobody entered is refused before any name is asked', async () => {
    const egress = deviceEgress({ allows: (host, port) => host === '192.0.2.7' && port === 4028, allowLoopback: false })
    for (const [host, port] of [
      ['192.0.2.8', 4028],
      ['192.0.2.7', 22],
      ['no-such-name.invalid', 4028],
    ] as const) {
      const result = await egress.connect({ host, port, connectMs: 2_000, signal: soon() })
      expect(result).toMatchObject({ ok: false, failure: { kind: 'refused', message: expect.stringContaining(`${host}:${port}`) } })
    }
  })

  test('with loopback allowed the simulated farm is reached, other forbidden addresses still are not', async () => {
    const port = await listen()
    const result = await anyDevice(true).connect({ host: '127.0.0.1', port, connectMs: 2_000, signal: soon() })
    expect(result.ok).toBe(true)
    if (result.ok) {
      expect(result.value.remoteAddress).toBe('127.0.0.1')
      result.value.destroy()
    }
    const metadata = await anyDevice(true).connect({ host: '169.254.169.254', port: 80, connectMs: 2_000, signal: soon() })
    expect(metadata).toMatchObject({ ok: false, failure: { kind: 'refused' } })
  })

  test('a port where nothing listens is named as refused by the device, with its address', async () => {
    const port = await listen()
    closing.splice(0).forEach((close) => {
      close()
    })
    const result = await anyDevice(true).connect({ host: '127.0.0.1', port, connectMs: 2_000, signal: soon() })
    expect(result).toMatchObject({
      ok: false,
      failure: { kind: 'unreachable', message: `127.0.0.1:${port}: connection refused; nothing listens on this port` },
    })
  })

  // A listener that takes the connection and then says nothing to the TLS greeting stands for a host that swallows
  // packets: setting up the connection never ends by itself.
  test('a host that never finishes setting up costs the connect deadline and no more', async () => {
    const port = await listen()
    const started = performance.now()
    const result = await anyDevice(true).connect({ host: '127.0.0.1', port, tls: true, connectMs: 300, signal: soon() })
    expect(result).toMatchObject({ ok: false, failure: { kind: 'timeout', message: `127.0.0.1:${port}: no connection within 0.3 s` } })
    expect(performance.now() - started).toBeGreaterThan(250)
    expect(performance.now() - started).toBeLessThan(1_500)
  })

  test('a stopped sweep lets go of the connection at once', async () => {
    const port = await listen()
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 50)
    const started = performance.now()
    const result = await anyDevice(true).connect({ host: '127.0.0.1', port, tls: true, connectMs: 5_000, signal: stop.signal })
    expect(result).toMatchObject({ ok: false, failure: { message: expect.stringContaining('stopped') } })
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  test('connections that were given up leave no descriptor behind', async () => {
    let open = 0
    const port = await listen((socket) => {
      open += 1
      socket.resume()
      socket.on('close', () => {
        open -= 1
      })
    })
    const give = { host: '127.0.0.1', port, tls: true, connectMs: 50, signal: soon() }
    const results = await Promise.all(Array.from({ length: 20 }, () => anyDevice(true).connect(give)))
    expect(results.every((r) => !r.ok)).toBe(true)
    await new Promise((done) => setTimeout(done, 100))
    expect(open).toBe(0)
  })
})

describe('market data comes from known hosts over TLS', () => {
  const hosts = new Set(['api.example.com'])
  test.each([
    { host: 'other.example.com', port: 443, tls: true, says: 'known market-data hosts' },
    { host: 'api.example.com', port: 8443, tls: true, says: 'port 443' },
    { host: 'api.example.com', port: 80, tls: false, says: 'TLS only' },
    { host: '127.0.0.1', port: 8080, tls: false, says: 'TLS only' },
  ])('$host:$port (tls $tls) is refused', async ({ host, port, tls, says }) => {
    const result = await feedEgress({ hosts, allowLoopback: false }).connect({ host, port, tls, connectMs: 1_000, signal: soon() })
    expect(result).toMatchObject({ ok: false, failure: { kind: 'refused', message: expect.stringContaining(says) } })
  })

  test('a known host whose name leads to this computer is refused', async () => {
    const egress = feedEgress({ hosts: new Set(['0177.0.0.1']), allowLoopback: true })
    const result = await egress.connect({ host: '0177.0.0.1', port: 443, tls: true, connectMs: 1_000, signal: soon() })
    expect(result).toMatchObject({ ok: false, failure: { kind: 'refused', message: expect.stringContaining('loopback') } })
  })

  test('without TLS only the simulated market on this computer is reached, and only when allowed', async () => {
    const port = await listen()
    const egress = feedEgress({ hosts, allowLoopback: true })
    const here = await egress.connect({ host: '127.0.0.1', port, connectMs: 1_000, signal: soon() })
    expect(here.ok).toBe(true)
    if (here.ok) here.value.destroy()
    // TEST-NET-1 (RFC 5737): refused before a packet is sent.
    const elsewhere = await egress.connect({ host: '192.0.2.1', port, connectMs: 1_000, signal: soon() })
    expect(elsewhere).toMatchObject({ ok: false, failure: { kind: 'refused' } })
  })

  test('a server that talks plain text on a TLS port is refused as not trustworthy', async () => {
    const port = await listen((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\n'))
    const result = await anyDevice(true).connect({ host: '127.0.0.1', port, tls: true, connectMs: 2_000, signal: soon() })
    expect(result).toMatchObject({ ok: false, failure: { kind: 'refused', message: expect.stringContaining('TLS') } })
  })
})
