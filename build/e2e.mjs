import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { bundle } from './bundle.mjs'
import { findProgram } from './chromium-host/find-chromium.mjs'
import { environment, needNode24 } from './node24.mjs'
import { findRuntime, hasDisplay, hostFolder } from './runtime.mjs'
import { runVitest } from './vitest-run.mjs'

/** The journeys on whichever runtime is here, under a display of their own where there is none. */
const SCREEN = '1920x1200x24'

/** @returns {Promise<{ display: string, end: () => void }>} */
const startXvfb = (/** @type {string} */ program) =>
  new Promise((resolve, reject) => {
    // It chooses a free display itself and names it on the fourth pipe.
    const child = spawn(program, ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    })
    let complaint = ''
    child.stderr?.setEncoding('utf8').on('data', (text) => (complaint += text))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}: ${complaint.trim()}`)))
    const end = () => child.kill()
    process.once('exit', end)
    child.stdio[3]?.once('data', (text) => resolve({ display: `:${String(text).trim()}`, end }))
  })

/** @returns {Promise<import('./vitest-run.mjs').Counts & { line: string }>} */
export const e2e = async () => {
  const runtime = findRuntime()
  const xvfb = hasDisplay() ? null : findProgram(['Xvfb'])
  const reason =
    runtime === null ? 'neither Electron nor Chromium is here' : !hasDisplay() && xvfb === null ? 'there is no display and no Xvfb' : null
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...environment(), HASHYARD_E2E_NOT_RUN: reason ?? '' }
  if (runtime?.kind === 'chromium-host') env.ELECTRON_OVERRIDE_DIST_PATH = hostFolder
  let display = null
  try {
    if (reason === null) {
      await bundle()
      if (xvfb !== null) {
        display = await startXvfb(xvfb)
        env.DISPLAY = display.display
      }
    }
    const counts = await runVitest({ name: 'end to end', config: 'build/vitest.e2e.config.ts', env })
    return {
      ...counts,
      line:
        reason === null ? `End to end ran on ${runtime?.name}.` : `End to end did not run: ${reason}. "npm run setup" says how to get it.`,
    }
  } finally {
    display?.end()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await needNode24(import.meta.url)
  const { failed, line } = await e2e()
  process.stdout.write(`${line}\n`)
  process.exit(failed === 0 ? 0 : 1)
}
