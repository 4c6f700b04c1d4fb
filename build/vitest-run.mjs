import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './runtime.mjs'

/**
 * One run of Vitest, shown as it goes and counted from its own report: a run that ended early, or found no test, has failed.
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/** @param {{ name: string, config: string, env: NodeJS.ProcessEnv }} o @returns {Promise<Counts>} */
export const runVitest = async ({ name, config, env }) => {
  const folder = mkdtempSync(join(tmpdir(), 'hashyard-test-'))
  const report = join(folder, 'report.json')
  try {
    const code = await new Promise((resolve) => {
      const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
      const args = [
        vitest,
        'run',
        '--config',
        config,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...process.argv.slice(2),
      ]
      const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
      child.once('error', () => resolve(1))
      child.once('exit', (exit) => resolve(exit ?? 1))
    })
    return counted(name, report, code)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @param {string} name @param {string} report @param {number} code @returns {Counts} */
const counted = (name, report, code) => {
  const failure = (/** @type {string} */ why) => {
    process.stdout.write(`${name}: ${why}\n`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
  let result
  try {
    result = JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    return failure(`Vitest ended with ${code} and left no report`)
  }
  if (result.numTotalTests === 0) return failure('no test was found')
  const counts = { passed: result.numPassedTests, failed: result.numFailedTests, skipped: result.numPendingTests + result.numTodoTests }
  // A file that does not load has no tests to fail; an error outside every test fails the run all the same.
  if (counts.failed === 0 && (code !== 0 || !result.success)) counts.failed = Math.max(1, result.numFailedTestSuites)
  return counts
}
