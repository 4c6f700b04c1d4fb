import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, isAbsolute, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import * as z from 'zod'
import { type Failure, failed, ok, type Result } from '#shared/result.ts'

/**
 * Prints a memo where there is no Electron window: an installed Chromium or Chrome, spoken to over the DevTools protocol through two
 * pipes (file descriptors 3 and 4), so that nothing listens on a port. The page is loaded with scripts off and every request refused:
 * a memo carries its fonts and charts itself, and nothing in it may reach the network (`threat-model.md` E4, R8).
 */
const DEADLINE_MS = 30_000
/** How long Chromium may take to close itself before its process group is ended by its id. */
const GRACE_MS = 2_000
/** `@page` margin boxes, which carry the page numbers and the footer, arrived with this release. */
const OLDEST_CHROMIUM = 131
/** One answer; a memo's PDF is a few hundred kilobytes. */
const LARGEST_ANSWER = 128 * 1024 * 1024

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge', 'microsoft-edge-stable']
const WINDOWS_NAMES = ['chrome.exe', 'chromium.exe', 'msedge.exe']

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false // absent or not ours to run: the next place is tried
  }
}

const usualPlaces = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] => {
  if (platform === 'darwin')
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].flatMap((app) =>
      ['/Applications', join(env.HOME ?? '/', 'Applications')].map((folder) => join(folder, `${app}.app`, 'Contents', 'MacOS', app)),
    )
  if (platform === 'win32')
    return [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].flatMap((folder) =>
      folder
        ? [
            join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
            join(folder, 'Chromium', 'Application', 'chrome.exe'),
            join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
          ]
        : [],
    )
  return ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome'].flatMap((folder) => NAMES.map((name) => join(folder, name)))
}

const howToInstall = (platform: NodeJS.Platform): string =>
  platform === 'darwin'
    ? 'Install Google Chrome, or Chromium with "brew install --cask chromium"'
    : platform === 'win32'
      ? 'Install Google Chrome or Microsoft Edge'
      : 'Install Chromium (Debian and Ubuntu: "apt install chromium"; Fedora: "dnf install chromium") or Google Chrome'

type Surroundings = { env: NodeJS.ProcessEnv; platform: NodeJS.Platform; isProgram: (path: string) => boolean }

