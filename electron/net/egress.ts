/**
 * The only file that opens sockets (threat model E1–E3); `http.ts` and the protocols sit on top of it. What counts is
 * the resolved address at the moment of connecting, and the connection goes to exactly the addresses that were judged:
 * a name that resolves anew, or an odd spelling of 127.0.0.1, is judged by where it leads.
 */
import { lookup } from 'node:dns/promises'
import * as net from 'node:net'
import * as tls from 'node:tls'
import { type Failure, failed, ok, type Result } from '#shared/result.ts'
import { classify } from './ip-address.ts'

type Connect = { host: string; port: number; tls?: boolean; connectMs: number; signal: AbortSignal }
export type Egress = { connect(to: Connect): Promise<Result<net.Socket>> }

type Address = { address: string; family: number }
/** Says no in words, or nothing. `addresses` is empty before the name is resolved. */
type Rule = { before(to: Connect): string | null; judge(to: Connect, address: string): string | null }

/** `10.0.0.5:4028`, `[fe80::1]:80`: how every message names a place. */
export const place = (host: string, port: number): string => (net.isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`)

export const secondsText = (ms: number): string => `${Number((ms / 1000).toPrecision(2))} s`

const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** What the operating system says, in the operator's words. */
export const socketFailure = (where: string, error: unknown): { ok: false; failure: Failure } => {
  const code = errorCode(error)
  if (code === 'ECONNREFUSED') return failed('unreachable', `${where}: connection refused; nothing listens on this port`)
  if (code === 'ECONNRESET' || code === 'EPIPE') return failed('unreachable', `${where}: the device reset the connection`)
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return failed('unreachable', `${where}: no route to this address`)
  if (code === 'EHOSTDOWN') return failed('unreachable', `${where}: the host is down`)
  if (code === 'ETIMEDOUT') return failed('timeout', `${where}: no answer to the connection attempt`)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NODATA') return failed('unreachable', `${where}: name not found`)
  if (code === 'EMFILE' || code === 'ENFILE') return failed('internal', `${where}: this computer has no free sockets left`)
  if (code.startsWith('ERR_TLS') || code.includes('CERT') || code.startsWith('ERR_SSL') || code === 'EPROTO')
    return failed('refused', `${where}: no trustworthy TLS connection (${code})`)
  return failed('unreachable', `${where}: connection failed${code === '' ? '' : ` (${code})`}`)
}

/** A signal that fired: a deadline (AbortSignal.timeout) or somebody who stopped asking. */
export const abortFailure = (where: string, signal: AbortSignal): { ok: false; failure: Failure } =>
  signal.reason instanceof Error && signal.reason.name === 'TimeoutError'
    ? failed('timeout', `${where}: no answer before the deadline`)
    : failed('unreachable', `${where}: asking was stopped`)

const resolve = async (host: string): Promise<readonly Address[]> => {
  const family = net.isIP(host)
  if (family !== 0) return [{ address: host, family }]
  return await lookup(host, { all: true })
}

const open = (to: Connect, addresses: readonly Address[]): net.Socket => {
  const first = addresses[0]
  const socket = net.connect({
    host: to.host,
    port: to.port,
    noDelay: true,
    // Only the judged addresses, whatever the name says by now. (Skipped by Node where `host` is numeric.)
    lookup: (_host, options, done) => {
      if (options.all) done(null, [...addresses])
      else done(null, first?.address ?? '', first?.family)
    },
  })
  return to.tls ? tls.connect({ socket, servername: net.isIP(to.host) === 0 ? to.host : '', ALPNProtocols: ['http/1.1'] }) : socket
}

const connectUnder = async (to: Connect, rule: Rule): Promise<Result<net.Socket>> => {
  const where = place(to.host, to.port)
  if (!Number.isInteger(to.port) || to.port < 1 || to.port > 65_535) return failed('refused', `${where}: not a port`)
  const no = rule.before(to)
  if (no !== null) return failed('refused', `${where}: ${no}`)
  if (to.signal.aborted) return abortFailure(where, to.signal)

  return await new Promise((resolveResult) => {
    let socket: net.Socket | null = null
    let settled = false
    const finish = (result: Result<net.Socket>) => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      to.signal.removeEventListener('abort', onAbort)
      socket?.removeListener('error', onError)
      socket?.removeListener('close', onClose)
      if (!result.ok && socket !== null) {
        // A destroyed socket may still report why; nobody is left to hear it.
        socket.on('error', () => {})
        socket.destroy()
      }
      resolveResult(result)
    }
    const onAbort = () => finish(abortFailure(where, to.signal))
    const onError = (error: Error) => finish(socketFailure(where, error))
    const onClose = () => finish(failed('unreachable', `${where}: the connection was closed while being set up`))
    const timer = setTimeout(() => finish(failed('timeout', `${where}: no connection within ${secondsText(to.connectMs)}`)), to.connectMs)
    to.signal.addEventListener('abort', onAbort, { once: true })

    resolve(to.host).then(
      (addresses) => {
        if (settled) return
        if (addresses.length === 0) return finish(failed('unreachable', `${where}: name not found`))
        for (const { address } of addresses) {
          const reason = rule.judge(to, address)
          if (reason !== null) return finish(failed('refused', `${where}: ${reason}`))
        }
        const opened = open(to, addresses)
        socket = opened
        opened.on('error', onError)
        opened.on('close', onClose)
        opened.once(to.tls ? 'secureConnect' : 'connect', () => finish(ok(opened)))
      },
      (error: unknown) => finish(socketFailure(where, error)),
    )
  })
}

const named = (host: string, address: string) => (host === address ? address : `${host} leads to ${address}, which`)

/** E3: never, even inside a range the operator entered. */
const never = (host: string, address: string, allowLoopback: boolean): string | null => {
  const kind = classify(address)
  if (kind === 'ordinary') return null
  if (kind === 'loopback') return allowLoopback ? null : `${named(host, address)} is this computer itself; loopback is not a device address`
  if (kind === 'own') return allowLoopback ? null : `${named(host, address)} is this computer's own address`
  return `${named(host, address)} is ${kind === 'unspecified' ? 'an unspecified address' : kind === 'not an address' ? kind : `a ${kind} address`}; Hashyard does not connect there`
}

/** Devices: only hosts and ports the operator entered. */
export const deviceEgress = (o: { allows: (host: string, port: number) => boolean; allowLoopback: boolean }): Egress => ({
  connect: (to) =>
    connectUnder(to, {
      before: ({ host, port }) => (o.allows(host, port) ? null : 'not among the device addresses and ports that were entered'),
      judge: ({ host }, address) => never(host, address, o.allowLoopback),
    }),
})

/** Feeds: known hosts over TLS on 443. Plain text only to this computer itself, where the simulated market listens. */
export const feedEgress = (o: { hosts: ReadonlySet<string>; allowLoopback: boolean }): Egress => ({
  connect: (to) => {
    const secure = to.tls === true
    return connectUnder(to, {
      before: ({ host, port }) => {
        if (!secure) return o.allowLoopback ? null : 'market data is fetched over TLS only'
        return !o.hosts.has(host)
          ? 'not among the known market-data hosts'
          : port !== 443
            ? 'market data is fetched on port 443 only'
            : null
      },
      judge: ({ host }, address) => {
        if (secure) return never(host, address, false)
        return classify(address) === 'loopback' ? null : 'market data is fetched over TLS only'
      },
    })
  },
})
