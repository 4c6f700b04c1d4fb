import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/**
 * The Chromium host must be as strict as what it stands in for: a program that works on it must not depend on something that
 * Electron refuses. A small program made here is run on it; where Electron itself is the runtime, there is nothing to show.
 */
const isHost = Boolean(process.env.ELECTRON_OVERRIDE_DIST_PATH)

const MAIN = `
const { app, BrowserWindow, ipcMain, protocol, utilityProcess } = require('electron')
const { join } = require('node:path')
app.enableSandbox()
protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }])
app.on('web-contents-created', (_e, contents) => {
  contents.setWindowOpenHandler(({ url }) => { globalThis.opened = url; return { action: 'deny' } })
})
ipcMain.handle('echo', (event, value) => ({ value, from: event.senderFrame.url }))
ipcMain.handle('fail', () => { throw new Error('not today') })
ipcMain.handle('function', () => () => 1)
app.whenReady().then(async () => {
  protocol.handle('app', () => new Response('<title>Trial</title><h1>Trial</h1>', {
    headers: { 'content-type': 'text/html', 'content-security-policy': "default-src 'none'" } }))
  const window = new BrowserWindow({ width: 900, height: 700, webPreferences: { preload: join(__dirname, 'preload.js') } })
  await window.loadURL('app://trial/page.html')
  globalThis.fork = () => new Promise((resolve) => {
    const child = utilityProcess.fork(join(__dirname, 'child.mjs'), ['one'])
    child.on('message', (m) => { child.kill(); resolve(m) })
    child.postMessage({ at: new Date(0), big: 2n ** 70n })
  })
})
app.on('window-all-closed', () => app.quit())
`
const PRELOAD = `
const { contextBridge, ipcRenderer } = require('electron')
let refused = ''
try { require('node:fs') } catch (problem) { refused = problem.message }
globalThis.onlyInPreload = true
contextBridge.exposeInMainWorld('trial', {
  refused,
  echo: (value) => ipcRenderer.invoke('echo', value),
  ask: (channel) => ipcRenderer.invoke(channel),
  twice: (callback) => [callback(1), callback(2)],
  unknown: () => ipcRenderer.sendSync('x'),
})
`
const CHILD = `process.parentPort.on('message', ({ data }) => process.parentPort.postMessage({ data, argument: process.argv[2] }))`

type Trial = {
  refused: string
  echo(value: unknown): Promise<{ value: Record<string, unknown>; from: string }>
  ask(channel: string): Promise<unknown>
  twice(callback: (n: number) => number): number[]
  unknown(): void
}
declare global {
  interface Window {
    trial: Trial
  }
}

