import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  plugins: [react()],
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // A file that draws says so itself: `// @vitest-environment jsdom`
    environment: 'node',
    // Real sockets, real SQLite and real Chromium: slow machines get time, a hung test still ends.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
  },
})
