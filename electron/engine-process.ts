/**
 * Entry of the engine's own process. Electron's utility process and the Chromium host both give it `process.parentPort`;
 * questions and answers are plain data with an id, notices carry a name.
 */
import { parseArgs } from 'node:util'
import * as z from 'zod'
import type { EngineQuestion } from '#shared/contract.ts'
import { readNumber } from '#shared/read-number.ts'
import { type Failure, failed, type Result } from '#shared/result.ts'
import { type Engine, startEngine } from './engine.ts'
import { readVersion, simulatorThread } from './installation.ts'

type ToShell = { id: number; result: Result<unknown> } | { tell: string; payload: unknown } | { ready: true } | { failed: Failure }
type ParentPort = { on(event: 'message', listener: (e: { data: unknown }) => void): void; postMessage(message: ToShell): void }

/** Only the form; what is asked is parsed against the contract where it is answered. */
const Asked = z.object({ id: z.number(), ask: z.string().max(100), input: z.unknown() })

const parentPort = (): ParentPort => {
  const port = 'parentPort' in process ? process.parentPort : null
  if (port === null || port === undefined) throw new Error('engine-process is started by the shell; on the command line use: hashyard run')
  return port as ParentPort
}

const main = async () => {
  const port = parentPort()
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      demo: { type: 'boolean' },
      seed: { type: 'string' },
      'poll-ms': { type: 'string' },
      'allow-loopback': { type: 'boolean' },
      machines: { type: 'string' },
    },
    strict: true,
  })
  if (!values.data) throw new Error('engine-process needs --data DIR')
  const machines = readNumber(values.machines, { min: 1, max: 10_000 })
  const starting = startEngine({
    dataDir: values.data,
    demo: values.demo === true,
    allowLoopback: values['allow-loopback'] === true,
    pollIntervalMs: readNumber(values['poll-ms'], { min: 100, max: 86_400_000 }),
    clock: null,
    seed: readNumber(values.seed, { min: 0, max: 999_999_999 }) ?? 1,
    simulatorThread: simulatorThread(),
    log: (line) => process.stderr.write(`${line}\n`),
    version: readVersion(),
    ...(machines === null ? {} : { demoMachines: machines }),
  })

  // A question that comes while the engine starts is answered once it has started.
  port.on('message', ({ data }) => {
    const asked = Asked.safeParse(data)
    if (!asked.success) return
    const { id, ask, input } = asked.data
    const reply = (result: Result<unknown>) => port.postMessage({ id, result })
    starting.then(
      async (started) => reply(started.ok ? await started.value.answer(ask as EngineQuestion, input) : started),
      () => reply(failed('internal', 'the engine did not start')),
    )
  })

  const started = await starting
  if (!started.ok) {
    port.postMessage({ failed: started.failure })
    return
  }
  const engine: Engine = started.value
  engine.onNotice((tell, payload) => port.postMessage({ tell, payload }))
  port.postMessage({ ready: true })
  const stop = () => void engine.stop().finally(() => process.exit(0))
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

await main()
