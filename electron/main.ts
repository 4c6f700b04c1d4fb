import { accessSync, constants } from 'node:fs'
import { join, resolve } from 'node:path'
import { app, type BrowserWindow, protocol, utilityProcess } from 'electron'
import type { Notice, OutputOf } from '#shared/contract.ts'
import { ok, type Result } from '#shared/result.ts'
import { makeFolder } from './make-folder.ts'
import { about } from './shell/about.ts'
import { makeAppScheme, SCHEME } from './shell/app-scheme.ts'
import { tellChannel } from './shell/channels.ts'
import { readArguments } from './shell/command-line.ts'
import { type EngineHost, startEngineHost } from './shell/engine-host.ts'
import { exportMemo } from './shell/export-memo.ts'
import { lockDownContents, lockDownSession, SCHEME_PRIVILEGES } from './shell/lock-down.ts'
import { openMainWindow } from './shell/main-window.ts'
import { setMenu } from './shell/menu.ts'
import { commandLineOf, runCommandLine } from './shell/run-command-line.ts'
import { serveWindow } from './shell/serve.ts'
import { openSettings } from './shell/settings.ts'

/**
 * The desktop shell: one window, one engine process, nothing of the field. Runs unchanged on Electron and on the Chromium host.
 */
// Before anything else: no page of this program runs outside the sandbox, and none goes anywhere.
app.enableSandbox()
protocol.registerSchemesAsPrivileged(SCHEME_PRIVILEGES)
lockDownContents()

const options = readArguments(process.argv.slice(1))
// The farm's data folder and Electron's own are one, so that two windows on one farm find each other.
if (options.data !== null) app.setPath('userData', resolve(options.data))
const dataDir = app.getPath('userData')
const appRoot = app.getAppPath()
const log = (line: string) => process.stderr.write(`${line.replaceAll('\n', ' | ')}\n`)

let window: BrowserWindow | null = null
const tell = (notice: Notice, payload: unknown) => {
  if (window && !window.isDestroyed()) window.webContents.send(tellChannel(notice), payload)
}

const run = async () => {
  const settings = openSettings(join(dataDir, 'window.json'), log)
  lockDownSession()
  const pages = makeAppScheme(join(appRoot, 'dist', 'renderer'))
  protocol.handle(SCHEME, pages.handle)

  const engine = startEngineHost({
    fork: (demo) =>
      utilityProcess.fork(join(appRoot, 'dist', 'engine.mjs'), ['--data', dataDir, ...(demo ? ['--demo'] : []), ...options.engine], {
        serviceName: 'Hashyard engine',
        stdio: 'inherit',
      }),
    endByPid: (pid) => process.kill(pid, 'SIGKILL'),
    demo: options.demo || settings.get().demo,
    onState: (state) => tell('engine.changed', state),
    onNotice: tell,
    log,
    now: Date.now,
  })
  const openDemo = async (demo: boolean): Promise<Result<Record<string, never>>> => {
    settings.save({ demo })
    const switched = engine.demo() === demo && engine.state().state === 'running' ? ok(undefined) : await engine.switchTo(demo)
    return switched.ok ? ok({}) : switched
  }
  serveWindow({
    isWindow: (sender) => sender === window?.webContents,
    engine: engine.ask,
    shell: {
      'shell.about': async () => ok(about(window?.webContents ?? null)),
      'shell.engine': async () => ok(engine.state()),
      'shell.openDemo': () => openDemo(true),
      'shell.closeDemo': () => openDemo(false),
      'memo.export': async (input) => {
        const memo = await engine.ask('memo.document', input)
        // The engine is ours and checks its answers against the same contract.
        return memo.ok ? await exportMemo(memo.value as OutputOf<'memo.document'>, { owner: window, memos: pages.memos }) : memo
      },
    },
    log,
  })
  stopEngineBeforeQuit(engine)
  app.on('second-instance', (_event, argv) => {
    if (window?.isMinimized()) window.restore()
    window?.focus()
    if (readArguments(argv.slice(1)).demo && !engine.demo()) void openDemo(true)
  })

  setMenu(() => window)
  const opened = await openMainWindow({
    appRoot,
    settings,
    onCreated: (created) => {
      window = created
    },
  })
  const { runtime, runtimeVersion, chromiumVersion, sandbox } = about(opened.webContents)
  log(`Hashyard ${app.getVersion()} on ${runtime} ${runtimeVersion}, Chromium ${chromiumVersion}. Sandbox: ${sandbox}`)
}

const stopEngineBeforeQuit = (engine: EngineHost) => {
  let stopped = false
  app.on('will-quit', (event) => {
    if (stopped) return
    event.preventDefault()
    void engine.stop().finally(() => {
      stopped = true
      app.quit()
    })
  })
}

const startFailed = (error: unknown) => {
  log(`Hashyard could not start: ${error instanceof Error ? error.stack : String(error)}`)
  app.exit(1)
}

/** Why nothing can be kept in the data folder; null where it can. Asked before anything else makes a file there. */
const folderProblem = (): string | null => {
  try {
    makeFolder(dataDir)
    accessSync(dataDir, constants.W_OK | constants.X_OK)
    return null
  } catch (error) {
    return `The data folder ${dataDir} cannot be written: ${error instanceof Error ? error.message : String(error)}. Name another one with --data.`
  }
}

const command = commandLineOf(process.argv)
const problem = command === null ? folderProblem() : null
if (command !== null) runCommandLine(command).catch(startFailed)
else if (problem !== null) {
  log(problem)
  app.exit(1)
} else if (app.requestSingleInstanceLock()) {
  app.on('window-all-closed', () => app.quit())
  app.whenReady().then(run).catch(startFailed)
} else {
  log('Hashyard is open already; its window is shown.')
  app.quit()
}
