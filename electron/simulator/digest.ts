import { hash } from 'node:crypto'
import { performance } from 'node:perf_hooks'

/** HTTP digest (RFC 2617, MD5, qop auth or none) as the small web servers of miners speak it. */
const md5 = (text: string): string => hash('md5', text, 'hex')

export type DigestGuard = {
  /** null: let it pass; else the value of WWW-Authenticate. */
  challenge(method: string, authorization: string | undefined): string | null
}

const NONCE_LIVES_MS = 300_000

const fieldsOf = (header: string): Map<string, string> => {
  const fields = new Map<string, string>()
  for (const [, name, quoted, bare] of header.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,"]+))/g))
    if (name) fields.set(name.toLowerCase(), quoted ?? bare ?? '')
  return fields
}

export const digestGuard = (realm: string, user: string, password: string, secret: string): DigestGuard => {
  const ha1 = md5(`${user}:${realm}:${password}`)
  const stamp = (ms: number) => `${Math.floor(ms).toString(16)}x${md5(`${Math.floor(ms)}:${secret}`).slice(0, 16)}`
  const ask = (stale: boolean) =>
    `Digest realm="${realm}", nonce="${stamp(performance.now())}", qop="auth", algorithm=MD5${stale ? ', stale=true' : ''}`
  return {
    challenge(method, authorization) {
      if (!authorization || !/^digest /i.test(authorization)) return ask(false)
      const f = fieldsOf(authorization.slice('digest '.length))
      const nonce = f.get('nonce') ?? ''
      const madeMs = Number.parseInt(nonce.split('x')[0] ?? '', 16)
      if (!Number.isFinite(madeMs) || stamp(madeMs) !== nonce) return ask(false)
      const ha2 = md5(`${method}:${f.get('uri') ?? ''}`)
      const expected = f.has('qop')
        ? md5(`${ha1}:${nonce}:${f.get('nc') ?? ''}:${f.get('cnonce') ?? ''}:${f.get('qop') ?? ''}:${ha2}`)
        : md5(`${ha1}:${nonce}:${ha2}`)
      if (f.get('username') !== user || f.get('response') !== expected) return ask(false)
      return performance.now() - madeMs > NONCE_LIVES_MS ? ask(true) : null
    },
  }
}
