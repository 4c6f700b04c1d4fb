/**
 * Content types lie: an HTML block page comes with status 200, an empty file as a good download. What a body is, is
 * read from its first bytes, and a refusal says which source, what came instead and where it broke.
 */
import type { FeedProblem } from '#shared/market/rows.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import type { ParseMeta } from '../feed.ts'

export type PayloadForm = 'empty' | 'html' | 'xml' | 'json' | 'zip' | 'gzip' | 'text'

const latin = (body: Uint8Array, bytes: number) =>
  Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, bytes)).toString('latin1')

export const formOf = (body: Uint8Array): PayloadForm => {
  if (body[0] === 0x50 && body[1] === 0x4b) return 'zip'
  if (body[0] === 0x1f && body[1] === 0x8b) return 'gzip'
  const start = latin(body, 1024)
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
  if (start === '' && body.byteLength <= 1024) return 'empty'
  if (/^(<!doctype html|<html|<head|<body|<script|<!--)/i.test(start)) return 'html'
  if (start.startsWith('<')) return /<html[\s>]/i.test(start) ? 'html' : 'xml'
  if (/^[[{]/.test(start)) return 'json'
  return 'text'
}

/** Whose gate a block page is; null where it names none. Seen on ercot.com (Imperva) and misoenergy.org (Cloudflare). */
export const gatekeeper = (body: Uint8Array, headers: Readonly<Record<string, string>> = {}): string | null => {
  const page = latin(body, 16_384)
  if (
    headers['cf-mitigated'] !== undefined ||
    /cf-chl|challenge-platform|Attention Required! \| Cloudflare|<title>Just a moment/i.test(page)
  )
    return 'Cloudflare'
  if (
    headers['x-iinfo'] !== undefined ||
    /imperva/i.test(headers['x-cdn'] ?? '') ||
    /_Incapsula_Resource|Incapsula incident ID|Powered By Imperva/i.test(page)
  )
    return 'Imperva'
  return null
}

/** Foreign text for a message: one line, control and bidi characters made visible, cut at 80 characters. */
export const excerpt = (raw: unknown): string => {
  const text = typeof raw === 'string' ? raw : (JSON.stringify(raw) ?? 'nothing')
  const plain = [...text.slice(0, 160)]
    .map((c) => (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(c) ? `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}` : c))
    .join('')
  return plain.length > 80 || text.length > 160 ? `${plain.slice(0, 80)}…` : plain
}

export const problem = (reason: string, place: string, raw: unknown): FeedProblem => ({ reason, place, raw: excerpt(raw) })

const FORM_WORDS: Record<PayloadForm, string> = {
  empty: 'an empty answer',
  html: 'a web page',
  xml: 'XML',
  json: 'JSON',
  zip: 'a ZIP file',
  gzip: 'gzip data',
  text: 'plain text',
}

const webPage = (source: string, body: Uint8Array, status: number) => {
  const gate = gatekeeper(body)
  return failed(
    gate === null ? 'unexpected-reply' : 'refused',
    gate === null
      ? `${source}: a web page came instead of data (status ${status}): ${excerpt(
          latin(body, 400)
            .replace(/<[^>]*>/g, ' ')
            .replace(/\s+/g, ' ')
            .trim(),
        )}`
      : `${source}: ${gate} blocks this computer (a block page with status ${status} came instead of data)`,
  )
}

/** Refuses what is not one of the wanted forms, in words that name source and finding. */
export const expectForm = (
  body: Uint8Array,
  meta: Pick<ParseMeta, 'status'>,
  source: string,
  wanted: readonly PayloadForm[],
): Result<PayloadForm> => {
  const form = formOf(body)
  if (form === 'html') return webPage(source, body, meta.status)
  if (meta.status !== 200) return failed('unexpected-reply', `${source}: status ${meta.status} with ${FORM_WORDS[form]}`)
  if (form === 'empty') return failed('unexpected-reply', `${source}: the answer is empty (${body.byteLength} bytes)`)
  if (!wanted.includes(form)) {
    const asked = wanted.map((w) => FORM_WORDS[w]).join(' or ')
    return failed('unexpected-reply', `${source}: ${FORM_WORDS[form]} came where ${asked} was expected: ${excerpt(latin(body, 200))}`)
  }
  return ok(form)
}

/** Whole body decoded once, strictly; a byte-order mark is dropped. */
export const textOf = (body: Uint8Array, source: string): Result<string> => {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return failed('unexpected-reply', `${source}: the answer is not valid UTF-8 text`)
  }
}

/** V8 parses 200,000 levels without complaint; IPC and JSON.stringify throw on them afterwards (threat model D6). */
const MAX_DEPTH = 32
const deeperThan = (json: string, limit: number): boolean => {
  let depth = 0
  let inText = false
  for (let i = 0; i < json.length; i++) {
    const c = json.charCodeAt(i)
    if (inText) {
      if (c === 0x5c) i++
      else if (c === 0x22) inText = false
    } else if (c === 0x22) inText = true
    else if (c === 0x5b || c === 0x7b) {
      if (++depth > limit) return true
    } else if (c === 0x5d || c === 0x7d) depth--
  }
  return false
}

/** The body as JSON; cut, nested beyond reason or another form is a failure that says so. */
export const jsonOf = (body: Uint8Array, meta: Pick<ParseMeta, 'status'>, source: string): Result<unknown> => {
  const form = expectForm(body, meta, source, ['json'])
  if (!form.ok) return form
  const text = textOf(body, source)
  if (!text.ok) return text
  if (deeperThan(text.value, MAX_DEPTH)) return failed('unexpected-reply', `${source}: JSON nested deeper than ${MAX_DEPTH} levels`)
  try {
    return ok(JSON.parse(text.value))
  } catch (error) {
    const why = error instanceof Error ? error.message : ''
    return failed('unexpected-reply', `${source}: broken or cut JSON (${text.value.length} characters): ${excerpt(why)}`)
  }
}
