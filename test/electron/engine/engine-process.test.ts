import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'hashyard-process-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** What Electron's utility process gives its program, on a forked Node: `process.parentPort` with messages under `data`. */
const PARENT_PORT = `data:text/javascript,${encodeURIComponent(`
  const listeners = []
  process.on('message', (data) => listeners.forEach((l) => l({ data })))
  process.parentPort = { on: (_, l) => listeners.push(l), postMessage: (m) => process.send(m) }
`)}`

const startProcess = (args: string[]) => {
  const child = fork(new URL('../../../electron/engine-process.ts', import.meta.url), args, {
    execArgv: ['--import', PARENT_PORT],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const messages: Record<string, unknown>[] = []
  child.on('message', (m) => messages.push(m as Record<string, unknown>))
  const until = async (fits: (m: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> => {
    for (;;) {
      const found = messages.find(fits)
      if (found) return found
      await once(child, 'message')
    }
  }
  return { child, until }
}

test('the engine in its own process says when it is ready, answers by number, tells what changed, ends when told', async () => {
  const { child, until } = startProcess(['--data', dir, '--demo', '--seed', '5', '--poll-ms', '1000', '--machines', '7'])
  // Asked before it is ready: answered once it is.
  child.send({ id: 1, ask: 'app.status', input: {} })
  child.send({ id: 2, ask: 'shell.about', input: {} })
  child.send({ id: 3, ask: 'decision.list', input: { limit: 0 } })
  child.send('not a question')
  expect(await until((m) => m.ready === true)).toEqual({ ready: true })
  expect(await until((m) => m.id === 1)).toMatchObject({ result: { ok: true, value: { mode: 'demo' } } })
  expect(await until((m) => m.id === 2)).toMatchObject({ result: { ok: false, failure: { kind: 'not-found' } } })
  expect(await until((m) => m.id === 3)).toMatchObject({ result: { ok: false, failure: { kind: 'invalid-input', field: 'limit' } } })
  expect(await until((m) => m.tell === 'fleet.changed')).toMatchObject({ payload: { atMs: expect.any(Number) } })
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
})

test('a data folder that cannot be written reaches the shell as a failure with its reason', async () => {
  writeFileSync(join(dir, 'taken'), '')
  const { child, until } = startProcess(['--data', join(dir, 'taken')])
  expect(await until((m) => 'failed' in m)).toMatchObject({ failed: { kind: 'unwritable', message: expect.stringContaining('taken') } })
  child.kill('SIGKILL')
  await once(child, 'exit')
})
