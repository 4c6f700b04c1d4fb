/**
 * HTTP digest access authentication (RFC 7616; RFC 2617 for devices that know no `qop`), as stock Antminer web
 * interfaces ask for. MD5 is what they speak; SHA-256 is there for those that learned it.
 */
import { createHash } from 'node:crypto'

export type Challenge = {
  realm: string
  nonce: string
  opaque: string | null
  algorithm: 'MD5' | 'MD5-sess' | 'SHA-256' | 'SHA-256-sess'
  /** 'auth' where the server offers it, null for RFC 2069 servers. */
  qop: 'auth' | null
}

const PARAMETER = /([a-zA-Z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/g
const ALGORITHMS = { md5: 'MD5', 'md5-sess': 'MD5-sess', 'sha-256': 'SHA-256', 'sha-256-sess': 'SHA-256-sess' } as const

/** The digest challenge of a `WWW-Authenticate` header; null where there is none that we can answer. */
export const parseChallenge = (header: string | undefined): Challenge | null => {
  const from = /(?:^|,)\s*digest\s+/i.exec(header ?? '')
  if (!header || !from || header.length > 4_096) return null
  const parameters = new Map<string, string>()
  for (const [, name = '', quoted, bare] of header.slice(from.index + from[0].length).matchAll(PARAMETER)) {
    if (!parameters.has(name.toLowerCase()))
      parameters.set(name.toLowerCase(), quoted === undefined ? (bare ?? '') : quoted.replace(/\\(.)/g, '$1'))
  }
  const realm = parameters.get('realm')
  const nonce = parameters.get('nonce')
  const named = (parameters.get('algorithm') ?? 'MD5').toLowerCase()
  const algorithm = Object.entries(ALGORITHMS).find(([name]) => name === named)?.[1]
  const offered = parameters
    .get('qop')
    ?.split(',')
    .map((q) => q.trim().toLowerCase())
  if (realm === undefined || nonce === undefined || algorithm === undefined || (offered && !offered.includes('auth'))) return null
  return { realm, nonce, opaque: parameters.get('opaque') ?? null, algorithm, qop: offered ? 'auth' : null }
}

const quote = (text: string) => `"${text.replace(/[\\"]/g, '\\$&')}"`

/** Value of the `Authorization` header. `count` is how often this nonce has been used, from 1. */
export const authorization = (r: {
  challenge: Challenge
  user: string
  password: string
  method: string
  /** Path and query as in the request line. */
  uri: string
  count: number
  clientNonce: string
}): string => {
  const c = r.challenge
  const hash = (text: string) =>
    createHash(c.algorithm.startsWith('MD5') ? 'md5' : 'sha256')
      .update(text, 'utf8')
      .digest('hex')
  const plain = hash(`${r.user}:${c.realm}:${r.password}`)
  const ha1 = c.algorithm.endsWith('-sess') ? hash(`${plain}:${c.nonce}:${r.clientNonce}`) : plain
  const ha2 = hash(`${r.method}:${r.uri}`)
  const count = r.count.toString(16).padStart(8, '0')
  const response = hash(c.qop ? `${ha1}:${c.nonce}:${count}:${r.clientNonce}:${c.qop}:${ha2}` : `${ha1}:${c.nonce}:${ha2}`)
  return [
    `Digest username=${quote(r.user)}`,
    `realm=${quote(c.realm)}`,
    `nonce=${quote(c.nonce)}`,
    `uri=${quote(r.uri)}`,
    `algorithm=${c.algorithm}`,
    `response="${response}"`,
    ...(c.qop ? [`qop=${c.qop}`, `nc=${count}`, `cnonce=${quote(r.clientNonce)}`] : []),
    ...(c.opaque === null ? [] : [`opaque=${quote(c.opaque)}`]),
  ].join(', ')
}
