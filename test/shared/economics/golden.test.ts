import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { evaluateModel, isModelError } from '#shared/economics/model.ts'

// The cases live beside the repository; where they are not, these tests say "not run".
const folder = new URL('../../../../shared/golden/', import.meta.url)
const there = existsSync(folder)
const files = there ? readdirSync(folder).filter((name) => name.endsWith('.json')) : []

type Case = {
  id: string
  module: string
  fn: string
  inputs: unknown
  expected: unknown
  tolerance: { rel: number; abs: number }
  source: string
}
const casesOf = (file: string): Case[] => JSON.parse(readFileSync(new URL(file, folder), 'utf8'))

/** Every key of `expected` must be there; extra keys are fine. Answers the differences. */
const differences = (actual: unknown, expected: unknown, t: Case['tolerance'], way = ''): string[] => {
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

const modulesBuilt = ['revenue', 'breakeven', 'finance']
const functionsBuilt = ['rtRule', 'coloProject', 'dealMetrics', 'dealWithRenewals', 'parityHashprice', 'siteScore', 'tornado']

describe.skipIf(!there)('golden cases of the specification (not run where its folder is absent)', () => {
  for (const file of files) {
    for (const c of casesOf(file)) {
      const built = modulesBuilt.includes(c.module) || functionsBuilt.includes(c.fn)
      if (built) test(`${c.id}: ${c.source}`, () => expect(differences(evaluateModel(c), c.expected, c.tolerance)).toEqual([]))
      else
        test(`${c.id} is refused as not part of this version`, () =>
          expect(evaluateModel(c)).toMatchObject({ error: 'NOT_IMPLEMENTED', field: 'fn' }))
    }
  }
  test('at least seventy cases were compared', () => {
    const all = files.flatMap(casesOf)
    expect(all.filter((c) => !('error' in Object(evaluateModel(c))) || !isNotBuilt(evaluateModel(c))).length).toBeGreaterThanOrEqual(70)
  })
})
const isNotBuilt = (answer: unknown) => isModelError(answer) && answer.error === 'NOT_IMPLEMENTED'