describe.skipIf(!isHost)('the Chromium host', () => {
  let folder = ''
  let program: ElectronApplication
  let page: Page
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hashyard-trial-'))
    mkdirSync(join(folder, 'data'))
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'trial', version: '1.0.0', main: 'main.cjs' }))
    writeFileSync(join(folder, 'main.cjs'), MAIN)
    writeFileSync(join(folder, 'preload.js'), PRELOAD)
    writeFileSync(join(folder, 'child.mjs'), CHILD)
    program = await _electron.launch({ args: [`--user-data-dir=${join(folder, 'data')}`, folder] })
    page = await program.firstWindow()
    await page.getByRole('heading', { name: 'Trial' }).waitFor()
  })
  afterAll(async () => {
    await program?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('carries what structured clone carries, unchanged, and refuses what it refuses', async () => {
    const answer = await page.evaluate(async () => {
      const { value, from } = await window.trial.echo({
        date: new Date(5),
        map: new Map([['a', new Set([1n])]]),
        bytes: new Uint8Array([1, 2, 255]),
        missing: undefined,
        odd: [Number.NaN, -0, Number.POSITIVE_INFINITY],
      })
      const [nan, minusZero, infinite] = value.odd as number[]
      const refused = await (async () => await window.trial.echo(document.body))().then(
        () => 'carried',
        () => 'refused',
      )
      return {
        from,
        date: (value.date as Date).getTime(),
        set: [...((value.map as Map<string, Set<bigint>>).get('a') ?? [])].map(String),
        bytes: [...(value.bytes as Uint8Array)],
        missing: 'missing' in value && value.missing === undefined,
        odd: [Number.isNaN(nan), Object.is(minusZero, -0), infinite === Number.POSITIVE_INFINITY],
        refused,
      }
    })
    expect(answer).toEqual({
      from: 'app://trial/page.html',
      date: 5,
      set: ['1'],
      bytes: [1, 2, 255],
      missing: true,
      odd: [true, true, true],
      refused: 'refused',
    })
  })

  test('answers a handler’s error, a missing handler and an answer that cannot be cloned as Electron does', async () => {
    const messages = await page.evaluate(() =>
      Promise.all(
        ['fail', 'nobody', 'function'].map((channel) =>
          window.trial.ask(channel).then(
            () => 'answered',
            (problem: Error) => problem.message,
          ),
        ),
      ),
    )
    expect(messages[0]).toBe("Error invoking remote method 'fail': Error: not today")
    expect(messages[1]).toBe("Error invoking remote method 'nobody': Error: No handler registered for 'nobody'")
    expect(messages[2]).toMatch(/could not be cloned/)
  })

  test('keeps the preload in a world of its own, lets functions cross, and lets it require only electron', async () => {
    const seen = await page.evaluate(() => ({
      leaked: ['onlyInPreload', '__hostBinding', '__hostReceive', 'require'].filter((name) => name in window),
      refused: window.trial.refused,
      twice: window.trial.twice((n) => n * 10),
      frozen: Object.isFrozen(window.trial),
    }))
    expect(seen).toEqual({ leaked: [], refused: expect.stringMatching(/^module not found: node:fs/), twice: [10, 20], frozen: true })
  })

  test('throws with the name of what it does not offer, in main and in the preload', async () => {
    const inMain = await program.evaluate(({ app, ...electron }) => {
      const tried = (run: () => unknown) => {
        try {
          run()
          return 'there'
        } catch (problem) {
          return (problem as Error).message
        }
      }
      const any = { ...electron, app } as unknown as Record<string, Record<string, () => void>>
      return [tried(() => any.app?.setBadgeCount?.())]
    })
    expect(inMain).toEqual(['app.setBadgeCount is not available on the Chromium host'])
    expect(await program.evaluate(({ Tray }) => typeof Tray).catch((problem: Error) => problem.message)).toMatch(
      /electron\.Tray is not available on the Chromium host/,
    )
    const inPreload = await page.evaluate(() => {
      try {
        window.trial.unknown()
        return 'there'
      } catch (problem) {
        return (problem as Error).message
      }
    })
    expect(inPreload).toMatch(/ipcRenderer\.sendSync is not available/)
  })

  test('refuses preferences it cannot keep', async () => {
    const message = await program.evaluate(({ BrowserWindow }) => {
      try {
        new BrowserWindow({ webPreferences: { nodeIntegration: true } })
        return 'made'
      } catch (problem) {
        return (problem as Error).message
      }
    })
    expect(message).toBe('webPreferences.nodeIntegration must be false on the Chromium host')
  })

  test('runs a utility process with its arguments and a message port', async () => {
    const answer = await program.evaluate(async () => {
      const reply =
        (await (globalThis as unknown as { fork: () => Promise<{ data: { at: Date; big: bigint }; argument: string }> }).fork()) ?? null
      return { at: reply.data.at.getTime(), big: String(reply.data.big), argument: reply.argument }
    })
    expect(answer).toEqual({ at: 0, big: '1180591620717411303424', argument: 'one' })
  })

  test('asks for a file name in a window of its own: saved, cancelled, and asked again before a file is replaced', async () => {
    const file = join(folder, 'there.pdf')
    writeFileSync(file, 'old')
    const ask = async (answer: (dialog: Page) => Promise<void>) => {
      const opening = program.waitForEvent('window')
      const asked = program.evaluate(
        ({ dialog }, defaultPath) =>
          dialog.showSaveDialog({ title: 'Export', defaultPath, filters: [{ name: 'PDF', extensions: ['pdf'] }] }),
        file,
      )
      await answer(await opening)
      return await asked
    }
    const named = join(folder, 'new')
    expect(
      await ask(async (dialog) => {
        await dialog.getByRole('textbox').fill(named)
        await dialog.getByRole('button', { name: 'Save' }).click()
      }),
    ).toEqual({ canceled: false, filePath: `${named}.pdf` })
    expect(
      await ask(async (dialog) => {
        // Closed as a person closes it: once it is there to be seen.
        await dialog.getByRole('textbox').waitFor()
        await dialog.close()
      }),
    ).toEqual({ canceled: true, filePath: '' })
    expect(
      await ask(async (dialog) => {
        const replacing = program.waitForEvent('window')
        await dialog.getByRole('button', { name: 'Save' }).click()
        await (await replacing).getByRole('button', { name: 'Replace' }).click()
      }),
    ).toEqual({ canceled: false, filePath: file })
  })

  test('closes a window the page opened, after its handler has heard of it', async () => {
    await page.evaluate(() => window.open('https://example.com/elsewhere', '_blank'))
    await expect.poll(() => program.evaluate(() => (globalThis as { opened?: string }).opened ?? '')).toBe('https://example.com/elsewhere')
    await expect.poll(() => program.windows().length).toBe(1)
  })

  test('gives way to the first instance and hands it its arguments', async () => {
    const first = await program.evaluate(({ app }) => {
      const heard = new Promise<string[]>((resolve) => app.once('second-instance', (_e, argv) => resolve(argv)))
      Object.assign(globalThis, { heard })
      return app.requestSingleInstanceLock()
    })
    expect(first).toBe(true)
    const second = await program.evaluate(async ({ app }) => {
      const { join } = process.getBuiltinModule('node:path')
      const { writeFileSync, mkdirSync } = process.getBuiltinModule('node:fs')
      const other = join(app.getPath('userData'), 'other')
      mkdirSync(other, { recursive: true })
      writeFileSync(join(other, 'package.json'), JSON.stringify({ name: 'other', version: '1.0.0', main: 'main.cjs' }))
      writeFileSync(join(other, 'main.cjs'), "const { app } = require('electron'); app.exit(app.requestSingleInstanceLock() ? 0 : 7)")
      const started = new Promise<number>((resolve) => {
        const { spawn } = process.getBuiltinModule('node:child_process')
        const child = spawn(process.argv[0] ?? '', [`--user-data-dir=${app.getPath('userData')}`, other, '--demo'], { stdio: 'ignore' })
        child.once('exit', (code) => resolve(code ?? -1))
      })
      return { code: await started, argv: await (globalThis as unknown as { heard: Promise<string[]> }).heard }
    })
    expect(second.code).toBe(7)
    expect(second.argv.at(-1)).toBe('--demo')
  })
})
