#!/usr/bin/env node
import { fileURLToPath } from 'node:url'
import { runInstead } from './node24.mjs'

/** The command line in a checkout: the TypeScript itself, on a Node that can run it. Benchmarks exist in a checkout only. */
const [first, ...rest] = process.argv.slice(2)
const script = first === 'bench' ? './bench/run.ts' : '../electron/cli/hashyard.ts'
await runInstead(fileURLToPath(new URL(script, import.meta.url)), first === 'bench' ? rest : process.argv.slice(2))
