import { useSyncExternalStore } from 'react'
import type { PriceUnit } from '#shared/format.ts'

/** What one person prefers on this computer. Kept by the page itself: it changes no figure, only how it is shown. */
export type Preferences = { readonly unit: PriceUnit; readonly theme: 'system' | 'light' | 'dark' }

const KEY = 'hashyard.preferences'
const fallback: Preferences = { unit: 'usd_per_mwh', theme: 'system' }

const load = (): Preferences => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    const o = typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>) : {}
    return {
      unit: o.unit === 'cents_per_kwh' ? 'cents_per_kwh' : 'usd_per_mwh',
      theme: o.theme === 'light' || o.theme === 'dark' ? o.theme : 'system',
    }
  } catch {
    return fallback
  }
}

let current = load()
const listeners = new Set<() => void>()
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** <html data-theme>; left away, the system's setting holds (tokens.css). Called once before the first drawing. */
export const applyTheme = () => {
  if (current.theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = current.theme
}

export const setPreferences = (change: Partial<Preferences>) => {
  current = { ...current, ...change }
  try {
    localStorage.setItem(KEY, JSON.stringify(current))
  } catch {
    // A full or forbidden store costs only the memory of the choice.
  }
  applyTheme()
  for (const listener of listeners) listener()
}

export const usePreferences = (): Preferences => useSyncExternalStore(subscribe, () => current)
export const onPreferences = subscribe
