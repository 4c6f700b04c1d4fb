import net from 'node:net'
import type { ApiRequest, Dialect, Ending } from './devices/dialect.ts'
import type { MachineMoment, SimulatedMachine } from './machine-world.ts'
import { DRIP_MS } from './parameters.ts'

/** What a device port needs of the world: the machine's moment, now. */
export type MomentOf = (m: SimulatedMachine) => { readonly now: MachineMoment; readonly ms: number }

/** Longest command listened to, and how long a connection may do nothing. */
const REQUEST_BYTES = 4096
const IDLE_MS = 60_000

/** null: more is to come. A word of no known form is a command too: the dialect says "invalid command", as devices do. */
export const readApiRequest = (raw: string): ApiRequest | null => {
  const text = raw.replaceAll('\0', '').trim()
  if (text === '') return null
  if (!text.startsWith('{')) {
    const [command = '', parameter] = text.split('|')
    return { mode: 'text', command, parameter: parameter ?? null, newApi: false }
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return raw.length < REQUEST_BYTES ? null : { mode: 'json', command: '', parameter: null, newApi: false }
  }
  const field = (name: string): unknown => (typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, name) : undefined)
  const command = field('command') ?? field('cmd')
  const parameter = field('parameter')
  return {
    mode: 'json',
    command: typeof command === 'string' ? command : '',
    parameter: typeof parameter === 'string' || typeof parameter === 'number' ? String(parameter) : null,
    newApi: field('new_api') === true,
  }
}

const GARBAGE = '\u0001\u0002<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head>\u0000\u0007{"STATUS":[{'

/** One byte at a time, for as long as the other side has patience. */
const drip = (socket: net.Socket, answer: Buffer) => {
  let i = 0
  const timer = setInterval(() => {
    if (i >= answer.length) {
      socket.end()
      return
    }
    socket.write(answer.subarray(i, i + 1))
    i += 1
  }, DRIP_MS)
  socket.once('close', () => clearInterval(timer))
}

/**
 * A connection to a machine with a fault; false: this fault does not touch the wire here (the proxy of a booting machine
 * answers on the API only). `answer` is what the machine would have said.
 */
export const misbehave = (socket: net.Socket, fault: MachineMoment['fault'], answer: () => Buffer, habit: number): boolean => {
  switch (fault) {
    case 'silent':
      return true
    case 'refusing':
      socket.resetAndDestroy()
      return true
    case 'garbage':
      socket.end(GARBAGE)
      return true
    case 'drip':
      drip(socket, answer())
      return true
    case 'early': {
      // Some close without a word, some in the first fifth of the answer, where no repair can save it.
      const whole = answer()
      socket.end(habit < 0.5 ? '' : whole.subarray(0, Math.max(1, Math.floor(whole.length * 0.2 * habit))))
      return true
    }
    default:
      return false
  }
}

const finish = (socket: net.Socket, answer: string, ending: Ending) => {
  switch (ending) {
    case 'nul':
      socket.end(`${answer}\0`)
      return
    case 'newline':
      socket.end(`${answer}\n`)
      return
    case 'bare':
      socket.end(answer)
      return
    case 'nul-held':
      socket.write(`${answer}\0`)
      return
    default:
      ending satisfies never
  }
}

/** Errors of a poller that went away are its own business: the socket is gone, nothing else is touched. */
const ignoreReset = () => undefined

/** A device's own API on TCP: one command a connection (`hardware-protocols.md` 2.1). */
export const apiServer = (m: SimulatedMachine, dialect: Dialect, momentOf: MomentOf, track: (socket: net.Socket) => void): net.Server =>
  net.createServer({ noDelay: true }, (socket) => {
    track(socket)
    socket.on('error', ignoreReset)
    socket.setTimeout(IDLE_MS, () => socket.destroy())
    const fault = momentOf(m).now.fault
    if (fault === 'refusing') {
      socket.resetAndDestroy()
      return
    }
    let heard = ''
    let answered = false
    socket.on('data', (chunk: Buffer) => {
      if (answered) return
      heard += chunk.toString('latin1')
      if (heard.length > REQUEST_BYTES) {
        socket.destroy()
        return
      }
      const request = readApiRequest(heard)
      if (!request) return
      answered = true
      const { now, ms } = momentOf(m)
      if (now.fault === 'booting') {
        socket.end('Socket connect failed: Connection refused\n')
        return
      }
      const answer = () => dialect.answer(m, now, request, ms)
      if (misbehave(socket, now.fault, () => Buffer.from(answer()), m.habit)) return
      finish(socket, answer(), dialect.ending(m))
    })
  })
