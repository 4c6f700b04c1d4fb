import { fileURLToPath } from 'node:url'
import { runInstead } from './node24.mjs'

/** `npm run bench [NAME]`: speed and growth, measured. The benchmarks are TypeScript, so a Node that can run it is found first. */
await runInstead(fileURLToPath(new URL('./bench/run.ts', import.meta.url)), process.argv.slice(2))
