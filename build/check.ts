// `npm run check`: types per tree, directions of imports, dead code, layout and lint. One line a check, exit 1 on any.
// A check that can pass on nothing asserts that it saw something (the module count below).
import { spawn } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = (name: string) => fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url))

/** TypeScript 7 has no compiler API yet: with it dependency-cruiser sees 0 modules and passes. The floor is below today's count. */
const MODULE_FLOOR = 150

const trees = ['shared', 'electron', 'renderer', 'test', 'e2e', 'build']

type Ended = { code: number; stdout: string; stderr: string }
type Outcome = { ok: boolean; detail: string; note: string }

const run = (command: string, args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(bin(command), args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (d) => {
      stdout += d
    })
    child.stderr.on('data', (d) => {
      stderr += d
    })
    child.on('error', (error) => resolve({ code: 1, stdout, stderr: String(error) }))
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, stderr }))
  })

const plain = (command: string, args: readonly string[]) => async (): Promise<Outcome> => {
  const { code, stdout, stderr } = await run(command, args)
  return { ok: code === 0, detail: `${stdout}${stderr}`.trim(), note: '' }
}

/** The part of dependency-cruiser's report that is read here. */
type Cruise = {
  summary: { totalCruised: number; violations: { rule: { name: string }; from: string; to: string }[] }
  modules: { source: string; dependencies: { module: string; couldNotResolve: boolean }[] }[]
}

const imports = async (): Promise<Outcome> => {
  const { stdout, stderr } = await run('depcruise', [
    '--config',
    'build/dependency-cruiser.cjs',
    '--output-type',
    'json',
    'electron',
    'renderer',
    'shared',
    'build',
    'e2e',
  ])
  let report: Cruise
  try {
    report = JSON.parse(stdout) as Cruise
  } catch {
    return { ok: false, detail: `dependency-cruiser printed no report: ${stderr.trim()}`, note: '' }
  }
  const { totalCruised, violations } = report.summary
  const unresolved = report.modules.flatMap((m) =>
    m.dependencies.filter((d) => d.couldNotResolve).map((d) => `${m.source}: cannot resolve ${d.module}`),
  )
  const lines = [...violations.map((v) => `${v.rule.name}: ${v.from} → ${v.to}`), ...unresolved]
  if (totalCruised < MODULE_FLOOR) lines.push(`saw ${totalCruised} modules, expected at least ${MODULE_FLOOR}: the check looked at nothing`)
  return { ok: lines.length === 0, detail: lines.join('\n'), note: `${totalCruised} modules` }
}

const checks: { name: string; go: () => Promise<Outcome> }[] = [
  ...trees.map((tree) => ({ name: `types ${tree}`, go: plain('tsc', ['-p', tree]) })),
  { name: 'imports', go: imports },
  { name: 'dead code', go: plain('knip', ['--config', 'build/knip.json', '--no-progress']) },
  { name: 'layout and lint', go: plain('biome', ['check', '--error-on-warnings', '.']) },
]

/** Runs every check, two at a time; resolves to how many passed and failed. */
export const check = async (print = console.log) => {
  const waiting = [...checks]
  let passed = 0
  let failed = 0
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const started = performance.now()
      const { ok, detail, note } = await next.go()
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      print(`${ok ? 'ok    ' : 'FAILED'} ${next.name}${note ? `, ${note}` : ''} (${seconds} s)${ok ? '' : `\n${detail}`}`)
      if (ok) passed++
      else failed++
    }
  }
  await Promise.all([work(), work()])
  return { passed, failed, skipped: 0 }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { passed, failed } = await check()
  console.log(`${passed} checks passed, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
}