/** CHROME_PATH, then the known names on PATH, then the places installers use. */
export const findChromium = (
  { env, platform, isProgram: startable }: Surroundings = { env: process.env, platform: process.platform, isProgram },
): Result<string> => {
  const named = env.CHROME_PATH
  if (named) {
    if (startable(named)) return ok(named)
    return failed(
      'not-supported',
      `The memo cannot be printed: CHROME_PATH names ${named}, which is not a program that can be started. Correct it, or unset it to use the installed Chromium.`,
    )
  }
  const onPath = (env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .flatMap((folder) => (platform === 'win32' ? WINDOWS_NAMES : NAMES).map((name) => join(folder, name)))
  const found = [...onPath, ...usualPlaces(env, platform)].find(startable)
  if (found) return ok(found)
  return failed(
    'not-supported',
    `The memo cannot be printed: no Chromium or Chrome was found on this computer. ${howToInstall(platform)}, or set CHROME_PATH to its program file, then run the command again.`,
  )
}

const flags = (profile: string): string[] => [
  '--headless=new',
  '--remote-debugging-pipe',
  `--user-data-dir=${profile}`,
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-sync',
  '--disable-quic',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--metrics-recording-only',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--mute-audio',
  // Chromium refuses its own sandbox to root; everyone else keeps it.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  'about:blank',
]

const Message = z.object({
  id: z.int().optional(),
  method: z.string().optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.object({ message: z.string() }).optional(),
  sessionId: z.string().optional(),
})

/** What went wrong between us and Chromium; turned into a `Failure` at this file's edge. */
class DevtoolsError extends Error {
  override name = 'DevtoolsError'
}

type Devtools = {
  ask(method: string, params?: Record<string, unknown>, sessionId?: string): Promise<Record<string, unknown>>
  listen(method: string, listener: (params: Record<string, unknown>, sessionId: string | undefined) => void): void
  giveUp(reason: Error): void
}

/** DevTools messages are JSON, each ended by one NUL byte, in both directions. */
const speakDevtools = (toChromium: Writable, fromChromium: Readable): Devtools => {
  const waiting = new Map<number, { resolve(result: Record<string, unknown>): void; reject(reason: Error): void }>()
  const listeners = new Map<string, (params: Record<string, unknown>, sessionId: string | undefined) => void>()
  let lastId = 0
  let over: Error | null = null
  let pieces: Buffer[] = []
  let held = 0

  const giveUp = (reason: Error) => {
    over ??= reason
    for (const { reject } of waiting.values()) reject(over)
    waiting.clear()
  }
  const take = (text: string) => {
    const message = Message.parse(JSON.parse(text))
    if (message.id !== undefined) {
      const asked = waiting.get(message.id)
      waiting.delete(message.id)
      if (message.error) asked?.reject(new DevtoolsError(message.error.message))
      else asked?.resolve(message.result ?? {})
    } else if (message.method) listeners.get(message.method)?.(message.params ?? {}, message.sessionId)
  }
  fromChromium.on('data', (chunk: Buffer) => {
    let rest = chunk
    for (let end = rest.indexOf(0); end !== -1; end = rest.indexOf(0)) {
      pieces.push(rest.subarray(0, end))
      const text = Buffer.concat(pieces).toString('utf8')
      pieces = []
      held = 0
      rest = rest.subarray(end + 1)
      try {
        take(text)
      } catch (cause) {
        giveUp(
          new DevtoolsError(`an answer could not be read (${cause instanceof Error ? cause.message.slice(0, 200) : 'no reason given'})`),
        )
      }
    }
    pieces.push(rest)
    held += rest.length
    if (held > LARGEST_ANSWER) giveUp(new DevtoolsError(`an answer was larger than ${LARGEST_ANSWER / 1024 / 1024} MiB`))
  })
  // A broken pipe shows as the end of the process, which `giveUp` is told with its exit code; the stream's own error adds nothing.
  for (const stream of [toChromium, fromChromium]) stream.on('error', () => {})

  return {
    ask: (method, params = {}, sessionId) =>
      new Promise((resolve, reject) => {
        if (over) return reject(over)
        lastId += 1
        waiting.set(lastId, { resolve, reject })
        toChromium.write(`${JSON.stringify({ id: lastId, method, params, ...(sessionId ? { sessionId } : {}) })}\0`)
      }),
    listen: (method, listener) => listeners.set(method, listener),
    giveUp,
  }
}

const endProcess = (child: ChildProcess) => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    // Started as the leader of its own group, so the renderers it started end with it. Windows has no groups; there the closed pipe ends them.
    if (process.platform === 'win32') child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL') // the group is gone already
  }
}

const text = (value: unknown, what: string): string => {
  if (typeof value !== 'string' || value === '') throw new DevtoolsError(`its answer named no ${what}`)
  return value
}

const printPage = async (devtools: Devtools, html: string): Promise<Uint8Array> => {
  const version = text((await devtools.ask('Browser.getVersion')).product, 'version')
  const major = Number(/\/(\d+)\./.exec(version)?.[1] ?? 0)
  if (major < OLDEST_CHROMIUM)
    throw new DevtoolsError(`it is ${version}; page numbers and footers need release ${OLDEST_CHROMIUM} or newer. Update it`)
  const targetId = text((await devtools.ask('Target.createTarget', { url: 'about:blank' })).targetId, 'page')
  const page = text((await devtools.ask('Target.attachToTarget', { targetId, flatten: true })).sessionId, 'session')
  const ask = (method: string, params?: Record<string, unknown>) => devtools.ask(method, params, page)

  devtools.listen('Fetch.requestPaused', ({ requestId }) => {
    ask('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' }).catch(() => {}) // the page is closing: the request ends with it
  })
  await ask('Fetch.enable', { patterns: [{ urlPattern: '*' }] })
  await ask('Emulation.setScriptExecutionDisabled', { value: true })
  await ask('Emulation.setEmulatedMedia', { media: 'print' })
  await ask('Page.enable')
  const tree = z.object({ frame: z.object({ id: z.string() }) }).safeParse((await ask('Page.getFrameTree')).frameTree)
  if (!tree.success) throw new DevtoolsError('its answer named no frame')
  await ask('Page.setDocumentContent', { frameId: tree.data.frame.id, html })
  // Our own question, not a script of the page: every embedded face is read before the first line is set.
  await ask('Runtime.evaluate', {
    expression:
      'Promise.all([...document.fonts].map((face) => face.load().catch(() => null))).then(() => document.fonts.ready).then(() => true)',
    awaitPromise: true,
    returnByValue: true,
  })
  const printed = await ask('Page.printToPDF', {
    printBackground: true,
    preferCSSPageSize: true,
    displayHeaderFooter: false,
    generateTaggedPDF: true,
    generateDocumentOutline: true,
    transferMode: 'ReturnAsBase64',
  })
  return Uint8Array.from(Buffer.from(text(printed.data, 'PDF'), 'base64'))
}

