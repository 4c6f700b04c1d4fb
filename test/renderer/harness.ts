import { HOUR_MS } from '#shared/time.ts'
import { makeFakeBridge, type Variant, variants } from '../fakes/bridge.ts'

/** The window in any browser, on the fake bridge: harness.html?variant=stale#/fleet. The moment is fixed by ?at=ISO. */
const query = new URLSearchParams(location.search)
const variant: Variant = variants.find((v) => v === query.get('variant')) ?? 'live'
const at = query.get('at')
const offset = at === null ? 0 : Date.parse(at) - Date.now()
Object.defineProperty(window, 'hashyard', { value: makeFakeBridge({ variant, nowMs: () => Date.now() + offset }) })
if (Math.abs(offset) > 100 * 365 * 24 * HOUR_MS) throw new Error('?at= is no date')
await import('../../renderer/main.tsx')
