import type { Result } from '#shared/result.ts'

/** The answer, or a test failure with the refusal's own words. */
export const value = <T>(r: Result<T>): T => {
  if (!r.ok) throw new Error(r.failure.message)
  return r.value
}
