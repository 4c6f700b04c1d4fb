/** A device's plain web server on loopback, for tests: pages by path, some behind a header, and what it makes of a POST. */
import * as http from 'node:http'
import type { AddressInfo } from 'node:net'

export type Posted = { status?: number; headers?: Record<string, string>; answer: unknown }
export type WebDevice = { port: number; requests: string[]; posted: string[]; close: () => void }

export const webDevice = async (o: {
  /** By path, as in a recording without its method. */
  pages: Readonly<Record<string, unknown>>
  /** Every page wants this header, or 401. */
  wants?: { header: string; value: string }
  posts?: Readonly<Record<string, (body: string, headers: http.IncomingHttpHeaders) => Posted>>
}): Promise<WebDevice> => {
  const requests: string[] = []
  const posted: string[] = []
  const server = http.createServer((request, response) => {
    const path = request.url ?? '/'
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      requests.push(`${request.method} ${path}`)
      const say = (status: number, answer: unknown, headers: Record<string, string> = {}) => {
        response.writeHead(status, headers)
        response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
      }
      if (request.method === 'POST') {
        const body = Buffer.concat(chunks).toString()
        posted.push(body)
        const made = o.posts?.[path]?.(body, request.headers)
        return made ? say(made.status ?? 200, made.answer, made.headers) : say(404, '<html>404</html>')
      }
      if (o.wants && request.headers[o.wants.header.toLowerCase()] !== o.wants.value) return say(401, '<html>401</html>')
      return Object.hasOwn(o.pages, path) ? say(200, o.pages[path]) : say(404, '<html>404</html>')
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    port,
    requests,
    posted,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
