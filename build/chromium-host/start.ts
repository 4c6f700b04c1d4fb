import { createRequire, registerHooks } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * The Chromium host: the part of Electron's API that Hashyard's shell uses, on plain Node and an installed Chromium, for
 * machines that Electron's own binary cannot reach. Started by the file `electron` beside it with Electron's command line:
 * `electron [-r MODULE] [switches] FOLDER [arguments]`.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 15)) {
  process.stderr.write(`The Chromium host needs Node 22.15 or newer; this is ${process.versions.node}. Run "npm run setup".\n`)
  process.exit(1)
}

const HOST = new URL('electron.ts', import.meta.url).href
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' || specifier === 'electron/main'
      ? { url: HOST, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
})

const args = process.argv.slice(2)
const required: string[] = []
for (let at = args.indexOf('-r'); at !== -1; at = args.indexOf('-r')) required.push(...args.splice(at, 2).slice(1))

process.argv = [join(import.meta.dirname, 'electron'), ...process.argv.slice(2)]
Object.defineProperty(process, 'type', { value: 'browser' })

const { readCommandLine, startApp, app } = await import('./app.ts')
// The host module must be complete before the program asks for it.
await import('./electron.ts')
const program = readCommandLine(args)
const require = createRequire(import.meta.url)
for (const module of required) require(resolve(module))

let asked = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (asked) process.exit(1)
    asked = true
    app.quit()
  })
process.on('uncaughtException', (problem) => {
  process.stderr.write(`${problem.stack ?? String(problem)}\n`)
  app.exit(1)
})

// Electron loads the program first and becomes ready afterwards, so that it can still set switches and register schemes.
await import(pathToFileURL(program).href)
try {
  await startApp()
} catch (problem) {
  process.stderr.write(`${problem instanceof Error ? problem.message : String(problem)}\n`)
  app.exit(1)
}
