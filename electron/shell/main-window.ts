import { join } from 'node:path'
import { BrowserWindow, nativeTheme } from 'electron'
import { WINDOW_URL } from './app-scheme.ts'
import type { openSettings } from './settings.ts'

const SIZE = { width: 1280, height: 800 }
const SMALLEST = { minWidth: 1024, minHeight: 640 }
/** `--page` of theme/tokens.css, so that the window never flashes white before the page is there. */
const BACKGROUND = { light: '#FFFFFF', dark: '#14171C' }
const SAVE_AFTER_MS = 500

export const openMainWindow = async (o: {
  appRoot: string
  settings: ReturnType<typeof openSettings>
  /** The page asks while it loads: whoever answers must know the window by then. */
  onCreated: (window: BrowserWindow) => void
}): Promise<BrowserWindow> => {
  const { bounds, maximized } = o.settings.get()
  const window = new BrowserWindow({
    ...SIZE,
    ...bounds,
    ...SMALLEST,
    title: 'Hashyard',
    autoHideMenuBar: true,
    backgroundColor: BACKGROUND[nativeTheme.shouldUseDarkColors ? 'dark' : 'light'],
    webPreferences: {
      preload: join(o.appRoot, 'dist', 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  })
  o.onCreated(window)
  let timer: NodeJS.Timeout | undefined
  const remember = () => {
    clearTimeout(timer)
    if (window.isDestroyed() || window.isMinimized()) return
    o.settings.save({ bounds: window.getNormalBounds(), maximized: window.isMaximized() })
  }
  for (const event of ['resize', 'move'] as const)
    window.on(event as 'resize', () => {
      clearTimeout(timer)
      timer = setTimeout(remember, SAVE_AFTER_MS)
    })
  window.on('close', remember)
  window.on('closed', () => clearTimeout(timer))
  await window.loadURL(WINDOW_URL)
  if (maximized) window.maximize()
  else if (bounds) await bringOnScreen(window)
  return window
}

/** A window remembered on a screen that is gone comes back to one that is there. */
const bringOnScreen = async (window: BrowserWindow) => {
  const screen = (await window.webContents.executeJavaScript(
    '({ left: screen.availLeft, top: screen.availTop, width: screen.availWidth, height: screen.availHeight })',
  )) as { left: number; top: number; width: number; height: number }
  const { x, y, width } = window.getBounds()
  const reachable =
    x + width > screen.left + 80 && x < screen.left + screen.width - 80 && y >= screen.top - 20 && y < screen.top + screen.height - 80
  if (!reachable) window.center()
}
