/// <reference lib="dom" />
import type { CloneCodec } from './clone.ts'

/**
 * What runs inside the page. The preload lives in an isolated world, as Electron's does with `contextIsolation`: the page
 * sees neither its variables nor the binding that reaches the host. What `contextBridge` exposes crosses from world to
 * world as DOM events (delivered at once, even between worlds); their name is random and never shown to the page's own scripts.
 * All functions here are injected by `toString()`: they may use nothing but their arguments and the page's globals.
 */

/** A value on its way between the worlds: functions and promises become numbers, everything else is structured-cloned. */
type Wire =
  | { t: 'value'; v: unknown }
  | { t: 'list'; v: Wire[] }
  | { t: 'object'; v: [string, Wire][] }
  | { t: 'error'; name: string; message: string }
  | { t: 'function'; id: number }
  | { t: 'promise'; id: number }
type Message =
  | { k: 'expose'; key: string; api: Wire }
  | { k: 'call'; id: number; fn: number; args: Wire[] }
  | { k: 'answer'; id: number; ok: boolean; value: Wire }
  | { k: 'settle'; id: number; ok: boolean; value: Wire }

export type Membrane = { expose(key: string, api: unknown): void }

/** One side of the bridge; both worlds run it with the two event names swapped. */
export function membrane(hear: string, say: string): Membrane {
  // Taken before any script of the page runs, so that the page cannot listen in by replacing them.
  const PageEvent = CustomEvent
  const target = window
  const dispatch = EventTarget.prototype.dispatchEvent.bind(target)
  const PagePromise = Promise
  const then = Promise.prototype.then
  const functions = new Map<number, (...args: unknown[]) => unknown>()
  const answers = new Map<number, { ok: boolean; value: Wire }>()
  const unsettled = new Map<number, { resolve: (v: unknown) => void; reject: (e: unknown) => void }>()
  let next = 1

  const send = (m: Message) => void dispatch(new PageEvent(say, { detail: m }))
  const pack = (v: unknown, depth = 0): Wire => {
    if (depth > 100) throw new Error('contextBridge: value is nested too deeply')
    if (typeof v === 'function') {
      functions.set(next, v as (...args: unknown[]) => unknown)
      return { t: 'function', id: next++ }
    }
    if (typeof v === 'symbol') throw new Error('contextBridge: symbols do not cross')
    if (v === null || typeof v !== 'object') return { t: 'value', v }
    if (v instanceof PagePromise) {
      const id = next++
      then.call(
        v,
        (value) => send({ k: 'settle', id, ok: true, value: pack(value) }),
        (problem) => send({ k: 'settle', id, ok: false, value: pack(problem) }),
      )
      return { t: 'promise', id }
    }
    if (v instanceof Error) return { t: 'error', name: v.name, message: v.message }
    if (Array.isArray(v)) return { t: 'list', v: v.map((item) => pack(item, depth + 1)) }
    const prototype = Object.getPrototypeOf(v)
    if (prototype === Object.prototype || prototype === null)
      return { t: 'object', v: Object.entries(v).map(([key, item]) => [key, pack(item, depth + 1)]) }
    return { t: 'value', v: structuredClone(v) }
  }
  const unpack = (w: Wire): unknown => {
    if (w.t === 'list') return w.v.map(unpack)
    if (w.t === 'error') return Object.assign(new Error(w.message), { name: w.name })
    if (w.t === 'function') return (...args: unknown[]) => call(w.id, args)
    if (w.t === 'promise') return new PagePromise((resolve, reject) => unsettled.set(w.id, { resolve, reject }))
    if (w.t === 'value') return w.v
    const object: Record<string, unknown> = {}
    for (const [key, item] of w.v)
      Object.defineProperty(object, key, { value: unpack(item), enumerable: true, writable: true, configurable: true })
    return object
  }
  const call = (fn: number, args: unknown[]) => {
    const id = next++
    send({ k: 'call', id, fn, args: args.map((a) => pack(a)) })
    const answer = answers.get(id) // dispatch is synchronous: the other world has answered by now
    answers.delete(id)
    if (!answer) throw new Error('contextBridge: the other world did not answer')
    if (!answer.ok) throw unpack(answer.value)
    return unpack(answer.value)
  }
  const frozen = <T>(v: T): T => {
    if (v !== null && (typeof v === 'object' || typeof v === 'function') && !Object.isFrozen(v)) {
      Object.freeze(v)
      if (typeof v === 'object') for (const item of Object.values(v)) frozen(item)
    }
    return v
  }
  target.addEventListener(hear, (event) => {
    const m = (event as CustomEvent<Message>).detail
    if (m.k === 'expose')
      Object.defineProperty(target, m.key, { value: frozen(unpack(m.api)), enumerable: true, writable: false, configurable: false })
    else if (m.k === 'answer') answers.set(m.id, m)
    else if (m.k === 'settle') {
      const promise = unsettled.get(m.id)
      unsettled.delete(m.id)
      if (m.ok) promise?.resolve(unpack(m.value))
      else promise?.reject(unpack(m.value))
    } else {
      try {
        const fn = functions.get(m.fn)
        if (!fn) throw new Error('contextBridge: no such function')
        const value = pack(fn(...m.args.map(unpack)))
        send({ k: 'answer', id: m.id, ok: true, value })
      } catch (problem) {
        send({ k: 'answer', id: m.id, ok: false, value: pack(problem) })
      }
    }
  })
  return { expose: (key, api) => send({ k: 'expose', key, api: pack(api) }) }
}

