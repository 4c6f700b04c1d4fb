import { DEFAULT_DRAWS } from '#shared/decision/draws.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import type { CommandContext } from './command.ts'

const MOST_DRAWS = 1_000_000
export const drawsOption = { draws: { type: 'string' } } as const

/** `--draws N` of a memo; 0 prints the entered case alone. */
export const readDraws = (c: CommandContext): Result<{ draws: number; seed: number } | null> => {
  const text = c.flags.draws
  const draws = typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : text === undefined ? DEFAULT_DRAWS : Number.NaN
  if (!(draws <= MOST_DRAWS)) return failed('invalid-input', `--draws wants a whole number from 0 to ${MOST_DRAWS}`, { field: 'draws' })
  return ok(draws === 0 ? null : { draws, seed: c.seed })
}
