import { existsSync, readdirSync, readFileSync } from 'node:fs'

// The cases live beside the repository; where they are not, tests over them say "not run".
const folder = new URL('../../../../shared/golden/', import.meta.url)
export const goldenIsThere = existsSync(folder)

export type Case = {
  id: string
  module: string
  fn: string
  inputs: unknown
  expected: unknown
  tolerance: { rel: number; abs: number }
  source: string
}

export const goldenCases: readonly Case[] = goldenIsThere
  ? readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .flatMap((file): Case[] => JSON.parse(readFileSync(new URL(file, folder), 'utf8')))
  : []

/** Every key of `expected` must be there; extra keys are fine. Answers the differences. */
export const differences = (actual: unknown, expected: unknown, t: Case['tolerance'], way = ''): string[] => {
  if (typeof expected === 'number')
    return typeof actual === 'number' && Math.abs(actual - expected) <= Math.max(t.abs, t.rel * Math.abs(expected))
      ? []
      : [`${way}: ${String(actual)}, expected ${expected}`]
  if (typeof expected !== 'object' || expected === null)
    return Object.is(actual, expected) ? [] : [`${way}: ${String(actual)}, expected ${String(expected)}`]
  if (typeof actual !== 'object' || actual === null) return [`${way}: ${String(actual)}, expected a structure`]
  if (Array.isArray(expected) && (!Array.isArray(actual) || actual.length !== expected.length)) return [`${way}: another length`]
  const has: Record<string, unknown> = { ...actual }
  return Object.entries(expected).flatMap(([key, value]) => differences(has[key], value, t, `${way}.${key}`))
}
