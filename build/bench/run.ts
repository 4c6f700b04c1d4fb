/**
 * `npm run bench [NAME]` and `hashyard bench NAME [--json]`: medians and ratios measured in one run. Each benchmark gets a
 * process of its own, so that none warms up or fills the memory of another. A bar that is missed is exit 1.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Benchmark, Measure, Row } from './benchmark.ts'

const TIMES = 5
const here = new URL('.', import.meta.url)
const notBenchmarks = ['run.ts', 'benchmark.ts']

const names = (): string[] =>
  readdirSync(here)
    .filter((file) => file.endsWith('.ts') && !notBenchmarks.includes(file))
    .map((file) => file.replace(/\.ts$/, ''))
    .sort()

const measure: Measure = {
  median: async (fn, times = TIMES) => {
    await fn()
    const taken: number[] = []
    for (let k = 0; k < times; k++) {
      const started = performance.now()
      await fn()
      taken.push(performance.now() - started)
    }
    return taken.sort((a, b) => a - b)[Math.floor(times / 2)] ?? Number.NaN
  },
}

const asText = (value: number): string => {
  const size = Math.abs(value)
  return size >= 1000 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : size >= 0.1 ? value.toFixed(2) : value.toPrecision(2)
}

const table = (benchmark: Benchmark, rows: readonly Row[]): string => {
  const lines = rows.map((r) => [r.what, asText(r.value), r.unit, r.bar ?? '', r.ok === null ? '' : r.ok ? 'met' : 'MISSED'])
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const laidOut = lines.map(([what = '', value = '', unit = '', bar = '', ok = '']) =>
    `  ${what.padEnd(widths[0] ?? 0)}  ${value.padStart(widths[1] ?? 0)} ${unit.padEnd(widths[2] ?? 0)}  ${bar.padEnd(widths[3] ?? 0)}  ${ok}`.trimEnd(),
  )
  return `${benchmark.name}: ${benchmark.about}\n${laidOut.join('\n')}\n`
}

const runOne = async (name: string, json: boolean): Promise<number> => {
  const { bench }: { bench: Benchmark } = await import(new URL(`${name}.ts`, here).href)
  const rows = await bench.run(measure)
  process.stdout.write(json ? `${JSON.stringify({ name: bench.name, about: bench.about, rows })}\n` : table(bench, rows))
  return rows.some((r) => r.ok === false) ? 1 : 0
}

const [wanted, ...rest] = process.argv.slice(2).filter((arg) => arg !== '--json')
const json = process.argv.includes('--json')
const known = names()
if (rest.length > 0 || (wanted !== undefined && !known.includes(wanted))) {
  process.stderr.write(`bench: no benchmark "${[wanted, ...rest].join(' ')}"; there are ${known.join(', ')}\n`)
  process.exitCode = 2
} else if (wanted !== undefined) {
  process.exitCode = await runOne(wanted, json)
} else {
  if (!json)
    process.stdout.write(
      `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}; medians of ${TIMES} runs\n`,
    )
  const self = fileURLToPath(import.meta.url)
  const codes = known.map((name) => spawnSync(process.execPath, [self, name, ...(json ? ['--json'] : [])], { stdio: 'inherit' }).status)
  process.exitCode = codes.some((code) => code !== 0) ? 1 : 0
}
