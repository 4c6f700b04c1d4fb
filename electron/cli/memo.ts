import type { MemoDraws } from '#shared/memo/blocks.ts'
import { headlineFigures } from '#shared/memo/derivation-page.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import { readVersion } from '../installation.ts'
import { makeDrawRuns } from '../planner/draw-runs.ts'
import { drawsBehind } from '../planner/draws-behind.ts'
import { openRecordedFarm } from '../planner/from-store.ts'
import { scenariosBehind } from '../planner/scenarios-behind.ts'
import { type Command, type CommandContext, printJson, reportFailure, WRONG_USAGE } from './command.ts'
import { drawsOption, readDraws } from './draws-option.ts'

const PAPERS = ['a4', 'letter'] as const
type Asked = {
  site: string
  out: string
  paper: (typeof PAPERS)[number] | null
  replace: boolean
  draws: { draws: number; seed: number } | null
}

const asked = (c: CommandContext): Result<Asked> => {
  const { flags, args } = c
  const { site, out } = flags
  if (typeof site !== 'string' || site === '') return failed('invalid-input', 'memo wants --site ID, or --site all', { field: 'site' })
  if (typeof out !== 'string' || out === '') return failed('invalid-input', 'memo wants --out FILE.pdf', { field: 'out' })
  if (args[0] !== undefined) return failed('invalid-input', `memo takes no "${args[0]}"`)
  const paper = flags.paper === undefined ? null : PAPERS.find((p) => p === flags.paper)
  if (paper === undefined) return failed('invalid-input', '--paper is a4 or letter', { field: 'paper' })
  const draws = readDraws(c)
  if (!draws.ok) return draws
  return ok({ site, out, paper, replace: flags.replace === true, draws: draws.value })
}

const drawsJson = ({ run }: MemoDraws) => ({
  site: run.siteId,
  draws: run.draws,
  seed: run.seed,
  generator: run.generator,
  npv_p10_usd: run.npv.p10Usd,
  npv_p50_usd: run.npv.p50Usd,
  npv_p90_usd: run.npv.p90Usd,
  probability_npv_negative: run.probabilityNpvNegative,
  regret_probability: run.regretProbability,
})

/** The decision memo from the data folder, as `report` reads it: works while another process polls into it. */
export const command: Command = {
  name: 'memo',
  usage: 'memo --site ID|all --out FILE.pdf [--draws N] [--paper a4|letter] [--replace] [--demo]',
  options: { site: { type: 'string' }, out: { type: 'string' }, paper: { type: 'string' }, replace: { type: 'boolean' }, ...drawsOption },
  run: async (c) => {
    const ask = asked(c)
    if (!ask.ok) {
      reportFailure(ask.failure, c)
      if (!c.json) c.err(`Usage: hashyard ${command.usage}\n`)
      return WRONG_USAGE
    }
    const { site, out, paper, replace, draws } = ask.value
    // Charts and printing are loaded for this command only; a path that cannot be written is said before anything is read.
    const [{ writeMemoFor }, { checkOut }] = await Promise.all([import('../memo/make-memo.ts'), import('../memo/write-file.ts')])
    const free = await checkOut(out, { replace })
    if (!free.ok) return free
    const opened = await openRecordedFarm({ dataDir: c.dataDir, demo: c.demo, now: c.now })
    if (!opened.ok) return opened
    const farm = opened.value
    try {
      const { sites, asOfMs } = farm.planner.reports()
      const reports = site === 'all' ? sites : sites.filter((s) => s.id === site)
      if (reports.length === 0)
        return failed('not-found', `no site "${site}"; there are ${sites.map((s) => s.id).join(', ')}`, { field: 'site' })
      const drawn = await drawsBehind({
        runs: makeDrawRuns({ sources: farm.planner.draws, now: c.now, monotonic: () => performance.now() }),
        reports,
        overrides: {},
        wanted: draws,
        signal: c.signal,
      })
      if (!drawn.ok) return drawn
      const written = await writeMemoFor({
        draws: drawn.value,
        scenarios: await scenariosBehind({ scenarios: farm.scenarios, reports, overrides: {} }),
        reports,
        explained: reports.flatMap((r) => farm.planner.explain(r.id, headlineFigures, {}, r.asOfMs) ?? []),
        sources: farm.sources(),
        nowMs: asOfMs,
        version: readVersion(),
        demo: farm.demo,
        ...(paper === null ? {} : { paper }),
        out,
        replace,
        signal: c.signal,
      })
      if (!written.ok) return written
      const { path, pages, bytes, memoId, inputHash, title } = written.value
      if (c.json)
        printJson(c.out, {
          path,
          pages,
          bytes,
          memo_id: memoId,
          input_hash: inputHash,
          title,
          sites: reports.map((r) => r.id),
          draws: drawn.value.map(drawsJson),
        })
      else c.out(`${title}\nMemo ${memoId}${pages === null ? '' : `, ${pages} pages`}, written to ${path}\n`)
      return ok(undefined)
    } finally {
      farm.close()
    }
  },
}
