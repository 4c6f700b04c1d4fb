import { type ChildProcess, fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onlyKnown, strict } from './strict.ts'

/** `utilityProcess.fork`: a forked Node whose messages are structured-cloned, and which ends when this process is gone. */
const ENTRY = fileURLToPath(new URL('utility-entry.ts', import.meta.url))
const children = new Set<ChildProcess>()

type Options = { serviceName?: string; stdio?: 'pipe' | 'inherit' | 'ignore'; env?: NodeJS.ProcessEnv; cwd?: string; execArgv?: string[] }

export const utilityProcess = strict('utilityProcess', {
  fork: (modulePath: string, args: readonly string[] = [], options: Options = {}) => {
    onlyKnown('utilityProcess.fork', options, ['serviceName', 'stdio', 'env', 'cwd', 'execArgv'])
    const stdio = options.stdio ?? 'inherit'
    const child = fork(ENTRY, [modulePath, ...args], {
      serialization: 'advanced',
      stdio: ['ignore', stdio, stdio, 'ipc'],
      execArgv: options.execArgv ?? [],
      ...(options.env ? { env: options.env } : {}),
      ...(options.cwd ? { cwd: options.cwd } : {}),
    })
    children.add(child)
    const events = new EventEmitter()
    const chain = (add: 'on' | 'once' | 'off' | 'removeListener') => (event: string, listener: (...a: unknown[]) => void) => {
      events[add](event, listener)
      return made
    }
    const made: object = strict('utilityProcess', {
      on: chain('on'),
      once: chain('once'),
      off: chain('off'),
      removeListener: chain('removeListener'),
      get pid() {
        return child.exitCode === null && child.signalCode === null ? child.pid : undefined
      },
      stdout: child.stdout,
      stderr: child.stderr,
      postMessage: (message: unknown) => {
        if (child.connected) child.send({ message: structuredClone(message) }, () => undefined)
      },
      kill: () => child.kill(),
    })
    child.once('spawn', () => events.emit('spawn'))
    child.on('message', (envelope) => events.emit('message', (envelope as { message: unknown }).message))
    child.once('error', (problem) => process.stderr.write(`${options.serviceName ?? modulePath}: ${problem.message}\n`))
    child.once('exit', (code, signal) => {
      children.delete(child)
      // Electron reports the wait status of a killed child: the signal's number.
      events.emit('exit', code ?? (signal === 'SIGKILL' ? 9 : 15))
    })
    return made
  },
})

export const endChildren = () => {
  for (const child of children) child.kill('SIGTERM')
}
