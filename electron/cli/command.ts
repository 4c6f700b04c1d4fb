/** What a command of `hashyard` is, and how what it answers becomes standard output, standard error and an exit code. */
import type { ParseArgsConfig } from 'node:util'
import type { Failure, Result } from '#shared/result.ts'

/** 0 done · 1 a failure that was expected to be possible · 2 wrong usage. */
export type ExitCode = 0 | 1 | 2
export const DONE = 0 satisfies ExitCode
export const FAILED = 1 satisfies ExitCode
export const WRONG_USAGE = 2 satisfies ExitCode

export type Flags = Record<string, string | boolean | undefined>

export type CommandContext = {
  /** Positional arguments after the command's name. */
  args: string[]
  /** The command's own options as `node:util` parseArgs read them. */
  flags: Flags
  json: boolean
  dataDir: string
  demo: boolean
  allowLoopback: boolean
  seed: number
  /** UTC milliseconds; `--clock` sets where it starts, it runs on from there. */
  now: () => number
  /** Null unless `--clock` was given: who needs a clock of his own (engine, simulator) then takes `now`. */
  clock: (() => number) | null
  out: (text: string) => void
  err: (text: string) => void
  /** Aborted by SIGINT and SIGTERM. */
  signal: AbortSignal
}

export type Command = {
  name: string
  /** One line after `hashyard`: "report [--site ID]". */
  usage: string
  options: NonNullable<ParseArgsConfig['options']>
  run(c: CommandContext): Promise<Result<void> | ExitCode>
}

/** One JSON document a call (a stream calls it once a line). */
export const printJson = (out: (text: string) => void, document: unknown) => out(`${JSON.stringify(document)}\n`)

/** Under `--json` the failure is the one document on stdout; otherwise a sentence on stderr. Never a stack trace. */
export const reportFailure = (f: Failure, c: { json: boolean; out: (text: string) => void; err: (text: string) => void }) => {
  if (c.json) {
    const { kind, message, field, line } = f
    const error = { kind, message, ...(field === undefined ? {} : { field }), ...(line === undefined ? {} : { line }) }
    printJson(c.out, { error })
  } else {
    c.err(`hashyard: ${f.message}\n`)
  }
}

/** A value that the command line should not have held: the reason, then how it is called. */
export const wrongUsage = (failure: Failure, c: CommandContext, usage: string): ExitCode => {
  reportFailure(failure, c)
  if (!c.json) c.err(`Usage: hashyard ${usage}\n`)
  return WRONG_USAGE
}
