import type { Params } from './devtools.ts'
import { strict } from './strict.ts'

/**
 * Own schemes without a socket: `app://name/…` is `https://name.invalid/…` to Chromium (RFC 2606: such a name never
 * resolves) and every request for it is answered here. So the page is a secure context and its CSP header is enforced.
 */
type Handler = (request: Request) => Response | Promise<Response>
type RequestDetails = { url: string; method: string; resourceType: string; webContentsId: number }

const privileged = new Set<string>()
const handlers = new Map<string, Handler>()
const schemeOfName = new Map<string, string>()

export const toChromiumUrl = (url: string): string => {
  const [, scheme, name, rest] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i.exec(url) ?? []
  if (!scheme || !name || !privileged.has(scheme)) return url
  const known = schemeOfName.get(name)
  if (known !== undefined && known !== scheme)
    throw new Error(`${scheme}://${name} and ${known}://${name} cannot both exist on the Chromium host`)
  schemeOfName.set(name, scheme)
  return `https://${name}.invalid${rest || '/'}`
}

export const toAppUrl = (url: string): string => {
  const [, name, rest] = /^https:\/\/([^/?#]*)\.invalid(?=[/?#]|$)(.*)$/i.exec(url) ?? []
  const scheme = name === undefined ? undefined : schemeOfName.get(name)
  return scheme ? `${scheme}://${name}${rest ?? ''}` : url
}

/** The answer of a registered scheme in DevTools form; null: not one of ours. */
export const answerOwnScheme = async (request: {
  url: string
  method: string
  headers: Record<string, string>
}): Promise<Params | null> => {
  const url = toAppUrl(request.url)
  const handler = handlers.get(new URL(url).protocol.slice(0, -1))
  if (url === request.url || !handler) return null
  const response = await handler(new Request(url, { method: request.method, headers: request.headers }))
  return {
    responseCode: response.status,
    responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
    body: Buffer.from(await response.arrayBuffer()).toString('base64'),
  }
}

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged: (schemes: { scheme: string; privileges?: { standard?: boolean; secure?: boolean } }[]) => {
    for (const { scheme, privileges } of schemes) {
      if (!privileges?.standard || !privileges.secure)
        throw new Error(`protocol: ${scheme} must be standard and secure on the Chromium host`)
      privileged.add(scheme)
    }
  },
  handle: (scheme: string, handler: Handler) => {
    if (!privileged.has(scheme)) throw new Error(`protocol.handle: register ${scheme} as privileged first`)
    if (handlers.has(scheme)) throw new Error(`protocol.handle: ${scheme} is handled already`)
    handlers.set(scheme, handler)
  },
  isProtocolHandled: (scheme: string) => handlers.has(scheme),
})

type CheckHandler = (webContents: unknown, permission: string, origin: string, details: object) => boolean
type RequestHandler = (webContents: unknown, permission: string, callback: (granted: boolean) => void, details: object) => void
let check: CheckHandler | null = null
let ask: RequestHandler | null = null
type BeforeRequest = (details: RequestDetails, callback: (answer: { cancel?: boolean }) => void) => void
let beforeRequest: BeforeRequest | null = null

export const isCancelled = (details: RequestDetails): Promise<boolean> =>
  new Promise((resolve) => (beforeRequest ? beforeRequest(details, (answer) => resolve(answer.cancel === true)) : resolve(false)))

/** DevTools' name of each permission and Electron's for the same. */
const PERMISSIONS = {
  geolocation: 'geolocation',
  notifications: 'notifications',
  camera: 'media',
  microphone: 'media',
  midi: 'midi',
  'clipboard-read': 'clipboard-read',
  'clipboard-write': 'clipboard-sanitized-write',
  'idle-detection': 'idle-detection',
  'persistent-storage': 'persistent-storage',
  'screen-wake-lock': 'screen-wake-lock',
  'background-sync': 'background-sync',
  'background-fetch': 'background-fetch',
  'window-management': 'window-management',
  'local-fonts': 'local-fonts',
  'storage-access': 'storage-access',
  'top-level-storage-access': 'top-level-storage-access',
  'display-capture': 'display-capture',
  'keyboard-lock': 'keyboardLock',
  'pointer-lock': 'pointerLock',
  'local-network-access': 'local-network-access',
}

/**
 * DevTools has no question per request, only a standing answer per origin: both handlers are asked once for each
 * permission before a page of that origin loads, and a permission is granted only where both say yes.
 */
export const permissionsFor = async (webContents: unknown, appUrl: string): Promise<{ name: string; setting: 'granted' | 'denied' }[]> => {
  const origin = `${new URL(appUrl).protocol}//${new URL(appUrl).host}`
  const answers = Object.entries(PERMISSIONS).map(async ([name, permission]) => {
    const details = { requestingUrl: appUrl, securityOrigin: origin, isMainFrame: true }
    const checked = check === null || check(webContents, permission, origin, details)
    const asked = await new Promise<boolean>((resolve) => (ask ? ask(webContents, permission, resolve, details) : resolve(true)))
    return { name, setting: checked && asked ? ('granted' as const) : ('denied' as const) }
  })
  return await Promise.all(answers)
}

const defaultSession = strict('session', {
  protocol,
  setPermissionCheckHandler: (handler: CheckHandler | null) => {
    check = handler
  },
  setPermissionRequestHandler: (handler: RequestHandler | null) => {
    ask = handler
  },
  webRequest: strict('webRequest', {
    onBeforeRequest: (handler: BeforeRequest | null) => {
      beforeRequest = handler
    },
  }),
})
export const session = strict('session', { defaultSession })
export type Session = typeof defaultSession
