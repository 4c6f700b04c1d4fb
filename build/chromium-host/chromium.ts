import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { connectDevtools, type Devtools } from './devtools.ts'

export const runsAsRoot = () => process.getuid?.() === 0

/** Nothing of this browser may talk to anyone: it shows one page of ours. */
const SWITCHES = [
  'no-first-run',
  'no-default-browser-check',
  'disable-background-networking',
  'disable-component-update',
  'disable-sync',
  'disable-quic',
  'disable-domain-reliability',
  'disable-default-apps',
  'disable-extensions',
  'disable-breakpad',
  'metrics-recording-only',
  'no-pings',
  'password-store=basic',
  'disable-search-engine-choice-screen',
  'disable-session-crashed-bubble',
  'hide-crash-restore-bubble',
  // The page is answered by this process; no name and no address leads anywhere.
  'host-resolver-rules=MAP * ~NOTFOUND',
  'no-proxy-server',
  // Windows opened by the page are refused by the browser itself; the host closes what slips through.
  'block-new-web-contents',
  'disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,MediaRouter,OptimizationHints,Translate,NetworkTimeServiceQuerying,GlobalMediaControls',
]
const PROFILE = 'hashyard-chromium-'

export type Chromium = {
  devtools: Devtools
  pid: number
  headless: boolean
  sandboxed: boolean
  profile: string
  /** Opens a window without tabs or address bar in the running browser. */
  openAppWindow(url: string): Promise<void>
  end(): Promise<void>
  endNow(): void
}

/** Profiles are named after the host's pid; one whose host was killed is removed by the next. */
const sweepOldProfiles = () => {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(/^hashyard-chromium-(\d+)-/.exec(name)?.[1] ?? Number.NaN)
    if (!Number.isInteger(pid)) continue
    try {
      process.kill(pid, 0)
    } catch (problem) {
      if ((problem as NodeJS.ErrnoException).code === 'ESRCH') rmSync(join(tmpdir(), name), { recursive: true, force: true })
    }
  }
}

const merged = (switches: readonly string[]) => {
  const features = new Map<string, string[]>()
  const rest: string[] = []
  for (const s of switches) {
    const [, name, list] = /^(disable-features|enable-features)=(.*)$/.exec(s) ?? []
    if (name) features.set(name, [...(features.get(name) ?? []), ...(list ?? '').split(',').filter(Boolean)])
    else rest.push(s)
  }
  return [...new Set(rest), ...[...features].map(([name, list]) => `${name}=${[...new Set(list)].join(',')}`)].map((s) => `--${s}`)
}

export const startChromium = (o: {
  file: string
  headless: boolean
  sandbox: boolean
  switches: readonly string[]
  debuggingPort: string | null
}): Chromium => {
  sweepOldProfiles()
  const profile = mkdtempSync(join(tmpdir(), `${PROFILE}${process.pid}-`))
  const own = [`user-data-dir=${profile}`, ...(o.sandbox ? [] : ['no-sandbox', 'test-type']), ...(o.headless ? ['headless'] : [])]
  const child: ChildProcess = spawn(
    o.file,
    [
      ...merged([...SWITCHES, ...o.switches, ...own]),
      '--no-startup-window',
      '--remote-debugging-pipe',
      ...(o.debuggingPort === null ? [] : [`--remote-debugging-port=${o.debuggingPort}`]),
    ],
    // A group of its own: Ctrl+C in a terminal is for this process, which closes the windows in order. Its closed pipe ends Chromium.
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'], detached: process.platform !== 'win32' },
  )
  // Whoever drives us (Playwright) waits for this one line; the rest of Chromium's chatter is kept for a failed start.
  let tail = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-4000)
    for (const line of text.split('\n')) if (line.startsWith('DevTools listening on ')) process.stderr.write(`${line}\n`)
  })
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', (problem) => {
      process.stderr.write(`Chromium could not be started: ${problem.message}\n`)
      resolve()
    })
  })
  const devtools = connectDevtools(child.stdio[3] as Writable, child.stdio[4] as Readable)
  let ending = false
  void exited.then(() => {
    if (!ending && child.exitCode !== 0) process.stderr.write(`Chromium ended with ${child.exitCode ?? child.signalCode}\n${tail}`)
  })
  const removeProfile = () => rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })

  return {
    devtools,
    pid: child.pid ?? 0,
    headless: o.headless,
    sandboxed: o.sandbox,
    profile,
    openAppWindow: (url) =>
      new Promise((resolve, reject) => {
        // A second start with the same profile hands its command line to the first and ends.
        const second = spawn(o.file, [...merged([...SWITCHES, ...own]), `--app=${url}`], { stdio: 'ignore' })
        second.once('error', reject)
        second.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`Chromium refused to open a window (exit ${code})`))))
      }),
    end: async () => {
      ending = true
      const kill = setTimeout(() => child.kill('SIGKILL'), 3000)
      await devtools.send('Browser.close').catch(() => undefined)
      await exited
      clearTimeout(kill)
      removeProfile()
    },
    endNow: () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      try {
        removeProfile()
      } catch {
        // Chromium's last writes can outlive it by a moment; the next start sweeps the folder.
      }
    },
  }
}
