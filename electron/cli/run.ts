import { count } from '#shared/format.ts'
import { failed, ok } from '#shared/result.ts'
import { isoInstant, SECOND_MS } from '#shared/time.ts'
import { startEngine } from '../engine.ts'
import { readVersion, simulatorThread } from '../installation.ts'
import type { SweepRow } from '../store/sweeps.ts'
import { type Command, type CommandContext, printJson, wrongUsage } from './command.ts'
import { demoMachinesOption, readDemoMachines } from './demo-machines.ts'
import { readSeconds, waitFor } from './seconds.ts'

export const sweepText = (s: SweepRow): string =>
  `sweep ${s.id}  ${isoInstant(s.finishedAtMs)}  ${s.reported.toLocaleString('en-US')} of ${count(s.machines, 'machine')}, ${s.metersReported} of ${count(s.meters, 'meter')}, ${((s.finishedAtMs - s.startedAtMs) / SECOND_MS).toFixed(1)} s`

const sweepJson = (s: SweepRow) => ({
  sweep: s.id,
  started_at: isoInstant(s.startedAtMs),
  finished_at: isoInstant(s.finishedAtMs),
  machines: s.machines,
  reported: s.reported,
  meters: s.meters,
  meters_reported: s.metersReported,
})

const readAsked = (c: CommandContext) => {
  if (c.args[0] !== undefined) return failed('invalid-input', `run takes no "${c.args[0]}"`)
  const duration = readSeconds(c.flags.for, 'for')
  if (!duration.ok) return duration
  const interval = readSeconds(c.flags.interval, 'interval')
  if (!interval.ok) return interval
  if (interval.value !== null && interval.value < SECOND_MS)
    return failed('invalid-input', '--interval: at least 1 second', { field: 'interval' })
  const size = readDemoMachines(c.flags)
  return size.ok ? ok({ durationMs: duration.value, intervalMs: interval.value, size: size.value }) : size
}

/** Polls farm and feeds into the data folder. A line stands for a sweep that is on the disk. */
export const command: Command = {
  name: 'run',
  usage: 'run [--demo] [--for SECONDS] [--interval SECONDS] [--machines N]',
  options: { for: { type: 'string' }, interval: { type: 'string' }, ...demoMachinesOption },
  run: async (c) => {
    const asked = readAsked(c)
    if (!asked.ok) return wrongUsage(asked.failure, c, command.usage)
    const { durationMs, intervalMs, size } = asked.value
    const started = await startEngine({
      dataDir: c.dataDir,
      demo: c.demo,
      allowLoopback: c.allowLoopback,
      pollIntervalMs: intervalMs,
      clock: c.clock,
      seed: c.seed,
      simulatorThread: simulatorThread(),
      log: (line) => c.err(`${line}\n`),
      version: readVersion(),
      ...size,
    })
    if (!started.ok) return started
    const engine = started.value
    try {
      const status = await engine.answer('app.status', {})
      if (!status.ok) return status
      if (status.value.mode === 'empty')
        return failed('not-found', `there is no site in ${status.value.dataDir} yet, so there is nothing to poll. Try: hashyard run --demo`)
      engine.onSweep((s) => (c.json ? printJson(c.out, sweepJson(s)) : c.out(`${sweepText(s)}\n`)))
      await waitFor(durationMs, c.signal)
      return ok(undefined)
    } finally {
      await engine.stop()
    }
  },
}
