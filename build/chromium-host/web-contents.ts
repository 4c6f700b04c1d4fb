import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { chromiumPid, isHeadless, openPage, type Page } from './browser.ts'
import { cloneCodec } from './clone.ts'
import type { Params } from './devtools.ts'
import { answerIpc } from './ipc-main.ts'
import { membrane, preloadWorld } from './page-world.ts'
import { answerOwnScheme, isCancelled, permissionsFor, session, toAppUrl, toChromiumUrl } from './session.ts'
import { preventable, strict } from './strict.ts'

const WORLD = 'Electron Isolated Context'
const BINDING = '__hostBinding'
const RECEIVER = '__hostReceive'
const codec = cloneCodec()

export type KeyPress = { key: string; control: boolean; shift: boolean; alt: boolean; meta: boolean }
type FromPreload =
  | { k: 'invoke'; id: number; channel: string; args: string }
  | { k: 'send'; channel: string; args: string }
  | { k: 'resized' }
  | ({ k: 'key' } & KeyPress)
  | { k: 'preload-failed'; message: string }
type OpenHandler = (details: { url: string }) => { action: 'deny' | 'allow' }
type PrintOptions = {
  printBackground?: boolean
  preferCSSPageSize?: boolean
  generateTaggedPDF?: boolean
  generateDocumentOutline?: boolean
  landscape?: boolean
  displayHeaderFooter?: boolean
  headerTemplate?: string
  footerTemplate?: string
  scale?: number
}

/** Everything the host keeps about one page; the `webContents` that programs see is a strict view of it. */
export type Contents = {
  webContents: WebContents
  page: Page | null
  onResized: (() => void) | null
  onKey: ((key: KeyPress) => void) | null
  onGone: (() => void) | null
}

const all = new Map<number, Contents>()
let nextId = 1
let onCreated: (contents: WebContents) => void = () => undefined
export const watchContents = (listener: typeof onCreated) => {
  onCreated = listener
}
const everyContents = () => [...all.values()]

let media: 'light' | 'dark' | null = null
/** null: follow the system. */
export const setColourScheme = (scheme: 'light' | 'dark' | null) => {
  media = scheme
  for (const { page } of all.values()) if (page) void applyColourScheme(page)
}
let onSystemScheme: (dark: boolean) => void = () => undefined
export const watchSystemScheme = (listener: typeof onSystemScheme) => {
  onSystemScheme = listener
}
const readSystemScheme = async (page: Page) => {
  if (media !== null || page.headless) return
  const { result } = await page.send('Runtime.evaluate', {
    expression: "matchMedia('(prefers-color-scheme: dark)').matches",
    returnByValue: true,
  })
  onSystemScheme((result as { value: boolean }).value)
}
const applyColourScheme = async (page: Page) =>
  void (await page
    .send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: media ?? '' }] })
    .catch(() => undefined))

const injected = (preload: string | null) => {
  const [toPage, toPreload] = [`h${crypto.randomUUID()}`, `h${crypto.randomUUID()}`]
  const run = preload === null ? 'null' : `function (require, exports, module) {\n${readFileSync(preload, 'utf8')}\n}`
  return {
    page: `(() => { if (window === window.top) (${membrane})(${JSON.stringify(toPage)}, ${JSON.stringify(toPreload)}) })()`,
    preload: `(() => { if (window !== window.top) return
      const bridge = (${membrane})(${JSON.stringify(toPreload)}, ${JSON.stringify(toPage)});
      (${preloadWorld})({ codec: (${cloneCodec})(), bridge, binding: '${BINDING}', receiver: '${RECEIVER}', run: ${run} }) })()`,
  }
}

export type WebContents = ReturnType<typeof makeMembers>['webContents']

