import '@fontsource/ibm-plex-mono/latin-400.css'
import '@fontsource/ibm-plex-sans/latin-400.css'
import '@fontsource/ibm-plex-sans/latin-500.css'
import '@fontsource/ibm-plex-sans/latin-600.css'
import './theme/tokens.css'
import './theme/base.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { I18nProvider } from 'react-aria-components'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { makeQueryClient } from './api.ts'
import { applyTheme } from './preferences.ts'

const FONT_WAIT_MS = 500

/** A canvas measures and draws text once: the bundled fonts must be there before the first chart, or soon enough not to matter. */
const fontsReady = (): Promise<unknown> =>
  Promise.race([
    Promise.all(['400', '500', '600'].map((weight) => document.fonts.load(`${weight} 12px "IBM Plex Sans"`))),
    new Promise((done) => setTimeout(done, FONT_WAIT_MS)),
  ])

const start = async () => {
  const root = document.getElementById('root')
  if (!root) throw new Error('index.html has no #root')
  applyTheme()
  await fontsReady()
  createRoot(root).render(
    <StrictMode>
      <I18nProvider locale="en-US">
        <QueryClientProvider client={makeQueryClient()}>
          <App />
        </QueryClientProvider>
      </I18nProvider>
    </StrictMode>,
  )
}
void start()
