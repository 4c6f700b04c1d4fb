import { readFileSync } from 'node:fs'
import type { ParseMeta } from '#electron/feeds/feed.ts'

export const at = (iso: string): number => Date.parse(iso)

export const metaAt = (nowMs: number, more: Partial<ParseMeta> = {}): ParseMeta => ({
  nowMs,
  status: 200,
  contentType: null,
  publishedAtMs: null,
  locations: null,
  previous: [],
  ...more,
})

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

export const ownFixture = (name: string): Uint8Array => readFileSync(new URL(`../../fixtures/feeds/${name}`, import.meta.url))

/** What went wrong, or a loud sign that nothing did. */
export const failureOf = (result: { ok: true; value: unknown } | { ok: false; failure: { kind: string; message: string } }) =>
  result.ok ? { kind: 'none', message: `was accepted: ${JSON.stringify(result.value).slice(0, 200)}` } : result.failure
