/**
 * What is known of this copy of Hashyard. This file lies in `electron/` in a checkout and inside one bundle of `dist/` when
 * built: `package.json` is one folder up either way, threads are beside it under other names.
 */
import { readFileSync } from 'node:fs'
import * as z from 'zod'

export const readVersion = (): string =>
  z.object({ version: z.string() }).parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))).version

export const simulatorThread = (): URL =>
  import.meta.url.endsWith('.ts')
    ? new URL('./simulator/farm-thread.ts', import.meta.url)
    : new URL('./simulator-thread.mjs', import.meta.url)

export const computeThread = (): URL =>
  import.meta.url.endsWith('.ts')
    ? new URL('./compute/compute-thread.ts', import.meta.url)
    : new URL('./compute-thread.mjs', import.meta.url)
