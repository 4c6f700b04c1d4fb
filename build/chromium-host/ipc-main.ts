import { strict } from './strict.ts'

type Handler = (event: object, ...args: unknown[]) => unknown
const handlers = new Map<string, Handler>()
const listeners = new Map<string, Handler[]>()

export const ipcMain = strict('ipcMain', {
  handle: (channel: string, handler: Handler) => {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    handlers.set(channel, handler)
  },
  removeHandler: (channel: string) => void handlers.delete(channel),
  on: (channel: string, listener: Handler) => {
    listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
  },
  removeAllListeners: (channel: string) => void listeners.delete(channel),
})

type Answer = { ok: true; value: unknown } | { ok: false; problem: unknown }

export const answerIpc = async (kind: 'invoke' | 'send', channel: string, event: object, args: unknown[]): Promise<Answer> => {
  try {
    if (kind === 'send') {
      for (const listener of listeners.get(channel) ?? []) listener(event, ...args)
      return { ok: true, value: undefined }
    }
    const handler = handlers.get(channel)
    if (!handler) throw new Error(`No handler registered for '${channel}'`)
    return { ok: true, value: await handler(event, ...args) }
  } catch (problem) {
    return { ok: false, problem }
  }
}
