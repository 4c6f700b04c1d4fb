import { EventEmitter } from 'node:events'
import { onlyKnown, preventable, strict } from './strict.ts'
import { type Contents, makeContents } from './web-contents.ts'

type Rectangle = { x: number; y: number; width: number; height: number }
type WebPreferences = {
  preload?: string
  contextIsolation?: boolean
  sandbox?: boolean
  nodeIntegration?: boolean
  nodeIntegrationInWorker?: boolean
  nodeIntegrationInSubFrames?: boolean
  webSecurity?: boolean
  webviewTag?: boolean
  spellcheck?: boolean
}
type Options = Partial<Rectangle> & {
  show?: boolean
  minWidth?: number
  minHeight?: number
  title?: string
  backgroundColor?: string
  /** Accepted: there is no menu bar. */
  autoHideMenuBar?: boolean
  webPreferences?: WebPreferences
}
const OPTIONS = [
  'x',
  'y',
  'width',
  'height',
  'show',
  'minWidth',
  'minHeight',
  'title',
  'backgroundColor',
  'autoHideMenuBar',
  'webPreferences',
]
/** Preferences the host cannot grant otherwise: each may only have the value it has here anyway. */
const FIXED: Record<string, boolean> = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  webviewTag: false,
}

const windows = new Map<number, HostWindow>()
let nextId = 1
let onAllClosed: () => void = () => undefined
export const watchAllClosed = (listener: typeof onAllClosed) => {
  onAllClosed = listener
}

export class HostWindow extends EventEmitter {
  id = nextId++
  webContents
  contents: Contents
  options: Options
  bounds: Rectangle
  windowId: number | null = null
  destroyed = false
  state = 'normal'

