import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** The journeys: one window at a time on one machine, each with a data folder of its own. Started by build/e2e.mjs. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['e2e/journeys/**/*.test.ts'],
    environment: 'node',
    fileParallelism: false,
    maxWorkers: 1,
    sequence: { concurrent: false },
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
})
