/**
 * When to sweep: every interval by the monotonic clock, with jitter so that many farms do not knock in step, never two at
 * once, never a burst to catch up. Watches the wall clock against the monotonic one (threat model S8).
 */
export type Schedule = {
  /** A person wants it now: brings the next run forward, joins one that is under way. */
  runNow(): Promise<void>
  /** When the next run begins, wall clock; null while one is under way. */
  nextAtMs(): number | null
  stop(): Promise<void>
}

const JITTER = 0.05
const CLOCK_JUMP_MS = 2_000

export const startSchedule = (o: {
  everyMs: number
  run: (signal: AbortSignal) => Promise<void>
  now: () => number
  monotonic: () => number
  random: () => number
  onClockJump: (jumpMs: number) => void
  onError: (error: unknown) => void
}): Schedule => {
  const stopped = new AbortController()
  let underWay: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined
  let nextAtMs: number | null = null
  let seen = { wall: o.now(), mono: o.monotonic() }

  const watchClock = () => {
    const current = { wall: o.now(), mono: o.monotonic() }
    const jump = current.wall - seen.wall - (current.mono - seen.mono)
    seen = current
    if (Math.abs(jump) > CLOCK_JUMP_MS) o.onClockJump(jump)
  }

  const begin = (): Promise<void> => {
    if (underWay !== null) return underWay
    clearTimeout(timer)
    nextAtMs = null
    watchClock()
    const startedAt = o.monotonic()
    underWay = o
      .run(stopped.signal)
      .catch(o.onError)
      .finally(() => {
        underWay = null
        watchClock()
        if (stopped.signal.aborted) return
        const spent = o.monotonic() - startedAt
        // A run longer than the interval is followed by the next at once, not by all that were missed.
        const wait = Math.max(0, o.everyMs * (1 + JITTER * (o.random() - 0.5)) - spent)
        nextAtMs = o.now() + wait
        timer = setTimeout(begin, wait)
      })
    return underWay
  }
  // Begun in a later turn, so that the caller holds the schedule before its first run ends.
  timer = setTimeout(begin, 0)

  return {
    runNow: async () => {
      if (!stopped.signal.aborted) await begin()
    },
    nextAtMs: () => nextAtMs,
    stop: async () => {
      stopped.abort()
      clearTimeout(timer)
      await underWay
    },
  }
}
