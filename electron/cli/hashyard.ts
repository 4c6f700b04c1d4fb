/**
 * `hashyard <command>`: reads the command line, loads the one command asked for, and turns its answer into an exit code.
 * Commands are imported when they are called, so that a heavy one does not slow the others.
 */
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Failure, failed, type Result } from '#shared/result.ts'
import { type Command, type CommandContext, DONE, type ExitCode, FAILED, reportFailure, WRONG_USAGE } from './command.ts'

const commands: Record<string, () => Promise<{ command: Command }>> = {
  run: () => import('./run.ts'),
  demo: () => import('./demo.ts'),
  report: () => import('./report.ts'),
  explain: () => import('./explain.ts'),
  memo: () => import('./memo.ts'),
  poll: () => import('./poll.ts'),
  parse: () => import('./parse.ts'),
  model: () => import('./model.ts'),
  simulate: () => import('./simulate.ts'),
  roi: () => import('./roi.ts'),
  plan: () => import('./plan.ts'),
  backtest: () => import('./backtest.ts'),
  scenario: () => import('./scenario.ts'),
}

/** Named by the contract of the command line, not built yet: a typed refusal, not "unknown command". */
const notBuilt = ['discover', 'meter', 'feed', 'import', 'export', 'backup', 'restore', 'doctor', 'bench']

const commonOptions = {
  json: { type: 'boolean' },
  data: { type: 'string' },
  'allow-loopback': { type: 'boolean' },
  clock: { type: 'string' },
  seed: { type: 'string' },
  debug: { type: 'boolean' },
  demo: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

const USAGE = `Usage: hashyard <command> [options]
  run [--demo] [--for SECONDS]               poll farm and feeds into the data folder until stopped
  demo [--for SECONDS] [--memo FILE.pdf]     the whole job on the simulated farm
  report [--site ID]                         break-even, price, margin and advice per site, from the data folder
  explain FIGURE [--site ID]                 how a figure of the report came about, down to its inputs
  memo --site ID --out FILE.pdf              the decision memo
  poll HOST[:PORT] [--family F]              identify and read one device now
  parse FILE.json                            the reading a driver makes of a recorded device
  simulate --miners N                        a farm of simulated devices on loopback
  model [FILE.json]                          evaluate an economic model
  roi FILE.json [--draws N]                  AI conversion of a site against mining on
  plan FILE.json                             what each group does in each interval of a site file's prices
  backtest --site-file F --prices F.csv      a recorded period played again by four strategies
  scenario ID [--site-file FILE] | --list    what a scenario means by month, and for a site's fleet
Options of every command:
  --json             one JSON document on stdout
  --data DIR         data folder
  --allow-loopback   permit 127.0.0.0/8 as device addresses
  --clock ISO        start the clock here
  --seed N           random source
  --debug            stack traces
`

const MINIMUM_NODE = [22, 14] as const

/** better-sqlite3 13 ends Node 20 with a segmentation fault: say what is wrong before anything loads it. */
export const nodeProblem = (version: string): string | null => {
  const [major = 0, minor = 0] = version
    .replace(/^v/, '')
    .split('.')
    .map((part) => Number.parseInt(part, 10))
  const enough = major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])
  return enough
    ? null
    : `needs Node ${MINIMUM_NODE.join('.')} or newer, this is ${version}. In a checkout use: npm run -s hashyard -- <command>`
}

const usageFailure = (message: string, field?: string): Failure =>
  failed('invalid-input', message, field === undefined ? {} : { field }).failure

/** `--clock 2026-11-24T16:42:00Z`: an instant needs its zone, a local time would mean another moment on each computer. */
const readClock = (text: string): number | null =>
  /T.*(Z|[+-]\d\d:?\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)) ? Date.parse(text) : null

export type CliIo = { out: (text: string) => void; err: (text: string) => void; signal: AbortSignal; env: NodeJS.ProcessEnv }