/** A PDF of the page, real text, tagged, with an outline; paper and margins come from the page's own `@page`. Ends within 30 s. */
export const printHtml = async (o: {
  html: string
  chromium?: string
  signal?: AbortSignal
  deadlineMs?: number
}): Promise<Result<Uint8Array>> => {
  const found = o.chromium === undefined ? findChromium() : ok(o.chromium)
  if (!found.ok) return found
  const deadlineMs = o.deadlineMs ?? DEADLINE_MS
  const profile = await mkdtemp(join(tmpdir(), 'hashyard-print-'))
  const child = spawn(found.value, flags(profile), {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const [, , complaints, toChromium, fromChromium] = child.stdio
  const lastWords: string[] = []
  complaints?.on('data', (chunk: Buffer) => {
    lastWords.push(chunk.toString('utf8'))
    if (lastWords.length > 20) lastWords.shift()
  })
  const endWithUs = () => endProcess(child)
  process.once('exit', endWithUs)
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const devtools = speakDevtools(toChromium as Writable, fromChromium as Readable)
  child.once('error', (cause) => devtools.giveUp(new DevtoolsError(`it could not be started (${cause.message})`)))
  child.once('exit', (code, signal) => {
    const said = lastWords
      .join('')
      .split('\n')
      .filter((line) => /FATAL|ERROR.*sandbox|No usable sandbox/i.test(line))
      .at(-1)
    devtools.giveUp(
      new DevtoolsError(
        `it ended with ${signal ?? `code ${code}`} before the memo was printed${said ? `: ${said.trim().slice(0, 300)}` : ''}`,
      ),
    )
  })
  let late: Failure | null = null
  let printed = false
  const stop = (failure: Failure) => {
    late ??= failure
    devtools.giveUp(new DevtoolsError(failure.message))
  }
  const timer = setTimeout(
    () =>
      stop({
        kind: 'timeout',
        message: `The memo was not printed within ${deadlineMs / 1000} s; Chromium (${found.value}) was ended. Try again.`,
      }),
    deadlineMs,
  )
  const cancel = () => stop({ kind: 'refused', message: 'Printing the memo was cancelled. Nothing was written.' })
  o.signal?.addEventListener('abort', cancel, { once: true })
  if (o.signal?.aborted) cancel()
  try {
    const pdf = await printPage(devtools, o.html)
    if (Buffer.from(pdf.subarray(0, 5)).toString('latin1') !== '%PDF-')
      return failed('unexpected-reply', `Chromium (${found.value}) answered with something that is no PDF. Nothing was written.`)
    printed = true
    return ok(pdf)
  } catch (cause) {
    if (late) return { ok: false, failure: late }
    if (!(cause instanceof DevtoolsError)) throw cause
    return failed('not-supported', `Chromium (${found.value}) could not print the memo: ${cause.message}. Nothing was written.`)
  } finally {
    clearTimeout(timer)
    o.signal?.removeEventListener('abort', cancel)
    devtools.ask('Browser.close').catch(() => {}) // it may be gone already; what follows does not depend on the answer
    const patience = setTimeout(endWithUs, printed ? GRACE_MS : 0)
    await gone
    clearTimeout(patience)
    process.removeListener('exit', endWithUs)
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}
