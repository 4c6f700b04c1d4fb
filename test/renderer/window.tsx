import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render } from '@testing-library/react'
import { I18nProvider } from 'react-aria-components'
import { afterEach, beforeEach, vi } from 'vitest'
import { App } from '../../renderer/App.tsx'
import { makeQueryClient } from '../../renderer/api.ts'
import { setPreferences } from '../../renderer/preferences.ts'
import { type FakeBridge, makeFakeBridge, type Variant } from '../fakes/bridge.ts'

/** Tue 24 Nov 2026, 16:42 in Texas: a working evening with a price spike ahead. */
export const EVENING_MS = Date.UTC(2026, 10, 24, 22, 42)

/** jsdom lays nothing out: elements get a height, so that a window of rows has room, and no width, so that nothing is drawn. */
export const withLayout = () => {
  beforeEach(() => {
    vi.stubGlobal(
      'ResizeObserver',
      class {
        observe() {}
        unobserve() {}
        disconnect() {}
      },
    )
    vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }))
    vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(600)
    setPreferences({ unit: 'usd_per_mwh', theme: 'system' })
  })
  afterEach(() => {
    cleanup()
    location.hash = ''
    localStorage.clear()
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  })
}

export const openWindow = (o: { hash?: string; variant?: Variant; nowMs?: number } = {}): FakeBridge => {
  location.hash = o.hash ?? '#/now'
  const bridge = makeFakeBridge({ variant: o.variant ?? 'live', nowMs: () => o.nowMs ?? EVENING_MS })
  vi.stubGlobal('hashyard', bridge)
  render(
    <I18nProvider locale="en-US">
      <QueryClientProvider client={makeQueryClient()}>
        <App />
      </QueryClientProvider>
    </I18nProvider>,
  )
  return bridge
}
