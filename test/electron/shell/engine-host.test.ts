import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type EngineState, startEngineHost } from '#electron/shell/engine-host.ts'

/** A stand-in for the utility process: says what the test tells it to say and dies when told. */
class FakeEngine extends EventEmitter {
  pid: number | undefined = 4711
  received: unknown[] = []
  demo: boolean
  constructor(demo: boolean) {
    super()
    this.demo = demo
  }
  postMessage(message: unknown) {
    this.received.push(message)
  }
  kill() {
    this.die(15)
    return true
  }
  die(code: number) {
    this.pid = undefined
    this.emit('exit', code)
  }
  says(message: unknown) {
    this.emit('message', message)
  }
}

const start = (o: { demo?: boolean } = {}) => {
  const engines: FakeEngine[] = []
  const states: EngineState[] = []
  const notices: unknown[] = []
  const killed: number[] = []
  const host = startEngineHost({
    fork: (demo) => {
      const engine = new FakeEngine(demo)
      engines.push(engine)
      return engine
    },
    endByPid: (pid) => {
      killed.push(pid)
      engines.at(-1)?.die(9)
    },
    demo: o.demo ?? false,
    onState: (state) => states.push(state),
    onNotice: (notice, payload) => notices.push([notice, payload]),
    log: () => undefined,
    now: Date.now,
  })
  const engine = () => {
    const last = engines.at(-1)
    if (!last) throw new Error('no engine was started')
    return last
  }
  return { host, engine, engines, states, notices, killed }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a question asked while the engine starts is answered once it runs', async () => {
  const { host, engine } = start()
  const answer = host.ask('app.status', {})
  expect(engine().received).toEqual([])
  engine().says({ ready: true })
  expect(engine().received).toEqual([{ id: 1, ask: 'app.status', input: {} }])
  engine().says({ id: 1, result: { ok: true, value: 'fine' } })
  expect(await answer).toEqual({ ok: true, value: 'fine' })
})

test('when the engine dies, what it was asked fails at once and says that stored data is safe', async () => {
  const { host, engine } = start()
  engine().says({ ready: true })
  const answer = host.ask('app.status', {})
  engine().die(9)
  const result = await answer
  expect(result).toMatchObject({ ok: false, failure: { kind: 'unreachable' } })
  expect(!result.ok && result.failure.message).toMatch(/stored is safe/)
})

test('a dead engine is started again, later after each death, and the window hears of it', async () => {
  const { host, engine, engines, states } = start()
  engine().says({ ready: true })
  engine().die(9)
  expect(host.state().state).toBe('restarting')
  await vi.advanceTimersByTimeAsync(250)
  expect(engines.length).toBe(2)
  engine().die(9)
  await vi.advanceTimersByTimeAsync(999)
  expect(engines.length).toBe(2)
  await vi.advanceTimersByTimeAsync(1)
  expect(engines.length).toBe(3)
  engine().says({ ready: true })
  expect(states.map((s) => s.state)).toEqual(['starting', 'running', 'restarting', 'restarting', 'running'])
})

test('an engine that had run for more than a minute is started again at once', async () => {
  const { engine, engines } = start()
  for (let i = 0; i < 4; i++) {
    engine().die(9)
    await vi.advanceTimersByTimeAsync(30_000)
  }
  engine().says({ ready: true })
  await vi.advanceTimersByTimeAsync(61_000)
  const before = engines.length
  engine().die(9)
  await vi.advanceTimersByTimeAsync(250)
  expect(engines.length).toBe(before + 1)
})

test('a failure that a person must mend is shown in its own words, answered to every question, and tried again', async () => {
  const { host, engine, engines } = start()
  const early = host.ask('app.status', {})
  engine().says({ failed: { kind: 'unwritable', message: 'the data folder /x cannot be written' } })
  expect(await early).toEqual({ ok: false, failure: { kind: 'unwritable', message: 'the data folder /x cannot be written' } })
  expect(host.state()).toMatchObject({ state: 'failed', message: 'the data folder /x cannot be written' })
  expect(await host.ask('app.status', {})).toMatchObject({ ok: false, failure: { kind: 'unreachable' } })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(engines.length).toBe(2)
  engine().says({ ready: true })
  expect(host.state()).toMatchObject({ state: 'running', message: null })
})

test('opening the demo ends the one engine and starts another with --demo; it is answered when that one is ready', async () => {
  const { host, engine, engines } = start()
  engine().says({ ready: true })
  const switched = host.switchTo(true)
  await vi.advanceTimersByTimeAsync(0)
  expect(engines.map((e) => e.demo)).toEqual([false, true])
  expect(engines[0]?.pid).toBeUndefined()
  engine().says({ ready: true })
  expect(await switched).toEqual({ ok: true, value: undefined })
  expect(host.demo()).toBe(true)
})

test('what the old engine still says after the switch is not heard', async () => {
  const { host, engine, engines, notices } = start()
  engine().says({ ready: true })
  void host.switchTo(true)
  await vi.advanceTimersByTimeAsync(0)
  engines[0]?.says({ tell: 'fleet.changed', payload: { atMs: 1 } })
  engines[0]?.says({ ready: true })
  expect(notices).toEqual([])
  expect(host.state().state).toBe('starting')
})

test('an engine that does not end within 5 s is ended by its id', async () => {
  const { host, engine, killed } = start()
  engine().says({ ready: true })
  engine().kill = () => true
  const stopped = host.stop()
  await vi.advanceTimersByTimeAsync(4_999)
  expect(killed).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  await stopped
  expect(killed).toEqual([4711])
})

test('a question without an answer ends after 60 s with a failure', async () => {
  const { host, engine } = start()
  engine().says({ ready: true })
  const answer = host.ask('sources.list', {})
  await vi.advanceTimersByTimeAsync(60_000)
  expect(await answer).toMatchObject({ ok: false, failure: { kind: 'timeout' } })
})

test('only notices of the contract reach the window', () => {
  const { engine, notices } = start()
  engine().says({ tell: 'fleet.changed', payload: { atMs: 5 } })
  engine().says({ tell: 'toString', payload: {} })
  engine().says({ tell: 'made.up', payload: {} })
  engine().says('nonsense')
  expect(notices).toEqual([['fleet.changed', { atMs: 5 }]])
})
