import * as z from 'zod'
import { contract, type Notice, type PayloadOf, type Question } from '#shared/contract.ts'
import { type Failure, failed, ok, type Result } from '#shared/result.ts'

/**
 * Keeps one engine running in a process of its own. When it dies it is started again, later each time; what was under way is
 * answered with a failure, what was asked meanwhile waits for the next one. Knows no Electron: the process comes from `fork`.
 */
export type EngineState = PayloadOf<'engine.changed'>
export type EngineProcess = {
  readonly pid: number | undefined
  postMessage(message: unknown): void
  kill(): boolean
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'exit', listener: (code: number) => void): unknown
}
export type EngineHost = {
  ask(question: Question, input: unknown): Promise<Result<unknown>>
  state(): EngineState
  demo(): boolean
  /** Ends the engine and starts it on the demo or on the real farm; answers when it is ready. */
  switchTo(demo: boolean): Promise<Result<void>>
  stop(): Promise<void>
}

/** Waits between starts after 1, 2, 3 … deaths in a row. */
const BACK_OFF_MS = [250, 1_000, 3_000, 10_000, 30_000]
/** After a failure that a person has to mend (a full disk, another Hashyard): it heals by itself once that is done. */
const TRY_AGAIN_MS = 10_000
/** An engine that lived this long was healthy: the next death counts as the first. */
const HEALTHY_AFTER_MS = 60_000
const ANSWER_WITHIN_MS = 60_000
/** Time to finish the sweep's transaction and close the store; afterwards the process is ended by its id. */
const STOP_WITHIN_MS = 5_000

const FailureShape = z.object({ kind: z.string(), message: z.string() })
const Message = z.union([
  z.object({
    id: z.int(),
    result: z.union([z.object({ ok: z.literal(true), value: z.unknown() }), z.object({ ok: z.literal(false), failure: FailureShape })]),
  }),
  z.object({ tell: z.string(), payload: z.unknown() }),
  z.object({ ready: z.literal(true) }),
  z.object({ failed: FailureShape }),
])
type Message = z.infer<typeof Message>

type Waiting = { question: Question; input: unknown; resolve: (r: Result<unknown>) => void; timer: NodeJS.Timeout; sent: boolean }

export const startEngineHost = (o: {
  fork: (demo: boolean) => EngineProcess
  endByPid: (pid: number) => void
  demo: boolean
  onState: (state: EngineState) => void
  onNotice: <N extends Notice>(notice: N, payload: unknown) => void
  log: (line: string) => void
  now: () => number
}): EngineHost => {
  let demo = o.demo
  let state: EngineState = { state: 'starting', sinceMs: o.now(), message: null }
  let engine: EngineProcess | null = null
  let nextId = 1
  let deaths = 0
  let ending: 'no' | 'to-switch' | 'to-close' = 'no'
  let again: NodeJS.Timeout | undefined
  const waiting = new Map<number, Waiting>()
  const settled = new Set<(r: Result<void>) => void>()

  const set = (next: EngineState['state'], message: string | null) => {
    if (state.state === next && state.message === message) return
    state = { state: next, sinceMs: o.now(), message }
    o.onState(state)
  }
  const finish = (id: number, result: Result<unknown>) => {
    const call = waiting.get(id)
    waiting.delete(id)
    clearTimeout(call?.timer)
    call?.resolve(result)
  }
  const settle = (result: Result<void>) => {
    for (const resolve of settled) resolve(result)
    settled.clear()
  }
  const send = (id: number, { question, input }: Waiting) => engine?.postMessage({ id, ask: question, input })

  const onMessage = (message: Message, readyAt: { ms: number | null }, said: { failure: Failure | null }) => {
    if ('id' in message) return finish(message.id, message.result as Result<unknown>)
    if ('tell' in message) {
      if (Object.hasOwn(contract, message.tell)) o.onNotice(message.tell as Notice, message.payload)
      return
    }
    if ('ready' in message) {
      readyAt.ms = o.now()
      set('running', null)
      for (const [id, call] of waiting) {
        if (call.sent) continue
        call.sent = true
        send(id, call)
      }
      return settle(ok(undefined))
    }
    said.failure = message.failed as Failure
    set('failed', message.failed.message)
    // Nobody will answer these before a person has done what the message says.
    for (const id of [...waiting.keys()]) finish(id, { ok: false, failure: said.failure })
    settle({ ok: false, failure: said.failure })
    engine?.kill()
  }

  const start = () => {
    again = undefined
    const process = o.fork(demo)
    const readyAt: { ms: number | null } = { ms: null }
    const said: { failure: Failure | null } = { failure: null }
    engine = process
    process.on('message', (raw) => {
      if (engine !== process) return
      const message = Message.safeParse(raw)
      if (message.success) onMessage(message.data, readyAt, said)
      else o.log(`the engine sent something unknown: ${JSON.stringify(raw)?.slice(0, 200)}`)
    })
    process.on('exit', (code) => {
      if (engine !== process) return
      engine = null
      for (const [id, call] of [...waiting])
        if (call.sent)
          finish(
            id,
            failed(
              'unreachable',
              'The engine stopped before it answered. It is started again; what was stored is safe. Try again in a moment.',
            ),
          )
      if (ending !== 'no') return
      if (readyAt.ms !== null && o.now() - readyAt.ms > HEALTHY_AFTER_MS) deaths = 0
      deaths += 1
      const wait = said.failure ? TRY_AGAIN_MS : (BACK_OFF_MS[Math.min(deaths, BACK_OFF_MS.length) - 1] ?? 0)
      o.log(`the engine ended (${code}); starting it again in ${wait} ms`)
      // What it said itself before it ended is better than that it ended.
      if (said.failure === null)
        set(
          'restarting',
          `The engine stopped${deaths > 1 ? ` ${deaths} times` : ''} and is started again. Nothing that was stored is lost.`,
        )
      again = setTimeout(start, wait)
    })
  }

  const end = async () => {
    clearTimeout(again)
    again = undefined
    const process = engine
    if (process === null) return
    const gone = new Promise<void>((resolve) => process.on('exit', () => resolve()))
    process.kill()
    const late = setTimeout(() => process.pid !== undefined && o.endByPid(process.pid), STOP_WITHIN_MS)
    await gone
    clearTimeout(late)
    engine = null
  }

  o.onState(state)
  start()
  return {
    ask: (question, input) =>
      new Promise((resolve) => {
        if (ending === 'to-close') return resolve(failed('unreachable', 'Hashyard is closing.'))
        if (state.state === 'failed') return resolve(failed('unreachable', state.message ?? 'The engine does not run.'))
        const id = nextId++
        const timer = setTimeout(
          () => finish(id, failed('timeout', `The engine did not answer "${question}" within ${ANSWER_WITHIN_MS / 1000} s. Try again.`)),
          ANSWER_WITHIN_MS,
        )
        const call = { question, input, resolve, timer, sent: state.state === 'running' }
        waiting.set(id, call)
        if (call.sent) send(id, call)
      }),
    state: () => state,
    demo: () => demo,
    switchTo: async (to) => {
      demo = to
      deaths = 0
      const ready = new Promise<Result<void>>((resolve) => settled.add(resolve))
      ending = 'to-switch'
      set('starting', null)
      await end()
      ending = 'no'
      start()
      return await ready
    },
    stop: async () => {
      ending = 'to-close'
      await end()
      for (const id of [...waiting.keys()]) finish(id, failed('unreachable', 'Hashyard is closing.'))
    },
  }
}
