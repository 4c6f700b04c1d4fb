import { app, session } from 'electron'
import { SCHEME } from './app-scheme.ts'

/** The page's reach, cut to what it needs (threat model E4, R1, R4, R5). Called before the first window exists. */
export const lockDownContents = () => {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault())
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}

/** Electron grants what nobody denies. Copying a table is the one thing the page may ask for. */
const GRANTED = new Set(['clipboard-sanitized-write'])

export const lockDownSession = () => {
  const { defaultSession } = session
  defaultSession.setPermissionRequestHandler((_contents, permission, decide) => decide(GRANTED.has(permission)))
  defaultSession.setPermissionCheckHandler((_contents, permission) => GRANTED.has(permission))
  // The page asks the engine through the shell; it makes no request of its own beyond its files.
  defaultSession.webRequest.onBeforeRequest(({ url }, decide) => decide({ cancel: !/^(app|data|devtools):/.test(url) }))
}

export const SCHEME_PRIVILEGES = [{ scheme: SCHEME, privileges: { standard: true, secure: true } }]
