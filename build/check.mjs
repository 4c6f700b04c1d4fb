import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { environment, needNode24 } from './node24.mjs'
import { root } from './runtime.mjs'

/** `npm run check`: the rules that keep the shape visible, one line each. A check that saw nothing has failed. */
const AT_ONCE = 2
/** dependency-cruiser passes on an empty set: fewer modules than this means that it did not look. */
const FEWEST_MODULES = 250

/** What the window reads at its first load, and what runs before it, in compressed kB. */
const BUDGET_KB = { window: 450, preload: 40 }

const overBudget = () => {
  const assets = join(root, 'dist', 'renderer', 'assets')
  const scripts = readdirSync(assets)
    .filter((file) => file.endsWith('.js'))
    .map((file) => join(assets, file))
  const kb = (/** @type {string[]} */ files) => files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length / 1024, 0)
  const sizes = { window: kb(scripts), preload: kb([join(root, 'dist', 'preload.cjs')]) }
  const over = Object.entries(BUDGET_KB).filter(([part, most]) => !(sizes[/** @type {'window' | 'preload'} */ (part)] <= most))
  return over.length === 0 && scripts.length > 0
    ? null
    : `over budget: ${JSON.stringify(sizes)} kB compressed, at most ${JSON.stringify(BUDGET_KB)}`
}

/** @typedef {{ name: string, command: string[], saw?: (output: string) => string | null }} Check */

/** @type {Check[]} */
const checks = [
  ...['shared', 'electron', 'renderer', 'test', 'e2e', 'build'].map((tree) => ({
    name: `types ${tree}`,
    command: ['tsc', '-p', tree, '--noEmit'],
  })),
  { name: 'bundle and its size', command: ['node', 'build/bundle.mjs'], saw: overBudget },
  {
    name: 'dependencies',
    command: ['depcruise', '--config', 'build/dependency-cruiser.cjs', '--output-type', 'err-long', 'shared', 'electron', 'renderer'],
    saw: (output) => {
      const modules = Number(/\((\d+) modules/.exec(output)?.[1] ?? 0)
      return modules >= FEWEST_MODULES ? null : `only ${modules} modules were looked at; at least ${FEWEST_MODULES} were expected`
    },
  },
  { name: 'unused code', command: ['knip', '--config', 'build/knip.json', '--no-progress'] },
  {
    name: 'lint and layout',
    command: ['biome', 'ci', '--colors=off', '.'],
    saw: (output) => (/Checked [1-9]\d* files/.test(output) ? null : 'Biome looked at no file'),
  },
]

/** @param {string[]} command @returns {Promise<{ code: number, output: string }>} */
const run = ([program = '', ...args]) =>
  new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    child.once('error', (problem) => resolve({ code: 1, output: problem.message }))
    child.once('close', (code) => resolve({ code: code ?? 1, output }))
  })

/** @returns {Promise<{ passed: number, failed: number }>} */
export const check = async () => {
  let failed = 0
  const waiting = [...checks]
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { name, command, saw } = next
      const started = Date.now()
      const { code, output } = await run(command)
      const problem = code === 0 ? (saw?.(output) ?? null) : output.trim()
      if (problem !== null) failed += 1
      const seconds = `${((Date.now() - started) / 1000).toFixed(1)} s`
      process.stdout.write(`${name.padEnd(21)}${problem === null ? 'ok' : 'FAILED'}  ${seconds}\n${problem === null ? '' : `${problem}\n`}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return { passed: checks.length - failed, failed }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await needNode24(import.meta.url)
  const { failed } = await check()
  process.exit(failed === 0 ? 0 : 1)
}
