import { describe, expect, test } from 'vitest'
import { loadSolveMilp } from '#electron/compute/highs.ts'
import { evaluateModel, isModelError } from '#shared/economics/adapter.ts'
import { differences, goldenCases, goldenIsThere } from './golden-cases.ts'

// Plans of a coupled site are exact with the solver only.
const tools = { solveMilp: await loadSolveMilp() }
const isNotBuilt = (answer: unknown) => isModelError(answer) && answer.error === 'NOT_IMPLEMENTED'

describe.skipIf(!goldenIsThere)('golden cases of the specification (not run where its folder is absent)', () => {
  for (const c of goldenCases) {
    const answer = evaluateModel(c, tools)
    if (!isNotBuilt(answer)) test(`${c.id}: ${c.source}`, () => expect(differences(answer, c.expected, c.tolerance)).toEqual([]))
  }
  test('all cases were compared', () => expect(goldenCases.filter((c) => isNotBuilt(evaluateModel(c, tools))).map((c) => c.id)).toEqual([]))
})