  constructor(options: Options = {}) {
    super()
    const preferences = options.webPreferences ?? {}
    onlyKnown('BrowserWindow', options, OPTIONS)
    onlyKnown('webPreferences', preferences, [...Object.keys(FIXED), 'preload', 'spellcheck'])
    for (const [key, value] of Object.entries(FIXED))
      if (Object.hasOwn(preferences, key) && Reflect.get(preferences, key) !== value)
        throw new Error(`webPreferences.${key} must be ${value} on the Chromium host`)
    this.options = options
    this.bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 800, height: options.height ?? 600 }
    this.contents = makeContents({
      visible: options.show !== false,
      preload: preferences.preload ?? null,
      backgroundColor: options.backgroundColor ?? null,
    })
    this.webContents = this.contents.webContents
    this.contents.onGone = () => this.gone()
    this.contents.onResized = () => void this.measure()
    this.contents.onKey = (key) => watchKey(view(this), key)
    windows.set(this.id, view(this))
    // biome-ignore lint/correctness/noConstructorReturn: every member that is missing must throw, so callers get the strict view
    return view(this)
  }

  async loadURL(url: string) {
    const first = this.contents.page === null
    const loading = this.webContents.loadURL(url)
    if (first && this.options.show !== false) await this.place(loading)
    await loading
    if (first) this.emit('ready-to-show')
  }
  /** The window exists once the page is attached; its size is set while the page still loads. */
  async place(loading: Promise<void>) {
    let waiting = true
    loading.catch(() => undefined).finally(() => (waiting = false))
    while (!this.contents.page && waiting) await new Promise((resolve) => setTimeout(resolve, 10))
    const page = this.contents.page
    if (!page) return
    this.windowId = (await page.browser('Browser.getWindowForTarget', { targetId: page.targetId })).windowId as number
    await this.arrange({ windowState: 'normal' })
    if (this.options.x === undefined || this.options.y === undefined) await this.center()
    else await this.arrange(rounded(this.bounds))
  }
  async center() {
    const { left, top, width, height } = (await this.webContents.executeJavaScript(
      '({ left: screen.availLeft, top: screen.availTop, width: screen.availWidth, height: screen.availHeight })',
    )) as Record<'left' | 'top' | 'width' | 'height', number>
    const middle = (from: number, room: number, size: number) => from + Math.max(0, Math.round((room - size) / 2))
    this.setBounds({ x: middle(left, width, this.bounds.width), y: middle(top, height, this.bounds.height) })
  }
  async arrange(bounds: object) {
    if (this.windowId !== null)
      await this.contents.page?.browser('Browser.setWindowBounds', { windowId: this.windowId, bounds }).catch(() => undefined)
  }
  async measure() {
    if (this.windowId === null || this.destroyed) return
    const answer = await this.contents.page?.browser('Browser.getWindowBounds', { windowId: this.windowId }).catch(() => null)
    if (!answer) return
    const { left = 0, top = 0, width = 0, height = 0, windowState } = answer.bounds as Record<string, number> & { windowState?: string }
    this.state = String(windowState ?? 'normal')
    if (this.state !== 'normal') return
    this.bounds = { x: left, y: top, width, height }
    const { minWidth = 0, minHeight = 0 } = this.options
    if (width < minWidth || height < minHeight)
      await this.arrange({ width: Math.max(width, minWidth), height: Math.max(height, minHeight) })
    this.emit('resize')
    this.emit('resized')
  }
  gone() {
    if (this.destroyed) return
    // A person closed the Chromium window: that cannot be prevented here, so `close` is told, not asked.
    if (!this.closing) this.emit('close', preventable({}))
    this.destroyed = true
    windows.delete(this.id)
    this.emit('closed')
    if (windows.size === 0) onAllClosed()
  }
  closing = false
  close() {
    if (this.destroyed || this.closing) return
    const event = preventable({})
    this.emit('close', event)
    if (event.defaultPrevented) return
    this.closing = true
    this.webContents.close()
  }
  destroy() {
    this.closing = true
    this.webContents.close()
  }
  isDestroyed() {
    return this.destroyed
  }
  getBounds() {
    return { ...this.bounds }
  }
  getNormalBounds() {
    return { ...this.bounds }
  }
  setBounds(bounds: Partial<Rectangle>) {
    this.bounds = { ...this.bounds, ...bounds }
    void this.arrange(rounded(this.bounds))
  }
  setSize(width: number, height: number) {
    this.setBounds({ width, height })
  }
  async setContentSize(width: number, height: number) {
    const inner = (await this.webContents.executeJavaScript('({ w: innerWidth, h: innerHeight })')) as { w: number; h: number }
    await this.measure()
    this.setBounds({ width: this.bounds.width + width - inner.w, height: this.bounds.height + height - inner.h })
  }
  isMaximized() {
    return this.state === 'maximized'
  }
  isMinimized() {
    return this.state === 'minimized'
  }
  isVisible() {
    return this.options.show !== false && !this.destroyed
  }
  isFullScreen() {
    return this.state === 'fullscreen'
  }
  restore() {
    void this.arrange({ windowState: 'normal' })
  }
  maximize() {
    void this.arrange({ windowState: 'maximized' })
  }
  show() {
    if (this.options.show === false) throw new Error('BrowserWindow.show: a window made hidden stays hidden on the Chromium host')
    this.focus()
  }
  focus() {
    void this.contents.page?.send('Page.bringToFront').catch(() => undefined)
  }
  setMenuBarVisibility() {
    // There is no menu bar to show or hide.
  }
}

let watchKey: (window: HostWindow, key: Parameters<NonNullable<Contents['onKey']>>[0]) => void = () => undefined
export const watchKeys = (listener: typeof watchKey) => {
  watchKey = listener
}
const rounded = (b: Rectangle) => ({
  left: Math.round(b.x),
  top: Math.round(b.y),
  width: Math.round(b.width),
  height: Math.round(b.height),
})

const views = new WeakMap<HostWindow, HostWindow>()
const view = (window: HostWindow) => {
  const known = views.get(window) ?? strict('BrowserWindow', window)
  views.set(window, known)
  return known
}

export const allWindows = () => [...windows.values()]
export const BrowserWindow = strict(
  'BrowserWindow',
  Object.assign(HostWindow, {
    getAllWindows: allWindows,
    fromWebContents: (contents: object | undefined) => allWindows().find((w) => w.webContents === contents) ?? null,
    fromId: (id: number) => windows.get(id) ?? null,
    getFocusedWindow: () => allWindows().find((w) => w.isVisible()) ?? null,
  }),
)
