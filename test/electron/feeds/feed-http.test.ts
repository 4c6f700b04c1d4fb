import * as http from 'node:http'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import type { FeedHttp } from '#electron/feeds/feed.ts'
import { makeFeedHttp } from '#electron/feeds/feed-http.ts'
import { feedEgress } from '#electron/net/egress.ts'
import { failureOf } from './meta.ts'

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void
const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

/** A source on loopback; what it heard, and our client sent there for every host, as the demo does. */
const source = async (handler: Handler) => {
  const heard: http.IncomingMessage[] = []
  const server = http.createServer((request, response) => {
    heard.push(request)
    handler(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  )
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const clock = { nowMs: Date.UTC(2026, 0, 15, 12) }
  const client: FeedHttp = makeFeedHttp({
    egress: feedEgress({ hosts: new Set(), allowLoopback: true }),
    baseFor: (host) => new URL(`http://127.0.0.1:${address.port}/${host}`),
    now: () => clock.nowMs,
    random: () => 0.5,
    userAgent: 'Hashyard/test (+https://hashyard.example/contact)',
  })
  return { heard, client, clock }
}
const URL_A = 'https://feed.example/data.json'
const text = (result: Awaited<ReturnType<FeedHttp['get']>>) => {
  if (!result.ok) throw new Error(result.failure.message)
  return new TextDecoder().decode(result.value.body)
}

describe('asking a market source', () => {
  test('says who asks and reaches the path under the host', async () => {
    const { client, heard } = await source((_q, r) => r.end('{"a":1}'))
    expect(text(await client.get('https://feed.example/v2/prices?x=1'))).toBe('{"a":1}')
    expect(heard[0]?.url).toBe('/feed.example/v2/prices?x=1')
    expect(heard[0]?.headers['user-agent']).toBe('Hashyard/test (+https://hashyard.example/contact)')
  })

  test('an unchanged document is not sent twice', async () => {
    const { client, heard } = await source((q, r) => {
      if (q.headers['if-none-match'] === '"v1"') return r.writeHead(304).end()
      r.writeHead(200, { etag: '"v1"', 'last-modified': 'Thu, 15 Jan 2026 11:00:00 GMT' }).end('{"a":1}')
    })
    const first = await client.get(URL_A)
    const second = await client.get(URL_A)
    expect([text(first), text(second)]).toEqual(['{"a":1}', '{"a":1}'])
    expect(heard[1]?.headers['if-modified-since']).toBe('Thu, 15 Jan 2026 11:00:00 GMT')
    expect(first.ok && second.ok && [first.value.unchanged, second.value.unchanged]).toEqual([false, true])
    expect(second.ok && second.value.publishedAtMs).toBe(Date.UTC(2026, 0, 15, 11))
  })

  test('one request is in flight for a host, two hosts do not wait for each other', async () => {
    let open = 0
    let most = 0
    const { client } = await source((q, r) => {
      if (q.url?.startsWith('/slow.example')) {
        most = Math.max(most, ++open)
        setTimeout(() => {
          open--
          r.end('{}')
        }, 40)
      } else r.end('{}')
    })
    const order: string[] = []
    const ask = (url: string) => client.get(url).then(() => order.push(new URL(url).pathname))
    await Promise.all([
      ask('https://slow.example/1'),
      ask('https://slow.example/2'),
      ask('https://slow.example/3'),
      ask('https://quick.example/q'),
    ])
    expect(most).toBe(1)
    expect(order).toEqual(['/q', '/1', '/2', '/3'])
  })

  test.each([
    ['gzip', gzipSync('{"a":1}')],
    ['deflate', deflateSync('{"a":1}')],
    ['deflate', deflateRawSync('{"a":1}')],
    ['br', brotliCompressSync('{"a":1}')],
  ])('an answer in %s is unpacked', async (encoding, body) => {
    const { client } = await source((_q, r) => r.writeHead(200, { 'content-encoding': encoding }).end(body))
    expect(text(await client.get(URL_A))).toBe('{"a":1}')
  })
})

describe('limits', () => {
  test.each([
    ['gzip', gzipSync(Buffer.alloc(9 * 1_048_576))],
    ['br', brotliCompressSync(Buffer.alloc(9 * 1_048_576))],
  ])('a %s bomb of 9 MiB ends at 8 MiB', async (encoding, body) => {
    const { client } = await source((_q, r) => r.writeHead(200, { 'content-encoding': encoding }).end(body))
    const failure = failureOf(await client.get(URL_A))
    expect(failure).toMatchObject({ kind: 'too-large', message: expect.stringMatching(/more than 8 MiB after decompression/) })
  })

  test('a broken compressed body and an unknown encoding are refused', async () => {
    const broken = await source((_q, r) => r.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip'))
    expect(failureOf(await broken.client.get(URL_A)).message).toMatch(/broken \(gzip\)/)
    const unknown = await source((_q, r) => r.writeHead(200, { 'content-encoding': 'zstd' }).end('x'))
    expect(failureOf(await unknown.client.get(URL_A)).message).toMatch(/unknown encoding/)
  })

  test('one byte at a time does not outlast the total deadline', async () => {
    const { client } = await source((_q, r) => {
      r.writeHead(200)
      const drip = setInterval(() => r.write(' '), 20)
      r.on('close', () => clearInterval(drip))
    })
    const before = performance.now()
    expect(failureOf(await client.get(URL_A, { deadlineMs: 250 })).kind).toBe('timeout')
    expect(performance.now() - before).toBeLessThan(2_000)
  })

  test.each([
    ['another host', 'https://elsewhere.example/data.json', 'refused', 1],
    ['plain HTTP', 'http://feed.example/data.json', 'refused', 1],
    ['this computer', 'http://127.0.0.1/admin', 'refused', 1],
    ['itself, for ever', '/data.json', 'unexpected-reply', 3],
  ])('a redirect to %s is not followed', async (_what, location, kind, requests) => {
    const { client, heard } = await source((_q, r) => r.writeHead(302, { location }).end())
    expect(failureOf(await client.get(URL_A)).kind).toBe(kind)
    expect(heard).toHaveLength(requests)
  })

  test('two redirects within the host are followed', async () => {
    const { client } = await source((q, r) => {
      const hop = { '/feed.example/data.json': '/b', '/feed.example/b': 'https://feed.example/c' }[q.url ?? '']
      if (hop) r.writeHead(301, { location: hop }).end()
      else r.end('{"there":1}')
    })
    expect(text(await client.get(URL_A))).toBe('{"there":1}')
  })
})

describe('patience', () => {
  test('Retry-After is obeyed to the second, and no click shortens it', async () => {
    let status = 429
    const { client, clock, heard } = await source((_q, r) => r.writeHead(status, { 'retry-after': '120' }).end('{}'))
    expect(failureOf(await client.get(URL_A)).message).toMatch(/fewer requests/)
    const untilMs = client.notBeforeMs('feed.example')
    expect(untilMs).toBeGreaterThanOrEqual(clock.nowMs + 120_000)
    expect(untilMs).toBeLessThanOrEqual(clock.nowMs + 121_000)
    client.forgive('feed.example')
    clock.nowMs += 119_999
    expect(failureOf(await client.get(URL_A)).message).toMatch(/not asked again before 2026-01-15T12:02:0/)
    expect(heard).toHaveLength(1)
    status = 200
    clock.nowMs += 1_002
    expect(text(await client.get(URL_A))).toBe('{}')
  })

  test('a Retry-After date counts from the server’s clock, not from ours', async () => {
    const { client, clock } = await source((_q, r) =>
      r.writeHead(503, { date: 'Thu, 15 Jan 2026 20:00:00 GMT', 'retry-after': 'Thu, 15 Jan 2026 20:05:00 GMT' }).end(),
    )
    await client.get(URL_A)
    expect(Math.floor(((client.notBeforeMs('feed.example') ?? 0) - clock.nowMs) / 1000)).toBe(301)
  })

  test('without Retry-After the wait doubles up to 15 minutes, one success ends it', async () => {
    let good = false
    const { client, clock } = await source((_q, r) => r.writeHead(good ? 200 : 502).end('{}'))
    const waits: number[] = []
    for (let i = 0; i < 12; i++) {
      await client.get(URL_A)
      const wait = (client.notBeforeMs('feed.example') ?? clock.nowMs) - clock.nowMs
      waits.push(wait)
      clock.nowMs += wait
    }
    // Three quarters of the ceiling: half fixed, half chance, and the chance stands at one half here.
    expect(waits.slice(0, 3)).toEqual([3_750, 7_500, 15_000])
    expect(Math.max(...waits)).toBe(675_000)
    good = true
    expect((await client.get(URL_A)).ok).toBe(true)
    expect(client.notBeforeMs('feed.example')).toBeNull()
  })

  test('a click ends our own back-off', async () => {
    let good = false
    const { client } = await source((_q, r) => r.writeHead(good ? 200 : 500).end('{}'))
    await client.get(URL_A)
    expect(client.notBeforeMs('feed.example')).not.toBeNull()
    client.forgive('feed.example')
    good = true
    expect((await client.get(URL_A)).ok).toBe(true)
  })

  test('closing breaks off what is under way and starts nothing that waits, without blaming the host', async () => {
    const { client, heard } = await source(() => undefined)
    const closing = new AbortController()
    const both = [client.get(URL_A, { signal: closing.signal }), client.get(URL_A, { signal: closing.signal })]
    while (heard.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    closing.abort()
    const before = performance.now()
    expect((await Promise.all(both)).map((r) => r.ok)).toEqual([false, false])
    expect(performance.now() - before).toBeLessThan(1_000)
    expect(heard).toHaveLength(1)
    expect(client.notBeforeMs('feed.example')).toBeNull()
  })

  test('a missing document is no reason to avoid the host', async () => {
    const { client } = await source((_q, r) => r.writeHead(404, { 'content-type': 'text/html' }).end('<html>Not Found</html>'))
    expect(failureOf(await client.get(URL_A)).kind).toBe('not-found')
    expect(client.notBeforeMs('feed.example')).toBeNull()
  })
})

describe('block pages', () => {
  test.each([
    ['Cloudflare', 403, { 'cf-mitigated': 'challenge' }, '<html><title>Just a moment...</title></html>'],
    ['Imperva', 403, {}, '<html>Request unsuccessful. Incapsula incident ID: 1-2</html>'],
    ['Imperva', 200, { 'x-iinfo': '1-2-3' }, '<html><iframe src="/_Incapsula_Resource"></iframe></html>'],
  ])('%s with status %i is called by its name', async (gate, status, headers, body) => {
    const { client } = await source((_q, r) => r.writeHead(status, headers).end(body))
    expect(failureOf(await client.get(URL_A))).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining(`${gate} blocks this computer`),
    })
  })
  test('a web page with status 200 is not kept as a document', async () => {
    let page = true
    const { client, heard } = await source((_q, r) => r.writeHead(200, { etag: '"p"' }).end(page ? '<html>log in</html>' : '{}'))
    expect(failureOf(await client.get(URL_A)).message).toMatch(/web page came instead of data/)
    page = false
    client.forgive('feed.example')
    expect(text(await client.get(URL_A))).toBe('{}')
    expect(heard[1]?.headers['if-none-match']).toBeUndefined()
  })
})
