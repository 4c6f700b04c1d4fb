import { type Chromium, runsAsRoot, startChromium } from './chromium.ts'
import type { DevtoolsEvent, Params } from './devtools.ts'
import { findChromium } from './find-chromium.mjs'

/**
 * The Chromium of this process and the pages in it. Windows that nobody sees (a memo being printed) live in a second,
 * headless one, which is started when the first is needed: a Chromium with a display has no invisible windows.
 * A page that the host did not open is closed at once.
 */
export type Page = {
  targetId: string
  send(method: string, params?: Params): Promise<Params>
  /** For questions about the browser or its window rather than the page. */
  browser(method: string, params?: Params): Promise<Params>
  headless: boolean
  onEvent(listener: (method: string, params: Params) => void): void
  onGone(listener: () => void): void
  /** Lets the page go on, which is held before its first request. */
  release(): Promise<void>
  close(): void
}

type Browser = { chromium: Chromium; open(o: { window: boolean; url: string }): Promise<Page> }
type Listener = (method: string, params: Params) => void

const makeBrowser = async (chromium: Chromium): Promise<Browser> => {
  const { devtools, headless } = chromium
  const listeners = new Map<string, Listener[]>()
  const gone = new Map<string, () => void>()
  /** Requests of a page that nobody listens to yet; a page's main frame has the page's own id. */
  const early = new Map<string, Params[]>()
  const sessionOfFrame = new Map<string, string>()
  let expected: PromiseWithResolvers<Page> | null = null
  let turn: Promise<unknown> = Promise.resolve()

  const pageOf = (targetId: string, sessionId: string): Page => ({
    targetId,
    headless,
    send: (method, params) => devtools.send(method, params, sessionId),
    browser: (method, params) => devtools.send(method, params),
    onEvent: (listener) => {
      listeners.set(sessionId, [...(listeners.get(sessionId) ?? []), listener])
      for (const request of early.get(sessionId) ?? []) listener('Fetch.requestPaused', request)
      early.delete(sessionId)
    },
    onGone: (listener) => gone.set(sessionId, listener),
    release: async () => void (await devtools.send('Runtime.runIfWaitingForDebugger', {}, sessionId)),
    close: () => void devtools.send('Target.closeTarget', { targetId }).catch(() => undefined),
  })

  const forget = (sessionId: string) => {
    listeners.delete(sessionId)
    early.delete(sessionId)
    for (const [frame, session] of sessionOfFrame) if (session === sessionId) sessionOfFrame.delete(frame)
    gone.get(sessionId)?.()
    gone.delete(sessionId)
  }
  void devtools.closed.then(() => [...gone.keys()].forEach(forget))

  const onRequest = (p: Params) => {
    const sessionId = sessionOfFrame.get(String(p.frameId))
    // Frames inside a page and whatever Chromium asks for itself: nothing of ours needs them.
    if (sessionId === undefined) {
      devtools.send('Fetch.failRequest', { requestId: p.requestId, errorReason: 'BlockedByClient' }).catch(() => undefined)
      return
    }
    const heard = listeners.get(sessionId)
    if (heard) for (const listener of heard) listener('Fetch.requestPaused', p)
    else early.set(sessionId, [...(early.get(sessionId) ?? []), p])
  }

  devtools.onEvent((event: DevtoolsEvent) => {
    if (event.sessionId !== null) {
      for (const listener of listeners.get(event.sessionId) ?? []) listener(event.method, event.params)
      return
    }
    if (event.method === 'Fetch.requestPaused') return onRequest(event.params)
    if (event.method === 'Target.detachedFromTarget') return forget(String(event.params.sessionId))
    if (event.method !== 'Target.attachedToTarget') return
    const info = event.params.targetInfo as { targetId: string; url: string; openerId?: string }
    const page = pageOf(info.targetId, String(event.params.sessionId))
    if (expected && info.openerId === undefined) {
      const waiting = expected
      expected = null
      sessionOfFrame.set(info.targetId, String(event.params.sessionId))
      waiting.resolve(page)
      return
    }
    page.close()
    page.release().catch(() => undefined)
  })
  // For the whole browser, not page by page: a new window's first request leaves before its page can be reached.
  await devtools.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] })
  await devtools.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true, filter: [{ type: 'page' }] })

  const open = async (o: { window: boolean; url: string }) => {
    const next = Promise.withResolvers<Page>()
    expected = next
    const opening =
      o.window && !headless ? chromium.openAppWindow(o.url) : devtools.send('Target.createTarget', { url: 'about:blank', newWindow: true })
    const refused = Promise.withResolvers<never>()
    opening.catch(refused.reject)
    void devtools.closed.then(() => refused.reject(new Error('Chromium ended while a window was opened')))
    const late = setTimeout(() => refused.reject(new Error('Chromium opened no window within 20 s')), 20_000)
    try {
      return await Promise.race([next.promise, refused.promise])
    } finally {
      clearTimeout(late)
      expected = null
    }
  }
  return {
    chromium,
    /** One at a time, so that it is known which page belongs to which caller. */
    open: (o) => {
      const result = turn.then(() => open(o))
      turn = result.catch(() => undefined)
      return result
    },
  }
}

let shown: Browser | null = null
let hidden: Promise<Browser> | null = null
let product = ''
const started: Chromium[] = []

export const chromiumProduct = () => product
export const isHeadless = () => shown?.chromium.headless ?? true
export const chromiumPid = () => shown?.chromium.pid ?? 0

export const openPage = async (o: { window: boolean; url: string }): Promise<Page> => {
  if (!shown) throw new Error('the Chromium host is not ready: wait for app.whenReady()')
  if (o.window || shown.chromium.headless) return await shown.open(o)
  hidden ??= makeBrowser(start({ headless: true, switches: [], debuggingPort: null }))
  const browser = await hidden
  void browser.chromium.devtools.closed.then(() => {
    hidden = null
  })
  return await browser.open(o)
}

const start = (o: { headless: boolean; switches: readonly string[]; debuggingPort: string | null }) => {
  const file = findChromium()
  if (!file) throw new Error('no Chromium found: install it (Debian: apt-get install chromium) or set CHROME_PATH')
  const chromium = startChromium({ file, sandbox: !runsAsRoot(), ...o })
  started.push(chromium)
  return chromium
}

/** Resolves when Chromium answers; `ended` when it is gone. */
export const startBrowser = async (o: { switches: readonly string[]; debuggingPort: string | null }): Promise<{ ended: Promise<void> }> => {
  const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
  const chromium = start({ headless: !hasDisplay, ...o })
  shown = await makeBrowser(chromium)
  product = String((await chromium.devtools.send('Browser.getVersion')).product)
  return { ended: chromium.devtools.closed }
}
export const endBrowsers = async () => void (await Promise.all(started.map((chromium) => chromium.end())))
export const endBrowsersNow = () => {
  for (const chromium of started) chromium.endNow()
}
