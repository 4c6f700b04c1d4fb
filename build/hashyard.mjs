#!/usr/bin/env node
import { fileURLToPath } from 'node:url'
import { runInstead } from './node24.mjs'

/** The command line in a checkout: the TypeScript itself, on a Node that can run it. */
await runInstead(fileURLToPath(new URL('../electron/cli/hashyard.ts', import.meta.url)), process.argv.slice(2))
