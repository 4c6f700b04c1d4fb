/** `hashyard roi FILE.json`: a site file's conversion to AI hosting against mining on. */

import { readSiteFile } from '#shared/decision/site-file.ts'
import type { ConversionOutcome } from '#shared/economics/ai/conversion-draws.ts'
import type { DrawInputs } from '#shared/economics/ai/draw-inputs.ts'
import { siteRoi, treasuryFigures } from '#shared/economics/ai/site-roi.ts'
import { money, percent } from '#shared/format.ts'
import { type Failure, failed, ok, type Result } from '#shared/result.ts'
import { compute } from '../compute/compute.ts'
import { type Command, type CommandContext, printJson, wrongUsage } from './command.ts'
import { parseJson, readText } from './read-json-file.ts'
import { roiJson } from './roi-json.ts'
import { roiText } from './roi-text.ts'

const USAGE = 'roi FILE.json [--draws N] [--seed N]   AI conversion of a site against mining on; - reads standard input'
const DEFAULT_DRAWS = 10_000
const MOST_DRAWS = 1_000_000
/** Coins against the owners' part: a tail of one in twenty needs no more, and it runs here. */
const TREASURY_DRAWS = 5_000

/** On worker threads; how far it is, and what it says so far, on standard error. */
const drawn = async (c: CommandContext, inputs: DrawInputs, draws: number, what: string): Promise<Result<ConversionOutcome>> => {
  const line = process.stderr.isTTY && !c.json
  // Parts end out of order: the look that rests on most draws stays.
  let soFar = ''
  let seen = 0
  const answer = await compute(
    'conversionDraws',
    { ...inputs, draws, seed: c.seed },
    {
      signal: c.signal,
      onProgress: (share, running) => {
        if (!line) return
        if (running !== null && running.draws >= seen) {
          seen = running.draws
          soFar = `, mean ${money(running.meanUsd)} ± ${money(running.halfWidthUsd)}, regret ${percent(running.regretProbability)}`
        }
        c.err(`\r\u001b[K${what}: ${percent(share, 0)}${soFar}`)
      },
    },
  )
  if (line) c.err('\r\u001b[K')
  return answer.ok || answer.failure.kind !== 'cancelled' ? answer : failed('cancelled', `stopped while ${what}; nothing was computed`)
}

/** A mistake in the file names the file, too. */
const inFile = (file: string | undefined, f: Failure): Result<never> => ({
  ok: false,
  failure: { ...f, message: `${file === undefined || file === '-' ? 'standard input' : file}: ${f.message}` },
})

export const command: Command = {
  name: 'roi',
  usage: USAGE,
  options: { draws: { type: 'string' } },
  async run(c) {
    if (c.args.length !== 1) return wrongUsage(failed('invalid-input', 'roi takes one site file').failure, c, USAGE)
    const draws = c.flags.draws === undefined ? DEFAULT_DRAWS : Number(c.flags.draws)
    if (!Number.isInteger(draws) || draws < 1 || draws > MOST_DRAWS)
      return wrongUsage(
        failed('invalid-input', `--draws wants a whole number from 1 to ${MOST_DRAWS}`, { field: 'draws' }).failure,
        c,
        USAGE,
      )
    const text = await readText(c.args[0], c.signal)
    if (!text.ok) return text
    const json = parseJson(text.value)
    if (!json.ok) return inFile(c.args[0], json.failure)
    const read = readSiteFile(json.value)
    if (!read.ok) return inFile(c.args[0], read.failure)
    const roi = siteRoi(read.value.file, c.now())
    if (!roi.ok) return inFile(c.args[0], roi.failure)
    const outcome = roi.value.draws === null ? null : await drawn(c, roi.value.draws, draws, 'drawing the conversion')
    if (outcome !== null && !outcome.ok) return outcome
    const gpuOutcome = roi.value.gpu === null ? null : await drawn(c, roi.value.gpu.draws, draws, 'drawing the GPUs')
    if (gpuOutcome !== null && !gpuOutcome.ok) return gpuOutcome
    const ofSite = read.value.assumed.filter((note) => note.field === 'site')
    const answer = {
      roi: { ...roi.value, assumed: [...ofSite, ...roi.value.assumed] },
      outcome: outcome?.value ?? null,
      gpuOutcome: gpuOutcome?.value ?? null,
      treasury: treasuryFigures(roi.value, Math.min(draws, TREASURY_DRAWS), c.seed),
    }
    const { problems } = read.value
    if (c.json) printJson(c.out, { ...roiJson(answer), problems })
    else {
      c.out(roiText(answer))
      for (const p of problems) c.err(`${p.field}: ${p.reason}\n`)
    }
    return ok(undefined)
  },
}
