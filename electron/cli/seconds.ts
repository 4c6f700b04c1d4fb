/** `--for SECONDS`, and waiting that a signal ends. */
import { readNumber } from '#shared/read-number.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import { DAY_MS, SECOND_MS } from '#shared/time.ts'

/** Null: not given, run until stopped. */
export const readSeconds = (raw: string | boolean | undefined, name: string): Result<number | null> => {
  if (raw === undefined) return ok(null)
  const seconds = readNumber(raw, { min: 0, max: (30 * DAY_MS) / SECOND_MS })
  return seconds === null ? failed('invalid-input', `--${name} wants seconds, such as 25`, { field: name }) : ok(seconds * SECOND_MS)
}

/** Resolves after `ms` (null: never) or when the signal comes. */
export const waitFor = (ms: number | null, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = ms === null ? null : setTimeout(done, ms)
    function done() {
      if (timer !== null) clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done, { once: true })
  })