export const runCli = async (argv: readonly string[], io: CliIo): Promise<ExitCode> => {
  const json = argv.includes('--json')
  const debug = argv.includes('--debug')
  const refuse = (f: Failure, usage: string): ExitCode => {
    if (json) reportFailure(f, { json, out: io.out, err: io.err })
    else io.err(`hashyard: ${f.message}\n${usage}`)
    return WRONG_USAGE
  }
  const wrongNode = nodeProblem(process.version)
  if (wrongNode) {
    reportFailure(failed('not-supported', wrongNode).failure, { json, out: io.out, err: io.err })
    return FAILED
  }

  // First pass only finds the command's name behind options that every command has.
  const { tokens } = parseArgs({ args: [...argv], options: commonOptions, strict: false, allowPositionals: true, tokens: true })
  const first = tokens.find((t) => t.kind === 'positional')
  if (!first) {
    if (tokens.some((t) => t.kind === 'option' && t.name === 'help')) {
      io.out(USAGE)
      return DONE
    }
    return refuse(usageFailure('which command?'), USAGE)
  }
  const name = first.value
  if (notBuilt.includes(name)) {
    const f = failed('not-supported', `"${name}" is not part of this version`).failure
    reportFailure(f, { json, out: io.out, err: io.err })
    return FAILED
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!load) return refuse(usageFailure(`no command "${name}"`), USAGE)

  try {
    const { command } = await load()
    const usage = `Usage: hashyard ${command.usage}\n`
    const parsed = parseCommandLine(
      argv.filter((_, i) => i !== first.index),
      command,
    )
    if (!parsed.ok) return refuse(parsed.failure, usage)
    const { flags, args } = parsed.value
    if (flags.help) {
      io.out(usage)
      return DONE
    }
    const clockStart = typeof flags.clock === 'string' ? readClock(flags.clock) : null
    if (flags.clock !== undefined && clockStart === null)
      return refuse(usageFailure('--clock wants an instant with its zone, such as 2026-11-24T16:42:00Z', 'clock'), usage)
    const seedText = typeof flags.seed === 'string' ? flags.seed : '1'
    if (!/^\d{1,9}$/.test(seedText)) return refuse(usageFailure('--seed wants a whole number from 0 to 999999999', 'seed'), usage)
    if (flags.data === '') return refuse(usageFailure('--data wants a folder', 'data'), usage)
    const startedAt = performance.now()
    const clock = clockStart === null ? null : () => clockStart + Math.round(performance.now() - startedAt)
    const context: CommandContext = {
      args,
      flags,
      json,
      dataDir: typeof flags.data === 'string' ? flags.data : await defaultDataDir(io.env),
      demo: flags.demo === true,
      allowLoopback: flags['allow-loopback'] === true,
      seed: Number.parseInt(seedText, 10),
      now: clock ?? Date.now,
      clock,
      out: io.out,
      err: io.err,
      signal: io.signal,
    }
    const answer = await command.run(context)
    if (typeof answer === 'number') return answer
    if (answer.ok) return DONE
    reportFailure(answer.failure, context)
    return FAILED
  } catch (error) {
    // Our own mistake: one line for the operator, the trace only for who asks.
    const message = error instanceof Error ? error.message : String(error)
    reportFailure(failed('internal', `"${name}" failed: ${message.split('\n')[0]}. Run it again with --debug for the details`).failure, {
      json,
      ...io,
    })
    if (debug && error instanceof Error) io.err(`${error.stack}\n`)
    return FAILED
  }
}

const parseCommandLine = (args: string[], command: Command): Result<{ flags: CommandContext['flags']; args: string[] }> => {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: { ...commonOptions, ...command.options },
      strict: true,
      allowPositionals: true,
    })
    const flags: CommandContext['flags'] = {}
    for (const [key, value] of Object.entries(values)) {
      if (typeof value === 'string' || typeof value === 'boolean') flags[key] = value
    }
    return { ok: true, value: { flags, args: positionals } }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const field = /--([a-z-]+)/.exec(message)?.[1]
    return failed('invalid-input', message.split('. ')[0] ?? message, field === undefined ? {} : { field })
  }
}

const defaultDataDir = async (env: NodeJS.ProcessEnv) => {
  const { platformDataDir } = await import('../store/data-folder.ts')
  return platformDataDir({ platform: process.platform, env })
}

/** Runs the command line of this process and ends it; pipes are emptied first. */
export const main = async (argv: readonly string[] = process.argv.slice(2)): Promise<never> => {
  const stop = new AbortController()
  const onSignal = () => {
    // A second Ctrl+C means it.
    if (stop.signal.aborted) process.exit(130)
    stop.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  // `hashyard report | head -1`: the reader has seen enough.
  process.stdout.on('error', () => process.exit(0))
  const code = await runCli(argv, {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    signal: stop.signal,
    env: process.env,
  })
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))))
  process.exit(code)
}

const calledDirectly = process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)
if (calledDirectly) await main()
