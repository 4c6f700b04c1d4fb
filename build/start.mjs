import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { environment, needNode24, runInstead } from './node24.mjs'
import { findRuntime, hasDisplay, isRoot, root } from './runtime.mjs'

/** `npm start [-- --demo]`: the window, on whatever can show it here; where nothing can, the same job on the command line. */
if (!existsSync(join(root, 'node_modules'))) {
  process.stderr.write('The packages are not installed yet. Run "npm run setup" first.\n')
  process.exit(1)
}
await needNode24(import.meta.url)

const runtime = findRuntime()
/** @param {string} why */
const onTheCommandLine = async (why) => {
  process.stdout.write(`${why} Running "hashyard demo" instead: the same job without a window.\n`)
  await runInstead(join(root, 'electron', 'cli', 'hashyard.ts'), ['demo'])
}
if (!hasDisplay()) await onTheCommandLine('There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set).')
if (runtime === null) await onTheCommandLine('There is neither Electron nor Chromium here ("npm run setup" says how to get one).')
else {
  const { bundle } = await import('./bundle.mjs')
  await bundle()
  if (runtime.kind === 'chromium-host') process.stdout.write(`Electron's binary is not here; the same program runs on ${runtime.name}.\n`)
  const noSandbox = runtime.kind === 'electron' && process.platform === 'linux' && isRoot()
  if (noSandbox) process.stdout.write('Running as root: Chromium has no sandbox for root, so the page is not sandboxed.\n')
  const child = spawn(runtime.program, [...(noSandbox ? ['--no-sandbox'] : []), root, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: environment(),
  })
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  const code = await new Promise((resolve) => {
    child.once('error', (problem) => {
      process.stderr.write(`${runtime.program} could not be started: ${problem.message}\n`)
      resolve(1)
    })
    child.once('exit', (exit, signal) => resolve(exit ?? (signal === 'SIGINT' ? 130 : 1)))
  })
  process.exit(code)
}
