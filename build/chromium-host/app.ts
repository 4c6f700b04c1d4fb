import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromiumProduct, endBrowsers, endBrowsersNow, startBrowser } from './browser.ts'
import { allWindows, watchAllClosed } from './browser-window.ts'
import { runsAsRoot } from './chromium.ts'
import { hasLock, releaseLock, requestLock } from './instance-lock.ts'
import { preventable, strict } from './strict.ts'
import { endChildren } from './utility-process.ts'
import { setBrowserVersion } from './web-contents.ts'

const events = new EventEmitter()
const switches = new Map<string, string>()
const paths = new Map<string, string>()
let appPath = process.cwd()
let name = 'Electron'
let version = '0.0.0'
let isReady = false
let quitting = false
const ready = Promise.withResolvers<void>()

const home = homedir()
const appData = () => {
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support')
  if (process.platform === 'win32') return process.env.APPDATA ?? join(home, 'AppData', 'Roaming')
  return process.env.XDG_CONFIG_HOME ?? join(home, '.config')
}
const KNOWN_PATHS: Record<string, () => string> = {
  home: () => home,
  temp: tmpdir,
  appData,
  userData: () => switches.get('user-data-dir') ?? join(appData(), name),
  desktop: () => join(home, 'Desktop'),
  documents: () => join(home, 'Documents'),
  downloads: () => join(home, 'Downloads'),
}
const getPath = (what: string): string => {
  const path = paths.get(what) ?? KNOWN_PATHS[what]?.()
  if (path === undefined) throw new Error(`app.getPath('${what}') is not available on the Chromium host`)
  return path
}

const chain = (add: 'on' | 'once' | 'off' | 'removeListener') => (event: string, listener: (...args: unknown[]) => void) => {
  events[add](event, listener)
  return app
}

export const app = strict('app', {
  on: chain('on'),
  once: chain('once'),
  off: chain('off'),
  removeListener: chain('removeListener'),
  emit: (event: string, ...args: unknown[]) => events.emit(event, ...args),
  listenerCount: (event: string) => events.listenerCount(event),
  whenReady: () => ready.promise,
  isReady: () => isReady,
  isPackaged: false,
  get name() {
    return name
  },
  getName: () => name,
  setName: (to: string) => {
    name = to
  },
  getVersion: () => version,
  getAppPath: () => appPath,
  getPath,
  setPath: (what: string, path: string) => void paths.set(what, path),
  /** Chromium sandboxes every page here unless this runs as root, which it refuses; `no-sandbox` then says so. */
  enableSandbox: () => {
    if (isReady) throw new Error('app.enableSandbox() must be called before app is ready')
  },
  commandLine: strict('app.commandLine', {
    appendSwitch: (key: string, value = '') => void switches.set(key, value),
    hasSwitch: (key: string) => switches.has(key),
    getSwitchValue: (key: string) => switches.get(key) ?? '',
  }),
  requestSingleInstanceLock: () =>
    requestLock(getPath('userData'), ({ argv, cwd }) => void ready.promise.then(() => app.emit('second-instance', {}, argv, cwd))),
  hasSingleInstanceLock: hasLock,
  releaseSingleInstanceLock: releaseLock,
  quit: () => void quit(),
  exit: (code = 0) => void leave(code),
})

const quit = async () => {
  if (quitting) return
  const before = preventable({})
  app.emit('before-quit', before)
  if (before.defaultPrevented) return
  quitting = true
  const open = allWindows()
  const closed = open.map((w) => new Promise<void>((done) => w.once('closed', done)))
  for (const w of open) w.close()
  const refused = open.some((w) => !w.isDestroyed() && !w.closing)
  if (refused) {
    quitting = false
    return
  }
  await Promise.race([Promise.all(closed), new Promise((done) => setTimeout(done, 3000))])
  const will = preventable({})
  app.emit('will-quit', will)
  if (will.defaultPrevented) {
    quitting = false
    return
  }
  await leave(0)
}

let leaving = false
const leave = async (code: number) => {
  if (leaving) return
  leaving = true
  app.emit('quit', {}, code)
  endChildren()
  releaseLock()
  await endBrowsers()
  process.exit(code)
}

watchAllClosed(() => {
  if (quitting || leaving) return
  if (events.listenerCount('window-all-closed') > 0) app.emit('window-all-closed')
  else void quit()
})

/** Reads Electron's command line: switches, and the folder or file of the program. */
export const readCommandLine = (args: readonly string[]) => {
  let program: string | null = null
  for (const arg of args) {
    const [, key, value] = /^--([^=]+)=?(.*)$/.exec(arg) ?? []
    if (key && program === null) switches.set(key, value ?? '')
    else if (program === null && !arg.startsWith('-')) program = arg
  }
  if (program === null) throw new Error('usage: electron [switches] FOLDER [arguments]')
  appPath = resolve(program)
  const description = JSON.parse(readFileSync(join(appPath, 'package.json'), 'utf8')) as {
    main: string
    name: string
    productName?: string
    version: string
  }
  name = description.productName ?? description.name
  version = description.version
  if (runsAsRoot()) switches.set('no-sandbox', '')
  return join(appPath, description.main)
}

/** Switches that are Node's or the host's own and mean nothing to Chromium, or would bend what the host relies on. */
const NOT_FOR_CHROMIUM = new Set([
  'inspect',
  'inspect-brk',
  'remote-debugging-port',
  'remote-debugging-pipe',
  'user-data-dir',
  'headless',
  'no-sandbox',
])

export const startApp = async () => {
  const forChromium = [...switches].filter(([key]) => !NOT_FOR_CHROMIUM.has(key)).map(([key, value]) => (value ? `${key}=${value}` : key))
  process.on('exit', endBrowsersNow)
  const { ended } = await startBrowser({ switches: forChromium, debuggingPort: switches.get('remote-debugging-port') ?? null })
  // Chromium is gone (ended by a person, crashed): the program ends in its usual order, so that others can finish.
  void ended.then(() => app.quit())
  setBrowserVersion(chromiumProduct().replace(/^[^/]*\//, ''))
  // Playwright replaces `emit` to hold the event back until it has connected: it must come before the promise.
  app.emit('ready', {}, {})
  isReady = true
  ready.resolve()
}
