import { expect, test } from 'vitest'
import { command } from '#electron/cli/simulate.ts'
import { say } from '../simulator/raw-client.ts'

const context = (flags: Record<string, string>) => {
  const stop = new AbortController()
  const out: string[] = []
  const err: string[] = []
  return {
    stop,
    out,
    err,
    context: {
      args: [],
      flags,
      json: false,
      dataDir: '',
      demo: false,
      allowLoopback: false,
      seed: 1,
      now: () => Date.UTC(2026, 10, 24, 18),
      clock: null,
      out: (text: string) => void out.push(text),
      err: (text: string) => void err.push(text),
      signal: stop.signal,
    },
  }
}

type Map = {
  devices: { id: string; family: string; model: string; host: string; api_port: number; web_port: number | null }[]
  meters: { port: number }[]
  market: string
}

test('prints one JSON map of addresses, serves what it names, and ends when stopped', async () => {
  const c = context({ miners: '12', families: 'avalon,whatsminer' })
  const done = command.run(c.context)
  await expect.poll(() => c.out.length, { timeout: 5000 }).toBe(1)
  const map: Map = JSON.parse(c.out[0] ?? '')
  expect(map.devices).toHaveLength(12)
  expect(new Set(map.devices.map((d) => d.family))).toEqual(new Set(['avalon', 'whatsminer']))
  expect(map.devices.every((d) => d.host === '127.0.0.1' && d.web_port === null)).toBe(true)
  expect(map.meters).toHaveLength(3)
  expect(map.market).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  const port = map.devices[0]?.api_port ?? 0
  expect((await say(port, '{"command":"summary"}')).bytes.length).toBeGreaterThan(100)
  c.stop.abort()
  expect(await done).toBe(0)
  expect((await say(port, 'summary', 500)).bytes).toHaveLength(0)
})

test.each([
  [{ miners: '0' }, '--miners'],
  [{ miners: 'many' }, '--miners'],
  [{ miners: '1.5' }, '--miners'],
  [{ families: 'avalon,teapot' }, 'teapot'],
  [{ faults: 'silent=lots' }, 'silent=lots'],
  [{ 'base-port': '70000' }, '--base-port'],
])('%j is wrong usage and says which part', async (flags, part) => {
  const c = context(flags as Record<string, string>)
  expect(await command.run(c.context)).toBe(2)
  expect(c.out).toEqual([])
  expect(c.err.join('')).toContain(part)
})