type IpcEvent = { sender: unknown }
type Listener = (event: IpcEvent, ...args: unknown[]) => void

/** The isolated world: Electron's part of a sandboxed preload, and nothing else. `run` is the preload's own text as a function. */
export function preloadWorld(o: {
  codec: CloneCodec
  bridge: Membrane
  binding: string
  receiver: string
  run: ((require: (name: string) => unknown, exports: object, module: object) => void) | null
}): void {
  const scope = globalThis as unknown as Record<string, unknown>
  const post = scope[o.binding] as (text: string) => void
  const sendToHost = (m: object) => post(JSON.stringify(m))
  const listeners = new Map<string, Set<Listener>>()
  const calls = new Map<number, { resolve: (v: unknown) => void; reject: (e: Error) => void }>()
  let next = 1

  const strict = <T extends object>(name: string, members: T): T =>
    new Proxy(members, {
      get: (object, key) => {
        if (key in object || typeof key === 'symbol' || key === 'then' || key === '__esModule') return Reflect.get(object, key)
        throw new Error(`${name}.${key} is not available to the preload on the Chromium host`)
      },
    })
  const add = (channel: string, listener: Listener) => {
    const set = listeners.get(channel) ?? new Set()
    listeners.set(channel, set.add(listener))
    return ipcRenderer
  }
  const remove = (channel: string, listener: Listener) => {
    listeners.get(channel)?.delete(listener)
    return ipcRenderer
  }
  const ipcRenderer: object = strict('ipcRenderer', {
    invoke: (channel: string, ...args: unknown[]) =>
      new Promise((resolve, reject) => {
        const args_ = o.codec.pack(args)
        const id = next++
        calls.set(id, { resolve, reject })
        sendToHost({ k: 'invoke', id, channel, args: args_ })
      }),
    send: (channel: string, ...args: unknown[]) => sendToHost({ k: 'send', channel, args: o.codec.pack(args) }),
    on: add,
    addListener: add,
    off: remove,
    removeListener: remove,
    once: (channel: string, listener: Listener) => {
      const once: Listener = (...args) => {
        remove(channel, once)
        listener(...args)
      }
      return add(channel, once)
    },
    removeAllListeners: (channel: string) => {
      listeners.delete(channel)
      return ipcRenderer
    },
  })
  const contextBridge = strict('contextBridge', {
    exposeInMainWorld: (key: string, api: unknown) => {
      if (key in window) throw new Error('Cannot bind an API on top of an existing property on the window object')
      o.bridge.expose(key, api)
    },
  })

  scope[o.receiver] = (text: string) => {
    const m = JSON.parse(text) as { k: string; id: number; channel: string; ok: boolean; value: string; message: string }
    if (m.k === 'event')
      for (const listener of [...(listeners.get(m.channel) ?? [])])
        listener({ sender: ipcRenderer }, ...(o.codec.unpack(m.value) as unknown[]))
    if (m.k === 'answer') {
      const waiting = calls.get(m.id)
      calls.delete(m.id)
      if (m.ok) waiting?.resolve(o.codec.unpack(m.value))
      else waiting?.reject(new Error(m.message))
    }
  }
  // Window managers tell only the page about a new size, and only the page hears keys: the host learns both here.
  window.addEventListener('resize', () => sendToHost({ k: 'resized' }))
  window.addEventListener(
    'keydown',
    (e) => {
      if (!e.repeat && (e.ctrlKey || e.metaKey || e.altKey || /^F\d+$/.test(e.key)))
        sendToHost({ k: 'key', key: e.key, control: e.ctrlKey, shift: e.shiftKey, alt: e.altKey, meta: e.metaKey })
    },
    true,
  )
  if (!o.run) return
  const electron = strict('electron', { contextBridge, ipcRenderer })
  const require = (name: string) => {
    if (name === 'electron') return electron
    throw new Error(`module not found: ${name} (a sandboxed preload may require only electron)`)
  }
  try {
    const module = { exports: {} }
    o.run(require, module.exports, module)
  } catch (problem) {
    sendToHost({ k: 'preload-failed', message: problem instanceof Error ? `${problem.name}: ${problem.message}` : String(problem) })
  }
}
