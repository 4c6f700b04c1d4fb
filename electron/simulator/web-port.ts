import http from 'node:http'
import net from 'node:net'
import { type MomentOf, misbehave } from './api-port.ts'
import { antminerPage } from './devices/antminer.ts'
import { digestGuard } from './digest.ts'
import type { SimulatedMachine } from './machine-world.ts'

/** Stock Antminer's web interface (`hardware-protocols.md` 3.2): CGI under digest, default account root/root. */
const ANTMINER_REALM = 'antMiner Configuration'
const ANTMINER_USER = 'root'
const ANTMINER_PASSWORD = 'root'

const IDLE_MS = 30_000
const ignoreReset = () => undefined

export type WebFarm = { server(m: SimulatedMachine): net.Server; close(): void }

/** One HTTP engine for all machines; each has its own port, and the connection tells whose it is. */
export const webFarm = (seed: number, momentOf: MomentOf, track: (socket: net.Socket) => void): WebFarm => {
  const guard = digestGuard(ANTMINER_REALM, ANTMINER_USER, ANTMINER_PASSWORD, `web ${seed}`)
  const owners = new WeakMap<net.Socket, SimulatedMachine>()
  const engine = http.createServer((request, response) => {
    const m = owners.get(request.socket)
    const challenge = guard.challenge(request.method ?? 'GET', request.headers.authorization)
    request.resume()
    if (!m || challenge !== null) {
      response.writeHead(401, { 'WWW-Authenticate': challenge ?? '', 'Content-Type': 'text/html' })
      response.end('<html><head><title>401 Unauthorized</title></head><body>401 Unauthorized</body></html>')
      return
    }
    const path = new URL(request.url ?? '/', 'http://device').pathname
    const { now, ms } = momentOf(m)
    if (request.method !== 'GET') {
      response.writeHead(403, { 'Content-Type': 'text/plain' })
      response.end('read only: the simulated farm takes no commands')
      return
    }
    if (path === '/' || path === '/index.html') {
      response.writeHead(200, { 'Content-Type': 'text/html' })
      response.end('<!DOCTYPE html><html><head><title>Antminer</title></head><body></body></html>')
      return
    }
    const page = path.startsWith('/cgi-bin/') ? antminerPage(m, now, path.slice('/cgi-bin/'.length), ms) : null
    if (!page) {
      response.writeHead(404, { 'Content-Type': 'text/html' })
      response.end('<html><head><title>404 Not Found</title></head><body>404 Not Found</body></html>')
      return
    }
    // Real firmware calls its JSON text/html or leaves the type out.
    const body = JSON.stringify(page)
    response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Length': Buffer.byteLength(body) })
    response.end(body)
  })
  engine.keepAliveTimeout = 5_000

  return {
    server: (m) =>
      net.createServer({ noDelay: true }, (socket) => {
        track(socket)
        socket.on('error', ignoreReset)
        socket.setTimeout(IDLE_MS, () => socket.destroy())
        const { now, ms } = momentOf(m)
        const page = () => {
          const body = JSON.stringify(antminerPage(m, now, 'stats.cgi', ms))
          return Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
        }
        // A machine that misbehaves on its API does so on its web page: one control board serves both.
        if (misbehave(socket, now.fault, page, m.habit)) return
        owners.set(socket, m)
        engine.emit('connection', socket)
      }),
    close: () => engine.closeAllConnections(),
  }
}
