import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron, type ElectronApplication, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { figurePanel } from './screens/figure-panel.ts'
import { firstRunScreen } from './screens/first-run.ts'
import { fleetScreen } from './screens/fleet.ts'
import { frame } from './screens/frame.ts'
import { memoScreen } from './screens/memo.ts'
import { nowScreen } from './screens/now.ts'
import { planScreen } from './screens/plan.ts'

/** The program as a person meets it: started with a data folder of its own, closed at the end of the journey. */
const root = fileURLToPath(new URL('..', import.meta.url))
/** Where pictures of a run go; not part of the repository. */
const pictures = join(root, '.cache', 'e2e')

/** Set by build/e2e.mjs where nothing can show a window: the journeys are then reported as skipped, not as passed. */
const notRun = process.env.HASHYARD_E2E_NOT_RUN ?? ''

const temporaryFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'hashyard-e2e-'))
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }) }
}

export type Hashyard = Awaited<ReturnType<typeof openHashyard>>

const openHashyard = async (o: { dataDir: string; args?: readonly string[] }) => {
  const asRoot = process.getuid?.() === 0
  const program: ElectronApplication = await _electron.launch({
    args: [root, '--data', o.dataDir, ...(o.args ?? [])],
    // Chromium has no sandbox for root; for everyone else the journeys run in it, as the product does.
    chromiumSandbox: !asRoot,
    timeout: 60_000,
  })
  const log: string[] = []
  for (const stream of [program.process().stdout, program.process().stderr]) stream?.on('data', (text: Buffer) => log.push(text.toString()))
  const page: Page = await program.firstWindow()
  const wrongs: string[] = []
  page.on('pageerror', (problem) => wrongs.push(problem.message))
  page.on('console', (line) => {
    if (line.type() === 'error') wrongs.push(line.text())
  })
  await page.waitForLoadState()

  let closed = false
  return {
    program,
    page,
    dataDir: o.dataDir,
    frame: frame(page),
    figure: figurePanel(page),
    firstRun: firstRunScreen(page),
    now: nowScreen(page),
    fleet: fleetScreen(page),
    plan: planScreen(page),
    memo: memoScreen(page),
    log: () => log.join(''),
    /** Errors and policy violations the page has reported so far. */
    wrongs: () => [...wrongs],
    /** The next save dialog is answered with this file, as if a person had chosen it. */
    answerSaveDialog: (filePath: string) =>
      program.evaluate(({ dialog }, file) => {
        dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: file })
      }, filePath),
    /** Size of the page itself, without frame and title bar. */
    resize: async (width: number, height: number) => {
      const window = await program.browserWindow(page)
      await window.evaluate((w, size) => w.setContentSize(size.width, size.height), { width, height })
      await page.waitForFunction((size) => innerWidth === size.width && innerHeight === size.height, { width, height })
    },
    theme: async (theme: 'light' | 'dark') => {
      await program.evaluate(({ nativeTheme }, source) => {
        nativeTheme.themeSource = source
      }, theme)
      await page.waitForFunction((dark) => matchMedia('(prefers-color-scheme: dark)').matches === dark, theme === 'dark')
    },
    picture: async (name: string) => {
      mkdirSync(pictures, { recursive: true })
      const path = join(pictures, `${name}.png`)
      await page.screenshot({ path })
      return path
    },
    /** The process that holds the data folder: the engine's own. */
    enginePid: (farm: 'demo' | 'real') => Number(readFileSync(join(o.dataDir, farm === 'demo' ? 'demo' : '.', 'lock.pid'), 'utf8')),
    close: async () => {
      if (closed) return
      closed = true
      await program.close()
    },
  }
}

/** One story: the program opened once on an empty data folder, the steps in order, and its log where a step fails. */
export const journey = (title: string, o: { args?: readonly string[] }, steps: (opened: () => Hashyard, dataDir: string) => void) =>
  describe.skipIf(notRun)(title, () => {
    const folder = temporaryFolder()
    let opened: Hashyard | null = null
    beforeAll(async () => {
      opened = await openHashyard({ dataDir: folder.path, ...o })
    })
    afterEach(({ task }) => {
      if (task.result?.state !== 'fail' || opened === null) return
      process.stderr.write(
        `--- "${task.name}": log of the program\n${opened.log()}\n--- errors of the page\n${opened.wrongs().join('\n')}\n`,
      )
    })
    afterAll(async () => {
      await opened?.close()
      folder.remove()
    })
    steps(() => {
      if (opened === null) throw new Error('the program is not open yet')
      return opened
    }, folder.path)
  })
