import { check } from './check.mjs'
import { e2e } from './e2e.mjs'
import { environment, needNode24 } from './node24.mjs'
import { runVitest } from './vitest-run.mjs'

/** `npm test`: checks, unit tests, end to end; everything runs even where something failed. The last line counts all of it. */
await needNode24(import.meta.url)
const heading = (/** @type {string} */ text) => process.stdout.write(`\n── ${text}\n`)

heading('Checks')
const checked = await check()
heading('Unit tests')
const unit = await runVitest({ name: 'unit tests', config: 'build/vitest.config.ts', env: environment() })
heading('End to end')
const journeys = await e2e().catch((/** @type {unknown} */ problem) => {
  process.stdout.write(`end to end: ${problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)}\n`)
  return { passed: 0, failed: 1, skipped: 0, line: 'End to end could not be started.' }
})

const passed = checked.passed + unit.passed + journeys.passed
const failed = checked.failed + unit.failed + journeys.failed
process.stdout.write(`\n${journeys.line}\n${passed} passed, ${failed} failed, ${unit.skipped + journeys.skipped} skipped\n`)
process.exit(failed === 0 ? 0 : 1)
