/**
 * One pass over the farm: every machine and meter is asked once, a bounded number at a time, each under a deadline of its
 * own. A device that hangs, lies or closes early costs its own deadline and nothing else (threat model D1, D3).
 */
import type { Machine } from '#shared/fleet/machine.ts'
import type { MeterReading, Reading } from '#shared/fleet/reading.ts'
import { type Failure, failed, type Result } from '#shared/result.ts'
import type { MeterConfig } from '../store/farm.ts'
import type { SweepBatch } from '../store/sweeps.ts'

export type ReadMachine = (machine: Machine, family: string | null, signal: AbortSignal) => Promise<Result<Reading>>
export type ReadMeter = (meter: MeterConfig, signal: AbortSignal) => Promise<Result<MeterReading>>

/** What the poller remembers of a machine between sweeps. */
export type MachineMemory = {
  /** Firmware family that answered last; null: find out at the next answer. */
  family: string | null
  failuresInARow: number
}
export type PollerMemory = Map<string, MachineMemory>

export const MOST_AT_ONCE = 64
/** One place in so many is kept for machines that were silent last time. */
const SILENT_SHARE = 8
/** A driver that outlives its own deadline by this much is cut off from outside. */
const GRACE_MS = 1_000

type Outcome<R> = { readonly reading: R } | { readonly failure: Failure }

export const sweep = async (o: {
  machines: readonly Machine[]
  meters: readonly MeterConfig[]
  memory: PollerMemory
  readMachine: ReadMachine
  readMeter: ReadMeter
  deadlineMs: number
  intervalMs: number
  atOnce?: number
  now: () => number
  /** Milliseconds of a clock that never jumps. */
  monotonic: () => number
  signal: AbortSignal
}): Promise<SweepBatch> => {
  const startedAtMs = o.now()
  const startedAt = o.monotonic()
  const machines: SweepBatch['machines'][number][] = []
  const meters: SweepBatch['meters'][number][] = []

  const askMeter = (meter: MeterConfig) => async () => {
    const outcome = await outcomeOf(o, (signal) => o.readMeter(meter, signal))
    meters.push({ meterId: meter.id, siteId: meter.siteId, receivedAtMs: o.now(), outcome })
  }
  const askMachine = (machine: Machine) => async () => {
    const known = o.memory.get(machine.id) ?? { family: machine.family, failuresInARow: 0 }
    const late = known.failuresInARow > 0 && o.monotonic() - startedAt > o.intervalMs
    const outcome = late ? NOT_ASKED : await outcomeOf(o, (signal) => o.readMachine(machine, known.family, signal))
    // One that was not asked stays before those that were, and has its turn in the next sweep.
    if (!late) o.memory.set(machine.id, remember(known, outcome))
    machines.push({ machineId: machine.id, siteId: machine.siteId, receivedAtMs: o.now(), outcome })
  }

  // Silent machines cost a deadline each: they get a few places of their own from the start and the rest of them last, so
  // that a row of dead switches neither makes a healthy machine late nor the sweep longer than it must be. Meters first:
  // few, and what the sums are judged by.
  const silent = o.machines.filter((m) => failures(o.memory, m.id) > 0).sort((a, b) => failures(o.memory, a.id) - failures(o.memory, b.id))
  const lively = o.machines.filter((m) => failures(o.memory, m.id) === 0)
  const healthyLane = [...o.meters.map(askMeter), ...lively.map(askMachine)]
  const silentLane = silent.map(askMachine)
  const work = async (first: (() => Promise<void>)[], second: (() => Promise<void>)[]) => {
    for (let task = first.shift() ?? second.shift(); task && !o.signal.aborted; task = first.shift() ?? second.shift()) await task()
  }
  const places = Math.min(o.atOnce ?? MOST_AT_ONCE, healthyLane.length + silentLane.length)
  const forSilent = Math.min(Math.floor(places / SILENT_SHARE), silentLane.length)
  await Promise.all(
    Array.from({ length: places }, (_, i) => (i < forSilent ? work(silentLane, healthyLane) : work(healthyLane, silentLane))),
  )
  return { startedAtMs, finishedAtMs: o.now(), intervalMs: o.intervalMs, machines, meters }
}

const NOT_ASKED: Outcome<Reading> = {
  failure: failed('timeout', 'not asked in this sweep: too many silent machines before it').failure,
}

const failures = (memory: PollerMemory, id: string) => memory.get(id)?.failuresInARow ?? 0

const remember = (known: MachineMemory, outcome: Outcome<Reading>): MachineMemory => {
  if ('reading' in outcome) return { family: outcome.reading.family === 'unknown' ? null : outcome.reading.family, failuresInARow: 0 }
  // It answers, but not as the family it was: firmware was changed, or another device has the address. Look again next time.
  const { kind } = outcome.failure
  const family = kind === 'unexpected-reply' || kind === 'not-supported' ? null : known.family
  return { family, failuresInARow: known.failuresInARow + 1 }
}

const outcomeOf = async <R>(
  o: { deadlineMs: number; signal: AbortSignal },
  read: (signal: AbortSignal) => Promise<Result<R>>,
): Promise<Outcome<R>> => {
  const cut = new AbortController()
  const onStop = () => cut.abort()
  o.signal.addEventListener('abort', onStop, { once: true })
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<Result<R>>((resolve) => {
    timer = setTimeout(() => {
      cut.abort()
      resolve(failed('timeout', `no answer within ${(o.deadlineMs / 1000).toFixed(0)} s`))
    }, o.deadlineMs + GRACE_MS)
  })
  try {
    const result = await Promise.race([read(cut.signal), tooLate])
    return result.ok ? { reading: result.value } : { failure: result.failure }
  } catch (error) {
    // A driver never throws; if one does, it is our mistake, and it must not cost the other machines their sweep.
    return { failure: failed('internal', `driver error: ${error instanceof Error ? error.message : String(error)}`).failure }
  } finally {
    clearTimeout(timer)
    o.signal.removeEventListener('abort', onStop)
  }
}
