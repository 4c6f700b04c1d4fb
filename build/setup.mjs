import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium, findProgram } from './chromium-host/find-chromium.mjs'
import { environment, findNode, isEnough } from './node24.mjs'
import { findElectron, hasDisplay, isRoot, root } from './runtime.mjs'

/**
 * `npm run setup`: packages, then something to show a window with. No dependencies, Node 20 will do, and a second run only
 * looks. Says what it found; what it cannot get it names, with the way to get it.
 */
const REACH_WITHIN_MS = 8_000
const FETCH_WITHIN_MS = 240_000
const TRY_AGAIN_AFTER_MS = 24 * 60 * 60_000

/** @param {string} text */
const say = (text) => process.stdout.write(`${text}\n`)
/** @type {string[]} */
const missing = []
/** @param {string} program @param {readonly string[]} args */
const run = (program, args, more = {}) =>
  spawnSync(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32', ...more })

// ---- packages
/** @param {string} file */
const readJson = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
/** npm writes what it installed beside it: every package of the lock file must be there in its version, but for other platforms' ones. */
const packagesMatchLock = () => {
  const lock = readJson(join(root, 'package-lock.json'))
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))
  if (!lock || !installed) return false
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '') return true
    const there = installed.packages[path]
    return there ? there.version === wanted.version : Boolean(wanted.optional || wanted.devOptional || wanted.peer)
  })
}

const installPackages = () => {
  if (packagesMatchLock()) return say('Packages: in place.')
  say('Packages: installing from the lock file …')
  // Warnings about this Node are answered by the Node that comes with the packages.
  const { status } = run('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'])
  if (status === 0) return say('Packages: installed.')
  say('Packages: npm ci failed; its message is above. Nothing else was tried.')
  process.exit(1)
}

// ---- Node
const checkNode = () => {
  const node = findNode()
  if (node === null) missing.push(`Node 22.18 or newer: this is ${process.version}. Install Node 24 (https://nodejs.org).`)
  else
    say(
      isEnough(process.version)
        ? `Node: ${process.version}.`
        : `Node: ${process.version} here is too old; npm's scripts use the one that came with the packages.`,
    )
  return node
}

// ---- Electron
const marker = join(root, 'node_modules', '.cache', 'hashyard', 'electron-out-of-reach')
const outOfReachLately = () => existsSync(marker) && Date.now() - statSync(marker).mtimeMs < TRY_AGAIN_AFTER_MS

const canReachElectron = async () => {
  const mirror = process.env.ELECTRON_MIRROR || process.env.npm_config_electron_mirror || 'https://github.com/electron/electron/releases/'
  // A proxy is npm's and the fetching script's business; only they know how to use it.
  if (process.env.HTTPS_PROXY || process.env.https_proxy) return true
  try {
    await fetch(mirror, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(REACH_WITHIN_MS) })
    return true
  } catch {
    return false
  }
}

/** @param {string | null} node */
const fetchElectron = async (node) => {
  if (findElectron() !== null) return say('Electron: its binary is in place.')
  if (node === null) return
  if (outOfReachLately() && !process.argv.includes('--again'))
    return say('Electron: its binary was out of reach lately; not tried again ("npm run setup -- --again" does).')
  if (await canReachElectron()) {
    say('Electron: fetching its binary …')
    run(node, [join(root, 'node_modules', 'electron', 'install.js')], { timeout: FETCH_WITHIN_MS, env: environment(), shell: false })
  }
  if (findElectron() !== null) return say('Electron: its binary is in place.')
  mkdirSync(join(marker, '..'), { recursive: true })
  writeFileSync(marker, '')
  say('Electron: its binary cannot be fetched from here; the Chromium host shows the window instead.')
}

// ---- Chromium and a display for the tests
const isDebian = () => /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '')

/** A fetched Electron may still lack the libraries of a desktop. @param {string} program */
const lacksLibraries = (program) =>
  process.platform === 'linux' && /not found/.test(spawnSync('ldd', [program], { encoding: 'utf8' }).stdout ?? '')

const wantedFromDebian = () => {
  const electron = findElectron()
  const needsChromium = (electron === null || lacksLibraries(electron)) && findChromium() === null
  const needsXvfb = !hasDisplay() && findProgram(['Xvfb']) === null
  // The window brings its own typeface; a system without any font draws no fallback glyph.
  return [...(needsChromium ? ['chromium', 'chromium-sandbox', 'fonts-dejavu-core'] : []), ...(needsXvfb ? ['xvfb'] : [])]
}

const installFromDebian = () => {
  if (process.platform !== 'linux') return
  const wanted = wantedFromDebian()
  if (wanted.length === 0) return
  if (!isDebian() || !isRoot() || findProgram(['apt-get']) === null) return
  say(`System packages: installing ${wanted.join(', ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (/** @type {string[]} */ ...args) =>
    run('apt-get', ['-q', '-o', 'Acquire::Retries=3', '-o', 'Dpkg::Use-Pty=0', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] })
      .status === 0
  if (!(apt('update') && apt('install', '-y', '--no-install-recommends', ...wanted)))
    say('System packages: apt-get failed; its message is above.')
}

const reportWindow = () => {
  const electron = findElectron()
  const chromium = findChromium()
  if (chromium !== null) say(`Chromium: ${chromium}.`)
  if (electron === null && chromium === null) {
    const how =
      process.platform === 'linux'
        ? isDebian()
          ? 'as root: apt-get install chromium'
          : 'install Chromium with your system’s package manager, or set CHROME_PATH'
        : process.platform === 'darwin'
          ? 'install Google Chrome or Chromium, or run this again where github.com can be reached'
          : 'run this again where github.com can be reached'
    missing.push(`Something to show the window with (Electron's binary or Chromium): ${how}. The command line works without it.`)
  }
  if (!hasDisplay()) {
    const xvfb = findProgram(['Xvfb'])
    if (xvfb !== null) say(`Display: none; the end-to-end tests use ${xvfb}.`)
    else
      missing.push(
        `Xvfb, for the end-to-end tests where there is no display: ${isDebian() ? 'as root: apt-get install xvfb' : 'install it with your system’s package manager'}.`,
      )
  }
  if (isRoot() && process.platform === 'linux') say('Running as root: Chromium has no sandbox for root, and About says so.')
}

installPackages()
const node = checkNode()
await fetchElectron(node)
installFromDebian()
reportWindow()
if (missing.length === 0)
  say('Ready. "npm start" opens the window, "npm start -- --demo" the simulated farm, "npm test" runs every check and test.')
else {
  say('Missing:')
  for (const what of missing) say(`  - ${what}`)
}
// Without Node nothing runs; everything else has a way round.
process.exit(node === null ? 1 : 0)
