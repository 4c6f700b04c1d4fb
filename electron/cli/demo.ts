import type { OutputOf } from '#shared/contract.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import { MINUTE_MS } from '#shared/time.ts'
import { type Engine, startEngine } from '../engine.ts'
import { readVersion, simulatorThread } from '../installation.ts'
import { type Command, type CommandContext, printJson, wrongUsage } from './command.ts'
import { demoMachinesOption, readDemoMachines } from './demo-machines.ts'
import { drawsOption, readDraws } from './draws-option.ts'
import { reportJson } from './report-json.ts'
import { reportText } from './report-text.ts'
import { sweepText } from './run.ts'
import { readSeconds, waitFor } from './seconds.ts'

/** Without `--for`: until everything was read once, yet not for ever. */
const LONGEST_FIRST_ROUND_MS = MINUTE_MS

/** The file was named by hand for this run: a second demo into the same file replaces it. */
const REPLACE = { replace: true }

const readAsked = (c: CommandContext) => {
  if (c.args[0] !== undefined) return failed('invalid-input', `demo takes no "${c.args[0]}"`)
  const duration = readSeconds(c.flags.for, 'for')
  if (!duration.ok) return duration
  if (c.flags.memo === '') return failed('invalid-input', '--memo wants FILE.pdf', { field: 'memo' })
  const draws = readDraws(c)
  if (!draws.ok) return draws
  const size = readDemoMachines(c.flags)
  if (!size.ok) return size
  return ok({
    durationMs: duration.value,
    memo: typeof c.flags.memo === 'string' ? { out: c.flags.memo, draws: draws.value } : null,
    size: size.value,
  })
}

/** The whole job on the simulated farm: poll, store, compute, print the report, write the memo. */
export const command: Command = {
  name: 'demo',
  usage: 'demo [--for SECONDS] [--memo FILE.pdf] [--draws N] [--site ID] [--machines N]',
  options: { for: { type: 'string' }, memo: { type: 'string' }, site: { type: 'string' }, ...drawsOption, ...demoMachinesOption },
  run: async (c) => {
    const asked = readAsked(c)
    if (!asked.ok) return wrongUsage(asked.failure, c, command.usage)
    const { durationMs, memo, size } = asked.value
    if (memo !== null) {
      // A place that cannot be written is said now, not after the work.
      const { checkOut } = await import('../memo/write-file.ts')
      const free = await checkOut(memo.out, REPLACE)
      if (!free.ok) return free
    }
    const startedAt = performance.now()
    const started = await startEngine({
      dataDir: c.dataDir,
      demo: true,
      allowLoopback: c.allowLoopback,
      pollIntervalMs: null,
      clock: c.clock,
      seed: c.seed,
      simulatorThread: simulatorThread(),
      log: (line) => c.err(`${line}\n`),
      version: readVersion(),
      ...size,
    })
    if (!started.ok) return started
    const engine = started.value
    if (!c.json) engine.onSweep((s) => c.err(`${sweepText(s)}\n`))
    try {
      const firstRound = Promise.all([engine.firstSweep, engine.marketReady])
      const everything = durationMs === null ? Promise.all([firstRound, engine.marketCaughtUp]) : firstRound
      await Promise.race([everything, waitFor(LONGEST_FIRST_ROUND_MS, c.signal)])
      if (durationMs !== null) await waitFor(Math.max(0, durationMs - (performance.now() - startedAt)), c.signal)
      return await conclude(engine, c, memo)
    } finally {
      await engine.stop()
    }
  },
}

type Memo = { readonly out: string; readonly draws: { readonly draws: number; readonly seed: number } | null }

const conclude = async (engine: Engine, c: CommandContext, wanted: Memo | null): Promise<Result<void>> => {
  // Asked in one breath, so that screen, memo and JSON hold the same figures though a sweep may end meanwhile.
  const [report, document] = await Promise.all([
    engine.answer('sites.report', {}),
    wanted === null
      ? null
      : engine.answer('memo.document', {
          sites: typeof c.flags.site === 'string' ? [c.flags.site] : [],
          overrides: {},
          ...(wanted.draws === null ? {} : { draws: wanted.draws }),
        }),
  ])
  if (!report.ok) return report
  const status = await engine.answer('app.status', {})
  if (!status.ok) return status
  if (status.value.lastSweep === null) return failed('stale', 'stopped before the first sweep: there is nothing to report yet')
  const { asOfMs, sites: all } = report.value
  const sites = c.flags.site === undefined ? all : all.filter((s) => s.id === c.flags.site)
  if (sites.length === 0)
    return failed('not-found', `no site "${String(c.flags.site)}"; there are ${all.map((s) => s.id).join(', ')}`, { field: 'site' })
  const memo = wanted === null || document === null ? ok(null) : await writeMemo(document, c, wanted.out)
  if (!memo.ok) return memo
  if (c.json) {
    printJson(c.out, {
      ...reportJson({ sites, version: status.value.version, demo: true, asOfMs }),
      sweeps: { committed: status.value.committedSweeps },
      store_problem: status.value.storeProblem,
      memo: memo.value,
    })
  } else {
    c.out(reportText({ sites, demo: true }))
    if (memo.value) c.out(`\nMemo written to ${memo.value.path}\n`)
  }
  return ok(undefined)
}

const writeMemo = async (document: Result<OutputOf<'memo.document'>>, c: CommandContext, out: string) => {
  if (!document.ok) return document
  const { writeMemoDocument } = await import('../memo/make-memo.ts')
  const memo = await writeMemoDocument({ document: document.value, out, ...REPLACE, signal: c.signal })
  if (!memo.ok) return memo
  const { path, pages, bytes, memoId, inputHash } = memo.value
  return ok({ path, pages, bytes, memo_id: memoId, input_hash: inputHash })
}
