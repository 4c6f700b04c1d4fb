/** A web interface behind HTTP digest, as stock Antminers have it, for tests. Computes the digest on its own. */
import { createHash } from 'node:crypto'
import * as http from 'node:http'

const md5 = (text: string) => createHash('md5').update(text).digest('hex')

export type DigestWeb = { port: number; requests: { path: string; authorized: boolean }[]; close: () => void }

export const digestWeb = async (o: {
  realm: string
  user: string
  password: string
  pages: Readonly<Record<string, unknown>>
  qop?: boolean
}): Promise<DigestWeb> => {
  const nonce = 'bm9uY2UgZm9yIHRlc3Rz'
  const requests: { path: string; authorized: boolean }[] = []
  const accepts = (request: http.IncomingMessage): boolean => {
    const header = request.headers.authorization ?? ''
    const part = (name: string) => new RegExp(`[ ,]${name}="?([^",]*)`).exec(header)?.[1] ?? ''
    if (part('nonce') !== nonce || part('username') !== o.user || part('uri') !== request.url) return false
    const ha1 = md5(`${o.user}:${o.realm}:${o.password}`)
    const ha2 = md5(`${request.method}:${request.url}`)
    const expected = o.qop === false ? md5(`${ha1}:${nonce}:${ha2}`) : md5(`${ha1}:${nonce}:${part('nc')}:${part('cnonce')}:auth:${ha2}`)
    return part('response') === expected
  }
  const server = http.createServer((request, response) => {
    const path = request.url ?? '/'
    const authorized = accepts(request)
    requests.push({ path, authorized })
    if (!authorized) {
      response.writeHead(401, { 'WWW-Authenticate': `Digest realm="${o.realm}", nonce="${nonce}"${o.qop === false ? '' : ', qop="auth"'}` })
      return response.end('<html><body>401</body></html>')
    }
    const page = Object.hasOwn(o.pages, path) ? o.pages[path] : undefined
    if (page === undefined) {
      response.writeHead(404)
      return response.end('<html>404</html>')
    }
    response.end(typeof page === 'string' ? page : JSON.stringify(page))
  })
  const port = await new Promise<number>((done) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      done(address !== null && typeof address === 'object' ? address.port : 0)
    }),
  )
  return {
    port,
    requests,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