const makeMembers = (o: { visible: boolean; preload: string | null; backgroundColor: string | null }) => {
  const id = nextId++
  const events = new EventEmitter()
  let url = ''
  let mainFrameId = ''
  let preloadContext: number | null = null
  let destroyed = false
  let loading: PromiseWithResolvers<void> | null = null
  /** The address the host itself is loading: only other navigations are the page's doing. */
  let started: string | null = null
  let openHandler: OpenHandler | null = null

  const attached = () => {
    if (!contents.page) throw new Error('webContents: nothing has been loaded into this window yet')
    return contents.page
  }
  const senderFrame = () => ({ url, origin: originOf(url), parent: null, top: null, detached: false })
  const toPreload = (message: object) => {
    if (preloadContext === null || !contents.page) return
    const expression = `${RECEIVER}(${JSON.stringify(JSON.stringify(message))})`
    void contents.page.send('Runtime.evaluate', { expression, contextId: preloadContext }).catch(() => undefined)
  }

  const onPreloadMessage = async (message: FromPreload) => {
    if (message.k === 'resized') contents.onResized?.()
    else if (message.k === 'key') contents.onKey?.(message)
    else if (message.k === 'preload-failed') {
      process.stderr.write(`preload ${o.preload}: ${message.message}\n`)
      events.emit('preload-error', {}, o.preload, new Error(message.message))
    } else {
      const event = { sender: webContents, senderFrame: senderFrame(), frameId: 1, processId: chromiumPid() }
      const answer = await answerIpc(message.k, message.channel, event, codec.unpack(message.args) as unknown[])
      if (message.k === 'send') return
      if (answer.ok) {
        try {
          return toPreload({ k: 'answer', id: message.id, ok: true, value: codec.pack(answer.value) })
        } catch (problem) {
          return toPreload({ k: 'answer', id: message.id, ok: false, message: errorText(message.channel, problem) })
        }
      }
      toPreload({ k: 'answer', id: message.id, ok: false, message: errorText(message.channel, answer.problem) })
    }
  }

  const onRequest = async (page: Page, p: Params) => {
    const request = p.request as { url: string; method: string; headers: Record<string, string> }
    const requestId = p.requestId
    const fail = (errorReason: string) => page.browser('Fetch.failRequest', { requestId, errorReason })
    const appUrl = toAppUrl(request.url)
    if (p.resourceType === 'Document') {
      if (started !== null && request.url === started) started = null
      else if (appUrl !== url) {
        const event = preventable({ url: appUrl, isMainFrame: true, isSameDocument: false })
        events.emit(p.redirectedRequestId === undefined ? 'will-navigate' : 'will-redirect', event, appUrl)
        if (event.defaultPrevented) return await fail('Aborted')
      }
    }
    const resourceType = p.resourceType === 'Document' ? 'mainFrame' : String(p.resourceType).toLowerCase()
    if (await isCancelled({ url: appUrl, method: request.method, resourceType, webContentsId: id })) return await fail('BlockedByClient')
    const answer = await answerOwnScheme(request).catch((problem: unknown) => {
      process.stderr.write(`protocol handler failed for ${appUrl}: ${String(problem)}\n`)
      return 'failed' as const
    })
    if (answer === 'failed') await fail('Failed')
    else if (answer) await page.browser('Fetch.fulfillRequest', { requestId, ...answer })
    else await page.browser('Fetch.continueRequest', { requestId })
  }

  const onEvent = (page: Page) => (method: string, p: Params) => {
    if (method === 'Fetch.requestPaused') void onRequest(page, p).catch(() => undefined)
    else if (method === 'Runtime.executionContextCreated') {
      const context = p.context as { id: number; name: string; auxData?: { frameId?: string } }
      if (context.name === WORLD && (mainFrameId === '' || context.auxData?.frameId === mainFrameId)) preloadContext = context.id
    } else if (method === 'Runtime.executionContextDestroyed') {
      if (p.executionContextId === preloadContext) preloadContext = null
    } else if (method === 'Runtime.executionContextsCleared') preloadContext = null
    else if (method === 'Runtime.bindingCalled') {
      if (p.name === BINDING && p.executionContextId === preloadContext) void onPreloadMessage(JSON.parse(String(p.payload)) as FromPreload)
    } else if (method === 'Page.frameNavigated') {
      const frame = p.frame as { id: string; parentId?: string; url: string; unreachableUrl?: string }
      if (frame.parentId !== undefined) return
      mainFrameId = frame.id
      if (frame.unreachableUrl) {
        const failed = toAppUrl(frame.unreachableUrl)
        events.emit('did-fail-load', {}, -2, 'ERR_FAILED', failed, true)
        loading?.reject(new Error(`ERR_FAILED (-2) loading '${failed}'`))
        loading = null
        return
      }
      url = toAppUrl(frame.url)
      void readSystemScheme(page).catch(() => undefined)
      events.emit('did-navigate', {}, url)
    } else if (method === 'Page.navigatedWithinDocument') {
      if (p.frameId === mainFrameId) url = toAppUrl(String(p.url))
    } else if (method === 'Page.windowOpen') {
      if ((openHandler?.({ url: toAppUrl(String(p.url)) }).action ?? 'allow') === 'allow')
        process.stderr.write(`A window for ${String(p.url)} was refused: the Chromium host opens none for pages\n`)
    } else if (method === 'Page.domContentEventFired') events.emit('dom-ready', {})
    else if (method === 'Page.loadEventFired' && url !== '' && url !== 'about:blank') {
      loading?.resolve()
      loading = null
      events.emit('did-finish-load', {})
    } else if (method === 'Inspector.targetCrashed') events.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 })
  }

  const attach = async (page: Page, decide: (page: Page) => Promise<Params>[]) => {
    contents.page = page
    page.onEvent(onEvent(page))
    page.onGone(() => {
      destroyed = true
      contents.page = null
      all.delete(id)
      loading?.reject(new Error('the window was closed'))
      events.emit('destroyed', {})
      contents.onGone?.()
    })
    const scripts = o.preload === null ? null : injected(o.preload)
    await Promise.all([
      ...decide(page),
      page.send('Page.enable'),
      page.send('Runtime.enable'),
      ...(scripts
        ? [
            page.send('Page.addScriptToEvaluateOnNewDocument', { source: scripts.page }),
            page.send('Runtime.addBinding', { name: BINDING, executionContextName: WORLD }),
            page.send('Page.addScriptToEvaluateOnNewDocument', { source: scripts.preload, worldName: WORLD }),
          ]
        : []),
      ...(o.backgroundColor ? [page.send('Emulation.setDefaultBackgroundColorOverride', { color: colour(o.backgroundColor) })] : []),
      applyColourScheme(page),
      page.release(),
    ])
  }

  const members = strict('webContents', {
    id,
    session: session.defaultSession,
    on: (name: string, listener: (...args: unknown[]) => void) => {
      events.on(name, listener)
      return webContents
    },
    once: (name: string, listener: (...args: unknown[]) => void) => {
      events.once(name, listener)
      return webContents
    },
    off: (name: string, listener: (...args: unknown[]) => void) => {
      events.off(name, listener)
      return webContents
    },
    removeListener: (name: string, listener: (...args: unknown[]) => void) => {
      events.removeListener(name, listener)
      return webContents
    },
    emit: (name: string, ...args: unknown[]) => events.emit(name, ...args),
    get mainFrame() {
      return senderFrame()
    },
    getURL: () => url,
    getUserAgent: () => `Chrome/${browserVersion()}`,
    isDestroyed: () => destroyed,
    isLoading: () => loading !== null,
    setWindowOpenHandler: (handler: OpenHandler) => {
      openHandler = handler
    },
    loadURL: async (to: string) => {
      if (destroyed) throw new Error('Object has been destroyed')
      const target = toChromiumUrl(to)
      const done = Promise.withResolvers<void>()
      done.promise.catch(() => undefined)
      loading?.reject(new Error(`ERR_ABORTED (-3) loading '${url}'`))
      loading = done
      started = target
      const navigates = contents.page !== null || !o.visible || isHeadless()
      const permissions = target === to ? [] : await permissionsFor(webContents, to)
      const decide = (page: Page) =>
        permissions.map(({ name, setting }) => {
          const permission = { permission: { name }, setting, origin: new URL(target).origin }
          // Chromium's list of permissions moves with its versions; what it does not know it cannot grant either.
          return page.browser('Browser.setPermission', permission).catch(() => ({}))
        })
      if (contents.page) await Promise.all(decide(contents.page))
      else await attach(await openPage({ window: o.visible, url: target }), decide)
      if (navigates) {
        const { errorText } = await attached().send('Page.navigate', { url: target })
        if (errorText) done.reject(new Error(`${String(errorText)} loading '${to}'`))
      }
      await done.promise
    },
    executeJavaScript: async (expression: string) => {
      const answer = await attached().send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true, userGesture: true })
      const thrown = answer.exceptionDetails as { text: string; exception?: { description?: string } } | undefined
      if (thrown) throw new Error(thrown.exception?.description ?? thrown.text)
      return (answer.result as { value?: unknown }).value
    },
    send: (channel: string, ...args: unknown[]) => toPreload({ k: 'event', channel, value: codec.pack(args) }),
    printToPDF: async (p: PrintOptions = {}) => {
      const { data } = await attached().send('Page.printToPDF', { ...p, transferMode: 'ReturnAsBase64' })
      return Buffer.from(String(data), 'base64')
    },
    close: () => {
      if (contents.page) contents.page.close()
      else if (!destroyed) {
        destroyed = true
        all.delete(id)
        contents.onGone?.()
      }
    },
  })
  const webContents = members
  const contents: Contents = { webContents, page: null, onResized: null, onKey: null, onGone: null }
  all.set(id, contents)
  return { webContents, contents }
}

const errorText = (channel: string, problem: unknown) => `Error invoking remote method '${channel}': ${String(problem)}`
const originOf = (url: string) => /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(url)?.[0] ?? 'null'
let browserVersion = () => ''
export const setBrowserVersion = (version: string) => {
  browserVersion = () => version
}
const colour = (hex: string) => {
  const n = Number.parseInt(/^#([0-9a-f]{6})$/i.exec(hex)?.[1] ?? 'ffffff', 16)
  return { r: n >> 16, g: (n >> 8) & 0xff, b: n & 0xff, a: 1 }
}

export const makeContents = (o: { visible: boolean; preload: string | null; backgroundColor: string | null }): Contents => {
  const { contents } = makeMembers(o)
  onCreated(contents.webContents)
  return contents
}

export const webContents = strict('webContents', {
  fromId: (id: number) => all.get(id)?.webContents,
  fromDevToolsTargetId: (targetId: string) => everyContents().find((c) => c.page?.targetId === targetId)?.webContents,
  getAllWebContents: () => everyContents().map((c) => c.webContents),
})
