import { randomUUID } from 'node:crypto'
import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'

/**
 * The window's pages come from here and nowhere else: files of the bundle under `app://hashyard`, and the memo being printed
 * under `app://memo`, an origin of its own that no question is answered to. (Threat model R2, R3.)
 */
export const SCHEME = 'app'
export const WINDOW_HOST = 'hashyard'
const MEMO_HOST = 'memo'
export const WINDOW_URL = `${SCHEME}://${WINDOW_HOST}/index.html`

const WINDOW_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
/** A memo carries its style, faces and charts inside itself and runs no script. */
const MEMO_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
}

const answer = (status: number, type: string, policy: string, body: string | Uint8Array<ArrayBuffer>) =>
  new Response(body, {
    status,
    headers: {
      'content-type': type,
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
  })
const refused = (status: 400 | 404) =>
  answer(status, 'text/plain; charset=utf-8', WINDOW_POLICY, status === 404 ? 'Not found' : 'Bad request')

/** The file a path of the page means: decoded once, resolved, and inside the bundle with every link followed. null: none. */
export const fileInside = async (root: string, pathname: string): Promise<string | null> => {
  let decoded: string
  try {
    decoded = decodeURIComponent(pathname)
  } catch {
    return null
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return null
  try {
    const base = await realpath(root)
    const file = await realpath(join(base, decoded))
    // With the separator: "/bundle-evil" begins with "/bundle" too.
    return file.startsWith(base + sep) ? file : null
  } catch {
    return null
  }
}

export type MemoPages = { add(html: string): { url: string; remove(): void } }

export const makeAppScheme = (rendererRoot: string): { handle(request: Request): Promise<Response>; memos: MemoPages } => {
  const memoPages = new Map<string, string>()
  return {
    handle: async (request) => {
      if (request.method !== 'GET') return refused(400)
      const url = new URL(request.url)
      if (url.host === MEMO_HOST) {
        const html = memoPages.get(url.pathname.slice(1))
        return html === undefined ? refused(404) : answer(200, 'text/html; charset=utf-8', MEMO_POLICY, html)
      }
      if (url.host !== WINDOW_HOST) return refused(404)
      const file = await fileInside(rendererRoot, url.pathname)
      const type = file === null ? undefined : TYPES[extname(file)]
      if (file === null || type === undefined) return refused(404)
      return answer(200, type, WINDOW_POLICY, Uint8Array.from(await readFile(file)))
    },
    memos: {
      add: (html) => {
        const name = randomUUID()
        memoPages.set(name, html)
        return { url: `${SCHEME}://${MEMO_HOST}/${name}`, remove: () => memoPages.delete(name) }
      },
    },
  }
}

/** Whether an address is the window's own page: the only sender that is answered. */
export const isWindowPage = (address: string): boolean => {
  try {
    const url = new URL(address)
    return url.protocol === `${SCHEME}:` && url.host === WINDOW_HOST
  } catch {
    return false
  }
}
